import type {Slo} from '../objective.ts'
import type {Standing} from '../standing.ts'
import {percentileOf} from '../statistics/order.ts'
import type {NearestMiss, TuneReport} from '../tune-report.ts'
import {warmDurations} from './against-current.ts'

/** The verdict that no size meets the latency objective, by the one that comes nearest; null where that is not settled, or not so. */
export function nearestMiss({
  plan,
  ending,
  sizes,
  samples,
  recommendation,
}: Pick<TuneReport, 'plan' | 'ending' | 'sizes' | 'samples' | 'recommendation'>): NearestMiss | null {
  if (ending !== 'settled' || recommendation !== null || plan.objective.slo === null) return null
  const {slo} = plan.objective
  const measured = sizes.flatMap(size => {
    if (size.status === 'infeasible') return []
    const ms = percentileMs(size, slo, warmDurations(samples, size, plan.allowErrors))
    return ms === null || ms <= slo.limitMs
      ? []
      : [{memorySizeMB: size.memorySizeMB, architecture: size.architecture, ms}]
  })
  return measured.toSorted((a, b) => a.ms - b.ms)[0] ?? null
}

function percentileMs(size: Standing, {percentile}: Slo, durations: readonly number[]): number | null {
  if (durations.length > 0)
    return percentileOf(
      durations.toSorted((a, b) => a - b),
      percentile,
    )
  return {50: size.p50Ms, 90: null, 95: size.p95Ms, 99: size.p99Ms}[percentile]
}
