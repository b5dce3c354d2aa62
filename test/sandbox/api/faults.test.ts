import {CloudFormationClient, DescribeStacksCommand} from '@aws-sdk/client-cloudformation'
import {CloudWatchLogsClient, DescribeLogGroupsCommand, FilterLogEventsCommand} from '@aws-sdk/client-cloudwatch-logs'
import {GetFunctionCommand, LambdaClient, ListFunctionsCommand, TooManyRequestsException} from '@aws-sdk/client-lambda'
import {describe, expect, test} from 'vitest'
import {createQuotas} from '../../../src/sandbox/api/quotas.ts'
import type {Fault} from '../../../src/sandbox/server.ts'
import {makeEvents} from '../hand-made-world.ts'
import {refusal, serve} from '../running.ts'

const [sick, well] = ['/aws/lambda/sick', '/aws/lambda/well']
const groups = [
  {name: sick, events: makeEvents(3, 1)},
  {name: well, events: makeEvents(3, 1)},
]

async function logsWith(faults: readonly Fault[], maxAttempts = 1) {
  const {connect} = await serve({groups}, {faults})
  const client = connect(CloudWatchLogsClient, {maxAttempts})
  const filter = (logGroupName = sick, nextToken?: string) =>
    client.send(new FilterLogEventsCommand({logGroupName, nextToken}))
  const outcomes = async (count: number, logGroupName = sick) => {
    const found: string[] = []
    for (let call = 0; call < count; call++)
      found.push(
        await filter(logGroupName).then(
          () => 'ok',
          error => error.name,
        ),
      )
    return found
  }
  return {client, filter, outcomes}
}

describe('faults', () => {
  test('a throttle burst hits so many calls of the named operation and group, and no others', async () => {
    const {client, filter, outcomes} = await logsWith([
      {kind: 'throttle', operation: 'FilterLogEvents', logGroup: sick, after: 1, times: 2},
    ])
    expect(await outcomes(5)).toEqual(['ok', 'ThrottlingException', 'ThrottlingException', 'ok', 'ok'])
    expect(await outcomes(3, well)).toEqual(['ok', 'ok', 'ok'])
    await client.send(new DescribeLogGroupsCommand({}))
    expect((await filter()).events).toHaveLength(3)
  })

  test('the SDK rides out a burst shorter than its attempts', async () => {
    const {filter} = await logsWith([{kind: 'throttle', times: 1}], 2)
    expect((await filter()).$metadata.attempts).toBe(2)
  })

  test('each service throttles in its own words', async () => {
    const {connect} = await serve({groups}, {faults: [{kind: 'throttle'}]})
    const listFunctions = connect(LambdaClient).send(new ListFunctionsCommand({}))
    await expect(listFunctions).rejects.toBeInstanceOf(TooManyRequestsException)
    await expect(listFunctions).rejects.toMatchObject({
      message: 'Rate exceeded',
      Type: 'User',
      $metadata: {httpStatusCode: 429},
    })
    expect(await refusal(connect(CloudFormationClient).send(new DescribeStacksCommand({})))).toMatchObject({
      name: 'Throttling',
      message: 'Rate exceeded',
      status: 400,
    })
    const filter = connect(CloudWatchLogsClient).send(new FilterLogEventsCommand({logGroupName: sick}))
    expect(await refusal(filter)).toMatchObject({name: 'ThrottlingException', message: 'Rate exceeded', status: 400})
  })

  test('5xx, then an answer', async () => {
    const {filter, outcomes} = await logsWith([
      {kind: 'server-error', times: 1},
      {kind: 'server-error', status: 500, after: 1, times: 1},
    ])
    expect(await refusal(filter())).toMatchObject({name: 'ServiceUnavailableException', status: 503})
    expect(await refusal(filter())).toMatchObject({name: 'InternalFailure', status: 500})
    expect(await outcomes(1)).toEqual(['ok'])
  })

  test('a reset cuts the connection without an answer', async () => {
    const {filter, outcomes} = await logsWith([{kind: 'reset', times: 1}])
    await expect(filter()).rejects.toMatchObject({code: 'ECONNRESET'})
    expect(await outcomes(1)).toEqual(['ok'])
  })

  test('denied: the message names caller, action and resource; lambda says it with 403', async () => {
    const {connect} = await serve({groups}, {faults: [{kind: 'access-denied'}]})
    const filter = connect(CloudWatchLogsClient).send(new FilterLogEventsCommand({logGroupName: sick}))
    expect(await refusal(filter)).toMatchObject({
      name: 'AccessDeniedException',
      status: 400,
      message: `User: arn:aws:sts::123456789012:assumed-role/engineer/on-call is not authorized to perform: logs:FilterLogEvents on resource: arn:aws:logs:eu-west-1:123456789012:log-group:${sick}:log-stream: because no identity-based policy allows the logs:FilterLogEvents action`,
    })
    const get = connect(LambdaClient).send(new GetFunctionCommand({FunctionName: 'f'}))
    expect(await refusal(get)).toMatchObject({name: 'AccessDeniedException', status: 403})
    expect(await refusal(connect(CloudFormationClient).send(new DescribeStacksCommand({})))).toMatchObject({
      name: 'AccessDenied',
      status: 403,
    })
  })

  test('a group goes missing', async () => {
    const {outcomes} = await logsWith([{kind: 'missing-group', logGroup: sick, after: 1}])
    expect(await outcomes(3)).toEqual(['ok', 'ResourceNotFoundException', 'ResourceNotFoundException'])
  })

  test('T1 empty pages carry ever new tokens until the events come', async () => {
    const {filter} = await logsWith([{kind: 'empty-page', times: 2}])
    const first = await filter()
    const second = await filter(sick, first.nextToken)
    const third = await filter(sick, second.nextToken)
    expect([first, second, third].map(page => page.events?.length)).toEqual([0, 0, 3])
    expect(first.nextToken).not.toBe(second.nextToken)
    expect(third.nextToken).toBeUndefined()
  })

  test('T2 a repeated token comes back as it was sent, with nothing, and works afterwards', async () => {
    const {filter} = await logsWith([{kind: 'repeated-token', times: 3}])
    const first = await filter()
    const second = await filter(sick, first.nextToken)
    const third = await filter(sick, second.nextToken)
    expect([second.nextToken, third.nextToken]).toEqual([first.nextToken, first.nextToken])
    expect((await filter(sick, third.nextToken)).events).toHaveLength(3)
  })

  test('a proxy answers HTML', async () => {
    const {filter} = await logsWith([{kind: 'html'}])
    const {name, status} = await refusal(filter())
    expect([name, status]).toEqual(['SyntaxError', 502])
  })

  test('latency delays an answer, and a client that goes away ends the wait', async () => {
    const {client} = await logsWith([{kind: 'latency', ms: 30}])
    const before = Date.now()
    await client.send(new DescribeLogGroupsCommand({}))
    expect(Date.now() - before).toBeGreaterThanOrEqual(29)
    const {client: slow} = await logsWith([{kind: 'latency', ms: 60_000}])
    const aborter = new AbortController()
    const call = slow.send(new DescribeLogGroupsCommand({}), {abortSignal: aborter.signal})
    setImmediate(() => aborter.abort())
    await expect(call).rejects.toMatchObject({name: 'AbortError'})
  })
})

describe('clock skew', () => {
  const hour = 3_600_000

  test('the Date header and what is visible follow the clock the server believes', async () => {
    const {connect, url} = await serve(
      {
        groups: [
          {name: sick, events: makeEvents(1, 1).map(event => ({...event, ingestionTime: event.timestamp + hour}))},
        ],
      },
      {clockSkew: {ms: hour}},
    )
    expect((await fetch(url)).headers.get('date')).toBe('Mon, 10 Aug 2026 13:00:00 GMT')
    const answer = await connect(CloudWatchLogsClient).send(new FilterLogEventsCommand({logGroupName: sick}))
    expect(answer.events).toHaveLength(1)
  })

  test.each([hour, -hour])(
    'a clock that is off by %d ms refuses what was signed, until the SDK corrects its own',
    async ms => {
      const {connect} = await serve({now: Date.now}, {clockSkew: {ms, refuse: true}})
      const refused = await refusal(connect(CloudWatchLogsClient).send(new DescribeLogGroupsCommand({})))
      expect(refused).toMatchObject({name: 'InvalidSignatureException', status: 403})
      expect(refused.message).toMatch(
        ms > 0 ? /^Signature expired: \d{8}T\d{6}Z is now earlier than/ : /^Signature not yet current/,
      )
      const answer = await connect(CloudWatchLogsClient, {maxAttempts: 2}).send(new DescribeLogGroupsCommand({}))
      expect(answer.$metadata.attempts).toBe(2)
    },
  )
})

describe('quotas', () => {
  test('published calls a second per region and API, then ThrottlingException, then refilled', async () => {
    let now = 0
    const {connect} = await serve({groups}, {quotas: true, clock: () => now})
    const outcomes = async (region: string, count: number) => {
      const client = connect(CloudWatchLogsClient, {region})
      const calls = Array.from({length: count}, () =>
        client.send(new DescribeLogGroupsCommand({})).then(
          () => 'ok',
          error => error.name,
        ),
      )
      return (await Promise.all(calls)).filter(outcome => outcome === 'ok').length
    }
    expect(await outcomes('eu-west-1', 13)).toBe(10)
    expect(await outcomes('us-east-1', 13)).toBe(10)
    now += 500
    expect(await outcomes('eu-west-1', 13)).toBe(5)
    now += 60_000
    expect(await outcomes('eu-west-1', 13)).toBe(10)
  })

  test('FilterLogEvents: 25 in us-east-1, 5 in eu-central-1, 10 elsewhere', () => {
    const admitted = (region: string) => {
      const {admit} = createQuotas(() => 0)
      return Array.from({length: 40}, () => admit(region, 'logs', 'FilterLogEvents')).filter(Boolean).length
    }
    expect(['us-east-1', 'eu-central-1', 'eu-west-1'].map(admitted)).toEqual([25, 5, 10])
  })

  test("lambda's control plane shares one bucket, GetFunction has its own, and what has no quota passes", () => {
    const {admit} = createQuotas(() => 0)
    for (let call = 0; call < 15; call++)
      expect(admit('eu-west-1', 'lambda', call % 2 ? 'ListFunctions' : 'GetAlias')).toBe(true)
    expect(admit('eu-west-1', 'lambda', 'ListTags')).toBe(false)
    expect(admit('eu-west-1', 'lambda', 'GetFunction')).toBe(true)
    for (let call = 0; call < 2000; call++) expect(admit('eu-west-1', 'logs', 'PutLogEvents')).toBe(true)
  })

  test('a bench sets its own rates', () => {
    const {admit} = createQuotas(() => 0, {FilterLogEvents: 2})
    expect([1, 2, 3].map(() => admit('us-east-1', 'logs', 'FilterLogEvents'))).toEqual([true, true, false])
  })
})
