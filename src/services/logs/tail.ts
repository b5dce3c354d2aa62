import {isCredentialProblem} from '../aws/failures.ts'
import {stopSignal} from '../stop-signal.ts'
import {type ClosedWindow, readClosedWindow} from './closed-window.ts'
import type {SourcedEvent} from './log-event.ts'
import {compareEvents} from './order.ts'
import {readPages} from './pages.ts'
import type {LogSource} from './source.ts'
import {addGap, addPages, countFailure, countPage, createTally, isOfOtherClass, type Tally} from './tally.ts'

const mostPerPage = 10_000

/**
 * The newest `count` events of a window, in the contract's order. Each group is read newest first until it cannot
 * hold more of them; where AWS refuses that (a window from before 2024) or a server ignores it, from the oldest on.
 */
export async function readTail(
  sources: readonly LogSource[],
  window: ClosedWindow & {readonly count: number},
  tally: Tally,
  signal: AbortSignal,
): Promise<SourcedEvent[]> {
  const newest = createNewest(window.count)
  const {stopped, stop} = stopSignal(signal)
  const readGroup = async (source: LogSource): Promise<void> => {
    try {
      if (await readNewestFirst(source, window, newest, tally, stopped)) tally.complete++
      else await readOldestFirst(source, window, newest, tally, stopped)
    } catch (error) {
      if (stopped.aborted || isCredentialProblem(error)) throw error
      if (window.elsewhere && isOfOtherClass(error)) {
        for await (const events of window.elsewhere(source, stopped)) newest.add(events)
        return
      }
      countFailure(tally, source, error)
    }
    tally.answered++
  }
  const reading = sources.map(readGroup)
  try {
    await Promise.all(reading)
  } finally {
    stop()
    // a query that reads one of them is being stopped
    await Promise.allSettled(reading)
  }
  const events = newest.inOrder()
  tally.events += events.length
  return events
}

/** @returns false when the server does not answer newest first; then nothing was kept */
async function readNewestFirst(
  source: LogSource,
  {start, end, count, filterPattern, logStreamNames}: ClosedWindow & {readonly count: number},
  newest: Newest,
  tally: Tally,
  signal: AbortSignal,
): Promise<boolean> {
  const found: SourcedEvent[] = []
  const ids = new Set<string>()
  // a token that comes back may bring its events once more
  const isRepeated = ({eventId}: SourcedEvent): boolean => eventId !== null && ids.size === ids.add(eventId).size
  const limit = Math.min(count + 1, mostPerPage)
  const request = {startTime: start, endTime: end, filterPattern, logStreamNames, limit, newestFirst: true}
  let answered = false
  try {
    for await (const page of readPages(source, request, {firstPriority: 'small', signal})) {
      answered = true
      countPage(tally, page)
      for (const event of page.events()) if (!isRepeated(event)) found.push(event)
      if (found.some((event, i) => event.timestamp > (found[i - 1]?.timestamp ?? event.timestamp))) return false
      // the oldest millisecond found may go on, in an order that is not the contract's; one alone does not show the direction
      const oldest = found.at(-1)?.timestamp ?? Number.POSITIVE_INFINITY
      const certain = found.filter(({timestamp}) => timestamp > oldest)
      if (certain.length > 0 && (certain.length >= count || oldest < newest.threshold())) break
    }
  } catch (error) {
    if (!answered && isRefusal(error)) return false
    throw error
  }
  newest.add(found)
  return true
}

async function readOldestFirst(
  source: LogSource,
  window: ClosedWindow & {readonly count: number},
  newest: Newest,
  tally: Tally,
  signal: AbortSignal,
): Promise<void> {
  const own = createTally(1)
  for await (const events of readClosedWindow([source], window, own, signal)) newest.add(events)
  addPages(tally, own)
  tally.complete += own.complete
  tally.missing += own.missing
  for (const gap of own.gaps) addGap(tally, gap)
}

/** AWS refuses newest first for a startTime before 2024-01-01; a server that never heard of it may refuse as well. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof Error &&
    ['InvalidParameterException', 'ValidationException', 'SerializationException'].includes(error.name)
  )
}

export type Newest = {
  add(events: readonly SourcedEvent[]): void
  /** nothing older than this can be among the newest any more; epoch ms */
  threshold(): number
  inOrder(): SourcedEvent[]
}

/** Keeps the newest `count` of the events it is given. */
export function createNewest(count: number): Newest {
  let kept: SourcedEvent[] = []
  const trim = (): void => {
    kept.sort(compareEvents)
    kept = kept.slice(Math.max(0, kept.length - count))
  }
  return {
    add(events) {
      for (const event of events) kept.push(event)
      if (kept.length > 2 * count + 1000) trim()
    },
    threshold() {
      trim()
      return kept.length < count ? Number.NEGATIVE_INFINITY : (kept[0]?.timestamp ?? Number.NEGATIVE_INFINITY)
    },
    inOrder() {
      trim()
      return kept
    },
  }
}
