import {describe, expect, test} from 'vitest'
import {createFakeClock} from './fake-clock.ts'
import {
  accessDenied,
  awsError,
  evenly,
  expected,
  type FakeAws,
  type FakeGroup,
  noSuchGroup,
  told,
} from './fake-log-groups.ts'

import {begin, eventsOf, followFor, given, ids, lateIds, minute} from './following.ts'

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
