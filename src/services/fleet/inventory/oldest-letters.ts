import {isKnown, type Known, type Unknown} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import {readMetricsOrWhyNot} from '../metric-reader.ts'
import type {MetricCount} from './read-invocation-metrics.ts'

const periodSeconds = 300
/** a queue that holds messages reports every five minutes */
const lookedBackMs = 15 * 60_000

/**
 * How old the oldest message is of queues that hold some, in ms.
 * @param queues ARNs, of the region
 * @param asked grows by the metrics that are read
 * @returns by ARN; null where CloudWatch has not told of any yet
 */
export async function oldestLetters(
  aws: Aws,
  queues: readonly string[],
  {now, asked}: {readonly now: number; readonly asked: MetricCount},
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Known<number | null>>> {
  if (queues.length === 0) return new Map()
  const queries = queues.map(arn => ({
    namespace: 'AWS/SQS',
    metricName: 'ApproximateAgeOfOldestMessage',
    dimensions: {QueueName: arn.split(':').at(-1) ?? ''},
    statistic: 'Maximum',
    periodSeconds,
  }))
  asked.metrics += queries.length
  const series = await readMetricsOrWhyNot(aws, queries, {start: now - lookedBackMs, end: now}, signal)
  return new Map(
    queues.map((arn, i): [string, Known<number | null>] => {
      const ages = series[i] ?? lost
      if (!isKnown(ages)) return [arn, ages]
      const seconds = ages.value.values.at(-1)
      return [arn, {value: seconds === undefined ? null : seconds * 1000}]
    }),
  )
}

const lost: Unknown = {unknown: 'failed', detail: 'CloudWatch left it out'}
