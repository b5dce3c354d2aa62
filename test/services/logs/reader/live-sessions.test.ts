import {describe, expect, test} from 'vitest'
import {createFakeClock} from './fake-clock.ts'
import {
  accessDenied,
  awsError,
  evenly,
  expiredCredentials,
  type FakeGroup,
  noSuchGroup,
  quotaBudget,
} from './fake-log-groups.ts'
import {begin, hour, lateIds, minute, second} from './following.ts'
import {liveOptions, livePlay, shownOf, truthOf} from './live-following.ts'

const steady = (id: string, forMs: number): FakeGroup => ({
  events: evenly(forMs / 1000, {from: begin, stepMs: 1000, id}),
})
const groupsNamed = (count: number, forMs = 2 * minute): Record<string, FakeGroup> =>
  Object.fromEntries(Array.from({length: count}, (_, i) => [`g${i}`, steady(`g${i}-`, forMs)]))

/** Groups that were swept in a span of the following, and not only audited. */
const sweptIn = (play: ReturnType<typeof livePlay>, from: number, to: number): string[] => {
  const calls = play.aws.calls.filter(({at}) => at >= begin + from && at < begin + to)
  const counts = Map.groupBy(calls, ({logGroup}) => logGroup)
  return [...counts]
    .filter(([, {length}]) => length > 2)
    .map(([name]) => name)
    .sort()
}

const sizes = (play: ReturnType<typeof livePlay>): number[] => play.live.calls.map(({groups}) => groups.length)

describe('packing', () => {
  test('T18 eleven groups are two sessions', async () => {
    const groups = groupsNamed(11)
    const play = livePlay(groups)
    const followed = await play.follow(2 * minute + 10 * second)
    expect(sizes(play)).toEqual([6, 5])
    expect(shownOf(followed)).toEqual(truthOf(groups))
  })

  test('groups beyond the headroom are swept', async () => {
    const groups = groupsNamed(25)
    const play = livePlay(groups)
    const followed = await play.follow(2 * minute + 10 * second, {following: {live: liveOptions(2)}})
    expect(sizes(play)).toEqual([10, 10])
    expect(sweptIn(play, 40 * second, 2 * minute)).toHaveLength(5)
    expect(shownOf(followed).toSorted()).toEqual(truthOf(groups))
  })

  test('sessions begin at the pace that AWS allows', async () => {
    const clock = createFakeClock(begin)
    const play = livePlay(groupsNamed(100, minute), {clock}, {budget: quotaBudget(clock, 5)})
    await play.follow(90 * second)
    const begun = play.live.calls.map(({at}) => at)
    expect(begun).toHaveLength(10)
    for (const [i, at] of begun.entries()) if (i >= 7) expect(at - (begun[i - 7] ?? 0)).toBeGreaterThan(900)
  })

  test('T41 groups made later join a session that has room, which another overlaps, and nothing is lost or doubled', async () => {
    const clock = createFakeClock(begin)
    const groups: Record<string, FakeGroup> = {
      ...groupsNamed(2, 8 * minute),
      fresh: {events: evenly(300, {from: begin + 61 * second, stepMs: 1000, id: 'fresh'})},
    }
    const play = livePlay(groups, {clock})
    const old = play.aws.sources.filter(({logGroup}) => logGroup !== 'fresh')
    const sourcesAnew = async () => (clock.now() > begin + minute ? play.aws.sources : old)
    const followed = await play.follow(9 * minute, {sources: () => old, following: {sourcesAnew}})
    expect(shownOf(followed).toSorted()).toEqual(truthOf(groups))
    expect(followed.notices).toEqual(['+ fresh'])
    expect(sizes(play)).toEqual([2, 3])
    const [first, second_] = play.live.calls
    expect((first?.endedAt ?? 0) - (second_?.at ?? 0)).toBeGreaterThanOrEqual(10 * second)
    expect(sweptIn(play, 5 * minute, 5 * minute + 20 * second)).toEqual([])
    expect(followed.tally.live.repairs).toBe(0)
  })

  test('T41 a deleted group is told of, leaves its session, and is followed again when it is back', async () => {
    const clock = createFakeClock(begin)
    const gone = () => clock.now() > begin + 2 * minute && clock.now() < begin + 8 * minute
    const groups: Record<string, FakeGroup> = {
      a: steady('a', 15 * minute),
      b: {
        events: [
          ...evenly(60, {from: begin, stepMs: 1000, id: 'b'}),
          ...evenly(300, {from: begin + 8 * minute, stepMs: 1000, id: 'again'}),
        ],
        quirk: () => (gone() ? noSuchGroup() : undefined),
      },
    }
    const play = livePlay(groups, {clock})
    const followed = await play.follow(16 * minute)
    expect(followed.notices).toEqual(['- b', '+ b'])
    expect(shownOf(followed).toSorted()).toEqual(truthOf(groups))
  })

  test('a session is rotated before its three hours are over: the two overlap, and there is no hole', async () => {
    const groups = {g: {events: evenly(4 * 360, {from: begin, stepMs: 10 * second})}}
    const play = livePlay(groups)
    const followed = await play.follow(4 * hour + minute)
    expect(shownOf(followed)).toEqual(truthOf(groups))
    expect(followed.notices).toEqual([])
    expect(followed.tally).toMatchObject({late: 0, live: {sessions: 2, reconnects: 0, repairs: 0}})
    const [first, next] = play.live.calls
    expect((next?.at ?? 0) - begin).toBeGreaterThan(159 * minute)
    expect((next?.at ?? 0) - begin).toBeLessThan(171 * minute)
    expect((first?.endedAt ?? 0) - (next?.at ?? 0)).toBeLessThan(15 * second)
    expect(play.live.mostOpen).toBe(2)
  })

  test('where no session is free to rotate into, the old one runs out and is begun again', async () => {
    const groups = {g: {events: evenly(4 * 360, {from: begin, stepMs: 10 * second})}}
    const frame = (_: unknown, age: number) =>
      age > 10_800 ? awsError('SessionTimeoutException', 'three hours') : undefined
    const play = livePlay(groups, {mostSessions: 1, frame})
    const followed = await play.follow(4 * hour + minute)
    expect(shownOf(followed)).toEqual(truthOf(groups))
    expect(followed.notices).toEqual([expect.stringMatching(/^⚠ Live Tail interrupted .*: repaired$/)])
  })
})

describe('refusals', () => {
  test('T18 where all sessions are in use the groups are swept, with one notice, and tried again after minutes', async () => {
    const clock = createFakeClock(begin)
    const groups = groupsNamed(12, 8 * minute)
    const quirk = () => (clock.now() < begin + 4 * minute ? awsError('LimitExceededException', 'too many') : undefined)
    const play = livePlay(groups, {clock, quirk})
    const followed = await play.follow(8 * minute + 10 * second)
    expect(shownOf(followed)).toEqual(truthOf(groups))
    expect(followed.notices).toEqual([
      'all Live Tail sessions of the account are in use: FilterLogEvents reads until one is free',
    ])
    expect(play.live.calls.filter(({at}) => at < begin + 4 * minute).length).toBeLessThanOrEqual(4)
    expect(followed.tally.live.sessions).toBe(2)
    expect(sweptIn(play, 7 * minute, 7 * minute + 30 * second)).toEqual([])
  })

  test('without permission all groups are swept, which is said once', async () => {
    const groups = groupsNamed(25)
    const quirk = () => awsError('AccessDeniedException', 'not authorized to perform: logs:StartLiveTail')
    const play = livePlay(groups, {quirk})
    const followed = await play.follow(2 * minute + 10 * second)
    expect(shownOf(followed).toSorted()).toEqual(truthOf(groups))
    expect(followed.notices).toEqual(['no permission for Live Tail (logs:StartLiveTail): FilterLogEvents reads'])
    expect(play.live.calls.length).toBeLessThanOrEqual(3)
    expect(followed.tally.gaps).toEqual([])
  })

  test('a server that does not know Live Tail is asked no more', async () => {
    const groups = groupsNamed(2)
    const quirk = () => Object.assign(new SyntaxError('<html>'), {$metadata: {httpStatusCode: 404}})
    const play = livePlay(groups, {quirk})
    const followed = await play.follow(2 * minute + 10 * second)
    expect(shownOf(followed)).toEqual(truthOf(groups))
    expect(followed.notices).toEqual(['there is no Live Tail here: FilterLogEvents reads'])
    expect(play.live.calls).toHaveLength(1)
  })

  const unfit = awsError('InvalidOperationException', 'not valid on the specified resource')
  test.each([
    ['unnamed', () => unfit],
    ['named', () => awsError('ResourceNotFoundException', 'log group g7 does not exist')],
    [
      'denied by name',
      () => awsError('AccessDeniedException', 'not authorized on resource: arn:aws:logs:eu-west-1:1:log-group:g7'),
    ],
  ])('a single group that is refused (%s) is swept, and the others go live', async (_how, refusal) => {
    const groups = groupsNamed(10, 6 * minute)
    const quirk = ({groups}: {groups: readonly string[]}) => (groups.includes('g7') ? refusal() : undefined)
    const play = livePlay(groups, {quirk})
    const followed = await play.follow(6 * minute + 10 * second)
    expect(shownOf(followed)).toEqual(truthOf(groups))
    expect(sweptIn(play, 210 * second, 5 * minute)).toEqual(['g7'])
    expect(followed.notices).toEqual([])
    // the parts it was searched in are one again
    expect(play.live.open).toBe(0)
    const open = play.live.calls.filter(({endedAt}) => (endedAt ?? 0) >= begin + 6 * minute)
    expect(open.flatMap(({groups}) => groups).sort()).toEqual(
      Object.keys(groups)
        .filter(name => name !== 'g7')
        .sort(),
    )
    expect(open).toHaveLength(1)
  })

  test('when every group is refused, Live Tail is let be for some minutes', async () => {
    const play = livePlay(groupsNamed(60, minute), {quirk: () => unfit})
    await play.follow(4 * minute)
    expect(play.live.calls.length).toBeLessThan(30)
  })

  test('a server in trouble is tried less and less', async () => {
    const play = livePlay(groupsNamed(1, minute), {quirk: () => awsError('InternalFailure', 'oops', 500)})
    const followed = await play.follow(10 * minute)
    expect(play.live.calls.length).toBeLessThan(25)
    expect(followed.notices).toHaveLength(1)
  })

  test('T42 while credentials have expired sessions go on; a session that ends waits for new ones', async () => {
    const clock = createFakeClock(begin)
    const expired = () => clock.now() > begin + 2 * minute && clock.now() < begin + 30 * minute
    const groups: Record<string, FakeGroup> = Object.fromEntries(
      Object.entries(groupsNamed(2, 40 * minute)).map(([name, group]) => [
        name,
        {...group, quirk: () => (expired() ? expiredCredentials() : undefined)},
      ]),
    )
    const play = livePlay(groups, {
      clock,
      quirk: () => (expired() ? expiredCredentials() : undefined),
      frame: ({nth}, age) => (nth === 1 && age === 600 ? 'end' : undefined),
    })
    const followed = await play.follow(41 * minute)
    expect(shownOf(followed).toSorted()).toEqual(truthOf(groups))
    expect(followed.notices.filter(notice => /credentials/.test(notice))).toHaveLength(1)
    const shownBy = (at: number) => followed.shown.filter(shown => shown.at < begin + at).length
    expect(shownBy(10 * minute)).toBeGreaterThan(2 * 590)
  })

  test('where events cannot be searched but Live Tail works, what it brings is shown and the gap is told', async () => {
    const groups: Record<string, FakeGroup> = {
      a: steady('a', 2 * minute),
      b: {...steady('b', 2 * minute), quirk: accessDenied},
    }
    const followed = await livePlay(groups).follow(3 * minute)
    expect(followed.tally.gaps).toMatchObject([{what: 'b', reason: 'denied'}])
    expect(lateIds(followed)).toEqual([])
  })
})
