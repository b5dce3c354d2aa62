import type {Candidate} from '../candidate.ts'
import type {Objective} from '../objective.ts'
import {chooseSize, goalOf, goalScore, type Point, tieWidth} from './choose-size.ts'
import {type CurveFit, curveMs} from './curve.ts'

export type ProposeOptions = {
  /** what was measured on the curve's architecture, cost and duration as they are compared */
  readonly measured: readonly Point[]
  /** in MB, both ends included */
  readonly range: readonly [smallest: number, largest: number]
  /** what an invocation costs that takes so long, in USD */
  readonly costUSD: (candidate: Candidate, durationMs: number) => number
  readonly objective: Objective
}

/** Sizes are proposed in such steps, and none that is nearly the same as a measured one. */
const stepMB = 64
const tooNear = 1.1

/**
 * One size that nobody measured and that should be better, by more than the indifference, than the best that was: to be
 * measured, never to be recommended as it is. What was measured bends the curve, so that it predicts each measured size as
 * it is.
 * @returns null where none is
 */
export function proposeSize(fit: CurveFit, options: ProposeOptions): Candidate | null {
  const {objective, costUSD, range} = options
  const measured = options.measured.toSorted((a, b) => a.memorySizeMB - b.memorySizeMB)
  const best = chooseSize(measured, {...objective, indifference: 0})?.candidate
  if (!best) return null
  const mostUSD =
    objective.costTolerance === null
      ? Number.POSITIVE_INFINITY
      : Math.min(...measured.map(each => each.costUSD)) * (1 + objective.costTolerance)
  const goal = goalOf(objective)
  const predicted = unmeasuredSizes(measured, range)
    .filter(
      size => objective.slo === null || !measured.some(each => each.meetsSlo !== true && each.memorySizeMB > size),
    )
    .map((memorySizeMB): Point => {
      const candidate = {memorySizeMB, architecture: fit.architecture}
      const durationMs = curveMs(fit, memorySizeMB) * bend(fit, measured, memorySizeMB)
      return {...candidate, durationMs, costUSD: costUSD(candidate, durationMs)}
    })
    .filter(each => each.costUSD <= mostUSD)
  const found = chooseSize(predicted, {...objective, slo: null, costTolerance: null, goal, indifference: 0})?.candidate
  if (!found || goalScore(found, goal) >= goalScore(best, goal) - Math.log1p(tieWidth(objective))) return null
  return {memorySizeMB: found.memorySizeMB, architecture: found.architecture}
}

function unmeasuredSizes(
  measured: readonly Point[],
  [smallest, largest]: readonly [number, number],
): readonly number[] {
  const sizes: number[] = []
  for (let size = Math.ceil(smallest / stepMB) * stepMB; size <= largest; size += stepMB) sizes.push(size)
  const isNear = (size: number) => (each: Point) =>
    Math.max(size, each.memorySizeMB) / Math.min(size, each.memorySizeMB) < tooNear
  return sizes.filter(size => !measured.some(isNear(size)))
}

/** By how much what was measured around a size lies off the curve: between two sizes by the logarithm of memory. */
function bend(fit: CurveFit, measured: readonly Point[], memorySizeMB: number): number {
  const off = (point: Point): number => Math.log(point.durationMs / curveMs(fit, point.memorySizeMB))
  const below = measured.findLast(each => each.memorySizeMB <= memorySizeMB)
  const above = measured.find(each => each.memorySizeMB > memorySizeMB)
  if (!below || !above) return Math.exp(off((below ?? above) as Point))
  const share = Math.log(memorySizeMB / below.memorySizeMB) / Math.log(above.memorySizeMB / below.memorySizeMB)
  return Math.exp(off(below) * (1 - share) + off(above) * share)
}
