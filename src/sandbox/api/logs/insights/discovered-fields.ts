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

const platformLine = /^(START|END|REPORT|INIT_START) /
const reportFigures: readonly (readonly [name: string, figure: RegExp, scale: number])[] = [
  ['@duration', /\tDuration: ([\d.]+) ms/, 1],
  ['@billedDuration', /\tBilled Duration: ([\d.]+) ms/, 1],
  ['@initDuration', /\tInit Duration: ([\d.]+) ms/, 1],
  // A megabyte of Lambda's counts as a million bytes here.
  ['@memorySize', /\tMemory Size: (\d+) MB/, 1_000_000],
  ['@maxMemoryUsed', /\tMax Memory Used: (\d+) MB/, 1_000_000],
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
  for (const [name, figure, scale] of reportFigures) {
    const found = figure.exec(message)?.[1]
    if (found !== undefined) fields.set(name, doubleText(Number(found) * scale))
  }
  const traceId = /\bXRAY TraceId: (\S+)/.exec(message)?.[1]
  const segmentId = /\bSegmentId: (\S+)/.exec(message)?.[1]
  if (traceId !== undefined) fields.set('@xrayTraceId', traceId)
  if (segmentId !== undefined) fields.set('@xraySegmentId', segmentId)
}
