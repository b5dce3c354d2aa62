import {describe, expect, test} from 'vitest'
import {raceOf, run, sampleOf, size, work} from '../racing.ts'
import {cheapest} from '../replay/play.ts'

const withSlo = (limitMs: number, percentile: 50 | 90 | 95 | 99 = 95) => ({
  objective: {...cheapest, slo: {percentile, limitMs}},
})

describe('a latency objective', () => {
  test('rules sizes out that miss it, and is certified for the one that is chosen', () => {
    const race = raceOf([256, 512, 1024, 3008], withSlo(700))
    expect(run(race, work(500, 100), 0.03).ending).toBe('settled')
    expect(race.leader()?.candidate).toEqual(size(1024))
    const standings = race.standings()
    expect(standings.map(({slo}) => slo)).toEqual(['missed', 'missed', 'certified', 'seen'])
    expect(standings.map(({why}) => why).slice(0, 2)).toEqual(['p95 is above 700 ms', 'p95 is above 700 ms'])
    const chosen = standings[2]
    expect((chosen?.invocations ?? 0) - (chosen?.coldStarts ?? 0)).toBe(59)
  })

  test('takes 93 invocations where one was above it', () => {
    const race = raceOf([1024], withSlo(700))
    run(race, (candidate, n) => (n === 20 ? {durationMs: 900} : work(500, 100)(candidate, n)), 0.01)
    expect(race.standings()[0]).toMatchObject({slo: 'certified', invocations: 94})
  })

  test('that no size meets leaves nothing to choose', () => {
    const race = raceOf([512, 1024], withSlo(100))
    expect(run(race, work(500, 100)).ending).toBe('settled')
    expect(race.leader()).toBeNull()
    expect(race.standings().map(({status, slo}) => [status, slo])).toEqual([
      ['dropped', 'missed'],
      ['dropped', 'missed'],
    ])
  })

  test('that the cheapest misses in the end is met by a size that was dropped for its cost', () => {
    const race = raceOf([512, 1024, 2048], withSlo(100))
    const {ending} = run(race, ({memorySizeMB}, n) => {
      if (memorySizeMB === 2048) return {durationMs: 40}
      return {durationMs: memorySizeMB === 512 && n < 4 ? 90 : n % 9 === 7 ? 150 : memorySizeMB === 512 ? 90 : 60}
    })
    expect(ending).toBe('settled')
    expect(race.leader()?.candidate).toEqual(size(2048))
    expect(race.standings().map(({status, slo}) => [status, slo])).toEqual([
      ['dropped', 'missed'],
      ['dropped', 'missed'],
      ['winner', 'certified'],
    ])
  })

  test('that a size just misses, of which a few more calls might have met it, is why it was dropped', () => {
    const race = raceOf([512, 1024], withSlo(100))
    run(race, ({memorySizeMB}, n) => ({durationMs: memorySizeMB === 1024 ? 60 : n % 12 === 8 ? 150 : 90}))
    expect(race.leader()?.candidate).toEqual(size(1024))
    expect(race.standings()[0]).toMatchObject({status: 'dropped', slo: 'missed', why: 'misses p95 < 100 ms'})
  })

  test('that all just miss leaves none in the race', () => {
    const race = raceOf([512, 1024], withSlo(100))
    expect(run(race, (_, n) => ({durationMs: n % 12 === 8 ? 150 : 90})).ending).toBe('settled')
    expect(race.standings().map(({status, slo}) => [status, slo])).toEqual([
      ['dropped', 'missed'],
      ['dropped', 'missed'],
    ])
  })

  test('that only a dropped size meets is met by it also where a limit ends the race', () => {
    const race = raceOf([512, 2048], withSlo(100))
    for (let i = 0; i < 6; i++)
      for (const [memorySizeMB, ms] of [[512, i === 5 ? 150 : 90] as const, [2048, 40] as const])
        race.add(sampleOf(size(memorySizeMB), ms + i / 10))
    race.next()
    expect(race.standings().map(({status}) => status)).toEqual(['racing', 'dropped'])
    expect(race.leader()?.candidate).toEqual(size(2048))
  })

  test('which only a size meets that is too good to be true is not settled', () => {
    const race = raceOf([128, 256, 512, 1024, 1536, 3008], withSlo(100))
    const {ending} = run(race, (candidate, n) =>
      candidate.memorySizeMB === 256 ? {durationMs: 20} : work(500, 300)(candidate, n),
    )
    expect(race.leader()).toBeNull()
    expect(ending).toBe('not-separable')
  })

  test('that more calls than may were above is not to be certified, and says by how many', () => {
    const race = raceOf([1024], withSlo(700))
    for (let i = 0; i < 90; i++) race.add(sampleOf(size(1024), i % 22 === 10 ? 900 : 500))
    expect(race.standings()[0]).toMatchObject({slo: 'seen', uncertifiable: {slower: 4, of: 90}})
  })

  test('that a few more calls may certify says nothing of the kind', () => {
    const race = raceOf([1024], withSlo(700))
    for (let i = 0; i < 70; i++) race.add(sampleOf(size(1024), i === 20 ? 900 : 500))
    expect(race.standings()[0]).not.toHaveProperty('uncertifiable')
  })
})
