import {describe, expect, onTestFinished, test} from 'vitest'
import {regionsFrom, several} from '../../../src/flags/global.ts'
import type {Aws} from '../../../src/services/aws/connect.ts'
import {connectAll} from '../../../src/services/aws/connect-all.ts'
import {enabledRegions} from '../../../src/services/aws/enabled-regions.ts'
import {createFakeClock} from '../logs/reader/fake-clock.ts'
import {awsError, fakeAws, openBudget} from '../logs/reader/fake-log-groups.ts'
import {serving} from './loopback-server.ts'

const {signal} = new AbortController()

async function connected(
  regions: readonly string[] | 'all',
  profiles: readonly string[] = [],
  sandboxUrl = 'http://127.0.0.1:9',
) {
  const made: Aws[] = []
  onTestFinished(() => {
    for (const aws of made) aws.close()
  })
  const {all} = await connectAll(
    {
      profiles,
      regions,
      sandboxUrl,
      userAgent: 'test',
      clock: {now: () => 0, sleep: async () => {}},
      random: () => 0,
      onConnect: aws => void made.push(aws),
    },
    signal,
  )
  return {all, made}
}

describe('regions', () => {
  test('each get a connection and a budget of their own', async () => {
    const {all, made} = await connected(['eu-west-1', 'us-east-1'])
    expect(all.map(({scope}) => scope.region)).toEqual(['eu-west-1', 'us-east-1'])
    expect(new Set(all.map(({budget}) => budget)).size).toBe(2)
    expect(made).toEqual(all)
  })

  test('may be given several times, once each, or all at once', () => {
    expect(regionsFrom(undefined)).toBeNull()
    expect(regionsFrom(['eu-west-1', ' us-east-1', 'eu-west-1'])).toEqual(['eu-west-1', 'us-east-1'])
    expect(regionsFrom(['ALL'])).toBe('all')
  })

  test.each([[['']], [['eu-west-1', ' ']]])('%j is an error', values => {
    expect(() => regionsFrom(values)).toThrow('--region is empty')
    expect(() => several(values, '--profile')).toThrow('--profile is empty')
  })

  test('all stands alone', () => {
    expect(() => regionsFrom(['all', 'eu-west-1'])).toThrow('--region all stands for every region')
  })
})

describe('the regions that are enabled', () => {
  const awsWith = (send: (command: {input: {NextToken?: string}}) => Promise<unknown>): Aws => ({
    ...fakeAws({}, {clock: createFakeClock(0), budget: openBudget(0)}),
    account: async () => ({send}) as never,
  })

  test('are asked for page by page', async () => {
    const aws = awsWith(async ({input}) =>
      input.NextToken
        ? {Regions: [{RegionName: 'eu-west-1'}]}
        : {Regions: [{RegionName: 'us-east-1'}], NextToken: 'more'},
    )
    expect(await enabledRegions(aws, signal)).toEqual({regions: ['eu-west-1', 'us-east-1'], notices: []})
  })

  test('where AWS does not tell are those of every account, which is said', async () => {
    const aws = awsWith(() => Promise.reject(awsError('AccessDeniedException', 'no')))
    const {regions, notices} = await enabledRegions(aws, signal)
    expect(regions).toHaveLength(17)
    expect(notices).toEqual([expect.stringContaining('account:ListRegions')])
  })

  test('of a profile among others that does not work are one, where that is found out again', async () => {
    const expired = '{"__type":"ExpiredTokenException","message":"The security token is expired"}'
    await using server = await serving((_, nth) =>
      nth === 1
        ? {status: 403, body: expired}
        : {body: '{"Regions":[{"RegionName":"eu-west-1"},{"RegionName":"us-east-1"}]}'},
    )
    const {all} = await connected('all', ['dev', 'prod'], server.url)
    expect(all.map(({scope}) => scope.region)).toHaveLength(3)
    expect(new Set(all.map(({scope}) => scope.profile))).toEqual(new Set(['dev', 'prod']))
  })

  test('are an error where the credentials do not work', async () => {
    const aws = awsWith(() => Promise.reject(awsError('UnrecognizedClientException', 'no')))
    await expect(enabledRegions(aws, signal)).rejects.toMatchObject({exitCode: 4})
  })
})
