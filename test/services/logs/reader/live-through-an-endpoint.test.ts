import {setTimeout} from 'node:timers/promises'
import type {CloudWatchLogsClient} from '@aws-sdk/client-cloudwatch-logs'
import {describe, expect, onTestFinished, test, vi} from 'vitest'
import type {Fault, ServeOptions} from '../../../../src/sandbox/server.ts'
import {type Aws, connect} from '../../../../src/services/aws/connect.ts'
import {follow} from '../../../../src/services/logs/follow.ts'
import type {SourcedEvent} from '../../../../src/services/logs/log-event.ts'
import type {LogSource} from '../../../../src/services/logs/source.ts'
import {createTally} from '../../../../src/services/logs/tally.ts'
import {makeEvent, type WorldParts} from '../../../sandbox/hand-made-world.ts'
import {serve} from '../../../sandbox/running.ts'
import {createFakeClock, type FakeClock} from './fake-clock.ts'
import {seeded} from './fake-log-groups.ts'
import {begin, minute, second} from './following.ts'
import {liveOptions} from './live-following.ts'

/** Time that stands still while anything is on its way between the server and the client. */
function timeAndTransport(clock: FakeClock) {
  const onTheWay = new Set<() => void>()
  const send = (): (() => void) => {
    const done = clock.begin()
    const arrive = () => {
      if (onTheWay.delete(arrive)) done()
    }
    onTheWay.add(arrive)
    return arrive
  }
  const watched = async function* <T>(frames: AsyncIterable<T>): AsyncGenerator<T> {
    for await (const frame of frames) {
      yield frame
      for (const arrive of [...onTheWay]) arrive()
    }
  }
  return {
    async liveTick(ms: number, signal: AbortSignal) {
      await clock.sleep(ms, signal)
      const arrive = send()
      signal.addEventListener('abort', arrive)
      // a frame that never comes
      void setTimeout(200).then(arrive)
    },
    /** The client, its answers without a Date, which is of another time. */
    around: (client: CloudWatchLogsClient): CloudWatchLogsClient =>
      ({
        async send(...call: Parameters<CloudWatchLogsClient['send']>) {
          const arrive = send()
          try {
            const answer = (await client.send(...call)) as unknown as Record<string, unknown>
            const frames = answer['responseStream'] as AsyncIterable<unknown> | undefined
            return {...answer, serverDate: undefined, ...(frames && {responseStream: watched(frames)})}
          } finally {
            arrive()
          }
        },
      }) as unknown as CloudWatchLogsClient,
  }
}

const first = {operation: 'StartLiveTail', times: 1}

const names = ['/aws/lambda/first', '/aws/lambda/second', '/aws/lambda/third']

function groups(random: () => number, forMs: number): NonNullable<WorldParts['groups']> {
  return names.map((name, place) => ({
    name,
    events: Array.from({length: 200}, (_, order) => {
      const timestamp = begin + Math.floor(random() * forMs)
      const ingestionTime = timestamp + Math.floor(random() * 1500)
      return makeEvent({timestamp, ingestionTime, order: place * 1000 + order, message: `${name} ${order}`})
    }),
  }))
}

async function followed(forMs: number, faults: readonly Fault[], options: Partial<ServeOptions> = {}) {
  const clock = createFakeClock(begin)
  const {liveTick, around} = timeAndTransport(clock)
  const world = {now: () => clock.now(), groups: groups(seeded(3), forMs - 20 * second)}
  const {url} = await serve(world, {faults, liveTick, ...options})
  const connected = await connect({
    profile: null,
    region: 'eu-west-1',
    sandboxUrl: url,
    publishedQuotas: false,
    userAgent: 'slsops/test',
    clock,
    random: seeded(1),
  })
  onTestFinished(() => connected.close())
  const client = around(await connected.logs())
  const aws: Aws = {...connected, logs: async () => client}
  const sources: LogSource[] = names.map(logGroup => ({
    aws,
    scope: {...aws.scope, account: '123456789012'},
    logGroup,
    logGroupClass: 'STANDARD',
    functions: [],
    only: null,
    mayBeMissing: false,
  }))
  const tally = createTally(sources.length)
  const stop = new AbortController()
  clock.at(begin + forMs, () => stop.abort(new Error('enough')))
  const events: SourcedEvent[] = []
  const notices: string[] = []
  const following = {start: begin, end: null, live: liveOptions()}
  try {
    for await (const step of follow(sources, following, tally, stop.signal)) {
      events.push(...step.events)
      notices.push(...step.notices)
    }
  } catch (error) {
    expect(error).toMatchObject({message: 'enough'})
  }
  const all = world.groups.flatMap(({events = []}) => events)
  return {
    events,
    notices,
    tally,
    byFrames: events.filter(({eventId}) => eventId === null).length,
    shown: events.map(({message}) => message).sort(),
    truth: all.map(({message}) => message).sort(),
  }
}

describe('Live Tail over an endpoint', () => {
  test.each(['account-name', 'arn', 'name'] as const)('brings events, named as %s, once each', async liveTailGroups => {
    const {shown, truth, tally, byFrames, notices} = await followed(90 * second, [], {liveTailGroups})
    expect(shown).toEqual(truth)
    expect(byFrames).toBeGreaterThan(300)
    expect(tally).toMatchObject({late: 0, gaps: [], live: {sessions: 1, reconnects: 0, repairs: 0}})
    expect(notices).toEqual([])
  })

  test.each<[string, Fault]>([
    ['is cut', {kind: 'live-cut', afterUpdates: 40, ...first}],
    ['falls silent', {kind: 'live-silence', afterUpdates: 40, ...first}],
    ['times out', {kind: 'live-exception', exception: 'SessionTimeoutException', afterUpdates: 40, ...first}],
    ['cannot go on', {kind: 'live-exception', exception: 'SessionStreamingException', afterUpdates: 40, ...first}],
  ])('T17 a session that %s is begun again, and what it missed is read', async (_what, fault) => {
    const {shown, truth, tally, notices} = await followed(2 * minute, [fault])
    expect(shown).toEqual(truth)
    expect(notices).toEqual([expect.stringMatching(/^⚠ Live Tail interrupted .*: repaired$/)])
    expect(tally).toMatchObject({gaps: [], live: {sessions: 2, reconnects: 1, repairs: 1}})
  })

  test('T15 a sampled update is repaired', async () => {
    const {shown, truth, notices} = await followed(2 * minute, [
      {kind: 'live-sampled', keep: 1, ...first, updates: [40, 41]},
    ])
    expect(shown).toEqual(truth)
    expect(notices).toEqual([expect.stringMatching(/^⚠ sampled .*: repaired$/)])
  })

  test('updates that come twice, or late, show nothing twice', async () => {
    const {shown, truth} = await followed(4 * minute, [
      {kind: 'live-duplicate', ...first, updates: [25, 30, 35]},
      {kind: 'live-delay', ms: 5_000, ...first, updates: [50]},
    ])
    expect(shown).toEqual(truth)
  })

  test('T18 where no session is free, events are read by FilterLogEvents', async () => {
    const {shown, truth, byFrames, notices} = await followed(90 * second, [], {liveTailSessions: 0})
    expect(shown).toEqual(truth)
    expect(byFrames).toBe(0)
    expect(notices).toHaveLength(1)
  })

  test('T19 nothing that the SDK does with a session is written anywhere', async () => {
    const spies = [
      ...(['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir'] as const).map(name => vi.spyOn(console, name)),
      vi.spyOn(process.stdout, 'write'),
      vi.spyOn(process.stderr, 'write'),
    ]
    onTestFinished(() => void vi.restoreAllMocks())
    await followed(70 * second, [{kind: 'live-cut', afterUpdates: 20, ...first}])
    for (const spy of spies) expect(spy).not.toHaveBeenCalled()
  })
})
