import prices from '../../data/prices.json' with {type: 'json'}
import quotas from '../../data/quotas.json' with {type: 'json'}
import {withoutQuota} from '../aws/quotas.ts'
import {leastSeconds} from '../insights/scan-speed.ts'
import {
  budgetsOf,
  type EngineEstimate,
  type Extent,
  filterEstimate,
  insightsEstimate,
  roundTripMs,
  sweepSeconds,
} from './read-estimate.ts'
import type {LogSource} from './source.ts'
import {shareOfQuota, slowestCycleMs} from './sweep-pace.ts'

/** FilterLogEvents, Live Tail (StartLiveTail), or Logs Insights (StartQuery). */
export type Engine = 'filter' | 'live' | 'insights'

/** How a read will go, by what is known before its first call. */
export type ReadPlan = {
  /** what most groups are read with; with `--follow`, what is followed with */
  readonly engine: Engine
  readonly logGroups: number
  /** the quota of FilterLogEvents; null for a server on this machine, which has none */
  readonly callsPerSecond: number | null
  /** what it takes to hear from every group once, before which nothing is in order */
  readonly firstEventsAfterMs: number
  readonly estimate: ReadEstimate
  readonly why: readonly string[]
  /** groups that Logs Insights reads */
  readonly byInsights: ReadonlySet<LogSource>
  /** Live Tail sessions to follow with; 0: sweeps */
  readonly liveSessions: number
}

/** What a read takes at about, as far as AWS tells how large log groups are. */
type ReadEstimate = {
  readonly calls: number
  readonly seconds: number
  /** of the past; Logs Insights alone costs money there */
  readonly costUSD: number
  /** while following, of Live Tail */
  readonly costUSDPerHour: number
  /** what Logs Insights scans */
  readonly scannedBytes: number
}

export type PlanOptions = Extent & {
  readonly sources: readonly LogSource[]
  readonly follow: boolean
  /** what the user wants; auto: whatever is best */
  readonly engine: Engine | 'auto'
  /** what Live Tail may cost an hour, where nobody asked for it; null: nobody said */
  readonly maxUSDPerHour: number | null
}

/** of the account's Live Tail sessions, so that colleagues have the rest */
export const liveHeadroom = 10
/** sweeps that take longer than this are worth a Live Tail session's price */
const slowSweepMs = 5_000
/** a read by FilterLogEvents that takes longer than this may be worth what Logs Insights costs */
const slowReadS = 60
/** what Live Tail may cost an hour where nobody said anything: a command that is left running must not surprise */
const unaskedUSDPerHour = 2
/** what the tool may spend by itself, without being told to: beyond it FilterLogEvents reads on, for nothing */
const spendableUSD = 0.25
/** what a group of unknown class holds of it is no money */
const shortWindowMs = 15 * 60_000

/** Whether the sizes of log groups would change the plan; they cost a call for each 50 groups. */
export function needsSizes({sources, start, end, engine, follow}: Omit<PlanOptions, 'sizes'>): boolean {
  if (engine === 'filter' || engine === 'live') return false
  if (engine === 'insights' || sources.some(isInfrequent)) return true
  const groupHours = (sources.length * (end - start)) / 3_600_000
  // of the Infrequent Access class it would cost money, and nobody would know how much before
  const mayCost = end - start > shortWindowMs && sources.some(({logGroupClass}) => logGroupClass === null)
  return !follow && (mayCost || groupHours > 48 || sweepSeconds(sources) > slowReadS / 2)
}

/**
 * Chooses how to read: by the groups' classes, their number, the window, what they hold, the quotas and the price. All of
 * it is arithmetic that `--explain` prints.
 */
export function planRead(options: PlanOptions): ReadPlan {
  const {sources, follow, tail, engine} = options
  const infrequent = follow || engine === 'filter' ? [] : sources.filter(isInfrequent)
  const standard = sources.filter(source => isReadable(source) && !infrequent.includes(source))
  const byFilter = filterEstimate(standard, options)
  const byQuery = insightsEstimate(standard, options)
  const isPriced = hasPrice(standard, options)
  const isWorthIt = isPriced && isWorth(byFilter, byQuery)
  const wantsInsights = !follow && (engine === 'insights' || (engine === 'auto' && isWorthIt))
  const byInsights = new Set([...infrequent, ...(wantsInsights ? standard : [])])
  const queried = insightsEstimate([...byInsights], options)
  const filtered = filterEstimate(wantsInsights ? [] : standard, options)
  const live = liveSessions(standard, options)
  const slowest = sweepSeconds(wantsInsights ? [] : standard)
  const rates = budgetsOf(sources).map(({rate}) => rate)
  const lowest = Math.min(withoutQuota, ...rates)
  const mostly = byInsights.size > sources.length / 2 ? 'insights' : 'filter'

  return {
    engine: follow ? (live > 0 ? 'live' : 'filter') : mostly,
    logGroups: sources.length,
    callsPerSecond: lowest < withoutQuota && mostly === 'filter' ? lowest : null,
    firstEventsAfterMs: Math.round(
      Math.max(slowest * 1000 + roundTripMs, byInsights.size > 0 ? leastSeconds * 1000 : 0),
    ),
    estimate: {
      calls: filtered.calls + queried.calls,
      seconds: Math.max(filtered.seconds, queried.seconds),
      costUSD: queried.costUSD,
      costUSDPerHour: usdPerHour(live),
      scannedBytes: queried.bytes,
    },
    why: [
      ...(standard.length > 0 && !wantsInsights ? filterReasons(standard, filtered, slowest) : []),
      ...(!follow && engine === 'auto' && !wantsInsights ? whyNotInsights(byFilter, byQuery, isPriced) : []),
      ...(byInsights.size > 0 ? insightsReasons(byInsights.size, infrequent.length, queried) : []),
      ...(wantsInsights && engine === 'auto' ? [`FilterLogEvents would take ${seconds(byFilter.seconds)}`] : []),
      ...(tail === null || mostly === 'insights' ? [] : ['the newest events are asked for newest first']),
      ...(follow ? followReasons(standard, live, options) : []),
      ...(follow || engine === 'filter' ? unreadable(sources.filter(isInfrequent).length, follow) : []),
    ],
    byInsights,
    liveSessions: live,
  }
}

const isInfrequent = ({logGroupClass}: LogSource): boolean => logGroupClass === 'INFREQUENT_ACCESS'
const isReadable = ({logGroupClass}: LogSource): boolean => logGroupClass === 'STANDARD' || logGroupClass === null

/** Whether it is known what queries would cost: a group that AWS tells no size of may only not be there. */
const hasPrice = (sources: readonly LogSource[], {sizes}: PlanOptions): boolean =>
  sources.some(source => sizes.has(source)) && sources.every(source => sizes.has(source) || source.mayBeMissing)

const isWorth = (byFilter: EngineEstimate, byQuery: EngineEstimate): boolean =>
  byFilter.seconds > slowReadS && byQuery.seconds * 3 < byFilter.seconds && byQuery.costUSD <= spendableUSD

/** How many Live Tail sessions follow; 0 where sweeps do. A session is opened for ten groups of one region and account. */
function liveSessions(sources: readonly LogSource[], {follow, engine, maxUSDPerHour}: PlanOptions): number {
  if (!follow || engine === 'filter') return 0
  const known = sources.filter(({scope}) => scope.account !== null)
  const sessions = [...Map.groupBy(known, ({aws}) => aws)].map(([, {length}]) =>
    Math.ceil(length / quotas.logs.liveTailLogGroups),
  )
  const total = sessions.reduce((sum, count) => sum + Math.min(count, liveHeadroom), 0)
  if (engine === 'live') return total
  const isAllowed = usdPerHour(total) <= (maxUSDPerHour ?? unaskedUSDPerHour)
  const isRoom = sessions.every(count => count <= liveHeadroom)
  return isAllowed && isRoom && slowestCycleMs(sources) > slowSweepMs ? total : 0
}

const usdPerHour = (sessions: number): number => sessions * 60 * prices.liveTailPerSessionMinute

function filterReasons(
  sources: readonly LogSource[],
  {calls, seconds: all}: EngineEstimate,
  slowest: number,
): string[] {
  return [
    `FilterLogEvents reads ${groups(sources.length)} of the Standard class, and costs nothing but calls`,
    `each answers once before the first event is certain: ${grouped(sources.length)} calls, ${seconds(slowest + roundTripMs / 1000)}`,
    ...(calls > sources.length ? [`all of it: about ${grouped(calls)} pages, ${seconds(all)}`] : []),
  ]
}

function whyNotInsights(byFilter: EngineEstimate, byQuery: EngineEstimate, isPriced: boolean): string[] {
  if (byQuery.calls === 0 || byFilter.seconds <= slowReadS) return []
  if (!isPriced)
    return ['what Logs Insights would cost is not known (logs:DescribeLogGroups): --engine insights takes it']
  if (byQuery.costUSD > spendableUSD)
    return [
      `Logs Insights would take ${seconds(byQuery.seconds)} and cost ${price(byQuery.costUSD)}: --engine insights takes it`,
    ]
  return [`Logs Insights would take ${seconds(byQuery.seconds)}: not enough less to pay for`]
}

function insightsReasons(all: number, infrequent: number, {bytes, seconds: taken, costUSD}: EngineEstimate): string[] {
  return [
    `Logs Insights reads ${groups(all)}${infrequent > 0 ? `: nothing else reads the ${infrequent} of the Infrequent Access class` : ''}`,
    bytes > 0
      ? `it scans about ${size(bytes)}: ${seconds(taken)}, ${price(costUSD)}`
      : 'how much it scans is not known: $0.005 a GB',
  ]
}

function followReasons(sources: readonly LogSource[], live: number, {engine, ...options}: PlanOptions): string[] {
  const cycle = `${(slowestCycleMs(sources) / 1000).toFixed(1)} s`
  const sweeps = `sweeping every group takes about ${cycle}, within ${shareOfQuota * 100} % of the quota`
  if (live === 0) {
    if (engine === 'live') return [`no group can be followed by Live Tail: ${sweeps}`]
    const offered = liveSessions(sources, {...options, engine: 'live'})
    return [
      `following: ${sweeps}`,
      ...(engine === 'auto' && slowestCycleMs(sources) > slowSweepMs && offered > 0
        ? [`Live Tail would be quicker, for $${usdPerHour(offered).toFixed(2)} an hour: --engine live takes it`]
        : []),
    ]
  }
  const hourly = `$${usdPerHour(live).toFixed(2)} an hour`
  return [
    ...(engine === 'live' ? [] : [`following: ${sweeps}, so Live Tail does it`]),
    `Live Tail: ${live} ${live === 1 ? 'session' : 'sessions'} of up to ${quotas.logs.liveTailLogGroups} groups, ${hourly} beyond the free minutes`,
  ]
}

function unreadable(infrequent: number, follow: boolean): string[] {
  if (infrequent === 0) return []
  return [
    `${groups(infrequent)} of the Infrequent Access class ${follow ? 'cannot be followed' : 'cannot be read so'}: a gap in the receipt`,
  ]
}

const grouped = (value: number): string => value.toLocaleString('en-US')

const size = (bytes: number): string => {
  const [unit, value] = bytes < 1e9 ? ['MB', bytes / 1e6] : ['GB', bytes / 1e9]
  return `${value.toFixed(value < 10 ? 1 : 0)} ${unit}`
}

const price = (costUSD: number): string =>
  costUSD < 0.0001 ? 'under $0.0001' : `$${costUSD.toFixed(costUSD < 0.01 ? 4 : 2)}`

const groups = (count: number): string => `${grouped(count)} log ${count === 1 ? 'group' : 'groups'}`

const seconds = (s: number): string =>
  s < 90 ? `about ${s.toFixed(s < 10 ? 1 : 0)} s` : `about ${Math.round(s / 60)} min`
