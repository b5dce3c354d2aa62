import {describe, expect, test} from 'vitest'
import type {SourcedEvent} from '../../../../src/services/logs/log-event.ts'
import {type ReadLogsOptions, readLogs} from '../../../../src/services/logs/read-logs.ts'
import type {LogSource} from '../../../../src/services/logs/source.ts'
import {receiptOf} from '../../../../src/services/logs/tally.ts'
import {createFakeClock} from './fake-clock.ts'
import {
  accessDenied,
  awsError,
  evenly,
  expected,
  expiredCredentials,
  type FakeAws,
  type FakeGroup,
  noSuchGroup,
  seeded,
  told,
} from './fake-log-groups.ts'
import {given, minute, begin as now} from './following.ts'

async function read(aws: FakeAws, options: Partial<ReadLogsOptions> = {}, forMs = 5 * minute) {
  const controller = new AbortController()
  if (options.follow) aws.fakeClock.at(now + forMs, () => controller.abort(new Error('interrupted')))
  const all = {sources: aws.sources, start: now - 10 * minute, end: null, follow: false, tail: null, ...options}
  const stream = readLogs(all, controller.signal)
  const events: SourcedEvent[] = []
  const notices: string[] = []
  try {
    for await (const step of stream) {
      events.push(...step.events)
      notices.push(...step.notices)
    }
  } catch (error) {
    if ((error as Error).message !== 'interrupted') throw error
  }
  return {events: told(events), all: events, notices, tally: stream.tally}
}

const receipt = ({tally}: Awaited<ReturnType<typeof read>>) =>
  receiptOf(tally, {window: {start: 0, end: null}, calls: 0, shown: 0, throttles: 0, notes: [], durationMs: 0})

describe('what is past', () => {
  test('several groups come as one stream, the same on a second run', async () => {
    const random = seeded(1)
    const groups = Object.fromEntries(
      ['c', 'a', 'b'].map(name => [
        name,
        {
          events: Array.from({length: 200}, (_, i) => ({
            timestamp: now - Math.floor(random() * 9) * minute,
            eventId: `${name}${i}`,
          })),
        },
      ]),
    )
    const first = await read(given(groups, {pageEvents: 30}))
    const second = await read(given(groups, {pageEvents: 7}))
    expect(first.events).toEqual(expected(groups))
    expect(second.events).toEqual(first.events)
    expect(receipt(first)).toMatchObject({complete: true, events: 600, sources: {total: 3, complete: 3, empty: 0}})
  })

  test('without an end it is read until now', async () => {
    const groups = {g: {events: [now, now + 1].map(t => ({timestamp: t, eventId: `at${t}`, visibleAt: 0}))}}
    expect((await read(given(groups))).events).toEqual([`${now} at${now}`])
  })

  test('T10 a missing, a denied, an Infrequent Access and a Delivery group are told of, and the rest is read', async () => {
    const groups: Record<string, FakeGroup> = {
      good: {events: evenly(5, {from: now - minute, stepMs: 1})},
      gone: {events: [], quirk: noSuchGroup},
      denied: {events: [], quirk: accessDenied},
      rare: {events: []},
      delivered: {events: []},
    }
    const aws = given(groups)
    const sources: LogSource[] = aws.sources.map(source => ({
      ...source,
      logGroupClass:
        source.logGroup === 'rare' ? 'INFREQUENT_ACCESS' : source.logGroup === 'delivered' ? 'DELIVERY' : 'STANDARD',
    }))
    const done = await read(aws, {sources})
    expect(done.events).toHaveLength(5)
    expect(receipt(done)).toMatchObject({complete: false, sources: {total: 5, complete: 1, empty: 0}})
    expect(done.tally.gaps.map(({what, reason}) => `${what} ${reason}`).sort()).toEqual([
      'delivered unsupported-class',
      'denied denied',
      'gone missing',
      'rare unsupported-class',
    ])
    expect(aws.calls.some(({logGroup}) => logGroup === 'rare' || logGroup === 'delivered')).toBe(false)
  })

  test('the receipt of a read that never found a group of a function that was never invoked is complete', async () => {
    const aws = given({gone: {events: [], quirk: noSuchGroup}})
    const done = await read(aws, {sources: [aws.source('gone', {mayBeMissing: true})]})
    expect(receipt(done)).toMatchObject({complete: true, sources: {total: 1, complete: 1, empty: 1}})
  })

  test('the newest few are read newest first', async () => {
    const groups = {g: {events: evenly(3000, {from: now - 9 * minute, stepMs: 100})}}
    const aws = given(groups)
    const done = await read(aws, {tail: 5})
    expect(done.events).toEqual(expected(groups, {end: now}).slice(-5))
    expect(aws.calls).toHaveLength(1)
    expect(done.tally.events).toBe(5)
  })

  test('expired credentials end the read', async () => {
    const aws = given({a: {events: [], quirk: expiredCredentials}, b: {events: []}})
    await expect(read(aws)).rejects.toMatchObject({name: 'ExpiredTokenException'})
  })

  test('no sources give nothing', async () => {
    expect((await read(given({}))).events).toEqual([])
  })
})

describe('what is past, then what comes', () => {
  const around = (seed: number) => {
    const random = seeded(seed)
    const group = (id: string, count: number): FakeGroup => ({
      events: Array.from({length: count}, (_, i) => {
        const timestamp = now - 10 * minute + Math.floor(random() * 14 * minute)
        return {timestamp, visibleAt: timestamp + Math.floor(random() ** 6 * minute), eventId: `${id}${i}`}
      }),
    })
    return {a: group('a', 900), b: group('b', 100), c: group('c', 0)}
  }

  test.each([1, 2, 3, 4, 5, 6])('every event comes once across the seam (seed %i)', async seed => {
    const groups = around(seed)
    const done = await read(given(groups, {pageEvents: 60}), {follow: true}, 6 * minute)
    expect(done.events.toSorted()).toEqual(expected(groups).toSorted())
    const inTime = told(done.all.filter(({late}) => !late))
    expect(inTime).toEqual(inTime.toSorted())
    expect(done.tally).toMatchObject({groups: 3, answered: 3, complete: 3, events: 1000})
  })

  test.each([
    ['four minutes ahead', -4 * minute],
    ['four minutes behind', 4 * minute],
  ])('nothing is lost at the seam where the laptop’s clock is %s of AWS’s', async (_name, serverAheadMs) => {
    const groups = {g: {events: evenly(600, {from: now + serverAheadMs - 5 * minute, stepMs: 1000})}}
    const start = now + serverAheadMs - 5 * minute
    const done = await read(given(groups, {serverAheadMs}), {follow: true, start}, 6 * minute)
    expect(done.events.toSorted()).toEqual(expected(groups).toSorted())
  })

  test('a short window is only followed', async () => {
    const groups = {g: {events: evenly(120, {from: now - minute, stepMs: 1000})}}
    const done = await read(given(groups), {follow: true, start: now - 30_000})
    expect(done.events).toEqual(expected(groups, {start: now - 30_000}))
  })

  test.each([5, 50, 300])('the newest %i, then what comes', async tail => {
    const groups = {g: {events: evenly(900, {from: now - 10 * minute, stepMs: 1000})}}
    const done = await read(given(groups), {follow: true, tail}, 6 * minute)
    const shown = expected(groups)
    expect(done.events).toEqual(shown.slice(-done.events.length))
    // what is younger than the hold comes after the newest few
    const before = done.all.filter(({timestamp}) => timestamp <= now).length
    expect(before).toBeGreaterThanOrEqual(tail)
    expect(before).toBeLessThanOrEqual(tail + 5)
    expect(done.tally.events).toBe(done.events.length)
  })

  test('the newest none, then what comes', async () => {
    const groups = {g: {events: evenly(900, {from: now - 10 * minute, stepMs: 1000})}}
    const done = await read(given(groups), {follow: true, tail: 0}, 6 * minute)
    expect(done.all.filter(({timestamp}) => timestamp < now - 5000)).toEqual([])
    expect(done.events).toEqual(expected(groups).slice(-done.events.length))
  })

  test('a group that failed in what is past, and answers while following, stays a gap', async () => {
    const groups: Record<string, FakeGroup> = {
      a: {events: evenly(60, {from: now - minute, stepMs: 1000, id: 'a'})},
      b: {
        events: evenly(600, {from: now - 9 * minute, stepMs: 1000, id: 'b'}),
        quirk: ({nth}) => (nth === 1 ? awsError('InternalFailure', 'oops', 500) : undefined),
      },
    }
    const done = await read(given(groups), {follow: true})
    expect(done.tally.gaps).toMatchObject([{what: 'b', reason: 'failed'}])
    expect(done.events.some(event => event.includes('b'))).toBe(true)
  })

  test('a group that is made after the start is waited for, shown, and no gap in the end', async () => {
    const clock = createFakeClock(now)
    const groups: Record<string, FakeGroup> = {
      new: {
        events: evenly(100, {from: now + minute, stepMs: 1000}),
        quirk: () => (clock.now() < now + minute ? noSuchGroup() : undefined),
      },
    }
    const done = await read(given(groups, {clock}), {follow: true})
    expect(done.notices).toEqual(['new: no such log group yet, it is waited for', '+ new'])
    expect(done.events).toEqual(expected(groups))
    expect(done.tally).toMatchObject({complete: 1, gaps: []})
  })

  test('a window that ends before what is young is read to its end, and not followed', async () => {
    const groups = {g: {events: evenly(600, {from: now - 10 * minute, stepMs: 1000})}}
    const end = now - 5 * minute
    const aws = given(groups)
    const done = await read(aws, {follow: true, end})
    expect(done.events).toEqual(expected(groups, {end}))
    expect(aws.fakeClock.now()).toBeLessThan(now + minute)
  })
})
