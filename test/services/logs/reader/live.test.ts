import {describe, expect, test} from 'vitest'
import type {FollowStep} from '../../../../src/services/logs/follow.ts'
import {readLogs} from '../../../../src/services/logs/read-logs.ts'
import {createFakeClock} from './fake-clock.ts'
import {arnOf, fakeLiveTail} from './fake-live-tail.ts'
import {awsError, evenly, type FakeEvent, type FakeGroup, quotaBudget, rateExceeded, seeded} from './fake-log-groups.ts'
import {begin, eventsOf, given, history, hour, ids, minute, second} from './following.ts'
import {liveOptions, livePlay, shownOf, truthOf} from './live-following.ts'

const steady = (id: string, forMs = 5 * minute): FakeGroup => ({
  events: evenly(forMs / 1000, {from: begin, stepMs: 1000, id}),
})
const groupsNamed = (count: number, forMs = 2 * minute): Record<string, FakeGroup> =>
  Object.fromEntries(Array.from({length: count}, (_, i) => [`g${i}`, steady(`g${i}-`, forMs)]))
/** Calls for events in a span of the following, by group. */
const sweepsOf = (play: ReturnType<typeof livePlay>, from: number, to: number) =>
  play.aws.calls.filter(({at}) => at >= begin + from && at < begin + to)

describe('a healthy session', () => {
  test('stands for sweeps: once joined, groups are only audited, and events are shown as soon as before', async () => {
    const groups = {a: steady('a'), b: steady('b')}
    const play = livePlay(groups)
    const followed = await play.follow(5 * minute + 10 * second)
    expect(shownOf(followed)).toEqual(truthOf(groups))
    expect(followed.tally).toMatchObject({late: 0, live: {sessions: 1, reconnects: 0, repairs: 0}, gaps: []})
    expect(followed.notices).toEqual([])
    expect(sweepsOf(play, 0, 15 * second).length).toBeGreaterThan(10)
    expect(sweepsOf(play, 15 * second, 5 * minute).length).toBeLessThanOrEqual(4)
    for (const {event, at} of followed.shown) expect(at - event.timestamp).toBeLessThan(4000)
  })

  test.each([1, 4, 7])('that is %i seconds behind what can be searched for makes nothing late', async behind => {
    const groups = {a: steady('a'), b: steady('b')}
    const followed = await livePlay(groups, {behindMs: () => behind * second}).follow(5 * minute + 20 * second)
    expect(shownOf(followed)).toEqual(truthOf(groups))
    expect(followed.tally.late).toBe(0)
  })

  test('what came in before it, and can be searched for only when it has begun, comes by the sweeps that join it', async () => {
    const events = [
      ...steady('a').events,
      {timestamp: begin, ingestionTime: begin, visibleAt: begin + 6 * second, eventId: 'slow'},
    ]
    // Live Tail had it before the session began
    const play = livePlay({a: {events}}, {behindMs: ({eventId}) => (eventId === 'slow' ? -6 * second : 0)})
    expect(ids(await play.follow(minute))).toContain('slow')
  })

  test.each([
    ['an ARN', arnOf],
    ['an ARN as IAM writes it', (name: string) => `${arnOf(name)}:*`],
    ['account and name', (name: string) => `123456789012:${name}`],
    ['a bare name', (name: string) => name],
  ])('its events are known by %s', async (_form, nameOf) => {
    const groups = {'/aws/lambda/a': steady('a', minute), '/aws/lambda/a-2': steady('b', minute)}
    const followed = await livePlay(groups, {nameOf}).follow(70 * second)
    expect(shownOf(followed)).toEqual(truthOf(groups))
    expect(eventsOf(followed).filter(({eventId}) => eventId === null).length).toBeGreaterThan(60)
  })

  test('what names no group of it is not shown', async () => {
    const followed = await livePlay(
      {a: steady('a')},
      {nameOf: () => 'arn:aws:logs:eu-west-1:999999999999:log-group:a'},
    ).follow(minute)
    expect(eventsOf(followed).every(({eventId}) => eventId !== null)).toBe(true)
  })

  test('it is asked for what sweeps are asked for, by ARNs', async () => {
    const groups = {
      a: {
        events: [
          {timestamp: begin + 30 * second, eventId: 'hit'},
          {timestamp: begin + 31 * second, eventId: 'miss'},
        ],
      },
    }
    const play = livePlay(groups)
    const followed = await play.follow(minute, {following: {filterPattern: 'hit'}})
    expect(play.live.inputs).toEqual([
      {logGroupIdentifiers: ['arn:aws:logs:eu-west-1:123456789012:log-group:a'], logEventFilterPattern: 'hit'},
    ])
    expect(followed.shown).toHaveLength(1)
  })

  test('T16 two messages alike to the byte both come, also where sweeps and frames overlap', async () => {
    const twin = (timestamp: number, eventId: string): FakeEvent => ({timestamp, eventId, message: 'retrying'})
    const groups = {
      a: {
        events: [5, 25, 26, 60, 200].flatMap(s => [
          twin(begin + s * second, `a${s}`),
          twin(begin + s * second, `b${s}`),
        ]),
      },
    }
    const frame = (_: unknown, age: number) => (age === 24 ? ('sample' as const) : undefined)
    const followed = await livePlay(groups, {frame}).follow(6 * minute)
    expect(shownOf(followed)).toEqual(truthOf(groups))
  })

  test('a frame that comes twice shows nothing twice', async () => {
    const groups = {a: steady('a')}
    const followed = await livePlay(groups, {frame: () => 'repeat'}).follow(6 * minute)
    expect(shownOf(followed)).toEqual(truthOf(groups))
  })

  test('an event that came in late is shown at once and marked, however late it is', async () => {
    const late = {timestamp: begin + second, ingestionTime: begin + 40 * minute, eventId: 'late'}
    const followed = await livePlay({a: {events: [...steady('a', 45 * minute).events, late]}}).follow(45 * minute)
    const shown = followed.shown.filter(({event}) => event.late)
    expect(shown.map(({event}) => event.message)).toEqual(['message of late'])
    expect((shown[0]?.at ?? 0) - begin).toBeLessThan(40 * minute + 4 * second)
  })

  test('an event that was shown before the following began is not shown again by a frame', async () => {
    const event = {timestamp: begin - 3 * minute, ingestionTime: begin - second, visibleAt: begin, eventId: 'shown'}
    const play = livePlay({a: {events: [event, ...steady('a').events]}}, {behindMs: () => 2 * second})
    const shownBefore = () => ({from: begin - 15 * minute, ids: new Map([['shown', event.timestamp]])})
    const followed = await play.follow(6 * minute, {following: {shownBefore}})
    expect(followed.shown).toHaveLength(300)
    expect(followed.tally.late).toBe(0)
  })

  test('T18 a group whose account nobody knows is swept', async () => {
    const play = livePlay(groupsNamed(2))
    const sources = () =>
      play.aws.sources.map(source => ({
        ...source,
        scope: {...source.scope, account: source.logGroup === 'g0' ? null : '123456789012'},
      }))
    await play.follow(2 * minute, {sources})
    expect(play.live.calls.map(({groups}) => groups)).toEqual([['g1']])
    expect(sweepsOf(play, minute, 2 * minute).every(({logGroup}) => logGroup === 'g0')).toBe(true)
  })

  test('without Live Tail nothing but sweeps is asked for', async () => {
    const play = livePlay(groupsNamed(2))
    await play.follow(minute, {following: {live: undefined}})
    expect(play.live.calls).toEqual([])
  })
})

describe('holes', () => {
  test('T15 a sampled second is read again, said once, and counted', async () => {
    const events = evenly(6000, {from: begin + 40 * second, stepMs: 1})
    const groups = {busy: {events: [...steady('busy').events, ...events]}, calm: steady('calm')}
    const followed = await livePlay(groups).follow(5 * minute + 10 * second)
    expect(shownOf(followed).toSorted()).toEqual(truthOf(groups))
    expect(followed.notices).toEqual([expect.stringMatching(/^⚠ sampled 12:00:4\dZ–12:00:4\dZ: repaired$/)])
    expect(followed.tally).toMatchObject({live: {sessions: 1, reconnects: 0, repairs: 1}, gaps: []})
  })

  test('T15 only the span of the hole is read again', async () => {
    const play = livePlay(groupsNamed(2, 5 * minute), {frame: (_, age) => (age === 119 ? 'sample' : undefined)})
    const followed = await play.follow(150 * second)
    expect(followed.notices).toEqual(['⚠ sampled 12:01:59Z–12:02:00Z: repaired'])
    const [first] = sweepsOf(play, 119 * second, 150 * second)
    expect(begin + 2 * minute - (first?.input.startTime ?? 0)).toBeLessThanOrEqual(2 * minute + 2 * second)
    expect(sweepsOf(play, 135 * second, 150 * second)).toEqual([])
  })

  test('a group too busy for Live Tail is swept on, which is said once, and the others of its session go live again', async () => {
    const busy = evenly(6000, {from: begin, stepMs: 100, id: 'busy'})
    const groups = {busy: {events: busy}, calm: steady('calm', 10 * minute)}
    const frame = ({groups}: {groups: readonly string[]}, age: number) =>
      groups.includes('busy') && age > 60 ? ('sample' as const) : undefined
    const play = livePlay(groups, {frame})
    const followed = await play.follow(10 * minute + 10 * second)
    expect(shownOf(followed)).toEqual(truthOf(groups))
    expect(followed.notices).toEqual([
      'more comes in than Live Tail brings (500 events a second): FilterLogEvents reads as well',
      expect.stringMatching(/^⚠ sampled .*: repaired$/),
    ])
    expect(play.live.calls.map(({groups}) => groups)).toEqual([['busy', 'calm'], ['calm']])
    const calls = sweepsOf(play, 4 * minute, 10 * minute)
    expect(calls.filter(({logGroup}) => logGroup === 'calm').length).toBeLessThanOrEqual(4)
    expect(calls.filter(({logGroup}) => logGroup === 'busy').length).toBeGreaterThan(200)
    expect(followed.tally.late).toBe(0)
  })

  test('a session of one group that is too busy is given up', async () => {
    const groups = {busy: steady('busy', 10 * minute)}
    const play = livePlay(groups, {frame: (_, age) => (age > 60 ? 'sample' : undefined)})
    const followed = await play.follow(10 * minute + 10 * second)
    expect(shownOf(followed)).toEqual(truthOf(groups))
    expect(play.live.calls).toHaveLength(1)
    expect((play.live.calls[0]?.endedAt ?? 0) - begin).toBeLessThan(3 * minute)
  })

  test('what cannot be read again is a gap', async () => {
    const clock = createFakeClock(begin)
    const broken = () => clock.now() > begin + minute
    const groups: Record<string, FakeGroup> = {
      a: {...steady('a'), latencyMs: () => (broken() ? hour : 20)},
      b: steady('b'),
    }
    const frame = (_: unknown, age: number) => (age === 80 ? ('sample' as const) : undefined)
    const followed = await livePlay(groups, {clock, frame}).follow(4 * minute)
    expect(followed.tally.gaps).toEqual([
      {
        what: 'a',
        account: '123456789012',
        region: 'eu-west-1',
        reason: 'sampled',
        detail: expect.stringMatching(/^Live Tail missed 12:01:\d\dZ–12:01:\d\dZ, which was not read again$/),
      },
    ])
    expect(followed.tally.live.repairs).toBe(0)
  })

  test.each<[string, 'end' | 'fall silent' | Error]>([
    ['its time is over', awsError('SessionTimeoutException', 'three hours')],
    ['AWS cannot go on', awsError('SessionStreamingException', 'internal error')],
    ['the connection is cut', Object.assign(new Error('aborted'), {code: 'ECONNRESET'})],
    ['it ends without a word', 'end'],
    ['the connection is half open', 'fall silent'],
  ])('T17 when %s another session is begun, and what it missed is read, with one notice', async (_what, quirk) => {
    const groups = {a: {events: history(seeded(7), {id: 'a', forMs: 5 * minute, count: 600, latestMs: 5 * second})}}
    const frame = ({nth}: {nth: number}, age: number) => (nth === 1 && age === 90 ? quirk : undefined)
    const play = livePlay(groups, {frame})
    const followed = await play.follow(7 * minute)
    expect(shownOf(followed).toSorted()).toEqual(truthOf(groups))
    expect(followed.notices).toEqual([
      expect.stringMatching(/^⚠ Live Tail interrupted 12:01:3\dZ–12:01:\d\dZ: repaired$/),
    ])
    expect(followed.tally.live).toEqual({sessions: 2, reconnects: 1, repairs: 1})
    expect(play.live.mostOpen).toBe(1)
    // and sweeps come to rest again
    expect(sweepsOf(play, 2 * minute, 4 * minute).length).toBeLessThanOrEqual(2)
  })

  test('T17 sessions that end again and again leave the groups to sweeps, and are tried less and less', async () => {
    const groups = {a: steady('a', 20 * minute)}
    const play = livePlay(groups, {frame: (_, age) => (age === 3 ? 'end' : undefined)})
    const followed = await play.follow(20 * minute + 10 * second)
    expect(shownOf(followed)).toEqual(truthOf(groups))
    expect(followed.notices).toEqual(['Live Tail ends again and again: FilterLogEvents reads meanwhile'])
    expect(play.live.calls.length).toBeLessThan(40)
    expect(followed.tally.late).toBe(0)
  })

  test('T44 a consumer that stalls leaves the rest with AWS, and what AWS drops is read again', async () => {
    const groups = {g: {events: evenly(600, {from: begin, stepMs: 500})}}
    const play = livePlay(groups)
    const afterStep = ({events}: FollowStep) => (events.length > 0 ? play.clock.sleep(30 * second) : undefined)
    const followed = await play.follow(25 * minute, {afterStep})
    expect(shownOf(followed)).toEqual(truthOf(groups))
    expect(followed.tally.gaps).toEqual([])
    expect(play.live.calls).toHaveLength(1)
  })

  test('T44 while a consumer stalls, no more than some seconds are read ahead of it', async () => {
    const groups = {g: {events: evenly(3000, {from: begin, stepMs: 500})}}
    const play = livePlay(groups)
    let stalled = 0
    const afterStep = async () => {
      if (stalled > 0 || play.clock.now() < begin + minute) return
      const before = play.live.framesRead
      await play.clock.sleep(10 * minute)
      stalled = play.live.framesRead - before
    }
    const followed = await play.follow(30 * minute, {afterStep})
    expect(stalled).toBeGreaterThan(3)
    expect(stalled).toBeLessThan(8)
    expect(shownOf(followed)).toEqual(truthOf(groups))
    expect(followed.notices).toEqual([expect.stringMatching(/^⚠ Live Tail read too slowly .*: repaired$/)])
  })

  test('T11 two hours with the lid closed leave no gap', async () => {
    const groups = {
      a: {events: history(seeded(1), {id: 'a', forMs: 3 * hour, count: 1500, latestMs: minute})},
      b: {events: history(seeded(2), {id: 'b', forMs: 3 * hour, count: 300, latestMs: minute})},
    }
    const play = livePlay(groups, {}, {pageEvents: 100})
    play.clock.at(begin + 10 * minute, () => play.clock.suspend(2 * hour))
    const followed = await play.follow(70 * minute)
    expect(shownOf(followed).toSorted()).toEqual(truthOf(groups))
    expect(followed.tally.live).toEqual({sessions: 2, reconnects: 1, repairs: 1})
  })
})

describe('a read of what is past that goes over into following', () => {
  test('shows each event once, whether the past, a sweep or a frame brings it', async () => {
    const clock = createFakeClock(begin)
    const past = evenly(1200, {from: begin - 20 * minute, stepMs: 1000, id: 'past'})
    const late = Array.from({length: 60}, (_, i) => ({
      timestamp: begin - (i % 15) * minute - 500,
      ingestionTime: begin - 5 * second + i * 200,
      eventId: `late${i}`,
    }))
    const groups = {a: {events: [...past, ...late, ...steady('a').events]}, b: steady('b')}
    const live = fakeLiveTail({clock, behindMs: ({timestamp}) => (timestamp % 3) * second})
    const aws = given(groups, {clock, live})
    const stop = new AbortController()
    clock.at(begin + 6 * minute, () => stop.abort(new Error('enough')))
    const start = begin - 30 * minute
    const stream = readLogs(
      {sources: aws.sources, start, end: null, follow: true, tail: null, live: liveOptions()},
      stop.signal,
    )
    const shown: string[] = []
    const reading = (async () => {
      for await (const {events} of stream)
        for (const {timestamp, message} of events) shown.push(`${timestamp} ${message}`)
    })()
    await expect(clock.outcome(reading)).rejects.toThrow('enough')
    expect(shown.toSorted()).toEqual(
      Object.values(groups)
        .flatMap(({events}) => events.map(({timestamp, eventId}) => `${timestamp} message of ${eventId}`))
        .sort(),
    )
    expect(stream.tally.live.sessions).toBe(1)
  })
})

describe('the end', () => {
  test('an abort ends every session at once', async () => {
    const play = livePlay(groupsNamed(12))
    const followed = await play.follow(61_234)
    expect(followed.endedAt).toBe(begin + 61_234)
    await play.clock.sleep(minute)
    expect(play.live.open).toBe(0)
    expect(play.live.calls.map(({endedAt}) => endedAt)).toEqual([begin + 61_234, begin + 61_234])
  })

  test('an abort while sessions are beginning leaves none', async () => {
    const play = livePlay(groupsNamed(3))
    await play.follow(215)
    await play.clock.sleep(minute)
    expect(play.live.open).toBe(0)
  })

  test('an abort at any moment leaves no session and nothing in flight', async () => {
    const random = seeded(11)
    for (let i = 0; i < 40; i++) {
      const frame = () =>
        random() < 0.1 ? (['sample', 'end', 'fall silent'] as const)[Math.floor(random() * 3)] : undefined
      const quirk = () => (random() < 0.2 ? rateExceeded() : undefined)
      const clock = createFakeClock(begin)
      const play = livePlay(groupsNamed(11), {clock, frame, quirk}, {budget: quotaBudget(clock, 10)})
      await play.follow(Math.floor(random() ** 2 * minute))
      await play.clock.sleep(minute)
      expect([play.live.open, play.aws.inFlight]).toEqual([0, 0])
    }
  })

  test('T12 an event from ninety minutes ahead is shown when its frame brings it', async () => {
    const ahead = {timestamp: begin + 90 * minute, ingestionTime: begin + 30 * second, eventId: 'ahead'}
    const followed = await livePlay({g: {events: [...steady('g').events, ahead]}}).follow(2 * minute)
    const shown = followed.shown.filter(({event}) => event.timestamp === ahead.timestamp)
    expect(shown).toHaveLength(1)
    expect((shown[0]?.at ?? 0) - begin).toBeLessThan(35 * second)
    expect(followed.tally.late).toBe(0)
  })

  test('an end is reached when frames have passed it', async () => {
    const groups = {a: steady('a'), b: steady('b')}
    const end = begin + 2 * minute
    const play = livePlay(groups)
    const followed = await play.follow(hour, {following: {end}})
    expect(eventsOf(followed)).toHaveLength(2 * 121)
    expect(followed.endedAt - end).toBeLessThan(5 * second)
    expect(play.live.open).toBe(0)
  })

  test('the idle exit comes after that long without news', async () => {
    const play = livePlay({g: steady('g', 30 * second)})
    const followed = await play.follow(hour, {following: {idleExitMs: 30 * second}})
    expect(followed.shown).toHaveLength(30)
    expect(followed.endedAt - begin).toBeGreaterThanOrEqual(59 * second)
    expect(followed.endedAt - begin).toBeLessThan(64 * second)
  })
})
