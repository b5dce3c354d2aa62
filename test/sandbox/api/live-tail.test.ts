import {once} from 'node:events'
import {
  CloudWatchLogsClient,
  FilterLogEventsCommand,
  type LiveTailSessionUpdate,
  PutLogEventsCommand,
  SessionStreamingException,
  SessionTimeoutException,
  StartLiveTailCommand,
  type StartLiveTailCommandInput,
  type StartLiveTailResponseStream,
} from '@aws-sdk/client-cloudwatch-logs'
import {EventStreamCodec} from '@smithy/core/event-streams'
import {fromUtf8, toUtf8} from '@smithy/core/serde'
import {describe, expect, test, vi} from 'vitest'
import type {Fault, ServeOptions} from '../../../src/sandbox/server.ts'
import {makeEvent, makeEvents, makeStream, noon, type WorldParts} from '../hand-made-world.ts'
import {refusal, serve} from '../running.ts'

const [first, second] = ['/aws/lambda/first', '/aws/lambda/second']
const arn = (name: string, region = 'eu-west-1') => `arn:aws:logs:${region}:123456789012:log-group:${name}`

/** A server whose clock moves only by the waits of Live Tail sessions, and a client of it. */
async function tailing(groups: WorldParts['groups'], options: Partial<ServeOptions> = {}) {
  let now = noon
  const liveTick = async (ms: number, signal: AbortSignal) => {
    // lets requests and a client that goes in between
    await new Promise(resolve => setImmediate(resolve))
    signal.throwIfAborted()
    now += ms
  }
  const {connect, close} = await serve({now: () => now, groups: groups ?? []}, {clock: Date.now, liveTick, ...options})
  const client = connect(CloudWatchLogsClient, {disableHostPrefix: true})
  const start = async (
    input: Partial<StartLiveTailCommandInput> = {},
    abortSignal: AbortSignal = new AbortController().signal,
  ) => {
    const command = new StartLiveTailCommand({logGroupIdentifiers: [arn(first)], ...input})
    const {responseStream = none()} = await client.send(command, {abortSignal})
    return responseStream
  }
  /** The first updates of a session, which the client then ends. */
  const updates = async (count: number, input: Partial<StartLiveTailCommandInput> = {}) => {
    const aborter = new AbortController()
    const found: LiveTailSessionUpdate[] = []
    for await (const {sessionUpdate} of await start(input, aborter.signal)) {
      if (sessionUpdate) found.push(sessionUpdate)
      if (found.length === count) break
    }
    aborter.abort()
    return found
  }
  return {client, start, updates, close, connect}
}

async function* none(): AsyncGenerator<never> {}

const textsOf = (updates: readonly LiveTailSessionUpdate[]) =>
  updates.map(update => (update.sessionResults ?? []).map(({message}) => message))

const manyAt = (count: number, ingestionTime: number) =>
  makeEvents(count, 1, noon).map((event, place) => ({...event, ingestionTime, message: `m${place}`}))

describe('a session', () => {
  test('begins with what it was asked for, then sends an update a second, empty ones too', async () => {
    const {start} = await tailing([{name: first, events: [makeEvent({timestamp: noon + 700, message: 'a'})]}])
    const events: StartLiveTailResponseStream[] = []
    for await (const event of await start({logEventFilterPattern: 'a'})) {
      events.push(event)
      if (events.length === 4) break
    }
    expect(events).toEqual([
      {
        sessionStart: {
          requestId: expect.stringMatching(/^[\da-f-]{36}$/),
          sessionId: expect.stringMatching(/^[\da-f-]{36}$/),
          logGroupIdentifiers: [arn(first)],
          logStreamNames: [],
          logStreamNamePrefixes: [],
          logEventFilterPattern: 'a',
        },
      },
      {sessionUpdate: {sessionMetadata: {sampled: false}, sessionResults: []}},
      {
        sessionUpdate: {
          sessionMetadata: {sampled: false},
          sessionResults: [
            {
              logGroupIdentifier: `123456789012:${first}`,
              logStreamName: '2026/08/10/[$LATEST]aa',
              message: 'a',
              timestamp: noon + 700,
              ingestionTime: noon + 1200,
            },
          ],
        },
      },
      {sessionUpdate: {sessionMetadata: {sampled: false}, sessionResults: []}},
    ])
  })

  test('events come when they are ingested, however old they are, and none from before the session', async () => {
    const event = (message: string, timestamp: number, ingestionTime: number) =>
      makeEvent({message, timestamp: noon + timestamp, ingestionTime: noon + ingestionTime})
    const {updates} = await tailing([
      {
        name: first,
        events: [
          event('before', -500, -1),
          event('at the start', -500, 0),
          event('late', -3_600_000, 1500),
          event('ahead', 3_600_000, 999),
          event('second', 400, 1000),
        ],
      },
    ])
    expect(textsOf(await updates(3))).toEqual([['at the start', 'ahead'], ['second', 'late'], []])
  })

  test('what clients put is in the next update', async () => {
    const stream = '2026/08/10/[$LATEST]aa'
    const {start, client} = await tailing([{name: first, streams: [makeStream({name: stream})]}])
    const seen: (string | undefined)[] = []
    let updates = 0
    for await (const {sessionUpdate} of await start()) {
      if (!sessionUpdate) continue
      if (updates++ === 0)
        await client.send(
          new PutLogEventsCommand({
            logGroupName: first,
            logStreamName: stream,
            logEvents: [{timestamp: noon, message: 'written'}],
          }),
        )
      seen.push(...(sessionUpdate.sessionResults ?? []).map(({message}) => message))
      if (seen.length > 0) break
    }
    expect(seen).toEqual(['written'])
  })

  test('several groups are one stream in the order of ingestion, each once', async () => {
    const {updates} = await tailing([
      {name: first, events: [makeEvent({timestamp: noon, message: 'a'})]},
      {name: second, events: [makeEvent({timestamp: noon - 200, message: 'b'})]},
    ])
    const logGroupIdentifiers = [arn(first), arn(second), arn(first)]
    expect(textsOf(await updates(1, {logGroupIdentifiers}))).toEqual([['b', 'a']])
  })

  test.each([
    ['arn', arn(first)],
    ['name', first],
    ['account-name', `123456789012:${first}`],
  ] as const)('results can name their group as %s', async (liveTailGroups, expected) => {
    const {updates} = await tailing([{name: first, events: [makeEvent({timestamp: noon})]}], {liveTailGroups})
    const [update] = await updates(1)
    expect(update?.sessionResults?.[0]?.logGroupIdentifier).toBe(expected)
  })

  test.each([
    [{logEventFilterPattern: 'ERROR'}, ['ERROR 1', 'ERROR 2', 'ERROR 3']],
    [{logEventFilterPattern: '%[23]$%', logStreamNames: ['a1', 'b1']}, ['ERROR 3']],
    [{logStreamNamePrefixes: ['a', 'c']}, ['ERROR 1', 'ERROR 2']],
    [{logEventFilterPattern: ''}, ['ERROR 1', 'ERROR 2', 'ERROR 3', 'ok']],
  ])('%j narrows it', async (input, expected) => {
    const event = (logStream: string, message: string) => makeEvent({timestamp: noon, logStream, message})
    const {updates} = await tailing([
      {
        name: first,
        events: [event('a1', 'ERROR 1'), event('a2', 'ERROR 2'), event('b1', 'ERROR 3'), event('b1', 'ok')],
      },
    ])
    expect(textsOf(await updates(1, input))).toEqual([expected])
  })

  test('500 events are all there; of more, 500 are sent and the update says that it is sampled', async () => {
    const {updates} = await tailing([{name: first, events: [...manyAt(500, noon + 10), ...manyAt(1501, noon + 1010)]}])
    const [full, sampled, after] = await updates(3)
    expect([full?.sessionMetadata?.sampled, full?.sessionResults?.length]).toEqual([false, 500])
    expect([sampled?.sessionMetadata?.sampled, sampled?.sessionResults?.length]).toEqual([true, 500])
    expect(new Set(sampled?.sessionResults?.map(({message}) => message)).size).toBe(500)
    expect([after?.sessionMetadata?.sampled, after?.sessionResults?.length]).toEqual([false, 0])
  })

  test('ends after three hours with the exception of the model', async () => {
    const {start} = await tailing([{name: first}])
    let updates = 0
    const ended = (async () => {
      for await (const {sessionUpdate} of await start()) if (sessionUpdate) updates++
    })()
    await expect(ended).rejects.toBeInstanceOf(SessionTimeoutException)
    expect(updates).toBe(3 * 3600 - 1)
  })

  test('follows the clock the server believes', async () => {
    const {updates} = await tailing(
      [{name: first, events: [makeEvent({timestamp: noon + 3_600_000, message: 'skewed'})]}],
      {clockSkew: {ms: 3_600_000}},
    )
    expect(textsOf(await updates(1))).toEqual([['skewed']])
  })
})

describe('refusals', () => {
  const groups = [
    {name: first},
    {name: second},
    {name: '/rare', class: 'INFREQUENT_ACCESS' as const},
    {name: '/delivered', class: 'DELIVERY' as const},
  ]
  test.each([
    ['a name', {logGroupIdentifiers: [first]}, 'InvalidParameterException', 'must be the ARN of a log group'],
    ['an ARN with :*', {logGroupIdentifiers: [`${arn(first)}:*`]}, 'InvalidParameterException', 'asterisk'],
    ['no group', {logGroupIdentifiers: []}, 'InvalidParameterException', 'length greater than or equal to 1'],
    [
      'eleven groups',
      {logGroupIdentifiers: Array.from({length: 11}, () => arn(first))},
      'InvalidParameterException',
      'length less than or equal to 10',
    ],
    ['a bad pattern', {logEventFilterPattern: '{ broken'}, 'InvalidParameterException', 'Invalid filter pattern'],
    [
      'streams of two groups',
      {logGroupIdentifiers: [arn(first), arn(second)], logStreamNames: ['a']},
      'InvalidParameterException',
      'exactly one log group',
    ],
    [
      'stream names and prefixes',
      {logStreamNames: ['a'], logStreamNamePrefixes: ['a']},
      'InvalidParameterException',
      'mutually exclusive',
    ],
    ['a missing group', {logGroupIdentifiers: [arn('/none')]}, 'ResourceNotFoundException', 'does not exist'],
    [
      'a group of another region',
      {logGroupIdentifiers: [arn(first, 'us-west-2')]},
      'ResourceNotFoundException',
      'does not exist',
    ],
    ['an Infrequent Access group', {logGroupIdentifiers: [arn('/rare')]}, 'InvalidOperationException', 'INFREQUENT'],
    ['a Delivery group', {logGroupIdentifiers: [arn('/delivered')]}, 'InvalidOperationException', 'DELIVERY'],
  ])('%s is refused before the stream begins', async (_what, input, name, text) => {
    const {start} = await tailing(groups)
    expect(await refusal(start(input))).toMatchObject({name, message: expect.stringContaining(text), status: 400})
  })

  test('a sixteenth session is refused, and an end by the client frees its place', async () => {
    const {start} = await tailing(groups, {liveTick: untilGone})
    const aborters = Array.from({length: 15}, () => new AbortController())
    await Promise.all(aborters.map(({signal}) => start({}, signal)))
    expect(await refusal(start())).toMatchObject({name: 'LimitExceededException', status: 400})
    aborters[3]?.abort()
    await vi.waitFor(() => start())
    expect((await refusal(start())).name).toBe('LimitExceededException')
  })

  test('each region counts its own sessions, and a refused start takes no place', async () => {
    const {start, client, connect} = await tailing(groups, {liveTick: untilGone, liveTailSessions: 1})
    expect((await refusal(start({logGroupIdentifiers: [arn('/none')]}))).name).toBe('ResourceNotFoundException')
    await start()
    expect((await refusal(start())).name).toBe('LimitExceededException')
    // leaving the loop is not enough for the SDK to let go of a stream; destroying its client is
    client.destroy()
    const another = connect(CloudWatchLogsClient, {disableHostPrefix: true})
    await vi.waitFor(() => another.send(new StartLiveTailCommand({logGroupIdentifiers: [arn(first)]})))
  })

  test('the quota of five starts a second holds', async () => {
    const {start} = await tailing(groups, {liveTick: untilGone, quotas: true, clock: () => 0})
    for (let started = 0; started < 5; started++) await start()
    expect((await refusal(start())).name).toBe('ThrottlingException')
  })
})

/** A tick that never comes: the session stands still until its client goes. */
async function untilGone(_ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  await once(signal, 'abort')
  signal.throwIfAborted()
}

describe('faults', () => {
  /** A session that is followed to its end; the next update waits until the client has the last one. */
  const run = async (faults: readonly Fault[]) => {
    const seen: LiveTailSessionUpdate[] = []
    let due = 0
    const liveTick = () => {
      const sent = due++
      return vi.waitFor(() => expect(seen).toHaveLength(sent), {interval: 1})
    }
    const {start, close} = await tailing([{name: first}], {faults, liveTick})
    const ended = (async () => {
      for await (const {sessionUpdate} of await start()) if (sessionUpdate) seen.push(sessionUpdate)
    })()
    return {seen, ended, close}
  }

  test('a session is cut after so many updates', async () => {
    const {seen, ended} = await run([{kind: 'live-cut', afterUpdates: 2}])
    await expect(ended).rejects.toThrow('aborted')
    expect(seen).toHaveLength(2)
  })

  test('a fault hits as many sessions as it says', async () => {
    const {updates, start} = await tailing([{name: first}], {faults: [{kind: 'live-cut', afterUpdates: 0, times: 1}]})
    await expect(Array.fromAsync(await start())).rejects.toThrow('aborted')
    expect(await updates(5)).toHaveLength(5)
  })

  test.each([
    ['SessionStreamingException', SessionStreamingException],
    ['SessionTimeoutException', SessionTimeoutException],
  ] as const)('a session ends with %s after so many updates', async (exception, type) => {
    const {seen, ended} = await run([{kind: 'live-exception', exception, afterUpdates: 1}])
    await expect(ended).rejects.toBeInstanceOf(type)
    expect(seen).toHaveLength(1)
  })

  test('a half-open session says nothing more until the server closes', async () => {
    const {seen, ended, close} = await run([{kind: 'live-silence', afterUpdates: 2}])
    const outcome = expect(ended).rejects.toThrow('aborted')
    await vi.waitFor(() => expect(seen).toHaveLength(2))
    await close()
    await outcome
    expect(seen).toHaveLength(2)
  })

  test('chosen updates are sampled, and one is sent twice', async () => {
    const faults: Fault[] = [
      {kind: 'live-sampled', keep: 1, updates: [1]},
      {kind: 'live-duplicate', updates: [1]},
    ]
    const {updates} = await tailing([{name: first, events: manyAt(3, noon + 10)}], {faults})
    const found = await updates(3)
    expect(found.map(update => [update.sessionMetadata?.sampled, update.sessionResults?.length])).toEqual([
      [true, 1],
      [true, 1],
      [false, 0],
    ])
    expect(found[1]).toEqual(found[0])
  })

  test('a delayed update brings those that are due behind it at once, but not more than ten', async () => {
    const at = (seconds: number) =>
      manyAt(1, noon + seconds * 1000 + 500).map(event => ({...event, message: `${seconds}`}))
    const seconds = Array.from({length: 20}, (_, second) => second)
    const {updates} = await tailing([{name: first, events: seconds.flatMap(at)}], {
      faults: [{kind: 'live-delay', ms: 15_000, updates: [2]}],
    })
    expect(textsOf(await updates(12)).flat()).toEqual(['0', ...seconds.slice(7, 18).map(String)])
  })

  test('a fault hits sessions that ask for its group', async () => {
    const {updates} = await tailing([{name: first}, {name: second}], {faults: [{kind: 'throttle', logGroup: second}]})
    expect(await updates(1)).toHaveLength(1)
    expect((await refusal(updates(1, {logGroupIdentifiers: [arn(first), arn(second)]}))).name).toBe(
      'ThrottlingException',
    )
  })
})

test('the SDK keeps the console clean (aws-sdk-js-v3#7070)', async () => {
  const written = (['log', 'info', 'warn', 'error', 'debug', 'trace'] as const).map(method => vi.spyOn(console, method))
  const {updates} = await tailing([{name: first, events: manyAt(3, noon + 10)}])
  await updates(2)
  for (const spy of written) expect(spy).not.toHaveBeenCalled()
  vi.restoreAllMocks()
})

test('an ordinary answer still has its length', async () => {
  const {client} = await tailing([{name: first}])
  let headers: Readonly<Record<string, string>> = {}
  client.middlewareStack.add(
    next => async args => {
      const result = await next(args)
      headers = (result.response as {headers: Record<string, string>}).headers
      return result
    },
    {step: 'deserialize'},
  )
  await client.send(new FilterLogEventsCommand({logGroupName: first}))
  expect(headers['content-length']).toMatch(/^\d+$/)
})

test('the first frame is an empty initial response, without which botocore reads no stream', async () => {
  const {url} = await serve({groups: [{name: first}]})
  const response = await fetch(url, {
    method: 'POST',
    headers: {'x-amz-target': 'Logs_20140328.StartLiveTail'},
    body: JSON.stringify({logGroupIdentifiers: [arn(first)]}),
  })
  expect([response.headers.get('content-type'), response.headers.get('content-length')]).toEqual([
    'application/vnd.amazon.eventstream',
    null,
  ])
  const {value = new Uint8Array()} = (await response.body?.getReader().read()) ?? {}
  const frame = value.subarray(0, new DataView(value.buffer, value.byteOffset).getUint32(0))
  const {headers, body} = new EventStreamCodec(toUtf8, fromUtf8).decode(frame)
  expect(headers[':event-type']?.value).toBe('initial-response')
  expect(toUtf8(body)).toBe('{}')
})
