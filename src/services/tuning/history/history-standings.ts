import {type Candidate, candidateKey} from '../candidate.ts'
import {invocationCostUSD, paysForSnapStart} from '../money/run-prices.ts'
import {billedOf} from '../money/spending.ts'
import type {Slo} from '../objective.ts'
import type {Interval, Standing} from '../standing.ts'
import {studentUpperQuantile} from '../statistics/student-t.ts'
import type {TunePlan} from '../tune-plan.ts'
import type {HistoryRow} from './history.ts'

/** Memory that is so nearly used up makes figures doubtful. */
const starvedShare = 0.95

/** Where sizes stand by what past invocations took: none raced, so that each waits to be measured. */
export function historyStandings(rows: readonly HistoryRow[], plan: TunePlan): readonly Standing[] {
  const bySize = Map.groupBy(rows, candidateKey)
  return Array.from(bySize.values(), ofSize => standingOf(ofSize, plan)).toSorted(
    (a, b) => a.architecture.localeCompare(b.architecture) || a.memorySizeMB - b.memorySizeMB,
  )
}

function standingOf(rows: readonly HistoryRow[], plan: TunePlan): Standing {
  const [{memorySizeMB, architecture}] = rows as readonly [HistoryRow, ...HistoryRow[]]
  const warm = rows.find(({isCold, isFailed}) => !isCold && !isFailed) ?? null
  const cold = rows.find(({isCold, isFailed}) => isCold && !isFailed) ?? null
  const failures = sumOf(rows.filter(({isFailed}) => isFailed))
  const used = Math.max(0, ...rows.map(({maxMemoryUsedMB}) => maxMemoryUsedMB ?? 0)) || null
  const coldBilledMs = cold && cold.billedMs / cold.invocations
  const candidate = {memorySizeMB, architecture}
  const cost = (warmMs: number): number => 1e6 * meanCostUSD(candidate, warmMs, coldBilledMs, plan)
  const spread = warm && spreadOf(warm)
  return {
    ...candidate,
    status: 'waiting',
    why: null,
    invocations: sumOf(rows),
    coldStarts: sumOf(rows.filter(({isCold}) => isCold)),
    failures,
    meanBilledMs: spread?.mean ?? null,
    ci95BilledMs: spread?.ci95 ?? null,
    meanDurationMs: warm && warm.durationMs / warm.invocations,
    p50Ms: warm?.p50Ms ?? null,
    p95Ms: warm?.p95Ms ?? null,
    p99Ms: warm?.p99Ms ?? null,
    coldBilledMs,
    costPerMillionUSD: spread && cost(spread.mean),
    ci95CostPerMillionUSD: spread?.ci95 ? [cost(spread.ci95[0]), cost(spread.ci95[1])] : null,
    maxMemoryUsedMB: used,
    flags: used !== null && used >= starvedShare * memorySizeMB ? ['memory-starved'] : [],
    slo:
      warm && plan.objective.slo
        ? percentileOf(warm, plan.objective.slo) <= plan.objective.slo.limitMs
          ? 'seen'
          : 'missed'
        : null,
  }
}

const sumOf = (rows: readonly HistoryRow[]): number => rows.reduce((sum, {invocations}) => sum + invocations, 0)

const percentileOf = (row: HistoryRow, {percentile}: Slo): number =>
  ({50: row.p50Ms, 90: row.p90Ms, 95: row.p95Ms, 99: row.p99Ms})[percentile]

/** What an invocation costs on average, cold ones at their share; where none was cold, as if there were none. */
function meanCostUSD(candidate: Candidate, warmMs: number, coldMs: number | null, plan: TunePlan): number {
  const {source, prices, coldRatio} = plan
  const {ephemeralStorageMB} = source
  const isRestored = paysForSnapStart(billedOf(source))
  const of = {...candidate, ephemeralStorageMB}
  const warm = invocationCostUSD(prices, {...of, billedMs: warmMs})
  if (coldMs === null) return warm
  return (
    (1 - coldRatio.value) * warm + coldRatio.value * invocationCostUSD(prices, {...of, billedMs: coldMs, isRestored})
  )
}

/** Mean and 95 % interval of what was billed; none for a single invocation. */
function spreadOf({invocations: n, billedMs, billedSquares}: HistoryRow): {mean: number; ci95: Interval | null} {
  const mean = billedMs / n
  if (n < 2) return {mean, ci95: null}
  const variance = Math.max(0, (billedSquares - n * mean ** 2) / (n - 1))
  const half = studentUpperQuantile(0.025, n - 1) * Math.sqrt(variance / n)
  return {mean, ci95: [Math.max(0, mean - half), mean + half]}
}
