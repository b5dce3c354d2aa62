import {describe, expect, test} from 'vitest'
import type {FollowStep} from '../../../../src/services/logs/follow.ts'
import {createFakeClock} from './fake-clock.ts'
import {
  evenly,
  expected,
  expiredCredentials,
  type FakeAws,
  type FakeGroup,
  noSuchGroup,
  quotaBudget,
  seeded,
  told,
} from './fake-log-groups.ts'

import {begin, eventsOf, followFor, given, history, hour, ids, minute, second} from './following.ts'

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
