import type {RateBudget} from '../aws/rate-budget.ts'
import type {LogSource} from './source.ts'

/** of the quota, so that colleagues and dashboards have the rest */
export const shareOfQuota = 0.7
export const shortestCycleMs = 1_000

/** How often groups are swept, by the budget they share: at the pace at which all of them take no more than our share of it. */
export function sweepCyclesMs(sources: readonly LogSource[]): ReadonlyMap<RateBudget, number> {
  const sharing = new Map<RateBudget, number>()
  for (const {aws} of sources) sharing.set(aws.budget, (sharing.get(aws.budget) ?? 0) + 1)
  return new Map([...sharing].map(([budget, groups]) => [budget, cycleMs(budget, groups)] as const))
}

/** What it takes to come round to every group. */
export const slowestCycleMs = (sources: readonly LogSource[]): number =>
  Math.max(shortestCycleMs, ...sweepCyclesMs(sources).values())

const cycleMs = (budget: RateBudget, groups: number): number =>
  Math.max(shortestCycleMs, (groups / (budget.numbers('FilterLogEvents').ratePerSecond * shareOfQuota)) * 1000)
