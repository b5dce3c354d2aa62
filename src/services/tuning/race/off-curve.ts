import {medianOf} from '../statistics/order.ts'
import {curveMs, fitCurve} from './curve.ts'
import type {Estimate} from './estimate.ts'

/** Three others always lie on a curve of three parameters, and tell nothing of how well it fits. */
const fewestOthers = 5
const far = 4
/** Curves of real functions fit to 2.6 % (the median of 38 sweeps): less is luck. */
const leastSpread = 0.03
/** Median absolute deviation of a normal distribution. */
const deviation = 0.6745

/**
 * How far a size's duration is off the curve that its architecture's other sizes make, on the log scale, below 0 when it is
 * faster; 0 where it is within four robust standard deviations, or nothing can be said.
 */
function offCurve(estimate: Estimate, all: readonly Estimate[]): number {
  const {architecture, memorySizeMB} = estimate.record.candidate
  const others = othersOf(estimate, all)
  if (others.length < fewestOthers) return 0
  const points = others.map(({record, durationMs}) => ({memorySizeMB: record.candidate.memorySizeMB, durationMs}))
  const fit = fitCurve(architecture, points)
  if (!fit) return 0
  const residual = ({memorySizeMB, durationMs}: {readonly memorySizeMB: number; readonly durationMs: number}): number =>
    Math.log(durationMs / curveMs(fit, memorySizeMB))
  const spread = Math.max(leastSpread, medianOf(points.map(point => Math.abs(residual(point)))) / deviation)
  const uncertain = Math.sqrt(spread ** 2 + estimate.variance)
  const off = residual({memorySizeMB, durationMs: estimate.durationMs})
  return Math.abs(off) > far * uncertain ? off : 0
}

/** Faster than each larger size by so much is nothing that memory does. */
const inexplicable = 1.5

/**
 * Whether a size is too fast to be believed: below the curve, and far below every larger size, as where it answered without
 * doing the work. Off the curve alone is not enough, for real functions have steps that no curve knows.
 */
export function isTooGood(estimate: Estimate, all: readonly Estimate[]): boolean {
  const larger = othersOf(estimate, all).filter(other => memoryOf(other) > memoryOf(estimate))
  const isFarBelow = larger.every(({durationMs}) => durationMs > inexplicable * estimate.durationMs)
  return larger.length > 0 && isFarBelow && offCurve(estimate, all) < 0
}

/** Less is what hosts, or the runtime's collector, may do. */
const remarkable = 1.25

/**
 * Whether a size contradicts its neighbours: off the curve, and surely and by a quarter faster than the next larger one, or
 * slower than the next smaller one. More memory makes nothing slower: functions of several threads, of one CPU, and those that
 * wait have curves of different shapes, and none of them goes up.
 */
export function contradictsNeighbours(estimate: Estimate, all: readonly Estimate[]): boolean {
  const others = othersOf(estimate, all).toSorted((a, b) => memoryOf(a) - memoryOf(b))
  const smaller = others.findLast(other => memoryOf(other) < memoryOf(estimate))
  const larger = others.find(other => memoryOf(other) > memoryOf(estimate))
  const isFaster = larger !== undefined && isSurelyFaster(estimate, larger)
  const isSlower = smaller !== undefined && isSurelyFaster(smaller, estimate)
  if (!isFaster && !isSlower) return false
  const off = offCurve(estimate, all)
  return (isFaster && off < 0) || (isSlower && off > 0)
}

function isSurelyFaster(a: Estimate, b: Estimate): boolean {
  const distance = b.lnDuration - a.lnDuration
  return distance > Math.log(remarkable) && distance > far * Math.sqrt(a.variance + b.variance)
}

const memoryOf = ({record}: Estimate): number => record.candidate.memorySizeMB

const othersOf = ({record}: Estimate, all: readonly Estimate[]): readonly Estimate[] =>
  all.filter(other => other.record !== record && other.record.candidate.architecture === record.candidate.architecture)
