type Json = Readonly<Record<string, unknown>>

/** What a JSON log line says of an error; null for what it does not say. */
export type JsonFailure = {
  readonly type: string | null
  readonly message: string | null
  /** lines of its stack, the causes' behind it */
  readonly stack: readonly string[]
}

const messageKeys = [
  'errorMessage',
  'message',
  'msg',
  'Message',
  '@m',
  '@mt',
  'event',
  'error',
  'err',
  'reason',
] as const
const nestedKeys = ['error', 'err', 'exception', 'reason', 'message', 'cause', 'exc_info', 'errorDetails'] as const
const typeKeys = ['errorType', 'exception_name', 'exceptionType', 'error_type', 'type', 'name'] as const
const stackKeys = [
  'stack',
  'stackTrace',
  'stack_trace',
  'stacktrace',
  'exception',
  'traceback',
  'exc_info',
  '@x',
] as const
const mostDeep = 5
const mostLines = 400

/**
 * The error in a JSON record as runtimes and logging libraries write it: at the top (`errorType`, `errorMessage`,
 * `stackTrace`), under `error`, `err`, `exception` and the like, or as the message itself; else only its message.
 */
export function failureIn(record: Json): JsonFailure {
  const own = ownFailure(record, 0)
  if (own) return own
  for (const key of nestedKeys) {
    const nested = record[key]
    const inner = isRecord(nested) ? (ownFailure(nested, 1) ?? nestedMessage(nested)) : null
    if (inner) return inner
  }
  const stack = stackOf(record)
  return {type: null, message: messageOf(record), stack}
}

/** `{"message": {"message": …, "orderId": …}}`, as Lambda writes what was logged as an object. */
function nestedMessage(record: Json): JsonFailure | null {
  const failure = failureIn(record)
  return failure.type !== null || failure.message !== null ? failure : null
}

function ownFailure(record: Json, depth: number): JsonFailure | null {
  const type = textOf(record, typeKeys)
  const message = textOf(record, messageKeys)
  const stack = stackOf(record)
  const isOne =
    record['errorType'] !== undefined || record['errorMessage'] !== undefined || (stack.length > 0 && type !== null)
  // a library's own `name` or `type` at the top is no error's
  if (!isOne && !(depth > 0 && type !== null && message !== null)) return null
  const under = record['cause'] ?? record['reason']
  const cause = isRecord(under) && depth < mostDeep ? ownFailure(under, depth + 1) : null
  const below = cause ? [`Caused by: ${cause.type ?? 'Error'}: ${cause.message ?? ''}`, ...cause.stack] : []
  return {type, message, stack: [...stack, ...below]}
}

function stackOf(record: Json): readonly string[] {
  for (const key of stackKeys) {
    const stack = record[key]
    if (typeof stack === 'string' && /[\r\n]/.test(stack)) return linesOf(stack)
    if (Array.isArray(stack) && stack.length > 0 && stack.every(item => typeof item === 'string'))
      return stack.slice(0, mostLines).flatMap(item => linesOf(item as string))
  }
  return []
}

function messageOf(record: Json): string | null {
  const text = textOf(record, messageKeys)
  if (text !== null) return text
  const keys = Object.keys(record).slice(0, 12)
  return keys.length === 0 ? null : `{${keys.join(', ')}}`
}

function textOf(record: Json, keys: readonly string[]): string | null {
  for (const key of keys) {
    const value = record[key]
    if (typeof value === 'string' && value.trim() !== '') return value
  }
  return null
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Python and Node join lines with a carriage return in a log, so that they stay one event. */
export function linesOf(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/, mostLines)
}
