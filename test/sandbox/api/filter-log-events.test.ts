import {
  CloudWatchLogsClient,
  FilterLogEventsCommand,
  type FilterLogEventsCommandInput,
  type FilterLogEventsCommandOutput,
  InvalidParameterException,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs'
import {describe, expect, test} from 'vitest'
import type {SandboxLogEvent} from '../../../src/sandbox/world/world.ts'
import {makeEvent, makeEvents, makeWorld, noon, type WorldParts} from '../hand-made-world.ts'
import {refusal, serve} from '../running.ts'

const logGroupName = '/aws/lambda/checkout'
const hour = 3_600_000
const hourAgo = noon - hour

const world = (events: readonly SandboxLogEvent[], more: Partial<WorldParts> = {}): WorldParts => ({
  groups: [{name: logGroupName, events}],
  ...more,
})

type Input = Omit<FilterLogEventsCommandInput, 'logGroupName'>

async function pages(client: CloudWatchLogsClient, input: Input): Promise<FilterLogEventsCommandOutput[]> {
  const all: FilterLogEventsCommandOutput[] = []
  let nextToken: string | undefined
  do {
    const page = await client.send(new FilterLogEventsCommand({logGroupName, ...input, nextToken}))
    all.push(page)
    nextToken = page.nextToken
  } while (nextToken !== undefined && all.length < 500)
  return all
}

const idsOf = (answers: readonly FilterLogEventsCommandOutput[]) =>
  answers.flatMap(page => (page.events ?? []).map(event => event.eventId))
const ids = (events: readonly SandboxLogEvent[]) => events.map(event => event.eventId)
const read = async (client: CloudWatchLogsClient, input: Input) => idsOf(await pages(client, input))

describe('what a read answers', () => {
  test('an event carries stream, both times, id and the message byte for byte', async () => {
    const event = makeEvent({timestamp: noon - 5000, message: '{"a":"ü\u00a0🚀"}\r\tline two\n\u001b[31m'})
    const {connect} = await serve(world([event]))
    const answer = await connect(CloudWatchLogsClient).send(new FilterLogEventsCommand({logGroupName}))
    expect(answer.events).toEqual([
      {
        logStreamName: event.logStream,
        timestamp: event.timestamp,
        ingestionTime: event.ingestionTime,
        message: event.message,
        eventId: event.eventId,
      },
    ])
    expect(answer.searchedLogStreams).toEqual([])
    expect(answer.nextToken).toBeUndefined()
    expect(answer.$metadata.requestId).toMatch(/^[\da-f]{8}-/)
  })

  test('T14 the window includes both its ends', async () => {
    const events = [1000, 2000, 3000, 4000].map(ms => makeEvent({timestamp: hourAgo + ms}))
    const {connect} = await serve(world(events))
    const client = connect(CloudWatchLogsClient)
    expect(await read(client, {startTime: hourAgo + 2000, endTime: hourAgo + 3000})).toEqual(ids(events.slice(1, 3)))
    expect(await read(client, {startTime: hourAgo + 4000, endTime: hourAgo + 4000})).toEqual(ids(events.slice(3)))
    expect(await read(client, {startTime: hourAgo + 4001, endTime: noon})).toEqual([])
  })

  test('an event is invisible until it is ingested', async () => {
    const events = [
      makeEvent({timestamp: noon - 2000}),
      makeEvent({timestamp: noon - 1000, ingestionTime: noon + 1}),
      makeEvent({timestamp: noon - 500}),
    ]
    let now = noon
    const {connect} = await serve(world(events, {now: () => now}))
    const client = connect(CloudWatchLogsClient)
    expect(await read(client, {startTime: hourAgo})).toEqual([events[0]?.eventId, events[2]?.eventId])
    now = noon + 1
    expect(await read(client, {startTime: hourAgo})).toEqual(ids(events))
  })

  test('ties are answered by ingestion time, then by request', async () => {
    const timestamp = noon - 90_000
    const [a, b, c] = [
      makeEvent({timestamp, ingestionTime: noon - 80_000, order: 9}),
      makeEvent({timestamp, ingestionTime: noon - 70_000, order: 2}),
      makeEvent({timestamp, ingestionTime: noon - 70_000, order: 5}),
    ]
    const {connect} = await serve(world([c, b, a]))
    expect(await read(connect(CloudWatchLogsClient), {limit: 1})).toEqual(ids([a, b, c]))
  })

  test('streams are picked by name or by prefix', async () => {
    const events = ['a/1', 'a/2', 'b/1'].map((logStream, index) =>
      makeEvent({timestamp: noon - 9000 + index, logStream}),
    )
    const {connect} = await serve(world(events))
    const client = connect(CloudWatchLogsClient)
    expect(await read(client, {logStreamNames: ['a/2', 'b/1']})).toEqual(ids(events.slice(1)))
    expect(await read(client, {logStreamNamePrefix: 'a/'})).toEqual(ids(events.slice(0, 2)))
  })

  test('a filter pattern is evaluated by the server', async () => {
    const events = ['ERROR one', 'fine', 'ERROR two'].map((message, index) =>
      makeEvent({timestamp: noon - 9000 + index, message}),
    )
    const {connect} = await serve(world(events))
    expect(await read(connect(CloudWatchLogsClient), {filterPattern: 'ERROR'})).toEqual([
      events[0]?.eventId,
      events[2]?.eventId,
    ])
  })

  test('a group is found by ARN too, with or without the trailing :*', async () => {
    const {connect} = await serve(world(makeEvents(1, 1)))
    const client = connect(CloudWatchLogsClient)
    const arn = `arn:aws:logs:eu-west-1:123456789012:log-group:${logGroupName}`
    for (const logGroupIdentifier of [logGroupName, arn, `${arn}:*`])
      expect((await client.send(new FilterLogEventsCommand({logGroupIdentifier}))).events).toHaveLength(1)
  })

  test('what a group no longer retains is not answered', async () => {
    const events = [makeEvent({timestamp: noon - 4 * 86_400_000}), makeEvent({timestamp: noon - 2 * 86_400_000})]
    const {connect} = await serve({groups: [{name: logGroupName, events, retentionInDays: 3}]})
    expect(await read(connect(CloudWatchLogsClient), {startTime: 0})).toEqual([events[1]?.eventId])
  })
})

describe('pages', () => {
  test('a limit cuts pages, and tokens lead through all of them in both directions', async () => {
    const events = makeEvents(25, 7)
    const {connect} = await serve(world(events))
    const client = connect(CloudWatchLogsClient)
    const forward = await pages(client, {startTime: hourAgo, limit: 10})
    expect(forward.map(page => page.events?.length)).toEqual([10, 10, 5])
    expect(idsOf(forward)).toEqual(ids(events))
    expect(await read(client, {startTime: hourAgo, limit: 10, startFromHead: false})).toEqual(ids(events).reverse())
  })

  test('a page ends before 1 MB, counting 26 bytes per event and UTF-8', async () => {
    const message = 'é'.repeat(131_072 - 13)
    const events = makeEvents(9, 10).map(event => ({...event, message}))
    const {connect} = await serve(world(events))
    const answers = await pages(connect(CloudWatchLogsClient), {startTime: hourAgo})
    expect(answers.map(page => page.events?.length)).toEqual([4, 4, 1])
  })

  test('a page holds at most 10,000 events', async () => {
    const {connect} = await serve(world(makeEvents(10_001, 1)))
    const answers = await pages(connect(CloudWatchLogsClient), {startTime: hourAgo})
    expect(answers.map(page => page.events?.length)).toEqual([10_000, 1])
  })

  test('a run of one millisecond is cut and resumed without loss or repeat, either way', async () => {
    const events = Array.from({length: 30}, (_, index) =>
      makeEvent({timestamp: noon - 70_000, order: 0, eventId: `id-${index}`}),
    )
    const {connect} = await serve(world(events))
    const client = connect(CloudWatchLogsClient)
    expect(await read(client, {startTime: hourAgo, limit: 7})).toEqual(ids(events))
    expect(await read(client, {startTime: hourAgo, limit: 7, startFromHead: false})).toEqual(ids(events).reverse())
  })

  test('a wide window with little in it comes in pages that may be empty, and none is the end before the token stops', async () => {
    const events = [makeEvent({timestamp: noon - 40 * 86_400_000}), makeEvent({timestamp: noon - 86_400_000})]
    const {connect} = await serve({groups: [{name: logGroupName, events, createdAt: noon - 90 * 86_400_000}]})
    const answers = await pages(connect(CloudWatchLogsClient), {startTime: 0})
    expect(idsOf(answers)).toEqual(ids(events))
    expect(answers.some(page => page.nextToken !== undefined && page.events?.length === 0)).toBe(true)
  })

  test('a search that matches little ends pages after what it scanned', async () => {
    const events = makeEvents(45_000, 1).map((event, index) => ({
      ...event,
      message: index === 44_000 ? 'needle' : 'hay',
    }))
    const {connect} = await serve(world(events))
    const answers = await pages(connect(CloudWatchLogsClient), {startTime: hourAgo, filterPattern: 'needle'})
    expect(answers.map(page => page.events?.length)).toEqual([0, 0, 1])
  })

  test('pages are irregular by default: some short, some empty with a token, nothing lost, the same every time', async () => {
    const events = makeEvents(4000, 20)
    const {connect} = await serve(world(events), {irregularPages: true})
    const client = connect(CloudWatchLogsClient)
    const answers = await pages(client, {startTime: hourAgo, limit: 40})
    const sizes = answers.map(page => page.events?.length ?? 0)
    expect(idsOf(answers)).toEqual(ids(events))
    expect(sizes.some(size => size === 0)).toBe(true)
    expect(sizes.slice(0, -1).some(size => size > 0 && size < 40)).toBe(true)
    expect((await pages(client, {startTime: hourAgo, limit: 40})).map(page => page.events?.length)).toEqual(sizes)
  })

  test.each([true, false])(
    'a page makes the world generate little more than it answers (from head: %s)',
    async startFromHead => {
      const home = makeWorld(world(makeEvents(20_000, 4000)))
      let generated = 0
      const counting = {
        ...home,
        logEvents: (...asked: Parameters<typeof home.logEvents>) => {
          const found = home.logEvents(...asked)
          generated += found.length
          return found
        },
      }
      const {connect} = await serve({}, {world: counting})
      const input = {logGroupName, startTime: noon - 20 * hour, limit: 5, startFromHead}
      await connect(CloudWatchLogsClient).send(new FilterLogEventsCommand(input))
      expect(generated).toBeLessThan(100)
    },
  )

  test('an event that becomes visible behind the token shifts nothing', async () => {
    const events = makeEvents(20, 1000)
    const late = makeEvent({timestamp: (events[3]?.timestamp ?? 0) + 1, ingestionTime: noon + 1})
    let now = noon
    const {connect} = await serve(world([...events, late], {now: () => now}))
    const client = connect(CloudWatchLogsClient)
    const first = await client.send(new FilterLogEventsCommand({logGroupName, limit: 10}))
    now = noon + 1
    const rest = await client.send(new FilterLogEventsCommand({logGroupName, nextToken: first.nextToken}))
    expect(rest.events?.map(event => event.eventId)).toEqual(ids(events.slice(10)))
  })
})

describe('tokens', () => {
  const invalid = {name: 'InvalidParameterException', message: 'The specified nextToken is invalid.', status: 400}

  test('a token is bound to window, group, pattern and streams', async () => {
    const {connect} = await serve({
      groups: [{name: logGroupName, events: makeEvents(20, 1)}, {name: '/aws/lambda/other'}],
    })
    const client = connect(CloudWatchLogsClient)
    const input = {logGroupName, startTime: hourAgo, endTime: noon, limit: 5}
    const {nextToken} = await client.send(new FilterLogEventsCommand(input))
    for (const changed of [
      {startTime: hourAgo + 1},
      {endTime: noon - 1},
      {logGroupName: '/aws/lambda/other'},
      {filterPattern: 'x'},
      {logStreamNamePrefix: '2026'},
      {nextToken: 'unknown'},
    ])
      expect(await refusal(client.send(new FilterLogEventsCommand({...input, nextToken, ...changed})))).toMatchObject(
        invalid,
      )
  })

  test('the direction of a token holds against startFromHead', async () => {
    const events = makeEvents(4, 1)
    const {connect} = await serve(world(events))
    const client = connect(CloudWatchLogsClient)
    const {nextToken} = await client.send(
      new FilterLogEventsCommand({logGroupName, startTime: hourAgo, startFromHead: false, limit: 1}),
    )
    const next = await client.send(
      new FilterLogEventsCommand({logGroupName, startTime: hourAgo, startFromHead: true, nextToken, limit: 1}),
    )
    expect(next.events?.[0]?.eventId).toBe(events[2]?.eventId)
  })

  test('a token lives 24 hours', async () => {
    let now = noon
    const {connect} = await serve(world(makeEvents(20, 1), {now: () => now}))
    const client = connect(CloudWatchLogsClient)
    const {nextToken} = await client.send(new FilterLogEventsCommand({logGroupName, limit: 5}))
    now = noon + 86_400_000
    await client.send(new FilterLogEventsCommand({logGroupName, limit: 5, nextToken}))
    now += 1
    expect(await refusal(client.send(new FilterLogEventsCommand({logGroupName, limit: 5, nextToken})))).toMatchObject(
      invalid,
    )
  })
})

describe('refusals', () => {
  const cases: readonly (readonly [string, FilterLogEventsCommandInput, {name: string; message: string | RegExp}])[] = [
    [
      'a limit above 10,000',
      {logGroupName, limit: 10_001},
      {
        name: 'InvalidParameterException',
        message:
          "1 validation error detected: Value '10001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 10000",
      },
    ],
    [
      'a missing group',
      {logGroupName: 'none'},
      {name: 'ResourceNotFoundException', message: 'The specified log group does not exist.'},
    ],
    [
      'a missing stream',
      {logGroupName, logStreamNames: ['none']},
      {name: 'ResourceNotFoundException', message: 'The specified log stream does not exist.'},
    ],
    [
      'a group named twice',
      {logGroupName, logGroupIdentifier: logGroupName},
      {name: 'ValidationException', message: 'LogGroup name and LogGroup ARN are mutually exclusive parameters.'},
    ],
    ['no group', {}, {name: 'ValidationException', message: 'LogGroup name or LogGroup ARN must be specified.'}],
    [
      'stream names and a prefix',
      {logGroupName, logStreamNames: ['a'], logStreamNamePrefix: 'a'},
      {name: 'InvalidParameterException', message: /mutually exclusive/},
    ],
    [
      'T13 newest first from before 2024',
      {logGroupName, startTime: Date.UTC(2023, 11, 31), startFromHead: false},
      {name: 'InvalidParameterException', message: /on or after Jan 1, 2024/},
    ],
    [
      'a bad filter pattern',
      {logGroupName, filterPattern: '{ $.a = '},
      {name: 'InvalidParameterException', message: 'Invalid filter pattern'},
    ],
    [
      'a group of the Infrequent Access class',
      {logGroupName: 'archive'},
      {
        name: 'InvalidOperationException',
        message: /archive is of log-group-class INFREQUENT_ACCESS\. FilterLogEvents is not supported/,
      },
    ],
    [
      'an ARN of another region',
      {logGroupIdentifier: `arn:aws:logs:us-east-1:123456789012:log-group:${logGroupName}`},
      {name: 'ResourceNotFoundException', message: /does not exist/},
    ],
  ]

  test.each(cases)('%s', async (_what, input, expected) => {
    const {connect} = await serve({groups: [{name: logGroupName}, {name: 'archive', class: 'INFREQUENT_ACCESS'}]})
    const refused = await refusal(connect(CloudWatchLogsClient).send(new FilterLogEventsCommand(input)))
    expect(refused).toMatchObject({name: expected.name, message: expect.stringMatching(expected.message), status: 400})
    expect(refused.requestId).toBeDefined()
  })

  test('errors are the modelled classes of the SDK', async () => {
    const {connect} = await serve(world([]))
    const client = connect(CloudWatchLogsClient)
    await expect(client.send(new FilterLogEventsCommand({logGroupName: 'none'}))).rejects.toBeInstanceOf(
      ResourceNotFoundException,
    )
    await expect(client.send(new FilterLogEventsCommand({logGroupName, limit: 0}))).rejects.toBeInstanceOf(
      InvalidParameterException,
    )
  })

  test('any region but the home region is an empty account', async () => {
    const {connect} = await serve(world(makeEvents(3, 1)))
    const client = connect(CloudWatchLogsClient, {region: 'us-east-1'})
    expect((await refusal(client.send(new FilterLogEventsCommand({logGroupName})))).name).toBe(
      'ResourceNotFoundException',
    )
  })
})
