import {randomUUID} from 'node:crypto'
import {constants} from 'node:fs'
import {access, lstat, rename, rm, writeFile} from 'node:fs/promises'
import {dirname} from 'node:path'
import {UserError} from '../errors.ts'
import {fileFailure} from './file-failure.ts'

/**
 * To be called before what the report costs is spent.
 * @throws UserError where it could not be written
 */
export async function mayWriteReport(path: string): Promise<void> {
  try {
    await access((await isPlain(path)) ? dirname(path) : path, constants.W_OK)
  } catch (error) {
    throw unwritable(path, error)
  }
}

/**
 * Writes a report, whole or piece by piece, to a file that its owner alone may read: whole or not at all, over what is there. What is no plain file
 * (/dev/stdout, a pipe, a link) is written to as it is.
 * @throws UserError where that cannot be done
 */
export async function writeReport(path: string, text: string | Iterable<string>): Promise<void> {
  // of a text's characters, each would be a piece
  const pieces = typeof text === 'string' ? [text] : gathered(text)
  try {
    if (!(await isPlain(path))) return await writeFile(path, pieces)
    // a name that nobody can have put a link at
    const draft = `${path}.${randomUUID()}.part`
    try {
      await writeFile(draft, pieces, {mode: 0o600, flag: 'wx'})
      await rename(draft, path)
    } catch (error) {
      await rm(draft, {force: true}).catch(() => undefined)
      throw error
    }
  } catch (error) {
    throw unwritable(path, error)
  }
}

/** a write to a disk for each line would take longer than all else */
const gatheredCharacters = 256 * 1024

function* gathered(pieces: Iterable<string>): Generator<string> {
  let text = ''
  for (const piece of pieces) {
    text += piece
    if (text.length < gatheredCharacters) continue
    yield text
    text = ''
  }
  yield text
}

const isPlain = (path: string): Promise<boolean> =>
  lstat(path).then(
    found => found.isFile(),
    () => true,
  )

function unwritable(path: string, error: unknown): UserError {
  const {code} = error as NodeJS.ErrnoException
  return new UserError(`could not write ${path}: ${fileFailure('write', error)}`, {
    code: code ?? 'Output',
    hint: 'give --out another file',
    cause: error,
  })
}
