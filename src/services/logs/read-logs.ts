import {type ClosedWindow, readClosedWindow} from './closed-window.ts'
import {type Following, follow} from './follow.ts'
import type {SourcedEvent} from './log-event.ts'
import {askSkew} from './server-clock.ts'
import type {LogSource} from './source.ts'
import {readTail} from './tail.ts'
import {addGap, createTally, gapByClass, type Tally} from './tally.ts'

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
  readonly sourcesAnew?: Following['sourcesAnew']
  readonly keepBytes?: ClosedWindow['keepBytes']
}

type LogStep = {
  readonly events: readonly SourcedEvent[]
  readonly notices: readonly string[]
  /** null for what is past; while following, how long events are held back for their neighbours */
  readonly holdMs: number | null
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
  const {start, tail, filterPattern, keepBytes} = options
  const sources: LogSource[] = []
  for (const source of options.sources) {
    const gap = gapByClass(source)
    if (gap === null) sources.push(source)
    else addGap(tally, gap)
  }
  const now = sources[0]?.aws.clock.now() ?? start
  // where one goes over into the other is a moment of AWS's clock
  const skewMs = options.follow ? await askSkew(sources, signal) : 0
  const settledAt = now + skewMs - firstLookBackMs
  const closed = {
    start,
    end: options.follow ? Math.min(settledAt, options.end ?? now) : (options.end ?? now),
    filterPattern,
    keepBytes,
  }

  // each part counts its groups for itself; following has the last word on them
  const past = options.follow ? createTally(sources.length) : tally
  let older: SourcedEvent[] = []
  if (closed.end >= start) {
    if (tail !== null) older = await readTail(sources, {...closed, count: tail}, past, signal)
    else
      for await (const events of readClosedWindow(sources, closed, past, signal))
        yield {events, notices: [], holdMs: null}
  }
  if (!options.follow) {
    if (tail !== null) yield {events: older, notices: [], holdMs: null}
    return
  }
  addUp(tally, past)

  const following = {...options, start: Math.max(start, closed.end + 1), skewMs}
  let waitsForTail = tail !== null
  for await (const {events, notices, holdMs, swept} of follow(sources, following, tally, signal)) {
    let shown = events
    if (waitsForTail && swept) {
      const all = [...older, ...events]
      shown = all.slice(Math.max(0, all.length - (tail ?? 0)))
      tally.events -= all.length - shown.length
      waitsForTail = false
    }
    yield {events: shown, notices, holdMs}
  }
}

function addUp(tally: Tally, past: Tally): void {
  tally.pages += past.pages
  tally.emptyPages += past.emptyPages
  tally.bytes += past.bytes
  tally.events += past.events
  for (const gap of past.gaps) addGap(tally, gap)
}
