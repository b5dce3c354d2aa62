import type {Slo} from '../objective.ts'
import {allowances, binomialAtMost} from '../statistics/binomial.ts'
import {percentileOf} from '../statistics/order.ts'

export type SloStanding = {
  readonly slo: 'certified' | 'seen' | 'missed'
  /** so many more exceed the limit than may that chance does not explain it: more invocations will not help */
  readonly isHopeless: boolean
  /** warm invocations that exceed the limit */
  readonly exceeding: number
  /** warm invocations by which it can be certified if none of those to come exceeds the limit; null when it cannot any more */
  readonly certifiedAt: number | null
}

/** Beyond three that exceed the limit certifying takes more than a run should spend; a median is certified by few. */
const mostExceeding = (percentile: number): number => (percentile <= 50 ? 12 : 3)
/** By chance in one of 100 sizes that just meet the objective. */
const hopeless = 0.01

/**
 * Where a size stands with a latency objective, by its warm durations in ascending order; at least one. Each look at which it can
 * be certified (p95: after 59, 93, 124 and 153) is right in 95 of 100 cases by itself; a size of which exactly as many exceed the
 * limit as just miss the objective passes one of the four in 10.6 of 100.
 */
export function sloStanding(sorted: readonly number[], {percentile, limitMs}: Slo): SloStanding {
  const n = sorted.length
  const exceeding = sorted.filter(ms => ms > limitMs).length
  const table = allowances(percentile, mostExceeding(percentile))
  const allowed = table[exceeding]
  const isHopeless = exceeding > 0 && 1 - binomialAtMost(exceeding - 1, n, 1 - percentile / 100) <= hopeless
  if (allowed && n >= allowed.invocations) return {slo: 'certified', isHopeless: false, exceeding, certifiedAt: n}
  const isSeen = percentileOf(sorted, percentile) <= limitMs
  return {slo: isSeen ? 'seen' : 'missed', isHopeless, exceeding, certifiedAt: allowed?.invocations ?? null}
}
