import {metricsKeptMs, readablePeriod} from '../metric-period.ts'

/** Epoch ms; the end is not part of it. */
export type Span = {readonly start: number; readonly end: number}

/** The windows that costs are read of, as whole periods of CloudWatch. */
export type CostWindow = {
  readonly now: Span
  /** of equal length, right before; null where nothing is compared, or CloudWatch has forgotten a part of it */
  readonly before: Span | null
  /** epoch ms: from when on CloudWatch still has metrics, where that is later than what was asked for; else null */
  readonly cutAt: number | null
  readonly periodSeconds: number
  /** of the parts that trends and changes of memory are told by: whole periods, thirty at most, ten of a large fleet */
  readonly partMs: number
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
/** a window of so many days and more, with the period that it is read in: some tens to hundreds of datapoints */
const periods: readonly (readonly [lengthMs: number, periodMs: number, ofManyMs: number])[] = [
  [9 * dayMs, 3 * hourMs, dayMs],
  [26 * hourMs, hourMs, 6 * hourMs],
  [3 * hourMs, 5 * minuteMs, hourMs],
  [0, minuteMs, 5 * minuteMs],
]
const mostParts = 30
const mostPartsOfMany = 10
/** from here on, datapoints weigh more than the edges of the window: 100,000 series of 480 are over a gigabyte */
const manyFunctions = 5_000

/**
 * The window to be read for one that was asked for. Metrics come in whole periods, so both its ends are moved back to where
 * a period begins: by less than 3 hours of more than 9 days, less than an hour of more than a day, less than 5 minutes of
 * more than 3 hours, less than a minute of less; of more than 5,000 functions by less than a day, 6 hours, an hour, 5 minutes.
 * It stays as long as it was, to a period, but for what CloudWatch no longer has.
 */
export function costWindow(
  {start, end}: Span,
  {now, compare, functions}: {readonly now: number; readonly compare: boolean; readonly functions: number},
): CostWindow {
  const lengthMs = end - start
  const asked = periods.find(([least]) => lengthMs >= least)
  const isMany = functions > manyFunctions
  const byLength = asked?.[isMany ? 2 : 1] ?? minuteMs
  const oldest = compare ? start - lengthMs : start
  const periodMs = readablePeriod(byLength / 1000, oldest, now) * 1000
  const last = Math.floor(end / periodMs) * periodMs
  const keptFrom = Math.ceil((now - metricsKeptMs) / periodMs + 1) * periodMs
  const isCut = start < keptFrom && last > keptFrom
  const whole = isCut ? last - keptFrom : Math.max(1, Math.round(lengthMs / periodMs)) * periodMs
  const current = {start: last - whole, end: last}
  const before = {start: last - 2 * whole, end: last - whole}
  return {
    now: current,
    before: compare && now - before.start < metricsKeptMs ? before : null,
    cutAt: isCut ? keptFrom : null,
    periodSeconds: periodMs / 1000,
    partMs: Math.ceil(whole / periodMs / (isMany ? mostPartsOfMany : mostParts)) * periodMs,
  }
}
