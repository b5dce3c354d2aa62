import type * as schedulerSdk from '@aws-sdk/client-scheduler'
import type {Constraint} from '../wire/constraints.ts'
import {defineService} from '../wire/define-service.ts'
import {restJson} from '../wire/rest-json.ts'
import {sdkPackage} from '../wire/sdk-package.ts'
import {ServiceError} from '../wire/service-error.ts'
import type {SandboxSchedule} from '../world/sandbox-resources.ts'
import {arnOf, type Context} from './context.ts'
import {pageAfter} from './paging.ts'

const scheduler = sdkPackage<typeof schedulerSdk>('@aws-sdk/client-scheduler')

const name: Constraint = {minLength: 1, maxLength: 64, pattern: /[0-9a-zA-Z-_.]+/}

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
        invalid: () => new ServiceError('ValidationException', 'Invalid NextToken.'),
      })
      return {
        Schedules: page.items.map(each => ({...describe(each, context), Target: {Arn: each.targetArn}})),
        NextToken: page.next,
      }
    },

    GetSchedule: (input, context) => {
      const group = input.GroupName ?? 'default'
      const found = context.world.schedules().find(each => each.group === group && each.name === input.Name)
      if (!found) throw new ServiceError('ResourceNotFoundException', `Schedule ${input.Name} does not exist.`)
      return {
        ...describe(found, context),
        ScheduleExpression: found.expression,
        ScheduleExpressionTimezone: found.timezone,
        FlexibleTimeWindow: {Mode: 'OFF'},
        ActionAfterCompletion: 'NONE',
        Target: {
          Arn: found.targetArn,
          RoleArn: `arn:aws:iam::${context.world.account}:role/${found.name}-scheduler`,
          RetryPolicy: {MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185},
        },
      }
    },
  },
)

/** What a list and a single answer have in common; only the latter has the expression. */
function describe({name, group, state, createdAt}: SandboxSchedule, context: Context): schedulerSdk.ScheduleSummary {
  const created = new Date(createdAt)
  return {
    Arn: arnOf('scheduler', context, `schedule/${group}/${name}`),
    GroupName: group,
    Name: name,
    State: state,
    CreationDate: created,
    LastModificationDate: created,
  }
}
