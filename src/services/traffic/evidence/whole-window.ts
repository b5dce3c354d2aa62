import {isKnown, type Known} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import {inBatches} from '../../batches.ts'
import {readBatch} from '../../fleet/get-metric-data.ts'
import {type MetricWindow, readablePeriod} from '../../fleet/metric-period.ts'
import type {MetricQuery, MetricSeries} from '../../fleet/metric-reader.ts'
import {interrupted} from '../../fleet/why-unknown.ts'

const minuteSeconds = 60
/** a period is a day at most (CloudWatch's concepts: periods) */
const longestSeconds = 86_400
/** what a call takes (CloudWatch's GetMetricData); of each there are a few datapoints only */
const mostQueries = 500

/** The periods that a window is read by: as few and as long as may be, all of one length. CloudWatch's begin where a request's window does (boto/boto3#3457). */
function periodsOf({start, end}: MetricWindow, now: number): {readonly window: MetricWindow; readonly seconds: number} {
  const finest = readablePeriod(minuteSeconds, start, now)
  const from = Math.floor(start / (finest * 1000)) * finest
  const span = Math.max(finest, Math.ceil(end / 1000) - from)
  const periods = Math.ceil(span / longestSeconds)
  const seconds = Math.ceil(span / periods / finest) * finest
  return {window: {start: from * 1000, end: (from + periods * seconds) * 1000}, seconds}
}

/**
 * Reads metrics over a window as one, or as a day at a time where it is longer: a percentile cannot be made of those of its
 * minutes. The window is that asked for to the minute; the queries' own periods do not count.
 * @returns by the index of the query; where nothing could be read, why
 * @throws the signal's reason on abort, or a bug
 */
export async function readWholeWindow(
  aws: Aws,
  queries: readonly MetricQuery[],
  window: MetricWindow,
  signal: AbortSignal,
): Promise<readonly Known<MetricSeries>[]> {
  const whole = periodsOf(window, aws.clock.now())
  const periodSeconds = whole.seconds
  const answers = await Promise.all(
    inBatches(queries, mostQueries).map(async batch => {
      const some = batch.map(query => ({...query, periodSeconds}))
      const {series} = await readBatch(aws, {queries: some, periodSeconds, window: whole.window}, signal)
      return some.map((_, at) => series[at] ?? interrupted)
    }),
  )
  signal.throwIfAborted()
  return answers.flat()
}

/**
 * A percentile of several days as one number: the mean of theirs, by how many invocations each had; null where nothing was
 * reported, or nobody knows.
 */
export function percentileOver(percentile: Known<MetricSeries> | undefined, calls: MetricSeries): number | null {
  if (percentile === undefined || !isKnown(percentile)) return null
  const weights = new Map(calls.times.map((time, at) => [time, calls.values[at] ?? 0]))
  let sum = 0
  let weight = 0
  percentile.value.times.forEach((time, at) => {
    // a server that dates periods otherwise still tells the percentile
    const own = weights.get(time) || 1
    sum += own * (percentile.value.values[at] ?? 0)
    weight += own
  })
  return weight > 0 && Number.isFinite(sum) ? sum / weight : null
}
