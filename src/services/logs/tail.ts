import {isCredentialProblem} from '../aws/failures.ts'
import {type ClosedWindow, readClosedWindow} from './closed-window.ts'
import type {SourcedEvent} from './log-event.ts'
import {compareEvents} from './order.ts'
import {readPage} from './page.ts'
import type {LogSource} from './source.ts'
import {addGap, createTally, gapAfter, type Tally} from './tally.ts'

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
  const readGroup = async (source: LogSource): Promise<void> => {
    try {
      if (!(await readNewestFirst(source, window, newest, tally, signal)))
        await readOldestFirst(source, window, newest, tally, signal)
      else tally.complete++
    } catch (error) {
      if (signal.aborted || isCredentialProblem(error)) throw error
      const gap = gapAfter(source, error)
      if (gap === null) tally.missing++
      else addGap(tally, gap)
    }
    tally.answered++
  }
  await Promise.all(sources.map(readGroup))
  const events = newest.inOrder()
  tally.events += events.length
  return events
}

/** @returns false when the server does not answer newest first; then nothing was kept */
async function readNewestFirst(
  source: LogSource,
  {start, end, count, filterPattern}: ClosedWindow & {readonly count: number},
  newest: Newest,
  tally: Tally,
  signal: AbortSignal,
): Promise<boolean> {
  const found: SourcedEvent[] = []
  let nextToken: string | undefined
  do {
    const request = {
      startTime: start,
      endTime: end,
      filterPattern,
      nextToken,
      limit: Math.min(Math.max(count, 2), mostPerPage),
      newestFirst: true,
    }
    const page = await readPage(source, request, {priority: 'small', signal}).catch(error => {
      if (nextToken === undefined && isRefusal(error)) return null
      throw error
    })
    if (page === null) return false
    tally.pages++
    tally.bytes += page.bytes
    if (page.lastTimestamp === null) tally.emptyPages++
    found.push(...page.events())
    if (page.nextToken === nextToken) break
    nextToken = page.nextToken ?? undefined
    if (found.some((event, i) => event.timestamp > (found[i - 1]?.timestamp ?? event.timestamp))) return false
    // events of one millisecond do not show the direction: the next page will
    if (found[0]?.timestamp === found.at(-1)?.timestamp) continue
    const oldest = found.at(-1)?.timestamp ?? Number.POSITIVE_INFINITY
    if (found.length >= count || oldest < newest.threshold()) break
  } while (nextToken !== undefined)
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
  tally.pages += own.pages
  tally.emptyPages += own.emptyPages
  tally.bytes += own.bytes
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
