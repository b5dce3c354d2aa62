import type {GetMetricDataCommandInput} from '@aws-sdk/client-cloudwatch'
import type {FakeCall} from '../../fleet/fake-account.ts'

/** A query as a test looks at it. */
export type AskedMetric = {
  readonly id: string
  readonly metricName: string
  readonly stat: string
  readonly functionName: string
  /** null: not said */
  readonly resource: string | null
  readonly version: string | null
  readonly periodMs: number
}

export function askedMetrics({input}: Pick<FakeCall, 'input'>): readonly AskedMetric[] {
  const {MetricDataQueries = []} = input as unknown as GetMetricDataCommandInput
  return MetricDataQueries.map(({Id = '', MetricStat}) => {
    const {MetricName = '', Dimensions = []} = MetricStat?.Metric ?? {}
    const of = (name: string): string | null => Dimensions.find(each => each.Name === name)?.Value ?? null
    return {
      id: Id,
      metricName: MetricName,
      stat: MetricStat?.Stat ?? '',
      functionName: of('FunctionName') ?? '',
      resource: of('Resource'),
      version: of('ExecutedVersion'),
      periodMs: (MetricStat?.Period ?? 0) * 1000,
    }
  })
}

export const windowOf = ({input}: Pick<FakeCall, 'input'>): {readonly start: number; readonly end: number} => {
  const {StartTime, EndTime} = input as unknown as GetMetricDataCommandInput
  return {start: StartTime?.getTime() ?? 0, end: EndTime?.getTime() ?? 0}
}

/** An answer of GetMetricData: of each query its datapoints, [epoch ms, value], those outside of what was asked for left out. */
export function metricData(
  call: FakeCall,
  points: (metric: AskedMetric) => readonly (readonly [at: number, value: number])[],
) {
  const {start, end} = windowOf(call)
  return {
    MetricDataResults: askedMetrics(call).map(metric => {
      const own = points(metric).filter(([at]) => at >= start && at < end)
      return {
        Id: metric.id,
        Timestamps: own.map(([at]) => new Date(at)),
        Values: own.map(([, value]) => value),
        StatusCode: 'Complete' as const,
      }
    }),
  }
}
