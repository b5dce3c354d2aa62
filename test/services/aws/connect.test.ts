import {FilterLogEventsCommand} from '@aws-sdk/client-cloudwatch-logs'
import {afterEach, describe, expect, test, vi} from 'vitest'
import {type ConnectOptions, connect} from '../../../src/services/aws/connect.ts'
import {createFakeClock} from '../logs/reader/fake-clock.ts'
import {serving} from './loopback-server.ts'

const options: ConnectOptions = {
  profile: null,
  region: 'eu-central-1',
  sandboxUrl: null,
  publishedQuotas: true,
  userAgent: 'slsops/test',
  clock: createFakeClock(0),
  random: () => 0,
}

afterEach(() => {
  vi.unstubAllEnvs()
})

function withoutConfiguration(): void {
  for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_PROFILE']) vi.stubEnv(name, undefined)
  vi.stubEnv('AWS_CONFIG_FILE', '/nowhere/config')
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nowhere/credentials')
}

describe('the region', () => {
  test('is the one that was asked for', async () => {
    vi.stubEnv('AWS_REGION', 'us-east-1')
    expect((await connect(options)).scope).toEqual({
      account: null,
      region: 'eu-central-1',
      profile: null,
      endpoint: 'aws',
    })
  })

  test('is else the environment’s', async () => {
    withoutConfiguration()
    vi.stubEnv('AWS_REGION', 'us-east-1')
    expect((await connect({...options, region: null})).scope.region).toBe('us-east-1')
  })

  test('that is set nowhere is an error that says how to set one', async () => {
    withoutConfiguration()
    await expect(connect({...options, region: null})).rejects.toMatchObject({code: 'NoRegion', exitCode: 4})
  })
})

describe('the budget', () => {
  test('starts from the quota of the region', async () => {
    const {budget} = await connect(options)
    expect(budget.numbers('FilterLogEvents').ratePerSecond).toBe(5)
    expect(budget.numbers('ListFunctions').ratePerSecond).toBe(15)
  })

  test('knows no quota of a server on this machine', async () => {
    const {budget} = await connect({...options, publishedQuotas: false})
    expect(budget.numbers('FilterLogEvents').ratePerSecond).toBeGreaterThan(100)
  })
})

describe('clients', () => {
  test('are made once for each service, also when asked for twice at once', async () => {
    const aws = await connect(options)
    const [first, second] = await Promise.all([aws.logs(), aws.logs()])
    expect(second).toBe(first)
    expect(await aws.lambda()).not.toBe(first)
    aws.close()
  })

  test('never try again by themselves, and take the region', async () => {
    const aws = await connect(options)
    const clients = await Promise.all([
      aws.logs(),
      aws.lambda(),
      aws.sts(),
      aws.cloudFormation(),
      aws.tagging(),
      aws.cloudWatch(),
    ])
    for (const {config} of clients) {
      expect(await config.maxAttempts()).toBe(1)
      expect(await config.region()).toBe('eu-central-1')
    }
    aws.close()
  })

  test('dial an endpoint as it is written, without a host prefix, and say who they are', async () => {
    await using server = await serving(() => ({body: '{"events":[]}'}))
    const logs = await server.aws.logs()
    await logs.send(new FilterLogEventsCommand({logGroupName: 'g'}))
    const headers = server.asked[0]?.headers
    expect(`http://${headers?.host}`).toBe(server.url)
    expect(headers?.['user-agent']).toContain('slsops/test')
    expect(logs.config.disableHostPrefix).toBe(true)
  })
})

test('closing before any client was made, or twice, does no harm', async () => {
  const aws = await connect(options)
  aws.close()
  await aws.logs()
  aws.close()
  aws.close()
})
