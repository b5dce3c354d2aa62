import {describe, expect, test} from 'vitest'
import type {Objective} from '../../../../src/services/tuning/objective.ts'
import type {RaceTurn} from '../../../../src/services/tuning/race/race.ts'
import {seededRandom} from '../../../../src/services/tuning/statistics/seeded-random.ts'
import {type Model, raceOf, run, sampleOf, size, work} from '../racing.ts'
import {normal} from '../replay/noise.ts'
import {cheapest} from '../replay/play.ts'

const sizes = [128, 256, 512, 1024, 1536, 1769, 2048, 3008]
const objective = (changes: Partial<Objective>): Objective => ({...cheapest, ...changes})
const memories = (turn: RaceTurn | undefined): readonly number[] =>
  turn?.kind === 'sample' ? turn.candidates.map(({memorySizeMB}) => memorySizeMB) : []

describe('turns', () => {
  test('the first invocations are made one at a time, larger sizes first', () => {
    const {turns} = run(raceOf([128, 512, 1024]), work(1_000))
    expect(turns.slice(0, 3).map(memories)).toEqual([[1024], [512], [128]])
  })

  test('then sizes take turns, each once in a round, in changing order', () => {
    const {turns} = run(raceOf([128, 256, 512]), work(1_000), 0.1)
    const rounds = turns.slice(3, 6).map(memories)
    for (const round of rounds) expect(round.toSorted((a, b) => a - b)).toEqual([128, 256, 512])
    expect(new Set(rounds.map(String)).size).toBeGreaterThan(1)
  })

  test('the same seed and samples give the same race, another seed another order', () => {
    const [first, again, other] = [7, 7, 8].map(seed => {
      const race = raceOf(sizes, {seed})
      return {turns: run(race, work(1_000, 50), 0.1).turns, standings: race.standings()}
    })
    expect(again).toEqual(first)
    expect(other?.turns).not.toEqual(first?.turns)
  })

  test('clearly worse sizes are measured a few times only', () => {
    const race = raceOf(sizes)
    run(race, work(0, 300), 0.1)
    expect(race.leader()?.candidate).toEqual(size(128))
    for (const {memorySizeMB, invocations} of race.standings())
      if (memorySizeMB > 256) expect(invocations).toBeLessThanOrEqual(5)
  })

  test('no size is measured more often than the cap', () => {
    const race = raceOf([1024, 1536], {maxPerSize: 12})
    expect(run(race, work(1_000), 0.3).ending).toBe('not-separable')
    for (const {invocations, coldStarts} of race.standings()) expect(invocations - coldStarts).toBeLessThanOrEqual(12)
  })

  test('the current size is measured often enough to compare with', () => {
    const race = raceOf(sizes, {current: size(3008)})
    run(race, work(0, 300))
    expect(race.standings().find(({memorySizeMB}) => memorySizeMB === 3008)?.invocations).toBe(9)
  })

  test('a function of which every invocation is cold does not race for ever', () => {
    const race = raceOf([512, 1024])
    const {ending} = run(race, () => ({durationMs: 100, isCold: true}))
    expect(ending).toBe('not-separable')
    expect(race.leader()).toBeNull()
  })

  test('is never quite certain of one of several', () => {
    const race = raceOf([128, 3008])
    expect(run(race, work(0, 300)).ending).toBe('settled')
    expect(race.leader()).toMatchObject({candidate: size(128), confidence: 0.999})
  })

  test('the only size that is left wins, and is compared with none', () => {
    const race = raceOf([1024, 3008])
    race.exclude(size(3008), 'the account allows 2,048 MB')
    expect(run(race, work(100)).ending).toBe('settled')
    expect(race.leader()).toMatchObject({candidate: size(1024), confidence: null, withinShare: 0})
  })

  test('the only size wins', () => {
    const race = raceOf([1024])
    expect(run(race, work(100)).ending).toBe('settled')
    expect(race.leader()).toEqual({candidate: size(1024), isTie: false, confidence: null, withinShare: 0})
    expect(race.standings()[0]?.status).toBe('winner')
  })
})

describe('cold and warm', () => {
  test('cold invocations count for themselves', () => {
    const race = raceOf([512])
    race.add(sampleOf(size(512), 900, {isCold: true, initMs: 300, billedMs: 1_200}))
    for (const ms of [100, 101, 102]) race.add(sampleOf(size(512), ms))
    expect(race.standings()[0]).toMatchObject({
      invocations: 4,
      coldStarts: 1,
      meanBilledMs: expect.closeTo(101, 6),
      coldBilledMs: 1_200,
      p50Ms: 101,
      p99Ms: 102,
    })
  })

  test('costs mix them by the share of cold ones', () => {
    const race = raceOf([1024], {coldRatio: 0.25})
    race.add(sampleOf(size(1024), 900, {isCold: true, initMs: 300, billedMs: 1_200}))
    for (let i = 0; i < 3; i++) race.add(sampleOf(size(1024), 100))
    const [standing] = race.standings()
    expect(standing?.costPerMillionUSD).toBeCloseTo(0.2 + 0.75 * 1.66667 + 0.25 * 20.00004, 4)
  })

  test('where most are cold, the size with the cheaper cold start wins', () => {
    const coldMs = ({memorySizeMB}: {readonly memorySizeMB: number}): number => (memorySizeMB === 1024 ? 400 : 4_000)
    const model = (candidate: {readonly memorySizeMB: number}, n: number) => ({
      durationMs: (100 * 1024) / candidate.memorySizeMB,
      ...(n === 0 ? {initMs: 200, billedMs: coldMs(candidate)} : {}),
    })
    const race = raceOf([512, 1024, 1536], {coldRatio: 1})
    run(race, model)
    expect(race.leader()?.candidate).toEqual(size(1024))
  })
})

describe('cold starts that differ by the factor of three', () => {
  // an init of 412 ms in the median, 1,080 ms in one of a hundred; one cold invocation a size is all that a race has
  const firstMs = ({memorySizeMB}: {readonly memorySizeMB: number}): number => 190_000 / Math.min(1769, memorySizeMB)

  test.each([0.006, 0.1, 0.5])('do not decide which size is best, of a share of %d', coldRatio => {
    const wrong = Array.from({length: 20}, (_, seed) => {
      const random = seededRandom(seed * 7919)
      const race = raceOf([128, 512, 1024, 1769, 3008], {coldRatio, seed})
      run(
        race,
        (candidate, n) => {
          const {durationMs} = work(22)(candidate, n)
          if (n > 0) return {durationMs}
          const initMs = 412 * Math.exp(0.41 * normal(random))
          const cold = firstMs(candidate)
          return {durationMs: cold, initMs, billedMs: Math.ceil(cold + initMs)}
        },
        0.06,
        seed,
      )
      return race.leader()?.candidate.memorySizeMB
    }).filter(leader => leader !== 128 && !(coldRatio < 0.01 && leader === 512))
    // an init costs the more the larger a size is: 512 MB is 2 % dearer of a share of 0.6 %, and 24 % and more of the others
    expect(wrong).toEqual([])
  })

  test('with the usual init of its traffic, one long cold call makes no size dearer', () => {
    const usualInit = {architecture: size(512).architecture, billedMs: 240, waitedMs: 240, error: 0.02}
    const [long, without] = [1_178, 240].map(initMs => {
      const race = raceOf([512, 1024, 1769], {coldRatio: 0.2, usualInit})
      run(race, (candidate, n) => {
        const {durationMs} = work(200)(candidate, n)
        const own = candidate.memorySizeMB === 1024 ? initMs : 240
        return n === 0 ? {durationMs, initMs: own, billedMs: Math.ceil(durationMs + own)} : {durationMs}
      })
      return race.standings().map(standing => standing.costPerMillionUSD)
    })
    expect(long).toEqual(without)
  })

  test('the usual init of another architecture tells nothing of this one', () => {
    const usualInit = {architecture: 'arm64' as const, billedMs: 9_000, waitedMs: 9_000, error: 0.02}
    const race = raceOf([512, 1024], {coldRatio: 0.2, usualInit})
    run(race, work(200))
    for (const {coldBilledMs} of race.standings()) expect(coldBilledMs).toBeLessThan(1_000)
  })

  test('a cold start is known from all sizes, for an init does not depend on memory', () => {
    const race = raceOf([512, 1024, 1769], {coldRatio: 0.2})
    const inits = new Map([
      [512, 290],
      [1024, 240],
      [1769, 200],
    ])
    run(race, (candidate, n) => {
      const {durationMs} = work(200)(candidate, n)
      const initMs = inits.get(candidate.memorySizeMB) ?? 0
      return n === 0 ? {durationMs, initMs, billedMs: Math.ceil(durationMs + initMs)} : {durationMs}
    })
    for (const {coldBilledMs, meanDurationMs} of race.standings())
      expect((coldBilledMs ?? 0) - (meanDurationMs ?? 0)).toBeCloseTo(240, -1)
  })
})

describe('failing sizes', () => {
  test('one that runs out of memory takes smaller ones with it, untried', () => {
    const race = raceOf([128, 256, 512, 1024])
    const {samples, ending} = run(race, (candidate, n) =>
      candidate.memorySizeMB <= 256 ? {durationMs: 50, outcome: 'oom'} : work(1_000)(candidate, n),
    )
    expect(ending).toBe('settled')
    expect(samples.filter(({memorySizeMB}) => memorySizeMB === 128)).toEqual([])
    expect(samples.filter(({memorySizeMB}) => memorySizeMB === 256)).toHaveLength(1)
    expect(race.standings().map(({status, why}) => [status, why])).toEqual([
      ['infeasible', 'runs out of memory with 256 MB already'],
      ['infeasible', 'runs out of memory'],
      expect.arrayContaining([expect.stringMatching(/winner|tied|dropped/)]),
      expect.arrayContaining([expect.stringMatching(/winner|tied|dropped/)]),
    ])
  })

  test('one that ran out of memory is not told to be short of it as well', () => {
    const race = raceOf([256, 512])
    race.add(sampleOf(size(256), 50, {outcome: 'oom', maxMemoryUsedMB: 256}))
    expect(race.standings()[0]).toMatchObject({status: 'infeasible', flags: []})
  })

  test('one that times out does too, on its architecture only', () => {
    const arm = (memorySizeMB: number) => ({memorySizeMB, architecture: 'arm64' as const})
    const race = raceOf([], {candidates: [size(128), size(256), arm(128), arm(256)]})
    race.add(sampleOf(size(256), 3_000, {outcome: 'timeout'}))
    expect(race.standings().map(({status}) => status)).toEqual(['infeasible', 'infeasible', 'waiting', 'waiting'])
  })

  test('one that fails with an error is out, smaller ones are not', () => {
    const race = raceOf([128, 256])
    race.add(sampleOf(size(256), 10, {outcome: 'error', errorType: 'TypeError'}))
    expect(race.standings().map(({status, why}) => [status, why])).toEqual([
      ['waiting', null],
      ['infeasible', 'fails: TypeError'],
    ])
  })

  test('one that worked may fail once', () => {
    const race = raceOf([256])
    race.add(sampleOf(size(256), 10))
    race.add(sampleOf(size(256), 10, {outcome: 'error', errorType: 'TypeError'}))
    expect(race.standings()[0]).toMatchObject({status: 'racing', failures: 1, invocations: 2})
    race.add(sampleOf(size(256), 10, {outcome: 'error', errorType: 'TypeError'}))
    expect(race.standings()[0]?.status).toBe('infeasible')
  })

  test('errors of allowed types are measurements', () => {
    const race = raceOf([512, 1024], {allowErrors: ['NotFound']})
    const {ending} = run(race, (candidate, n) => ({
      ...work(1_000, 200)(candidate, n),
      outcome: 'error',
      errorType: 'NotFound',
    }))
    expect(ending).toBe('settled')
    expect(race.leader()?.candidate).toEqual(size(512))
  })

  test('all sizes failing ends it', () => {
    const race = raceOf(sizes)
    const {ending, samples} = run(race, () => ({durationMs: 5, outcome: 'error', errorType: 'KeyError'}))
    expect(ending).toBe('failing')
    expect(samples).toHaveLength(sizes.length)
    expect(race.leader()).toBeNull()
  })

  test('a size that cannot be had is left out', () => {
    const race = raceOf([512, 3008])
    race.exclude(size(3008), 'the account allows 2,048 MB')
    run(race, work(1_000))
    expect(race.standings()[1]).toMatchObject({
      status: 'infeasible',
      why: 'the account allows 2,048 MB',
      invocations: 0,
    })
    expect(race.leader()?.candidate).toEqual(size(512))
  })
})

describe('ties', () => {
  const alike = work(1_000)

  test('are decided by duration where cost is the goal', () => {
    const race = raceOf([512, 1024, 1536])
    expect(run(race, alike, 0.005).ending).toBe('settled')
    expect(race.leader()).toMatchObject({candidate: size(1536), isTie: true})
    expect(race.standings().map(({status}) => status)).toEqual(['tied', 'tied', 'winner'])
  })

  test('are decided by cost where speed is the goal', () => {
    const race = raceOf([1769, 2048, 3008], {objective: objective({goal: {kind: 'fastest'}})})
    expect(run(race, alike, 0.005).ending).toBe('settled')
    expect(race.leader()).toMatchObject({candidate: size(1769), isTie: true})
  })

  test('a balance is struck between both', () => {
    const race = raceOf(sizes, {objective: objective({goal: {kind: 'balanced', weight: 0.5}})})
    run(race, alike, 0.01)
    expect(race.leader()?.candidate).toEqual(size(1769))
  })

  test('a cost tolerance buys the fastest within it', () => {
    const model = work(1_000, 30)
    const [tight, wide] = [0.02, 0.12].map(costTolerance => {
      const race = raceOf(sizes, {objective: objective({costTolerance})})
      run(race, model, 0.01)
      return race.leader()?.candidate.memorySizeMB
    })
    expect([tight, wide]).toEqual([512, 1769])
  })

  test('sizes that the cap does not tell apart are not said to be worse', () => {
    const race = raceOf([512, 1024, 3008])
    expect(run(race, alike, 0.25).ending).toBe('not-separable')
    expect(race.standings().map(({status}) => status)).toEqual([
      expect.stringMatching(/winner|racing|tied/),
      expect.stringMatching(/winner|racing|tied/),
      'dropped',
    ])
    expect(race.leader()?.confidence).toBeLessThan(0.95)
    expect(race.leader()?.withinShare).toBeGreaterThan(0.03)
    expect(race.leader()?.withinShare).toBeLessThan(0.3)
    const open = race.standings().filter(({status}) => status === 'racing')
    for (const {why} of open) expect(why).toMatch(/^may be up to [\d.]+ % cheaper$/)
    expect(race.standings()[2]?.why).toMatch(/^\d+ % dearer, faster$/)
  })
})

test('what is settled is 95 % sure at least, and within the indifference of the best', () => {
  for (const seed of [1, 2, 3]) {
    const race = raceOf(sizes, {seed})
    expect(run(race, work(1_000, 300), 0.05, seed).ending).toBe('settled')
    expect(race.leader()?.confidence).toBeGreaterThanOrEqual(0.95)
    expect(race.leader()?.withinShare).toBeLessThanOrEqual(0.03 + 1e-9)
  }
})

test('an outlier of the winner makes no other size look better', () => {
  const race = raceOf([512, 1024], {objective: objective({goal: {kind: 'fastest'}})})
  run(race, (candidate, n) => ({durationMs: candidate.memorySizeMB === 1024 ? (n === 3 ? 3_000 : 950) : 1_000}), 0.01)
  const [smaller, larger] = race.standings()
  expect(race.leader()?.candidate).toEqual(size(1024))
  expect(larger?.meanDurationMs ?? 0).toBeLessThan(smaller?.meanDurationMs ?? 0)
  expect(larger?.costPerMillionUSD).toBeGreaterThan(smaller?.costPerMillionUSD ?? 0)
})

describe('proposals', () => {
  test('a size that the curve promises is proposed once, and measured before it can win', () => {
    const race = raceOf([128, 512, 3008])
    const {turns} = run(race, work(1_000, 400))
    const proposed = turns.flatMap(turn => (turn.kind === 'propose' ? [turn.candidate.memorySizeMB] : []))
    expect(proposed.length).toBeLessThanOrEqual(1)
    expect([128, 512, 3008]).toContain(race.leader()?.candidate.memorySizeMB)
  })

  test('once taken in it races with the others', () => {
    const race = raceOf([1024])
    run(race, work(1_000))
    race.enter(size(1536))
    expect(memories(race.next())).toEqual([1536])
    expect(race.standings().map(({status}) => status)).toEqual(['racing', 'waiting'])
  })
})

describe('where single calls scatter by the factor of two', () => {
  /** Answers that take 7 or 25 ms, as a cache is hit or not; the first four at 1,024 MB are all slow. */
  const twoWays: Model = ({memorySizeMB}, n) => ({
    durationMs: memorySizeMB === 1024 && n <= 4 ? 25 : (n * 7 + memorySizeMB / 128) % 5 < 2 ? 25 : 7,
  })

  test('a size is not dropped after four calls that were all slow', () => {
    const race = raceOf([512, 1024, 2048])
    const {samples} = run(race, twoWays)
    const warm = samples.filter(({memorySizeMB, isCold}) => memorySizeMB === 1024 && !isCold)
    expect(warm.length).toBeGreaterThanOrEqual(8)
  })

  test('one that is worse by far more than they scatter is dropped after four all the same', () => {
    const race = raceOf([128, 512, 10_240])
    const {samples} = run(race, twoWays)
    const warm = samples.filter(({memorySizeMB, isCold}) => memorySizeMB === 10_240 && !isCold)
    expect(warm).toHaveLength(4)
  })

  test('a single slow call holds nothing up', () => {
    const race = raceOf([128, 512, 1024, 3008])
    const {samples} = run(race, ({memorySizeMB}, n) => ({durationMs: n === 2 && memorySizeMB === 512 ? 150 : 50}))
    const warm = samples.filter(({memorySizeMB, isCold}) => memorySizeMB === 3008 && !isCold)
    expect(warm).toHaveLength(4)
  })
})

describe('what makes figures doubtful', () => {
  test('memory nearly used up, outliers, another clock', () => {
    const race = raceOf([128, 256])
    for (let i = 0; i < 12; i++) {
      race.add(sampleOf(size(128), 100 + i / 10, {maxMemoryUsedMB: 122}))
      race.add(sampleOf(size(256), i === 5 ? 900 : 50 + i / 20, {measuredBy: i === 3 ? 'clock' : 'tail'}))
    }
    expect(race.standings().map(({flags}) => flags)).toEqual([
      ['drifting', 'memory-starved'],
      ['outliers', 'drifting', 'approximate'],
    ])
  })

  test('two clusters', () => {
    const race = raceOf([512])
    for (let i = 0; i < 12; i++) race.add(sampleOf(size(512), (i * 7) % 3 === 0 ? 900 + i : 200 + (i % 2)))
    expect(race.standings()[0]?.flags).toEqual(['bimodal'])
  })

  test('what is slow every other time at one size counts in the mean that is compared', () => {
    const race = raceOf([512, 1024])
    run(race, ({memorySizeMB}, n) => ({durationMs: memorySizeMB === 512 && n % 2 === 1 ? 900 : 210}))
    expect(race.leader()?.candidate).toEqual(size(1024))
  })

  test('payloads of different weight are neither clusters nor noise', () => {
    const race = raceOf([512, 1024, 2048])
    const {samples} = run(race, (candidate, n) => ({
      durationMs: (n % 2 === 0 ? 100 : 1_000) + ((n % 2 === 0 ? 100 : 1_000) * 1024) / candidate.memorySizeMB / 5,
      payload: n % 2,
    }))
    expect(race.leader()?.candidate).toEqual(size(512))
    expect(samples.length).toBeLessThan(25)
    expect(race.standings().flatMap(({flags}) => flags)).toEqual([])
  })
})
