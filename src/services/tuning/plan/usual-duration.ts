import {isKnown} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import {readMetricsOrWhyNot, sumOf} from '../../fleet/metric-reader.ts'
import type {SourceFunction} from '../source/source-function.ts'
import {medianOf} from '../statistics/order.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** of so many, hours would leave out a good part */
const fewHoursMs = 6 * hourMs
const dayMs = 24 * hourMs

/** Fewer invocations do not tell what is usual. */
const leastInvocations = 20

/**
 * What an invocation of a function's own traffic takes: the median of the p50 of each hour of the last day, in ms, as far as
 * the function was as it is now, and of each minute where that is some hours only: who has just deployed asks as well. Nothing but two metrics are read for it.
 * @returns null where there were few invocations, or metrics cannot be read
 */
export async function readUsualDuration(aws: Aws, fn: SourceFunction, signal: AbortSignal): Promise<number | null> {
  const {name, qualifier, configuration} = fn
  const end = aws.clock.now()
  const changedAt = Date.parse(configuration.LastModified ?? '') || 0
  const periodMs = end - changedAt < fewHoursMs ? minuteMs : hourMs
  const start = Math.max(end - dayMs, Math.ceil(changedAt / periodMs) * periodMs)
  if (start >= end) return null
  const queries = ['p50', 'SampleCount'].map(statistic => ({
    namespace: 'AWS/Lambda',
    metricName: 'Duration',
    dimensions: {FunctionName: name, ...(qualifier !== null && {Resource: `${name}:${qualifier}`})},
    statistic,
    periodSeconds: periodMs / 1000,
  }))
  const [medians, counts] = await readMetricsOrWhyNot(aws, queries, {start, end}, signal)
  signal.throwIfAborted()
  if (!medians || !counts || !isKnown(medians) || !isKnown(counts)) return null
  if (sumOf(counts.value) < leastInvocations) return null
  return medianOf(medians.value.values)
}
