import type {Aws} from '../aws/connect.ts'
import {cachePlace, type FleetCache} from './fleet-cache.ts'
import type {FleetFunction} from './fleet-function.ts'
import {type MetricWindow, readablePeriod, wholePeriods} from './metric-period.ts'
import type {MetricQuery, MetricSeries} from './metric-reader.ts'

/** Where answers are kept from one run to the next, so that a scan that was killed does not pay twice. */
export type KeptMetrics = {
  readonly cache: FleetCache
  /** of the account and region (cachePlace) */
  readonly place: string
}

/**
 * Where answers on functions of a region are kept; null where nothing is.
 * @param functions of one account
 */
export function keptOf(aws: Aws, functions: readonly FleetFunction[], cache: FleetCache | null): KeptMetrics | null {
  const place = cachePlace(aws, functions[0]?.account ?? null)
  return cache === null || place === null ? null : {cache, place}
}

const minuteMs = 60_000
/** metrics come late, by minutes as a rule */
const settledAfterMs = 60 * minuteMs
/** a window that goes on changes: long enough to start a scan again, too short to miss an incident */
const openMs = 15 * minuteMs
const settledMs = 24 * 60 * minuteMs

/** as datapoints are kept: how many periods after the window's start, and the value */
type Kept = {readonly at: readonly number[]; readonly values: readonly number[]}

type Keeping = {readonly key: string; readonly window: MetricWindow; readonly periodSeconds: number}

/** Everything that an answer depends on. The window is that of whole periods, so that it stays for as long as a period takes. */
function keepingOf({place}: KeptMetrics, query: MetricQuery, window: MetricWindow, now: number): Keeping {
  const {namespace, metricName, dimensions, statistic} = query
  const periodSeconds = readablePeriod(query.periodSeconds, window.start, now)
  const whole = wholePeriods(window, periodSeconds, now)
  const named = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))
  const parts = [namespace, metricName, named, statistic, periodSeconds, whole.start, whole.end]
  return {key: `${place} metric ${JSON.stringify(parts)}`, window: whole, periodSeconds}
}

const keepMs = ({end}: MetricWindow, now: number): number => (end + settledAfterMs <= now ? settledMs : openMs)

/** What is kept of a metric over a window; undefined where nothing is, or it is too old: 15 minutes, a day where the window is long over. */
export function keptSeries(
  kept: KeptMetrics,
  query: MetricQuery,
  window: MetricWindow,
  now: number,
): MetricSeries | undefined {
  const {key, window: whole, periodSeconds} = keepingOf(kept, query, window, now)
  const found = kept.cache.get<Partial<Kept> | null>(key, keepMs(whole, now))
  const {at, values} = found?.value ?? {}
  if (!Array.isArray(at) || !Array.isArray(values) || at.length !== values.length) return undefined
  const times = at.map(periods => whole.start + periods * periodSeconds * 1000)
  return {times, values, ...(periodSeconds !== query.periodSeconds && {periodSeconds})}
}

/** Keeps what was read, for the next run. */
export function keepSeries(
  kept: KeptMetrics,
  query: MetricQuery,
  window: MetricWindow,
  now: number,
  {times, values}: MetricSeries,
): void {
  const {key, window: whole, periodSeconds} = keepingOf(kept, query, window, now)
  const at = times.map(time => (time - whole.start) / (periodSeconds * 1000))
  kept.cache.put(key, {at, values} satisfies Kept, keepMs(whole, now), 'later')
}
