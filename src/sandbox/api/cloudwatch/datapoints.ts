import type {SandboxDatapoint, SandboxMetric} from '../../world/metrics/metric.ts'
import type {Context} from '../context.ts'
import {isAbout, type MetricFault} from './metric-fault.ts'
import {unitOf} from './metric-units.ts'

/** A datapoint with the unit it was reported in, as CloudWatch spells it. */
export type UnitDatapoint = SandboxDatapoint & {readonly unit: string}

/**
 * A statistic of a metric by periods that start in [from, to), oldest first: AWS's own from the world, others as clients
 * put them. Of a metric with several units each has its own datapoints.
 */
export function readDatapoints(
  metric: SandboxMetric,
  of: {readonly statistic: string; readonly periodSeconds: number; readonly unit: string | undefined},
  {from, to}: {readonly from: number; readonly to: number},
  {world, region, customMetrics, metricFaults, now}: Context,
): readonly UnitDatapoint[] {
  if (!isOfAws(metric.namespace)) return customMetrics.read(region, metric, of, {from, to})
  const unit = unitOf(metric.name)
  // nothing of AWS's is reported by the second
  if (of.periodSeconds < 60 || (of.unit ?? unit) !== unit) return []
  const read = (start: number, end: number) =>
    world.metrics.read(metric, of.statistic, of.periodSeconds, start, end).map(datapoint => ({...datapoint, unit}))
  const late = metricFaults.find(fault => isLate(fault) && isAbout(fault, metric))
  if (!late || !isLate(late)) return read(from, to)
  const reportedUntil = Math.floor((now - late.ms) / minuteMs) * minuteMs
  const found = [...read(from, Math.min(to, reportedUntil))]
  if (of.periodSeconds === 60 && late.share !== undefined)
    for (let minute = Math.max(from, reportedUntil); minute < to; minute += minuteMs)
      found.push(...read(minute, minute + minuteMs * late.share))
  return found
}

const minuteMs = 60_000

const isLate = (fault: MetricFault) => fault.kind === 'metric-late'

/** Namespaces that clients cannot put metrics to. */
export const isOfAws = (namespace: string): boolean => namespace.startsWith('AWS/')
