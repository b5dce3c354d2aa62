import type {SandboxDatapoint, SandboxMetric} from '../../world/metrics/metric.ts'
import type {Context} from '../context.ts'
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
  {world, region, customMetrics}: Context,
): readonly UnitDatapoint[] {
  if (!isOfAws(metric.namespace)) return customMetrics.read(region, metric, of, {from, to})
  const unit = unitOf(metric.name)
  // nothing of AWS's is reported by the second
  if (of.periodSeconds < 60 || (of.unit ?? unit) !== unit) return []
  return world.metrics.read(metric, of.statistic, of.periodSeconds, from, to).map(datapoint => ({...datapoint, unit}))
}

/** Namespaces that clients cannot put metrics to. */
export const isOfAws = (namespace: string): boolean => namespace.startsWith('AWS/')
