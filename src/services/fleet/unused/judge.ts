import {isKnown, type Known, type Unknown} from '../../../known.ts'
import {edgeReplicator} from '../facts/parse-policy.ts'
import {type Evidence, messagesIn, type Usage} from './evidence.ts'
import {type JudgedSchedule, judgeTriggers, type TriggerFindings} from './judge-triggers.ts'
import {type Reason, type RestsOn, unknownReason, type Verdict} from './verdict.ts'

/** What a verdict needs of the function itself. */
export type JudgedFunction = {
  readonly name: string
  readonly logGroup: string
  /** epoch ms; null where nobody can tell */
  readonly lastModifiedAt: number | null
  readonly snapStart: boolean
  readonly masterArn: string | null
}

/** Epoch ms. */
export type JudgedWindow = {
  readonly start: number
  readonly end: number
  readonly now: number
  /** a function changed less long ago is too young to judge */
  readonly newMs: number
}

export type Judgement = {
  readonly verdict: Verdict
  /** what decides first */
  readonly reasons: readonly Reason[]
  /** epoch ms: from then on, within a period of the metric or at the newest event of its log, it last ran; null where nothing tells */
  readonly lastInvoked: {readonly at: number; readonly from: 'metrics' | 'log'} | null
  /** the one that decides; null where none does */
  readonly schedule: JudgedSchedule | null
}

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
/** metrics come some minutes late */
const lagMs = 15 * minuteMs
/** CloudWatch lists what was reported in the last two weeks */
const listedMs = 14 * dayMs
/** a scan that goes on where one was killed takes over its window: what was called since is in use as well */
const takenOverMs = 60 * minuteMs
/** from here on, a function whose queue has messages does not merely rest */
const stillMs = dayMs

/** Whether a function that ran in the window has not for a day. */
export const isStanding = ({lastPeriod}: Usage, end: number): boolean =>
  lastPeriod !== null && end - lastPeriod.end > stillMs

/** Whether what CloudWatch lists of the last two weeks says that a function was called within the window. */
export const isListingEnough = ({start, end, now}: Pick<JudgedWindow, 'start' | 'end' | 'now'>): boolean =>
  isCurrent({end, now}) && end - start >= listedMs

/** Whether a window reaches to now, as far as a scan that goes on with another's can tell. */
const isCurrent = ({end, now}: Pick<JudgedWindow, 'end' | 'now'>): boolean => end >= now - lagMs - takenOverMs

/**
 * The verdict on a function, from all that is known of it. Nothing that could not be read is taken for none: where a verdict
 * rests on it, the verdict is unknown, with the reason.
 */
export function judge(fn: JudgedFunction, evidence: Evidence, window: JudgedWindow): Judgement {
  const {usage} = evidence
  const lastInvoked = lastInvokedAt(fn, evidence, window)
  if (isKnown(usage) && usage.value.invocations > 0) return judgeUsed(evidence, window, lastInvoked)
  if (!isKnown(usage)) {
    if (isListed(evidence) && isListingEnough(window))
      return {
        verdict: 'active',
        reasons: ['listed-in-last-two-weeks', ...aliasOnly(evidence)],
        lastInvoked,
        schedule: null,
      }
    return {verdict: 'unknown', reasons: [unknownReason('metrics', usage.unknown)], lastInvoked, schedule: null}
  }
  return {lastInvoked, ...judgeIdle(fn, evidence, window, usage.value.throttles)}
}

type Judged = Omit<Judgement, 'lastInvoked'>

/** A function that was called: what it had to do may wait all the same. */
function judgeUsed(evidence: Evidence, {end, now}: JudgedWindow, lastInvoked: Judgement['lastInvoked']): Judgement {
  const {usage, eventSources} = evidence
  const throttles: readonly Reason[] = isKnown(usage) && usage.value.throttles > 0 ? ['throttles'] : []
  const stands = end >= now - lagMs && isKnown(usage) && isStanding(usage.value, end)
  const waiting =
    stands && isKnown(eventSources)
      ? eventSources.value.filter(({queue}) => queue && isKnown(queue.state) && messagesIn(queue.state.value) > 0)
      : []
  if (waiting.length === 0)
    return {verdict: 'active', reasons: ['invoked', ...aliasOnly(evidence), ...throttles], lastInvoked, schedule: null}
  const states = waiting.map(({source}) =>
    source.state === 'Enabled' ? 'event-source-enabled' : 'event-source-disabled',
  )
  return {
    verdict: 'broken',
    reasons: ['queue-grows', 'stopped', ...new Set(states), ...throttles],
    lastInvoked,
    schedule: null,
  }
}

/** A function that was not called in the window. */
function judgeIdle(fn: JudgedFunction, evidence: Evidence, window: JudgedWindow, throttles: number): Judged {
  const {start, end, now} = window
  const settled = Math.min(end, now - lagMs)
  const since = existsSince(fn, evidence)
  const triggers = judgeTriggers(evidence, {
    start,
    since: since === null ? start : Math.max(start, since),
    end: settled,
    now,
    isCurrent: isCurrent(window),
  })
  const {state, reserved} = standing(evidence)
  const context: readonly Reason[] = [
    ...(state === 'Inactive' ? (['state-inactive'] as const) : state === 'Failed' ? (['state-failed'] as const) : []),
    ...(reserved === 0 ? (['throttled-off'] as const) : []),
  ]
  const {schedule} = triggers
  const told = (verdict: Verdict, ...reasons: readonly Reason[]): Judged => ({
    verdict,
    reasons: [...new Set([...reasons, ...triggers.further])],
    schedule,
  })

  if (isKnown(evidence.provisioned) && hasLogged(fn, evidence, window))
    return {verdict: 'active', reasons: ['log-event'], schedule: null}
  const refused: readonly Reason[] = throttles > 0 ? ['throttles'] : []
  if (triggers.broken.length + refused.length > 0)
    return told('broken', ...triggers.broken, ...refused, ...context, ...triggers.live, 'no-invocation')
  // its metrics are in the regions where CloudFront runs it
  if (fn.masterArn !== null) return {verdict: 'unknown', reasons: ['edge-replica'], schedule: null}
  if (isKnown(evidence.policy) && evidence.policy.value.some(({principal}) => principal === edgeReplicator))
    return {verdict: 'unknown', reasons: ['edge-original'], schedule: null}
  if (context.length > 0 && triggers.suspect.length === 0)
    return told('inactive', ...context, ...triggers.live, 'no-invocation')
  // called since its metrics were read, or since the window that was taken over ended
  if (isListed(evidence) && isListingEnough(window))
    return {verdict: 'active', reasons: ['listed-in-last-two-weeks', ...aliasOnly(evidence)], schedule: null}
  // what tells its age, or that it is broken, may be among what nobody came to
  if (isInterrupted(evidence)) return told('unknown', 'interrupted', 'no-invocation')
  if (isYoung(fn, evidence, window)) return told('new', 'too-young', ...triggers.live, 'no-invocation')
  // of what was in use, silence as short as this tells nothing
  if (triggers.suspect.length > 0 && !(isListed(evidence) && end - start < stillMs))
    return told('broken', ...triggers.suspect, ...context, 'no-invocation')
  return judgeResting(evidence, triggers, told, hasLogged(fn, evidence, window))
}

/** What nothing calls, as far as that is known. */
function judgeResting(
  evidence: Evidence,
  triggers: TriggerFindings,
  told: (verdict: Verdict, ...reasons: readonly Reason[]) => Judged,
  logged: boolean,
): Judged {
  const {eventSources, schedules, rules, details, policy, urls, provisioned} = evidence
  const alive = notKnown([
    ['event-sources', eventSources],
    ['schedules', schedules],
    ['rules', rules],
    ['details', details],
  ])
  if (alive.length > 0) return told('unknown', ...alive, 'no-invocation')
  if (triggers.unreadable.length > 0) return told('unknown', ...triggers.unreadable, 'no-invocation')
  if (triggers.resting.length > 0) return told('dormant', ...triggers.resting, 'no-invocation')
  // not in this window, but in the last two weeks
  if (isListed(evidence)) return told('dormant', 'listed-in-last-two-weeks', ...triggers.suspect, 'no-invocation')
  const callers = notKnown([
    ['policy', policy],
    ['urls', urls],
    // it logged within the window: that was a call, or an environment that was made ahead of calls
    ...(logged ? ([['provisioned', provisioned]] as const) : []),
  ])
  if (callers.length > 0) return told('unknown', ...callers, 'no-invocation')
  return told(
    'unused',
    'no-invocation',
    ...(triggers.further.every(reason => reason === 'dead-letters-waiting') ? (['no-trigger'] as const) : []),
  )
}

function isInterrupted(evidence: Evidence): boolean {
  const {eventSources, rules} = evidence
  const parts: readonly Known<unknown>[] = [
    ...Object.values(evidence),
    ...(isKnown(eventSources) ? eventSources.value.flatMap(({queue}) => (queue ? [queue.state, queue.sent] : [])) : []),
    ...(isKnown(rules) ? rules.value.flatMap(({matched}) => matched ?? []) : []),
  ]
  return parts.some(known => !isKnown(known) && known.unknown === 'interrupted')
}

function notKnown(parts: readonly (readonly [RestsOn, Known<unknown>])[]): readonly Reason[] {
  return parts.flatMap(([what, known]) => (isKnown(known) ? [] : [unknownReason(what, (known as Unknown).unknown)]))
}

function standing({details}: Evidence): {readonly state: string | null; readonly reserved: number | null} {
  return isKnown(details)
    ? {state: details.value.state, reserved: details.value.reservedConcurrency}
    : {state: null, reserved: null}
}

/** Whether CloudWatch lists it as called in the last two weeks. */
const isListed = ({listed}: Evidence): boolean => isKnown(listed) && listed.value !== null

/** All that was called in two weeks was called by an alias or a version: who looks at the function alone sees nothing. */
function aliasOnly({listed}: Evidence): readonly Reason[] {
  if (!isKnown(listed) || listed.value === null) return []
  const {resources} = listed.value
  return resources.size > 0 && [...resources].every(resource => resource.includes(':')) ? ['alias-only'] : []
}

/** A log group that others may write to tells nothing of this function. */
const hasOwnLog = ({name, logGroup}: JudgedFunction): boolean => logGroup === `/aws/lambda/${name}`

/** Environments that are made ahead of calls write to the log too. */
const isLogOfCalls = (fn: JudgedFunction, {provisioned}: Evidence): boolean =>
  hasOwnLog(fn) && !fn.snapStart && !(isKnown(provisioned) && provisioned.value.length > 0)

function lastInvokedAt(fn: JudgedFunction, evidence: Evidence, {start}: JudgedWindow): Judgement['lastInvoked'] {
  const {usage, lastLogEvent} = evidence
  if (isKnown(usage) && usage.value.lastPeriod !== null)
    return {at: Math.max(start, usage.value.lastPeriod.start), from: 'metrics'}
  if (isKnown(lastLogEvent) && lastLogEvent.value !== null && isLogOfCalls(fn, evidence))
    return {at: lastLogEvent.value, from: 'log'}
  return null
}

/** Something ran, though no metric tells of it yet; where provisioned concurrency is not known, it may have been that. */
function hasLogged(fn: JudgedFunction, evidence: Evidence, window: JudgedWindow): boolean {
  const {start, end, now} = window
  const {lastLogEvent} = evidence
  return (
    isLogOfCalls(fn, evidence) &&
    isKnown(lastLogEvent) &&
    lastLogEvent.value !== null &&
    lastLogEvent.value >= start &&
    lastLogEvent.value <= (isCurrent(window) ? now : end) + lagMs
  )
}

/** Epoch ms: since when the function is there for sure. AWS tells its last change only, its log group may be older. Null where nothing tells. */
function existsSince(fn: JudgedFunction, {logGroup}: Evidence): number | null {
  const created = hasOwnLog(fn) && isKnown(logGroup) ? logGroup.value?.createdAt : null
  const known = [fn.lastModifiedAt, created].filter(at => at != null)
  return known.length === 0 ? null : Math.min(...known)
}

/** Changed a short time ago and never called: it may be that nobody has come to it yet. */
function isYoung(fn: JudgedFunction, evidence: Evidence, {now, newMs}: JudgedWindow): boolean {
  const {lastLogEvent} = evidence
  const wasCalled = isLogOfCalls(fn, evidence) && isKnown(lastLogEvent) && lastLogEvent.value !== null
  const since = existsSince(fn, evidence)
  return since !== null && now - since < newMs && !wasCalled
}
