import {type Candidate, candidateKey} from '../candidate.ts'
import {trendOf} from '../statistics/drift.ts'
import {chooseSize, goalOf, tieWidth} from './choose-size.ts'
import {confidenceOf, type Doubt, doubtsAbout, errorOf, evidenceBelow, type Judging, worth} from './doubts.ts'
import type {Estimate} from './estimate.ts'
import {alpha} from './stop-rule.ts'

/** The size to choose by what is known, and what that still depends on. */
export type Choice = {
  readonly pick: Estimate
  /** sizes that are as good as the best within the indifference, the pick among them */
  readonly tied: readonly Candidate[]
  /** the best by estimate alone, before ties are decided; with a cost tolerance the cheapest */
  readonly base: Estimate
  /** what a size has to be surely worse than to be out: the best, or the usual one where the best is so by luck */
  readonly yardstick: Estimate
  readonly doubts: readonly Doubt[]
  /** nothing of it is in doubt: all doubts together are less than α */
  readonly isSettled: boolean
}

/**
 * A size is taken for tied only where that is likely: what it is worse by than the best, and this many standard errors more, are
 * within the indifference. Without it, ties that are none are what most regret comes from.
 */
const caution = 1
/** Where speed is the goal, a faster size is left for a cheaper one where it is faster by less than so many standard errors. */
const burden = 0.5

/** @param estimates of sizes that may be chosen @param meetsSlo whether a size meets the latency objective */
export function choose(
  estimates: readonly Estimate[],
  meetsSlo: (estimate: Estimate) => boolean,
  judging: Judging,
): Choice | null {
  const {objective} = judging
  const meeting = estimates.filter(meetsSlo)
  const axis = objective.costTolerance === null ? 'goal' : 'cost'
  const [base] = meeting.toSorted((a, b) => worth(a, axis, objective) - worth(b, axis, objective))
  if (!base) return null
  const chosen =
    goalOf(objective).kind === 'fastest'
      ? cheapestOfFast(affordable(meeting, base, judging), judging)
      : likelyBest(meeting, base, judging)
  if (!chosen) return null
  const doubts = doubtsAbout(chosen.pick, base, meeting, judging)
  return {...chosen, base, doubts, isSettled: confidenceOf(doubts) >= 1 - alpha}
}

type Chosen = Pick<Choice, 'pick' | 'tied' | 'yardstick'>

function likelyBest(meeting: readonly Estimate[], base: Estimate, {objective}: Judging): Chosen | null {
  const likely = within(meeting, base, Math.log1p(tieWidth(objective)), 'goal', objective, caution)
  const points = likely.map(({record, costUSD, durationMs}) => ({...record.candidate, costUSD, durationMs}))
  const chosen = chooseSize(points, {...objective, slo: null})
  const pick = chosen && likely.find(({record}) => record.key === candidateKey(chosen.candidate))
  return pick ? {pick, yardstick: base, tied: chosen.tied.map(bare)} : null
}

/** All, or with a cost tolerance those within it by estimate: erring to either side is the same to who gives one. */
function affordable(meeting: readonly Estimate[], base: Estimate, {objective}: Judging): readonly Estimate[] {
  if (objective.costTolerance === null) return meeting
  return within(meeting, base, Math.log1p(objective.costTolerance), 'cost', objective, 0)
}

function within(
  estimates: readonly Estimate[],
  base: Estimate,
  margin: number,
  axis: 'cost' | 'goal',
  objective: Judging['objective'],
  caution: number,
): readonly Estimate[] {
  return estimates.filter(estimate => {
    if (estimate === base) return true
    const distance = worth(estimate, axis, objective) - worth(base, axis, objective)
    return distance + caution * errorOf(estimate, base, axis, objective) <= margin
  })
}

/**
 * Of those that were not shown to be slower than the fastest, by more than the indifference, the cheapest: what costs several
 * times as much has to prove that it is faster. Where durations do not follow memory at all, the fastest is so by luck, or for a
 * reason that is not its memory: then it is the cheapest of those that are no slower than is usual.
 */
function cheapestOfFast(estimates: readonly Estimate[], judging: Judging): Chosen | null {
  const byDuration = estimates.toSorted((a, b) => a.lnDuration - b.lnDuration)
  const [fastest] = byDuration
  if (!fastest) return null
  const margin = -Math.log1p(tieWidth(judging.objective))
  const slower = (measure: Estimate, each: Estimate) => evidenceBelow(measure, each, margin, 'duration', judging)
  const isByMemory = hasTrend(estimates, fastest)
  const yardstick = isByMemory ? fastest : (byDuration[byDuration.length >> 1] ?? fastest)
  const fast = isByMemory
    ? estimates.filter(each => each === fastest || slower(fastest, each).evidence < burden)
    : estimates.filter(each => each === yardstick || slower(yardstick, each).settled < 1)
  const [pick = fastest] = fast.toSorted((a, b) => a.costUSD - b.costUSD)
  const close = fast.filter(each => each === pick || each.lnDuration <= fastest.lnDuration - margin)
  return {pick, yardstick, tied: close.map(({record}) => record.candidate)}
}

/** A trend of fewer sizes is not told from chance. */
const fewestOfTrend = 5
/** With one vCPU, more memory need not make anything faster. */
const oneCpuMB = 1769
/** One-sided, 10 %. */
const noChance = 1.2816

function hasTrend(estimates: readonly Estimate[], {record: {candidate}}: Estimate): boolean {
  const durations = estimates
    .filter(
      ({
        record: {
          candidate: {architecture, memorySizeMB},
        },
      }) => architecture === candidate.architecture && memorySizeMB <= oneCpuMB,
    )
    .toSorted((a, b) => a.record.candidate.memorySizeMB - b.record.candidate.memorySizeMB)
    .map(({lnDuration}) => lnDuration)
  return durations.length < fewestOfTrend || -trendOf(durations) > noChance
}

const bare = ({memorySizeMB, architecture}: Candidate): Candidate => ({memorySizeMB, architecture})
