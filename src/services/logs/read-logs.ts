import type {ClosedWindow} from './closed-window.ts'
import type {Following} from './follow.ts'
import type {SourcedEvent} from './log-event.ts'
import {readPast, readPastTail} from './read-past.ts'
import {askSkew} from './server-clock.ts'
import {rememberShown} from './shown-before.ts'
import type {LogSource} from './source.ts'
import {addGap, addPages, createTally, gapByClass, type Tally} from './tally.ts'

export type ReadLogsOptions = {
  readonly sources: readonly LogSource[]
  /** epoch ms, inclusive */
  readonly start: number
  /** epoch ms, inclusive; null: until now, or for ever while following */
  readonly end: number | null
  readonly follow: boolean
  /** only the newest so many events of what is past */
  readonly tail: number | null
  readonly filterPattern?: string | undefined
  readonly idleExitMs?: number | undefined
  readonly leastCycleMs?: Following['leastCycleMs']
  readonly sourcesAnew?: Following['sourcesAnew']
  readonly live?: Following['live']
  readonly keepBytes?: ClosedWindow['keepBytes']
  /** groups whose past Logs Insights reads; none by default */
  readonly byInsights?: ReadonlySet<LogSource> | undefined
  /** whether Logs Insights may read a group that turns out to be of the Infrequent Access class; not by default */
  readonly maySwitch?: boolean | undefined
}

type LogStep = {
  readonly events: readonly SourcedEvent[]
  readonly notices: readonly string[]
  /** null for what is past */
  readonly following: {
    /** epoch ms up to which what has come was shown; null until every group has been swept once */
    readonly upTo: number | null
  } | null
}

/** Steps of a read, and what it has covered so far; an empty step tells that the tally moved. */
export type LogStream = AsyncIterable<LogStep> & {readonly tally: Tally}

/** What following sweeps again at its start; older events are read as a closed window first. */
const firstLookBackMs = 120_000

/**
 * Reads many log groups as one stream in the contract's order, each event once: what is past in parallel, then, if
 * asked, what comes. Groups that cannot be read become gaps in the tally.
 * Throws what AWS said where that ends everything (credentials), and the signal's reason on abort.
 */
export function readLogs(options: ReadLogsOptions, signal: AbortSignal): LogStream {
  const tally = createTally(options.sources.length)
  return {tally, [Symbol.asyncIterator]: () => steps(options, tally, signal)}
}

async function* steps(options: ReadLogsOptions, tally: Tally, signal: AbortSignal): AsyncGenerator<LogStep> {
  const {start, tail, filterPattern, keepBytes, byInsights = new Set()} = options
  const sources = readable(options.sources, tally, byInsights)
  const now = sources[0]?.aws.clock.now() ?? start
  // where one goes over into the other is a moment of AWS's clock
  const skewMs = options.follow ? await askSkew(sources, signal) : 0
  const settledAt = now + skewMs - firstLookBackMs
  const follows = options.follow && (options.end === null || options.end > settledAt)
  const end = follows ? settledAt : (options.end ?? now)
  const closed = {start, end, filterPattern, keepBytes}
  let notices: string[] = []
  const toRead = {
    window: closed,
    byInsights,
    maySwitch: options.maySwitch ?? false,
    note: (notice: string) => void notices.push(notice),
  }
  const news = (): readonly string[] => {
    const all = notices
    notices = []
    return all
  }

  // each part counts its groups for itself; following has the last word on them
  const past = follows ? createTally(sources.length) : tally
  const shown = rememberShown(start, now + skewMs)
  let older: SourcedEvent[] = []
  try {
    if (closed.end >= start) {
      if (tail !== null) older = await readPastTail(sources, toRead, tail, past, signal)
      else
        for await (const events of readPast(sources, toRead, past, signal)) {
          if (follows) shown.add(events)
          yield {events, notices: news(), following: null}
        }
    }
  } finally {
    // also where somebody has seen enough, or stops it, before there is anything to follow
    if (follows) addUp(tally, past)
  }
  if (!follows) {
    if (tail !== null) yield {events: older, notices: news(), following: null}
    return
  }

  const anew = options.sourcesAnew
  const following = {
    ...options,
    start: Math.max(start, closed.end + 1),
    skewMs,
    // of the newest few nobody knows what came before them
    ...(tail === null && {shownBefore: shown.of}),
    ...(anew && {sourcesAnew: async (signal: AbortSignal) => readable(await anew(signal), tally, new Set())}),
  }
  const {follow} = await import('./follow.ts')
  let waitsForTail = tail !== null
  for await (const {events, notices, upTo} of follow(sources, following, tally, signal)) {
    let newest = events
    if (waitsForTail && upTo !== null) {
      const all = [...older, ...events]
      newest = all.slice(Math.max(0, all.length - (tail ?? 0)))
      tally.events -= all.length - newest.length
      waitsForTail = false
    }
    yield {events: newest, notices, following: {upTo}}
  }
}

/** Those that can be read as was chosen; the others become gaps. */
function readable(sources: readonly LogSource[], tally: Tally, byInsights: ReadonlySet<LogSource>): LogSource[] {
  return sources.filter(source => {
    const gap = byInsights.has(source) ? null : gapByClass(source)
    if (gap === null) return true
    const known = tally.gaps.length
    addGap(tally, gap)
    if (tally.gaps.length > known) tally.answered++
    return false
  })
}

function addUp(tally: Tally, past: Tally): void {
  addPages(tally, past)
  tally.events += past.events
  // a group that did not exist may by now: following tells
  for (const gap of past.gaps) if (gap.reason !== 'missing') addGap(tally, gap)
}
