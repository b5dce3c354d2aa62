import {binomialAtMost} from '../statistics/binomial.ts'
import {meanOf} from '../statistics/order.ts'
import type {Choice} from './choice.ts'
import {isBeaten, type Judging} from './doubts.ts'
import type {Estimate} from './estimate.ts'

/** Single calls that are so many times as long, or as short, as the middle one of their size, */
const far = 2
/** of which one in twenty is what hosts and networks do: only more of them is how the function answers, */
const usualOutliers = 0.05
/** and chance makes them in so many cases. */
const byChance = 0.05
/** Of four calls of a function that answers in either of two ways, all go the same way in one of eight sizes; of eight, in one of 128. */
const fewestOfScattered = 8

/**
 * Whether a size that is beaten by few calls shall have more before it is dropped: single calls of this race scatter by the
 * factor of two, so that the bulk of a few may be another than that of many, and by all of their spread nothing is sure.
 * @returns the warm calls that it shall have, and those that beat it; null where it may be dropped
 */
export function callsBeforeDrop(
  rival: Estimate,
  choice: Choice,
  all: readonly Estimate[],
  judging: Judging,
): number | null {
  const fewest = Math.min(fewestOfScattered, judging.maxPerSize)
  if (rival.logs.length >= fewest || !isScattered(all)) return null
  const variance = plainVariance(all)
  // the same object for the same size: the best and the chosen one may be one
  const plain = new Map(all.map(each => [each, {...each, variance: Math.max(each.variance, variance / each.n)}]))
  const of = (each: Estimate): Estimate => plain.get(each) ?? each
  const beaten = isBeaten(
    of(rival),
    {pick: of(choice.pick), base: of(choice.base), yardstick: of(choice.yardstick)},
    judging,
  )
  return beaten ? null : fewest
}

function isScattered(all: readonly Estimate[]): boolean {
  const distances = all.flatMap(({logs}) => {
    const middle = logs.toSorted((a, b) => a - b)[(logs.length - 1) >> 1] ?? 0
    return logs.map(log => Math.abs(log - middle))
  })
  const distant = distances.filter(distance => distance >= Math.log(far)).length
  return distant > 0 && 1 - binomialAtMost(distant - 1, distances.length, usualOutliers) < byChance
}

/** Of single calls of all sizes on the log scale, outliers and all: squared standard deviation. */
function plainVariance(all: readonly Estimate[]): number {
  const squares = all.flatMap(({logs}) => {
    const mean = meanOf(logs)
    return logs.map(log => (log - mean) ** 2)
  })
  return squares.reduce((sum, square) => sum + square, 0) / Math.max(1, squares.length - all.length)
}
