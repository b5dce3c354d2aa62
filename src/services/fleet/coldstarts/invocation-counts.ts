import {isKnown, type Known} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import type {FleetFunction} from '../fleet-function.ts'
import {type MetricSeries, readMetricsOrWhyNot} from '../metric-reader.ts'

export type CountOptions = {
  /** epoch ms */
  readonly window: {readonly start: number; readonly end: number}
  readonly onProgress: (read: number) => void
}

export type FunctionMetric = {
  readonly metricName: 'Invocations' | 'ConcurrentExecutions' | 'Duration' | 'ProvisionedConcurrencyInvocations'
  readonly statistic: string
}

const minute = 60
const hour = 3_600
/** what a run keeps of all functions' series */
const mostDatapoints = 3_000_000
/** so that what a window leaves out at its ends is little */
const mostPeriods = 1_500

/** The finest period that a window is worth, so that its ends are cut well and the answers stay small. */
export function periodFor(functions: number, {start, end}: CountOptions['window']): number {
  const seconds = (end - start) / 1_000
  const fits = (period: number): boolean =>
    seconds / period <= mostPeriods && (functions * seconds) / period <= mostDatapoints
  return [minute, 5 * minute].find(fits) ?? hour
}

/**
 * A metric of each function over a window, of all of its versions, by whole periods.
 * @returns unknown where CloudWatch did not tell; nothing here throws but what ends everything
 */
export async function readFunctionMetric(
  functions: readonly FleetFunction[],
  {metricName, statistic}: FunctionMetric,
  periodSeconds: number,
  {window, onProgress}: CountOptions,
  signal: AbortSignal,
): Promise<ReadonlyMap<FleetFunction, Known<MetricSeries>>> {
  const answers = new Map<FleetFunction, Known<MetricSeries>>()
  const read = new Map<Aws, number>()
  await Promise.all(
    [...Map.groupBy(functions, ({aws}) => aws)].map(async ([aws, inAws]) => {
      const queries = inAws.map(fn => ({
        namespace: 'AWS/Lambda',
        metricName,
        dimensions: {FunctionName: fn.name},
        statistic,
        periodSeconds,
      }))
      const series = await readMetricsOrWhyNot(aws, queries, window, signal, count => {
        read.set(aws, count)
        onProgress(read.values().reduce((sum, each) => sum + each, 0))
      })
      inAws.forEach((fn, i) => {
        const known = series[i]
        if (known) answers.set(fn, known)
      })
    }),
  )
  return answers
}

/** The sum of a series up to a moment, by the periods that begin before it. */
export function sumUpTo(series: Known<MetricSeries> | undefined, end: number): Known<number> {
  if (series === undefined) return {unknown: 'not-read', detail: 'CloudWatch was not asked'}
  if (!isKnown(series)) return series
  const {times, values} = series.value
  return {value: values.reduce((sum, value, i) => ((times[i] ?? 0) < end ? sum + value : sum), 0)}
}

/** The same of one hour. */
export function sumWithin(series: Known<MetricSeries> | undefined, start: number, end: number): Known<number> {
  if (series === undefined || !isKnown(series)) return sumUpTo(series, end)
  const {times, values} = series.value
  return {
    value: values.reduce((sum, value, i) => {
      const time = times[i] ?? 0
      return time >= start && time < end ? sum + value : sum
    }, 0),
  }
}
