import type {GetMetricDataCommandInput, GetMetricDataCommandOutput, MetricDataResult} from '@aws-sdk/client-cloudwatch'
import type {FunctionConfiguration} from '@aws-sdk/client-lambda'
import {type OpenCostOptions, openCost} from '../../../../src/services/fleet/cost/open-cost.ts'
import type {SelectionWords} from '../../../../src/services/targets/parse-target.ts'
import {type FakeAccount, type FakeAccountOptions, type FakeCall, fakeAccount, now, ongoing} from '../fake-account.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** A function of a company, and what it did: an hour ago, and in the same hour of the day before. */
export type Worker = {
  readonly name: string
  readonly config?: Partial<FunctionConfiguration>
  readonly now?: Work
  readonly before?: Work
}
type Work = {
  readonly calls: number
  readonly durationMs: number
  readonly provisionedCalls?: number
  readonly logBytes?: number
}

type Answers = FakeAccountOptions['answers']
const minute = 60_000

const groupOf = ({name, config}: Worker): string => config?.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`

/** What a query finds of reports: one of each function that ran, without an init. */
export const reportsOf = (workers: readonly Worker[]) =>
  workers
    .filter(one => one.now)
    .map(one => ({
      '@log': `123456789012:${groupOf(one)}`,
      owner: one.name,
      reports: '1',
      initMs: '0',
      restores: '0',
    }))

/** What a company of these functions answers; some of it may be told otherwise. */
export function company(workers: readonly Worker[], otherwise: Answers = {}, region = 'eu-west-1'): FakeAccount {
  const groups = [...new Set(workers.map(groupOf))]
  const counted = (metric: string, dimension: string, moment: 'now' | 'before'): number | undefined => {
    if (metric === 'IncomingBytes') {
      const writing = workers.filter(worker => groupOf(worker) === dimension && worker[moment])
      return writing.length === 0 ? undefined : writing.reduce((sum, one) => sum + (one[moment]?.logBytes ?? 0), 0)
    }
    const work = workers.find(({name}) => name === dimension)?.[moment]
    if (metric === 'Invocations') return work?.calls
    return metric === 'Duration' ? work?.durationMs : work?.provisionedCalls
  }
  return fakeAccount({
    region,
    answers: {
      GetCallerIdentity: () => ({Account: '123456789012'}),
      GetAccountSettings: () => ({AccountUsage: {FunctionCount: workers.length}}),
      ListFunctions: () => ({
        Functions: workers.map(({name, config}) => ({
          FunctionName: name,
          FunctionArn: `arn:aws:lambda:${region}:123456789012:function:${name}`,
          Runtime: 'nodejs24.x',
          PackageType: 'Zip',
          Architectures: ['x86_64'],
          MemorySize: 1024,
          Timeout: 10,
          LastModified: '2026-01-01T00:00:00.000+0000',
          RevisionId: name,
          ...config,
        })),
      }),
      GetMetricData: call => metricData(call, counted),
      DescribeLogGroups: () => ({
        logGroups: groups.map(logGroupName => ({
          logGroupName,
          storedBytes: 1e9,
          creationTime: now - 90 * dayMs,
          logGroupClass: 'STANDARD',
        })),
      }),
      ListProvisionedConcurrencyConfigs: () => ({ProvisionedConcurrencyConfigs: []}),
      StartQuery: () => ({queryId: 'query-1'}),
      GetQueryResults: () => queryResults(reportsOf(workers)),
      StopQuery: () => ({success: true}),
      ...otherwise,
    },
  })
}

/** How a query of Logs Insights is answered. */
export const queryResults = (rows: readonly Readonly<Record<string, string>>[]) => ({
  status: 'Complete',
  statistics: {recordsMatched: rows.length, recordsScanned: rows.length, bytesScanned: 1_000},
  results: rows.map(row => Object.entries(row).map(([field, value]) => ({field, value}))),
})

type Counted = (metric: string, dimension: string, moment: 'now' | 'before') => number | undefined

/** The metrics that a call asks for. */
export const metricsAsked = ({input}: FakeCall) =>
  ((input as unknown as GetMetricDataCommandInput).MetricDataQueries ?? []).map(({Id = '', MetricStat}) => ({
    id: Id,
    metric: MetricStat?.Metric?.MetricName ?? '',
    dimension: MetricStat?.Metric?.Dimensions?.[0]?.Value ?? '',
  }))

export function metricData(call: FakeCall, counted: Counted): Partial<GetMetricDataCommandOutput> {
  const {StartTime, EndTime} = call.input as unknown as GetMetricDataCommandInput
  const isAsked = (at: number) => StartTime && EndTime && at >= StartTime.getTime() && at < EndTime.getTime()
  const results = metricsAsked(call).map(({id, metric, dimension}): MetricDataResult => {
    const points = (['before', 'now'] as const).flatMap(moment => {
      const at = now - hourMs - (moment === 'before' ? dayMs : 0)
      const value = counted(metric, dimension, moment)
      return value === undefined || !isAsked(at) ? [] : [{at: Math.floor(at / (5 * minute)) * 5 * minute, value}]
    })
    return {
      Id: id,
      StatusCode: 'Complete',
      Timestamps: points.map(({at}) => new Date(at)),
      Values: points.map(({value}) => value),
    }
  })
  return {MetricDataResults: results}
}

type Given = Partial<OpenCostOptions> & {readonly words?: SelectionWords; readonly signal?: AbortSignal}

/** What the company costs in the last day, compared with the day before. */
export const opened = (aws: FakeAccount, {words = {}, signal = ongoing(), ...options}: Given = {}) =>
  openCost(
    [aws],
    words,
    {
      start: now - dayMs,
      end: now,
      now,
      compare: true,
      by: {kind: 'function'},
      sort: 'cost',
      init: null,
      provisioned: null,
      listing: {cache: null},
      ...options,
    },
    signal,
  )

export async function costOf(aws: FakeAccount, given: Given & {readonly mostUSD?: number | null} = {}) {
  const {mostUSD = 0.5, ...options} = given
  const cost = await opened(aws, options)
  const report = await cost.read(mostUSD)
  return {report, cost}
}
