import type {SandboxMetric} from '../../world/metrics/metric.ts'
import type {Fault} from '../faults.ts'

/** How GetMetricData is to go wrong. */
export type MetricFault = Extract<Fault, {readonly kind: `metric-${string}`}>

export const isMetricFault = (fault: Fault): fault is MetricFault => fault.kind.startsWith('metric-')

/** Whether a fault is about a query: about those of one function, of one metric, or all. */
export function isAbout({functionName, metricName}: MetricFault, metric: SandboxMetric): boolean {
  return (
    (functionName === undefined || metric.dimensions['FunctionName'] === functionName) &&
    (metricName === undefined || metric.name === metricName)
  )
}
