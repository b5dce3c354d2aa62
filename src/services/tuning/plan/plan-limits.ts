import {usageError} from '../../../errors.ts'
import type {Candidate} from '../candidate.ts'
import type {Limits, Spent} from '../limits.ts'
import {memoryText} from '../memory-sizes.ts'
import {worstInvocationUSD, worstRunUSD} from '../money/run-prices.ts'
import {billedOf, snapshotsUSD} from '../money/spending.ts'
import type {Objective} from '../objective.ts'
import type {SourceFunction} from '../source/source-function.ts'
import type {Mode, TunePlan} from '../tune-plan.ts'

/** What a command may take, as far as somebody said. */
export type AskedLimits = {
  readonly maxCostUSD: number
  /** null: as many as may be worth it */
  readonly maxInvocations: number | null
  /** null: a quarter of an hour for each function */
  readonly maxTimeMs: number | null
}

const timeByDefaultMs = 15 * 60_000
/** how many invocations of a size are worth it where nothing but their mean counts */
const usualPerSize = 40
/** how many certify a percentile with 95 % confidence although some, three for the usual ones, were slower */
const certifyingPerSize: Readonly<Record<50 | 90 | 95 | 99, number>> = {50: usualPerSize, 90: 61, 95: 153, 99: 628}

/** How many invocations of a size are worth it, where the limits do not allow more. */
const worthPerSize = ({slo}: Objective): number => (slo === null ? usualPerSize : certifyingPerSize[slo.percentile])

/** How many invocations of one size a run may make. */
export const mostPerSize = ({
  objective,
  limits,
  candidates,
}: Pick<TunePlan, 'objective' | 'limits' | 'candidates'>): number =>
  Math.max(worthPerSize(objective), Math.ceil(limits.maxInvocations / Math.max(candidates.length, 1)))

/**
 * The limits of one of several functions, which share what a command may take; what one leaves over goes to those after it.
 * @param functions how many there are
 */
export function limitsOf(
  {maxCostUSD, maxInvocations, maxTimeMs}: AskedLimits,
  functions: number,
  objective: Objective,
  candidates: readonly Candidate[],
): Limits {
  return {
    maxCostUSD: maxCostUSD / functions,
    maxInvocations:
      maxInvocations === null ? candidates.length * worthPerSize(objective) : Math.floor(maxInvocations / functions),
    maxTimeMs: maxTimeMs === null ? timeByDefaultMs : Math.floor(maxTimeMs / functions),
  }
}

/** With the dollars that so many invocations can cost at most, where that is less than what is allowed. */
export function withinReach(plan: TunePlan): TunePlan {
  const {prices, source, candidates, limits, resumed} = plan
  const {invocations: made, costUSD: taken} = resumed ?? {invocations: 0, costUSD: 0}
  const run = {candidates, invocations: Math.max(0, limits.maxInvocations - made), perSize: mostPerSize(plan)}
  // sums of the same amounts in another order differ in the last digits
  const mostUSD = (taken + worstRunUSD(prices, billedOf(source), run)) * (1 + 1e-9)
  return mostUSD >= limits.maxCostUSD ? plan : {...plan, limits: {...limits, maxCostUSD: mostUSD}}
}

/**
 * Refuses what may not make even one invocation.
 * @throws UserError (exit 2) with the least that would do
 */
export function refuseNoCall(plan: TunePlan, {maxCostUSD}: Pick<AskedLimits, 'maxCostUSD'>): void {
  const {mode, source, prices, resumed, limits} = plan
  if (mode === 'observe') return
  if (resumed !== null && resumed.invocations >= limits.maxInvocations)
    throw usageError(
      `run ${resumed.runId} has made ${resumed.invocations.toLocaleString('en')} invocations: --max-invocations ${limits.maxInvocations} allows no more`,
      `allow more of them: --max-invocations ${resumed.invocations + limits.maxInvocations}`,
    )
  const snapshots = snapshotsUSD(plan, plan.candidates)
  const oneUSD = worstInvocationUSD(prices, billedOf(source), source)
  const neededUSD = (resumed?.costUSD ?? 0) + snapshots + oneUSD
  if (neededUSD <= maxCostUSD) return
  const before = [
    ...(resumed === null ? [] : [`run ${resumed.runId} took $${roundedUp(resumed.costUSD)}`]),
    ...(snapshots > 0 ? [`the snapshots of its versions cost $${roundedUp(snapshots)}`] : []),
  ]
  throw usageError(
    `--max-cost ${maxCostUSD} allows not one invocation of ${source.name}: at ${memoryText(source.memorySizeMB)}, until its timeout of ${source.timeoutSeconds.toLocaleString('en')} s, one may cost $${roundedUp(oneUSD)}${before.map(each => `; ${each}`).join('')}`,
    `allow at least --max-cost ${roundedUp(neededUSD)}, of which most calls take a small part`,
  )
}

/** Two digits of an amount that tell something, and never less than it. */
function roundedUp(amountUSD: number): string {
  const places = amountUSD > 0 ? Math.max(2, 1 - Math.floor(Math.log10(amountUSD))) : 2
  return (Math.ceil(amountUSD * 10 ** places) / 10 ** places).toFixed(places)
}

/** as it takes where AWS is quick: a clone made and removed, a size changed, published and waited for */
const cloneMs = 8_000
const sizeMs = 4_000
const snapshotMs = 3 * 60_000

/** What making what is invoked and removing it takes, roughly, in ms: beside the time that is limited. */
export function makingMsOf(mode: Mode, source: SourceFunction, candidates: readonly Candidate[]): number {
  if (mode === 'observe') return 0
  const clones = mode === 'versions' ? 0 : new Set(candidates.map(({architecture}) => architecture)).size
  return clones * cloneMs + candidates.length * sizeMs + (source.snapStart ? snapshotMs : 0)
}

/** A plan that may also take what those before it left over of what was asked for. */
export const withLeftOver = (
  plan: TunePlan,
  over: Pick<Spent, 'invocations' | 'costUSD'>,
  {maxInvocations}: AskedLimits,
): TunePlan => ({
  ...plan,
  limits: {
    ...plan.limits,
    maxCostUSD: plan.limits.maxCostUSD + over.costUSD,
    maxInvocations: plan.limits.maxInvocations + (maxInvocations === null ? 0 : over.invocations),
  },
})
