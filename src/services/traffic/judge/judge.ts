import {type HarmAt, harmOfMetric, meanHarm, worryingHarm} from './harm.ts'
import {type Health, healthOf} from './health.ts'
import type {Counts, JudgeInput, Judgement, JudgeSettings, MetricCounts, Verdict} from './judgement.ts'
import {effectOf} from './rate.ts'
import {reasonOf} from './reason.ts'

/**
 * Judges one member of a shift by all that is known of it now; the same whether minutes came one by one or all at once.
 *
 * Unhealthy once the evidence of harm has come to 1/α after any minute. A release that is no worse gets there in a share α of
 * shifts at most, looked at after each minute, whatever the weight did and the baseline's rate. Healthy when each metric is at 1/β or
 * above in this stage, and the evidence of harm is not worrying. Minutes in which failures are visible before their calls say nothing yet.
 */
export function judge(input: JudgeInput, settings: JudgeSettings): Judgement {
  const metrics = input.metrics.map(withoutInconsistent)
  const readable = {...input, metrics}
  const harmAt = 1 / settings.alpha
  const healthAt = 1 / settings.beta
  const harms = metrics.map(counts => harmOfMetric(counts, readable, settings))
  const course = meanHarm(harms)
  const harm = harmOf(course, harmAt)
  const healths = metrics.map(counts => healthOf(counts, readable, settings))
  const isShown = healths.length > 0 && healths.every(({health}) => health >= healthAt)
  const isHealthy = isShown && harm < worryingHarm(harmAt)
  const verdict: Verdict = harm >= harmAt ? 'unhealthy' : isHealthy ? 'healthy' : 'inconclusive'

  return {
    verdict,
    harm,
    harmAt,
    harmByMinute: course.map(minute => minute.harm),
    health: healths.length === 0 ? 1 : Math.min(...healths.map(({health}) => health)),
    healthAt,
    effects: metrics.map((counts, at) => effectOf(counts, harms[at]?.at(-1)?.harm ?? 1)),
    callsToHealthy: verdict === 'inconclusive' ? mostCalls(healths, healthAt) : null,
    why: reasonOf(readable, verdict, {settings, isShown}),
  }
}

/** The highest, once it has come to what is needed: that is not taken back by what follows. */
export function harmOf(course: readonly Pick<HarmAt, 'harm'>[], harmAt: number): number {
  const highest = course.reduce((most, {harm}) => Math.max(most, harm), 1)
  return highest >= harmAt ? highest : (course.at(-1)?.harm ?? 1)
}

function withoutInconsistent({metric, minutes}: MetricCounts): MetricCounts {
  return {metric, minutes: minutes.filter(({canary, baseline}) => isConsistent(canary) && isConsistent(baseline))}
}

function isConsistent({calls, bad}: Counts): boolean {
  return Number.isFinite(calls) && bad >= 0 && bad <= calls
}

function mostCalls(healths: readonly Health[], healthAt: number): number | null {
  const open = healths.filter(({health}) => health < healthAt).map(({callsToHealthy}) => callsToHealthy)
  if (open.length === 0 || open.includes(null)) return null

  return Math.max(...open.map(calls => calls ?? 0))
}
