import prices from '../../data/lambda-prices.json' with {type: 'json'}
import {inBatches} from '../batches.ts'
import type {MetricBatch} from './get-metric-data.ts'
import {type MetricWindow, readablePeriod, wholePeriods} from './metric-period.ts'
import type {MetricQueries} from './metric-reader.ts'

/** A batch, and the place of each of its queries among all. */
export type PlacedBatch = MetricBatch & {readonly places: readonly number[]}

/** what a call takes (CloudWatch's GetMetricData) */
const mostQueries = 500
/** more would come in pages, each a call */
const mostDatapoints = 100_800

function queriesPerCall({start, end}: MetricWindow, periodSeconds: number): number {
  const datapoints = (end - start) / (periodSeconds * 1000)
  return Math.min(mostQueries, Math.max(1, Math.floor(mostDatapoints / datapoints)))
}

/** The calls that read the queries at these places, one after the other: as few as 500 queries and 100,800 datapoints each allow. */
export function* metricBatches(
  queries: MetricQueries,
  places: readonly number[],
  window: MetricWindow,
  now: number,
): Generator<PlacedBatch> {
  const periodAt = (place: number): number => readablePeriod(queries.at(place)?.periodSeconds ?? 0, window.start, now)
  for (const [periodSeconds, ofPeriod] of Map.groupBy(places, periodAt)) {
    const whole = wholePeriods(window, periodSeconds, now)
    const size = queriesPerCall(whole, periodSeconds)
    for (const some of inBatches(ofPeriod, size))
      yield {queries: some.flatMap(place => queries.at(place) ?? []), places: some, periodSeconds, window: whole}
  }
}

/**
 * What it takes to read so many metrics, each with one statistic: GetMetricData's calls, and dollars by list price
 * (CloudWatch's price of metrics requested; the free tier is not counted).
 */
export function metricCost(
  metrics: number,
  periodSeconds: number,
  window: MetricWindow,
  now: number,
): {readonly calls: number; readonly costUSD: number} {
  const period = readablePeriod(periodSeconds, window.start, now)
  return {
    calls: Math.ceil(metrics / queriesPerCall(wholePeriods(window, period, now), period)),
    costUSD: (metrics / 1000) * prices.cloudWatch.metricsPerThousandRequested,
  }
}
