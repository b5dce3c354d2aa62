import {describe, expect, test} from 'vitest'
import type {Objective} from '../../../../src/services/tuning/objective.ts'
import {raceOf, run, size} from '../racing.ts'
import {invoker} from '../replay/noise.ts'
import {cheapest, playIncumbent, playRace, runRace, trimmedMean} from '../replay/play.ts'
import {durationAt, gridOf, profileOf, profiles} from '../replay/profiles.ts'

describe('T8: where a function waits for Textract, no size is shown to be faster', () => {
  const profile = profileOf('sidag_text_analyser')
  const objectives: readonly Partial<Objective>[] = [
    {goal: {kind: 'cheapest'}},
    {goal: {kind: 'fastest'}},
    {goal: {kind: 'balanced', weight: 0.5}},
    {costTolerance: 0.05},
  ]

  test.each(objectives)('128 MB for %o', changes => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const race = raceOf(profile.memory, {objective: {...cheapest, ...changes}, seed})
      run(race, ({memorySizeMB}) => ({durationMs: durationAt(profile, memorySizeMB)}), 0.25, seed)
      expect(race.leader()?.candidate).toEqual(size(128))
    }
  })
})

test('T9: 272 MB, eight times as fast as its neighbours, is flagged, measured again and not chosen', () => {
  const profile = profileOf('rotate_run2')
  const race = raceOf(profile.memory)
  const {samples} = run(race, ({memorySizeMB}) => ({durationMs: durationAt(profile, memorySizeMB)}), 0.05)
  const artefact = race.standings().find(({memorySizeMB}) => memorySizeMB === 272)
  expect(artefact?.flags).toContain('off-curve')
  expect(artefact?.status).toBe('dropped')
  expect(artefact?.why).toBe('far faster than every larger size: see whether it did its work')
  expect(samples.filter(({memorySizeMB}) => memorySizeMB === 272).length).toBeGreaterThanOrEqual(9)
  expect(race.leader()?.candidate).not.toEqual(size(272))
})

test("T15: the incumbent's trimmed mean of 1 … 10 is 5.5", () => {
  expect(trimmedMean([10, 1, 9, 2, 8, 3, 7, 4, 6, 5], 0.2)).toBe(5.5)
})

describe('measured functions, with noise', () => {
  const replays = (cv: number) => profiles.flatMap(profile => [11, 12].map(seed => ({profile, cv, seed})))
  const share = (of: readonly {readonly regret: number}[]): number =>
    of.filter(({regret}) => regret <= 0.03).length / of.length
  const spend = (of: readonly {readonly spend: number}[]): number =>
    of.reduce((sum, each) => sum + each.spend, 0) / of.length

  test.each([
    [0.03, 0.98, 0.2],
    [0.1, 0.95, 0.25],
    [0.25, 0.88, 0.45],
  ])(
    'at CV %d at least %d of the choices cost 3 % more than the best at most, for %d of what 50 invocations each cost',
    (cv, sure, most) => {
      const outcomes = replays(cv).map(replay => playRace(replay))
      expect(share(outcomes)).toBeGreaterThanOrEqual(sure)
      expect(spend(outcomes)).toBeLessThanOrEqual(most)
      expect(outcomes.filter(({isBestLost}) => isBestLost).length / outcomes.length).toBeLessThanOrEqual(0.05)
    },
  )

  test('the incumbent spends four times as much with 50', () => {
    expect(spend(replays(0.1).map(replay => playIncumbent(replay, 50)))).toBeCloseTo(1, 1)
  })

  test('a race that goes on from samples of a journal asks for no more than one that was not interrupted', () => {
    const profile = profileOf('thumbnail_s3')
    const whole = raceOf(gridOf(profile))
    const invoke = invoker(profile, 0.05, 3)
    const samples: ReturnType<typeof invoke>[] = []
    runRace(whole, candidate => {
      const sample = invoke(candidate)
      samples.push(sample)
      return sample
    })
    const resumed = raceOf(gridOf(profile))
    for (const sample of samples.filter(({memorySizeMB}) => gridOf(profile).includes(memorySizeMB))) resumed.add(sample)
    expect(resumed.leader()?.candidate).toEqual(whole.leader()?.candidate)
  })
})
