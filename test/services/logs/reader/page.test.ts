import type {CloudWatchLogsClient} from '@aws-sdk/client-cloudwatch-logs'
import {describe, expect, test} from 'vitest'
import {readClosedWindow} from '../../../../src/services/logs/closed-window.ts'
import {readPage} from '../../../../src/services/logs/page.ts'
import type {LogSource} from '../../../../src/services/logs/source.ts'
import {createTally} from '../../../../src/services/logs/tally.ts'
import {createFakeClock} from './fake-clock.ts'
import {awsError, fakeAws, openBudget} from './fake-log-groups.ts'

const time = Date.UTC(2026, 10, 20, 12)
const signal = AbortSignal.any([])

/** A group that answers one body after the other, byte for byte. */
function answering(...bodies: readonly string[]): LogSource {
  const aws = fakeAws({g: {events: []}}, {clock: createFakeClock(time), budget: openBudget(2)})
  const left = [...bodies]
  const send = async () => ({
    rawPage: Buffer.from(left.shift() ?? '{"events":[]}'),
    serverDate: 'Fri, 20 Nov 2026 12:00:07 GMT',
  })
  return {...aws.source('g'), aws: {...aws, logs: async () => ({send}) as unknown as CloudWatchLogsClient}}
}

const event = (message: string, timestamp = time) =>
  `{"logStreamName":"s","timestamp":${timestamp},"message":${JSON.stringify(message)},"ingestionTime":${timestamp + 9},"eventId":"${message.length}"}`

const page = (source: LogSource) => readPage(source, {startTime: time}, {signal})

describe('a page without a token', () => {
  const full = Array.from({length: 10_000}, (_, i) => event('', time + i))
  const body = (events: readonly string[]) => `{"events":[${events.join(',')}]}`

  test('that is as full as can be is an error when there is more, and the last when there is not', async () => {
    const more = body([event('more', time + 10_000)])
    await expect(page(answering(body(full), more))).rejects.toThrow('no token for the rest')
    expect((await page(answering(body(full), body([])))).nextToken).toBeNull()
    expect((await page(answering(body(full.slice(1)), more))).nextToken).toBeNull()
  })

  test('is believed of AWS', async () => {
    const source = answering(body(full), body([event('more', time + 10_000)]))
    const ofAws = {...source, scope: {...source.scope, endpoint: 'aws'} as const}
    expect((await page(ofAws)).events()).toHaveLength(10_000)
  })
})

describe('a page in bytes', () => {
  test('tells its token, its last timestamp and AWS’s time without being read', async () => {
    const body = `{"events":[${event('a', time + 1)},${event('bb', time + 2)}],"nextToken":"abc\\/=","searchedLogStreams":[]}`
    expect(await page(answering(body))).toMatchObject({
      nextToken: 'abc/=',
      lastTimestamp: time + 2,
      serverTime: time + 7000,
      bytes: Buffer.byteLength(body),
    })
  })

  test('gives its events with every byte of the message', async () => {
    const message = 'tab\t quote" \\ slash/ \u0000 \u001b[31m é 漢 😀 {"id":12345678901234567890,"x":1.0}\n'
    const events = (await page(answering(`{"events":[${event(message)}]}`))).events()
    expect(events).toMatchObject([{message, logStream: 's', timestamp: time, ingestionTime: time + 9, late: false}])
  })

  test.each(['{"events":[]}', '{"events":[],"searchedLogStreams":[]}', '{}', '{"events":null,"nextToken":null}'])(
    'is empty and the last: %s',
    async body => {
      const read = await page(answering(body))
      expect(read).toMatchObject({nextToken: null, lastTimestamp: null})
      expect(read.events()).toEqual([])
    },
  )

  test.each([
    '{ "nextToken" : "t" , "events" : [] }',
    '{"nextToken":"t","events":[]}',
    '{\n  "events": [],\n  "nextToken": "t"\n}',
  ])('has its token wherever it stands: %j', async body => {
    expect((await page(answering(body))).nextToken).toBe('t')
  })

  test.each([
    '{"timestamp":1,"nextToken":"no"}',
    '"timestamp": 5, "nextToken": "no"',
    'timestamp',
    'nextToken',
    '"nextToken"',
    '\\"nextToken\\": \\"no\\"',
  ])('is not misled by a message that says %s', async message => {
    const body = `{"events":[${event('first', time + 1)},${event(message, time + 2)}],"nextToken":"t"}`
    expect(await page(answering(body))).toMatchObject({
      nextToken: 't',
      lastTimestamp: time + 2,
    })
    const last = `{"events":[${event(message, time + 2)}]}`
    expect(await page(answering(last))).toMatchObject({
      nextToken: null,
      lastTimestamp: time + 2,
    })
  })

  test('is not misled by a stream named as a key', async () => {
    const named = `{"timestamp":${time},"message":"m","ingestionTime":${time},"eventId":"1","logStreamName":"timestamp"}`
    expect(await page(answering(`{"events":[${named}],"nextToken":"t"}`))).toMatchObject({
      lastTimestamp: time,
      nextToken: 't',
    })
  })

  test('is read to its end although a stream that was searched is named as a key', async () => {
    const messages = ['a', 'b', 'c'].map(letter => letter.repeat(40_000))
    const searched = ['other', 'timestamp', 'more'].map(name => ({logStreamName: name, searchedCompletely: true}))
    const body = `{"events":[${messages.map(message => event(message)).join(',')}],"searchedLogStreams":${JSON.stringify(searched)}}`
    const slices = (await page(answering(body))).slices()
    const read = []
    for (let next = slices.next(); !next.done; next = slices.next()) read.push(...next.value)
    expect(read.map(({message}) => message)).toEqual(messages)
  })

  test('T33 is read whatever its messages are: empty, a newline, a megabyte, half a surrogate pair', async () => {
    const messages = ['', '\n', 'x'.repeat(1_000_000), '\ud800']
    const body = `{"events":[${messages.map((message, i) => event(message, time + i)).join(',')}]}`
    const read = await page(answering(body))
    expect(read.events().map(({message}) => message.length)).toEqual([0, 1, 1_000_000, 1])
    expect(read.lastTimestamp).toBe(time + 3)
  })
})

test('a page that breaks off in the middle makes a gap of its group, and does not stop the read', async () => {
  const broken = answering(`{"events":[${event('a')},{"logStreamName":"s","timest`)
  const good = {...answering(`{"events":[${event('bb')}]}`), logGroup: 'good'}
  const tally = createTally(2)
  const reading = readClosedWindow([broken, good], {start: time, end: time + 1000}, tally, signal)
  const events = (await Array.fromAsync(reading)).flat()
  expect(events.map(({message}) => message)).toEqual(['bb'])
  expect(tally.gaps).toMatchObject([{what: 'g', reason: 'failed'}])
})

test('pages that break off one after the other, read ahead of their turn, make one gap and do not stop the read', async () => {
  const broken = (token: string) => `{"nextToken":"${token}","events":[${event('x')},{"logStreamName":"s","timest`
  const failing = answering(
    `{"events":[${event('a')},${event('aa', time + 5)}],"nextToken":"t"}`,
    broken('u'),
    broken('v'),
    broken('w'),
  )
  const empty = (token: string) => `{"events":[],"nextToken":"${token}"}`
  const last = `{"events":[${event('bb', time + 1)}]}`
  const good = {...answering(empty('t'), empty('u'), empty('v'), empty('w'), empty('x'), last), logGroup: 'good'}
  const tally = createTally(2)
  const reading = readClosedWindow([failing, good], {start: time, end: time + 1000}, tally, signal)
  const events = (await Array.fromAsync(reading)).flat()
  expect(events.map(({message}) => message)).toEqual(['a', 'bb', 'aa'])
  expect(tally.gaps).toMatchObject([{what: 'g', reason: 'failed'}])
})

test('a page that broke off makes a gap of its group also where the group has to be asked anew', async () => {
  const broken = `{"nextToken":"u","events":[${event('x', time + 5)},{"logStreamName":"s","timestamp":${time + 5},"mess`
  const failing = answering(`{"events":[${event('a')},${event('aa', time + 5)}],"nextToken":"t"}`, broken)
  const aws = {...failing.aws}
  const client = await aws.logs()
  let asked = 0
  const send = async (): Promise<unknown> => {
    if (++asked === 3) throw awsError('InvalidParameterException', 'The specified nextToken is invalid.')
    return (client.send as () => Promise<unknown>)()
  }
  const stale = {...failing, aws: {...aws, logs: async () => ({send}) as unknown as CloudWatchLogsClient}}
  const empty = (token: string) => `{"events":[],"nextToken":"${token}"}`
  const good = {...answering(...'tuvwxyz'.split('').map(empty), `{"events":[${event('bb')}]}`), logGroup: 'good'}
  const tally = createTally(2)
  const reading = readClosedWindow([stale, good], {start: time, end: time + 1000}, tally, signal)
  const events = (await Array.fromAsync(reading)).flat()
  expect(events.map(({message}) => message)).toContain('bb')
  expect(tally.gaps).toMatchObject([{what: 'g', reason: 'failed'}])
})
