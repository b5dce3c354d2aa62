import type {LogEvent} from '../services/logs/log-event.ts'
import {printable} from './printable.ts'
import {type Line, type Span, span} from './spans.ts'
import {followingLine, stackLines} from './stack-frames.ts'

/** A JSON object as a log line holds it; numbers may be objects that keep every digit. */
export type JsonRecord = Readonly<Record<string, unknown>>

type Seen = Pick<LogEvent, 'requestId' | 'traceId'>

const messageKeys = ['message', 'msg', 'Message', '@m', '@mt', 'event'] as const

// What every line of a logging library repeats and columns already show, or what never helps: Powertools, pino, bunyan,
// log4j2's JSON layout, the runtimes' own JSON.
const envelope = new Set(
  `timestamp time ts @timestamp @t asctime timeEpoch instant
   level lvl log_level levelname levelno level_value severity @l
   function_name function_arn function_memory_size function_version functionName functionArn functionVersion functionMemorySize
   cold_start coldStart sampling_rate service pid hostname v loggerFqcn endOfBatch threadId threadPriority promise _aws`.split(
    /\s+/,
  ),
)
const requestIdKeys = new Set(
  'requestId request_id awsRequestId aws_request_id AWSRequestId function_request_id lambda_request_id'.split(' '),
)
const traceIdKeys = new Set('xray_trace_id xrayTraceId traceId trace_id'.split(' '))

const errorKeys = new Set('errorType errorMessage stackTrace stack'.split(' '))
const nestedErrorKeys = ['error', 'err', 'exception', 'reason', 'message', 'cause'] as const
const stackKeys = ['stack', 'stackTrace', 'stack_trace', 'stacktrace', 'exception', 'traceback', '@x'] as const

type Failure = {readonly title: string; readonly stack: string | readonly string[]; readonly cause: Failure | null}

/**
 * A JSON log line for people: its message, then `key=value …` for what it says beyond that, an error as
 * `type: message` with its stack below. `words` is text that stood before the JSON, such as "Uncaught Exception".
 */
export function recordLines(record: JsonRecord, seen: Seen, words = ''): readonly Line[] {
  const own = failureIn(record)
  const nestedKey = own
    ? undefined
    : nestedErrorKeys.find(key => isRecord(record[key]) && failureIn(record[key]) !== null)
  const nested = nestedKey === undefined ? undefined : record[nestedKey]
  const failure = own ?? (isRecord(nested) ? failureIn(nested) : null)
  const textStack = failure
    ? undefined
    : stackKeys.find(key => typeof record[key] === 'string' && record[key].includes('\n'))

  const used = new Set<string>(own ? [...errorKeys, 'cause', 'reason'] : [])
  if (nestedKey !== undefined) used.add(nestedKey)
  if (textStack !== undefined) used.add(textStack)
  const messageKey = messageKeys.find(key => !used.has(key) && record[key] !== undefined && record[key] !== null)
  if (messageKey !== undefined) used.add(messageKey)

  const message = messageKey === undefined ? '' : textOf(record[messageKey])
  const repeatsMessage =
    failure !== null && message !== '' && (message.includes(failure.title) || failure.title.endsWith(message))
  const [head = '', ...below] = (message || failure?.title || words).trimEnd().split('\n')
  const fields = Object.entries(record)
    .filter(([key, value]) => !used.has(key) && !isEnvelope(key, value, seen))
    .flatMap(([key, value]) => field(key, value))

  const first: Span[] = [span(head)]
  if (words !== '' && head !== words && words !== 'Invoke Error') {
    first.push(failure && message === '' ? span(` (${words})`, 'dim') : span(` ${words}`))
  }
  if (fields.length > 0) first.push(...(head === '' ? fields.slice(1) : fields))
  return [
    first,
    ...below.map(followingLine),
    ...(failure && message && !repeatsMessage ? titleLines(failure.title) : []),
    ...(failure ? failureLines(failure) : []),
    ...(textStack === undefined ? [] : stackLines(String(record[textStack]), head)),
  ]
}

/** ` key=value`, the key dim; three spans that begin with the space before it. */
export function field(key: string, value: unknown): readonly Span[] {
  return [span(' '), span(`${key}=`, 'dim'), span(valueText(value))]
}

/** Whether a field only repeats what stands in a column, or what every line of a library carries. */
export function isEnvelope(key: string, value: unknown, seen: Seen): boolean {
  if (requestIdKeys.has(key)) return value === seen.requestId
  if (traceIdKeys.has(key)) return typeof value === 'string' && seen.traceId !== null && value.includes(seen.traceId)
  return envelope.has(key) && (key === '_aws' || key === 'instant' || key === 'promise' || !isRecord(value))
}

/** A JSON object; a number whose digits are kept is an object to JavaScript only. */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Number)
}

/** Whether it is an error as some language writes it: with a type and a message or a stack. */
export function isFailure(record: JsonRecord): boolean {
  return failureIn(record) !== null
}

function failureIn(record: JsonRecord, depth = 0): Failure | null {
  const type = firstText(record['errorType'], record['type'], record['name'])
  const message = firstText(record['errorMessage'], record['message'])
  const stack = [record['stack'], record['stackTrace'], record['stack_trace'], record['stacktrace']].find(isStack) ?? []
  const isOne =
    record['errorType'] !== undefined || record['errorMessage'] !== undefined || (stack.length > 0 && type !== null)
  if (!isOne || (type === null && message === null)) return null
  const under = record['cause'] ?? record['reason']
  const cause = isRecord(under) && depth < 5 ? failureIn(under, depth + 1) : null
  return {title: printable([type, message].filter(Boolean).join(': ')), stack, cause}
}

function failureLines({title, stack, cause}: Failure): readonly Line[] {
  const own = stackLines(stack, title)
  if (!cause || title.includes(cause.title)) return own
  const [first = '', ...rest] = cause.title.split('\n')
  return [...own, [span('caused by ', 'dim'), span(first)], ...rest.map(followingLine), ...failureLines(cause)]
}

function titleLines(title: string): readonly Line[] {
  return title.split('\n').map(followingLine)
}

function isStack(value: unknown): value is string | readonly string[] {
  return (
    (typeof value === 'string' && value !== '') ||
    (Array.isArray(value) && value.every(item => typeof item === 'string'))
  )
}

function firstText(...values: readonly unknown[]): string | null {
  return (values.find(value => typeof value === 'string' && value !== '') as string | undefined) ?? null
}

function textOf(value: unknown): string {
  return printable(typeof value === 'string' ? value : compact(value))
}

// no space, quote or backslash, and nothing at the start that would read as JSON
const bare = /^[^\s"'\\{[=][^\s"\\]*$/

function valueText(value: unknown): string {
  return typeof value === 'string' && bare.test(value) ? value : compact(value)
}

/** JSON on one line. What is nested too deep to be written (a million brackets can be parsed) is left out. */
function compact(value: unknown): string {
  try {
    return JSON.stringify(value) ?? ''
  } catch {
    return '…'
  }
}
