import {compareEvents} from '../../../../src/services/logs/order.ts'
import {createFakeClock, type FakeClock} from './fake-clock.ts'
import {awsError, type FakeEvent, type FakeGroup, quotaBudget, rateExceeded, seeded} from './fake-log-groups.ts'
import {begin, eventsOf, type Followed, history, lateIds, minute, second} from './following.ts'
import {liveOptions, livePlay, shownOf, truthOf} from './live-following.ts'

type Soak = {
  readonly groups: number
  readonly seed: number
  readonly by: 'sweeps' | 'live'
}

type Soaked = {
  readonly followed: Followed
  /** what was lost, doubled, shown out of order or counted wrong, one line each */
  readonly faults: readonly string[]
}

const forMs = 10 * minute
/** until the last late event was found: those of calm minutes by frames or the next sweep, the others by the next audit */
const untilSettledMs = 10 * minute
/** of how many faults of a kind it is said which */
const mostNamed = 5

/**
 * Follows log groups for ten minutes while calls are throttled and reset, pages come empty, events come late, and Live Tail
 * samples, repeats, falls silent and ends; then for ten calm ones. The same every time for the same seed.
 */
export async function soak({groups: count, seed, by}: Soak): Promise<Soaked> {
  const random = seeded(seed)
  const clock = createFakeClock(begin)
  const groups = Object.fromEntries(
    Array.from({length: count}, (_, i) => [`g${i}`, troubledGroup(`g${i}`, i % 10 === 9, random, clock)]),
  )
  const isCalm = (): boolean => clock.now() > begin + forMs + minute
  const play = livePlay(
    groups,
    {
      clock,
      // frames come before and after what they tell can be searched for
      behindMs: () => Math.floor(-3 * second + random() * 5 * second),
      quirk: () =>
        !isCalm() && random() < 0.1 ? awsError('ServiceUnavailableException', 'try again', 503) : undefined,
      frame: () => {
        const die = isCalm() ? 1 : random()
        if (die < 0.004) return awsError('SessionStreamingException', 'internal error')
        if (die < 0.005) return reset()
        if (die < 0.007) return 'fall silent'
        if (die < 0.009) return 'end'
        if (die < 0.02) return 'sample'
        return die < 0.05 ? 'repeat' : undefined
      },
    },
    {budget: quotaBudget(clock, 10 + 10 * (seed % 3)), pageEvents: 200},
  )
  const live = by === 'live' ? liveOptions(1 + (seed % 4), seed) : undefined
  const followed = await play.follow(forMs + untilSettledMs, {following: {live}})
  const faults = [...wrongCopies(shownOf(followed), truthOf(groups)), ...wrongOrder(followed), ...wrongCounts(followed)]
  if (play.live.open > 0) faults.push(`${play.live.open} sessions were left open`)
  if (by === 'live' && followed.tally.live.sessions === 0) faults.push('no session began')
  return {followed, faults}
}

/** @param isSlow late events are up to five minutes late, not one */
function troubledGroup(id: string, isSlow: boolean, random: () => number, clock: FakeClock): FakeGroup {
  const latestMs = isSlow ? 5 * minute : minute
  const events = history(random, {id, forMs, count: 20 + Math.floor(random() * 200), latestMs})
  return {
    events: twins(random, events),
    quirk: () => {
      const die = clock.now() > begin + forMs + minute ? 1 : random()
      if (die < 0.02) return rateExceeded()
      if (die < 0.03) return reset()
      return die < 0.06 ? {atMost: 0} : undefined
    },
    latencyMs: () => Math.floor(20 + random() ** 6 * 3000),
  }
}

/** Some of a group's messages are alike, byte for byte, in one millisecond and stream. */
function twins(random: () => number, events: readonly FakeEvent[]): FakeEvent[] {
  return events.flatMap(event => {
    if (random() > 0.1) return [event]
    const message = 'retrying'
    return [
      {...event, message},
      {...event, message, eventId: `${event.eventId}-twin`},
    ]
  })
}

const reset = (): Error => Object.assign(new Error('read ECONNRESET'), {code: 'ECONNRESET'})

function wrongCopies(shown: readonly string[], truth: readonly string[]): string[] {
  const copies = new Map<string, number>()
  for (const line of truth) copies.set(line, (copies.get(line) ?? 0) - 1)
  for (const line of shown) copies.set(line, (copies.get(line) ?? 0) + 1)
  const wrong = [...copies].filter(([, more]) => more !== 0)
  return [
    ...named(
      'lost',
      wrong.filter(([, more]) => more < 0).map(([line]) => line),
    ),
    ...named(
      'doubled',
      wrong.filter(([, more]) => more > 0).map(([line]) => line),
    ),
  ]
}

/** What is not marked late stands in the contract's order; what is marked is later than something that was shown. */
function wrongOrder(followed: Followed): string[] {
  const misplaced: string[] = []
  const inTime: string[] = []
  const lines = shownOf(followed)
  let [last] = eventsOf(followed)
  for (const [i, event] of eventsOf(followed).entries()) {
    if (!last) break
    const isBehind = compareEvents(event, last) < 0
    if (isBehind && !event.late) misplaced.push(lines[i] ?? '')
    if (!isBehind && event.late) inTime.push(lines[i] ?? '')
    if (!isBehind) last = event
  }
  return [...named('out of order', misplaced), ...named('marked late for nothing', inTime)]
}

function wrongCounts(followed: Followed): string[] {
  const {events, late, gaps} = followed.tally
  return [
    ...(events === followed.shown.length ? [] : [`${followed.shown.length} shown, ${events} counted`]),
    ...(late === lateIds(followed).length ? [] : [`${lateIds(followed).length} marked late, ${late} counted`]),
    ...named(
      'gap',
      gaps.map(({what, detail}) => `${what}: ${detail}`),
    ),
  ]
}

const named = (what: string, lines: readonly string[]): string[] => [
  ...lines.slice(0, mostNamed).map(line => `${what}: ${line}`),
  ...(lines.length > mostNamed ? [`${what}: ${lines.length - mostNamed} more`] : []),
]
