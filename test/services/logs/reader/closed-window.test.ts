import {describe, expect, test} from 'vitest'
import {createRateBudget} from '../../../../src/services/aws/rate-budget.ts'
import {type ClosedWindow, readClosedWindow} from '../../../../src/services/logs/closed-window.ts'
import type {SourcedEvent} from '../../../../src/services/logs/log-event.ts'
import type {LogSource} from '../../../../src/services/logs/source.ts'
import {createTally} from '../../../../src/services/logs/tally.ts'
import {createFakeClock} from './fake-clock.ts'
import {
  accessDenied,
  awsError,
  evenly,
  expected,
  expiredCredentials,
  type FakeAws,
  type FakeGroup,
  type FakeOptions,
  fakeAws,
  noSuchGroup,
  openBudget,
  rateExceeded,
  seeded,
  told,
} from './fake-log-groups.ts'

const start = Date.UTC(2026, 10, 20, 12)
const minute = 60_000
const tenMinutes = {start, end: start + 10 * minute}
const busy = openBudget(0)
const idle = openBudget(24)

function given(groups: Readonly<Record<string, FakeGroup>>, options: Partial<FakeOptions> = {}): FakeAws {
  return fakeAws(groups, {clock: createFakeClock(tenMinutes.end + 5 * minute), budget: busy, ...options})
}

async function read(aws: FakeAws, window: Partial<ClosedWindow> = {}, sources: readonly LogSource[] = aws.sources) {
  const tally = createTally(sources.length)
  const reading = readClosedWindow(sources, {...tenMinutes, ...window}, tally, AbortSignal.any([]))
  const events = (await aws.fakeClock.outcome(Array.fromAsync(reading))).flat()
  return {events: told(events), all: events, tally, calls: aws.calls.length}
}

function quotaBudget(aws: {readonly clock: FakeOptions['clock']}, quota: number) {
  return createRateBudget({clock: aws.clock, random: () => 0.5, quota: () => quota})
}

describe('pages', () => {
  test('T1 empty pages with a token are not the end', async () => {
    const aws = given({
      g: {events: evenly(1, {from: start, stepMs: 1}), quirk: ({nth}) => (nth <= 2 ? {atMost: 0} : undefined)},
    })
    const {events, tally, calls} = await read(aws)
    expect(events).toEqual([`${start} e0`])
    expect(calls).toBe(3)
    expect(tally).toMatchObject({pages: 3, emptyPages: 2, complete: 1, answered: 1, gaps: []})
  })

  test('T1 empty pages lose nothing while the budget idles either', async () => {
    const groups = {
      g: {
        events: evenly(40, {from: start, stepMs: 15_000}),
        quirk: ({nth}: {nth: number}) => (nth % 3 === 0 ? undefined : {atMost: 0}),
      },
    }
    const {events, tally} = await read(given(groups, {budget: idle}))
    expect(events).toEqual(expected(groups))
    expect(tally).toMatchObject({complete: 1, gaps: []})
  })

  test('T2 the same token twice, then progress, is progress', async () => {
    const groups = {
      g: {
        events: evenly(30, {from: start, stepMs: 1000}),
        quirk: ({nth}: {nth: number}) => (nth === 2 || nth === 3 ? ('repeat token' as const) : undefined),
      },
    }
    const {events, tally} = await read(given(groups, {pageEvents: 10}))
    expect(events).toEqual(expected(groups))
    expect(tally.gaps).toEqual([])
  })

  test('T2 the same token fifty times is given up for a new request, and nothing is lost', async () => {
    const groups: Record<string, FakeGroup> = {
      g: {
        events: evenly(60, {from: start, stepMs: 1000}),
        quirk: ({nth}) => (nth > 1 && nth <= 51 ? 'repeat token' : undefined),
      },
    }
    const {events, tally, calls} = await read(given(groups, {pageEvents: 20}))
    expect(events).toEqual(expected(groups))
    expect(tally.gaps).toEqual([])
    expect(calls).toBeLessThan(60)
  })

  test('T2 the same token for ever is a gap after a bounded number of calls, and what was read is shown', async () => {
    const aws = given(
      {
        good: {events: evenly(30, {from: start, stepMs: 1000, id: 'good'})},
        stuck: {events: evenly(30, {from: start, stepMs: 0, id: 'stuck'}), quirk: () => 'repeat token'},
      },
      {pageEvents: 10},
    )
    const {events, tally, calls} = await read(aws)
    expect(events.filter(event => event.includes('good'))).toHaveLength(30)
    expect(events.filter(event => event.includes('stuck'))).toHaveLength(10)
    expect(tally.gaps).toMatchObject([{what: 'stuck', reason: 'failed'}])
    expect(tally.complete).toBe(1)
    expect(calls).toBeLessThan(60)
  })

  test('T11 a token that became too old while the reader waited costs one page and loses nothing', async () => {
    const groups = {
      g: {events: [0, 1, 1, 1, 2, 2, 3, 4, 4, 5].map((at, i) => ({timestamp: start + at, eventId: `e${i}`}))},
    }
    const clock = createFakeClock(tenMinutes.end + minute)
    const aws = given(groups, {clock, pageEvents: 4})
    const events: SourcedEvent[] = []
    const tally = createTally(1)
    // only what the merge needs is asked for, so the token is kept while the consumer sleeps
    const window = {...tenMinutes, keepBytes: 0}
    for await (const batch of readClosedWindow(aws.sources, window, tally, AbortSignal.any([]))) {
      events.push(...batch)
      if (batch.length > 0) await clock.sleep(25 * 60 * minute)
    }
    expect(told(events)).toEqual(expected(groups))
    expect(tally.gaps).toEqual([])
  })

  test('a token that is refused again and again is a gap after a bounded number of calls', async () => {
    const aws = given(
      {
        g: {
          events: evenly(100, {from: start, stepMs: 1000}),
          quirk: ({input}) =>
            input.nextToken ? awsError('InvalidParameterException', 'The specified nextToken is invalid.') : undefined,
        },
      },
      {pageEvents: 10},
    )
    const {events, tally, calls} = await read(aws)
    expect(tally.gaps).toMatchObject([{what: 'g', reason: 'failed'}])
    expect(new Set(events).size).toBe(events.length)
    expect(calls).toBeLessThan(40)
  })

  test('T14 an event exactly at either end of the window appears once', async () => {
    const aws = given({
      g: {events: [start - 1, start, tenMinutes.end, tenMinutes.end + 1].map(t => ({timestamp: t, eventId: `at${t}`}))},
    })
    expect((await read(aws)).events).toEqual([`${start} at${start}`, `${tenMinutes.end} at${tenMinutes.end}`])
  })

  test('T5 parallel streams of one group are read without listing streams', async () => {
    const groups = {
      g: {
        events: Array.from({length: 12 * 4}, (_, i) => ({
          timestamp: start + Math.floor(i / 12),
          eventId: `e${i}`,
          logStream: `2026/11/20/[$LATEST]${i % 12}`,
        })),
      },
    }
    const aws = given(groups, {pageEvents: 5})
    const {events, all} = await read(aws)
    expect(events).toEqual(expected(groups))
    expect(new Set(all.map(({logStream}) => logStream)).size).toBe(12)
    expect(aws.otherOperations).toEqual([])
  })

  test('T8 25,000 events in three megabytes come once each', async () => {
    const random = seeded(8)
    const groups = {
      g: {
        events: Array.from({length: 25_000}, (_, i) => ({
          timestamp: start + Math.floor(random() * 10 * minute),
          eventId: `e${i}`,
          message: 'x'.repeat(120),
        })),
      },
    }
    const {events, tally} = await read(given(groups))
    expect(events).toEqual(expected(groups))
    expect(tally.pages).toBeGreaterThanOrEqual(4)
  })
})

describe('order', () => {
  test('T7 events of one millisecond stand in the contract’s order, whatever order AWS gives them in', async () => {
    const at = (eventId: string, logStream: string, ingestionTime: number) => ({
      timestamp: start,
      eventId,
      logStream,
      ingestionTime,
    })
    const groups = {
      b: {events: [at('4', 's', start + 5), at('3', 's', start + 5), at('9', 's', start + 1)]},
      a: {events: [at('2', 'z', start + 5), at('1', 'y', start + 5), at('0', 'z', start + 9)]},
    }
    const first = await read(given(groups, {pageEvents: 1}))
    expect(first.all.map(({eventId}) => eventId)).toEqual(['9', '1', '2', '3', '4', '0'])
    const again = await read(given(groups, {pageEvents: 2, budget: idle}))
    expect(again.events).toEqual(first.events)
  })

  test('a run of equal timestamps that crosses pages is sorted as one', async () => {
    const groups = {
      g: {
        events: Array.from({length: 30}, (_, i) => ({
          timestamp: start + (i < 3 ? 0 : i < 27 ? 5 : 9),
          eventId: String(99 - i),
          ingestionTime: start + 100,
        })),
      },
    }
    expect((await read(given(groups, {pageEvents: 4}))).events).toEqual(expected(groups))
  })

  test('the first events come while the rest is still being read', async () => {
    const aws = given({g: {events: evenly(100, {from: start, stepMs: 1000})}}, {pageEvents: 10})
    let calls = 0
    for await (const batch of readClosedWindow(aws.sources, tenMinutes, createTally(1), AbortSignal.any([])))
      if (batch.length > 0 && calls === 0) calls = aws.calls.length
    expect(calls).toBeLessThanOrEqual(2)
    expect(aws.calls.length).toBeGreaterThan(9)
  })
})

describe('splitting', () => {
  test.each(Array.from({length: 60}, (_, seed) => seed))(
    'reads the same events in the same order with and without splitting (seed %i)',
    async seed => {
      const random = seeded(seed)
      const groups = groupsOf(random)
      const options = {pageEvents: 1 + Math.floor(random() * 20), modelled: seed % 5 === 0}
      const spare = Math.floor(random() * 30)
      const whole = await read(given(groups, {...options, budget: busy}))
      const split = await read(given(groups, {...options, budget: openBudget(spare)}))
      const brute = expected(groups)
      expect(whole.tally.gaps).toEqual([])
      expect(split.tally.gaps).toEqual([])
      expect(whole.events).toEqual(brute)
      expect(split.events).toEqual(brute)
      expect(split.tally.complete).toBe(Object.keys(groups).length)
    },
  )

  test('a dense group is read in parallel while the budget idles', async () => {
    const groups = {g: {events: evenly(2000, {from: start, stepMs: 300})}}
    const alone = given(groups, {pageEvents: 20, latencyMs: 300})
    await read(alone)
    const sequentialMs = alone.clock.now() - (tenMinutes.end + 5 * minute)
    const parallel = given(groups, {pageEvents: 20, latencyMs: 300, budget: idle})
    const {events, calls} = await read(parallel)
    const parallelMs = parallel.clock.now() - (tenMinutes.end + 5 * minute)
    expect(events).toEqual(expected(groups))
    expect(sequentialMs).toBeGreaterThanOrEqual(100 * 300)
    expect(parallelMs).toBeLessThan(sequentialMs / 5)
    expect(calls).toBeLessThan(160)
  })

  test('a budget without room splits nothing', async () => {
    const {calls} = await read(given({g: {events: evenly(200, {from: start, stepMs: 3000})}}, {pageEvents: 20}))
    expect(calls).toBeLessThanOrEqual(11)
  })

  test('unequal groups under a quota take little longer than their pages need', async () => {
    const clock = createFakeClock(tenMinutes.end + minute)
    const sizes = [4000, 900, 300, 100, 20, 0]
    const groups = Object.fromEntries(
      sizes.map((size, i) => [
        `g${i}`,
        {events: evenly(size, {from: start, stepMs: Math.floor((10 * minute) / (size + 1)), id: `g${i}-`})},
      ]),
    )
    const budget = quotaBudget({clock}, 10)
    const aws = given(groups, {clock, budget, pageEvents: 20, latencyMs: 300})
    const began = clock.now()
    const {events} = await read(aws)
    expect(events).toHaveLength(5320)
    const optimumMs = (5320 / 20 / 10) * 1000
    expect((clock.now() - began) / optimumMs).toBeLessThan(1.2)
  })
})

describe('memory', () => {
  test.each([0, 1, 5000])('a cap of %i bytes never stops the merge', async keepBytes => {
    const random = seeded(keepBytes)
    const groups = Object.fromEntries(
      Array.from({length: 6}, (_, g) => [
        `g${g}`,
        {
          events: Array.from({length: 300}, (_, i) => ({
            timestamp: start + Math.floor(random() * 10 * minute),
            eventId: `g${g}-${i}`,
          })),
        },
      ]),
    )
    const {events} = await read(given(groups, {pageEvents: 7, budget: idle}), {keepBytes})
    expect(events).toEqual(expected(groups))
  })

  test('a cap never stops the merge where the first part of a split group turns out empty', async () => {
    const groups: Record<string, FakeGroup> = {
      full: {events: evenly(50, {from: start, stepMs: 1000, id: 'full'})},
      late: {
        events: evenly(5, {from: start + 9 * minute, stepMs: 1000, id: 'late'}),
        quirk: ({nth}) => (nth === 1 ? {atMost: 0} : undefined),
      },
    }
    const aws = given(groups, {budget: idle, pageEvents: 10})
    expect((await read(aws, {keepBytes: 1})).events).toEqual(expected(groups))
  })

  test.each(Array.from({length: 20}, (_, seed) => seed))('a tight cap changes nothing (seed %i)', async seed => {
    const groups = groupsOf(seeded(seed + 1000))
    const aws = given(groups, {pageEvents: 5, budget: openBudget(12)})
    expect((await read(aws, {keepBytes: 3000})).events).toEqual(expected(groups))
  })

  test('T44 a slow consumer stops the reading, not the memory', async () => {
    const clock = createFakeClock(tenMinutes.end + minute)
    const groups = {
      g: {events: evenly(4000, {from: start, stepMs: 150}).map(event => ({...event, message: 'x'.repeat(1000)}))},
    }
    const aws = given(groups, {clock, pageEvents: 20, budget: openBudget(4)})
    const events: SourcedEvent[] = []
    let asked = 0
    const window = {...tenMinutes, keepBytes: 200_000}
    for await (const batch of readClosedWindow(aws.sources, window, createTally(1), AbortSignal.any([]))) {
      events.push(...batch)
      if (batch.length > 0) await clock.sleep(minute)
      if (batch.length > 0 && asked === 0) asked = aws.calls.length
    }
    expect(told(events)).toEqual(expected(groups))
    // 20 kB a page: ten fill the cap; four more were on their way
    expect(asked).toBeLessThan(20)
  })
})

describe('groups that fail', () => {
  const good = {events: evenly(50, {from: start, stepMs: 1000, id: 'good'})}
  const never = (error: () => Error): FakeGroup => ({events: [], quirk: () => error()})

  test('T10 groups that cannot be read become gaps, each once, and stop no other', async () => {
    const aws = given(
      {
        good,
        denied: never(accessDenied),
        gone: never(noSuchGroup),
        rare: never(() => awsError('InvalidOperationException', 'Not supported for the INFREQUENT_ACCESS class')),
        broken: never(() => awsError('InternalFailure', 'oops', 500)),
      },
      {pageEvents: 5, budget: idle},
    )
    const {events, tally} = await read(aws)
    expect(events).toEqual(expected({good}))
    expect(tally.gaps.map(({what, reason}) => `${what} ${reason}`).sort()).toEqual([
      'broken failed',
      'denied denied',
      'gone missing',
      'rare unsupported-class',
    ])
    expect(tally).toMatchObject({groups: 5, answered: 5, complete: 1, missing: 0})
  })

  test('a function that was never invoked is empty, not a gap', async () => {
    const aws = given({good, gone: never(noSuchGroup)})
    const {tally} = await read(aws, {}, [aws.source('good'), aws.source('gone', {mayBeMissing: true})])
    expect(tally).toMatchObject({complete: 1, missing: 1, gaps: []})
  })

  test('what a group gave before it failed is shown', async () => {
    const failing: FakeGroup = {
      events: evenly(20, {from: start, stepMs: 1000, id: 'f'}),
      quirk: ({nth}) => (nth > 2 ? awsError('InternalFailure', 'oops', 500) : undefined),
    }
    const {events, tally} = await read(given({good, failing}, {pageEvents: 5}))
    expect(events.filter(event => event.includes('f'))).toHaveLength(10)
    expect(events.filter(event => event.includes('good'))).toHaveLength(50)
    expect(tally.gaps).toMatchObject([{what: 'failing', reason: 'failed'}])
  })

  test('T9 a group that is throttled six times loses nothing and holds nobody up for long', async () => {
    const clock = createFakeClock(tenMinutes.end + minute)
    const groups: Record<string, FakeGroup> = {
      good: {events: evenly(100, {from: start, stepMs: 1000, id: 'good'})},
      throttled: {
        events: evenly(100, {from: start + 1, stepMs: 1000, id: 'late'}),
        quirk: ({nth}) => (nth > 2 && nth <= 8 ? rateExceeded() : undefined),
      },
    }
    const budget = quotaBudget({clock}, 10)
    const {events, tally} = await read(given(groups, {clock, budget, pageEvents: 10}))
    expect(events).toEqual(expected(groups))
    expect(tally.gaps).toEqual([])
    expect(budget.numbers('FilterLogEvents')).toMatchObject({throttles: 6, retries: 6})
    expect(clock.now() - tenMinutes.end - minute).toBeLessThan(30_000)
  })

  test('expired credentials end the read at once and leave nothing in flight', async () => {
    const groups: Record<string, FakeGroup> = Object.fromEntries(
      Array.from({length: 20}, (_, i) => [
        `g${i}`,
        {events: evenly(50, {from: start, stepMs: 1000}), latencyMs: () => 1000},
      ]),
    )
    groups['first'] = {events: [], quirk: expiredCredentials, latencyMs: () => 10}
    const aws = given(groups, {budget: idle})
    await expect(read(aws)).rejects.toMatchObject({name: 'ExpiredTokenException'})
    expect(aws.clock.now() - tenMinutes.end - 5 * minute).toBe(10)
    await aws.clock.sleep(5000)
    expect(aws.inFlight).toBe(0)
    expect(aws.calls.length).toBeLessThanOrEqual(21)
  })
})

describe('stopping', () => {
  test('an abort in the middle rejects within the tick and leaves nothing in flight', async () => {
    const clock = createFakeClock(tenMinutes.end + minute)
    const groups = Object.fromEntries(
      Array.from({length: 30}, (_, i) => [
        `g${i}`,
        {events: evenly(500, {from: start, stepMs: 1000}), latencyMs: () => 700},
      ]),
    )
    const aws = given(groups, {clock, budget: quotaBudget({clock}, 10), pageEvents: 10})
    const controller = new AbortController()
    const abortedAt = clock.now() + 1234
    clock.at(abortedAt, () => controller.abort(new Error('interrupted')))
    const reading = Array.fromAsync(readClosedWindow(aws.sources, tenMinutes, createTally(30), controller.signal))
    await expect(reading).rejects.toThrow('interrupted')
    expect(clock.now()).toBe(abortedAt)
    const made = aws.calls.length
    await clock.sleep(minute)
    expect(aws.inFlight).toBe(0)
    expect(aws.calls.length).toBe(made)
  })

  test('a consumer that has seen enough stops the requests', async () => {
    const aws = given({g: {events: evenly(500, {from: start, stepMs: 1000})}}, {budget: idle, pageEvents: 10})
    for await (const batch of readClosedWindow(aws.sources, tenMinutes, createTally(1), AbortSignal.any([])))
      if (batch.length > 0) break
    const made = aws.calls.length
    await aws.clock.sleep(minute)
    expect(aws.inFlight).toBe(0)
    expect(aws.calls.length).toBe(made)
  })
})

describe('very many groups', () => {
  test('T40 800 groups take as long as the quota says, and tell how far they are', async () => {
    const clock = createFakeClock(tenMinutes.end + minute)
    const groups = Object.fromEntries(
      Array.from({length: 800}, (_, i) => [
        `g${i}`,
        {events: evenly(i % 3, {from: start + i, stepMs: 1, id: `g${i}-`})},
      ]),
    )
    const aws = given(groups, {clock, budget: quotaBudget({clock}, 10)})
    const began = clock.now()
    const tally = createTally(800)
    const progress: number[] = []
    const events: SourcedEvent[] = []
    for await (const batch of readClosedWindow(aws.sources, tenMinutes, tally, AbortSignal.any([]))) {
      events.push(...batch)
      if (batch.length === 0) progress.push(tally.answered)
    }
    expect(told(events)).toEqual(expected(groups))
    expect(aws.calls).toHaveLength(800)
    expect(clock.now() - began).toBeGreaterThan(75_000)
    expect(clock.now() - began).toBeLessThan(82_000)
    expect(progress.length).toBeGreaterThan(400)
    expect(progress).toEqual(progress.toSorted((a, b) => a - b))
  })

  test('no groups are read at once', async () => {
    expect((await read(given({}))).events).toEqual([])
  })
})

const shapes: Record<string, (random: () => number) => number> = {
  'spread evenly': random => random(),
  'in bursts': random => Math.floor(random() * 5) / 5 + random() * 0.001,
  'all in one millisecond': () => 0.4,
  'half in the first millisecond': random => (random() < 0.5 ? 0 : random()),
  'half in the last millisecond': random => (random() < 0.5 ? 1 : random()),
  'growing denser': random => 1 - random() ** 4,
  'growing sparser': random => random() ** 4,
}

/** Groups of many densities, sizes and bad habits; the same for the same numbers. */
function groupsOf(random: () => number): Record<string, FakeGroup> {
  const names = Array.from({length: 1 + Math.floor(random() * 5)}, (_, i) => `group-${i}`)
  return Object.fromEntries(
    names.map(name => {
      const shape = Object.values(shapes)[Math.floor(random() * Object.keys(shapes).length)] ?? (() => 0)
      const width = random() < 0.2 ? 3 : 10 * minute
      const events = Array.from({length: Math.floor(random() ** 2 * 400)}, (_, i) => {
        const timestamp = start + Math.round(shape(random) * width)
        return {
          timestamp,
          ingestionTime: timestamp + Math.floor(random() * 4),
          eventId: `${name}-${Math.floor(random() * 1e6)}-${i}`,
          logStream: `stream-${Math.floor(random() * 3)}`,
        }
      })
      const oddities = random() < 0.5 ? 0 : 0.3
      const quirk: FakeGroup['quirk'] = () => {
        const throwOf = random()
        if (throwOf < oddities / 2) return {atMost: Math.floor(random() * 3)}
        return throwOf < oddities * 0.6 ? 'repeat token' : undefined
      }
      return [name, {events, quirk, latencyMs: () => Math.floor(random() * 400)}]
    }),
  )
}
