import {isKnown} from '../../../known.ts'
import {aliasName} from '../alias/alias-state.ts'
import {type AlarmVerdict, alarmVerdict, missedBetween} from '../evidence/alarm-verdict.ts'
import type {MemberEvidence} from '../evidence/evidence.ts'
import type {Judgement} from '../judge/judgement.ts'
import {isMuted, type MemberRun, type ShiftRun, tellEvent} from './shift-run.ts'

/**
 * Reads the evidence of all that moved, and judges each and all together. Where CloudWatch does not answer nothing is known,
 * which is said once, and neither moves anything on nor back.
 * @throws the signal's reason
 */
export async function readEvidence(run: ShiftRun, signal: AbortSignal): Promise<void> {
  const {reader, parts} = run
  if (reader === null) return
  const all = await reader.read(signal)
  const judged = run.members.filter(each => each.basisPoints > 0 && !isMuted(run, each) && each.movedAs !== null)
  for (const [at, each] of run.members.entries()) {
    const read = all[at]
    if (read === undefined) continue
    if (isKnown(read)) {
      tellGaps(run, each, read.value)
      each.evidence = read.value
      each.detail = null
    } else {
      const detail = `its evidence cannot be read: ${read.detail || read.unknown}`
      if (each.detail !== detail) tellEvent(run, 'warning', `${aliasName(each.member)}: ${detail}`)
      each.detail = detail
    }
    each.judgement = isKnown(read) && judged.includes(each) ? judgementOf(run, each) : null
  }
  const judgements = judged.map(each => countedAs(each, run.stageFrom))
  run.group =
    judged.length === 0
      ? null
      : parts.judgeGroup(
          judgements,
          judged.map(({member}) => aliasName(member)),
        )
  run.blamed = run.group?.blamed.flatMap(at => judged[at]?.member.functionName ?? []) ?? []
}

/** What of the evidence could not be read is said when it begins. */
function tellGaps(run: ShiftRun, {member, evidence}: MemberRun, {gaps = []}: MemberEvidence): void {
  for (const gap of gaps) if (!evidence?.gaps?.includes(gap)) tellEvent(run, 'warning', `${aliasName(member)}: ${gap}`)
}

function judgementOf({parts, plan}: ShiftRun, {member, evidence, basisPoints, weightAt}: MemberRun): Judgement | null {
  if (evidence === null) return null
  const {traffic, repeats} = member
  return parts.judge(
    {
      metrics: evidence.metrics,
      hasControl: basisPoints < 10_000,
      stageAt: weightAt ?? 0,
      repeats,
      baselineVersion: member.from,
      usualErrorRate: isKnown(traffic) ? traffic.value.errorRate : null,
    },
    plan.wish.judge,
  )
}

/** A member of an earlier wave was found well at its weight: it can hurt, and needs not show health again. */
function countedAs({judgement, weightAt}: MemberRun, stageFrom: number): Judgement | null {
  const isEarlier = (weightAt ?? 0) < stageFrom
  return isEarlier && judgement?.verdict === 'inconclusive' ? {...judgement, verdict: 'healthy'} : judgement
}

/** Reads the alarms. @throws the signal's reason */
export async function readGateAlarms(run: ShiftRun, signal: AbortSignal): Promise<AlarmVerdict> {
  const {plan, parts, aws, alarmsBefore: planned, since: startedAt} = run
  const {alarms: names, allowAlarms: allowed} = plan.wish
  if (names.length === 0) return {fired: [], unknown: []}
  const now = await parts.readAlarmsOrWhyNot(aws, names, signal)
  const missed = isKnown(now) ? missedBetween(run.alarms, now.value) : []
  for (const {name, since} of missed) {
    const again = since === null ? '' : ` since ${new Date(since).toISOString()}`
    tellEvent(run, 'warning', `alarm ${name} was not OK between two looks, and is again${again}: its history tells why`)
  }
  if (isKnown(now)) run.alarms = now.value
  const trouble = isKnown(now) ? null : `the alarms cannot be read: ${now.detail || now.unknown}`
  if (trouble !== null && trouble !== run.alarmTrouble) tellEvent(run, 'warning', trouble)
  run.alarmTrouble = trouble
  const {fired, unknown} = alarmVerdict({planned, now, startedAt, allowed})
  // it does not go on with this look; the next one counts again
  return {fired, unknown: [...unknown, ...missed.map(({name}) => ({name, why: 'it was not OK for a while'}))]}
}
