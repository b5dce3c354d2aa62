import type {Aws} from '../../aws/connect.ts'
import type {GroupSize} from '../../logs/group-sizes.ts'
import {planRead, type ReadPlan} from '../../logs/read-plan.ts'
import type {LogSource} from '../../logs/source.ts'
import type {FleetFunction} from '../fleet-function.ts'
import {metricCost} from '../metric-batches.ts'
import {type PlannedStep, planScan, rateOf, type ScanPlan} from '../scan-plan.ts'
import {periodFor} from './invocation-counts.ts'

/** Which API the logs are read with. */
export type LogEngine = 'auto' | 'filter' | 'insights'

export type PlanLogsOptions = {
  /** epoch ms */
  readonly start: number
  readonly end: number
  readonly now: number
  readonly engine: LogEngine
  /** what queries may cost without being asked for; more is read by FilterLogEvents, for nothing */
  readonly spendableUSD: number
}

/** A way to read the logs much sooner, for more money than goes without saying. */
export type QuickerEngine = {
  /** what FilterLogEvents takes */
  readonly filterSeconds: number
  /** what Logs Insights takes, and costs; null where AWS does not tell how large the log groups are */
  readonly insights: {readonly seconds: number; readonly costUSD: number} | null
}

/** functions with cold starts of which CloudWatch is asked more */
export const mostCandidates = 200
/** what FilterLogEvents does in this time is not worth paying for */
const quickS = 10
/** what FilterLogEvents takes longer for is to be decided by whoever waits */
const patienceS = 300
/** of those with cold starts, Invocations, ConcurrentExecutions and Duration by the minute */
const minuteMetrics = 3
const minuteSeconds = 60

/**
 * How the log groups are read: by Logs Insights where that is allowed to cost what it costs, and FilterLogEvents would take
 * longer; by FilterLogEvents else.
 * @param sizes of the groups as far as they are known
 */
export function planLogs(
  sources: readonly LogSource[],
  sizes: ReadonlyMap<LogSource, GroupSize>,
  {engine, spendableUSD, ...window}: PlanLogsOptions,
): ReadPlan {
  const planOf = (engine: LogEngine): ReadPlan =>
    planRead({...window, sources, sizes, engine, follow: false, tail: null, isSelective: true, maxUSDPerHour: null})
  if (engine !== 'auto') return planOf(engine)
  const byFilter = planOf('auto')
  const queried = planOf('insights')
  const isPriced = sources.every(source => sizes.has(source))
  const isWorth = byFilter.estimate.seconds > quickS && queried.estimate.seconds < byFilter.estimate.seconds
  return isPriced && isWorth && queried.estimate.costUSD <= spendableUSD ? queried : byFilter
}

/** What reads log groups in a part of the time that a plan takes; null where nothing does, or the plan takes little. */
export function quickerEngine(
  plan: ReadPlan,
  sources: readonly LogSource[],
  sizes: ReadonlyMap<LogSource, GroupSize>,
  options: PlanLogsOptions,
): QuickerEngine | null {
  const filterSeconds = plan.estimate.seconds
  if (options.engine !== 'auto' || plan.engine !== 'filter' || filterSeconds <= patienceS) return null
  if (!sources.every(source => sizes.has(source))) return {filterSeconds, insights: null}
  const {seconds, costUSD} = planLogs(sources, sizes, {...options, engine: 'insights'}).estimate
  return seconds * 2 < filterSeconds ? {filterSeconds, insights: {seconds, costUSD}} : null
}

/** All that a read of cold starts takes, at most: functions that nobody invoked are left out where there are many. */
export function planColdStarts(
  all: readonly Aws[],
  functions: readonly FleetFunction[],
  {start, end, now}: {readonly start: number; readonly end: number; readonly now: number},
  logs: ReadPlan,
): ScanPlan {
  const byAws = [...Map.groupBy(functions, ({aws}) => aws)]
  const periodSeconds = periodFor(functions.length, {start, end})
  const metrics = byAws.map(([{scope}, {length}]): PlannedStep => {
    const invocations = metricCost(length, periodSeconds, {start, end}, now)
    const candidates = Math.min(length, mostCandidates)
    const byMinute = metricCost(candidates, minuteSeconds, {start, end}, now)
    const each = periodSeconds === minuteSeconds ? minuteMetrics - 1 : minuteMetrics
    // what provisioned concurrency served, of those that have some
    const provisioned = metricCost(candidates, periodSeconds, {start, end}, now)
    return {
      what: `invocations of ${length.toLocaleString('en')} functions`,
      api: 'GetMetricData',
      region: scope.region,
      account: scope.account,
      calls: invocations.calls + each * byMinute.calls + provisioned.calls,
      costUSD: invocations.costUSD + each * byMinute.costUSD + provisioned.costUSD,
    }
  })
  const {calls, seconds, costUSD} = logs.estimate
  const [first] = all
  const read: PlannedStep = {
    what: `cold starts in ${logs.logGroups.toLocaleString('en')} log groups`,
    api: logs.engine === 'insights' ? 'StartQuery' : 'FilterLogEvents',
    region: first?.scope.region ?? '',
    account: first?.scope.account ?? null,
    calls,
    // what a page passes over is a guess
    ...(logs.engine !== 'insights' && {isAtMost: true as const}),
    costUSD,
    ...(calls > 0 && {eachMs: (seconds * 1_000) / calls}),
  }
  return planScan([...metrics, read], rateOf(all))
}
