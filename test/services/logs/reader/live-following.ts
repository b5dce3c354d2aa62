import type {FakeClock} from './fake-clock.ts'
import {createFakeClock} from './fake-clock.ts'
import {type FakeLiveTail, fakeLiveTail} from './fake-live-tail.ts'
import {type FakeAws, type FakeEvent, type FakeGroup, type FakeOptions, seeded} from './fake-log-groups.ts'
import {begin, eventsOf, type Followed, followFor, given, type Setting} from './following.ts'

type Script = Partial<Parameters<typeof fakeLiveTail>[0]>

export type LivePlay = {
  readonly clock: FakeClock
  readonly live: FakeLiveTail
  readonly aws: FakeAws
  follow(forMs: number, setting?: Setting): Promise<Followed>
}

export const liveOptions = (headroom = 10, seed = 1) => ({headroom, random: seeded(seed)})

/** Log groups, and a Live Tail that does as scripted; following uses both. */
export function livePlay(
  groups: Readonly<Record<string, FakeGroup>>,
  script: Script = {},
  options: Partial<FakeOptions> = {},
): LivePlay {
  const clock = script.clock ?? createFakeClock(begin)
  const live = fakeLiveTail({...script, clock})
  const aws = given(groups, {clock, live, ...options})
  return {
    clock,
    live,
    aws,
    follow: (forMs, setting = {}) =>
      followFor(forMs, aws, {...setting, following: {live: liveOptions(), ...setting.following}}),
  }
}

/** Events as what both sweeps and frames tell of them. */
export const shownOf = (followed: Followed): string[] =>
  eventsOf(followed).map(({source, timestamp, logStream, message}) =>
    line(timestamp, source.logGroup, logStream, message),
  )

/** All that there was, in the order of time. */
export const truthOf = (groups: Readonly<Record<string, FakeGroup>>): string[] =>
  Object.entries(groups)
    .flatMap(([name, {events}]) => events.map(event => lineOf(name, event)))
    .sort()

const lineOf = (name: string, {timestamp, logStream = 'stream', message, eventId}: FakeEvent): string =>
  line(timestamp, name, logStream, message ?? `message of ${eventId}`)

const line = (timestamp: number, group: string, logStream: string, message: string): string =>
  `${timestamp} ${group} ${logStream} ${message}`
