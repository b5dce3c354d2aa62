import type {SandboxMetric} from '../../world/metrics/metric.ts'

const minuteMs = 60_000
const dayMs = 86_400_000

/**
 * The window in epoch ms that is read for a request: AWS rounds its start down to what datapoints of that age are kept by,
 * and takes the datapoints of whole minutes that start before its end.
 */
export function metricWindow(
  {StartTime, EndTime}: {readonly StartTime: Date; readonly EndTime: Date},
  now: number,
): {readonly from: number; readonly to: number} {
  const start = StartTime.getTime()
  const age = now - start
  const step = age > 63 * dayMs ? 60 * minuteMs : age > 15 * dayMs ? 5 * minuteMs : minuteMs
  return {from: Math.floor(start / step) * step, to: Math.ceil(EndTime.getTime() / minuteMs) * minuteMs}
}

export const startBeforeEnd = 'The parameter StartTime must be less than the parameter EndTime.'

/** Datapoints can be had by the second, by some parts of a minute, and by whole minutes. */
export function isPeriod(seconds: number): boolean {
  return [1, 5, 10, 20, 30].includes(seconds) || (seconds >= 60 && seconds % 60 === 0)
}

type Dimensions = readonly {readonly Name: string; readonly Value: string}[]

export function metricOf(namespace: string, name: string, dimensions: Dimensions | undefined): SandboxMetric {
  return {namespace, name, dimensions: Object.fromEntries((dimensions ?? []).map(({Name, Value}) => [Name, Value]))}
}
