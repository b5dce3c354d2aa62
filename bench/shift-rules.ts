import {judgeByDefault} from '../src/flags/traffic-defaults.ts'
import {healthByMinute} from '../src/services/traffic/judge/health.ts'
import {judge} from '../src/services/traffic/judge/judge.ts'
import type {Counts, GateMetric, JudgeInput, MinuteCounts} from '../src/services/traffic/judge/judgement.ts'

/** The minute, counted from 1, in which a rule sends a release back; null: in none. */
type Rule = (minutes: readonly MinuteCounts[]) => number | null

/** What is simulated is what users get. */
export const settings = judgeByDefault

/** What others do, in the order of the table's columns. Each fires at the latest minute it has to see, never before. */
export const rules: Readonly<Record<string, Rule>> = {
  'any error': minutes => nth(minutes, 1, ({canary}) => canary.bad > 0),
  '2×60 s Errors>0': minutes =>
    firstMinute(minutes, (minute, index) => minute.canary.bad > 0 && (minutes[index - 1]?.canary.bad ?? 0) > 0),
  // a fourth measurement below the rate is more than a failureLimit of 3; a minute without calls is no measurement
  '95 %/min, limit 3': minutes => nth(minutes, 4, ({canary}) => canary.calls > 0 && successRate(canary) < 0.95),
  // no value is a failed check
  '99 %/min, threshold 5': minutes => nth(minutes, 5, ({canary}) => canary.calls === 0 || successRate(canary) < 0.99),
  'Fisher p<.05': cumulativeFisher,
  'e-process α=.01': minutes => sentBack(minutes, 1),
}

export function sentBack(minutes: readonly MinuteCounts[], repeats: number): number | null {
  const {harmByMinute, harmAt} = judge(inputOf(minutes, repeats), settings)
  const index = harmByMinute.findIndex(harm => harm >= harmAt)
  return index < 0 ? null : index + 1
}

/** The minute in which health shows first, counted from 1, all of them one stage; null: in none. */
export function calledHealthy(minutes: readonly MinuteCounts[], metric: GateMetric = 'errors'): number | null {
  const index = healthByMinute({metric, minutes}, inputOf(minutes, 1), settings).findIndex(
    health => health >= 1 / settings.beta,
  )
  return index < 0 ? null : index + 1
}

/** P(at least so many of the failures are the canary's), if both fail alike: Fisher's exact test, one-sided. */
export function fisher(canary: Counts, baseline: Counts): number {
  const calls = canary.calls + baseline.calls
  const bad = canary.bad + baseline.bad
  const most = Math.min(bad, canary.calls)
  let term = Math.exp(
    lnChoose(bad, canary.bad) + lnChoose(calls - bad, canary.calls - canary.bad) - lnChoose(calls, canary.calls),
  )
  let sum = 0
  for (let k = canary.bad; k <= most; k++) {
    sum += term
    if (term < sum * 1e-12 && k > (bad * canary.calls) / calls) break
    term *= ((bad - k) * (canary.calls - k)) / ((k + 1) * (calls - bad - canary.calls + k + 1))
  }
  return Math.min(1, sum)
}

function cumulativeFisher(minutes: readonly MinuteCounts[]): number | null {
  let canary: Counts = {calls: 0, bad: 0}
  let baseline: Counts = {calls: 0, bad: 0}
  return firstMinute(minutes, minute => {
    canary = plus(canary, minute.canary)
    baseline = plus(baseline, minute.baseline)
    return canary.bad > 0 && fisher(canary, baseline) < 0.05
  })
}

function inputOf(minutes: readonly MinuteCounts[], repeats: number): JudgeInput {
  return {metrics: [{metric: 'errors', minutes}], hasControl: true, stageAt: 0, repeats, usualErrorRate: null}
}

function nth(minutes: readonly MinuteCounts[], count: number, isBad: (minute: MinuteCounts) => boolean): number | null {
  let bad = 0
  return firstMinute(minutes, minute => isBad(minute) && ++bad === count)
}

function firstMinute(
  minutes: readonly MinuteCounts[],
  fires: (minute: MinuteCounts, index: number) => boolean,
): number | null {
  const index = minutes.findIndex(fires)
  return index < 0 ? null : index + 1
}

function successRate({calls, bad}: Counts): number {
  return 1 - bad / calls
}

function plus(a: Counts, b: Counts): Counts {
  return {calls: a.calls + b.calls, bad: a.bad + b.bad}
}

const lnFactorials = [0]

function lnChoose(n: number, k: number): number {
  return lnFactorial(n) - lnFactorial(k) - lnFactorial(n - k)
}

function lnFactorial(n: number): number {
  for (let next = lnFactorials.length; next <= n; next++)
    lnFactorials.push((lnFactorials[next - 1] ?? 0) + Math.log(next))
  return lnFactorials[n] ?? Number.NaN
}
