import type {Objective} from '../objective.ts'
import {tieWidth} from './choose-size.ts'
import type {Estimate} from './estimate.ts'
import {alpha, bound, chanceOf} from './stop-rule.ts'

/** What the choice still depends on: whether this size is better than the chosen one after all. */
export type Doubt = {
  readonly rival: Estimate
  /** what speaks against the rival ÷ its standard error */
  readonly evidence: number
  /** standard error of the comparison, on the log scale */
  readonly error: number
  /** evidence ÷ what is needed; settled from 1 on */
  readonly settled: number
  /** the same if both were measured as often as the cap allows, and it stayed as it is */
  readonly settledAtCap: number
  /** that so much evidence, at any look, is chance, 0–1 */
  readonly chance: number
  /** share of what would be known at the cap */
  readonly information: number
}

export type Axis = 'cost' | 'duration' | 'goal'

/** What a size is worth on an axis, on the log scale: less is better. */
export function worth(estimate: Estimate, axis: Axis, {goal}: Objective): number {
  const weight = costWeight(axis, goal)
  return weight * estimate.lnCost + (1 - weight) * estimate.lnDuration
}

/** Without that of the init. */
function varianceOf(estimate: Estimate, weight: number): number {
  const elasticity = weight * estimate.costElasticity + (1 - weight) * estimate.durationElasticity
  return elasticity ** 2 * estimate.variance + weight ** 2 * estimate.restVariance
}

const initShareOf = ({init}: Estimate, weight: number): number =>
  weight * init.costShare + (1 - weight) * init.durationShare

/** What is wrong about an init that two sizes share is wrong for both. */
function initVarianceOf(a: Estimate, b: Estimate, weight: number): number {
  const [ofA, ofB] = [initShareOf(a, weight), initShareOf(b, weight)]
  const isCommon =
    a.init.isShared && b.init.isShared && a.record.candidate.architecture === b.record.candidate.architecture
  return isCommon ? (ofA - ofB) ** 2 * a.init.variance : ofA ** 2 * a.init.variance + ofB ** 2 * b.init.variance
}

function costWeight(axis: Axis, goal: Objective['goal']): number {
  if (axis === 'cost' || (axis === 'goal' && goal.kind === 'cheapest')) return 1
  if (axis === 'duration' || goal.kind === 'fastest') return 0
  return goal.kind === 'balanced' ? goal.weight : 1
}

/** Standard error of the difference of two sizes' worth. */
export function errorOf(a: Estimate, b: Estimate, axis: Axis, {goal}: Objective): number {
  const weight = costWeight(axis, goal)
  return Math.sqrt(varianceOf(a, weight) + varianceOf(b, weight) + initVarianceOf(a, b, weight)) + 1e-9
}

/** What the comparison of two sizes needs to know beyond them. */
export type Judging = {
  readonly objective: Objective
  readonly rivals: number
  readonly freedom: number
  readonly maxPerSize: number
}

/** The evidence that a's worth is below b's plus a margin, and that ÷ what is needed. */
export function evidenceBelow(
  a: Estimate,
  b: Estimate,
  margin: number,
  axis: Axis,
  {objective, rivals, freedom, maxPerSize}: Judging,
): Omit<Doubt, 'rival'> {
  const distance = worth(b, axis, objective) + margin - worth(a, axis, objective)
  const error = errorOf(a, b, axis, objective)
  const evidence = distance / error
  const information = 2 / (1 / a.n + 1 / b.n) / maxPerSize
  const needed = bound(rivals, freedom, information)
  const neededAtCap = bound(rivals, freedom, 1)
  return {
    evidence,
    error,
    settled: evidence / needed,
    settledAtCap: information >= 1 ? evidence / neededAtCap : evidence / Math.sqrt(information) / neededAtCap,
    chance: chanceOf(evidence, freedom, information),
    information,
  }
}

/**
 * What is not settled about a choice, the most doubtful first. By a goal: that no size is better than it by more than the
 * indifference. By a cost tolerance: that it is no dearer than that allows, and that each size that is faster by more than the
 * indifference is.
 * @param base the size that costs least by what is known
 */
export function doubtsAbout(
  pick: Estimate,
  base: Estimate,
  rivals: readonly Estimate[],
  judging: Judging,
): readonly Doubt[] {
  const margin = Math.log1p(tieWidth(judging.objective))
  const {costTolerance} = judging.objective
  const doubt = (rival: Estimate): Doubt => {
    if (costTolerance === null) return {rival, ...evidenceBelow(pick, rival, margin, 'goal', judging)}
    const tolerance = Math.log1p(costTolerance)
    const isFastest = evidenceBelow(pick, rival, margin, 'duration', judging)
    const isTooDear = rival === base ? isFastest : evidenceBelow(base, rival, margin - tolerance, 'cost', judging)
    const isCheapEnough = evidenceBelow(pick, rival, margin + tolerance, 'cost', judging)
    const better = isFastest.settled >= isTooDear.settled ? isFastest : isTooDear
    return {rival, ...(better.settled <= isCheapEnough.settled ? better : isCheapEnough)}
  }
  return rivals
    .filter(rival => rival !== pick)
    .map(doubt)
    .sort((a, b) => a.settled - b.settled)
}

/**
 * How sure it is that none of the rivals is better by more than the indifference, 0–1: the product, over rivals, of the
 * probability that what speaks against it is no chance, at this look or at one before. Each of them is bounded from above, and
 * all are compared with the same size, which makes the product too small rather than too large: what is told is at most how
 * often it is right, also where all sizes are alike (bench/tune-replay.ts). From 95 % on a choice is settled.
 */
export const confidenceOf = (doubts: readonly Pick<Doubt, 'chance'>[]): number =>
  doubts.reduce((product, {chance}) => product * (1 - chance), 1)

/** On the log scale: what is told exactly enough, and what says nothing. */
const finest = 1e-5
const widest = 10

/**
 * How much worse the choice is than the best at most, as a share of what is to be low: the least indifference by which it would
 * be 95 % sure, however often one looked. Null where a cost tolerance makes two things of it.
 */
export function withinShareOf(doubts: readonly Doubt[], {objective, freedom}: Judging): number | null {
  if (objective.costTolerance !== null) return null
  const margin = Math.log1p(tieWidth(objective))
  const isSure = (within: number): boolean =>
    confidenceOf(
      doubts.map(doubt => {
        const evidence = doubt.evidence + (within - margin) / doubt.error
        return {chance: chanceOf(evidence, freedom, doubt.information)}
      }),
    ) >=
    1 - alpha
  if (isSure(0)) return 0
  let [low, high] = [0, Math.max(finest, margin)]
  while (!isSure(high)) {
    if (high > widest) return null
    ;[low, high] = [high, 2 * high]
  }
  while (high - low > finest) {
    const middle = (low + high) / 2
    if (isSure(middle)) high = middle
    else low = middle
  }
  return Math.expm1(high)
}

/** Whether a size is surely worse than what was chosen, and by its estimate by more than the indifference. */
export function isBeaten(
  rival: Estimate,
  {pick, base, yardstick}: {readonly pick: Estimate; readonly base: Estimate; readonly yardstick: Estimate},
  judging: Judging,
): boolean {
  const {objective} = judging
  const isSure = (better: Estimate, margin: number, axis: Axis): boolean =>
    evidenceBelow(better, rival, margin, axis, judging).settled >= 1
  if (objective.costTolerance === null) {
    const distance = worth(rival, 'goal', objective) - worth(yardstick, 'goal', objective)
    return distance > Math.log1p(tieWidth(objective)) && isSure(yardstick, 0, 'goal')
  }
  const tolerance = Math.log1p(objective.costTolerance)
  if (isSure(base, -tolerance, 'cost')) return true
  const isCheapEnough = pick === base || evidenceBelow(pick, base, tolerance, 'cost', judging).settled >= 1
  return isCheapEnough && isSure(pick, 0, 'duration')
}
