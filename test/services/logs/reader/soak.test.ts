import {expect, test} from 'vitest'
import {soak} from './soaking.ts'

// bench/soak.ts plays hundreds of other seeds
test.each([
  [30, 0],
  [30, 1],
  [30, 2],
  [30, 3],
  [60, 7],
])(
  'Live Tail of %i groups, with sessions that end, samples, silences, repeats, throttles and late events, loses and doubles nothing (seed %i)',
  async (groups, seed) => {
    const {followed, faults} = await soak({groups, seed, by: 'live'})
    expect(faults).toEqual([])
    expect(followed.tally.live.sessions).toBeGreaterThan(1)
  },
)

test.each([
  [30, 0],
  [30, 1],
  [60, 7],
])(
  'sweeps of %i groups, with throttles, resets, empty pages and late events, lose and double nothing (seed %i)',
  async (groups, seed) => {
    const {followed, faults} = await soak({groups, seed, by: 'sweeps'})
    expect(faults).toEqual([])
    expect(followed.tally.live.sessions).toBe(0)
  },
)
