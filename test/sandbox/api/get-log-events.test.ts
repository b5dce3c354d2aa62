import {CloudWatchLogsClient, GetLogEventsCommand, type GetLogEventsCommandInput} from '@aws-sdk/client-cloudwatch-logs'
import {expect, test} from 'vitest'
import {makeEvent, makeEvents, noon} from '../hand-made-world.ts'
import {refusal, serve} from '../running.ts'

const logGroupName = '/aws/lambda/checkout'
const logStreamName = 'one'
const ofStream = makeEvents(10, 1000).map(event => ({...event, logStream: logStreamName}))
const groups = [{name: logGroupName, events: [...ofStream, makeEvent({timestamp: noon - 61_500, logStream: 'two'})]}]

async function connected() {
  const {connect} = await serve({groups})
  const client = connect(CloudWatchLogsClient)
  return (input: Partial<GetLogEventsCommandInput> = {}) =>
    client.send(new GetLogEventsCommand({logGroupName, logStreamName, ...input}))
}

const messages = (events: readonly {readonly message?: string | undefined}[] | undefined) =>
  events?.map(event => event.message)

test('one stream is read, its newest events by default, oldest first on the page', async () => {
  const get = await connected()
  const answer = await get({limit: 3})
  expect(messages(answer.events)).toEqual(messages(ofStream.slice(-3)))
  expect(Object.keys(answer.events?.[0] ?? {}).sort()).toEqual(['ingestionTime', 'message', 'timestamp'])
  expect(answer.nextForwardToken).toMatch(/^f\/\d{56}\/s$/)
  expect(answer.nextBackwardToken).toMatch(/^b\/\d{56}\/s$/)
})

test('the backward token leads to the beginning, where it comes back unchanged', async () => {
  const get = await connected()
  const seen: (string | undefined)[] = []
  let [token, answer] = [undefined as string | undefined, await get({limit: 4})]
  while (token !== answer.nextBackwardToken) {
    seen.unshift(...(messages(answer.events) ?? []))
    token = answer.nextBackwardToken
    answer = await get({limit: 4, nextToken: token})
  }
  expect(seen).toEqual(messages(ofStream))
  expect(answer.events).toEqual([])
})

test('the forward token leads to the end, where it comes back unchanged, and back again', async () => {
  const get = await connected()
  const first = await get({limit: 6, startFromHead: true})
  const second = await get({limit: 6, startFromHead: true, nextToken: first.nextForwardToken})
  const end = await get({limit: 6, startFromHead: true, nextToken: second.nextForwardToken})
  expect(messages([...(first.events ?? []), ...(second.events ?? [])])).toEqual(messages(ofStream))
  expect(end.events).toEqual([])
  expect(end.nextForwardToken).toBe(second.nextForwardToken)
  expect((await get({nextToken: second.nextBackwardToken, limit: 6})).events).toEqual(first.events)
})

test('T14 the end of the window is exclusive, its start is not', async () => {
  const get = await connected()
  const [startTime, endTime] = [ofStream[2]?.timestamp, ofStream[5]?.timestamp]
  expect(messages((await get({startTime, endTime})).events)).toEqual(messages(ofStream.slice(2, 5)))
})

test('a stream without events yet answers tokens that find what comes later', async () => {
  let now = noon
  const later = makeEvent({timestamp: noon + 1000, logStream: 'new'})
  const {connect} = await serve({now: () => now, groups: [{name: logGroupName, events: [later]}]})
  const client = connect(CloudWatchLogsClient)
  const empty = await client.send(new GetLogEventsCommand({logGroupName, logStreamName: 'new'}))
  expect(empty.events).toEqual([])
  now += 5000
  const found = await client.send(
    new GetLogEventsCommand({logGroupName, logStreamName: 'new', nextToken: empty.nextForwardToken}),
  )
  expect(messages(found.events)).toEqual([later.message])
})

test('missing stream, missing group, bad limit and bad token are refused in the recorded words', async () => {
  const get = await connected()
  const refused = (input: Partial<GetLogEventsCommandInput>) => refusal(get(input))
  const other = (await connected())({logStreamName: 'two'})
  expect(await refused({logStreamName: 'none'})).toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'The specified log stream does not exist.',
  })
  expect(await refused({logGroupName: 'none'})).toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'The specified log group does not exist.',
  })
  expect((await refused({limit: 10_001})).message).toBe(
    "1 validation error detected: Value '10001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 10000",
  )
  for (const nextToken of ['invalid', (await other).nextForwardToken])
    expect(await refused({nextToken})).toMatchObject({
      name: 'InvalidParameterException',
      message: 'The specified nextToken is invalid.',
      status: 400,
    })
})
