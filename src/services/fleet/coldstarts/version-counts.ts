import {isKnown, type Known} from '../../../known.ts'
import type {FleetFunction} from '../fleet-function.ts'
import {
  type ListedActivity,
  type MetricSeries,
  readListedActivity,
  readMetricsOrWhyNot,
  sumOf,
} from '../metric-reader.ts'
import {type CountOptions, type FunctionMetric, readFunctionMetric, sumUpTo} from './invocation-counts.ts'

/** A metric of each version that CloudWatch names, or why it cannot be told by version. */
export type VersionSeries = Known<ReadonlyMap<string, MetricSeries>>

/** CloudWatch lists what was reported in the last two weeks (ListMetrics) */
const listedMs = 14 * 86_400_000
/** the newest minutes go on being counted while they are asked for */
const settledMs = 5 * 60_000

const latest = '$LATEST'
const noCalls: MetricSeries = {times: [], values: []}

/**
 * A metric of each function over a window, by whole periods; of a version that was asked for, its own.
 * @returns unknown where CloudWatch did not tell; nothing here throws but what ends everything
 */
export async function readOwnMetric(
  functions: readonly FleetFunction[],
  metric: FunctionMetric,
  periodSeconds: number,
  options: CountOptions,
  signal: AbortSignal,
): Promise<ReadonlyMap<FleetFunction, Known<MetricSeries>>> {
  const whole = await readFunctionMetric(functions, metric, periodSeconds, options, signal)
  const versions = functions.filter(({version}) => version !== null)
  if (versions.length === 0) return whole
  const byVersion =
    metric.statistic === 'Sum'
      ? await readByVersion(versions, whole, metric, periodSeconds, options.window, signal)
      : new Map<FleetFunction, VersionSeries>()
  const ofVersion = (fn: FleetFunction): Known<MetricSeries> => {
    const series = byVersion.get(fn) ?? notAsked
    return isKnown(series) ? {value: series.value.get(fn.version ?? latest) ?? noCalls} : series
  }
  return new Map([...whole].map(([fn, series]) => [fn, fn.version === null ? series : ofVersion(fn)]))
}

/**
 * A metric of functions by version: of calls by the version's own name, and of those that an alias led to it. Calls under an
 * alias that leads to one version only are counted under no version; where there are such, or anything else that the versions
 * do not add up to, nobody knows. Nor of a window that is longer ago than the two weeks that CloudWatch lists versions for.
 * @param functions whole ones
 * @param totals the same metric of each as a whole
 */
export async function readByVersion(
  functions: readonly FleetFunction[],
  totals: ReadonlyMap<FleetFunction, Known<MetricSeries>>,
  metric: FunctionMetric,
  periodSeconds: number,
  window: {readonly start: number; readonly end: number},
  signal: AbortSignal,
): Promise<ReadonlyMap<FleetFunction, VersionSeries>> {
  const answers = new Map<FleetFunction, VersionSeries>()
  await Promise.all(
    [...Map.groupBy(functions, ({aws}) => aws)].map(async ([aws, inAws]) => {
      const now = aws.clock.now()
      const listed = window.start < now - listedMs ? tooOld : await readListedActivity(aws, 'Invocations', signal)
      if (!isKnown(listed)) {
        for (const fn of inAws) answers.set(fn, listed)
        return
      }
      const asked = inAws.flatMap(fn => countedApart(fn, listed.value))
      const queries = asked.map(({dimensions}) => ({
        namespace: 'AWS/Lambda',
        metricName: metric.metricName,
        dimensions,
        statistic: metric.statistic,
        periodSeconds,
      }))
      const series = await readMetricsOrWhyNot(aws, queries, window, signal)
      const parts = Map.groupBy(
        asked.map((one, i) => ({...one, series: series[i] ?? notAsked})),
        ({fn}) => fn,
      )
      const settledAt = Math.min(window.end, now - settledMs)
      for (const fn of inAws) {
        const total = totals.get(fn) ?? notAsked
        answers.set(fn, isKnown(total) ? divided(total.value, parts.get(fn) ?? [], settledAt, periodSeconds) : total)
      }
    }),
  )
  return answers
}

const tooOld = {
  unknown: 'missing',
  detail: 'CloudWatch lists the versions that were called in the last two weeks only',
} as const
const notByVersion = {unknown: 'missing', detail: 'CloudWatch counts calls of an alias under no version'} as const
const notAsked = {unknown: 'not-read', detail: 'CloudWatch was not asked'} as const

type Part = {readonly version: string; readonly isOfAlias: boolean; readonly series: Known<MetricSeries>}

/** The series of each version, where they add up to all: up to a moment from which on CloudWatch is still counting. */
function divided(total: MetricSeries, parts: readonly Part[], settledAt: number, periodSeconds: number): VersionSeries {
  const unknown = parts.map(({series}) => series).find(series => !isKnown(series))
  // what nobody knows of one version would be counted for another
  if (unknown && !isKnown(unknown)) return unknown
  const byVersion = new Map<string, MetricSeries>()
  for (const {version, series} of parts)
    if (isKnown(series) && series.value.times.length > 0)
      byVersion.set(version, added(byVersion.get(version) ?? noCalls, series.value, 1))
  const named = [...byVersion.values()].reduce((sum, one) => added(sum, one, 1), noCalls)
  const upTo = (series: MetricSeries, end: number): number => {
    const sum = sumUpTo({value: series}, end)
    return isKnown(sum) ? sum.value : 0
  }
  const lastSettled = settledAt - (total.periodSeconds ?? periodSeconds) * 1_000 + 1
  const settled = upTo(total, lastSettled)
  // of newest minutes alone, more may have come for a version since all were counted
  const rest = settled > 0 ? settled - upTo(named, lastSettled) : Math.max(0, sumOf(total) - sumOf(named))
  // durations are no whole numbers
  const isNothingLeft = Math.abs(rest) <= 1e-9 * settled
  if (isNothingLeft && parts.length > 0) return {value: byVersion}
  // who names no alias and no version calls $LATEST, and is counted under the function alone
  if (rest < 0 || parts.some(({isOfAlias}) => isOfAlias)) return notByVersion
  const unnamed = added(total, named, -1)
  if (unnamed.times.length > 0) byVersion.set(latest, added(byVersion.get(latest) ?? noCalls, unnamed, 1))
  return {value: byVersion}
}

/** One series and so many times another; periods of which nothing is left are left out. */
function added(one: MetricSeries, other: MetricSeries, times: 1 | -1): MetricSeries {
  const sums = new Map(one.times.map((time, i) => [time, one.values[i] ?? 0]))
  other.times.forEach((time, i) => {
    sums.set(time, (sums.get(time) ?? 0) + times * (other.values[i] ?? 0))
  })
  const left = [...sums].filter(([, value]) => value > 0).sort(([a], [b]) => a - b)
  const periodSeconds = one.periodSeconds ?? other.periodSeconds
  return {
    times: left.map(([time]) => time),
    values: left.map(([, value]) => value),
    ...(periodSeconds !== undefined && {periodSeconds}),
  }
}

type CountedApart = {
  readonly fn: FleetFunction
  readonly version: string
  readonly isOfAlias: boolean
  readonly dimensions: Readonly<Record<string, string>>
}

/** Under which dimensions the calls of each version are counted: of one by its own name, of others by each alias that led to them. */
function countedApart(fn: FleetFunction, {byFunction}: ListedActivity): readonly CountedApart[] {
  const {resources, versions} = byFunction.get(fn.name) ?? {resources: [], versions: []}
  return [...resources].flatMap((resource): CountedApart[] => {
    const [, qualifier] = resource.split(':')
    // a function's own name stands for calls that name neither
    if (qualifier === undefined) return []
    const dimensions = {FunctionName: fn.name, Resource: resource}
    if (/^(?:\d+|\$LATEST)$/.test(qualifier)) return [{fn, version: qualifier, isOfAlias: false, dimensions}]
    return [...versions].map(version => ({
      fn,
      version,
      isOfAlias: true,
      dimensions: {...dimensions, ExecutedVersion: version},
    }))
  })
}
