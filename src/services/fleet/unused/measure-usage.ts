import {isKnown, type Known, type Unknown} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import {metricUSD} from '../../pricing.ts'
import type {FleetCache} from '../fleet-cache.ts'
import type {FleetFunction} from '../fleet-function.ts'
import {keptOf} from '../kept-metrics.ts'
import {metricsKeptMs, readablePeriod} from '../metric-period.ts'
import {type ListedActivity, type MetricQuery, type MetricSeries, reduceMetrics, sumOf} from '../metric-reader.ts'
import {readingMetrics, whyUnknown} from '../why-unknown.ts'
import type {Usage} from './evidence.ts'
import {isListingEnough, type JudgedWindow} from './judge.ts'

const hour = 3_600
const dayMs = 24 * hour * 1000

const metricNames = ['Invocations', 'Throttles'] as const
export const metricsEach = metricNames.length
/** what all functions are measured for, those too that CloudWatch lists: it tells when they ran last */
const alwaysMeasuredUSD = 0.1
/** of larger fleets, when something ran is told to the day */
const toTheHourAtMost = 500

/** Of a function that CloudWatch lists as called, in a fleet where all would cost more. */
export const listedInstead: Unknown = {
  unknown: 'not-read',
  detail: 'CloudWatch lists it as called in the last two weeks, which is enough',
}

/** Epoch ms: since when invocations can be counted. */
export const measuredSince = ({start, now}: Pick<JudgedWindow, 'start' | 'now'>): number =>
  Math.max(start, now - metricsKeptMs)

/** The period that usage is measured in: the shorter, the better it tells when a function ran last. */
export function usagePeriodSeconds({start, end}: Pick<JudgedWindow, 'start' | 'end'>, functions: number): number {
  if (end - start <= 3 * dayMs) return 300
  return functions <= toTheHourAtMost ? hour : 24 * hour
}

const plainly: ListedFunction = {resources: new Set(), versions: new Set()}

type ListedFunction = ListedActivity['byFunction'] extends ReadonlyMap<string, infer Listed> ? Listed : never

/** What is listed, where most functions were called without an alias or a version: these share what there is to say of them. */
export function leanListing(listed: Known<ListedActivity>): Known<ListedActivity> {
  if (!isKnown(listed)) return listed
  const byFunction = new Map<string, ListedFunction>()
  for (const [name, own] of listed.value.byFunction) byFunction.set(name, isPlain(name, own) ? plainly : own)
  return {value: {byFunction}}
}

/** Whether nothing tells of an alias or a version that was called. */
export const isPlain = (name: string, {resources, versions}: ListedFunction): boolean =>
  versions.size === 0 && (resources.size === 0 || (resources.size === 1 && resources.has(name)))

/** The functions whose invocations are to be read: all of a fleet where that is cheap, else those that no listing tells of. */
export function functionsToMeasure(
  functions: readonly FleetFunction[],
  listed: Known<ListedActivity>,
  window: JudgedWindow,
  inAllRegions: number,
): readonly FleetFunction[] {
  const isCheap = inAllRegions * metricsEach * metricUSD <= alwaysMeasuredUSD
  if (isCheap || !isKnown(listed) || !isListingEnough(window)) return functions
  return functions.filter(({name}) => !listed.value.byFunction.has(name))
}

export type MeasureOptions = {
  readonly window: JudgedWindow
  readonly periodSeconds: number
  readonly cache: FleetCache | null
  readonly onProgress: (read: number) => void
}

/** How much functions of one region were called, or why nobody knows. Those that are not among `measured` are listed instead. */
export async function measureUsage(
  aws: Aws,
  functions: readonly FleetFunction[],
  measured: readonly FleetFunction[],
  {window, periodSeconds, cache, onProgress}: MeasureOptions,
  signal: AbortSignal,
): Promise<ReadonlyMap<FleetFunction, Known<Usage>>> {
  const usage = new Map<FleetFunction, Known<Usage>>()
  const queries = {
    length: measured.length * metricsEach,
    at(place: number) {
      const fn = measured[Math.floor(place / metricsEach)]
      return fn && usageQuery(fn.name, metricNames[place % metricsEach] ?? '', periodSeconds)
    },
  }
  // a period that began before the window is part of it, or a call in its first minutes would not count
  const since = measuredSince(window)
  const periodMs = readablePeriod(periodSeconds, since - hour * 1000, window.now) * 1000
  const whole = {start: Math.floor(since / periodMs) * periodMs, end: window.end}
  const toldMeasured = (read: number): void => onProgress(Math.floor(read / metricsEach))
  const told = await reduceMetrics(
    aws,
    queries,
    series => countOf(series, periodSeconds),
    {window: whole, kept: keptOf(aws, functions, cache), onProgress: toldMeasured},
    signal,
  ).catch((error: unknown): Unknown => whyUnknown(error, readingMetrics, signal))
  measured.forEach((fn, i) => {
    usage.set(fn, 'unknown' in told ? told : usageOf(told[i * metricsEach], told[i * metricsEach + 1]))
  })
  for (const fn of functions) if (!usage.has(fn)) usage.set(fn, listedInstead)
  return usage
}

const usageQuery = (name: string, metricName: string, periodSeconds: number): MetricQuery => ({
  namespace: 'AWS/Lambda',
  metricName,
  // of a function alone it is the sum of all its aliases and versions
  dimensions: {FunctionName: name},
  statistic: 'Sum',
  periodSeconds,
})

const lost: Unknown = {unknown: 'failed', detail: 'it was not answered'}

/** What a metric comes to over the window, and the last period in which there was any of it. */
type Count = {readonly total: number; readonly lastPeriod: Usage['lastPeriod']}

/** there may be 100,000 of it */
const never: Known<Count> = {value: {total: 0, lastPeriod: null}}

function countOf(series: Known<MetricSeries>, periodSeconds: number): Known<Count> {
  if (!isKnown(series)) return series
  const {times, values, periodSeconds: longer} = series.value
  const start = times[values.findLastIndex(value => value > 0)]
  if (start === undefined) return never
  const end = start + (longer ?? periodSeconds) * 1000
  return {value: {total: sumOf(series.value), lastPeriod: {start, end}}}
}

function usageOf(invocations: Known<Count> = lost, throttles: Known<Count> = lost): Known<Usage> {
  if (!isKnown(invocations)) return invocations
  const {total, lastPeriod} = invocations.value
  // of what was called, refused calls decide nothing
  if (!isKnown(throttles) && total === 0) return throttles
  return {value: {invocations: total, throttles: isKnown(throttles) ? throttles.value.total : 0, lastPeriod}}
}
