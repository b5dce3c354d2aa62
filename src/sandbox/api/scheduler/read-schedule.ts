import type {ScheduleSettings} from '../../schedule-changes.ts'
import {validationMessage} from '../../wire/constraints.ts'
import {ServiceError} from '../../wire/service-error.ts'
import {oneTimeOf} from '../../world/schedules/one-time.ts'
import type {Context} from '../context.ts'

type ScheduleRequest = {
  readonly Name: string
  readonly ScheduleExpression: string
  readonly ScheduleExpressionTimezone?: string | undefined
  readonly Description?: string | undefined
  readonly State?: 'ENABLED' | 'DISABLED' | undefined
  readonly StartDate?: Date | undefined
  readonly EndDate?: Date | undefined
  readonly ActionAfterCompletion?: 'NONE' | 'DELETE' | undefined
  readonly FlexibleTimeWindow: {readonly Mode: string; readonly MaximumWindowInMinutes?: number | undefined}
  readonly Target: {
    readonly Arn: string
    readonly RoleArn: string
    readonly Input?: string | undefined
    readonly DeadLetterConfig?: {readonly Arn?: string | undefined} | undefined
    readonly RetryPolicy?:
      | {
          readonly MaximumEventAgeInSeconds?: number | undefined
          readonly MaximumRetryAttempts?: number | undefined
        }
      | undefined
  }
}

export const validation = (message: string): ServiceError => new ServiceError('ValidationException', message)

/**
 * A schedule as a request has it, all that it does not say being as when it is made.
 * @throws ServiceError ValidationException
 */
export function readSchedule(request: ScheduleRequest, group: string, context: Context): ScheduleSettings {
  const {Target: target, FlexibleTimeWindow: window, ScheduleExpressionTimezone: timezone = 'UTC'} = request
  refuseNumbers(request)
  refuseTime(request.ScheduleExpression, timezone, context.now)
  if ((window.Mode === 'FLEXIBLE') !== (window.MaximumWindowInMinutes !== undefined))
    throw validation(
      window.Mode === 'OFF'
        ? 'Invalid FlexibleTimeWindow: MaximumWindowInMinutes is not allowed when Mode is OFF.'
        : 'Invalid FlexibleTimeWindow: MaximumWindowInMinutes is required when Mode is FLEXIBLE.',
    )
  refuseTarget(target, context)
  return {
    name: request.Name,
    group,
    state: request.State ?? 'ENABLED',
    description: request.Description ?? null,
    expression: request.ScheduleExpression,
    timezone,
    startAt: request.StartDate?.getTime() ?? null,
    endAt: request.EndDate?.getTime() ?? null,
    windowMinutes: window.MaximumWindowInMinutes ?? null,
    afterCompletion: request.ActionAfterCompletion ?? 'NONE',
    target: {
      arn: target.Arn,
      roleArn: target.RoleArn,
      input: target.Input ?? null,
      deadLetterArn: target.DeadLetterConfig?.Arn ?? null,
      maximumAgeSeconds: target.RetryPolicy?.MaximumEventAgeInSeconds ?? 86_400,
      maximumRetries: target.RetryPolicy?.MaximumRetryAttempts ?? 185,
    },
  }
}

/** Bounds of members inside others. */
function refuseNumbers({FlexibleTimeWindow, Target: {RetryPolicy = {}}}: ScheduleRequest): void {
  const wrong: string[] = []
  const bound = (at: string, value: number | undefined, min: number, max: number) => {
    if (value === undefined || (value >= min && value <= max)) return
    const rule = value > max ? `less than or equal to ${max}` : `greater than or equal to ${min}`
    wrong.push(`Value '${value}' at '${at}' failed to satisfy constraint: Member must have value ${rule}`)
  }
  bound('target.retryPolicy.maximumEventAgeInSeconds', RetryPolicy.MaximumEventAgeInSeconds, 60, 86_400)
  bound('target.retryPolicy.maximumRetryAttempts', RetryPolicy.MaximumRetryAttempts, 0, 185)
  bound('flexibleTimeWindow.maximumWindowInMinutes', FlexibleTimeWindow.MaximumWindowInMinutes, 1, 1440)
  if (!['OFF', 'FLEXIBLE'].includes(FlexibleTimeWindow.Mode))
    wrong.push(
      `Value '${FlexibleTimeWindow.Mode}' at 'flexibleTimeWindow.mode' failed to satisfy constraint: Member must satisfy enum value set: [OFF, FLEXIBLE]`,
    )
  if (wrong.length > 0) throw validation(validationMessage(wrong))
}

/** One-time expressions in full; of the others, only that they are of their kind. */
function refuseTime(expression: string, timezone: string, now: number): void {
  const invalid = () => validation(`Invalid Schedule Expression ${expression}.`)
  let at: number | null
  try {
    at = oneTimeOf(expression, timezone)
  } catch {
    throw validation(`Invalid ScheduleExpressionTimezone ${timezone}.`)
  }
  if (expression.startsWith('at(')) {
    if (at === null || at < now) throw invalid()
    return
  }
  const isRate = /^rate\((1 (minute|hour|day)|[1-9]\d* (minutes|hours|days))\)$/.test(expression)
  if (!isRate && !/^cron\(\S+( \S+){5}\)$/.test(expression)) throw invalid()
}

const universal = /^arn:aws:scheduler:::aws-sdk:[a-z0-9]+:([a-zA-Z]+)$/

function refuseTarget({Arn, RoleArn, Input}: ScheduleRequest['Target'], {world}: Context): void {
  const [isUniversal, action = ''] = universal.exec(Arn) ?? []
  if (!isUniversal && !/^arn:aws:[a-z0-9-]+:[a-z0-9-]*:(\d{12})?:.+$/.test(Arn))
    throw validation('Provided Arn is not in correct format.')
  if (/^(get|describe|list|poll|receive|search|scan|query|select|read|lookup|discover|validate|batchGet)/.test(action))
    throw validation(`Invalid target: the action ${action} is not supported.`)
  if (isUniversal && !isJson(Input ?? '')) throw validation('Invalid RequestJson provided.')
  const [, account, role = ''] = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([\w+=,.@-]+)$/.exec(RoleArn) ?? []
  // there is no IAM here: a role is told by its name
  if (account !== world.account || !/^slsops-dead-man|scheduler/i.test(role))
    throw validation('The execution role you provide must allow AWS EventBridge Scheduler to assume the role.')
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
