import {describe, expect, test} from 'vitest'
import {readClosedWindow} from '../../../../src/services/logs/closed-window.ts'
import type {SourcedEvent} from '../../../../src/services/logs/log-event.ts'
import {createTally} from '../../../../src/services/logs/tally.ts'
import {busy, given, idle, minute, read, start, tenMinutes} from './closed-reading.ts'
import {createFakeClock} from './fake-clock.ts'
import {evenly, expected, type FakeGroup, openBudget, quotaBudget, seeded, told} from './fake-log-groups.ts'

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
    const budget = quotaBudget(clock, 10)
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
