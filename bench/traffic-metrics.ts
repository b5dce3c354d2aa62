import type {KnownAlias} from './traffic-account.ts'

const minuteMs = 60_000
/** invocations of each alias */
const perMinute = 300
/** of both versions alike */
const errorRate = 0.002
/** CloudWatch has counted a minute so much after its end */
const lateMs = 60_000

type Query = {
  readonly Id: string
  readonly MetricStat: {
    readonly Metric: {
      readonly MetricName: string
      readonly Dimensions: readonly {readonly Name: string; readonly Value: string}[]
    }
    readonly Period: number
    readonly Stat: string
  }
}

type MetricsOf = {
  readonly aliases: ReadonlyMap<string, KnownAlias>
  /** the version of which one invocation in twenty fails */
  readonly failing: string | null
  readonly now: number
}

/** GetMetricData of invocations that come evenly, divided among versions as aliases divided them minute by minute. */
export function metricsIn(input: Readonly<Record<string, unknown>>, {aliases, failing, now}: MetricsOf): object {
  const {MetricDataQueries, StartTime, EndTime} = input as {
    readonly MetricDataQueries: readonly Query[]
    readonly StartTime: Date
    readonly EndTime: Date
  }
  const end = Math.min(EndTime.getTime(), now - lateMs)
  return {
    MetricDataResults: MetricDataQueries.map(({Id, MetricStat: {Metric, Period, Stat}}) => {
      const dimension = (name: string): string | undefined => Metric.Dimensions.find(({Name}) => Name === name)?.Value
      const alias = aliases.get(dimension('FunctionName') ?? '')
      const Timestamps: Date[] = []
      const Values: number[] = []
      const step = Period * 1000
      for (let at = StartTime.getTime(); alias && at < end; at += step) {
        const calls = callsIn(alias, dimension('ExecutedVersion'), at, Math.min(at + step, end))
        if (calls <= 0) continue
        Timestamps.push(new Date(at))
        const isFailing = failing !== null && dimension('ExecutedVersion') === failing
        Values.push(
          isFailing && Metric.MetricName === 'Errors' ? calls / 20 : datapointOf(Metric.MetricName, Stat, calls, at),
        )
      }
      return {Id, StatusCode: 'Complete', Timestamps, Values}
    }),
  }
}

function datapointOf(metric: string, statistic: string, calls: number, at: number): number {
  if (metric === 'Errors') return (at / minuteMs) % Math.round(1 / (errorRate * calls)) === 0 ? 1 : 0
  if (metric === 'Invocations' || statistic === 'SampleCount') return Math.round(calls)
  if (statistic.startsWith('TC')) return Math.round(calls * 0.96)
  return statistic === 'Sum' ? calls * 80 : 180
}

/** What a version, or all of them, was called between two times. */
function callsIn({history}: KnownAlias, version: string | undefined, from: number, to: number): number {
  const ms = history.reduce((sum, step, place) => {
    const until = Math.min(history[place + 1]?.at ?? Number.POSITIVE_INFINITY, to)
    return sum + Math.max(0, until - Math.max(step.at, from)) * shareOf(step, version)
  }, 0)
  return (ms / minuteMs) * perMinute
}

function shareOf({version: main, weights}: KnownAlias['history'][number], version: string | undefined): number {
  if (version === undefined) return 1
  const away = Object.values(weights).reduce((sum, weight) => sum + weight, 0)
  return (version === main ? 1 - away : 0) + (weights[version] ?? 0)
}
