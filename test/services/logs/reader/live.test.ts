import {describe, expect, test} from 'vitest'
import {createFakeClock} from './fake-clock.ts'
import {fakeLiveTail} from './fake-live-tail.ts'
import {evenly, type FakeGroup} from './fake-log-groups.ts'
import {begin, eventsOf, type Followed, followFor, given, minute} from './following.ts'

const headroom = (most: number) => ({headroom: most, random: () => 0.5})

const told = (followed: Followed): string[] =>
  eventsOf(followed).map(({source, timestamp, message}) => `${timestamp} ${source.logGroup} ${message}`)

const truth = (groups: Readonly<Record<string, FakeGroup>>): string[] =>
  Object.entries(groups).flatMap(([name, {events}]) =>
    events.map(({timestamp, message, eventId}) => `${timestamp} ${name} ${message ?? `message of ${eventId}`}`),
  )

describe('live', () => {
  test('smoke', async () => {
    const clock = createFakeClock(begin)
    const live = fakeLiveTail({clock})
    const groups = {
      a: {events: evenly(280, {from: begin, stepMs: 1000, id: 'a'})},
      b: {events: evenly(280, {from: begin + 300, stepMs: 1000, id: 'b'})},
    }
    const aws = given(groups, {clock, live})
    const followed = await followFor(5 * minute, aws, {following: {live: headroom(10)}})
    console.error(aws.calls.length, live.calls, followed.notices, followed.tally)
    expect(told(followed)).toEqual(truth(groups).sort())
  })
})
