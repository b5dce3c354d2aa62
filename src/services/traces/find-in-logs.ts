import type {Invocation} from '../logs/invocations.ts'
import type {LogEvent} from '../logs/log-event.ts'
import {longestRunMs} from '../logs/longest-run.ts'
import {sweepSeconds} from '../logs/read-estimate.ts'
import type {LogSource} from '../logs/source.ts'
import {findLogSources} from '../targets/find-log-sources.ts'
import {parseSelection} from '../targets/parse-target.ts'
import {explainedFailure} from '../targets/refusal.ts'
import {durationText} from '../time/duration.ts'
import {type FoundInvocations, findInvocations} from './find-invocations.ts'
import type {TraceReading} from './trace-reading.ts'

const minute = 60_000
/** what is asked about is young as a rule: this much is searched before the rest */
const newestMs = 30 * minute
/** from the first line of a trace to the last one that is looked for; asynchronous work goes on for some time */
const searchedMs = 30 * minute
const worthSayingMs = 5_000

type Stretch = {readonly start: number; readonly end: number}
type Found = Pick<FoundInvocations, 'invocations' | 'others'>

const nothing: Found = {invocations: [], others: []}

/**
 * The executions whose lines name a trace.
 * @param at epoch ms at which it began; null where nobody knows: then the window is searched, newest first
 * @throws UserError as findLogSources does; the signal's reason on abort
 */
export async function findTraceInLogs(reading: TraceReading, traceId: string, at: number | null): Promise<Found> {
  const {sources} = await reading.sources()
  const around = at === null ? null : within(reading, {start: at - minute, end: at + searchedMs})
  const stretches = around ? [around] : newestFirst(reading)
  for (const [i, stretch] of stretches.entries()) {
    const found = await search(reading, sources, stretch, traceWords(traceId))
    if (found.invocations.length + found.others.length === 0) continue
    const isCut = i < stretches.length - 1 && found.invocations.some(({start}) => start - longestRunMs < stretch.start)
    const before = isCut ? within(reading, {start: stretch.start - longestRunMs, end: stretch.start - 1}) : null
    return before ? joined(await search(reading, sources, before, traceWords(traceId)), found) : found
  }
  return nothing
}

/** As REPORT, tracing headers and X-Ray's SDKs write it, and as OpenTelemetry's loggers do. */
export const traceWords = (traceId: string): readonly string[] => [traceId, traceId.slice(2).replace('-', '')]

/**
 * The executions of a request, and other lines that name it. The search ends with the first line of it that a function or
 * Lambda wrote.
 * @param at epoch ms around which it was; null where nobody knows: then the window is searched, newest first
 * @throws as findTraceInLogs
 */
export async function findRequestInLogs(
  reading: TraceReading,
  requestId: string,
  {at, logGroup}: {readonly at: number | null; readonly logGroup: string | null},
): Promise<Found> {
  const around = at === null ? null : within(reading, {start: at - longestRunMs, end: at + longestRunMs})
  const stretches = [...(around ? [around] : []), ...newestFirst(reading)]
  const isOwn = (events: readonly LogEvent[]): boolean =>
    events.some(
      event => event.requestId?.toLowerCase() === requestId && (event.version !== null || event.kind !== 'app'),
    )
  const lookIn = async (sources: readonly LogSource[]): Promise<Found> => {
    for (const stretch of stretches) {
      const found = await search(reading, sources, stretch, [requestId], isOwn)
      const [first] = found.invocations
      if (first === undefined && found.others.length === 0) continue
      return first === undefined ? found : joined(await attemptsAt(reading, first, requestId), found)
    }
    return nothing
  }
  if (logGroup !== null) {
    const found = await lookIn(await groupNamed(reading, logGroup))
    if (found !== nothing) return found
  }
  return lookIn((await reading.sources()).sources)
}

/** All attempts at a request that are near one of them: they are in the same log group. */
async function attemptsAt(reading: TraceReading, {source, start}: Invocation, requestId: string): Promise<Found> {
  const around = within(reading, {start: start - longestRunMs, end: start + longestRunMs})
  return around === null ? nothing : search(reading, [source], around, [requestId])
}

async function groupNamed({all, signal}: TraceReading, logGroup: string): Promise<readonly LogSource[]> {
  try {
    const {sources} = await findLogSources(all, parseSelection({logGroups: [logGroup]}), signal)
    return sources.map(source => ({...source, mayBeMissing: true}))
  } catch (error) {
    signal.throwIfAborted()
    // where it may not be looked up, it is looked for elsewhere
    explainedFailure(error, {doing: `look up ${logGroup}`, permission: 'logs:DescribeLogGroups'})
    return []
  }
}

async function search(
  reading: TraceReading,
  sources: readonly LogSource[],
  {start, end}: Stretch,
  words: readonly string[],
  isEnough: ((events: readonly LogEvent[]) => boolean) | null = null,
): Promise<Found> {
  const {searched, tally, signal, notes} = reading
  const left = sources.filter(source => !isRefused(source, reading))
  // what refuses does so at any time
  if (left.length === 0 && sources.length > 0) return nothing
  reading.searched = {
    groups: Math.max(searched?.groups ?? 0, sources.length),
    start: Math.min(searched?.start ?? start, start),
    end: Math.max(searched?.end ?? end, end),
  }
  if (sources.length === 0) return nothing
  announce(reading, left)
  const found = await findInvocations({sources: left, start, end, words}, tally, signal, isEnough)
  if (found.isCut) notes.add('so many log lines name it that not all of them were read')
  return found
}

/** Whether AWS would not let its lines be read a moment ago. */
const isRefused = ({logGroup, scope}: LogSource, {tally}: TraceReading): boolean =>
  tally.gaps.some(
    ({what, region, account, reason}) =>
      reason === 'denied' && what === logGroup && region === scope.region && account === scope.account,
  )

/** Says what is searched, and how long that takes at least where it is long. */
function announce({step, options}: TraceReading, sources: readonly LogSource[]): void {
  const groups = `${sources.length} log group${sources.length === 1 ? '' : 's'}`
  step(`looking for it in ${groups}`)
  const leastMs = sweepSeconds(sources) * 1_000
  if (leastMs >= worthSayingMs)
    options.onNotice?.(`searching ${groups}, ${durationText(leastMs)} at least: targets make it shorter`)
}

function joined(some: Found, more: Found): Found {
  const all = [...some.invocations, ...more.invocations]
  const once = Map.groupBy(all, ({source, logStream, requestId, start}) =>
    [source.scope.region, source.logGroup, logStream, requestId, start].join('\n'),
  )
  return {
    invocations: [...once.values()].flatMap(([one]) => one ?? []).sort((a, b) => a.start - b.start),
    others: [...some.others, ...more.others],
  }
}

/** The window that may be searched, the part that most ask about first. */
function newestFirst({options: {start, end}}: TraceReading): readonly Stretch[] {
  if (end - start <= newestMs) return [{start, end}]
  return [
    {start: end - newestMs, end},
    {start, end: end - newestMs - 1},
  ]
}

/** A stretch as far as it may be searched: what was asked for, or up to now; null where nothing is left of it. */
function within({options}: TraceReading, {start, end}: Stretch): Stretch | null {
  const {isWindowGiven, now} = options
  const from = isWindowGiven ? Math.max(start, options.start) : start
  const to = Math.min(end, isWindowGiven ? options.end : now)
  return from <= to ? {start: from, end: to} : null
}
