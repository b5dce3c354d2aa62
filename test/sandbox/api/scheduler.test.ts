import {GetScheduleCommand, ListSchedulesCommand, SchedulerClient} from '@aws-sdk/client-scheduler'
import {expect, test} from 'vitest'
import type {SandboxSchedule} from '../../../src/sandbox/world/schedules/schedules.ts'
import {noon} from '../hand-made-world.ts'
import {refusal, serve} from '../running.ts'

const target = 'arn:aws:lambda:eu-west-1:123456789012:function:yearly'
const schedule = (name: string, more: Partial<SandboxSchedule> = {}): SandboxSchedule => ({
  name,
  group: 'default',
  state: 'ENABLED',
  expression: 'cron(0 3 1 1 ? *)',
  timezone: 'Europe/Berlin',
  description: null,
  startAt: null,
  endAt: null,
  windowMinutes: null,
  afterCompletion: 'NONE',
  target: {
    arn: target,
    roleArn: 'arn:aws:iam::123456789012:role/yearly-scheduler',
    input: null,
    deadLetterArn: null,
    maximumAgeSeconds: 86_400,
    maximumRetries: 185,
  },
  createdAt: noon,
  modifiedAt: noon,
  clientToken: null,
  ...more,
})
const schedules = [schedule('yearly'), schedule('yearly', {group: 'night'}), schedule('paused', {state: 'DISABLED'})]

test('schedules are listed without their expression, all or by group, state and prefix', async () => {
  const {connect} = await serve({schedules})
  const list = async (input: object) =>
    (await connect(SchedulerClient).send(new ListSchedulesCommand(input))).Schedules ?? []
  const names = async (input: object) => (await list(input)).map(each => `${each.GroupName}/${each.Name}`)
  expect(await names({})).toEqual(['default/yearly', 'night/yearly', 'default/paused'])
  expect(await names({GroupName: 'night'})).toEqual(['night/yearly'])
  expect(await names({State: 'DISABLED'})).toEqual(['default/paused'])
  expect(await names({NamePrefix: 'year'})).toEqual(['default/yearly', 'night/yearly'])
  expect((await list({}))[0]).toEqual({
    Arn: 'arn:aws:scheduler:eu-west-1:123456789012:schedule/default/yearly',
    GroupName: 'default',
    Name: 'yearly',
    State: 'ENABLED',
    CreationDate: new Date(noon),
    LastModificationDate: new Date(noon),
    Target: {Arn: target},
  })
})

test('schedules come page by page', async () => {
  const {connect} = await serve({schedules})
  const client = connect(SchedulerClient)
  const first = await client.send(new ListSchedulesCommand({MaxResults: 2}))
  const second = await client.send(new ListSchedulesCommand({MaxResults: 2, NextToken: first.NextToken}))
  expect([first, second].map(page => page.Schedules?.length)).toEqual([2, 1])
  expect(second.NextToken).toBeUndefined()
})

test('a schedule says when it runs and what it invokes, in the default group unless another is named', async () => {
  const {connect} = await serve({schedules})
  const get = (Name: string, GroupName?: string) =>
    connect(SchedulerClient).send(new GetScheduleCommand({Name, GroupName}))
  expect(await get('yearly')).toMatchObject({
    GroupName: 'default',
    ScheduleExpression: 'cron(0 3 1 1 ? *)',
    ScheduleExpressionTimezone: 'Europe/Berlin',
    FlexibleTimeWindow: {Mode: 'OFF'},
    Target: {Arn: target, RoleArn: expect.stringContaining(':role/')},
  })
  expect((await get('yearly', 'night')).GroupName).toBe('night')
  expect(await refusal(get('paused', 'night'))).toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Schedule paused does not exist.',
    status: 404,
  })
})
