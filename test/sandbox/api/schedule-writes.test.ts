import {GetAliasCommand, LambdaClient, UpdateAliasCommand} from '@aws-sdk/client-lambda'
import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
  UpdateScheduleCommand,
  type UpdateScheduleCommandInput,
} from '@aws-sdk/client-scheduler'
import {describe, expect, test} from 'vitest'
import {refusal} from '../running.ts'
import {firstUsed, hour, minute} from '../world/larder-world.ts'
import {larderServer} from './larder-server.ts'

const roleArn = 'arn:aws:iam::123456789012:role/slsops-dead-man'
const start = Math.ceil(firstUsed / 1000) * 1000
const atTime = (at: number) => `at(${new Date(at).toISOString().slice(0, 19)})`

/** checkout-api in the middle of a release, and a schedule that would take it back. */
async function guarded() {
  const {connect, clock, world} = await larderServer()
  clock.at = start
  const [lambda, scheduler] = [connect(LambdaClient), connect(SchedulerClient)]
  const alias = () => lambda.send(new GetAliasCommand({FunctionName: 'checkout-api', Name: 'live'}))
  const shift = async (weight: number) =>
    lambda.send(
      new UpdateAliasCommand({
        FunctionName: 'checkout-api',
        Name: 'live',
        FunctionVersion: '41',
        RoutingConfig: {AdditionalVersionWeights: weight === 0 ? {} : {'42': weight}},
      }),
    )
  const {RevisionId} = await shift(0.25)
  const guard = (at: number, input: object = {}): CreateScheduleCommandInput & UpdateScheduleCommandInput => ({
    Name: 'guard',
    ScheduleExpression: atTime(at),
    FlexibleTimeWindow: {Mode: 'OFF'},
    ActionAfterCompletion: 'DELETE',
    Target: {
      Arn: 'arn:aws:scheduler:::aws-sdk:lambda:updateAlias',
      RoleArn: roleArn,
      RetryPolicy: {MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0},
      Input: JSON.stringify({
        FunctionName: 'checkout-api',
        Name: 'live',
        FunctionVersion: '41',
        RoutingConfig: {AdditionalVersionWeights: {}},
        RevisionId,
        ...input,
      }),
    },
  })
  const create = (input: CreateScheduleCommandInput) => scheduler.send(new CreateScheduleCommand(input))
  const get = () => scheduler.send(new GetScheduleCommand({Name: 'guard'}))
  return {clock, world, scheduler, alias, shift, guard, create, get}
}

describe('a one-time schedule that calls UpdateAlias', () => {
  test('moves provisioned concurrency as any other call does', async () => {
    const {clock, world, guard, create} = await guarded()
    const call = {FunctionName: 'inventory', FunctionVersion: '16', RevisionId: undefined}
    await create(guard(start + minute, call))
    clock.at = start + hour
    const live = world.function('inventory')?.aliases[0]
    const at = start + minute
    expect(live).toMatchObject({version: '16', moving: {from: '17', startedAt: at, until: at + 90_000}})
  })

  test('does it at its time, whenever the world is looked at, and is gone then', async () => {
    const {clock, world, alias, guard, create, get} = await guarded()
    const {ScheduleArn} = await create(guard(start + 15 * minute))
    expect(ScheduleArn).toBe('arn:aws:scheduler:eu-west-1:123456789012:schedule/default/guard')
    clock.at = start + 15 * minute - 1
    expect((await alias()).RoutingConfig?.AdditionalVersionWeights).toEqual({'42': 0.25})
    clock.at = start + 2 * hour
    expect(await alias()).toMatchObject({FunctionVersion: '41'})
    expect((await alias()).RoutingConfig).toBeUndefined()
    expect((await refusal(get())).name).toBe('ResourceNotFoundException')
    // nobody looked for an hour and three quarters, and the traffic went back all the same
    const due = start + 15 * minute
    expect(world.count('checkout-api', start + minute, due, {version: '42'})).toBeGreaterThan(0)
    expect(world.count('checkout-api', due + minute, clock.at, {version: '42'})).toBe(0)
  })

  test('case 21: leaves an alias alone that has another RevisionId by then, and is gone all the same', async () => {
    const {clock, alias, shift, guard, create, get} = await guarded()
    await create(guard(start + 15 * minute))
    clock.at = start + 5 * minute
    const {RevisionId} = await shift(0.5)
    clock.at = start + 20 * minute
    expect(await alias()).toMatchObject({RevisionId, RoutingConfig: {AdditionalVersionWeights: {'42': 0.5}}})
    expect((await refusal(get())).name).toBe('ResourceNotFoundException')
  })

  test('is pushed forward by an update, which replaces all that is said of it', async () => {
    const {clock, alias, guard, create, get, scheduler} = await guarded()
    await create({...guard(start + 15 * minute), Description: 'takes it back'})
    clock.at = start + 10 * minute
    await scheduler.send(new UpdateScheduleCommand(guard(start + 25 * minute)))
    const updated = await get()
    expect(updated).toMatchObject({
      ScheduleExpression: atTime(start + 25 * minute),
      CreationDate: new Date(start),
      LastModificationDate: new Date(clock.at),
      ActionAfterCompletion: 'DELETE',
      State: 'ENABLED',
      Target: {RoleArn: roleArn, RetryPolicy: {MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0}},
    })
    expect(updated.Description).toBeUndefined()
    clock.at = start + 20 * minute
    expect((await alias()).RoutingConfig).toBeDefined()
    clock.at = start + 25 * minute
    expect((await alias()).RoutingConfig).toBeUndefined()
  })

  test('does nothing while it is disabled, or once it is deleted; without DELETE it stays and does it once', async () => {
    const {clock, alias, shift, guard, create, scheduler} = await guarded()
    const {Target} = guard(0, {RevisionId: undefined})
    const late = {...guard(start + 10 * minute), Target}
    await create({...late, Name: 'off', State: 'DISABLED'})
    await create({...late, Name: 'gone'})
    await scheduler.send(new DeleteScheduleCommand({Name: 'gone'}))
    clock.at = start + 15 * minute
    expect((await alias()).RoutingConfig).toBeDefined()
    await create({
      ...late,
      Name: 'stays',
      ScheduleExpression: atTime(start + 20 * minute),
      ActionAfterCompletion: 'NONE',
    })
    clock.at = start + 21 * minute
    expect((await alias()).RoutingConfig).toBeUndefined()
    await shift(0.1)
    clock.at = start + 60 * minute
    expect((await alias()).RoutingConfig).toBeDefined()
    const {Schedules = []} = await scheduler.send(new ListSchedulesCommand({}))
    expect(Schedules.map(({Name}) => Name)).toEqual(expect.arrayContaining(['off', 'stays']))
  })

  test.each([
    ['a version that is not there', {FunctionVersion: '99'}],
    ['a weight above one', {RoutingConfig: {AdditionalVersionWeights: {'42': 1.5}}}],
    ['the same version twice', {RoutingConfig: {AdditionalVersionWeights: {'41': 0.5}}}],
    ['an alias that is not there', {Name: 'none'}],
    ['a function that is not there', {FunctionName: 'none'}],
    ['nothing that is a call', {FunctionName: 7}],
  ])('does nothing with %s', async (_what, input) => {
    const {clock, alias, guard, create} = await guarded()
    const {RevisionId} = await alias()
    await create(guard(start + minute, input))
    clock.at = start + 5 * minute
    expect((await alias()).RevisionId).toBe(RevisionId)
  })

  test('takes the function’s ARN, and a time in a time zone', async () => {
    const {clock, alias, guard, create} = await guarded()
    const FunctionName = 'arn:aws:lambda:eu-west-1:123456789012:function:checkout-api'
    await create({...guard(start + 61 * minute, {FunctionName}), ScheduleExpressionTimezone: 'Europe/Berlin'})
    clock.at = start + minute
    expect((await alias()).RoutingConfig).toBeUndefined()
  })
})

describe('a schedule', () => {
  test('that is made again by the same call is the one that was made; by another one it is refused', async () => {
    const {guard, create} = await guarded()
    const call = {...guard(start + minute), ClientToken: 'one'}
    await create(call)
    await create(call)
    expect(await refusal(create({...call, ClientToken: 'two'}))).toMatchObject({
      name: 'ConflictException',
      message: 'Schedule guard already exists.',
      status: 409,
    })
  })

  test('that is not there cannot be changed or deleted, nor can one be made in a group that is not there', async () => {
    const {guard, create, scheduler} = await guarded()
    const call = guard(start + minute)
    const missing = {name: 'ResourceNotFoundException', message: 'Schedule guard does not exist.', status: 404}
    expect(await refusal(scheduler.send(new UpdateScheduleCommand(call)))).toMatchObject(missing)
    expect(await refusal(scheduler.send(new DeleteScheduleCommand({Name: 'guard'})))).toMatchObject(missing)
    expect((await refusal(create({...call, GroupName: 'none'}))).message).toBe('Schedule group none does not exist.')
  })

  const target = (more: object) => ({
    Target: {Arn: 'arn:aws:scheduler:::aws-sdk:lambda:updateAlias', RoleArn: roleArn, Input: '{}', ...more},
  })
  const role = (name: string) => target({RoleArn: `arn:aws:iam::123456789012:role/${name}`})
  const notAssumable = 'The execution role you provide must allow AWS EventBridge Scheduler to assume the role.'

  test.each([
    [{ScheduleExpression: 'at(2026-02-30T10:00:00)'}, 'Invalid Schedule Expression at(2026-02-30T10:00:00).'],
    [{ScheduleExpression: 'at(2027-01-01T10:00)'}, 'Invalid Schedule Expression at(2027-01-01T10:00).'],
    [{ScheduleExpression: 'at(2020-01-01T10:00:00)'}, 'Invalid Schedule Expression at(2020-01-01T10:00:00).'],
    [{ScheduleExpression: 'rate(0 minutes)'}, 'Invalid Schedule Expression rate(0 minutes).'],
    [{ScheduleExpressionTimezone: 'Mars/Olympus'}, 'Invalid ScheduleExpressionTimezone Mars/Olympus.'],
    [{FlexibleTimeWindow: undefined}, /at 'flexibleTimeWindow' failed to satisfy constraint: Member must not be null/],
    [{FlexibleTimeWindow: {Mode: 'FLEXIBLE'}}, /MaximumWindowInMinutes is required/],
    [target({RetryPolicy: {MaximumRetryAttempts: 186}}), /'target.retryPolicy.maximumRetryAttempts' .* equal to 185/],
    [target({RetryPolicy: {MaximumEventAgeInSeconds: 59}}), /maximumEventAgeInSeconds' .* greater than or equal to 60/],
    [target({RetryPolicy: {MaximumEventAgeInSeconds: 86_401}}), /maximumEventAgeInSeconds' .* equal to 86400/],
    [target({Input: 'no JSON'}), 'Invalid RequestJson provided.'],
    [target({Arn: 'updateAlias'}), 'Provided Arn is not in correct format.'],
    [target({Arn: 'arn:aws:scheduler:::aws-sdk:lambda:getAlias'}), /getAlias is not supported/],
    [role('engineer'), notAssumable],
    [target({RoleArn: 'arn:aws:iam::999999999999:role/slsops-dead-man'}), notAssumable],
  ])('is refused with %j', async (more, message) => {
    const {guard, create} = await guarded()
    const refused = await refusal(create({...guard(start + hour), ...(more as Partial<CreateScheduleCommandInput>)}))
    expect(refused.name).toBe('ValidationException')
    expect(refused.message).toMatch(message)
  })

  test.each(['slsops-dead-man', 'slsops-dead-man-eu', 'team-scheduler', 'service/EventScheduler'])(
    'may use the role %s',
    async name => {
      const {guard, create} = await guarded()
      expect((await create({...guard(start + hour), ...role(name)})).ScheduleArn).toBeDefined()
    },
  )
})
