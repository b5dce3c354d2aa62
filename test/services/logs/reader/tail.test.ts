import {describe, expect, test} from 'vitest'
import {createNewest, readTail} from '../../../../src/services/logs/tail.ts'
import {createTally} from '../../../../src/services/logs/tally.ts'
import {createFakeClock} from './fake-clock.ts'
import {sourcedEvent} from './fake-events.ts'
import {
  accessDenied,
  evenly,
  expected,
  expiredCredentials,
  type FakeAws,
  type FakeGroup,
  type FakeOptions,
  fakeAws,
  noSuchGroup,
  openBudget,
  quotaBudget,
  seeded,
  told,
} from './fake-log-groups.ts'

const start = Date.UTC(2026, 10, 20, 12)
const hour = 3_600_000
const window = {start, end: start + hour}

function given(groups: Readonly<Record<string, FakeGroup>>, options: Partial<FakeOptions> = {}): FakeAws {
  return fakeAws(groups, {clock: createFakeClock(window.end + hour), budget: openBudget(0), ...options})
}

async function tail(aws: FakeAws, count: number, differing: Partial<Parameters<typeof readTail>[1]> = {}) {
  const tally = createTally(aws.sources.length)
  const reading = readTail(aws.sources, {...window, count, ...differing}, tally, AbortSignal.any([]))
  return {events: told(await aws.fakeClock.outcome(reading)), tally}
}

function spread(random: () => number, groupCount: number, eventCount: number, width = hour): Record<string, FakeGroup> {
  return Object.fromEntries(
    Array.from({length: groupCount}, (_, g) => [
      `g${g}`,
      {
        events: Array.from({length: Math.floor(random() * eventCount)}, (_, i) => ({
          timestamp: start + Math.floor(random() * width),
          eventId: `g${g}-${Math.floor(random() * 1e6)}-${i}`,
          logStream: `stream-${i % 2}`,
        })),
      },
    ]),
  )
}

describe('the newest events', () => {
  test.each(Array.from({length: 12}, (_, seed) => seed))('are found across groups, in order (seed %i)', async seed => {
    const random = seeded(seed)
    const groups = spread(random, 1 + Math.floor(random() * 6), 300)
    for (const count of [1, 7, 100, 5000]) {
      const {events, tally} = await tail(given(groups, {pageEvents: 1 + Math.floor(random() * 40)}), count)
      expect(events).toEqual(expected(groups, window).slice(-count))
      expect(tally).toMatchObject({answered: tally.groups, complete: tally.groups, events: events.length})
    }
  })

  test('T2 are each found once where a token comes back with the same events', async () => {
    const ofOneMillisecond = Array.from({length: 6}, (_, i) => ({timestamp: start + 5, eventId: `${i}`}))
    const groups: Record<string, FakeGroup> = {
      g: {events: ofOneMillisecond, quirk: ({nth}) => (nth === 2 || nth === 3 ? 'repeat page' : undefined)},
    }
    expect((await tail(given(groups, {pageEvents: 2}), 5)).events).toEqual(expected(groups).slice(-5))
  })

  test('of a large group take one call, whatever lies before them', async () => {
    const aws = given({g: {events: evenly(3000, {from: start, stepMs: 1000})}})
    expect((await tail(aws, 20)).events).toHaveLength(20)
    expect(aws.calls).toHaveLength(1)
  })

  test.each([1, 2, 3, 5, 8])(
    'are the same whichever way the server reads, where ties cross the boundary (%i)',
    async count => {
      // AWS gives events of one millisecond in the order of ingestion, the contract goes on by stream and id
      const groups = {
        g: {
          events: [0, 1, 1, 1, 1, 1, 2, 2].map((at, i) => ({
            timestamp: start + at,
            eventId: `${9 - i}`,
            ingestionTime: start + 50,
          })),
        },
      }
      const oldestFirst = await tail(given(groups, {ignoresStartFromHead: true, pageEvents: 3}), count)
      const newestFirst = await tail(given(groups), count)
      const small = await tail(given(groups, {pageEvents: 2}), count)
      expect(oldestFirst.events).toEqual(expected(groups).slice(-count))
      expect(newestFirst.events).toEqual(expected(groups).slice(-count))
      expect(small.events).toEqual(expected(groups).slice(-count))
    },
  )

  test('are found where all events are of one millisecond', async () => {
    const groups = {
      g: {events: evenly(50, {from: start, stepMs: 0}).map(event => ({...event, ingestionTime: start + 9}))},
    }
    expect((await tail(given(groups, {pageEvents: 7}), 10)).events).toEqual(expected(groups).slice(-10))
  })

  test('are found behind empty pages', async () => {
    const groups: Record<string, FakeGroup> = {
      g: {events: evenly(50, {from: start, stepMs: 1000}), quirk: ({nth}) => (nth < 5 ? {atMost: 0} : undefined)},
    }
    expect((await tail(given(groups), 10)).events).toEqual(expected(groups).slice(-10))
  })

  test('T2 are found behind a token that comes twice', async () => {
    const groups: Record<string, FakeGroup> = {
      g: {
        events: evenly(50, {from: start, stepMs: 1000}),
        quirk: ({nth}) => (nth === 1 ? {atMost: 0} : nth === 2 ? 'repeat token' : undefined),
      },
    }
    const {events, tally} = await tail(given(groups), 10)
    expect({events, gaps: tally.gaps}).toEqual({events: expected(groups).slice(-10), gaps: []})
  })

  test('T2 a token that comes for ever ends in a gap, not in a silent loss', async () => {
    const aws = given({
      g: {
        events: evenly(50, {from: start, stepMs: 1000}),
        quirk: ({nth}) => (nth === 1 ? {atMost: 5} : 'repeat token'),
      },
    })
    const {tally} = await tail(aws, 10)
    expect(tally.gaps).toMatchObject([{what: 'g', reason: 'failed'}])
    expect(aws.calls.length).toBeLessThan(60)
  })

  test('are only those of the streams asked for', async () => {
    const groups = {
      g: {events: evenly(50, {from: start, stepMs: 1000}).map((event, i) => ({...event, logStream: `s${i % 2}`}))},
    }
    const {events} = await tail(given(groups), 3, {logStreamNames: ['s0']})
    expect(events).toEqual([44, 46, 48].map(i => `${start + i * 1000} e${i}`))
  })

  test('are only those that match the filter pattern', async () => {
    const groups = {
      g: {
        events: evenly(50, {from: start, stepMs: 1000}).map((event, i) => ({
          ...event,
          message: i < 9 ? 'ERROR' : 'ok',
        })),
      },
    }
    expect((await tail(given(groups), 3, {filterPattern: 'ERROR'})).events).toEqual(
      [6, 7, 8].map(i => `${start + i * 1000} e${i}`),
    )
  })

  test('T14 include the one exactly at the end of the window', async () => {
    const groups = {
      g: {events: [window.end - 1, window.end, window.end + 1].map(t => ({timestamp: t, eventId: `at${t}`}))},
    }
    expect((await tail(given(groups), 1)).events).toEqual([`${window.end} at${window.end}`])
  })
})

describe('servers that do not read newest first', () => {
  test('T13 AWS refuses it for a window from before 2024: then it is read from the oldest on', async () => {
    const from = Date.UTC(2023, 11, 31)
    const groups = {g: {events: evenly(300, {from, stepMs: 60_000})}}
    const {events, tally} = await tail(given(groups, {pageEvents: 40}), 25, {start: from})
    expect(events).toEqual(expected(groups).slice(-25))
    expect(tally).toMatchObject({complete: 1, gaps: []})
  })

  test.each([1, 2, 3])('a server that ignores startFromHead still gives the newest (page of %i)', async pageEvents => {
    const groups = spread(seeded(pageEvents), 3, 40)
    const {events, tally} = await tail(given(groups, {ignoresStartFromHead: true, pageEvents}), 5)
    expect(events).toEqual(expected(groups).slice(-5))
    expect(tally).toMatchObject({answered: 3, complete: 3})
  })

  test('a server that ignores startFromHead, with a first millisecond of many pages', async () => {
    const events = [
      ...evenly(30, {from: start, stepMs: 0, id: 'a'}),
      ...evenly(30, {from: start + 5, stepMs: 10, id: 'b'}),
    ]
    const {events: shown} = await tail(given({g: {events}}, {ignoresStartFromHead: true, pageEvents: 4}), 5)
    expect(shown).toEqual(expected({g: {events}}).slice(-5))
  })
})

describe('groups that fail', () => {
  test('T10 become gaps and stop no other', async () => {
    const groups: Record<string, FakeGroup> = {
      good: {events: evenly(50, {from: start, stepMs: 1000})},
      denied: {events: [], quirk: accessDenied},
      gone: {events: [], quirk: noSuchGroup},
    }
    const {events, tally} = await tail(given(groups), 10)
    expect(events).toEqual(expected(groups).slice(-10))
    expect(tally.gaps.map(({what, reason}) => `${what} ${reason}`).sort()).toEqual(['denied denied', 'gone missing'])
    expect(tally).toMatchObject({answered: 3, complete: 1})
  })

  test('expired credentials end the read at once, and no further call is made', async () => {
    const clock = createFakeClock(window.end + hour)
    const groups: Record<string, FakeGroup> = Object.fromEntries(
      Array.from({length: 100}, (_, i) => [`g${i}`, {events: []}]),
    )
    groups['g0'] = {events: [], quirk: expiredCredentials}
    const aws = given(groups, {clock, budget: quotaBudget(clock, 10)})
    await expect(tail(aws, 10)).rejects.toMatchObject({name: 'ExpiredTokenException'})
    const made = aws.calls.length
    await clock.sleep(60_000)
    expect(aws.calls.length).toBe(made)
  })

  test('an abort rejects within the tick and leaves nothing in flight', async () => {
    const aws = given({g: {events: evenly(500, {from: start, stepMs: 1000}), latencyMs: () => 500}}, {pageEvents: 2})
    const controller = new AbortController()
    const at = aws.fakeClock.now() + 1234
    aws.fakeClock.at(at, () => controller.abort(new Error('interrupted')))
    const reading = readTail(aws.sources, {...window, count: 400}, createTally(1), controller.signal)
    await expect(reading).rejects.toThrow()
    expect(aws.fakeClock.now()).toBe(at)
    await aws.clock.sleep(5000)
    expect(aws.inFlight).toBe(0)
  })
})

test('the keeper of the newest keeps no more than it was asked for, and says what is too old', () => {
  const event = (timestamp: number) => sourcedEvent(timestamp, String(timestamp))
  const newest = createNewest(3)
  newest.add([event(5), event(1)])
  expect(newest.threshold()).toBe(Number.NEGATIVE_INFINITY)
  newest.add([event(9), event(2), event(7)])
  expect(newest.threshold()).toBe(5)
  expect(newest.inOrder().map(({timestamp}) => timestamp)).toEqual([5, 7, 9])
})
