import prices from '../../data/prices.json' with {type: 'json'}
import quotas from '../../data/quotas.json' with {type: 'json'}
import {bytesPerSecond, leastSeconds} from '../insights/scan-speed.ts'
import {bytesIn, type GroupSize} from './group-sizes.ts'
import type {LogSource} from './source.ts'

/** What is to be read, as far as it says how much that is. */
export type Extent = {
  /** epoch ms */
  readonly start: number
  readonly end: number
  readonly tail: number | null
  /** AWS leaves out most events: few come back */
  readonly isSelective: boolean
  /** of the groups whose size is known */
  readonly sizes: ReadonlyMap<LogSource, GroupSize>
  /** epoch ms */
  readonly now: number
}

/** What an engine would take. */
export type EngineEstimate = {
  readonly calls: number
  readonly seconds: number
  /** that are paid for */
  readonly bytes: number
  readonly costUSD: number
}

/** an answer comes after so long */
export const roundTripMs = 300
const pageBytes = 2 ** 20
const eventBytes = 250
/** share of events that a filter pattern leaves, for want of better knowledge */
const selectiveShare = 0.02
const GB = 1e9

/** What it takes at the quota to ask every group once. */
export function sweepSeconds(sources: readonly LogSource[]): number {
  return Math.max(0, ...budgetsOf(sources).map(({rate, sources: {length}}) => length / rate))
}

type Budgeted = {readonly rate: number; readonly sources: readonly LogSource[]}

/** Groups by the budget they share, with the calls a second that it allows. */
export function budgetsOf(sources: readonly LogSource[]): readonly Budgeted[] {
  return [...Map.groupBy(sources, ({aws}) => aws.budget)].map(([budget, ofBudget]) => ({
    rate: budget.numbers('FilterLogEvents').ratePerSecond,
    sources: ofBudget,
  }))
}

function bytesOf(extent: Extent, source: LogSource): number {
  const size = extent.sizes.get(source)
  return size ? bytesIn(size, extent, extent.now) : 0
}

/** Reading by FilterLogEvents: pages of at most 1 MB, at the quota. */
export function filterEstimate(sources: readonly LogSource[], options: Extent): EngineEstimate {
  const pagesOf = (source: LogSource): number =>
    options.tail === null ? Math.max(1, Math.ceil(bytesOf(options, source) / pageBytes)) : 1
  const pages = (all: readonly LogSource[]): number => all.reduce((sum, source) => sum + pagesOf(source), 0)
  const slowest = Math.max(0, ...budgetsOf(sources).map(({rate, sources: all}) => pages(all) / rate))
  return {calls: pages(sources), seconds: slowest + roundTripMs / 1000, bytes: 0, costUSD: 0}
}

/** Reading by Logs Insights: queries of at most 50 groups and 100,000 rows, and the bytes they scan at the list price. */
export function insightsEstimate(sources: readonly LogSource[], options: Extent): EngineEstimate {
  if (sources.length === 0) return {calls: 0, seconds: 0, bytes: 0, costUSD: 0}
  const {queryLogGroups, queryResultPageRows, queryResultRows} = quotas.logs
  const bytes = sources.reduce((sum, source) => sum + bytesOf(options, source), 0)
  const rows = (bytes / eventBytes) * (options.isSelective ? selectiveShare : 1)
  const lots = [...Map.groupBy(sources, ({aws}) => aws)].reduce(
    (sum, [, ofOne]) => sum + Math.ceil(ofOne.length / queryLogGroups),
    0,
  )
  const queries = Math.max(lots, Math.ceil(rows / queryResultRows))
  const pages = Math.ceil(rows / queryResultPageRows)
  return {
    calls: queries * 4 + pages,
    seconds: leastSeconds + queries / 10 + bytes / bytesPerSecond + pages / 10,
    bytes,
    costUSD: (bytes / GB) * prices.logsInsightsPerGBScanned,
  }
}
