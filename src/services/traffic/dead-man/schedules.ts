import type {CreateScheduleCommandInput} from '@aws-sdk/client-scheduler'
import {ExitCode, UserError} from '../../../errors.ts'
import {ask} from '../../aws/ask.ts'
import type {Aws} from '../../aws/connect.ts'
import {firstLine, isMissing} from '../../aws/failures.ts'
import {isLost, isUnsent} from '../../aws/lost-answer.ts'
import {sdk} from '../../aws/sdk.ts'
import {explained, explainedFailure} from '../../targets/refusal.ts'
import type {TrafficJournal} from '../journal/traffic-journal.ts'

/** A one-time schedule, as AWS is to have it: an update replaces all fields, so that all are always sent. */
export type Schedule = {
  readonly name: string
  /** epoch ms, of whole seconds */
  readonly at: number
  readonly isEnabled: boolean
  readonly roleArn: string
  readonly targetArn: string
  /** as JSON */
  readonly input: string
}

type Site = {
  readonly aws: Aws
  readonly journal: Pick<TrafficJournal, 'otherWrite'>
  readonly signal: AbortSignal
}

const mostSent = 4
const pauseMs = 400

/**
 * Makes a schedule as it is to be, whether it is there already or not; a lost answer is settled by reading it back.
 * @param known `there`: it was made before; `not-there`: it was not; `any`: where it is there, it stays as it is
 * @throws UserError (exit 4 with the permission) as AWS refuses; the signal's reason
 */
export async function putSchedule(site: Site, schedule: Schedule, known: 'there' | 'not-there' | 'any'): Promise<void> {
  const {aws, signal} = site
  let isThere = known === 'there'
  for (let sent = 1; ; sent++) {
    let failure: unknown
    try {
      await sendSchedule(site, schedule, isThere)
      return
    } catch (error) {
      failure = error
    }
    if (isUnsent(failure, signal)) throw signal.reason
    if (failure instanceof UserError) throw failure
    if (isExisting(failure) && known === 'any') return
    if (isMissing(failure) && isThere) isThere = false
    else if (isLost(failure) || isExisting(failure)) {
      const found = await readSchedule(aws, schedule.name, undefined)
      if (found && isSame(found, schedule)) return
      isThere = found !== null
    } else throw whyNotScheduled(failure, schedule)
    if (sent >= mostSent) throw whyNotScheduled(failure, schedule)
    await aws.clock.sleep(sent * pauseMs, signal)
  }
}

async function sendSchedule({aws, journal, signal}: Site, schedule: Schedule, isThere: boolean): Promise<void> {
  const {name, at, isEnabled, roleArn, targetArn, input} = schedule
  const client = await aws.scheduler()
  const {CreateScheduleCommand, UpdateScheduleCommand} = sdk.scheduler()
  const fields: CreateScheduleCommandInput = {
    Name: name,
    ScheduleExpression: expressionOf(at),
    ScheduleExpressionTimezone: 'UTC',
    State: isEnabled ? 'ENABLED' : 'DISABLED',
    FlexibleTimeWindow: {Mode: 'OFF'},
    ActionAfterCompletion: 'DELETE',
    Target: {
      Arn: targetArn,
      RoleArn: roleArn,
      Input: input,
      // without this it would be tried for a day: a rollback hours late is a fault of its own
      RetryPolicy: {MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 300},
    },
  }
  const operation = isThere ? 'UpdateSchedule' : 'CreateSchedule'
  const send = async (): Promise<void> => {
    await (isThere ? client.send(new UpdateScheduleCommand(fields)) : client.send(new CreateScheduleCommand(fields)))
  }
  await aws.budget.write(operation, () => journal.otherWrite({operation, name}, send, () => ({at, isEnabled})), {
    signal,
  })
}

/**
 * Takes schedules away, and reads back that they are gone.
 * @returns names of those that could not be, or of which nobody knows
 */
export async function deleteSchedules(site: Site, names: readonly string[]): Promise<readonly string[]> {
  const left = await Promise.all(
    names.map(name =>
      deleteSchedule(site, name).then(
        () => [],
        error => {
          if (!site.signal.aborted)
            explainedFailure(error, {doing: `delete ${name}`, permission: 'scheduler:DeleteSchedule'})
          return [name]
        },
      ),
    ),
  )
  return left.flat()
}

async function deleteSchedule({aws, journal, signal}: Site, name: string): Promise<void> {
  const client = await aws.scheduler()
  const {DeleteScheduleCommand} = sdk.scheduler()
  const send = async (): Promise<void> => {
    try {
      await client.send(new DeleteScheduleCommand({Name: name}))
    } catch (error) {
      // it fired, and took itself away; or an answer before this one was lost
      if (!isMissing(error)) throw error
    }
  }
  const intent = {operation: 'DeleteSchedule', name, removes: true}
  for (let sent = 1; ; sent++) {
    try {
      await aws.budget.write(intent.operation, () => journal.otherWrite(intent, send, () => ({})), {signal})
      if ((await readSchedule(aws, name, undefined)) === null) return
    } catch (error) {
      if (!isLost(error) && !isExisting(error)) throw error
    }
    if (sent >= mostSent) throw new UserError(`the schedule ${name} is still there`)
    await aws.clock.sleep(sent * pauseMs, signal)
  }
}

type Found = Pick<Schedule, 'isEnabled' | 'input'> & {readonly expression: string}

async function readSchedule(aws: Aws, name: string, signal: AbortSignal | undefined): Promise<Found | null> {
  const client = await aws.scheduler()
  const {GetScheduleCommand} = sdk.scheduler()
  const command = new GetScheduleCommand({Name: name})
  try {
    const answer = await ask(aws, 'GetSchedule', options => client.send(command, options), signal, 'small')
    const {ScheduleExpression = '', State, Target} = answer
    return {expression: ScheduleExpression, isEnabled: State === 'ENABLED', input: Target?.Input ?? ''}
  } catch (error) {
    if (isMissing(error)) return null
    throw explained(error, {doing: `look up the schedule ${name}`, permission: 'scheduler:GetSchedule'})
  }
}

const isSame = ({expression, isEnabled, input}: Found, schedule: Schedule): boolean =>
  expression === expressionOf(schedule.at) && isEnabled === schedule.isEnabled && input === schedule.input

const expressionOf = (at: number): string => `at(${new Date(at).toISOString().replace(/\.\d+Z$/, '')})`

const isExisting = (error: unknown): boolean => error instanceof Error && error.name === 'ConflictException'

function whyNotScheduled(error: unknown, {name, roleArn}: Schedule): unknown {
  const doing = `make the schedule ${name}`
  if (error instanceof Error && error.name === 'ValidationException' && /role/i.test(error.message))
    return new UserError(`AWS refused to ${doing}: ${firstLine(error.message)}`, {
      code: error.name,
      exitCode: ExitCode.refused,
      hint: `${roleArn} has to trust scheduler.amazonaws.com, and to allow lambda:UpdateAlias`,
      cause: error,
    })
  return explained(error, {doing, permission: 'scheduler:CreateSchedule', instead: 'leave --dead-man out'})
}
