import {describe, expect, test} from 'vitest'
import {readClosedWindow} from '../../../../src/services/logs/closed-window.ts'
import type {SourcedEvent} from '../../../../src/services/logs/log-event.ts'
import {createTally} from '../../../../src/services/logs/tally.ts'
import {given, idle, minute, read, start, tenMinutes} from './closed-reading.ts'
import {createFakeClock} from './fake-clock.ts'
import {awsError, evenly, expected, type FakeGroup, quotaBudget, seeded, told} from './fake-log-groups.ts'

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

describe('very many groups', () => {
  test('T40 800 groups take as long as the quota says, and tell how far they are', async () => {
    const clock = createFakeClock(tenMinutes.end + minute)
    const groups = Object.fromEntries(
      Array.from({length: 800}, (_, i) => [
        `g${i}`,
        {events: evenly(i % 3, {from: start + i, stepMs: 1, id: `g${i}-`})},
      ]),
    )
    const aws = given(groups, {clock, budget: quotaBudget(clock, 10)})
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
