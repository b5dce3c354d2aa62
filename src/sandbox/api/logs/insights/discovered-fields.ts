import {doubleText} from './values.ts'

/** Logs Insights takes so many fields out of one JSON event, and no more. */
const maxFields = 200
/** Nobody nests deeper, and a stack has its end. */
const maxDepth = 64
const jsonStart = /[{[]/

/**
 * The fields Logs Insights finds in a message by itself: those of the platform's lines in a Lambda function's log group,
 * and of the first JSON in it, flattened with dots. Values are as they stand there, figures of REPORT lines as doubles.
 */
export function discoverFields(message: string, ofLambda: boolean): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  if (ofLambda) addLambdaFields(fields, message)
  const start = message.search(jsonStart)
  const parsed = start === -1 ? undefined : parseJson(ofLambda ? message.slice(start) : message)
  if (typeof parsed === 'object' && parsed !== null) flatten(fields, parsed, '', 0)
  return fields
}

/**
 * Whether a message can hold a field in JSON, told by a look at its text: most lines have no `type`, and need not be taken
 * apart to know it. Keys that JSON writes with escapes, and places in lists, are left to `discoverFields`.
 */
export function mayHoldField(message: string, name: string): boolean {
  if (!jsonStart.test(message)) return false
  const key =
    name
      .slice(name.startsWith('@@') ? 1 : 0)
      .split('.')
      .at(-1) ?? ''
  return message.includes(key) || message.includes('\\') || /\d$/.test(name)
}

function parseJson(text: string): unknown {
  // Most lines with a bracket are no JSON: an exception for each would cost more than everything else.
  if (!/[}\]]\s*$/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function flatten(fields: Map<string, string>, value: object, prefix: string, depth: number): void {
  if (depth > maxDepth) return
  for (const [key, member] of Object.entries(value)) {
    if (fields.size >= maxFields) return
    // A field of the message's own that begins with @ gets another one.
    const name = prefix === '' && key.startsWith('@') ? `@${key}` : prefix + key
    if (typeof member === 'object' && member !== null) flatten(fields, member, `${name}.`, depth + 1)
    else if (member !== null) fields.set(name, typeof member === 'boolean' ? String(Number(member)) : String(member))
  }
}

/**
 * One field of those that begin with @, which only the platform's lines and the runtimes' have: most queries name one or two.
 * @returns undefined where there is no such field
 */
export function lambdaField(message: string, name: string): string | undefined {
  const type = platformLine.exec(message)?.[1]
  if (name === '@type') return type
  if (name === '@requestId') return (type ? requestOfPlatform : requestOfRuntime).exec(message)?.[1]
  if (type !== 'REPORT') return undefined
  const figure = reportFigures.find(([each]) => each === name)
  if (figure) return figureIn(message, figure)
  return reportIds.find(([each]) => each === name)?.[1].exec(message)?.[1]
}

const platformLine = /^(START|END|REPORT|INIT_START) /
const reportFigures: readonly (readonly [name: string, figure: RegExp, scale: number])[] = [
  ['@duration', /\tDuration: ([\d.]+) ms/, 1],
  ['@billedDuration', /\tBilled Duration: ([\d.]+) ms/, 1],
  ['@initDuration', /\tInit Duration: ([\d.]+) ms/, 1],
  // A megabyte of Lambda's counts as a million bytes here.
  ['@memorySize', /\tMemory Size: (\d+) MB/, 1_000_000],
  ['@maxMemoryUsed', /\tMax Memory Used: (\d+) MB/, 1_000_000],
]
const reportIds: readonly (readonly [name: string, id: RegExp])[] = [
  ['@xrayTraceId', /\bXRAY TraceId: (\S+)/],
  ['@xraySegmentId', /\bSegmentId: (\S+)/],
]
const uuid = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/
const requestOfPlatform = new RegExp(`RequestId: (${uuid.source})`)
// Runtimes put the request id in the second or third column.
const requestOfRuntime = new RegExp(`^[^\\t]*\\t(?:[^\\t]*\\t)?(${uuid.source})\\t`)

function addLambdaFields(fields: Map<string, string>, message: string): void {
  const type = platformLine.exec(message)?.[1]
  const requestId = (type ? requestOfPlatform : requestOfRuntime).exec(message)?.[1]
  if (type !== undefined) fields.set('@type', type)
  if (requestId !== undefined) fields.set('@requestId', requestId)
  if (type !== 'REPORT') return
  for (const figure of reportFigures) {
    const found = figureIn(message, figure)
    if (found !== undefined) fields.set(figure[0], found)
  }
  for (const [name, id] of reportIds) {
    const found = id.exec(message)?.[1]
    if (found !== undefined) fields.set(name, found)
  }
}

function figureIn(message: string, [, figure, scale]: (typeof reportFigures)[number]): string | undefined {
  const found = figure.exec(message)?.[1]
  return found === undefined ? undefined : doubleText(Number(found) * scale)
}
