import {consoleLinkIn} from './console-link.ts'
import {fieldsOf, parsedJson, textOf} from './document-fields.ts'
import {noIdError, severalIdsError} from './no-id.ts'
import {anySampled, distinct, idsIn, type LineIds} from './text-ids.ts'

/** What somebody holds of a trace, whatever form it had. */
export type TraceRef = {
  /** as it was given, shortened to what was recognised */
  readonly text: string
  /** X-Ray form, `1-8-24`; null where only a request is known */
  readonly traceId: string | null
  /** a Lambda request id: of a log line, a console link or by itself; null where none was in it */
  readonly requestId: string | null
  /** false: the header says that it was not sampled, so it has no trace but logs; null: nobody says */
  readonly sampled: boolean | null
  /** epoch ms around which it happened, by the id or by what was pasted; null where nothing tells */
  readonly at: number | null
  /** of a console link */
  readonly region: string | null
  /** of a console link or a recorded line */
  readonly logGroup: string | null
}

const dayMs = 86_400_000
/** what may stand around a link */
const quotes = 2
/** X-Ray keeps traces for 30 days: an id that tells an earlier time, or one to come, is one that tells none */
const keptMs = 30 * dayMs
const aheadMs = dayMs

/**
 * Reads what somebody pasted: a trace id in X-Ray's, W3C's or header form, a Lambda request id, a console URL, a log line.
 * @param now epoch ms: an id whose time is not near is no time
 * @throws UserError (exit 2) for what holds no id, or several different ones, with what would be one
 */
export function traceRefFrom(text: string, now: number): TraceRef {
  const given = text.trim()
  const link = consoleLinkIn(given)
  const readable = link === null ? given : given.replace(link.address, () => link.text)
  const lines = readable.split(/[\r\n]+/)
  const found = lines.map(idsIn)
  const one = oneOf(found)
  if (one === null) throw noIdError(given, link && given.length <= link.address.length + quotes ? link.place : null)
  const {traceId, requestId, shown} = one
  const from = link?.text.includes(shown) ? link : recordIn(lines, found)
  const at = (traceId === null ? null : timeOfTraceId(traceId, now)) ?? from.at
  return {
    text: shown,
    traceId,
    requestId,
    sampled: anySampled(found.map(({sampled}) => sampled)),
    at: at !== null && at < now + aheadMs ? at : null,
    region: from.region,
    logGroup: from.logGroup,
  }
}

/** The time that a trace id tells, epoch ms; null where it is one that X-Ray would not have: other tracers' ids are random. */
function timeOfTraceId(traceId: string, now: number): number | null {
  const time = Number.parseInt(traceId.slice(2, 10), 16) * 1000
  return time > now - keptMs && time < now + aheadMs ? time : null
}

type One = {readonly traceId: string | null; readonly requestId: string | null; readonly shown: string}

/**
 * The one trace, or the one request, that all lines are of. A line that has both an id of a trace and of a request says that
 * they belong together, as a REPORT does.
 * @throws UserError where there are several
 */
function oneOf(lines: readonly LineIds[]): One | null {
  const every = lines.flatMap(({ids}) => ids)
  const named = every.filter(({isNamed}) => isNamed)
  const ids = distinct(named.length > 0 ? named : every)
  const [trace, ...otherTraces] = ids.filter(({kind}) => kind === 'trace')
  const requests = ids.filter(({kind}) => kind === 'request')
  const [request, ...otherRequests] = requests
  const first = trace ?? request
  if (!first) return null
  const ofTrace = new Set(
    lines.filter(({ids}) => ids.some(({id}) => id === trace?.id)).flatMap(({ids}) => ids.map(({id}) => id)),
  )
  const isOne = otherTraces.length === 0 && (otherRequests.length === 0 || requests.every(({id}) => ofTrace.has(id)))
  if (!isOne) throw severalIdsError(ids.map(({text}) => text))
  return {
    traceId: trace?.id ?? null,
    requestId: otherRequests.length === 0 ? (request?.id ?? null) : null,
    shown: first.text,
  }
}

type Recorded = {readonly at: number | null; readonly region: string | null; readonly logGroup: string | null}

const isoTime = /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(Z|[+-]\d\d:?\d\d)?/
const epochTime = /"(?:timestamp|time)"\s?:\s?(\d{13})\b/

/** What the first line that has an id tells besides: when, and where it is a record of `slsops logs --json`, from where. */
function recordIn(lines: readonly string[], found: readonly LineIds[]): Recorded {
  const line = lines[found.findIndex(({ids}) => ids.length > 0)] ?? ''
  const [iso, zone] = isoTime.exec(line) ?? []
  const epoch = epochTime.exec(line)?.[1]
  // what writes no zone into a log of Lambda's writes UTC
  const time = iso ? Date.parse(`${iso.replace(' ', 'T').replace(',', '.')}${zone ? '' : 'Z'}`) : Number(epoch)
  const record = fieldsOf(line.startsWith('{"schema":"slsops/') ? parsedJson(line) : null)
  return {
    at: Number.isFinite(time) ? time : null,
    region: textOf(record['region']),
    logGroup: textOf(record['logGroup']),
  }
}
