import type {GetScheduleCommandOutput, ScheduleSummary} from '@aws-sdk/client-scheduler'
import type {Known} from '../../../known.ts'
import {addToList} from '../../add-to-list.ts'
import {atATime} from '../../at-a-time.ts'
import {ask, paged} from '../../aws/ask.ts'
import type {Aws} from '../../aws/connect.ts'
import {isMissing} from '../../aws/failures.ts'
import {sdk} from '../../aws/sdk.ts'
import type {Rule} from '../facts.ts'
import {known} from '../why-unknown.ts'

/** an account may have a million, each of them for one moment: they are listed 100 a call */
const mostListed = 20_000
/** and looked at one by one */
const mostRead = 2_000
const callsAtATime = 10
const invokeApi = 'arn:aws:scheduler:::aws-sdk:lambda:invoke'

type Listed = {readonly name: string; readonly group: string; readonly isInvokeApi: boolean; readonly target: string}

/**
 * The schedules of EventBridge Scheduler that start functions of the own account and region, by function. They can be
 * found only by listing all: up to 20,000, of which 2,000 are looked at for when they start; where there are more, it is
 * unknown as `not-read`.
 */
export async function readSchedules(
  aws: Aws,
  signal: AbortSignal,
): Promise<Known<ReadonlyMap<string, readonly Rule[]>>> {
  const listed = await known({doing: 'list schedules', permission: 'scheduler:ListSchedules'}, signal, () =>
    listSchedules(aws, signal),
  )
  if ('unknown' in listed) return listed
  if (listed.value === null)
    return {unknown: 'not-read', detail: `there are more than ${mostListed.toLocaleString('en')} schedules`}
  if (listed.value.length > mostRead)
    return {unknown: 'not-read', detail: `more than ${mostRead.toLocaleString('en')} schedules start functions`}
  return known({doing: 'look at schedules', permission: 'scheduler:GetSchedule'}, signal, () =>
    byFunction(aws, listed.value ?? [], signal),
  )
}

/** Those of functions; null where there are too many schedules to list. */
async function listSchedules(aws: Aws, signal: AbortSignal): Promise<readonly Listed[] | null> {
  const client = await aws.scheduler()
  const {ListSchedulesCommand} = sdk.scheduler()
  const pages = paged(async NextToken => {
    const command = new ListSchedulesCommand({MaxResults: 100, NextToken})
    const page = await ask(aws, 'ListSchedules', options => client.send(command, options), signal)
    return {items: page.Schedules, next: page.NextToken}
  })
  const found: Listed[] = []
  let seen = 0
  for await (const page of pages) {
    seen += page.length
    if (seen > mostListed) return null
    found.push(...page.flatMap(ofFunctions))
  }
  return found
}

function ofFunctions({Arn = '', Name = '', GroupName = 'default', Target}: ScheduleSummary): readonly Listed[] {
  const target = Target?.Arn ?? ''
  const isInvokeApi = target.replace(/^arn:[\w-]+:/, 'arn:aws:') === invokeApi
  if (!isInvokeApi && functionIn(target, Arn) === null) return []
  return [{name: Name, group: GroupName, isInvokeApi, target}]
}

/** The function's name, where the target is one of the schedule's account and region; else null. */
function functionIn(target: string, scheduleArn: string): string | null {
  const [, , service, region, account, type, name] = target.split(':')
  const [, , , ownRegion, ownAccount] = scheduleArn.split(':')
  return service === 'lambda' && type === 'function' && region === ownRegion && account === ownAccount && name
    ? name
    : null
}

async function byFunction(
  aws: Aws,
  listed: readonly Listed[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly Rule[]>> {
  const found = await atATime(callsAtATime, listed, schedule => readSchedule(aws, schedule, signal))
  // in their order of listing, whichever answered first
  const rules = new Map<string, Rule[]>()
  for (const each of found) if (each) addToList(rules, each.functionName, each.rule)
  return rules
}

async function readSchedule(
  aws: Aws,
  {name, group, isInvokeApi, target}: Listed,
  signal: AbortSignal,
): Promise<{readonly functionName: string; readonly rule: Rule} | null> {
  const client = await aws.scheduler()
  const {GetScheduleCommand} = sdk.scheduler()
  const command = new GetScheduleCommand({Name: name, GroupName: group})
  try {
    const schedule = await ask(aws, 'GetSchedule', options => client.send(command, options), signal)
    const functionName = isInvokeApi ? functionOfInput(schedule.Target?.Input) : (target.split(':')[6] ?? null)
    if (functionName === null) return null
    return {
      functionName,
      rule: {
        kind: 'schedule',
        name: group === 'default' ? name : `${group}/${name}`,
        isEnabled: schedule.State !== 'DISABLED',
        schedule: schedule.ScheduleExpression || null,
        timezone: schedule.ScheduleExpressionTimezone || null,
        ...activityOf(schedule),
      },
    }
  } catch (error) {
    // deleted since it was listed, as those for one moment are
    if (isMissing(error)) return null
    throw error
  }
}

/** When it starts anything, as far as it says. An expression may have been another one before its last change, or off. */
function activityOf(schedule: GetScheduleCommandOutput): Pick<Rule, 'activeFrom' | 'activeUntil' | 'spreadMs'> {
  // AWS ignores both of what happens once
  const isOnce = schedule.ScheduleExpression?.startsWith('at(') ?? false
  const {CreationDate, LastModificationDate, FlexibleTimeWindow: flexible} = schedule
  const from = [CreationDate, LastModificationDate, isOnce ? undefined : schedule.StartDate].flatMap(timeOf)
  const [activeUntil] = isOnce ? [] : timeOf(schedule.EndDate)
  const spreadMs = flexible?.Mode === 'FLEXIBLE' ? (flexible.MaximumWindowInMinutes ?? 0) * 60_000 : 0
  return {
    ...(from.length > 0 && {activeFrom: Math.max(...from)}),
    ...(activeUntil !== undefined && {activeUntil}),
    ...(spreadMs > 0 && {spreadMs}),
  }
}

function timeOf(date: Date | undefined): readonly number[] {
  const time = date?.getTime() ?? Number.NaN
  return Number.isNaN(time) ? [] : [time]
}

/** Of the universal target the function is in its input, by name or ARN; nothing else of the input is looked at. */
function functionOfInput(input: string | undefined): string | null {
  try {
    const name: unknown = JSON.parse(input ?? '')?.FunctionName
    if (typeof name !== 'string') return null
    return /function:([\w-]+)/.exec(name)?.[1] ?? name.split(':')[0] ?? null
  } catch {
    return null
  }
}
