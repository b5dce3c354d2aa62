import {expect, test} from 'vitest'
import {openFacts} from '../../../src/services/fleet/facts.ts'
import {awsError, expiredCredentials} from '../logs/reader/fake-log-groups.ts'
import {account, facts, refusing} from './facts/told-facts.ts'
import {deniedTo, fakeAccount, functionIn, memoryCache, now, ongoing} from './fake-account.ts'

test.each([
  ['details', 'GetFunction', 'lambda:GetFunction'],
  ['policy', 'GetPolicy', 'lambda:GetPolicy'],
  ['urls', 'ListFunctionUrlConfigs', 'lambda:ListFunctionUrlConfigs'],
  ['provisioned', 'ListProvisionedConcurrencyConfigs', 'lambda:ListProvisionedConcurrencyConfigs'],
  ['asyncConfig', 'GetFunctionEventInvokeConfig', 'lambda:GetFunctionEventInvokeConfig'],
  ['rules', 'ListRuleNamesByTarget', 'events:ListRuleNamesByTarget'],
  ['lastLogEvent', 'DescribeLogStreams', 'logs:DescribeLogStreams'],
  ['versions', 'ListAliases', 'lambda:ListAliases'],
  ['versions', 'ListVersionsByFunction', 'lambda:ListVersionsByFunction'],
  ['rules', 'ListEventBuses', 'events:ListEventBuses'],
  ['eventSources', 'ListEventSourceMappings', 'lambda:ListEventSourceMappings'],
  ['schedules', 'ListSchedules', 'scheduler:ListSchedules'],
  ['tags', 'GetResources', 'tag:GetResources'],
  ['logGroups', 'DescribeLogGroups', 'logs:DescribeLogGroups'],
  ['accountLimits', 'GetAccountSettings', 'lambda:GetAccountSettings'],
] as const)(
  'case 32: where %s is refused at %s, it is unknown and the permission is named',
  async (fact, operation, permission) => {
    const ask = ({facts: read, fn, told}: ReturnType<typeof facts>) => {
      if (fact === 'logGroups') return told(read.logGroups())
      return told(read[fact](fn) as Promise<unknown>)
    }
    const others = {
      ListEventBuses: () => ({EventBuses: []}),
      ListAliases: () => ({}),
      ListVersionsByFunction: () => ({}),
    }
    expect(await ask(facts({...others, [operation]: refusing(() => deniedTo(permission))}))).toEqual({
      unknown: 'denied',
      detail: `needs ${permission}`,
    })
    expect(await ask(facts({...others, [operation]: refusing(expiredCredentials)}))).toEqual({
      unknown: 'denied',
      detail: 'the credentials have expired',
    })
    expect(
      await ask(facts({...others, [operation]: refusing(() => awsError('Strange', 'no\nsecond line', 400))})),
    ).toEqual({
      unknown: 'failed',
      detail: 'no',
    })
    const bug = new TypeError('a bug')
    await expect(ask(facts({...others, [operation]: refusing(() => bug)}))).rejects.toBe(bug)
  },
)

test('on abort what was asked for is unknown as interrupted, and nothing more is asked', async () => {
  const stop = new AbortController()
  const aws = fakeAccount({answers: {GetFunction: () => ({})}, latencyMs: 1_000})
  const read = openFacts(aws, null, stop.signal)
  aws.fakeClock.at(now + 500, () => stop.abort())
  const interrupted = {unknown: 'interrupted', detail: 'it was stopped before this was read'}
  expect(await aws.fakeClock.outcome(read.details(functionIn(aws, 'a')))).toEqual(interrupted)
  expect(await read.details(functionIn(aws, 'b'))).toEqual(interrupted)
  expect(await read.queue(`arn:aws:sqs:eu-west-1:${account}:q`)).toEqual(interrupted)
  expect(aws.calls).toHaveLength(1)
})

test('what was read of a function is kept for an hour, its state for a quarter of one, for as long as its revision stays; what is unknown is not', async () => {
  const aws = fakeAccount({
    answers: {
      GetFunction: () => ({Configuration: {State: 'Active'}}),
      ListProvisionedConcurrencyConfigs: () => ({ProvisionedConcurrencyConfigs: []}),
      ListFunctionUrlConfigs: refusing(() => deniedTo('lambda:ListFunctionUrlConfigs')),
    },
  })
  const cache = memoryCache(aws.fakeClock)
  const run = async (more: Parameters<typeof functionIn>[2] = {}) => {
    const read = openFacts(aws, cache, ongoing())
    const fn = functionIn(aws, 'fn', more)
    return aws.fakeClock.outcome(Promise.all([read.details(fn), read.details(fn), read.urls(fn), read.provisioned(fn)]))
  }
  const first = await run()
  expect(await run()).toEqual(first)
  expect(aws.of('GetFunction')).toHaveLength(1)
  expect(aws.of('ListFunctionUrlConfigs')).toHaveLength(2)
  await run({revisionId: 'revision-2'})
  await run({account: '999999999999'})
  expect(aws.of('GetFunction')).toHaveLength(3)
  await aws.fakeClock.outcome(aws.fakeClock.sleep(900_001))
  await run()
  expect(aws.of('GetFunction')).toHaveLength(4)
  expect(aws.of('ListProvisionedConcurrencyConfigs')).toHaveLength(3)
  await aws.fakeClock.outcome(aws.fakeClock.sleep(2_700_001))
  await run()
  expect(aws.of('ListProvisionedConcurrencyConfigs')).toHaveLength(4)
  await run({account: null})
  await run({account: null})
  expect(aws.of('GetFunction')).toHaveLength(7)
})
