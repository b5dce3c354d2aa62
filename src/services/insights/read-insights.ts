import {setImmediate} from 'node:timers/promises'
import quotas from '../../data/quotas.json' with {type: 'json'}
import {UserError} from '../../errors.ts'
import {isCredentialProblem, isDenied, isMissing} from '../aws/failures.ts'
import {defaultKeepBytes} from '../logs/closed-window.ts'
import type {SourcedEvent} from '../logs/log-event.ts'
import {createMerge} from '../logs/merge.ts'
import type {LogSource} from '../logs/source.ts'
import {addGap, countFailure, gapByClass, type Tally} from '../logs/tally.ts'
import {stopSignal} from '../stop-signal.ts'
import {type EventQuery, eventQuery} from './event-query.ts'
import {groupIn} from './group-in-error.ts'
import {createLane, type InsightsLane, partsOf, planRest, type Slice} from './insights-lane.ts'
import {createUse} from './insights-use.ts'
import {lostParts} from './lost-parts.ts'
import {isForgotten} from './query-failure.ts'
import {querySlots} from './query-slots.ts'
import type {ResultRow} from './rows.ts'
import {QueryEnded, runQuery} from './run-query.ts'
import {lotsOf} from './split.ts'

export type InsightsWindow = {
  /** epoch ms, both ends inclusive */
  readonly start: number
  readonly end: number
  readonly filterPattern?: string | undefined
  /** rows that may wait for their turn in the merge, in bytes */
  readonly keepBytes?: number | undefined
  /** is told when the account runs as many queries as it may, and this waits */
  readonly onRefused?: (() => void) | undefined
}

const {queryResultRows, queryResultPageRows} = quotas.logs
/** as an object in memory: a message of 400 letters and what is around it */
const rowBytes = 1_000
const fewestPageRows = 100
/** a window of this length is one query; of a longer one, a small part tells how much there is */
const shortWindowMs = 15 * 60_000
const probes = 50
// it costs no more than one query: what is scanned is paid for
const parallelSlices = 4
/** how many slices of a lot may run or be done before the merge needs them */
const mostAhead = 8
const batchSize = 128
const mostFailures = 3
/** after so many groups of a lot were refused by name, the rest is taken to be refused too */
const mostRefusals = 5
/** parts are made so that they will be this full at most */
const fullness = 0.6
/** where all is in one spot, it is scanned again each time that it is cut */
const fewestParts = 4

/**
 * Reads a window that is over by Logs Insights: up to 50 log groups a query, time slices in parallel, merged in the
 * contract's order. Yields batches; an empty batch tells that the tally moved. Rows stay at AWS until their turn comes.
 * A slice with more events than a query may answer is cut finer, down to a millisecond. What cannot be read becomes a
 * gap in the tally; only a credential problem or an abort ends the whole read.
 */
export async function* readByInsights(
  sources: readonly LogSource[],
  window: InsightsWindow,
  tally: Tally,
  signal: AbortSignal,
): AsyncGenerator<SourcedEvent[]> {
  tally.insights ??= createUse()
  const use = tally.insights
  const events = eventQuery(window.filterPattern, queryResultRows)
  const lots = [...Map.groupBy(readable(sources, tally), ({logGroupClass}) => logGroupClass === 'INFREQUENT_ACCESS')]
    .flatMap(([, alike]) => lotsOf(alike))
    .filter(() => window.end >= window.start)
  const lanes = lots.map(lot => createLane(lot, window, window.end - window.start > shortWindowMs ? probes : 1))
  const keepBytes = window.keepBytes ?? defaultKeepBytes
  const pageRows = Math.max(
    fewestPageRows,
    Math.min(queryResultPageRows, Math.floor(keepBytes / Math.max(1, lanes.length) / rowBytes)),
  )
  const merge = createMerge(lanes)
  const refusals = new Map<InsightsLane, number>()
  const {stopped, stop} = stopSignal(signal)
  const underWay = new Set<Promise<void>>()
  let fatal: unknown
  let moved = Promise.withResolvers<void>()

  const track = (work: Promise<void>): void => {
    const tracked = work
      .catch(error => {
        fatal ??= error
      })
      .finally(() => {
        underWay.delete(tracked)
        moved.resolve()
      })
    underWay.add(tracked)
  }

  const run = async (lane: InsightsLane, slice: Slice): Promise<void> => {
    slice.state = 'running'
    const asked = [...lane.sources.keys()]
    try {
      const query = await runQuery(
        {
          aws: lane.lot.aws,
          queryString: events.queryString(slice, slice.byMs),
          logGroups: asked,
          startTime: Math.floor(slice.start / 1000),
          // whether the last second includes its milliseconds is not said: one more, and what is too much is left out here
          endTime: Math.floor(slice.end / 1000) + 1,
        },
        {signal: stopped, use, onRefused: window.onRefused},
      )
      answered(lane)
      const {recordsMatched} = query.statistics
      planRest(lane, slicesFor(recordsMatched / (slice.end - slice.start + 1), window.end - slice.end, lots.length))
      const parts =
        recordsMatched > queryResultRows
          ? partsOf(slice, Math.max(fewestParts, Math.ceil(recordsMatched / (queryResultRows * fullness))))
          : []
      if (parts.length > 0) lane.replace(slice, parts)
      slice.query = query
      slice.state = 'complete'
    } catch (error) {
      failed(lane, slice, asked, error)
    }
  }

  const failed = (lane: InsightsLane, slice: Slice, asked: readonly string[], error: unknown): void => {
    if (stopped.aborted || isCredentialProblem(error)) {
      fatal ??= error
      return
    }
    if (error instanceof QueryEnded) {
      planRest(lane, parallelSlices)
      const parts = slice.failures < mostFailures ? partsOf(slice, 2, slice.failures + 1) : []
      if (parts.length > 0) lane.replace(slice, parts)
      else {
        lane.replace(slice, [])
        lost(lane, slice, error.message)
      }
      return
    }
    if (isForgotten(error)) {
      if (lane.answered) {
        lane.replace(slice, [])
        lost(lane, slice, error instanceof Error ? error.message : String(error))
        return
      }
      lane.join(slice)
      if (lane.slices.length === 0) answered(lane)
      return
    }
    const named = isMissing(error) || isDenied(error) ? groupIn(error, asked) : null
    const source = named === null ? undefined : lane.sources.get(named)
    if (source) {
      lane.sources.delete(source.logGroup)
      countFailure(tally, source, error, needed)
      if (isDenied(error)) refusals.set(lane, (refusals.get(lane) ?? 0) + 1)
    }
    slice.state = 'waiting'
    if (named === null || lane.sources.size === 0 || (refusals.get(lane) ?? 0) >= mostRefusals) giveUp(lane, error)
  }

  const fetch = async (
    lane: InsightsLane,
    slice: Slice,
    pages: AsyncGenerator<readonly ResultRow[]>,
  ): Promise<void> => {
    lane.fetching = true
    let rows = 0
    let last = slice.start - 1
    try {
      for await (const page of pages) {
        const read = eventsIn(page, lane, slice, events)
        rows += page.length
        last = read.reduce((latest, {timestamp}) => Math.max(latest, timestamp), last)
        tally.pages++
        if (page.length === 0) tally.emptyPages++
        tally.bytes += bytesOf(page)
        lane.accept(read)
        moved.resolve()
        await room(lane)
      }
      const matched = slice.query?.statistics.recordsMatched ?? 0
      const isAll = matched > 0 ? rows >= matched : rows < queryResultRows
      if (isAll) lane.finish(null)
      else if (last > slice.start) lane.finish(last)
      else {
        lane.finish(null)
        lost(lane, slice, `more than ${rows} events in one millisecond, which is all that Logs Insights answers`)
      }
    } catch (error) {
      if (stopped.aborted || isCredentialProblem(error)) fatal ??= error
      else {
        lane.finish(null)
        lost(lane, slice, error instanceof Error ? error.message : String(error))
      }
    } finally {
      lane.fetching = false
    }
  }

  /** Resolves when the merge has used up what is there of the lane. */
  const room = async (lane: InsightsLane): Promise<void> => {
    while (lane.ready > pageRows / 2 && !stopped.aborted) await used.promise
    stopped.throwIfAborted()
  }
  let used = Promise.withResolvers<void>()

  const answered = (lane: InsightsLane): void => {
    if (!lane.answered) tally.answered += lane.lot.sources.length
    lane.answered = true
  }

  const missing = lostParts(tally)
  /** A part of the window is not there, the rest is. */
  const lost = (lane: InsightsLane, slice: Slice, why: string): void => {
    for (const source of lane.sources.values()) missing.add(source, slice, why)
  }

  const giveUp = (lane: InsightsLane, error: unknown): void => {
    // not all of them are missing, so none may count as empty
    const failure = isMissing(error) && lane.sources.size > 1 ? oneIsMissing() : error
    for (const source of lane.sources.values()) countFailure(tally, source, failure, needed)
    lane.sources.clear()
    for (const slice of [...lane.slices]) lane.replace(slice, [])
    answered(lane)
  }

  const fill = (): void => {
    const candidates = lanes
      .filter(({sources}) => sources.size > 0)
      .flatMap(lane =>
        lane.slices
          // of a lot of which nothing is known, one query tells what cannot be read
          .slice(0, lane.answered ? mostAhead : 1)
          .filter(({state}) => state === 'waiting')
          .map(slice => ({lane, slice})),
      )
      .sort((a, b) => a.slice.start - b.slice.start)
    for (const {lane, slice} of candidates) {
      const {running, capacity} = querySlots(lane.lot.aws)
      if (running < capacity || inFlight(lane) === 0) track(run(lane, slice))
    }
    for (const lane of lanes) {
      const {slice} = lane
      if (slice?.query && !lane.fetching && lane.ready <= pageRows / 2)
        track(fetch(lane, slice, slice.query.pages(pageRows, stopped)))
    }
  }

  const inFlight = (lane: InsightsLane): number => lane.slices.filter(({state}) => state === 'running').length

  const finished = new Set<InsightsLane>()
  const countComplete = (): void => {
    for (const lane of lanes) {
      if (finished.has(lane) || lane.slices.length > 0 || lane.ready > 0) continue
      finished.add(lane)
      tally.complete += [...lane.sources.values()].filter(source => !missing.has(source)).length
    }
  }

  try {
    for (;;) {
      signal.throwIfAborted()
      if (fatal) throw fatal
      fill()
      moved = Promise.withResolvers()
      const batch = merge.take(batchSize)
      used.resolve()
      used = Promise.withResolvers()
      countComplete()
      if (batch.length > 0) {
        tally.events += batch.length
        yield batch
        if (underWay.size > 0) await setImmediate()
      } else if (merge.finished) return
      else {
        yield batch
        await moved.promise
      }
    }
  } finally {
    stop()
    used.resolve()
    // the queries that still run are being stopped
    await Promise.allSettled(underWay)
  }
}

const needed = 'logs:StartQuery and logs:GetQueryResults'

const oneIsMissing = (): UserError =>
  new UserError('one of the log groups that were asked for together is not there, and the answer does not say which')

/** Log groups that an API can read at all; the others become gaps. */
function readable(sources: readonly LogSource[], tally: Tally): readonly LogSource[] {
  return sources.filter(source => {
    const gap = source.logGroupClass === 'DELIVERY' ? gapByClass(source) : null
    if (gap === null) return true
    addGap(tally, gap)
    tally.answered++
    return false
  })
}

/** As many slices as the events need, if there are as many per ms as there were; more than one where that is faster. */
function slicesFor(perMs: number, restMs: number, lots: number): number {
  const needed = Math.ceil((perMs * restMs) / (queryResultRows * fullness))
  return Math.max(needed, Math.ceil(parallelSlices / lots))
}

function eventsIn(
  rows: readonly ResultRow[],
  {sources}: InsightsLane,
  slice: Slice,
  {eventOf}: EventQuery,
): readonly SourcedEvent[] {
  return rows.flatMap(row => eventOf(row, slice, sources) ?? [])
}

const bytesOf = (rows: readonly ResultRow[]): number =>
  rows.reduce((sum, row) => row.reduce((bytes, {value = ''}) => bytes + value.length, sum), 0)
