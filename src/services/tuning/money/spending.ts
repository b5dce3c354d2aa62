import type {Candidate} from '../candidate.ts'
import type {Limits, Spent} from '../limits.ts'
import type {Sample} from '../sample.ts'
import type {SourceFunction} from '../source/source-function.ts'
import type {TunePlan} from '../tune-plan.ts'
import {type Billed, invocationCostUSD, paysForSnapStart, versionCostUSD, worstInvocationUSD} from './run-prices.ts'

type Priced = Pick<TunePlan, 'prices' | 'source'>

/** Which limit a run came to. */
export type LimitReached = 'max-cost' | 'max-invocations' | 'max-time'

/** An invocation that is under way, counted at the most that it can cost until somebody knows better. */
type Charge = {
  /** it was reported, and cost so much */
  settle(costUSD: number): void
  /** nobody knows what became of it: it stays at the most that it can have cost */
  lose(): void
  /** it never ran: Lambda refused it */
  waive(): void
}

/** What a run may take and has taken. */
export type Spending = {
  /**
   * The limit that one more invocation may go beyond; null where it may be made.
   * @param expectedMs what it will take, by those before it; what takes longer is not waited for when time is over
   */
  reached(candidate: Candidate, expectedMs: number): LimitReached | null
  begin(candidate: Candidate): Charge
  /** takes what is owed for something else than an invocation; false, and nothing is taken, where it goes beyond the limit */
  take(amountUSD: number): boolean
  /** without what is under way, which is counted as soon as it is known: what was spent only grows */
  spent(): Spent
}

/** What a function costs beside its memory. */
export const billedOf = ({configuration, timeoutSeconds, ephemeralStorageMB, snapStart}: SourceFunction): Billed => ({
  timeoutSeconds,
  ephemeralStorageMB,
  snapStart,
  runtime: configuration.Runtime ?? null,
})

/** What the snapshots cost that a version of each candidate has, which is owed before anything is invoked. */
export const snapshotsUSD = ({prices, source}: Priced, candidates: readonly Candidate[]): number =>
  candidates.reduce((sum, candidate) => sum + versionCostUSD(prices, billedOf(source), candidate), 0)

/** What an invocation cost, as it was billed. */
export const sampleCostUSD = (
  {prices, source}: Priced,
  {memorySizeMB, architecture, billedMs, restoreMs}: Omit<Sample, 'index'>,
): number =>
  invocationCostUSD(prices, {
    memorySizeMB,
    architecture,
    ephemeralStorageMB: source.ephemeralStorageMB,
    billedMs,
    isRestored: restoreMs !== null && paysForSnapStart(billedOf(source)),
  })

/** What a run took: as it was billed, and of invocations without an answer the most that they can have cost. */
export const takenBy = (plan: Priced, samples: readonly Sample[], unanswered: readonly Candidate[]): Spent => ({
  invocations: samples.length + unanswered.length,
  costUSD:
    samples.reduce((sum, sample) => sum + sampleCostUSD(plan, sample), 0) +
    unanswered.reduce((sum, each) => sum + worstInvocationUSD(plan.prices, billedOf(plan.source), each), 0),
  unknown: unanswered.length,
})

/**
 * Keeps account of a run. An invocation may be made only where what was spent, what is under way and it itself, each at the
 * most that it can cost, stay within the limits. That is the timeout with an init before it, for nothing else ends a function
 * that hangs: far more than most cost, and given back as soon as they are reported; but only so is a limit never exceeded.
 * @param limits what is left of them for this run
 * @param earlier what the run took before it was resumed
 */
export function createSpending(
  plan: Priced,
  {maxCostUSD, maxInvocations, maxTimeMs}: Limits,
  earlier: Spent,
  now: () => number,
): Spending {
  let {invocations, costUSD, unknown} = earlier
  let underWayUSD = 0
  let startedAt: number | null = null
  const mostUSD = (candidate: Candidate): number => worstInvocationUSD(plan.prices, billedOf(plan.source), candidate)
  return {
    reached(candidate, expectedMs) {
      if (invocations >= maxInvocations) return 'max-invocations'
      if (costUSD + underWayUSD + mostUSD(candidate) > maxCostUSD) return 'max-cost'
      return startedAt !== null && now() - startedAt + expectedMs >= maxTimeMs ? 'max-time' : null
    },
    begin(candidate) {
      const most = mostUSD(candidate)
      startedAt ??= now()
      invocations++
      underWayUSD += most
      return {
        settle(known) {
          underWayUSD -= most
          costUSD += known
        },
        lose() {
          underWayUSD -= most
          costUSD += most
          unknown++
        },
        waive() {
          underWayUSD -= most
          invocations--
        },
      }
    },
    take(amountUSD) {
      if (costUSD + underWayUSD + amountUSD > maxCostUSD) return false
      costUSD += amountUSD
      return true
    },
    spent: () => ({invocations, costUSD: Math.max(costUSD, 0), unknown}),
  }
}
