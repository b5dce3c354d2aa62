import type {Scope} from '../../aws/scope.ts'
import type {Gap} from '../../receipt.ts'
import type {FunctionRef} from '../source.ts'

/** What a `slsops/log@1` line says of an event; what it says the message means is read from the message again. */
export type RecordedEvent = {
  readonly account: string | null
  readonly region: string
  readonly logGroup: string
  readonly logStream: string
  readonly function: FunctionRef | null
  /** epoch ms */
  readonly timestamp: number
  readonly ingestionTime: number
  readonly eventId: string | null
  readonly message: string
  readonly late: boolean
}

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The events of a line: one of `slsops/log@1`, all of a `slsops/invocation@1`, none of another of ours (a notice, a receipt).
 * Null for a line that is none of these.
 */
export function recordedEvents(line: string): readonly RecordedEvent[] | null {
  const parsed = parsedLine(line)
  if (!parsed) return null
  const schema = parsed['schema']
  if (schema === 'slsops/invocation@1') {
    const inner = Array.isArray(parsed['events']) ? parsed['events'].map(eventOf) : [null]
    return inner.includes(null) ? null : inner.filter(event => event !== null)
  }
  if (schema === 'slsops/log@1') {
    const event = eventOf(parsed)
    return event && [event]
  }
  return typeof schema === 'string' && schema.startsWith('slsops/') ? [] : null
}

/** What a receipt among the lines says was missing; null for another line. */
export function receiptIn(
  line: string,
): {readonly gaps: readonly Gap[]; readonly endpoint: Scope['endpoint'] | null} | null {
  const parsed = parsedLine(line)
  if (parsed?.['schema'] !== 'slsops/receipt@1') return null
  const gaps = Array.isArray(parsed['gaps']) ? parsed['gaps'].filter(isFields) : []
  const scopes = Array.isArray(parsed['scope']) ? parsed['scope'].filter(isFields) : []
  return {
    endpoint: endpoints.find(endpoint => scopes.some(scope => scope['endpoint'] === endpoint)) ?? null,
    gaps: gaps.map(gap => ({
      what: String(gap['what'] ?? 'something'),
      account: typeof gap['account'] === 'string' ? gap['account'] : null,
      region: String(gap['region'] ?? ''),
      reason: reasons.find(reason => reason === gap['reason']) ?? 'failed',
      ...(typeof gap['detail'] === 'string' && {detail: gap['detail']}),
    })),
  }
}

const endpoints = ['sandbox', 'custom', 'aws'] as const
const reasons = ['denied', 'missing', 'throttled', 'unsupported-class', 'sampled', 'interrupted', 'failed'] as const

function parsedLine(line: string): Fields | null {
  try {
    const parsed: unknown = JSON.parse(line)
    return isFields(parsed) ? parsed : null
  } catch {
    return null
  }
}

function eventOf(value: unknown): RecordedEvent | null {
  if (!isFields(value)) return null
  const {account, region, logGroup, logStream, eventId, message, late} = value
  const timestamp = timeOf(value['timestamp'])
  const ingestionTime = timeOf(value['ingestionTime']) ?? timestamp
  if (typeof message !== 'string' || typeof logGroup !== 'string' || timestamp === null || ingestionTime === null)
    return null
  return {
    account: textOrNull(account),
    region: textOrNull(region) ?? '',
    logGroup,
    logStream: textOrNull(logStream) ?? '',
    function: functionOf(value),
    timestamp,
    ingestionTime,
    eventId: textOrNull(eventId),
    message,
    late: late === true,
  }
}

function functionOf({function: name, functionArn}: Fields): FunctionRef | null {
  return typeof name === 'string' && typeof functionArn === 'string' ? {name, arn: functionArn} : null
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)

function timeOf(value: unknown): number | null {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(time) ? null : time
}
