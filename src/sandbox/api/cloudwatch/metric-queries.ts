import {ServiceError} from '../../wire/service-error.ts'
import type {SandboxMetric} from '../../world/metrics/metric.ts'
import {parseStatistic} from '../../world/metrics/statistics.ts'
import {unimplemented} from '../unimplemented.ts'
import {isPeriod, metricOf, startBeforeEnd} from './metric-window.ts'

export type DataRequest = {
  readonly MetricDataQueries: readonly DataQuery[]
  readonly StartTime: Date
  readonly EndTime: Date
  readonly NextToken?: string | undefined
  readonly ScanBy?: string | undefined
  readonly MaxDatapoints?: number | undefined
}

type DataQuery = {
  readonly Id: string
  readonly MetricStat?:
    | {
        readonly Metric: {
          readonly Namespace?: string | undefined
          readonly MetricName?: string | undefined
          readonly Dimensions?: readonly {readonly Name: string; readonly Value: string}[] | undefined
        }
        readonly Period: number
        readonly Stat: string
        readonly Unit?: string | undefined
      }
    | undefined
  readonly Expression?: string | undefined
  readonly Label?: string | undefined
  readonly ReturnData?: boolean | undefined
  readonly AccountId?: string | undefined
}

/** A query as it is answered. */
export type MetricQuery = {
  readonly id: string
  readonly metric: SandboxMetric
  readonly statistic: string
  readonly periodSeconds: number
  readonly unit: string | undefined
  readonly label: string
  readonly isReturned: boolean
  readonly accountId: string | undefined
}

const maxQueries = 500
export const maxDatapoints = 100_800

/** @throws ServiceError that names everything that is wrong with a request, a line each */
export function readQueries(request: DataRequest): readonly MetricQuery[] {
  const {MetricDataQueries: queries, StartTime, EndTime, MaxDatapoints} = request
  const wrong: string[] = []
  if (queries.length === 0) wrong.push('The parameter MetricDataQueries is required.')
  if (queries.length > maxQueries)
    wrong.push(`The collection MetricDataQueries must not have a size greater than ${maxQueries}.`)
  if (StartTime >= EndTime) wrong.push(startBeforeEnd)
  if (MaxDatapoints !== undefined && (MaxDatapoints < 1 || MaxDatapoints > maxDatapoints))
    wrong.push(`The value ${MaxDatapoints} for parameter MaxDatapoints must be between 1 and ${maxDatapoints}.`)
  const ids = new Set<string>()
  for (const [index, query] of queries.entries()) {
    wrong.push(...wrongWith(query, `MetricDataQueries.member.${index + 1}`))
    if (ids.has(query.Id)) wrong.push(`The values for parameter Id in MetricDataQueries are not unique: ${query.Id}.`)
    ids.add(query.Id)
  }
  if (queries.length > 0 && queries.every(({ReturnData}) => ReturnData === false))
    wrong.push('At least one of the MetricDataQueries must have ReturnData set to true.')
  if (wrong.length > 0) throw new ServiceError('ValidationException', wrong.join('\n'))

  const expression = queries.find(({Expression}) => Expression !== undefined)?.Expression
  if (expression !== undefined) throw unimplemented(`the expression '${expression}' of cloudwatch:GetMetricData`)
  return withLabels(queries)
}

function wrongWith({Id, MetricStat, Expression}: DataQuery, member: string): string[] {
  const wrong: string[] = []
  if (!/^[a-z][a-zA-Z0-9_]*$/.test(Id) || Id.length > 255)
    wrong.push(`The value ${Id} for parameter ${member}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`)
  if (MetricStat && Expression !== undefined)
    wrong.push(
      `The parameters ${member}.Expression and ${member}.MetricStat are mutually exclusive and you have specified both.`,
    )
  if (!MetricStat) {
    if (Expression === undefined)
      wrong.push(`Either the parameter ${member}.Expression or ${member}.MetricStat must be specified.`)
    return wrong
  }
  const {Metric, Period, Stat} = MetricStat
  if (Metric.Namespace === undefined) wrong.push(`The parameter ${member}.MetricStat.Metric.Namespace is required.`)
  if (Metric.MetricName === undefined) wrong.push(`The parameter ${member}.MetricStat.Metric.MetricName is required.`)
  if (!isPeriod(Period))
    wrong.push(`The parameter ${member}.MetricStat.Period must be 1, 5, 10, 20, 30 or a multiple of 60.`)
  if (!parseStatistic(Stat))
    wrong.push(`The value ${Stat} for parameter ${member}.MetricStat.Stat is not a valid statistic.`)
  return wrong
}

/** Without a label of its own a series is called by its metric, and by what sets it apart from the others. */
function withLabels(queries: readonly DataQuery[]): readonly MetricQuery[] {
  const read = queries.flatMap(({Id, MetricStat, Label, ReturnData, AccountId}) =>
    MetricStat
      ? [
          {
            id: Id,
            metric: metricOf(
              MetricStat.Metric.Namespace ?? '',
              MetricStat.Metric.MetricName ?? '',
              MetricStat.Metric.Dimensions,
            ),
            statistic: MetricStat.Stat,
            periodSeconds: MetricStat.Period,
            unit: MetricStat.Unit,
            ownLabel: Label,
            isReturned: ReturnData ?? true,
            accountId: AccountId,
          },
        ]
      : [],
  )
  const values = ({metric}: (typeof read)[number]) => Object.values(metric.dimensions).join(' ')
  const differ = (of: (query: (typeof read)[number]) => unknown) => new Set(read.map(of)).size > 1
  const [byDimensions, byStatistic, byPeriod] = [
    differ(values),
    differ(({statistic}) => statistic),
    differ(({periodSeconds}) => periodSeconds),
  ]
  return read.map(({ownLabel, ...query}) => ({
    ...query,
    label:
      ownLabel ??
      [
        ...(byDimensions ? [values(query as (typeof read)[number])] : []),
        query.metric.name,
        ...(byStatistic ? [query.statistic] : []),
        ...(byPeriod ? [query.periodSeconds] : []),
      ].join(' '),
  }))
}
