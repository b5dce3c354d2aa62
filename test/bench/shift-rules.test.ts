import {describe, expect, it} from 'vitest'
import {calledHealthy, fisher, rules, sentBack} from '../../bench/shift-rules.ts'
import {playShift, poisson, type Scenario, scenarios, steady} from '../../bench/shift-scenarios.ts'
import {intervalOf, isWithin, minuteSpread} from '../../bench/shift-share.ts'
import type {MinuteCounts} from '../../src/services/traffic/judge/judgement.ts'
import {seededRandom} from '../../src/services/tuning/statistics/seeded-random.ts'
import {type Minute, metricOf} from '../services/traffic/judge/minutes.ts'

const shift = (minutes: readonly Minute[]): readonly MinuteCounts[] => metricOf(minutes).minutes
const firedAt = (minutes: readonly MinuteCounts[]) =>
  Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, rule(minutes)]))

describe('what sends a release back', () => {
  it('is each rule in its own minute', () => {
    expect(firedAt(shift(new Array<Minute>(8).fill([10, 2, 90, 0])))).toEqual({
      'any error': 1,
      '2×60 s Errors>0': 2,
      '95 %/min, limit 3': 4,
      '99 %/min, threshold 5': 5,
      'Fisher p<.05': 1,
      'e-process α=.01': 2,
    })
  })

  it('is no rule without failures, but the one to which silence is a failure', () => {
    expect(Object.values(firedAt(shift(new Array<Minute>(60).fill([10, 0, 90, 9]))))).toEqual(new Array(6).fill(null))
    expect(Object.values(firedAt(shift(new Array<Minute>(60).fill([0, 0, 90, 9]))))).toEqual([
      null,
      null,
      null,
      5,
      null,
      null,
    ])
  })

  it("is Fisher's test, of tea with milk", () => {
    expect(fisher({calls: 4, bad: 3}, {calls: 4, bad: 1})).toBeCloseTo(17 / 70, 12)
    expect(fisher({calls: 10, bad: 0}, {calls: 90, bad: 0})).toBeCloseTo(1, 12)
    expect(fisher({calls: 10_000, bad: 200}, {calls: 90_000, bad: 90})).toBeLessThan(1e-100)
  })
})

describe('the shifts', () => {
  it('have calls and failures by their rates', () => {
    const random = seededRandom(7)
    const draws = Array.from({length: 2000}, () => poisson(random, 45))
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length

    expect(mean).toBeCloseTo(45, 0)
    expect(draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / draws.length / mean).toBeCloseTo(1, 0)
    const clustered = playShift(steady('', 100, 0.2, 0.2), random, {cluster: 3})
    expect(clustered.every(({canary, baseline}) => canary.bad % 3 === 0 && baseline.bad % 3 === 0)).toBe(true)
  })

  it('are judged as the table says: none sent back that is no worse, each that fails', () => {
    const played = (scenario: Scenario) => {
      const random = seededRandom(11)
      return Array.from({length: 40}, () => sentBack(playShift(scenario, random), 1))
    }
    const byName = (part: string) => scenarios.filter(({name}) => name.includes(part)).flatMap(played)

    expect(byName('no regression').filter(minute => minute !== null)).toEqual([])
    expect(byName('shared outage 30 %').filter(minute => minute !== null)).toEqual([])
    expect(minuteSpread(byName('canary 100 %, 100 rpm').map(Number)).median).toBe(1)
    expect(minuteSpread(byName('canary 20 % from 31').map(Number)).median).toBe(35)
  })

  it('are called healthy in the first minute in which they are', () => {
    const clean = shift(new Array<Minute>(30).fill([10, 0, 90, 0]))

    expect(calledHealthy(clean)).toBe(20)
    expect(calledHealthy(clean.slice(0, 19))).toBeNull()
    expect(calledHealthy(shift(new Array<Minute>(30).fill([20, 1, 180, 9])), 'slow')).toBe(9)
  })

  it('are not called healthy where the p95 has doubled', () => {
    const random = seededRandom(12)
    const doubled = Array.from({length: 40}, () =>
      calledHealthy(playShift(steady('', 100, 0.171, 0.05), random, {length: 240}), 'slow'),
    )

    expect(doubled.filter(minute => minute !== null)).toEqual([])
  })
})

describe('an interval', () => {
  it('holds what the reference found, with its own chance', () => {
    expect(isWithin(0.97, intervalOf(956, 1000))).toBe(true)
    expect(isWithin(0.97, intervalOf(900, 1000))).toBe(false)
    expect(isWithin(0, intervalOf(0, 1000))).toBe(true)
  })
})
