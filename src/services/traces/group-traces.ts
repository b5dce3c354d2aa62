import {mask} from '../errors/mask.ts'
import {type Health, healthOf} from './service-map.ts'
import {serviceName} from './service-name.ts'
import {type FailedOutcome, failedOutcomes, outcomeIn, type ToldCause} from './trace-outcome.ts'
import type {ListedTrace, TraceCause} from './trace-summary.ts'

export type TraceGrouping = 'cause' | 'service' | 'url' | 'user'

/** Traces that have something in common. */
export type TraceGroup = {
  /** what they have in common, as people read it; null for those that have nothing of the kind */
  readonly title: string | null
  /** of a cause: what it made of the trace */
  readonly kind: TraceCause['kind'] | null
  readonly count: number
  /** of all traces, 0–1; a trace may be in several groups */
  readonly share: number
  /** traces in which anything failed; of a service, what failed in it */
  readonly failed: number
  /** what became of those */
  readonly outcomes: Readonly<Record<FailedOutcome, number>>
  /** by the same measure as a service of the map */
  readonly health: Health
  /** of those whose duration is known; null where none is */
  readonly durationMs: {readonly p50: number; readonly p95: number; readonly max: number} | null
  /** epoch ms; null where no start is known */
  readonly firstSeen: number | null
  readonly lastSeen: number | null
  /** one to look at: of those with the worst outcome the newest, of those that went well the slowest */
  readonly sampleId: string
}

type Key = {readonly title: string | null; readonly kind: TraceCause['kind'] | null}
type Grouped = {readonly key: Key; readonly traces: Set<ListedTrace>}

/**
 * Groups of traces by what they have in common. What fails comes first, by how many and how often, then the largest; those with
 * nothing of the kind last. Ids and numbers are masked. By cause or URL each trace is in one group.
 */
export function groupTraces(traces: readonly ListedTrace[], by: TraceGrouping): readonly TraceGroup[] {
  const groups = new Map<string, Grouped>()
  for (const trace of traces)
    for (const key of keysOf[by](trace)) {
      const name = JSON.stringify([key.kind, key.title])
      const group = groups.get(name) ?? {key, traces: new Set()}
      group.traces.add(trace)
      groups.set(name, group)
    }
  return [...groups.values()]
    .map(group => groupOf(group, by, traces.length))
    .sort((a, b) => rank(a) - rank(b) || weight(b) - weight(a) || b.count - a.count || (textOf(a) < textOf(b) ? -1 : 1))
}

/** Faults go before errors, then what failed for no reason that is told; where only time went, and what has nothing in common, go last. */
function rank({title, kind, failed}: TraceGroup): number {
  if (title === null) return failed > 0 ? 2.5 : 4
  return kind === 'slow' ? 3 : kind === 'error' ? 2 : 1
}

/** Failures times their rate, so that neither two of a thousand come first nor one of one; what was handled last. */
function weight({outcomes: {fault, throttle, error, handled}, count}: TraceGroup): number {
  const failed = fault + throttle + error
  return (failed * failed + handled / 1_000_000) / count
}

const textOf = ({title, kind}: TraceGroup): string => `${title ?? ''}\n${kind ?? ''}`
const nothing: Key = {title: null, kind: null}

const keysOf: Readonly<Record<TraceGrouping, (trace: ListedTrace) => readonly Key[]>> = {
  cause: ({cause}) => [cause === null ? nothing : {title: causeTitle(cause), kind: cause.kind}],
  service: ({services}) => {
    const names = new Set(services.filter(({type}) => type !== 'client').map(({name}) => name))
    return names.size > 0 ? [...names].map(title => ({title, kind: null})) : [nothing]
  },
  url: ({method, url}) =>
    url === null ? [nothing] : [{title: [method, maskedUrl(url)].filter(Boolean).join(' '), kind: null}],
  user: ({users}) => (users.length > 0 ? users.map(title => ({title, kind: null})) : [nothing]),
}

/** Where it began and what it was: `inventory → stock: ConditionalCheckFailedException: The conditional request failed` */
function causeTitle({place, exception}: ToldCause): string {
  const {name = '', message = ''} = exception ?? {}
  return [place, name, mask(message).text].filter(Boolean).join(': ')
}

/** A URL with the ids in its path masked; what follows a `?` tells requests apart, not kinds of them. */
function maskedUrl(url: string): string {
  const [, host = '', path = ''] = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)?([^?#]*)/i.exec(url) ?? []
  return host + path.split('/').map(maskedSegment).join('/')
}

const mostLetters = 40

function maskedSegment(segment: string): string {
  const isVersion = /^v\d{1,3}$/i.test(segment)
  return !isVersion && (/\d/.test(segment) || segment.length > mostLetters) ? '<id>' : segment
}

function groupOf({key: {title, kind}, traces}: Grouped, by: TraceGrouping, all: number): TraceGroup {
  const own = [...traces]
  const starts = own.flatMap(({start}) => start ?? [])
  const outcome = (trace: ListedTrace) => (by === 'service' && title !== null ? outcomeIn(trace, title) : trace.outcome)
  const byOutcome = Map.groupBy(own, outcome)
  const counted = (wanted: FailedOutcome): number => byOutcome.get(wanted)?.length ?? 0
  const outcomes = {
    fault: counted('fault'),
    throttle: counted('throttle'),
    error: counted('error'),
    handled: counted('handled'),
  }
  const worst = failedOutcomes.map(wanted => byOutcome.get(wanted)).find(alike => alike !== undefined)
  return {
    title: by === 'service' && title !== null ? serviceName({name: title}) : title,
    kind,
    count: own.length,
    share: all === 0 ? 0 : own.length / all,
    failed: own.length - (byOutcome.get('ok')?.length ?? 0),
    outcomes,
    health: healthOf({
      calls: own.length,
      faults: outcomes.fault,
      throttles: outcomes.throttle,
      errors: outcomes.error + outcomes.throttle,
    }),
    durationMs: durationsOf(own),
    firstSeen: starts.length > 0 ? starts.reduce((a, b) => Math.min(a, b)) : null,
    lastSeen: starts.length > 0 ? starts.reduce((a, b) => Math.max(a, b)) : null,
    sampleId: (worst ? most(worst, ({start}) => start) : most(own, ({durationMs}) => durationMs)).id,
  }
}

/** The one with the most of something. Never of none. */
function most(traces: readonly ListedTrace[], amount: (trace: ListedTrace) => number | null): ListedTrace {
  return traces.reduce((best, trace) => ((amount(trace) ?? -1) > (amount(best) ?? -1) ? trace : best))
}

function durationsOf(traces: readonly ListedTrace[]): TraceGroup['durationMs'] {
  const sorted = traces.flatMap(({durationMs}) => durationMs ?? []).sort((a, b) => a - b)
  const max = sorted.at(-1)
  if (max === undefined) return null
  // nearest rank: a duration that one of them really took
  const atShare = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? max
  return {p50: atShare(0.5), p95: atShare(0.95), max}
}
