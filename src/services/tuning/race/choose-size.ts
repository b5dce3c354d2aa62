import type {Candidate} from '../candidate.ts'
import type {Goal, Objective} from '../objective.ts'

/** What a size is judged by: means of warm and cold invocations at their shares. */
export type Point = Candidate & {
  readonly costUSD: number
  readonly durationMs: number
  /** whether the latency objective is met, where there is one */
  readonly meetsSlo?: boolean
}

/** `fastest` is the cheapest within 2 % of the lowest duration, however wide the indifference is. */
const fastestWithin = 0.02

/**
 * The best of some sizes by an objective, ties within its indifference decided by the other of cost and duration.
 * @returns with it what it ties with, itself included, smallest first; null where none meets the latency objective, or there
 *   is none
 */
export function chooseSize<P extends Point>(
  points: readonly P[],
  objective: Objective,
): {readonly candidate: P; readonly tied: readonly P[]} | null {
  const eligible = points.filter(point => objective.slo === null || point.meetsSlo === true)
  const affordable = withinTolerance(eligible, objective.costTolerance)
  const goal = goalOf(objective)
  const best = lowest(affordable, point => goalScore(point, goal))
  if (best === null) return null
  const limit = goalScore(best, goal) + Math.log1p(tieWidth(objective))
  const tied = affordable.filter(point => point === best || goalScore(point, goal) <= limit)
  const candidate = lowest(tied, point => otherScore(point, goal)) ?? best
  return {candidate, tied: tied.toSorted(bySize)}
}

/**
 * How good a size is by what is to be best, as a logarithm: the lower the better, and a difference of ln 1.03 is 3 %. It does
 * not depend on which other sizes there are.
 */
export function goalScore({costUSD, durationMs}: Pick<Point, 'costUSD' | 'durationMs'>, goal: Goal): number {
  const weight = costWeight(goal)
  return scaled(weight, costUSD) + scaled(1 - weight, durationMs)
}

/** What is best by an objective: with a cost tolerance, the fastest of those that are cheap enough. */
export const goalOf = ({goal, costTolerance}: Objective): Goal => (costTolerance === null ? goal : {kind: 'fastest'})

/** How much worse than the best, as a share, a size may be by an objective to tie with it. */
export const tieWidth = (objective: Objective): number =>
  goalOf(objective).kind === 'fastest' ? Math.min(fastestWithin, objective.indifference) : objective.indifference

/** Those that cost at most so much more than the cheapest. */
function withinTolerance<P extends Point>(points: readonly P[], tolerance: number | null): readonly P[] {
  if (tolerance === null) return points
  const most = Math.min(...points.map(({costUSD}) => costUSD)) * (1 + tolerance)
  return points.filter(({costUSD}) => costUSD <= most)
}

function costWeight(goal: Goal): number {
  if (goal.kind === 'balanced') return goal.weight
  return goal.kind === 'cheapest' ? 1 : 0
}

/** What decides a tie. Where both weigh the same there is no other, and the score itself does. */
function otherScore(point: Point, goal: Goal): number {
  const weight = costWeight(goal)
  if (weight === 0.5) return goalScore(point, goal)
  return goalScore(point, {kind: weight > 0.5 ? 'fastest' : 'cheapest'})
}

/** A weight of nothing makes a cost of nothing count for nothing, and not for NaN. */
const scaled = (weight: number, value: number): number => (weight === 0 ? 0 : weight * Math.log(value))

/** Of equals the smallest. */
function lowest<P extends Point>(points: readonly P[], score: (point: P) => number): P | null {
  return points.toSorted(bySize).reduce<P | null>((best, point) => {
    return best === null || score(point) < score(best) ? point : best
  }, null)
}

const bySize = (a: Candidate, b: Candidate): number =>
  a.memorySizeMB - b.memorySizeMB || a.architecture.localeCompare(b.architecture)
