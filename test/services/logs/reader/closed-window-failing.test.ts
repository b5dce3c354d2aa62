import {describe, expect, test} from 'vitest'
import {readClosedWindow} from '../../../../src/services/logs/closed-window.ts'
import {createTally} from '../../../../src/services/logs/tally.ts'
import {given, idle, minute, read, start, tenMinutes} from './closed-reading.ts'
import {createFakeClock} from './fake-clock.ts'
import {
  accessDenied,
  awsError,
  evenly,
  expected,
  expiredCredentials,
  type FakeGroup,
  noSuchGroup,
  quotaBudget,
  rateExceeded,
} from './fake-log-groups.ts'

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
    const budget = quotaBudget(clock, 10)
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
    const aws = given(groups, {clock, budget: quotaBudget(clock, 10), pageEvents: 10})
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
