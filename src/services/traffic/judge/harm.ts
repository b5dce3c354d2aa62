import {absoluteAlternatives, lnAbsolute} from './absolute.ts'
import {type Allowance, errorShareAlternatives, lnErrorShare} from './error-share.ts'
import type {GateMetric, JudgeInput, JudgeSettings, MetricCounts, MinuteCounts} from './judgement.ts'
import {totalOf} from './rate.ts'
import {emptyMixture, fromLn, lnOfMixture, nextMixture} from './start-mixture.ts'

/** The threshold is the p95 of the version before: of its calls 5 % are slower, and never just those 5 %. */
const slowAllowance: Allowance = {times: 1.5, margin: 0.02}
export const usuallySlow = 0.05

/** Fewer calls of the baseline tell nothing of what is usual. */
const callsToTell = 100

export type HarmAt = {readonly at: number; readonly harm: number}

/**
 * From here on nothing goes on: half of the way to going back, on the log scale that evidence is on. A release that is no worse gets
 * here in a share √α of shifts at most, and then waits until it has shown to be well again.
 */
export const worryingHarm = (harmAt: number): number => Math.sqrt(harmAt)

/**
 * The evidence of harm after each minute, the mean of the metrics' own: that is evidence whatever they have to do with each other.
 * A metric without news keeps what it had.
 * @param byMetric as harmOfMetric tells it
 */
export function meanHarm(byMetric: readonly (readonly HarmAt[])[]): HarmAt[] {
  const courses = byMetric.map(course => new Map(course.map(({at, harm}) => [at, harm])))
  const times = [...new Set(courses.flatMap(course => [...course.keys()]))].sort((a, b) => a - b)
  const latest = courses.map(() => 1)
  return times.map(at => {
    for (const [index, course] of courses.entries()) latest[index] = course.get(at) ?? latest[index] ?? 1
    return {at, harm: latest.reduce((sum, harm) => sum + harm, 0) / latest.length}
  })
}

/**
 * Beside a baseline by the share of failures, without one by the absolute rate. The second goes on from what the first came to: their
 * product, whose expectation does not grow at the seam, so that α holds for the whole shift. (A mean of both would begin the
 * second at ½ at least and come to as much as 1.5 α.)
 */
export function harmOfMetric({metric, minutes}: MetricCounts, input: JudgeInput, settings: JudgeSettings): HarmAt[] {
  const share = 1 / Math.max(1, input.repeats)
  const aloneFrom = input.hasControl ? Number.POSITIVE_INFINITY : aloneSince(minutes, input.stageAt)
  const beside = minutes.filter(({at}) => at < aloneFrom)
  const allowed = Math.max(0.01, 2 * usualRate(metric, beside, input.usualErrorRate))
  const allowance = metric === 'slow' ? slowAllowance : settings

  let concurrent = emptyMixture(errorShareAlternatives)
  let alone = emptyMixture(absoluteAlternatives)
  return minutes.map(({at, canary, baseline}) => {
    if (at < aloneFrom) {
      const lnE = lnErrorShare(canary, baseline, allowance, share)
      if (lnE !== null) concurrent = nextMixture(concurrent, lnE)
    } else {
      const lnE = lnAbsolute(canary, allowed, share)
      if (lnE !== null) alone = nextMixture(alone, lnE)
    }
    return {at, harm: fromLn(lnOfMixture(concurrent) + lnOfMixture(alone))}
  })
}

/**
 * What is usual of the version before: the last day's rate or what it did in this shift, whichever is higher, so that what already
 * fails both is not held against the new one alone. Known when the stage without it begins, as the argument asks for.
 */
export function usualRate(metric: GateMetric, beside: readonly MinuteCounts[], usualErrorRate: number | null): number {
  const known = metric === 'errors' ? (usualErrorRate ?? 0) : metric === 'slow' ? usuallySlow : 0
  const {calls, bad} = totalOf(beside, 'baseline')
  return calls >= callsToTell ? Math.max(known, bad / calls) : known
}

/**
 * When the canary began to serve alone: the stage's beginning, or earlier where the baseline was not called since, as when
 * another wave's stages begin while this member is at 1.0 already; its evidence must not begin anew with each.
 */
export function aloneSince(minutes: readonly MinuteCounts[], stageAt: number): number {
  const first = minutes[minutes.findLastIndex(({baseline}) => baseline.calls > 0) + 1]
  return Math.min(stageAt, first?.at ?? stageAt)
}
