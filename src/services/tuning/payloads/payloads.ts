import {readFile, stat} from 'node:fs/promises'
import {join} from 'node:path'
import {type UserError, usageError} from '../../../errors.ts'
import {fileFailure} from '../../file-failure.ts'
import {checkPayloadSize} from './payload-size.ts'
import {weighedLine} from './weighed-line.ts'

/** What to invoke with: at least one. */
export type Payload = {
  /** JSON text, sent as it is */
  readonly text: string
  /** how often it is taken in relation to the others */
  readonly weight: number
}

/** Where payloads are from, as the flags say. */
export type PayloadSource =
  /** nothing was said: `{}` */
  | {readonly kind: 'none'}
  /** --payload: JSON text, `@` and a file, or `-` for standard input */
  | {readonly kind: 'argument'; readonly text: string; readonly stdin: string | null}
  /** --payloads: a file of a payload a line */
  | {readonly kind: 'lines'; readonly path: string}
  /** --payload-dir: a folder with `<function>.json` */
  | {readonly kind: 'folder'; readonly path: string}

/** far above what a run can invoke with, and soon read */
const mostFileBytes = 64 * 1024 * 1024
const mostLines = 10_000

/**
 * Reads what a function is to be invoked with. Nothing of a payload is shown in an error: it may hold secrets.
 * @throws UserError (exit 2) for what cannot be read, is no JSON or too large for Lambda, with the line and what to do
 */
export async function readPayloads(source: PayloadSource, functionName: string): Promise<readonly Payload[]> {
  switch (source.kind) {
    case 'none':
      return [{text: '{}', weight: 1}]
    case 'argument':
      return [await argumentPayload(source)]
    case 'lines':
      return linePayloads(await fileText(source.path), source.path)
    case 'folder':
      return [await folderPayload(source.path, functionName)]
  }
}

async function argumentPayload({text, stdin}: {text: string; stdin: string | null}): Promise<Payload> {
  if (text === '-')
    return onePayload(stdin ?? '', 'standard input', 'pass JSON on to it, for example: echo {} | slsops …')
  if (!text.startsWith('@'))
    return onePayload(text, '--payload', 'give JSON in single quotes, @file for a file, or - for standard input')
  const path = text.slice(1)
  if (path === '') throw usageError('--payload @ names no file', 'for example --payload @event.json')
  return onePayload(await fileText(path), path, '--payloads reads a file of a payload a line')
}

async function folderPayload(folder: string, functionName: string): Promise<Payload> {
  // a name is AWS's to give, and is not to lead out of the folder
  if (!/^[\w-]+$/.test(functionName)) throw usageError(`no file can be named after ${functionName}`)
  const path = join(folder, `${functionName}.json`)
  return onePayload(await fileText(path, `${path} would hold the payload of ${functionName}`), path)
}

function onePayload(given: string, where: string, hint?: string): Payload {
  const text = withoutMark(given)
  if (text.trim() === '') throw usageError(`${where} is empty: Lambda takes JSON`, hint)
  checkJson(text, where, hint)
  checkPayloadSize(text, where)
  return {text, weight: 1}
}

/**
 * Payloads of a file with one a line; blank lines are passed over. A line that is an object of the two keys `payload` and
 * `weight`, and no others, is a payload with its weight; every other line is a payload itself and weighs 1, also
 * `{"payload": …}` alone. An event that has just these two keys is given as `{"payload": EVENT, "weight": 1}`.
 */
function linePayloads(text: string, path: string): readonly Payload[] {
  const payloads: Payload[] = []
  for (const [at, line] of withoutMark(text).split('\n').entries()) {
    if (line.trim() === '') continue
    const where = `line ${at + 1} of ${path}`
    if (payloads.length >= mostLines)
      throw usageError(`${path} has more than ${mostLines.toLocaleString('en')} payloads`, 'a sample of them does')
    checkJson(line, where, 'each line is one JSON payload; --payload @file takes one that spans several')
    const payload = weighedLine(line.trim(), where) ?? {text: line.trim(), weight: 1}
    checkPayloadSize(payload.text, where)
    payloads.push(payload)
  }
  if (payloads.length === 0) throw usageError(`${path} holds no payload`, 'each line is one, as {"order": 1}')
  return payloads
}

async function fileText(path: string, missing = 'give the path of a file that is there'): Promise<string> {
  try {
    const {size} = await stat(path)
    if (size > mostFileBytes) throw tooLarge(path)
    return await readFile(path, 'utf8')
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (!(error instanceof Error) || error.name === 'UserError' || code === undefined) throw error
    throw usageError(`${path} cannot be read: ${fileFailure('read', error)}`, missing)
  }
}

const tooLarge = (path: string): UserError =>
  usageError(`${path} has more than ${mostFileBytes / 1024 ** 2} MB`, 'a sample of its payloads does')

/** @throws UserError where a text is no JSON: with the line and column, and nothing of the text */
function checkJson(text: string, where: string, hint?: string): void {
  try {
    JSON.parse(text)
  } catch (error) {
    const {message} = error as Error
    const position = /position (\d+)/.exec(message)?.[1]
    const before = text.slice(0, Number(position ?? 0)).split('\n')
    const place = before.length > 1 ? `line ${before.length}, column ` : 'column '
    const at = position === undefined ? '' : ` (${place}${(before.at(-1) ?? '').length + 1})`
    // behind these the parser quotes what it read
    const what = message.replace(/(,? ?(\.\.\.|in JSON at position|\(line)|, ").*$/s, '')
    throw usageError(`${where} is not JSON: ${what}${at}`, hint)
  }
}

/** Windows' editors begin a file with a mark, which Lambda does not take. */
const withoutMark = (text: string): string => text.replace(/^\uFEFF/, '')
