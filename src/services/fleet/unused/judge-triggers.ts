import {isKnown} from '../../../known.ts'
import type {Rule} from '../facts.ts'
import {lastFire, mustFireWithin, nextFire, parseSchedule} from '../schedule/schedule.ts'
import {type Evidence, letsRulesIn, messagesIn, type WatchedRule, type WatchedSource} from './evidence.ts'
import {type Reason, unknownReason} from './verdict.ts'

/** A schedule with its times, as far as its expression tells them. */
export type JudgedSchedule = {
  readonly name: string
  readonly kind: Rule['kind']
  readonly expression: string
  readonly timezone: string | null
  /** epoch ms */
  readonly lastFireAt: number | null
  readonly nextFireAt: number | null
}

/** What a function's triggers say of one that did not run. */
export type TriggerFindings = {
  /** it should have run, or there is work that waits */
  readonly broken: readonly Reason[]
  /** a live trigger of which nobody can tell whether it had anything to do */
  readonly suspect: readonly Reason[]
  /** a live trigger that had nothing to do */
  readonly resting: readonly Reason[]
  /** enabled triggers of any kind */
  readonly live: readonly Reason[]
  /** a schedule nobody can read, or a rule of which nobody knows whether anything matched it */
  readonly unreadable: readonly Reason[]
  /** what else there is: triggers that are off, and who may call */
  readonly further: readonly Reason[]
  readonly schedule: JudgedSchedule | null
}

/** When a trigger should have come through; epoch ms. */
type Due = {
  readonly start: number
  /** since when the function is there for sure, where that is after the start */
  readonly since: number
  readonly end: number
  readonly now: number
  /** the window reaches to now: what waits now has waited in it */
  readonly isCurrent: boolean
}

type Finding = Partial<Omit<TriggerFindings, 'schedule'>> & {readonly schedule?: JudgedSchedule}

/** Judges the triggers of a function that was not called. Of what is not known, nothing is said. */
export function judgeTriggers(evidence: Evidence, due: Due): TriggerFindings {
  const {eventSources, schedules, rules, policy, urls, deadLetters} = evidence
  const watchedRules = isKnown(rules) ? rules.value : []
  const findings: readonly Finding[] = [
    ...(isKnown(eventSources) ? eventSources.value.map(watched => judgeSource(watched, due)) : []),
    ...(isKnown(schedules) ? schedules.value.map(rule => judgeRule({rule, matched: null}, due)) : []),
    ...watchedRules.map(watched => judgeRule(watched, due)),
    ...(lacksPermission(evidence, watchedRules) ? [{further: ['permission-missing'] as const}] : []),
    ...(isKnown(policy) && policy.value.some(({principal}) => principal !== 'events.amazonaws.com')
      ? [{further: ['permission-granted'] as const}]
      : []),
    ...(isKnown(urls) && urls.value.length > 0 ? [{further: ['function-url'] as const}] : []),
    ...(isKnown(deadLetters) && deadLetters.value !== null && deadLetters.value.visible > 0
      ? [{further: ['dead-letters-waiting'] as const}]
      : []),
  ]
  const all = (pick: (finding: Finding) => readonly Reason[] | undefined): readonly Reason[] => [
    ...new Set(findings.flatMap(finding => pick(finding) ?? [])),
  ]
  const broken = findings.filter(finding => finding.broken?.length)
  const judged = [...broken, ...findings].flatMap(({schedule}) => schedule ?? [])
  return {
    broken: all(finding => finding.broken),
    suspect: all(finding => finding.suspect),
    resting: all(finding => finding.resting),
    live: all(finding => finding.live),
    unreadable: all(finding => finding.unreadable),
    further: all(finding => finding.further),
    schedule: judged[0] ?? null,
  }
}

/** Rules invoke by the resource policy, those that have no role for it: of one that is enabled and not let in, it is the likely reason. */
function lacksPermission({policy}: Evidence, rules: readonly WatchedRule[]): boolean {
  return rules.some(({rule}) => rule.isEnabled) && isKnown(policy) && !letsRulesIn(policy.value)
}

function judgeSource({source, queue}: WatchedSource, {isCurrent}: Due): Finding {
  const isLive = !source.state.startsWith('Disab')
  const state: Reason = isLive ? 'event-source-enabled' : 'event-source-disabled'
  const live: readonly Reason[] = isLive ? [state] : []
  const result = source.lastProcessingResult ?? ''
  const waits = queue !== null && isKnown(queue.state) && messagesIn(queue.state.value) > 0
  const broken: readonly Reason[] = [
    ...(waits && isCurrent ? (['queue-grows'] as const) : []),
    ...(isLive && /^PROBLEM/i.test(result) ? (['event-source-problem'] as const) : []),
  ]
  if (broken.length > 0) return {broken: [...broken, state], live}
  if (!isLive) return {further: [state]}
  if (queue === null)
    // AWS's words for a poller that works and finds nothing
    return /^no records/i.test(result) ? {resting: [state, 'no-records'], live} : {suspect: live, live}
  const {state: now, sent} = queue
  if (isKnown(sent) && sent.value > 0) return {broken: ['queue-received', state], live}
  if (!isKnown(now)) return {suspect: [state, unknownReason('queue', now.unknown)], live}
  if (now.value === null) return {broken: ['queue-missing', state], live}
  if (!isKnown(sent)) return {suspect: [state, 'queue-empty', unknownReason('metrics', sent.unknown)], live}
  return {resting: waits ? [state] : [state, 'queue-empty'], live}
}

function judgeRule({rule, matched}: WatchedRule, due: Due): Finding {
  if (rule.schedule === null) {
    if (!rule.isEnabled) return {further: ['event-rule-disabled']}
    const live = ['event-rule-enabled'] as const
    if (matched !== null && !isKnown(matched))
      return {unreadable: [unknownReason('metrics', matched.unknown)], further: live, live}
    return matched !== null && matched.value > 0 ? {broken: ['rule-matched', ...live], live} : {further: live, live}
  }
  if (!rule.isEnabled) return {further: ['schedule-disabled']}
  const parsed = parseSchedule(rule.schedule, rule.timezone)
  if (parsed === null) return {unreadable: ['schedule-unreadable']}
  const {
    activeFrom: from = Number.NEGATIVE_INFINITY,
    activeUntil: until = Number.POSITIVE_INFINITY,
    spreadMs = 0,
  } = rule
  const end = Math.min(due.end - spreadMs, until)
  const next = nextFire(parsed, Math.max(due.now, from))
  const schedule: JudgedSchedule = {
    name: rule.name,
    kind: rule.kind,
    expression: rule.schedule,
    timezone: rule.timezone,
    lastFireAt: lastFire(parsed, Math.min(due.now, until)),
    nextFireAt: next !== null && next <= until ? next : null,
  }
  if (mustFireWithin(parsed, Math.max(due.since, from), end)) return {broken: ['schedule-missed'], schedule}
  if (until <= due.now || (parsed.kind !== 'rate' && schedule.nextFireAt === null)) return {further: ['schedule-over']}
  // it fired before the function, or the schedule, was what it is now, or may have been there
  if (mustFireWithin(parsed, due.start, end)) return {resting: ['schedule-not-due'], schedule}
  return {resting: ['schedule-rarer-than-window'], schedule}
}
