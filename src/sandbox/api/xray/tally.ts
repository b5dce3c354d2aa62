import type {HistogramEntry} from '@aws-sdk/client-xray'
import {isComplete} from '../../world/document-fields.ts'
import type {SubsegmentDocument} from '../../world/segment-document.ts'
import {durationOf, endOf, microseconds} from './trace-tree.ts'

/** What a node or an edge of the service graph adds up to. */
export type Tally = {
  ok: number
  throttle: number
  otherError: number
  fault: number
  /** seconds */
  time: number
  /** milliseconds, as coarse as a histogram has them, and how often */
  readonly times: Map<number, number>
  /** epoch seconds */
  start: number
  end: number
}

export const emptyTally = (): Tally => ({
  ok: 0,
  throttle: 0,
  otherError: 0,
  fault: 0,
  time: 0,
  times: new Map(),
  start: Number.POSITIVE_INFINITY,
  end: Number.NEGATIVE_INFINITY,
})

/** Widens the span of a node or edge to that of a document. */
export function widen(tally: Tally, document: Pick<SubsegmentDocument, 'start_time' | 'end_time'>): void {
  tally.start = Math.min(tally.start, document.start_time)
  tally.end = Math.max(tally.end, endOf(document))
}

/** Widens the span of a node or edge to a document, and counts it once it is complete. */
export function addTo(tally: Tally, document: SubsegmentDocument): void {
  widen(tally, document)
  if (!isComplete(document)) return
  if (document.fault === true) tally.fault++
  else if (document.throttle === true) tally.throttle++
  else if (document.error === true) tally.otherError++
  else tally.ok++
  tally.time += durationOf(document)
  addTime(tally.times, durationOf(document))
}

export function addTime(times: Map<number, number>, seconds: number): void {
  const value = histogramMs(seconds)
  times.set(value, (times.get(value) ?? 0) + 1)
}

/** Milliseconds, and less of them the longer it took, so that histograms stay short. */
function histogramMs(seconds: number): number {
  const perSecond = seconds < 0.1 ? 1000 : seconds < 10 ? 100 : 10
  return Math.round(seconds * perSecond) * (1000 / perSecond)
}

export function statisticsOf({ok, throttle, otherError, fault, time}: Tally) {
  return {
    OkCount: ok,
    ErrorStatistics: {ThrottleCount: throttle, OtherCount: otherError, TotalCount: throttle + otherError},
    FaultStatistics: {OtherCount: fault, TotalCount: fault},
    TotalCount: ok + throttle + otherError + fault,
    TotalResponseTime: microseconds(time),
  }
}

export const histogramOf = (times: ReadonlyMap<number, number>): HistogramEntry[] =>
  [...times].sort(([a], [b]) => a - b).map(([ms, Count]) => ({Value: ms / 1000, Count}))

export const spanOf = ({start, end}: Tally) => ({StartTime: new Date(start * 1000), EndTime: new Date(end * 1000)})
