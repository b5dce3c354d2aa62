import {binomialAtMost} from '../statistics/binomial.ts'
import {meanOf} from '../statistics/order.ts'
import type {SizeRecord} from './size-record.ts'

/** A size with the centre of its bulk, and how many of its invocations lie beyond that. */
type Centred = {readonly record: SizeRecord; readonly centre: number; readonly beyond: number}

/** The mean of all warm invocations of all sizes, each ÷ the centre of its size. */
export function tailOf(centres: readonly Centred[]): number {
  let sum = 0
  let count = 0
  for (const {record, centre} of centres) {
    for (const log of record.logs) sum += Math.exp(log - centre)
    count += record.logs.length
  }
  return count === 0 ? 1 : sum / count
}

/** Fewer than this share of outliers is nothing that would make one size different from others. */
const usualOutliers = 0.05
/** By chance in one of 100 sizes. */
const surprising = 0.01

/** Whether a size has so many more outliers than the others that they are its own: then they count for it alone. */
export function isOwnTail(beyond: number, n: number, all: readonly Centred[]): boolean {
  if (beyond < 2) return false
  const othersBeyond = all.reduce((sum, each) => sum + each.beyond, 0) - beyond
  const others = all.reduce((sum, {record}) => sum + record.logs.length, 0) - n
  const share = Math.min(0.5, Math.max(usualOutliers, others === 0 ? 0 : othersBeyond / others))
  return 1 - binomialAtMost(beyond - 1, n, share) < surprising
}

/** The plain mean of a size's warm durations, and its squared standard error as a share. */
export function ownMean({warm}: SizeRecord): {readonly meanMs: number; readonly variance: number} {
  const durations = warm.map(({durationMs}) => durationMs)
  const meanMs = meanOf(durations)
  const squares = durations.reduce((sum, ms) => sum + (ms - meanMs) ** 2, 0)
  return {meanMs, variance: squares / (durations.length - 1) / durations.length / meanMs ** 2}
}
