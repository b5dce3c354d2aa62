import {expect, test} from 'vitest'
import {createFakeClock} from './fake-clock.ts'
import {awsError, type FakeEvent, type FakeGroup, quotaBudget, rateExceeded, seeded} from './fake-log-groups.ts'
import {begin, eventsOf, history, lateIds, minute, second} from './following.ts'
import {liveOptions, livePlay, shownOf, truthOf} from './live-following.ts'

const forMs = 10 * minute

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

test.each([
  [30, 0],
  [30, 1],
  [30, 2],
  [30, 3],
  [30, 5],
  [60, 7],
])(
  'ten minutes of %i groups, sessions that end, samples, silences, repeats, throttles and late events lose and double nothing (seed %i)',
  async (groupCount, seed) => {
    const random = seeded(seed)
    const clock = createFakeClock(begin)
    const groups: Record<string, FakeGroup> = Object.fromEntries(
      Array.from({length: groupCount}, (_, i) => [
        `g${i}`,
        {
          events: twins(
            random,
            history(random, {id: `g${i}`, forMs, count: 20 + Math.floor(random() * 200), latestMs: minute}),
          ),
          quirk: () => (random() < 0.02 ? rateExceeded() : random() < 0.03 ? {atMost: 0} : undefined),
          latencyMs: () => Math.floor(20 + random() ** 6 * 3000),
        },
      ]),
    )
    const play = livePlay(
      groups,
      {
        clock,
        // frames come before and after what they tell can be searched for
        behindMs: () => Math.floor(-3 * second + random() * 5 * second),
        quirk: () => (random() < 0.1 ? awsError('ServiceUnavailableException', 'try again', 503) : undefined),
        frame: () => {
          const die = random()
          if (die < 0.004) return awsError('SessionStreamingException', 'internal error')
          if (die < 0.006) return 'fall silent'
          if (die < 0.008) return 'end'
          if (die < 0.02) return 'sample'
          return die < 0.05 ? 'repeat' : undefined
        },
      },
      {budget: quotaBudget(clock, 10 + 10 * (seed % 3)), pageEvents: 200},
    )
    const followed = await play.follow(forMs + 6 * minute, {following: {live: liveOptions(1 + (seed % 4), seed)}})
    expect(shownOf(followed).toSorted()).toEqual(truthOf(groups))
    const inTime = eventsOf(followed).filter(({late}) => !late)
    for (let i = 1; i < inTime.length; i++)
      expect(inTime[i]?.timestamp).toBeGreaterThanOrEqual(inTime[i - 1]?.timestamp ?? 0)
    expect(followed.tally).toMatchObject({events: followed.shown.length, late: lateIds(followed).length, gaps: []})
    expect(followed.tally.live.sessions).toBeGreaterThan(1)
    expect(play.live.open).toBe(0)
  },
)
