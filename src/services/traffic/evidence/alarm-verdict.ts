import {isKnown, type Known} from '../../../known.ts'
import type {GateAlarm} from './evidence.ts'
import {alarmNameOf} from './read-alarms.ts'

/** What the alarms of a gate say of a shift. */
export type AlarmVerdict = {
  /** red because of what happened since: the shift goes back */
  readonly fired: readonly GateAlarm[]
  /** of which nobody can tell: it does not go on, and does not go back either */
  readonly unknown: readonly {readonly name: string; readonly why: string}[]
}

export type AlarmsWatched = {
  /** as the plan had them */
  readonly planned: readonly GateAlarm[]
  /** as they are, or why that is not known */
  readonly now: Known<readonly GateAlarm[]>
  /** epoch ms of the first write of the shift */
  readonly startedAt: number
  /** names, or ARNs, of those that may have been red before */
  readonly allowed: readonly string[]
}

/**
 * What the alarms say. One that is red has fired, unless it may be and has been since before the shift began: had it been red
 * without leave, there would be no shift. An alarm without data, or one that CloudWatch could not evaluate, says nothing.
 */
export function alarmVerdict({planned, now, startedAt, allowed}: AlarmsWatched): AlarmVerdict {
  if (!isKnown(now)) return {fired: [], unknown: planned.map(({name}) => ({name, why: now.detail}))}
  const mayBeRed = new Set(allowed.map(alarmNameOf))
  const fired: GateAlarm[] = []
  const unknown: {name: string; why: string}[] = []
  for (const {name} of planned.filter(({name}) => !now.value.some(alarm => alarm.name === name)))
    unknown.push({name, why: 'it is no longer there'})
  for (const alarm of now.value) {
    const {name, state, isEvaluated} = alarm
    if (!isEvaluated) unknown.push({name, why: 'CloudWatch could not evaluate it'})
    else if (state === 'INSUFFICIENT_DATA') unknown.push({name, why: 'it has too little data'})
    else if (state === 'ALARM' && !(mayBeRed.has(name) && wasRed(alarm, planned, startedAt))) fired.push(alarm)
  }
  return {fired, unknown}
}

/**
 * Alarms that are OK as at the look before, and were not in between: by AWS's own dates, which this machine's clock does not touch.
 * Whether they were red, or without data, nobody has seen.
 */
export function missedBetween(before: readonly GateAlarm[], now: readonly GateAlarm[]): readonly GateAlarm[] {
  return now.filter(({name, state, since}) => {
    const last = before.find(alarm => alarm.name === name)
    return state === 'OK' && last?.state === 'OK' && since !== null && last.since !== null && since > last.since
  })
}

/** Whether it has been red since before the shift began: by its own date, or as the plan had it, for AWS's clock may be another. */
function wasRed({name, since}: GateAlarm, planned: readonly GateAlarm[], startedAt: number): boolean {
  const before = planned.find(alarm => alarm.name === name && alarm.state === 'ALARM')
  return before?.since === since || (since !== null && since < startedAt)
}
