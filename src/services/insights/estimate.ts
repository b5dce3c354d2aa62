import {bytesIn, type GroupSize} from '../logs/group-sizes.ts'
import {scanCostUSD} from './insights-use.ts'
import {bytesPerSecond, leastSeconds} from './scan-speed.ts'

export type InsightsEstimate = {
  readonly queries: number
  /** null where the size of none of the groups is known */
  readonly bytes: number | null
  readonly costUSD: number | null
  readonly seconds: number | null
  /** groups of unknown size, which are not in the numbers */
  readonly unknown: number
}

const longWindowMs = 24 * 3_600_000
const manyGroups = 50

/**
 * The cost that is to be allowed before anything is run. Where none of it is known: null where it may be much, as of a long
 * window or of many log groups, else nothing.
 * @param groups null where the query selects them
 */
export function costToAllow(
  {costUSD}: InsightsEstimate,
  {start, end}: EstimateOptions['window'],
  groups: number | null,
): number | null {
  const mayBeMuch = end - start > longWindowMs || (groups ?? 0) > manyGroups
  return costUSD === null && !mayBeMuch ? 0 : costUSD
}

export type EstimateOptions = {
  /** one for each log group; null where its size is not known */
  readonly groups: readonly (GroupSize | null)[]
  readonly window: {readonly start: number; readonly end: number}
  readonly now: number
  readonly queries: number
  /** how many run at a time */
  readonly concurrency: number
}

/** What queries will scan, cost by list price and take, if the groups grew evenly: as far as their sizes are known. */
export function estimateInsights({groups, window, now, queries, concurrency}: EstimateOptions): InsightsEstimate {
  if (queries === 0) return {queries, bytes: 0, costUSD: 0, seconds: 0, unknown: 0}
  const known = groups.filter(group => group !== null)
  const unknown = groups.length - known.length
  if (known.length === 0) return {queries, bytes: null, costUSD: null, seconds: null, unknown}
  const bytes = known.reduce((sum, group) => sum + bytesIn(group, window, now), 0)
  const atATime = Math.max(1, Math.min(queries, concurrency))
  const rounds = Math.max(1, Math.ceil(queries / atATime))
  const seconds = Math.max(rounds * leastSeconds, bytes / (atATime * bytesPerSecond))
  return {queries, bytes, costUSD: scanCostUSD(bytes), seconds, unknown}
}
