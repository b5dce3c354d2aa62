import {isKnown, type Known, type Unknown} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import type {FleetCache} from '../fleet-cache.ts'
import type {FleetFunction} from '../fleet-function.ts'
import {type KeptMetrics, keptOf} from '../kept-metrics.ts'
import {readListedFunctions} from '../list-metrics.ts'
import {type MetricQuery, type MetricSeries, reduceMetrics} from '../metric-reader.ts'
import {readingMetrics, whyUnknown} from '../why-unknown.ts'
import type {Measures} from './inventory.ts'

type Span = {readonly start: number; readonly end: number}

/** What CloudWatch tells of a function. */
export type InvocationMetrics = Pick<
  Measures,
  | 'invocations'
  | 'errors'
  | 'throttles'
  | 'averageDurationMs'
  | 'maxDurationMs'
  | 'maxConcurrency'
  | 'asyncEventsReceived'
  | 'asyncEventsDropped'
  | 'deadLetterErrors'
  | 'iteratorAgeMs'
> & {
  readonly isFallingBehind: boolean
  /** epoch ms: the start of the last period in which it was invoked; null where there is none, or nobody knows */
  readonly lastRanAt: number | null
}

/** How many metrics were asked for: each is charged, unless an earlier scan has kept it. */
export type MetricCount = {metrics: number}

type Reading = {
  readonly metricName: string
  readonly statistic: 'Sum' | 'Maximum'
  /** whose listing tells that there is any of it */
  readonly listedAs: string
}

/** Which metrics are read of each function; what they are reported with is listed together. */
const readings = {
  invocations: {metricName: 'Invocations', statistic: 'Sum', listedAs: 'Invocations'},
  errors: {metricName: 'Errors', statistic: 'Sum', listedAs: 'Invocations'},
  durationSum: {metricName: 'Duration', statistic: 'Sum', listedAs: 'Invocations'},
  maxDuration: {metricName: 'Duration', statistic: 'Maximum', listedAs: 'Invocations'},
  concurrency: {metricName: 'ConcurrentExecutions', statistic: 'Maximum', listedAs: 'Invocations'},
  // of a function all of whose requests are turned away there are no invocations
  throttles: {metricName: 'Throttles', statistic: 'Sum', listedAs: 'Throttles'},
  asyncReceived: {metricName: 'AsyncEventsReceived', statistic: 'Sum', listedAs: 'AsyncEventsReceived'},
  asyncDropped: {metricName: 'AsyncEventsDropped', statistic: 'Sum', listedAs: 'AsyncEventsDropped'},
  deadLetterErrors: {metricName: 'DeadLetterErrors', statistic: 'Sum', listedAs: 'DeadLetterErrors'},
  iteratorAge: {metricName: 'IteratorAge', statistic: 'Maximum', listedAs: 'IteratorAge'},
} as const satisfies Readonly<Record<string, Reading>>

type ReadingName = keyof typeof readings
const names = Object.keys(readings) as ReadingName[]
export const listedMetrics = [...new Set(names.map(name => readings[name].listedAs))]

/** up to so many functions are simply asked for; listing what was reported would take as many calls */
const fewFunctions = 500
/** what CloudWatch lists reported within this time */
const listedMs = 14 * 86_400_000
/** whose queries are held at a time */
const functionsAtATime = 4_000
const mostPeriods = 168
/** of so many functions and more, fewer periods are sent, held and kept: 100,000 functions have half a million series */
const fewerPeriods: readonly (readonly [functions: number, most: number])[] = [
  [20_000, 10],
  [1_000, 28],
]
const periods = [60, 300, 900, 3_600, 21_600, 86_400] as const

/** The period that a window is read by, in seconds: so short that what it adds at the window's ends is little. */
export function periodFor({start, end}: Span, functions: number): number {
  const [, most] = fewerPeriods.find(([many]) => functions > many) ?? [0, mostPeriods]
  return periods.find(seconds => (end - start) / 1000 / seconds <= most) ?? 86_400
}

/** Whether what was reported is listed first: it costs calls, and saves those for functions that did not run. */
export const isListedFirst = (functions: number, {start}: Span, now: number): boolean =>
  functions > fewFunctions && now - start <= listedMs

/** By metric, the functions that CloudWatch lists with it; a metric that is not there was not listed. */
export type ListedMetrics = ReadonlyMap<string, Known<ReadonlySet<FleetFunction>>>

/** Lists what was reported of functions of one region. */
export async function listReported(
  aws: Aws,
  functions: readonly FleetFunction[],
  signal: AbortSignal,
): Promise<ListedMetrics> {
  const byName = new Map(functions.map(fn => [fn.name, fn]))
  const each = listedMetrics.map(async name => [name, await readListedFunctions(aws, name, byName, signal)] as const)
  return new Map(await Promise.all(each))
}

/** How many metrics are to be read of so many functions. */
export const metricsToRead = (functions: number, listed: ListedMetrics): number =>
  names.reduce((sum, reading) => {
    const reported = listed.get(readings[reading].listedAs)
    return sum + (reported && isKnown(reported) ? reported.value.size : functions)
  }, 0)

export type ReadMetricsOptions = {
  readonly periodSeconds: number
  readonly listed: ListedMetrics
  readonly asked: MetricCount
  readonly cache: FleetCache | null
  /** how many of the metrics are read */
  readonly onRead: (done: number, total: number) => void
}

/**
 * Reads what CloudWatch tells of functions. Of what was reported is listed, only that is asked for: what is not in the list is 0,
 * and known. Of each series only what is told of it is held.
 * @param functions of one region; each once
 * @returns by their place
 */
export async function readInvocationMetrics(
  aws: Aws,
  functions: readonly FleetFunction[],
  window: Span,
  {periodSeconds, listed, asked, cache, onRead}: ReadMetricsOptions,
  signal: AbortSignal,
): Promise<readonly InvocationMetrics[]> {
  const kept = keptOf(aws, functions, cache)
  const total = metricsToRead(functions.length, listed)
  let before = 0
  let readSoFar = 0
  onRead(0, total)
  const onSomeRead = (read: number): void => {
    readSoFar = before + read
    onRead(readSoFar, total)
  }
  const reader = {listed, asked, kept, periodSeconds, onRead: onSomeRead}
  const answers: InvocationMetrics[] = []
  for (let from = 0; from < functions.length; from += functionsAtATime) {
    const some = functions.slice(from, from + functionsAtATime)
    for (const metrics of await readSome(aws, some, window, reader, signal)) answers.push(metrics)
    before = readSoFar
  }
  return answers
}

type Reader = Pick<ReadMetricsOptions, 'listed' | 'asked'> & {
  readonly onRead: (read: number) => void
  readonly periodSeconds: number
  readonly kept: KeptMetrics | null
}

/** What is held of a series. */
type Told = {
  readonly sum: number
  /** null where nothing was reported */
  readonly most: number | null
  /** epoch ms: the start of the last period in which there was any of it */
  readonly lastAt: number | null
  readonly isRising: boolean
}

/** most of a large fleet's series are this one */
const none: Known<Told> = {value: {sum: 0, most: null, lastAt: null, isRising: false}}
const lost: Known<Told> = {unknown: 'failed', detail: 'CloudWatch left it out'}

async function readSome(
  aws: Aws,
  functions: readonly FleetFunction[],
  window: Span,
  {listed, periodSeconds, asked, kept, onRead}: Reader,
  signal: AbortSignal,
): Promise<readonly InvocationMetrics[]> {
  const queries: MetricQuery[] = []
  const placed = functions.map(fn =>
    names.map(reading => {
      const {metricName, statistic, listedAs} = readings[reading]
      const reported = listed.get(listedAs)
      if (reported && isKnown(reported) && !reported.value.has(fn)) return null
      queries.push({namespace: 'AWS/Lambda', metricName, dimensions: {FunctionName: fn.name}, statistic, periodSeconds})
      return queries.length - 1
    }),
  )
  asked.metrics += queries.length
  const told = await reduceMetrics(aws, queries, toldOf, {window, kept, onProgress: onRead}, signal).catch(
    (error): Unknown => whyUnknown(error, readingMetrics, signal),
  )
  return placed.map(places =>
    metricsOf(reading => {
      const place = places[names.indexOf(reading)] ?? null
      if (place === null) return none
      return 'unknown' in told ? told : (told[place] ?? lost)
    }),
  )
}

function toldOf(series: Known<MetricSeries>): Known<Told> {
  if (!isKnown(series)) return series
  const {times, values} = series.value
  if (values.length === 0) return none
  return {
    value: {
      sum: values.reduce((a, b) => a + b, 0),
      most: values.reduce((a, b) => Math.max(a, b)),
      lastAt: times[values.findLastIndex(value => value > 0)] ?? null,
      isRising: isRising(values),
    },
  }
}

function metricsOf(of: (reading: ReadingName) => Known<Told>): InvocationMetrics {
  const [durationSum, invocations] = [sum(of('durationSum')), sum(of('invocations'))]
  const [ran, iteratorAge] = [of('invocations'), of('iteratorAge')]
  return {
    invocations,
    errors: sum(of('errors')),
    throttles: sum(of('throttles')),
    averageDurationMs: ratio(durationSum, invocations),
    maxDurationMs: most(of('maxDuration')),
    maxConcurrency: most(of('concurrency')),
    asyncEventsReceived: sum(of('asyncReceived')),
    asyncEventsDropped: sum(of('asyncDropped')),
    deadLetterErrors: sum(of('deadLetterErrors')),
    iteratorAgeMs: most(iteratorAge),
    lastRanAt: isKnown(ran) ? ran.value.lastAt : null,
    isFallingBehind: isKnown(iteratorAge) && iteratorAge.value.isRising,
  }
}

// most of a large fleet's numbers are these, and need not be made for each
const zero = {value: 0} as const
const nothing = {value: null} as const

function sum(told: Known<Told>): Known<number> {
  if (!isKnown(told)) return told
  return told.value.sum === 0 ? zero : {value: told.value.sum}
}

function ratio(total: Known<number>, of: Known<number>): Known<number | null> {
  if (!isKnown(total)) return total
  if (!isKnown(of)) return of
  return of.value === 0 ? nothing : {value: total.value / of.value}
}

function most(told: Known<Told>): Known<number | null> {
  if (!isKnown(told)) return told
  return told.value.most === null ? nothing : {value: told.value.most}
}

/** an age below that is a batch that was waited for */
const leastAgeMs = 60_000

/** Old at the end, and much older than it was: twice the age of the first third. */
function isRising(ages: readonly number[]): boolean {
  const third = Math.floor(ages.length / 3)
  const last = ages.at(-1) ?? 0
  if (third === 0 || last < leastAgeMs) return false
  const before = ages.slice(0, third).reduce((a, b) => Math.max(a, b), 0)
  return last >= 2 * before
}
