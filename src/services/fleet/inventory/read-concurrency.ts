import {isKnown, type Known} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import type {Facts} from '../facts.ts'
import {type MetricSeries, readMetricsOrWhyNot} from '../metric-reader.ts'
import {nextBurstOf} from './headroom.ts'
import type {Peak, RegionConcurrency} from './inventory.ts'

type Span = {readonly start: number; readonly end: number}

const dayMs = 86_400_000

/** Minutes where CloudWatch gives them in a page or two: the peak of an hour tells nobody when it was. */
function finePeriod({start, end}: Span): number {
  const days = (end - start) / dayMs
  return days <= 15 ? 60 : days <= 63 ? 300 : 3_600
}

/** How high a region's concurrency was, and its limits. */
export async function readConcurrency(
  aws: Aws,
  facts: Facts,
  window: Span,
  account: string | null,
  signal: AbortSignal,
): Promise<RegionConcurrency> {
  const common = {
    namespace: 'AWS/Lambda',
    dimensions: {},
    statistic: 'Maximum',
    periodSeconds: finePeriod(window),
  }
  const queries = ['ConcurrentExecutions', 'UnreservedConcurrentExecutions'].map(metricName => ({
    ...common,
    metricName,
  }))
  const [limits, series] = await Promise.all([facts.accountLimits(), readMetricsOrWhyNot(aws, queries, window, signal)])
  const peakIn = (at: number): Known<Peak | null> => {
    const known = series[at] ?? {unknown: 'failed', detail: 'CloudWatch left it out'}
    return isKnown(known) ? {value: peakOf(known.value)} : known
  }
  const read = {
    account,
    region: aws.scope.region,
    limit: isKnown(limits) ? {value: limits.value.concurrentExecutions} : limits,
    unreservedLimit: isKnown(limits) ? {value: limits.value.unreservedConcurrentExecutions} : limits,
    peak: peakIn(0),
    unreservedPeak: peakIn(1),
  }
  return {...read, nextBurst: nextBurstOf(read)}
}

function peakOf({times, values}: MetricSeries): Peak | null {
  const count = values.reduce((a, b) => Math.max(a, b), 0)
  const at = times[values.indexOf(count)]
  return at === undefined ? null : {count, at}
}
