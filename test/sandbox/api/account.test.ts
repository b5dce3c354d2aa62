import {
  CloudFormationClient,
  DescribeStacksCommand,
  ListStackResourcesCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation'
import {CloudWatchClient, DescribeAlarmsCommand} from '@aws-sdk/client-cloudwatch'
import {GetResourcesCommand, ResourceGroupsTaggingAPIClient} from '@aws-sdk/client-resource-groups-tagging-api'
import {GetCallerIdentityCommand, STSClient} from '@aws-sdk/client-sts'
import {describe, expect, test} from 'vitest'
import type {SandboxAlarm} from '../../../src/sandbox/world/alarms/alarm.ts'
import type {SandboxStack} from '../../../src/sandbox/world/sandbox-resources.ts'
import {makeFunction, noon} from '../hand-made-world.ts'
import {refusal, serve} from '../running.ts'

test('GetCallerIdentity names account, role and session', async () => {
  const {connect} = await serve({})
  const answer = await connect(STSClient).send(new GetCallerIdentityCommand({}))
  expect(answer).toMatchObject({
    Account: '123456789012',
    Arn: 'arn:aws:sts::123456789012:assumed-role/engineer/on-call',
  })
  expect(answer.$metadata.requestId).toMatch(/^[\da-f]{8}-/)
})

describe('CloudFormation', () => {
  const stack = (name: string, more: Partial<SandboxStack> = {}): SandboxStack => ({
    name,
    id: `arn:aws:cloudformation:eu-west-1:123456789012:stack/${name}/1`,
    description: 'orders & <returns>\r\n“ü”',
    status: 'UPDATE_COMPLETE',
    createdAt: noon - 5000,
    updatedAt: noon - 1234,
    parent: null,
    tags: {team: 'shop'},
    resources: Array.from({length: 130}, (_, index) => ({
      logicalId: `Function${index}`,
      physicalId: `f${index}`,
      type: 'AWS::Lambda::Function',
      status: 'CREATE_COMPLETE',
      updatedAt: noon,
    })),
    ...more,
  })

  test('a stack survives the trip through XML: text, dates, lists, empty lists', async () => {
    const {connect} = await serve({stacks: [stack('shop'), stack('empty', {tags: {}})]})
    const client = connect(CloudFormationClient)
    const [shop] = (await client.send(new DescribeStacksCommand({StackName: 'shop'}))).Stacks ?? []
    expect(shop).toMatchObject({
      StackName: 'shop',
      Description: 'orders & <returns>\r\n“ü”',
      CreationTime: new Date(noon - 5000),
      LastUpdatedTime: new Date(noon - 1234),
      StackStatus: 'UPDATE_COMPLETE',
      DisableRollback: false,
      NotificationARNs: [],
      Tags: [{Key: 'team', Value: 'shop'}],
    })
    const [empty] = (await client.send(new DescribeStacksCommand({StackName: 'empty'}))).Stacks ?? []
    expect(empty?.Tags).toEqual([])
    expect((await client.send(new DescribeStacksCommand({}))).Stacks?.map(each => each.StackName)).toEqual([
      'shop',
      'empty',
    ])
  })

  test('100 resources come in a page, by name or id of the stack', async () => {
    const {connect} = await serve({stacks: [stack('shop', {parent: 'arn:root'})]})
    const sizes: number[] = []
    for await (const page of paginateListStackResources(
      {client: connect(CloudFormationClient)},
      {StackName: stack('shop').id},
    ))
      sizes.push(page.StackResourceSummaries?.length ?? 0)
    expect(sizes).toEqual([100, 30])
  })

  test('a missing stack and a bad name are refused in the recorded words', async () => {
    const {connect} = await serve({})
    const client = connect(CloudFormationClient)
    const missing = {name: 'ValidationError', message: 'Stack with id none does not exist', status: 400}
    expect(await refusal(client.send(new DescribeStacksCommand({StackName: 'none'})))).toMatchObject(missing)
    expect(await refusal(client.send(new ListStackResourcesCommand({StackName: 'none'})))).toMatchObject(missing)
    expect((await refusal(client.send(new DescribeStacksCommand({StackName: '*@da591fa3_$'})))).message).toBe(
      "1 validation error detected: Value '*@da591fa3_$' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*",
    )
  })
})

describe('Resource Groups Tagging', () => {
  const parts = {
    functions: [
      makeFunction({name: 'a', tags: {team: 'shop', env: 'prod'}}),
      makeFunction({name: 'b', tags: {team: 'pay'}}),
      makeFunction({name: 'untagged'}),
    ],
    groups: [{name: '/ecs/x', tags: {team: 'shop'}}],
  }
  const [functionA, functionB, group] = [
    'arn:aws:lambda:eu-west-1:123456789012:function:a',
    'arn:aws:lambda:eu-west-1:123456789012:function:b',
    'arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/x',
  ]

  test('resources are picked by type, by tag and by ARN; untagged ones are unknown', async () => {
    const {connect} = await serve(parts)
    const arns = async (input: object) =>
      (await connect(ResourceGroupsTaggingAPIClient).send(new GetResourcesCommand(input))).ResourceTagMappingList?.map(
        each => each.ResourceARN,
      )
    expect(await arns({})).toEqual([functionA, functionB, group])
    expect(await arns({ResourceTypeFilters: ['lambda']})).toEqual([functionA, functionB])
    expect(
      await arns({ResourceTypeFilters: ['lambda:function'], TagFilters: [{Key: 'team', Values: ['shop', 'x']}]}),
    ).toEqual([functionA])
    expect(await arns({TagFilters: [{Key: 'team'}, {Key: 'env', Values: ['prod']}]})).toEqual([functionA])
    expect(await arns({ResourceARNList: [group]})).toEqual([group])
  })

  test('pages end with an empty token', async () => {
    const {connect} = await serve(parts)
    const client = connect(ResourceGroupsTaggingAPIClient)
    const first = await client.send(new GetResourcesCommand({ResourcesPerPage: 2, PaginationToken: ''}))
    const second = await client.send(
      new GetResourcesCommand({ResourcesPerPage: 2, PaginationToken: first.PaginationToken}),
    )
    expect(first.ResourceTagMappingList?.[0]).toEqual({
      ResourceARN: functionA,
      Tags: [
        {Key: 'team', Value: 'shop'},
        {Key: 'env', Value: 'prod'},
      ],
    })
    expect(second.ResourceTagMappingList?.map(each => each.ResourceARN)).toEqual([group])
    expect(second.PaginationToken).toBe('')
    expect((await refusal(client.send(new GetResourcesCommand({PaginationToken: 'zzz'})))).name).toBe(
      'PaginationTokenExpiredException',
    )
  })
})

describe('CloudWatch alarms', () => {
  const alarm = (name: string, state: SandboxAlarm['state']): SandboxAlarm => ({
    name,
    description: 'too many errors',
    namespace: 'AWS/Lambda',
    dimensions: {FunctionName: 'checkout'},
    metricName: 'Errors',
    statistic: 'Sum',
    periodSeconds: 60,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    treatMissingData: 'missing',
    threshold: 5,
    comparisonOperator: 'GreaterThanThreshold',
    state,
    stateReason: 'Threshold Crossed',
    stateUpdatedAt: noon - 1500,
    stateTransitionedAt: noon - 61_500,
    configuredAt: noon - 86_400_000,
  })
  const parts = {alarms: [alarm('shop-b', 'OK'), alarm('shop-a', 'ALARM'), alarm('pay', 'ALARM')]}

  test('alarms are picked by name, prefix and state, ordered by name, page by page', async () => {
    const {connect} = await serve(parts)
    const client = connect(CloudWatchClient)
    const describeAlarms = (input: object) => client.send(new DescribeAlarmsCommand(input))
    const names = async (input: object) => (await describeAlarms(input)).MetricAlarms?.map(each => each.AlarmName)
    expect(await names({})).toEqual(['pay', 'shop-a', 'shop-b'])
    expect(await names({AlarmNamePrefix: 'shop', StateValue: 'ALARM'})).toEqual(['shop-a'])
    expect(await names({AlarmNames: ['pay', 'none']})).toEqual(['pay'])
    const first = await describeAlarms({MaxRecords: 2})
    expect(await names({MaxRecords: 2, NextToken: first.NextToken})).toEqual(['shop-b'])
  })

  test('an alarm keeps its numbers and its dates with milliseconds', async () => {
    const {connect} = await serve(parts)
    const answer = await connect(CloudWatchClient).send(new DescribeAlarmsCommand({AlarmNames: ['pay']}))
    expect(answer.MetricAlarms?.[0]).toMatchObject({
      AlarmArn: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:pay',
      StateUpdatedTimestamp: new Date(noon - 1500),
      StateTransitionedTimestamp: new Date(noon - 61_500),
      Threshold: 5,
      Dimensions: [{Name: 'FunctionName', Value: 'checkout'}],
    })
    expect(answer.CompositeAlarms).toEqual([])
  })

  test('a bad state is refused under the name the SDK knows and the code query clients know', async () => {
    const {connect} = await serve(parts)
    const call = connect(CloudWatchClient).send(new DescribeAlarmsCommand({StateValue: 'INVALID' as 'OK'}))
    const message =
      "1 validation error detected: Value 'INVALID' at 'stateValue' failed to satisfy constraint: Member must satisfy enum value set: [INSUFFICIENT_DATA, ALARM, OK]"
    await expect(call).rejects.toMatchObject({
      name: 'ValidationException',
      message,
      Code: 'ValidationError',
      Type: 'Sender',
    })
  })
})
