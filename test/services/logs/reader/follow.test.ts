import {describe, expect, test} from 'vitest'
import {createFakeClock} from './fake-clock.ts'
import {
  awsError,
  evenly,
  expected,
  type FakeEvent,
  type FakeGroup,
  quotaBudget,
  seeded,
  told,
} from './fake-log-groups.ts'

import {begin, eventsOf, followFor, given, history, ids, lateIds, minute, second} from './following.ts'

describe('exactly once', () => {
  test.each(Array.from({length: 12}, (_, seed) => seed))(
    'every event of a random history comes once, the late ones marked (seed %i)',
    async seed => {
      const random = seeded(seed)
      const groups = Object.fromEntries(
        Array.from({length: 1 + (seed % 4)}, (_, i) => {
          const events = history(random, {id: `g${i}`, forMs: 4 * minute, count: 60 + seed * 30, latestMs: minute})
          const quirk = () => (random() < 0.05 ? {atMost: 0} : undefined)
          return [`g${i}`, {events, quirk, latencyMs: () => Math.floor(random() ** 4 * 2000)}]
        }),
      )
      const followed = await followFor(
        6 * minute,
        given(groups, {pageEvents: 20 + seed * 10, modelled: seed % 4 === 3}),
      )
      expect(told(eventsOf(followed)).toSorted()).toEqual(expected(groups).toSorted())
      const inTime = told(eventsOf(followed).filter(({late}) => !late))
      const those = new Set(inTime)
      expect(inTime).toEqual(expected(groups).filter(one => those.has(one)))
      expect(followed.tally).toMatchObject({events: followed.shown.length, late: lateIds(followed).length, gaps: []})
    },
  )

  test('T3 an event that was ingested late is shown once and marked', async () => {
    const groups = {
      g: {
        events: [
          ...evenly(20, {from: begin, stepMs: 500}),
          {timestamp: begin + 1500, eventId: 'late', visibleAt: begin + 40 * second},
        ],
      },
    }
    const followed = await followFor(2 * minute, given(groups))
    expect(ids(followed)).toEqual([...evenly(20, {from: 0, stepMs: 1}).map(({eventId}) => eventId), 'late'])
    expect(lateIds(followed)).toEqual(['late'])
    expect(followed.tally.late).toBe(1)
  })

  test('T4 events of one millisecond that become visible one after the other all come', async () => {
    const timestamp = begin + 123
    const groups = {
      g: {
        events: [
          {timestamp, eventId: 'a'},
          {timestamp, eventId: 'b', visibleAt: begin + 1000},
          {timestamp, eventId: 'c', visibleAt: begin + 9000},
        ],
      },
    }
    expect(ids(await followFor(minute, given(groups)))).toEqual(['a', 'b', 'c'])
  })

  test('T5 twelve streams that start together, and one that starts later, are all shown without listing streams', async () => {
    const stream = (i: number, at: number): FakeEvent[] =>
      evenly(3, {from: begin + at + i, stepMs: 40, id: `s${i}-`}).map(event => ({...event, logStream: `[$LATEST]${i}`}))
    const groups = {g: {events: [...Array.from({length: 12}, (_, i) => stream(i, 5000)).flat(), ...stream(12, 30_000)]}}
    const aws = given(groups)
    const followed = await followFor(minute, aws)
    expect(told(eventsOf(followed))).toEqual(expected(groups))
    expect(new Set(eventsOf(followed).map(({logStream}) => logStream)).size).toBe(13)
    expect(aws.otherOperations).toEqual([])
  })

  test('T8 more than ten thousand events within the look-back come once each, however often they are read', async () => {
    const groups = {g: {events: evenly(12_000, {from: begin, stepMs: 1})}}
    const aws = given(groups)
    const followed = await followFor(20 * second, aws)
    expect(told(eventsOf(followed))).toEqual(expected(groups))
    expect(aws.calls.length).toBeGreaterThan(10)
  })

  test('a page that fails does not move the cursor', async () => {
    const groups: Record<string, FakeGroup> = {
      g: {
        events: evenly(600, {from: begin, stepMs: 100}),
        quirk: ({nth}) => (nth % 7 === 3 ? awsError('InternalFailure', 'oops', 500) : undefined),
      },
    }
    const followed = await followFor(5 * minute, given(groups, {pageEvents: 50}))
    expect(told(eventsOf(followed)).toSorted()).toEqual(expected(groups).toSorted())
  })

  test('a dense group loses nothing and is read again from far back only once a minute', async () => {
    const events = history(seeded(5), {id: 'e', forMs: 10 * minute, count: 3000, latestMs: minute})
    const groups = {g: {events}}
    const aws = given(groups, {pageEvents: 100})
    const followed = await followFor(12 * minute, aws)
    expect(told(eventsOf(followed)).toSorted()).toEqual(expected(groups).toSorted())
    const firstPages = aws.calls.filter(
      ({input, at}) => !input.nextToken && at > begin + 3 * minute && at < begin + 10 * minute,
    )
    const deep = firstPages.filter(({input, at}) => at - (input.startTime ?? 0) > minute)
    // 20 seconds are two pages of this group, two minutes are six
    expect(deep.length).toBeLessThanOrEqual(8)
  })

  test('an event that only a deep sweep would find is found after deep sweeps have failed for minutes', async () => {
    const late = {timestamp: begin + 3 * minute, eventId: 'late', visibleAt: begin + 4 * minute}
    const fails = (at: number, from: number): boolean =>
      at - from > 50 * second && at > begin + 2.5 * minute && at < begin + 7 * minute
    const groups: Record<string, FakeGroup> = {
      g: {
        events: [...evenly(5000, {from: begin, stepMs: 100}), late],
        quirk: ({input, at}) =>
          fails(at, input.startTime ?? 0) ? awsError('InternalFailure', 'oops', 500) : undefined,
      },
    }
    const followed = await followFor(9 * minute, given(groups, {pageEvents: 30}))
    expect(lateIds(followed)).toEqual(['late'])
  })

  test('pages that came empty for once keep no event from being found that comes in five minutes late', async () => {
    const clock = createFakeClock(begin)
    const late = {timestamp: begin + minute, eventId: 'late', visibleAt: begin + 6 * minute}
    let empty = 0
    const groups: Record<string, FakeGroup> = {
      g: {
        events: [...evenly(600, {from: begin, stepMs: 1000}), late],
        quirk: () => (clock.now() > begin + 4 * minute && empty++ < 8 ? {atMost: 0} : undefined),
      },
    }
    const followed = await followFor(12 * minute, given(groups, {clock}))
    expect(lateIds(followed)).toEqual(['late'])
  })

  test('T2 a token that repeats for ever ends the sweep, not the following', async () => {
    const groups: Record<string, FakeGroup> = {
      bad: {
        events: evenly(100, {from: begin, stepMs: 100, id: 'bad'}),
        quirk: ({nth}) => (nth < 60 ? 'repeat token' : undefined),
      },
      good: {events: evenly(100, {from: begin, stepMs: 100, id: 'good'})},
    }
    const followed = await followFor(4 * minute, given(groups, {pageEvents: 40}))
    expect(ids(followed).toSorted()).toEqual(
      [...evenly(100, {from: 0, stepMs: 1, id: 'bad'}), ...evenly(100, {from: 0, stepMs: 1, id: 'good'})]
        .map(({eventId}) => eventId)
        .toSorted(),
    )
  })
})

describe('order', () => {
  const three = (delayMs: number): Record<string, FakeGroup> => ({
    g1: {events: [1, 4, 7].map(i => ({timestamp: begin + i * 100, eventId: String(i)}))},
    g2: {events: [2, 5].map(i => ({timestamp: begin + i * 100, eventId: String(i)}))},
    g3: {
      events: [3, 6].map(i => ({timestamp: begin + i * 100, eventId: String(i)})),
      latencyMs: ({nth}) => (nth === 2 ? delayMs : 20),
    },
  })

  test('T6 three groups come as one, also when a page of one takes 1.5 seconds', async () => {
    const followed = await followFor(minute, given(three(1500)))
    expect(ids(followed)).toEqual(['1', '2', '3', '4', '5', '6', '7'])
    expect(followed.tally.late).toBe(0)
  })

  test('T6 what comes more than ten seconds late is marked, not lost, and holds nobody up longer', async () => {
    const followed = await followFor(minute, given(three(15_000)))
    expect(ids(followed).toSorted()).toEqual(['1', '2', '3', '4', '5', '6', '7'])
    expect(lateIds(followed)).toEqual(['3', '6'])
    for (const {event, at} of followed.shown) if (!event.late) expect(at - event.timestamp).toBeLessThan(11_000)
  })

  test('T12 an event from ninety minutes ahead is shown when it arrives and starves nobody', async () => {
    const ahead = {timestamp: begin + 90 * minute, ingestionTime: begin + 5000, eventId: 'ahead'}
    const groups = {g: {events: [...evenly(60, {from: begin, stepMs: 1000}), ahead]}}
    const followed = await followFor(2 * minute, given(groups))
    expect(followed.shown).toHaveLength(61)
    const shownAt = followed.shown.find(({event}) => event.eventId === 'ahead')?.at ?? 0
    expect(shownAt - begin).toBeLessThan(17_000)
    expect(lateIds(followed)).toEqual([])
  })

  test.each([
    ['at least two seconds', 100, 2000],
    ['as long as most events take', 6000, 6000],
    ['at most ten seconds', 40_000, 10_000],
  ])('the hold is %s', async (_name, lagMs, holdMs) => {
    const events = evenly(300, {from: begin, stepMs: 1000}).map(event => ({
      ...event,
      ingestionTime: event.timestamp + lagMs,
    }))
    const followed = await followFor(5 * minute, given({g: {events}}))
    expect(followed.steps.at(-1)?.holdMs).toBe(holdMs)
  })

  test('events that are ingested at once are shown within about four seconds', async () => {
    const followed = await followFor(2 * minute, given({g: {events: evenly(100, {from: begin, stepMs: 1000})}}))
    const waits = followed.shown.map(({event, at}) => at - event.timestamp).toSorted((a, b) => a - b)
    expect(waits.at(-1)).toBeLessThan(4000)
  })
})

describe('the quota', () => {
  test('following leaves a share of the quota to others', async () => {
    const clock = createFakeClock(begin)
    const groups = Object.fromEntries(
      Array.from({length: 40}, (_, i) => [`g${i}`, {events: evenly(60, {from: begin, stepMs: 5000})}]),
    )
    const aws = given(groups, {clock, budget: quotaBudget(clock, 10)})
    await followFor(5 * minute, aws)
    const settled = aws.calls.filter(({at}) => at > begin + minute && at <= begin + 5 * minute)
    expect(settled.length / 240).toBeLessThanOrEqual(7)
    expect(settled.length / 240).toBeGreaterThan(4)
  })

  test('T9 a throttled round slows the following down and loses nothing', async () => {
    const clock = createFakeClock(begin)
    const throttled = () => clock.now() > begin + minute && clock.now() < begin + 2 * minute
    const quirk = () => (throttled() ? awsError('ThrottlingException', 'Rate exceeded') : undefined)
    const groups = Object.fromEntries(
      Array.from({length: 5}, (_, i) => [
        `g${i}`,
        {events: evenly(200, {from: begin, stepMs: 1000, id: `g${i}-`}), quirk},
      ]),
    )
    const budget = quotaBudget(clock, 10)
    const followed = await followFor(5 * minute, given(groups, {clock, budget}))
    expect(told(eventsOf(followed)).toSorted()).toEqual(expected(groups).toSorted())
    expect(budget.numbers('FilterLogEvents').ratePerSecond).toBe(10)
    expect(followed.tally.gaps).toEqual([])
  })

  test('with a least cycle a group is swept so often at most, and none of its events is late or lost for it', async () => {
    const leastCycleMs = 10 * second
    const groups: Record<string, FakeGroup> = {
      swift: {events: evenly(600, {from: begin, stepMs: 400, id: 'swift'})},
      slow: {events: evenly(600, {from: begin + 7, stepMs: 400, id: 'slow'}), latencyMs: () => 8 * second},
    }
    const aws = given(groups)
    const followed = await followFor(6 * minute, aws, {following: {leastCycleMs}})
    expect(told(eventsOf(followed))).toEqual(expected(groups))
    expect(lateIds(followed)).toEqual([])
    const callsOf = (name: string): number => aws.calls.filter(({input}) => input.logGroupName === name).length
    expect(callsOf('swift')).toBeLessThanOrEqual(37)
    expect(callsOf('slow')).toBeLessThanOrEqual(21)
    const delays = followed.shown.map(({event, at}) => at - event.timestamp)
    expect(Math.max(...delays)).toBeLessThan(2 * leastCycleMs + 10 * second)
  })

  test.each([0, 1, 2, 3])(
    'with a least cycle, a group that stays away holds the others up no longer than ten seconds more (seed %i)',
    async seed => {
      const random = seeded(seed)
      const events = (id: string) => history(random, {id, forMs: 4 * minute, count: 200, latestMs: minute})
      const stuck = ({nth}: {nth: number}) => (nth === 4 ? 50 * second : 20)
      const groups: Record<string, FakeGroup> = {
        a: {events: events('a')},
        b: {events: events('b'), latencyMs: stuck},
      }
      const followed = await followFor(8 * minute, given(groups), {following: {leastCycleMs: 10 * second}})
      expect(told(eventsOf(followed)).toSorted()).toEqual(expected(groups).toSorted())
      const ofA = followed.shown.filter(({event}) => event.source.logGroup === 'a' && !event.late)
      expect(Math.max(...ofA.map(({event, at}) => at - event.timestamp))).toBeLessThan(minute)
    },
  )

  test('where it takes long to come round to every group, that is waited for: order is kept', async () => {
    const groups: Record<string, FakeGroup> = Object.fromEntries(
      Array.from({length: 120}, (_, i) => [
        `g${i}`,
        {
          events: evenly(40, {from: begin + 25 * i, stepMs: 3 * second, id: `g${i}-`}).map(event => ({
            ...event,
            visibleAt: event.timestamp + 500,
          })),
        },
      ]),
    )
    const clock = createFakeClock(begin)
    const budget = quotaBudget(clock, 10)
    const followed = await followFor(5 * minute, given(groups, {clock, budget}))
    expect(told(eventsOf(followed))).toEqual(expected(groups))
    expect(lateIds(followed)).toEqual([])
  })

  test('nothing to follow ends at once', async () => {
    expect((await followFor(minute, given({}))).shown).toEqual([])
  })
})
