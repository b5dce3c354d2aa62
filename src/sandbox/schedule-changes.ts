// What clients make of schedules in the embedded AWS, as the state file keeps it.
import type {Write} from './changes.ts'
import {type Check, isCount, isOneOf, isShaped, isText, isTime, orNull} from './checks.ts'

/** A schedule of EventBridge Scheduler, all that is said of it. */
export type ScheduleSettings = {
  readonly name: string
  readonly group: string
  readonly state: 'ENABLED' | 'DISABLED'
  readonly description: string | null
  readonly expression: string
  readonly timezone: string
  /** epoch ms */
  readonly startAt: number | null
  readonly endAt: number | null
  /** within how many minutes it may run; null: at its time */
  readonly windowMinutes: number | null
  readonly afterCompletion: 'NONE' | 'DELETE'
  readonly target: {
    readonly arn: string
    readonly roleArn: string
    readonly input: string | null
    readonly deadLetterArn: string | null
    readonly maximumAgeSeconds: number
    readonly maximumRetries: number
  }
}

type OfSchedule = Write & {readonly group: string; readonly name: string}

/** A write to a schedule, or that its time had come. */
export type ScheduleChange =
  | (Write & {
      readonly kind: 'schedule-created'
      readonly schedule: ScheduleSettings
      /** the same for the same call made again */
      readonly clientToken: string
    })
  | (Write & {readonly kind: 'schedule-updated'; readonly schedule: ScheduleSettings})
  | (OfSchedule & {readonly kind: 'schedule-deleted'})
  | (OfSchedule & {readonly kind: 'schedule-ran'})

export const isScheduleChange = (change: {readonly kind: string}): change is ScheduleChange =>
  change.kind.startsWith('schedule-')

const schedule: Readonly<Record<keyof ScheduleSettings, Check>> = {
  name: isText,
  group: isText,
  state: isOneOf('ENABLED', 'DISABLED'),
  description: orNull(isText),
  expression: isText,
  timezone: isText,
  startAt: orNull(isTime),
  endAt: orNull(isTime),
  windowMinutes: orNull(isCount),
  afterCompletion: isOneOf('NONE', 'DELETE'),
  target: isShaped({
    arn: isText,
    roleArn: isText,
    input: orNull(isText),
    deadLetterArn: orNull(isText),
    maximumAgeSeconds: isCount,
    maximumRetries: isCount,
  }),
}

export const scheduleMembers = {
  'schedule-created': {schedule: isShaped(schedule), clientToken: isText},
  'schedule-updated': {schedule: isShaped(schedule)},
  'schedule-deleted': {group: isText, name: isText},
  'schedule-ran': {group: isText, name: isText},
} satisfies Readonly<Record<ScheduleChange['kind'], Readonly<Record<string, Check>>>>
