import {acceptanceAlternatives, lnAbsoluteAcceptance, lnAcceptance} from './acceptance.ts'
import {aloneSince, usuallySlow, usualRate} from './harm.ts'
import type {GateMetric, JudgeInput, JudgeSettings, MetricCounts, MinuteCounts} from './judgement.ts'
import {totalOf} from './rate.ts'
import {fromLn, lnOfMean} from './start-mixture.ts'

export type Health = {
  /** as it is now; what showed and was lost again does not count */
  readonly health: number
  /** null where health shows, or no number of calls would show it */
  readonly callsToHealthy: number | null
}

/**
 * As slow as must not be: so much more of the calls above the threshold than of the version before. To tell it takes about as many
 * calls as it takes to tell 2 % of errors from none, and a version whose p95 has doubled has a tenth to two fifths above it, by how
 * durations spread (bench/shift-judge.ts).
 */
export const slowerBy = 0.07

/** More calls than this are nothing to wait for. */
const mostCalls = 1e9

const none = new Array<number>(acceptanceAlternatives).fill(0)

/**
 * The evidence of health of one metric in this stage. Minutes that are not final count against it only: they may be about to grow worse.
 * It ever reaches 1/β in a share β at most of the stages that are as bad as must not be.
 */
export function healthOf(counts: MetricCounts, input: JudgeInput, settings: JudgeSettings): Health {
  const minutes = counts.minutes.filter(({at}) => at >= input.stageAt)
  const lnOf = lnOfMinute(counts, input, settings)
  const ofFinal = lnHealths(
    minutes.filter(({isFinal}) => isFinal),
    lnOf,
  )
  const ofAll = lnHealths(minutes, lnOf)
  const lns = [ofFinal.at(-1) ?? none, ofAll.at(-1) ?? none].reduce((a, b) => (lnOfMean(a) <= lnOfMean(b) ? a : b))
  const health = fromLn(lnOfMean(lns))

  const ratio = ratioOf(minutes) ?? ratioOf(counts.minutes) ?? 1
  const usual = counts.metric === 'slow' ? usuallySlow : 0
  const lnPerCall = lnOf({canary: {calls: 1, bad: usual}, baseline: {calls: ratio, bad: ratio * usual}}) ?? []
  const lnHealthy = Math.log(1 / settings.beta)
  const isHealthy = health >= 1 / settings.beta
  return {health, callsToHealthy: isHealthy ? null : callsTo(lnHealthy, lns, lnPerCall)}
}

/** Its course, as if all minutes were final and of one stage. */
export function healthByMinute(counts: MetricCounts, input: JudgeInput, settings: JudgeSettings): number[] {
  return lnHealths(counts.minutes, lnOfMinute(counts, input, settings)).map(lns => fromLn(lnOfMean(lns)))
}

/** How much worse than the version before must not be. */
const tooMuch = (metric: GateMetric, {worseBy}: JudgeSettings): number => (metric === 'slow' ? slowerBy : worseBy)

type Versions = Pick<MinuteCounts, 'canary' | 'baseline'>

function lnOfMinute({metric, minutes}: MetricCounts, input: JudgeInput, settings: JudgeSettings) {
  const share = 1 / Math.max(1, input.repeats)
  const worseBy = tooMuch(metric, settings)
  if (input.hasControl) return ({canary, baseline}: Versions) => lnAcceptance(canary, baseline, worseBy, share)

  const beside = minutes.filter(({at}) => at < aloneSince(minutes, input.stageAt))
  const tooHigh = usualRate(metric, beside, input.usualErrorRate) + worseBy
  return ({canary}: Versions) => lnAbsoluteAcceptance(canary, tooHigh, share)
}

function lnHealths(minutes: readonly MinuteCounts[], lnOf: (minute: Versions) => number[] | null): number[][] {
  let lns = none
  return minutes.map(minute => {
    const lnE = lnOf(minute)
    lns = lnE === null ? lns : lns.map((ln, index) => ln + (lnE[index] ?? 0))
    return lns
  })
}

/** How many calls, each of which adds so much, make the mean of these come to that; null where none do. */
export function callsTo(lnGoal: number, lns: readonly number[], lnPerCall: readonly number[]): number | null {
  const isEnough = (calls: number) => lnOfMean(lns.map((ln, index) => ln + calls * (lnPerCall[index] ?? 0))) >= lnGoal
  if (!isEnough(mostCalls)) return null

  let low = 0
  let high = mostCalls
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (isEnough(middle)) high = middle
    else low = middle
  }
  return high
}

/** Calls of the baseline to one of the canary. */
function ratioOf(minutes: readonly MinuteCounts[]): number | null {
  const canary = totalOf(minutes, 'canary').calls
  const baseline = totalOf(minutes, 'baseline').calls
  return canary > 0 && baseline > 0 ? baseline / canary : null
}
