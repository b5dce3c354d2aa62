import {describe, expect, test} from 'vitest'
import {createRateBudget, type RateBudget} from '../../../../src/services/aws/rate-budget.ts'
import {type Following, type FollowStep, follow} from '../../../../src/services/logs/follow.ts'
import type {SourcedEvent} from '../../../../src/services/logs/log-event.ts'
import type {LogSource} from '../../../../src/services/logs/source.ts'
import {createTally, type Tally} from '../../../../src/services/logs/tally.ts'
import {createFakeClock, type FakeClock} from './fake-clock.ts'
import {
  accessDenied,
  awsError,
  evenly,
  expected,
  expiredCredentials,
  type FakeAws,
  type FakeEvent,
  type FakeGroup,
  type FakeOptions,
  fakeAws,
  noSuchGroup,
  openBudget,
  seeded,
  told,
} from './fake-log-groups.ts'

const begin = Date.UTC(2026, 10, 20, 12)
const second = 1000
const minute = 60 * second
const hour = 60 * minute

type Shown = {readonly event: SourcedEvent; readonly at: number}
type Followed = {
  readonly shown: readonly Shown[]
  readonly notices: readonly string[]
  readonly tally: Tally
  readonly steps: readonly FollowStep[]
  readonly endedAt: number
}

type Setting = Partial<FakeOptions> & {
  readonly following?: Partial<Following>
  readonly sources?: (aws: FakeAws) => readonly LogSource[]
  /** the consumer's work after each step */
  readonly afterStep?: (step: FollowStep) => Promise<void> | void
}

function given(groups: Readonly<Record<string, FakeGroup>>, options: Partial<FakeOptions> = {}): FakeAws {
  return fakeAws(groups, {clock: createFakeClock(begin), budget: openBudget(24), ...options})
}

/** Follows from `begin` for a while, then interrupts. */
async function followFor(forMs: number, aws: FakeAws, setting: Setting = {}): Promise<Followed> {
  const clock = aws.fakeClock
  const sources = setting.sources?.(aws) ?? aws.sources
  const tally = createTally(sources.length)
  const controller = new AbortController()
  clock.at(begin + forMs, () => controller.abort(new Error('interrupted')))
  const shown: Shown[] = []
  const steps: FollowStep[] = []
  const following = {start: begin, end: null, ...setting.following}
  try {
    for await (const step of follow(sources, following, tally, controller.signal)) {
      for (const event of step.events) shown.push({event, at: clock.now()})
      if (step.events.length + step.notices.length > 0 || steps.length === 0) steps.push(step)
      await setting.afterStep?.(step)
    }
  } catch (error) {
    if ((error as Error).message !== 'interrupted') throw error
  }
  return {shown, steps, tally, notices: steps.flatMap(({notices}) => notices), endedAt: clock.now()}
}

const eventsOf = ({shown}: Followed): SourcedEvent[] => shown.map(({event}) => event)
const ids = (followed: Followed): (string | null)[] => eventsOf(followed).map(({eventId}) => eventId)
const lateIds = (followed: Followed): (string | null)[] =>
  eventsOf(followed)
    .filter(({late}) => late)
    .map(({eventId}) => eventId)

function quotaBudget(clock: FakeClock, quota: number): RateBudget {
  return createRateBudget({clock, random: () => 0.5, quota: () => quota})
}

/** Events of the time that is followed, some of them ingested late; dated in steps of 10 ms, so that many are of one millisecond. */
function history(
  random: () => number,
  {id, forMs, count, latestMs}: {id: string; forMs: number; count: number; latestMs: number},
): FakeEvent[] {
  return Array.from({length: count}, (_, i) => {
    const timestamp = begin + Math.floor((random() * forMs) / 10) * 10
    const lagMs = random() < 0.9 ? random() * 3 * second : random() * latestMs
    return {
      timestamp,
      ingestionTime: timestamp + Math.floor(lagMs / 2),
      visibleAt: timestamp + Math.floor(lagMs),
      eventId: `${id}-${i}`,
      logStream: `stream-${i % 3}`,
    }
  })
}

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
      const inTime = eventsOf(followed).filter(({late}) => !late)
      expect(told(inTime)).toEqual(expected(groups).filter(one => told(inTime).includes(one)))
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

describe('interruptions', () => {
  test('T11 two hours with the lid closed leave no gap', async () => {
    const clock = createFakeClock(begin)
    const groups = {
      a: {events: history(seeded(1), {id: 'a', forMs: 3 * hour, count: 1500, latestMs: minute})},
      b: {events: history(seeded(2), {id: 'b', forMs: 3 * hour, count: 300, latestMs: minute})},
    }
    clock.at(begin + 10 * minute, () => clock.suspend(2 * hour))
    const followed = await followFor(70 * minute, given(groups, {clock, pageEvents: 100}))
    expect(told(eventsOf(followed)).toSorted()).toEqual(expected(groups).toSorted())
  })

  test('T11 a group made while the lid was closed is read from its first event on', async () => {
    const clock = createFakeClock(begin)
    const groups: Record<string, FakeGroup> = {
      old: {events: evenly(10, {from: begin, stepMs: 1000, id: 'old'})},
      fresh: {events: evenly(120, {from: begin + 20 * minute, stepMs: minute, id: 'fresh'})},
    }
    const aws = given(groups, {clock})
    clock.at(begin + 10 * minute, () => clock.suspend(2 * hour))
    const sourcesAnew = async () => (clock.now() > begin + 20 * minute ? aws.sources : [aws.source('old')])
    const followed = await followFor(40 * minute, aws, {sources: () => [aws.source('old')], following: {sourcesAnew}})
    expect(ids(followed).filter(id => id?.startsWith('fresh'))).toHaveLength(120)
  })

  test('T42 expired credentials pause the following with one message, and it goes on without a gap', async () => {
    const clock = createFakeClock(begin)
    const expired = () => clock.now() > begin + 5 * minute && clock.now() < begin + 65 * minute
    const quirk = () => (expired() ? expiredCredentials() : undefined)
    const groups = {
      a: {events: history(seeded(3), {id: 'a', forMs: 80 * minute, count: 800, latestMs: minute}), quirk},
      b: {events: history(seeded(4), {id: 'b', forMs: 80 * minute, count: 100, latestMs: minute}), quirk},
    }
    const followed = await followFor(85 * minute, given(groups, {clock}))
    expect(told(eventsOf(followed)).toSorted()).toEqual(expected(groups).toSorted())
    expect(followed.notices.filter(notice => /credentials/.test(notice))).toHaveLength(1)
  })

  test('T42 credentials that expire pause the following also where a function was never invoked', async () => {
    const clock = createFakeClock(begin)
    const expired = () => clock.now() > begin + 5 * minute && clock.now() < begin + 10 * minute
    const groups: Record<string, FakeGroup> = {
      a: {
        events: evenly(15, {from: begin, stepMs: minute}),
        quirk: () => (expired() ? expiredCredentials() : undefined),
      },
      never: {events: [], quirk: () => (expired() ? expiredCredentials() : noSuchGroup())},
    }
    const sources = (aws: FakeAws) => [aws.source('a'), aws.source('never', {mayBeMissing: true})]
    const followed = await followFor(20 * minute, given(groups, {clock}), {sources})
    expect(followed.shown).toHaveLength(15)
  })

  test('credentials that never worked end the following at once', async () => {
    const aws = given({a: {events: [], quirk: expiredCredentials}, b: {events: []}})
    await expect(followFor(minute, aws)).rejects.toMatchObject({name: 'ExpiredTokenException'})
    expect(aws.clock.now() - begin).toBeLessThan(1000)
  })

  test('T44 a consumer that is slow pauses the sweeps and loses nothing', async () => {
    const groups = {g: {events: evenly(600, {from: begin, stepMs: 500})}}
    const aws = given(groups)
    const afterStep = ({events}: FollowStep) => (events.length > 0 ? aws.clock.sleep(30 * second) : undefined)
    const followed = await followFor(20 * minute, aws, {afterStep})
    expect(told(eventsOf(followed))).toEqual(expected(groups))
    expect(aws.calls.filter(({at}) => at < begin + 5 * minute).length).toBeLessThan(60)
  })

  test('an abort rejects within the tick and leaves nothing in flight', async () => {
    const aws = given({g: {events: evenly(600, {from: begin, stepMs: 500}), latencyMs: () => 700}})
    const followed = await followFor(61_234, aws)
    expect(followed.endedAt).toBe(begin + 61_234)
    const made = aws.calls.length
    await aws.clock.sleep(minute)
    expect(aws.inFlight).toBe(0)
    expect(aws.calls.length).toBe(made)
  })

  test.each([
    ['ten minutes ahead', -10 * minute],
    ['four minutes ahead', -4 * minute],
    ['ten minutes behind', 10 * minute],
  ])('a laptop whose clock is %s of AWS’s loses nothing', async (_name, serverAheadMs) => {
    const from = begin + serverAheadMs
    const groups = {
      g: {events: evenly(300, {from, stepMs: 1000}).map(event => ({...event, visibleAt: event.timestamp + 500}))},
    }
    const followed = await followFor(6 * minute, given(groups, {serverAheadMs}), {following: {start: from - minute}})
    expect(told(eventsOf(followed))).toEqual(expected(groups))
  })
})

describe('groups that come and go', () => {
  test('T41 a group made after the start is followed from its first event on, and told of', async () => {
    const clock = createFakeClock(begin)
    const groups: Record<string, FakeGroup> = {
      old: {events: evenly(300, {from: begin, stepMs: 1000, id: 'old'})},
      fresh: {events: evenly(100, {from: begin + 61_000, stepMs: 1000, id: 'fresh'})},
    }
    const aws = given(groups, {clock})
    const sourcesAnew = async () => (clock.now() > begin + minute ? aws.sources : [aws.source('old')])
    const followed = await followFor(6 * minute, aws, {sources: () => [aws.source('old')], following: {sourcesAnew}})
    expect(told(eventsOf(followed)).toSorted()).toEqual(expected(groups).toSorted())
    expect(followed.notices).toEqual(['+ fresh'])
    expect(followed.tally).toMatchObject({groups: 2, answered: 2, complete: 2, missing: 0})
  })

  test('T41 the group of a function that is invoked for the first time begins to stream, and counts once', async () => {
    const clock = createFakeClock(begin)
    const groups: Record<string, FakeGroup> = {
      a: {events: evenly(10, {from: begin, stepMs: 1000, id: 'a'})},
      first: {
        events: evenly(100, {from: begin + minute, stepMs: 1000, id: 'first'}),
        quirk: () => (clock.now() < begin + minute ? noSuchGroup() : undefined),
      },
    }
    const sources = (aws: FakeAws) => [aws.source('a'), aws.source('first', {mayBeMissing: true})]
    const followed = await followFor(4 * minute, given(groups, {clock}), {sources})
    expect(ids(followed).filter(id => id?.startsWith('first'))).toHaveLength(100)
    const {tally} = followed
    expect(tally).toMatchObject({groups: 2, answered: 2, gaps: []})
    expect(tally.complete + tally.missing).toBe(2)
  })

  test('T41 a deleted group is told of once, and the others go on', async () => {
    const clock = createFakeClock(begin)
    const groups: Record<string, FakeGroup> = {
      a: {events: evenly(200, {from: begin, stepMs: 1000, id: 'a'})},
      b: {
        events: evenly(20, {from: begin, stepMs: 1000, id: 'b'}),
        quirk: () => (clock.now() > begin + minute ? noSuchGroup() : undefined),
      },
    }
    const followed = await followFor(5 * minute, given(groups, {clock}))
    expect(followed.shown).toHaveLength(220)
    expect(lateIds(followed)).toEqual([])
    expect(followed.notices).toHaveLength(1)
    expect(followed.notices[0]).toMatch(/^b\b.*deleted|^- b$/)
  })

  test('T10 groups that cannot be read are gaps, and stop no other', async () => {
    const groups: Record<string, FakeGroup> = {
      a: {events: evenly(100, {from: begin, stepMs: 1000, id: 'a'})},
      denied: {events: [], quirk: accessDenied},
      gone: {events: [], quirk: noSuchGroup},
    }
    const followed = await followFor(3 * minute, given(groups))
    expect(followed.shown).toHaveLength(100)
    expect(followed.tally.gaps.map(({what, reason}) => `${what} ${reason}`).sort()).toEqual([
      'denied denied',
      'gone missing',
    ])
    expect(lateIds(followed)).toEqual([])
  })

  test('a group that keeps failing is told of once, though every failure has another request id', async () => {
    const clock = createFakeClock(begin)
    const groups: Record<string, FakeGroup> = {
      g: {
        events: [],
        quirk: () => (clock.now() > begin + minute ? awsError('InternalFailure', 'oops', 500) : undefined),
      },
    }
    const followed = await followFor(10 * minute, given(groups, {clock}))
    expect(followed.notices).toHaveLength(1)
  })

  test('a group that stops answering and never answers again is a gap', async () => {
    const clock = createFakeClock(begin)
    const groups: Record<string, FakeGroup> = {
      a: {events: evenly(100, {from: begin, stepMs: 1000, id: 'a'})},
      b: {events: [], quirk: () => (clock.now() > begin + minute ? accessDenied() : undefined)},
    }
    const followed = await followFor(10 * minute, given(groups, {clock}))
    expect(followed.tally.gaps).toMatchObject([{what: 'b', reason: 'denied'}])
  })
})

describe('the end', () => {
  test('the idle exit comes after that long without news', async () => {
    const aws = given({g: {events: evenly(30, {from: begin, stepMs: 1000})}})
    const followed = await followFor(hour, aws, {following: {idleExitMs: 30 * second}})
    expect(followed.shown).toHaveLength(30)
    expect(followed.endedAt - begin).toBeGreaterThanOrEqual(59 * second)
    expect(followed.endedAt - begin).toBeLessThan(63 * second)
  })

  test('the idle exit waits for what happened while the lid was closed', async () => {
    const clock = createFakeClock(begin)
    const groups = {g: {events: evenly(300, {from: begin, stepMs: minute})}}
    clock.at(begin + 90 * second + 100, () => clock.suspend(2 * hour))
    const aws = given(groups, {clock})
    const followed = await followFor(3 * hour, aws, {following: {idleExitMs: 2 * minute}})
    expect(followed.shown.length).toBeGreaterThan(120)
  })

  test('the idle exit waits until every group was asked, however long a round takes', async () => {
    const clock = createFakeClock(begin)
    const groups: Record<string, FakeGroup> = Object.fromEntries(
      Array.from({length: 200}, (_, i) => [`g${i}`, {events: []}]),
    )
    // 200 groups at 5 calls a second are asked every minute or so
    groups['g77'] = {events: evenly(200, {from: begin, stepMs: 10 * second})}
    const aws = given(groups, {clock, budget: quotaBudget(clock, 5)})
    const followed = await followFor(15 * minute, aws, {following: {idleExitMs: 20 * second}})
    expect(followed.shown.length).toBeGreaterThan(80)
  })

  test('an end is reached when every group was swept past it', async () => {
    const groups = {
      a: {events: evenly(300, {from: begin, stepMs: 1000, id: 'a'})},
      b: {events: evenly(300, {from: begin + 500, stepMs: 1000, id: 'b'})},
    }
    const end = begin + 2 * minute
    const followed = await followFor(hour, given(groups), {following: {end}})
    expect(told(eventsOf(followed))).toEqual(expected(groups, {end}))
    expect(followed.endedAt - end).toBeLessThan(15 * second)
  })

  test('an end that passed while the lid was closed is reached only after what came before it was read', async () => {
    const clock = createFakeClock(begin)
    const groups = {g: {events: evenly(30, {from: begin, stepMs: minute})}}
    clock.at(begin + 10 * minute + 100, () => clock.suspend(hour))
    const end = begin + 20 * minute
    const followed = await followFor(3 * hour, given(groups, {clock}), {following: {end}})
    expect(told(eventsOf(followed))).toEqual(expected(groups, {end}))
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

  test('nothing to follow ends at once', async () => {
    expect((await followFor(minute, given({}))).shown).toEqual([])
  })
})
