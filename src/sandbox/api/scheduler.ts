import type * as schedulerSdk from '@aws-sdk/client-scheduler'
import type {Constraint} from '../wire/constraints.ts'
import {defineService} from '../wire/define-service.ts'
import {restJson} from '../wire/rest-json.ts'
import {sdkPackage} from '../wire/sdk-package.ts'
import {ServiceError} from '../wire/service-error.ts'
import type {SandboxSchedule} from '../world/schedules/schedules.ts'
import {arnOf, type Context} from './context.ts'
import {pageAfter} from './paging.ts'
import {readSchedule, validation} from './scheduler/read-schedule.ts'

const scheduler = sdkPackage<typeof schedulerSdk>('@aws-sdk/client-scheduler')

const name: Constraint = {minLength: 1, maxLength: 64, pattern: /[0-9a-zA-Z-_.]+/}
const settings = {
  Name: name,
  GroupName: name,
  ScheduleExpression: {minLength: 1, maxLength: 256},
  ScheduleExpressionTimezone: {minLength: 1, maxLength: 50},
  Description: {maxLength: 512},
  State: {oneOf: ['ENABLED', 'DISABLED']},
  ActionAfterCompletion: {oneOf: ['NONE', 'DELETE']},
  ClientToken: {minLength: 1, maxLength: 64},
} satisfies Readonly<Record<string, Constraint>>

const defaultGroup = 'default'

export const service = defineService<typeof scheduler, Context>(
  scheduler,
  {
    signingName: 'scheduler',
    iamPrefix: 'scheduler',
    validationError: 'ValidationException',
    throttleError: 'ThrottlingException',
    protocols: [restJson()],
    constraints: {
      ListSchedules: {
        GroupName: name,
        NamePrefix: name,
        State: {oneOf: ['ENABLED', 'DISABLED']},
        MaxResults: {min: 1, max: 100},
      },
      GetSchedule: {GroupName: name, Name: name},
      DeleteSchedule: {GroupName: name, Name: name},
      CreateSchedule: settings,
      UpdateSchedule: settings,
    },
  },
  {
    ListSchedules: (input, context) => {
      const schedules = context.world
        .schedules()
        .filter(
          each =>
            (input.GroupName === undefined || input.GroupName === each.group) &&
            (input.State === undefined || input.State === each.state) &&
            each.name.startsWith(input.NamePrefix ?? ''),
        )
      const page = pageAfter(schedules, each => `${each.group}/${each.name}`, {
        size: input.MaxResults ?? 100,
        token: input.NextToken,
        invalid: () => validation('Invalid NextToken.'),
      })
      return {
        Schedules: page.items.map(each => ({...summaryOf(each, context), Target: {Arn: each.target.arn}})),
        NextToken: page.next,
      }
    },

    GetSchedule: ({GroupName = defaultGroup, Name}, context) => {
      const found = find(context, GroupName, Name)
      if (!found) throw noSuchSchedule(Name)
      return described(found, context)
    },

    CreateSchedule: (input, context) => {
      const {GroupName = defaultGroup, Name, ClientToken = context.requestId} = input
      refuseGroup(GroupName)
      const schedule = readSchedule(input, GroupName, context)
      const found = find(context, GroupName, Name)
      // made again, as after a lost answer
      if (found && found.clientToken !== ClientToken)
        throw new ServiceError('ConflictException', `Schedule ${Name} already exists.`)
      if (!found) context.world.scheduleWrites.create(schedule, ClientToken)
      return {ScheduleArn: arnOf('scheduler', context, `schedule/${GroupName}/${Name}`)}
    },

    UpdateSchedule: (input, context) => {
      const {GroupName = defaultGroup, Name} = input
      refuseGroup(GroupName)
      const schedule = readSchedule(input, GroupName, context)
      if (!find(context, GroupName, Name)) throw noSuchSchedule(Name)
      context.world.scheduleWrites.update(schedule)
      return {ScheduleArn: arnOf('scheduler', context, `schedule/${GroupName}/${Name}`)}
    },

    DeleteSchedule: ({GroupName = defaultGroup, Name}, context) => {
      if (!find(context, GroupName, Name)) throw noSuchSchedule(Name)
      context.world.scheduleWrites.remove(GroupName, Name)
      return {}
    },
  },
)

const find = ({world}: Context, group: string, wanted: string): SandboxSchedule | undefined =>
  world.schedules().find(each => each.group === group && each.name === wanted)

const noSuchSchedule = (wanted: string) =>
  new ServiceError('ResourceNotFoundException', `Schedule ${wanted} does not exist.`)

function refuseGroup(group: string): void {
  if (group !== defaultGroup)
    throw new ServiceError('ResourceNotFoundException', `Schedule group ${group} does not exist.`)
}

/** What a list and a single answer have in common; only the latter has the expression. */
function summaryOf(
  {name: called, group, state, createdAt, modifiedAt}: SandboxSchedule,
  context: Context,
): schedulerSdk.ScheduleSummary {
  return {
    Arn: arnOf('scheduler', context, `schedule/${group}/${called}`),
    GroupName: group,
    Name: called,
    State: state,
    CreationDate: new Date(createdAt),
    LastModificationDate: new Date(modifiedAt),
  }
}

function described(schedule: SandboxSchedule, context: Context): schedulerSdk.GetScheduleOutput {
  const {expression, timezone, windowMinutes, afterCompletion, description, startAt, endAt, target} = schedule
  return {
    ...summaryOf(schedule, context),
    ScheduleExpression: expression,
    ScheduleExpressionTimezone: timezone,
    ...(description !== null && {Description: description}),
    ...(startAt !== null && {StartDate: new Date(startAt)}),
    ...(endAt !== null && {EndDate: new Date(endAt)}),
    FlexibleTimeWindow:
      windowMinutes === null ? {Mode: 'OFF'} : {Mode: 'FLEXIBLE', MaximumWindowInMinutes: windowMinutes},
    ActionAfterCompletion: afterCompletion,
    Target: {
      Arn: target.arn,
      RoleArn: target.roleArn,
      ...(target.input !== null && {Input: target.input}),
      ...(target.deadLetterArn !== null && {DeadLetterConfig: {Arn: target.deadLetterArn}}),
      RetryPolicy: {
        MaximumEventAgeInSeconds: target.maximumAgeSeconds,
        MaximumRetryAttempts: target.maximumRetries,
      },
    },
  }
}
