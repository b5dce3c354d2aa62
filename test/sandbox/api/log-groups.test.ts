import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  ListLogGroupsCommand,
  PutLogEventsCommand,
  paginateDescribeLogGroups,
  ResourceAlreadyExistsException,
} from '@aws-sdk/client-cloudwatch-logs'
import {describe, expect, test} from 'vitest'
import {makeStream, noon} from '../hand-made-world.ts'
import {refusal, serve} from '../running.ts'

const hour = 3_600_000
const arn = (name: string) => `arn:aws:logs:eu-west-1:123456789012:log-group:${name}`

describe('DescribeLogGroups', () => {
  const many = Array.from({length: 120}, (_, index) => ({name: `/aws/lambda/f${String(index).padStart(3, '0')}`}))

  test('the SDK pages through all groups, 50 at a time, by name', async () => {
    const {connect} = await serve({groups: many.toReversed()})
    const sizes: number[] = []
    const names: (string | undefined)[] = []
    for await (const page of paginateDescribeLogGroups({client: connect(CloudWatchLogsClient)}, {})) {
      sizes.push(page.logGroups?.length ?? 0)
      names.push(...(page.logGroups ?? []).map(group => group.logGroupName))
    }
    expect(sizes).toEqual([50, 50, 20])
    expect(names).toEqual(many.map(group => group.name))
  })

  test('a group has the fields recorded from AWS', async () => {
    const {connect} = await serve({groups: [{name: '/ecs/pay', retentionInDays: 30, storedBytes: 7, createdAt: noon}]})
    const answer = await connect(CloudWatchLogsClient).send(new DescribeLogGroupsCommand({logGroupNamePrefix: '/ecs'}))
    expect(answer.logGroups).toEqual([
      {
        arn: `${arn('/ecs/pay')}:*`,
        creationTime: noon,
        deletionProtectionEnabled: false,
        logGroupArn: arn('/ecs/pay'),
        logGroupClass: 'STANDARD',
        logGroupName: '/ecs/pay',
        metricFilterCount: 0,
        retentionInDays: 30,
        storedBytes: 7,
      },
    ])
  })

  test('pattern mode matches anywhere in the name and answers fewer fields', async () => {
    const {connect} = await serve({groups: [{name: '/ecs/pay', retentionInDays: 3}, {name: '/ecs/Pay'}]})
    const answer = await connect(CloudWatchLogsClient).send(new DescribeLogGroupsCommand({logGroupNamePattern: 'pay'}))
    expect(answer.logGroups?.map(group => Object.keys(group).sort())).toEqual([
      ['arn', 'creationTime', 'logGroupArn', 'logGroupClass', 'logGroupName', 'metricFilterCount'],
    ])
  })

  test('groups are picked by class and by identifiers', async () => {
    const {connect} = await serve({groups: [{name: 'a'}, {name: 'b', class: 'INFREQUENT_ACCESS'}, {name: 'c'}]})
    const client = connect(CloudWatchLogsClient)
    const names = async (input: object) =>
      (await client.send(new DescribeLogGroupsCommand(input))).logGroups?.map(group => group.logGroupName)
    expect(await names({logGroupClass: 'INFREQUENT_ACCESS'})).toEqual(['b'])
    expect(await names({logGroupIdentifiers: [arn('a'), 'c']})).toEqual(['a', 'c'])
  })

  test('prefix with pattern, and a limit above 50, are refused', async () => {
    const {connect} = await serve({})
    const refused = (input: object) => refusal(connect(CloudWatchLogsClient).send(new DescribeLogGroupsCommand(input)))
    expect(await refused({logGroupNamePrefix: 'a', logGroupNamePattern: 'b'})).toMatchObject({
      name: 'InvalidParameterException',
      message: 'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
      status: 400,
    })
    expect((await refused({limit: 51, nextToken: ''})).message).toBe(
      "2 validation errors detected: Value '51' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 50; " +
        "Value '' at 'nextToken' failed to satisfy constraint: Member must have length greater than or equal to 1",
    )
  })
})

describe('ListLogGroups', () => {
  const groups = [
    {name: '/aws/lambda/checkout', tags: {team: 'Shop', env: 'prod'}},
    {name: '/aws/lambda/checkout-dev', tags: {team: 'shop', env: 'dev'}},
    {name: '/ecs/checkout', tags: {env: 'prod'}},
  ]

  test('1000 groups come in a page', async () => {
    const {connect} = await serve({groups: Array.from({length: 1001}, (_, index) => ({name: `g${index}`}))})
    const client = connect(CloudWatchLogsClient)
    const first = await client.send(new ListLogGroupsCommand({}))
    const second = await client.send(new ListLogGroupsCommand({nextToken: first.nextToken}))
    expect([first, second].map(page => page.logGroups?.length)).toEqual([1000, 1])
    expect(second.nextToken).toBeUndefined()
  })

  test('names match parts and anchored parts, tags match values, wildcards and negations, all filters together', async () => {
    const {connect} = await serve({groups})
    const client = connect(CloudWatchLogsClient)
    const names = async (input: object) =>
      (await client.send(new ListLogGroupsCommand(input))).logGroups?.map(group => group.logGroupName)
    expect(await names({logGroupNamePattern: '^/ecs|-dev'})).toEqual(['/aws/lambda/checkout-dev', '/ecs/checkout'])
    expect(await names({logGroupTags: [{key: 'team', values: ['shop']}]})).toHaveLength(2)
    expect(await names({logGroupTags: [{key: 'team'}, {key: 'env', values: ['p*']}]})).toEqual(['/aws/lambda/checkout'])
    expect(await names({logGroupTags: [{key: 'env', values: ['!prod']}]})).toEqual(['/aws/lambda/checkout-dev'])
  })

  test('an item is name, ARN without :* and class', async () => {
    const {connect} = await serve({groups: [{name: 'abc'}]})
    const answer = await connect(CloudWatchLogsClient).send(new ListLogGroupsCommand({}))
    expect(answer.logGroups).toEqual([{logGroupName: 'abc', logGroupArn: arn('abc'), logGroupClass: 'STANDARD'}])
  })
})

describe('DescribeLogStreams', () => {
  const streams = [
    makeStream({
      name: 'b',
      createdAt: noon - 9,
      firstEventAt: noon - 8,
      lastEventAt: noon - 2,
      lastIngestedAt: noon - 1,
    }),
    makeStream({name: 'a', lastEventAt: noon - 1}),
    makeStream({name: 'c'}),
  ]

  test('streams are ordered by name or by last event, either way', async () => {
    const {connect} = await serve({groups: [{name: 'g', streams}]})
    const client = connect(CloudWatchLogsClient)
    const names = async (input: object) =>
      (await client.send(new DescribeLogStreamsCommand({logGroupName: 'g', ...input}))).logStreams?.map(
        stream => stream.logStreamName,
      )
    expect(await names({})).toEqual(['a', 'b', 'c'])
    expect(await names({descending: true, limit: 2})).toEqual(['c', 'b'])
    expect(await names({orderBy: 'LastEventTime', descending: true})).toEqual(['a', 'b', 'c'])
    expect(await names({logStreamNamePrefix: 'b'})).toEqual(['b'])
  })

  test('a stream has the fields recorded from AWS, and event times once it has events', async () => {
    const {connect} = await serve({groups: [{name: 'g', streams}]})
    const answer = await connect(CloudWatchLogsClient).send(
      new DescribeLogStreamsCommand({logGroupIdentifier: arn('g')}),
    )
    expect(answer.logStreams?.slice(1)).toEqual([
      {
        logStreamName: 'b',
        arn: `${arn('g')}:log-stream:b`,
        creationTime: noon - 9,
        firstEventTimestamp: noon - 8,
        lastEventTimestamp: noon - 2,
        lastIngestionTime: noon - 1,
        storedBytes: 0,
      },
      {logStreamName: 'c', arn: `${arn('g')}:log-stream:c`, creationTime: noon - 24 * hour, storedBytes: 0},
    ])
  })

  test('name with identifier, and LastEventTime with a prefix, are refused', async () => {
    const {connect} = await serve({groups: [{name: 'g', streams}]})
    const refused = (input: object) => refusal(connect(CloudWatchLogsClient).send(new DescribeLogStreamsCommand(input)))
    expect(await refused({logGroupName: 'g', logGroupIdentifier: arn('g')})).toMatchObject({
      name: 'ValidationException',
      message: 'LogGroup name and LogGroup ARN are mutually exclusive parameters.',
    })
    expect((await refused({logGroupName: 'g', orderBy: 'LastEventTime', logStreamNamePrefix: 'a'})).name).toBe(
      'InvalidParameterException',
    )
  })
})

describe('writes', () => {
  const [logGroupName, logStreamName] = ['mine', 'stream']

  async function writable(retentionInDays: number | null = null) {
    const {connect} = await serve({
      groups: [{name: logGroupName, streams: [makeStream({name: logStreamName})], retentionInDays}],
    })
    const client = connect(CloudWatchLogsClient)
    const put = (...offsets: number[]) =>
      client.send(
        new PutLogEventsCommand({
          logGroupName,
          logStreamName,
          logEvents: offsets.map(ms => ({timestamp: noon + ms, message: `at ${ms}`})),
        }),
      )
    const stored = async () =>
      (await client.send(new FilterLogEventsCommand({logGroupName}))).events?.map(event => event.message)
    return {client, put, stored}
  }

  test('what is put is visible at once', async () => {
    const {put, stored} = await writable()
    const answer = await put(-2000, -1000)
    expect(answer.rejectedLogEventsInfo).toBeUndefined()
    expect(await stored()).toEqual(['at -2000', 'at -1000'])
  })

  test('events from 14 days ago to 2 hours ahead are accepted, older and newer ones rejected by index', async () => {
    const {put, stored} = await writable()
    expect((await put(-15 * 24 * hour, -14 * 24 * hour)).rejectedLogEventsInfo).toEqual({tooOldLogEventEndIndex: 1})
    expect((await put(2 * hour, 2 * hour + 1)).rejectedLogEventsInfo).toEqual({tooNewLogEventStartIndex: 1})
    expect(await stored()).toEqual([`at ${-14 * 24 * hour}`, `at ${2 * hour}`])
  })

  test('what the group would not retain is expired', async () => {
    const {put} = await writable(1)
    expect((await put(-24 * hour - 1, -1000)).rejectedLogEventsInfo).toEqual({expiredLogEventEndIndex: 1})
  })

  test('a batch out of order, over 24 hours or over 1 MB is refused whole', async () => {
    const {put, client} = await writable()
    expect(await refusal(put(-1000, -2000))).toMatchObject({
      name: 'InvalidParameterException',
      message: 'Log events in a single PutLogEvents request must be in chronological order.',
    })
    expect((await refusal(put(-25 * hour, 0))).message).toMatch(/cannot span more than 24 hours/)
    const message = 'x'.repeat(1024 * 1024 - 25)
    const tooMuch = client.send(
      new PutLogEventsCommand({logGroupName, logStreamName, logEvents: [{timestamp: noon, message}]}),
    )
    expect((await refusal(tooMuch)).message).toBe('Upload too large: 1048577 bytes exceeds limit of 1048576')
  })

  test('an event without its required members is refused with the path of each', async () => {
    const {client} = await writable()
    const incomplete = client.send(
      new PutLogEventsCommand({logGroupName, logStreamName, logEvents: [{timestamp: noon, message: undefined}]}),
    )
    expect((await refusal(incomplete)).message).toBe(
      "1 validation error detected: Value null at 'logEvents.1.member.message' failed to satisfy constraint: Member must not be null",
    )
  })

  test('groups and streams are created once', async () => {
    const {connect} = await serve({})
    const client = connect(CloudWatchLogsClient)
    await client.send(new CreateLogGroupCommand({logGroupName, tags: {team: 'shop'}, logGroupClass: 'DELIVERY'}))
    await client.send(new CreateLogStreamCommand({logGroupName, logStreamName}))
    const again = client.send(new CreateLogGroupCommand({logGroupName}))
    await expect(again).rejects.toBeInstanceOf(ResourceAlreadyExistsException)
    await expect(again).rejects.toThrow('The specified log group already exists')
    await expect(client.send(new CreateLogStreamCommand({logGroupName, logStreamName}))).rejects.toThrow(
      'The specified log stream already exists',
    )
    const tooLong = client.send(new CreateLogGroupCommand({logGroupName: 'x'.repeat(513)}))
    expect(await refusal(tooLong)).toMatchObject({
      name: 'InvalidParameterException',
      message: 'Invalid LogGroup or LogStream, both must have length less than or equal to 512.',
    })
  })

  test('nothing can be written in a region that is not the home region', async () => {
    const {connect} = await serve({})
    const client = connect(CloudWatchLogsClient, {region: 'us-east-1'})
    expect((await refusal(client.send(new CreateLogGroupCommand({logGroupName})))).message).toMatch(
      /other regions are empty accounts/,
    )
  })
})
