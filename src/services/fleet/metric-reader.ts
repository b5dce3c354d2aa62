import {isKnown, type Known, type Unknown} from '../../known.ts'
import type {Aws} from '../aws/connect.ts'
import {readBatch} from './get-metric-data.ts'
import {type KeptMetrics, keepSeries, keptSeries} from './kept-metrics.ts'
import {listMetrics} from './list-metrics.ts'
import {metricBatches} from './metric-batches.ts'
import {type MetricWindow, metricsKeptMs} from './metric-period.ts'
import {interrupted, readingMetrics, whyUnknown} from './why-unknown.ts'

/** One metric of CloudWatch and a statistic of it. */
export type MetricQuery = {
  readonly namespace: string
  readonly metricName: string
  readonly dimensions: Readonly<Record<string, string>>
  /** as CloudWatch spells it: Sum, Maximum, Average, SampleCount, p99 */
  readonly statistic: string
  readonly periodSeconds: number
}

/** Datapoints, oldest first; periods in which nothing was reported are left out. */
export type MetricSeries = {
  /** epoch ms: the start of each period */
  readonly times: readonly number[]
  readonly values: readonly number[]
  /** there where it is longer than was asked for: CloudWatch keeps short periods for 15 and for 63 days only */
  readonly periodSeconds?: number
}

/** Over all periods: of a Sum, the whole. */
export const sumOf = ({values}: MetricSeries): number => values.reduce((sum, value) => sum + value, 0)

/** at a third of a second an answer, as many as the 50 calls a second that CloudWatch allows */
const callsAtATime = 16

const gone: Unknown = {unknown: 'missing', detail: 'CloudWatch keeps metrics for 455 days'}

/** Queries by their place: an array, or what makes each when its turn has come, where there are too many to hold. */
export type MetricQueries = {readonly length: number; at(place: number): MetricQuery | undefined}

/**
 * Reads metrics, 500 a call, whatever their number; of each the series or why there is none: InternalError, Forbidden,
 * PartialData that stays so, a call that failed. A metric that was never reported is an empty series. On abort, what was
 * read, the rest is unknown as `interrupted`.
 *
 * A series is of the whole periods that the window touches (wholePeriods); where the window is too old for the period, of
 * longer ones, which the series tells. Of a window that is older than the 455 days that metrics are kept, all is unknown.
 * @param onProgress is handed how many of the queries are answered
 * @param kept null: every answer is asked for
 * @returns by the index of the query
 * @throws UserError only where nothing could be read (exit 4 with cloudwatch:GetMetricData)
 */
export function readMetrics(
  aws: Aws,
  queries: readonly MetricQuery[],
  window: MetricWindow,
  signal: AbortSignal,
  onProgress?: (read: number) => void,
  kept: KeptMetrics | null = null,
): Promise<readonly Known<MetricSeries>[]> {
  return reduceMetrics(aws, queries, known => known, {window, kept, ...(onProgress && {onProgress})}, signal)
}

/** The same, with the reason in place of each where nothing could be read. */
export async function readMetricsOrWhyNot(
  aws: Aws,
  queries: readonly MetricQuery[],
  window: MetricWindow,
  signal: AbortSignal,
  onProgress?: (read: number) => void,
): Promise<readonly Known<MetricSeries>[]> {
  try {
    return await readMetrics(aws, queries, window, signal, onProgress)
  } catch (error) {
    const why = whyUnknown(error, readingMetrics, signal)
    return queries.map(() => why)
  }
}

export type ReduceMetricsOptions = {
  readonly window: MetricWindow
  readonly kept: KeptMetrics | null
  readonly onProgress?: (read: number) => void
}

/**
 * Reads metrics as {@link readMetrics} does, and holds of each only what is made of it, as soon as it is there: the series of
 * 100,000 functions would take hundreds of megabytes.
 * @param reduce may be called more than once for a place: what it made last counts
 * @throws as readMetrics does
 */
export async function reduceMetrics<T>(
  aws: Aws,
  queries: MetricQueries,
  reduce: (known: Known<MetricSeries>, place: number) => T,
  {window, kept, onProgress}: ReduceMetricsOptions,
  signal: AbortSignal,
): Promise<readonly T[]> {
  const now = aws.clock.now()
  const isGone = window.end <= now - metricsKeptMs
  const answers = Array.from({length: queries.length}, (_, place) => reduce(isGone ? gone : interrupted, place))
  if (isGone) return answers
  const left: number[] = []
  let isAnyKnown = false
  for (let place = 0; place < queries.length; place++) {
    const query = queries.at(place)
    const series = kept && query && keptSeries(kept, query, window, now)
    if (series) answers[place] = reduce({value: series}, place)
    else left.push(place)
    isAnyKnown ||= Boolean(series)
  }
  let read = queries.length - left.length
  if (read > 0) onProgress?.(read)

  const batches = metricBatches(queries, left, window, now)
  const failures: unknown[] = []
  const readOn = async (): Promise<void> => {
    // all take from one generator: each batch is made when it is its turn
    for (const {places, ...batch} of batches) {
      if (signal.aborted) return
      const {series, failure} = await readBatch(aws, batch, signal)
      if (failure !== null) failures.push(failure)
      places.forEach((place, at) => {
        const [known, query] = [series[at], batch.queries[at]]
        if (!known || !query) return
        answers[place] = reduce(known, place)
        isAnyKnown ||= isKnown(known)
        if (kept && isKnown(known)) keepSeries(kept, query, window, now, known.value)
      })
      read += places.length
      onProgress?.(read)
    }
  }
  const outcomes = await Promise.allSettled(Array.from({length: callsAtATime}, readOn))
  const broken = outcomes.find(outcome => outcome.status === 'rejected')
  if (broken) throw broken.reason
  if (failures.length > 0 && !signal.aborted && !isAnyKnown) throw failures[0]
  return answers
}

/** What was reported of one function. */
type Activity = {readonly resources: ReadonlySet<string>; readonly versions: ReadonlySet<string>}

/** What CloudWatch lists of a function: that it was reported in the last two weeks. */
export type ListedActivity = {
  /** by function name: the Resource dimensions (`fn:alias`, `fn:version`) and ExecutedVersions that were reported */
  readonly byFunction: ReadonlyMap<string, Activity>
}

/**
 * Sweeps ListMetrics for a metric of AWS/Lambda: 500 metrics a page, those that reported in the last two weeks. A function
 * may appear here some minutes after its first invocation only. Replicas of Lambda@Edge are there as `us-east-1.fn`.
 * @param recentlyActive only what reported in the last three hours or so (CloudWatch's PT3H, within 50 minutes)
 * @returns unknown where the sweep did not come to its end: what it has not listed may have been active
 */
export async function readListedActivity(
  aws: Aws,
  metricName: string,
  signal: AbortSignal,
  recentlyActive = false,
): Promise<Known<ListedActivity>> {
  const byFunction = new Map<string, Noted>()
  const swept = await listMetrics(
    aws,
    metricName,
    ({name, resource, version}) => note(byFunction, name, resource, version),
    signal,
    recentlyActive,
  )
  return isKnown(swept) ? {value: {byFunction}} : swept
}

type Noted = {resources: Set<string>; versions: Set<string>}

/** Most functions have neither aliases nor versions that were called: they share this. Nothing is added to it. */
const none = new Set<string>()

function note(byFunction: Map<string, Noted>, name: string, resource?: string, version?: string): void {
  const noted = byFunction.get(name) ?? {resources: none, versions: none}
  byFunction.set(name, noted)
  if (resource) noted.resources = added(noted.resources, resource)
  if (version) noted.versions = added(noted.versions, version)
}

const added = (set: Set<string>, one: string): Set<string> => (set === none ? new Set([one]) : set.add(one))
