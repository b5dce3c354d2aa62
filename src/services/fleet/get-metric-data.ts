import type {GetMetricDataCommandOutput, MetricDataResult} from '@aws-sdk/client-cloudwatch'
import {isKnown, type Known, type Unknown} from '../../known.ts'
import {ask, paged} from '../aws/ask.ts'
import type {Aws} from '../aws/connect.ts'
import {sdk} from '../aws/sdk.ts'
import {explainedFailure} from '../targets/refusal.ts'
import type {MetricWindow} from './metric-period.ts'
import type {MetricQuery, MetricSeries} from './metric-reader.ts'
import {readingMetrics, whyUnknown} from './why-unknown.ts'

/** Queries that one call takes, all with one period. */
export type MetricBatch = {
  readonly queries: readonly MetricQuery[]
  /** that CloudWatch can answer with; never shorter than the queries' own */
  readonly periodSeconds: number
  /** whole periods */
  readonly window: MetricWindow
}

export type BatchAnswer = {
  /** in the order of the queries */
  readonly series: readonly Known<MetricSeries>[]
  /** why the call itself failed, as what a person can act on */
  readonly failure: unknown
}

/**
 * Reads a batch to the end of its pages. Metrics that CloudWatch has an InternalError with are asked for once more.
 * On abort, those that were complete, and the others unknown as interrupted.
 * @throws a bug; never what AWS refuses
 */
export async function readBatch(aws: Aws, batch: MetricBatch, signal: AbortSignal): Promise<BatchAnswer> {
  const readings = batch.queries.map((query): Reading => emptyReading(query))
  const failure = await readPages(aws, batch, readings, signal)
  const again = readings.filter(({status}) => status === 'InternalError')
  if (failure === null && again.length > 0) {
    for (const reading of again) Object.assign(reading, emptyReading(reading.query))
    await readPages(aws, batch, again, signal)
  }
  return {series: sharingTimes(readings.map(reading => seriesOf(reading, batch))), failure}
}

/** What came of one metric so far. */
type Reading = {
  readonly query: MetricQuery
  times: number[]
  values: number[]
  /** that of the last page that named it; null before that */
  status: string | null
  /** what CloudWatch said of it */
  messages: string[]
  /** why the call ended before it was complete */
  failed: Unknown | null
}

const emptyReading = (query: MetricQuery): Reading => ({
  query,
  times: [],
  values: [],
  status: null,
  messages: [],
  failed: null,
})

/** @returns why the call failed, as what a person can act on; null where it did not, or was stopped */
async function readPages(
  aws: Aws,
  {periodSeconds, window}: MetricBatch,
  readings: readonly Reading[],
  signal: AbortSignal,
): Promise<unknown> {
  const client = await aws.cloudWatch()
  const {GetMetricDataCommand} = sdk.cloudWatch()
  const input = {
    MetricDataQueries: readings.map(({query}, at) => ({
      Id: `m${at}`,
      MetricStat: {
        Metric: {
          Namespace: query.namespace,
          MetricName: query.metricName,
          Dimensions: Object.entries(query.dimensions).map(([Name, Value]) => ({Name, Value})),
        },
        Period: periodSeconds,
        Stat: query.statistic,
      },
    })),
    StartTime: new Date(window.start),
    EndTime: new Date(window.end),
    ScanBy: 'TimestampAscending' as const,
  }
  try {
    const pages = paged(async NextToken => {
      const command = new GetMetricDataCommand({...input, ...(NextToken && {NextToken})})
      const page = await ask(aws, 'GetMetricData', options => client.send(command, options), signal)
      return {items: [page], next: page.NextToken}
    })
    for await (const [page] of pages) if (page) addPage(readings, page)
    return null
  } catch (error) {
    const why = whyUnknown(error, readingMetrics, signal)
    for (const reading of readings) if (reading.status !== 'Complete') reading.failed = why
    return signal.aborted ? null : explainedFailure(error, readingMetrics)
  }
}

function addPage(readings: readonly Reading[], {MetricDataResults = [], Messages}: GetMetricDataCommandOutput): void {
  const ofAll = textsOf(Messages)
  for (const {Id = '', Timestamps = [], Values = [], StatusCode = 'Complete', Messages: own} of MetricDataResults) {
    const reading = /^m\d+$/.test(Id) ? readings[Number(Id.slice(1))] : undefined
    if (!reading) continue
    Timestamps.forEach((time, at) => {
      const value = Values[at]
      if (value === undefined || Number.isNaN(value)) return
      reading.times.push(time.getTime())
      reading.values.push(value)
    })
    reading.status = StatusCode
    if (StatusCode !== 'Complete') reading.messages = [...reading.messages, ...textsOf(own), ...ofAll].slice(-3)
  }
}

const textsOf = (messages: MetricDataResult['Messages'] = []): string[] =>
  messages.map(({Code, Value}) => [Code, Value].filter(Boolean).join(': '))

function seriesOf(reading: Reading, batch: MetricBatch): Known<MetricSeries> {
  const {status, messages, query, failed} = reading
  if (status === 'Complete') {
    const {times, values} = inOrder(reading, batch.window)
    if (batch.periodSeconds === query.periodSeconds)
      return times.length === 0 ? nothingReported : {value: {times, values}}
    return {value: {times, values, periodSeconds: batch.periodSeconds}}
  }
  if (failed) return failed
  const said = [...new Set(messages)].filter(text => text !== '').join('; ')
  if (status === 'Forbidden') return {unknown: 'denied', detail: said || 'CloudWatch forbids this metric'}
  if (status === 'PartialData') return {unknown: 'partial-data', detail: said || 'CloudWatch gave a part of it'}
  if (status === null) return {unknown: 'failed', detail: 'CloudWatch said nothing of it'}
  return {unknown: 'failed', detail: said || `CloudWatch answered with ${status}`}
}

/** Most functions of a batch are called in the same periods: what is kept of 100,000 is a third of what it would be. */
function sharingTimes(all: readonly Known<MetricSeries>[]): readonly Known<MetricSeries>[] {
  let shared: readonly number[] = []
  return all.map(known => {
    if (!isKnown(known) || known === nothingReported) return known
    const {times, values, ...rest} = known.value
    const isSame = times.length === shared.length && times.every((time, at) => time === shared[at])
    if (!isSame) shared = times.slice()
    // what grew by pushing has room for half as many again
    return {value: {times: shared, values: values.slice(), ...rest}}
  })
}

/** there may be 100,000 of it */
const nothingReported: Known<MetricSeries> = {value: {times: [], values: []}}

/**
 * Oldest first, each period once, whatever the order of the pages. What starts outside of the window is dropped:
 * CloudWatch rounds the start down, and would add to the answer what was not asked for.
 */
function inOrder({times, values}: Reading, {start, end}: MetricWindow): MetricSeries {
  const isSettled = times.every(
    (time, at) => time >= start && time < end && (at === 0 || time > (times[at - 1] ?? time)),
  )
  if (isSettled) return {times, values}
  const byTime = new Map(times.map((time, at) => [time, values[at] ?? Number.NaN]))
  const kept = [...byTime].filter(([time]) => time >= start && time < end).sort(([a], [b]) => a - b)
  return {times: kept.map(([time]) => time), values: kept.map(([, value]) => value)}
}
