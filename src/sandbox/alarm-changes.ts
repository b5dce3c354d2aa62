// What clients make of alarms in the embedded AWS, as the state file keeps it.
import type {Write} from './changes.ts'
import {type Check, isCount, isNumber, isOneOf, isShaped, isText, isTextMap} from './checks.ts'
import type {AlarmDefinition, AlarmValue} from './world/alarms/alarm.ts'

/** A write to an alarm. */
export type AlarmChange =
  | (Write & {readonly kind: 'alarm-put'; readonly alarm: AlarmDefinition})
  | (Write & {readonly kind: 'alarm-deleted'; readonly name: string})
  | (Write & {readonly kind: 'alarm-said'; readonly name: string; readonly state: AlarmValue; readonly reason: string})

export const isAlarmChange = (change: {readonly kind: string}): change is AlarmChange =>
  change.kind.startsWith('alarm-')

const alarm: Readonly<Record<keyof AlarmDefinition, Check>> = {
  name: isText,
  description: isText,
  namespace: isText,
  metricName: isText,
  dimensions: isTextMap,
  statistic: isText,
  periodSeconds: isCount,
  evaluationPeriods: isCount,
  datapointsToAlarm: isCount,
  threshold: isNumber,
  comparisonOperator: isOneOf(
    'GreaterThanThreshold',
    'GreaterThanOrEqualToThreshold',
    'LessThanThreshold',
    'LessThanOrEqualToThreshold',
  ),
  treatMissingData: isOneOf('missing', 'notBreaching', 'breaching', 'ignore'),
}

export const alarmMembers = {
  'alarm-put': {alarm: isShaped(alarm)},
  'alarm-deleted': {name: isText},
  'alarm-said': {name: isText, state: isOneOf('OK', 'ALARM', 'INSUFFICIENT_DATA'), reason: isText},
} satisfies Readonly<Record<AlarmChange['kind'], Readonly<Record<string, Check>>>>
