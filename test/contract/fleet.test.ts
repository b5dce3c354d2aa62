import {CloudWatchClient, PutMetricDataCommand} from '@aws-sdk/client-cloudwatch'
import {CloudWatchLogsClient, CreateLogGroupCommand, PutRetentionPolicyCommand} from '@aws-sdk/client-cloudwatch-logs'
import {CreateEventBusCommand, EventBridgeClient, PutRuleCommand, PutTargetsCommand} from '@aws-sdk/client-eventbridge'
import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  LambdaClient,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda'
import {CreateScheduleCommand, SchedulerClient} from '@aws-sdk/client-scheduler'
import {CreateQueueCommand, SendMessageCommand, SQSClient} from '@aws-sdk/client-sqs'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import type {Aws} from '../../src/services/aws/connect.ts'
import {sweepRules} from '../../src/services/fleet/facts/sweep-rules.ts'
import {type Facts, openFacts} from '../../src/services/fleet/facts.ts'
import type {FleetFunction} from '../../src/services/fleet/fleet-function.ts'
import {type MetricQuery, readListedActivity, readMetrics} from '../../src/services/fleet/metric-reader.ts'
import {connectedTo} from '../services/connected.ts'
import {functionIn} from '../services/fleet/fake-account.ts'
import {makeRole} from './moto-role.ts'
import {type AwsServer, motoServer} from './servers.ts'

const region = 'eu-west-1'
const account = '123456789012'
const arnOf = (name: string): string => `arn:aws:lambda:${region}:${account}:function:${name}`
const queueArn = (name: string): string => `arn:aws:sqs:${region}:${account}:${name}`
const signal = new AbortController().signal

// what moto has of it: neither function URLs nor provisioned concurrency nor account settings can be listed there
describe.runIf(motoServer.ready)('a fleet in moto', () => {
  let server: AwsServer
  let aws: Aws
  let facts: Facts
  let orders: FleetFunction
  let idle: FleetFunction
  const settings = () => ({region, endpoint: server.url, credentials: {accessKeyId: 'x', secretAccessKey: 'x'}})

  beforeAll(async () => {
    server = await motoServer.start()
    aws = await connectedTo({region, url: server.url})
    facts = openFacts(aws, null, signal)
    orders = functionIn(aws, 'orders')
    idle = functionIn(aws, 'idle')
    await makeQueues()
    await makeFunctions()
    await makeRules()
  })
  afterAll(async () => {
    aws?.close()
    await server?.stop()
  })

  async function makeQueues(): Promise<void> {
    const sqs = new SQSClient(settings())
    await sqs.send(new CreateQueueCommand({QueueName: 'lost'}))
    const RedrivePolicy = JSON.stringify({deadLetterTargetArn: queueArn('lost'), maxReceiveCount: 3})
    const {QueueUrl} = await sqs.send(new CreateQueueCommand({QueueName: 'placed', Attributes: {RedrivePolicy}}))
    for (const MessageBody of ['a', 'b']) await sqs.send(new SendMessageCommand({QueueUrl, MessageBody}))
    sqs.destroy()
  }

  async function makeFunctions(): Promise<void> {
    await makeRole(server.url, 'lambda')
    const lambda = new LambdaClient(settings())
    for (const FunctionName of ['orders', 'idle'])
      await lambda.send(
        new CreateFunctionCommand({
          FunctionName,
          Runtime: 'nodejs22.x',
          Handler: 'index.handler',
          Role: `arn:aws:iam::${account}:role/lambda`,
          Code: {ZipFile: Buffer.from('UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==', 'base64')},
          MemorySize: 256,
          Tags: FunctionName === 'orders' ? {team: 'shop'} : {},
        }),
      )
    const ofOrders = {FunctionName: 'orders'}
    const {Version} = await lambda.send(new PublishVersionCommand(ofOrders))
    await lambda.send(new CreateAliasCommand({...ofOrders, Name: 'live', FunctionVersion: Version}))
    await lambda.send(new PutFunctionConcurrencyCommand({...ofOrders, ReservedConcurrentExecutions: 7}))
    await lambda.send(
      new PutFunctionEventInvokeConfigCommand({
        ...ofOrders,
        MaximumRetryAttempts: 1,
        DestinationConfig: {OnFailure: {Destination: queueArn('lost')}},
      }),
    )
    await lambda.send(
      new AddPermissionCommand({
        ...ofOrders,
        StatementId: 'photos',
        Principal: 's3.amazonaws.com',
        Action: 'lambda:InvokeFunction',
        SourceArn: 'arn:aws:s3:::photos',
        SourceAccount: account,
      }),
    )
    await lambda.send(new CreateEventSourceMappingCommand({...ofOrders, EventSourceArn: queueArn('placed')}))
    lambda.destroy()
    const logs = new CloudWatchLogsClient(settings())
    await logs.send(new CreateLogGroupCommand({logGroupName: '/aws/lambda/orders'}))
    await logs.send(new PutRetentionPolicyCommand({logGroupName: '/aws/lambda/orders', retentionInDays: 14}))
    logs.destroy()
  }

  async function makeRules(): Promise<void> {
    const events = new EventBridgeClient(settings())
    await events.send(new CreateEventBusCommand({Name: 'shop'}))
    await events.send(new PutRuleCommand({Name: 'nightly', ScheduleExpression: 'cron(0 3 * * ? *)', State: 'DISABLED'}))
    await events.send(new PutTargetsCommand({Rule: 'nightly', Targets: [{Id: '1', Arn: arnOf('orders')}]}))
    await events.send(new PutRuleCommand({Name: 'paid', EventBusName: 'shop', EventPattern: '{"source":["shop"]}'}))
    await events.send(
      new PutTargetsCommand({Rule: 'paid', EventBusName: 'shop', Targets: [{Id: '1', Arn: arnOf('orders')}]}),
    )
    events.destroy()
    const scheduler = new SchedulerClient(settings())
    await scheduler.send(
      new CreateScheduleCommand({
        Name: 'yearly',
        ScheduleExpression: 'cron(0 0 1 1 ? *)',
        ScheduleExpressionTimezone: 'Europe/Berlin',
        FlexibleTimeWindow: {Mode: 'OFF'},
        Target: {Arn: arnOf('orders'), RoleArn: `arn:aws:iam::${account}:role/lambda`},
      }),
    )
    scheduler.destroy()
  }

  const values = (known: unknown) => (known as {value: unknown}).value

  test('tells what feeds a function, and how full that is', async () => {
    const sources = await facts.eventSources()
    expect(values(sources)).toEqual(
      new Map([
        [
          'orders',
          [
            expect.objectContaining({
              functionName: 'orders',
              qualifier: null,
              state: 'Enabled',
              sourceArn: queueArn('placed'),
            }),
          ],
        ],
      ]),
    )
    expect(await facts.queue(queueArn('placed'))).toEqual({
      value: {arn: queueArn('placed'), visible: 2, inFlight: 0, delayed: 0, deadLetterArn: queueArn('lost')},
    })
    expect(await facts.queue(queueArn('nowhere'))).toEqual({value: null})
  })

  test('tells who may invoke it, and that nobody may where it has no policy', async () => {
    expect(await facts.policy(orders)).toEqual({
      value: [
        {principal: 's3.amazonaws.com', sourceArn: 'arn:aws:s3:::photos', qualifier: null, sourceAccount: account},
      ],
    })
    expect(await facts.policy(idle)).toEqual({value: []})
  })

  test('tells its rules of all buses and its schedules', async () => {
    expect(await facts.rules(orders)).toEqual({
      value: [
        {kind: 'rule', name: 'nightly', isEnabled: false, schedule: 'cron(0 3 * * ? *)', timezone: null},
        {kind: 'rule', name: 'shop/paid', isEnabled: true, schedule: null, timezone: null},
      ],
    })
    expect(await facts.rules(idle)).toEqual({value: []})
    const swept = await sweepRules(aws, ['default', 'shop'], signal)
    expect([...(swept ?? [])]).toEqual([[arnOf('orders'), values(await facts.rules(orders))]])
    const yearly = {
      kind: 'schedule',
      name: 'yearly',
      isEnabled: true,
      schedule: 'cron(0 0 1 1 ? *)',
      timezone: 'Europe/Berlin',
    }
    expect(await facts.schedules()).toEqual({
      value: new Map([['orders', [{...yearly, activeFrom: expect.any(Number)}]]]),
    })
  })

  test('tells its versions, its limits and what becomes of its failures', async () => {
    expect(values(await facts.versions(orders))).toMatchObject([
      {version: '$LATEST', memorySizeMB: 256, snapStart: false, aliases: []},
      {version: '1', memorySizeMB: 256, snapStart: false, aliases: ['live']},
    ])
    expect(await facts.details(orders)).toMatchObject({value: {state: 'Active', reservedConcurrency: 7}})
    expect(await facts.details(idle)).toMatchObject({value: {reservedConcurrency: null}})
    expect(await facts.asyncConfig(orders)).toMatchObject({
      value: {qualifier: null, onFailureArn: queueArn('lost'), maximumRetryAttempts: 1},
    })
    expect(await facts.asyncConfig(idle)).toEqual({value: null})
  })

  test('tells its tags and its log group, that nothing was written to', async () => {
    expect(values(await facts.tags())).toEqual(new Map([['orders', {team: 'shop'}]]))
    const group = {name: '/aws/lambda/orders', storedBytes: 0, retentionInDays: 14, logClass: 'STANDARD'}
    expect(values(await facts.logGroups())).toEqual(new Map([['/aws/lambda/orders', expect.objectContaining(group)]]))
    expect(await facts.lastLogEvent(orders)).toEqual({value: null})
    expect(await facts.lastLogEvent(idle)).toEqual({value: null})
  })

  test('has no function that was never there', async () => {
    expect(await facts.details(functionIn(aws, 'ghost'))).toMatchObject({unknown: 'missing'})
    expect(await facts.versions(functionIn(aws, 'ghost'))).toMatchObject({unknown: 'missing'})
  })
})

describe.runIf(motoServer.ready)('metrics in moto', () => {
  let server: AwsServer
  let aws: Aws
  const hour = 3_600_000
  const end = Math.floor(Date.now() / hour) * hour
  const names = ['my-fn', 'myfn', '1fn', ...Array.from({length: 498}, (_, at) => `fn-${at}`)]

  const query = (name: string, more: Partial<MetricQuery> = {}): MetricQuery => ({
    namespace: 'AWS/Lambda',
    metricName: 'Invocations',
    dimensions: {FunctionName: name},
    statistic: 'Sum',
    periodSeconds: 3600,
    ...more,
  })

  beforeAll(async () => {
    server = await motoServer.start()
    aws = await connectedTo({region, url: server.url})
    const client = new CloudWatchClient({
      region,
      endpoint: server.url,
      credentials: {accessKeyId: 'x', secretAccessKey: 'x'},
      // moto does not unpack what the SDK packs
      disableRequestCompression: true,
    })
    const put = (Timestamp: Date, dimensions: readonly (readonly [string, string])[], Value: number) => ({
      MetricName: 'Invocations',
      Timestamp,
      Value,
      Dimensions: dimensions.map(([Name, Of]) => ({Name, Value: Of})),
    })
    const data = names.flatMap((name, at) => [
      put(new Date(end - 2 * hour), [['FunctionName', name]], at),
      put(new Date(end - 2 * hour + 1_000), [['FunctionName', name]], 1),
      put(new Date(end - 4 * hour), [['FunctionName', name]], 1_000 + at),
    ])
    data.push(
      put(
        new Date(end - hour),
        [
          ['FunctionName', 'my-fn'],
          ['Resource', 'my-fn:live'],
        ],
        3,
      ),
      put(
        new Date(end - hour),
        [
          ['FunctionName', 'my-fn'],
          ['Resource', 'my-fn:live'],
          ['ExecutedVersion', '7'],
        ],
        3,
      ),
    )
    for (let from = 0; from < data.length; from += 500)
      await client.send(new PutMetricDataCommand({Namespace: 'AWS/Lambda', MetricData: data.slice(from, from + 500)}))
    client.destroy()
  })
  afterAll(async () => {
    aws?.close()
    await server?.stop()
  })

  test('case 26: of 501 functions with names alike, each has its own, in two calls', async () => {
    const before = aws.budget.numbers('GetMetricData').calls
    const window = {start: end - 6 * hour, end}
    const answers = await readMetrics(
      aws,
      names.map(name => query(name)),
      window,
      signal,
    )
    expect(answers).toEqual(
      names.map((_, at) => ({value: {times: [end - 4 * hour, end - 2 * hour], values: [1_000 + at, at + 1]}})),
    )
    expect(aws.budget.numbers('GetMetricData').calls - before).toBe(2)
  })

  test('each statistic and each set of dimensions is by itself; what was never reported is empty', async () => {
    const live = {FunctionName: 'my-fn', Resource: 'my-fn:live'}
    const window = {start: end - 2 * hour - 1, end}
    const answers = await readMetrics(
      aws,
      [
        query('myfn', {statistic: 'Maximum'}),
        query('myfn', {statistic: 'SampleCount'}),
        query('', {dimensions: live}),
        query('nobody'),
      ],
      window,
      signal,
    )
    expect(answers).toEqual([
      {value: {times: [end - 2 * hour], values: [1]}},
      {value: {times: [end - 2 * hour], values: [2]}},
      {value: {times: [end - hour], values: [3]}},
      {value: {times: [], values: []}},
    ])
  })

  test('what was reported is listed by function, alias and version', async () => {
    const listed = await readListedActivity(aws, 'Invocations', signal)
    if ('unknown' in listed) throw new Error(listed.detail)
    expect(listed.value.byFunction.size).toBe(names.length)
    expect(listed.value.byFunction.get('my-fn')).toEqual({resources: new Set(['my-fn:live']), versions: new Set(['7'])})
    expect(listed.value.byFunction.get('myfn')).toEqual({resources: new Set(), versions: new Set()})
  })
})
