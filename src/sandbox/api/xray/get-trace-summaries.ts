import {createHash} from 'node:crypto'
import type {GetTraceSummariesCommandOutput, TraceSummary} from '@aws-sdk/client-xray'
import type {Context} from '../context.ts'
import {inTurns} from '../in-turns.ts'
import {matchesFilter} from './filter/evaluate.ts'
import {readFilter} from './filter/read-filter.ts'
import {readToken, writeToken} from './page-token.ts'
import {slotOf, type TimeRangeType, tracesOfSlot} from './stored-traces.ts'
import {type TimeWindow, timeWindow} from './time-window.ts'
import {shareOf} from './trace-share.ts'
import {summaryOf} from './trace-summary.ts'

type SummariesRequest = {
  readonly StartTime: Date
  readonly EndTime: Date
  readonly TimeRangeType?: TimeRangeType | undefined
  readonly Sampling?: boolean | undefined
  readonly SamplingStrategy?: {readonly Name?: string | undefined; readonly Value?: number | undefined} | undefined
  readonly FilterExpression?: string | undefined
  readonly NextToken?: string | undefined
}

/** Where a page ends: the trace that was looked at last, newest first; an id of nothing stands before all of its moment. */
type Position = {readonly page: number; readonly time: number; readonly id: string}

const minute = 60_000
const maxPageSummaries = 100
// A page ends after so much of the window, found or not; how much AWS takes it does not say.
const maxPageSpan = 30 * minute

/**
 * GetTraceSummaries: one page of the traces in [StartTime, EndTime), newest first. Short and empty pages with a token are
 * normal; only a missing token is the end. `TracesProcessedCount` counts the traces of this page.
 */
export async function getTraceSummaries(
  input: SummariesRequest,
  context: Context,
): Promise<Omit<GetTraceSummariesCommandOutput, '$metadata'>> {
  const window = timeWindow(input)
  const {world, ongoing} = context
  const {TimeRangeType: rangeType = 'TraceId', FilterExpression} = input
  const filter = FilterExpression === undefined ? undefined : readFilter(FilterExpression)
  const request = [context.region, window, rangeType, FilterExpression, input.Sampling, input.SamplingStrategy]
  const start = input.NextToken === undefined ? firstPosition(window) : readPosition(request, input.NextToken, window)
  const answer = (found: TraceSummary[], processed: number, reached: number, next: Position | undefined) => ({
    TraceSummaries: found,
    ApproximateTime: new Date(reached),
    TracesProcessedCount: processed,
    ...(next && {NextToken: writeToken(request, [next.page, next.time, next.id])}),
  })
  const following = {page: start.page + 1}
  if (context.pageFault === 'empty' || (context.irregularPages && isUnlucky(request, start.page)))
    return answer([], 0, start.time, {...start, ...following})

  const isSampled = samplingOf(input)
  const found: TraceSummary[] = []
  let [to, processed] = [start.time, 0]
  const pageEnd = Math.max(window.from, start.time - maxPageSpan)
  // The first moment is taken with the slot it stands in: traces of a token's own moment may be left.
  for (let last = start.time; last >= pageEnd; last = to - 1) {
    to = Math.max(pageEnd, slotOf(last))
    const slot = await tracesOfSlot(world, last, rangeType, ongoing.signal)
    for await (const {id, time, tree} of inTurns(slot, ongoing.signal)) {
      if (time < to || time >= window.to || !isAfter(start, time, id) || !isSampled(id)) continue
      const joined = tree()
      if (!joined) continue
      processed++
      if (filter && !matchesFilter(filter, joined)) continue
      found.push({...summaryOf(joined), ...(rangeType === 'Event' && {MatchedEventTime: new Date(time)})})
      if (found.length >= maxPageSummaries) return answer(found, processed, time, {...following, time, id})
    }
  }
  return answer(found, processed, to, to > window.from ? {...following, time: to, id: ''} : undefined)
}

const firstPosition = ({to}: TimeWindow): Position => ({page: 0, time: to, id: ''})

function readPosition(request: unknown, token: string, {from, to}: TimeWindow): Position {
  const [page, time, id] = readToken(request, token).map(String)
  return {page: Number(page), time: Math.min(to, Math.max(from, Number(time) || from)), id: id ?? ''}
}

const isAfter = (position: Position, time: number, id: string) =>
  time < position.time || (time === position.time && id < position.id)

/** Which traces a sampled answer is made of: the same ones each time. */
function samplingOf({Sampling, SamplingStrategy}: SummariesRequest): (id: string) => boolean {
  if (Sampling !== true) return () => true
  const rate = SamplingStrategy?.Name === 'FixedRate' ? (SamplingStrategy.Value ?? 1) : partialScanShare
  return id => shareOf(id, 'sampling') < rate
}

// How much a partial scan leaves out AWS does not say.
const partialScanShare = 0.5

/** Whether a page comes empty although there may be more: decided by a hash of request and page number. */
function isUnlucky(request: unknown, page: number): boolean {
  const [dice = 255] = createHash('sha256')
    .update(JSON.stringify([request, page]))
    .digest()
  return dice < 20
}
