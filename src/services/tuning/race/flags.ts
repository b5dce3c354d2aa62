import type {Flag} from '../standing.ts'
import {isBimodal} from '../statistics/bimodality.ts'
import {binomialAtMost} from '../statistics/binomial.ts'
import {driftingOf} from '../statistics/drift.ts'
import type {Estimate} from './estimate.ts'
import {contradictsNeighbours} from './off-curve.ts'
import type {SizeRecord} from './size-record.ts'
import type {View} from './view.ts'

/** Of the size; more means that it works at the limit, where garbage collection takes its time. */
const nearlyFull = 0.95
/** In standard deviations of the size, on the log scale: in none of 100,000 without outliers. */
const reach = 4.685
/** One in twenty that takes far longer is what hosts and networks do: only more is news, */
const usualOutliers = 0.05
/** and a single one that takes so many times as long. */
const extreme = 10
/** Of runs with just that share of them, in which it seems to be more all the same. */
const byChance = 0.05

/**
 * What makes the figures of sizes doubtful. Each is raised in less than one of 100 runs where there is nothing of the kind
 * (bench/tune-flags.ts), however many sizes there are.
 * @param isLast the curve that sizes lie off takes long to fit: it is asked at the end only
 */
export function flagsIn(view: View, isLast: boolean): ReadonlyMap<string, readonly Flag[]> {
  const {all} = view
  const outlying = withOutliers(all)
  const drifting = driftingOf(all.map(({logs}) => logs))
  return new Map(
    all.map((each, i) => {
      const bimodal = isBimodal(each.logs)
      const flags: readonly Flag[] = [
        ...(!bimodal && outlying.has(each) ? ['outliers' as const] : []),
        ...(bimodal ? ['bimodal' as const] : []),
        ...(drifting[i] ? ['drifting' as const] : []),
        ...recordFlags(each.record),
        ...((isLast ? contradictsNeighbours(each, all) : each.record.isSuspect) ? ['off-curve' as const] : []),
      ]
      return [each.record.key, flags]
    }),
  )
}

/** Those of which a single invocation is proof. Of a size that is infeasible it is said already that it is too small. */
export const recordFlags = ({candidate, infeasible, maxMemoryUsedMB, isApproximate}: SizeRecord): readonly Flag[] => [
  ...(infeasible === null && maxMemoryUsedMB !== null && maxMemoryUsedMB >= nearlyFull * candidate.memorySizeMB
    ? ['memory-starved' as const]
    : []),
  ...(isApproximate ? ['approximate' as const] : []),
]

/** The sizes with more outliers than is usual: by themselves, or as all of them together have more. */
function withOutliers(all: readonly Estimate[]): ReadonlySet<Estimate> {
  const counted = all.map(each => ({each, n: each.logs.length, ...outliersOf(each)}))
  const sum = (of: (each: (typeof counted)[number]) => number): number => counted.reduce((so, each) => so + of(each), 0)
  const isMore = (outliers: number, n: number, level: number): boolean =>
    1 - binomialAtMost(outliers - 1, n, usualOutliers) < level
  const isTogether = isMore(
    sum(({outliers}) => outliers),
    sum(({n}) => n),
    byChance / 2,
  )
  const found = counted.filter(
    ({outliers, hasExtreme, n}) =>
      hasExtreme || isMore(outliers, n, byChance / 2 / all.length) || (isTogether && outliers > usualOutliers * n),
  )
  return new Set(found.map(({each}) => each))
}

function outliersOf({logs, centre, spread}: Estimate): {readonly outliers: number; readonly hasExtreme: boolean} {
  const beyond = logs.map(log => log - centre).filter(distance => distance > reach * spread)
  return {outliers: beyond.length, hasExtreme: beyond.some(distance => distance > Math.log(extreme))}
}
