import {describe, expect, it} from 'vitest'
import {judge} from '../../../../src/services/traffic/judge/judge.ts'
import type {JudgeInput, MinuteCounts} from '../../../../src/services/traffic/judge/judgement.ts'
import {inputOf, type Minute, metricOf, settings} from './minutes.ts'

const sharedOutage: Minute[] = [
  [10, 0, 90, 0],
  [10, 5, 90, 45],
  [10, 6, 90, 50],
  [10, 5, 90, 44],
]
const clean = (count: number): Minute[] => new Array<Minute>(count).fill([10, 0, 90, 0])

describe('the verdict', () => {
  it('case 12: is not unhealthy in an outage of both, and says so', () => {
    expect(judge(inputOf(sharedOutage), settings)).toMatchObject({
      verdict: 'inconclusive',
      why: "both versions fail alike: not the new one's (16 of 40, 139 of 360)",
    })
  })

  it('case 13: is unhealthy where the new one goes on failing, in minute 6', () => {
    const minutes: Minute[] = [...sharedOutage, [10, 5, 90, 1], [10, 5, 90, 1]]

    for (const alpha of [0.01, 0.05])
      expect(judge(inputOf(minutes.slice(0, 5)), {...settings, alpha}).verdict).toBe('inconclusive')
    expect(judge({...inputOf(minutes), baselineVersion: '41'}, settings)).toMatchObject({
      verdict: 'unhealthy',
      why: '26 of 60 failed; of version 41, 141 of 540',
    })
  })

  it('case 14: is open without traffic, however long', () => {
    expect(judge(inputOf(new Array<Minute>(600).fill([0, 0, 100, 0])), settings)).toMatchObject({
      verdict: 'inconclusive',
      harm: 1,
      health: 1,
      why: 'no traffic yet',
    })
    expect(judge(inputOf([]), settings)).toMatchObject({verdict: 'inconclusive', why: 'no traffic yet'})
    expect(judge({...inputOf([]), metrics: []}, settings).verdict).toBe('inconclusive')
  })

  it('case 15: changes when failures of a past minute become visible', () => {
    const late = (bad: number) => judge(inputOf([[10, bad, 90, 0], ...clean(2)]), settings).verdict

    expect(late(0)).toBe('inconclusive')
    expect(late(4)).toBe('unhealthy')
  })

  it('case 15b: waits for a minute whose failures are visible before its calls', () => {
    const known = judge(inputOf(clean(2)), settings)
    const withheld: Minute[] = [
      [0, 3, 90, 0],
      [2, 3, 90, 0],
      [10, 0, 0, 2],
      [Number.NaN, 0, 90, 0],
      [10, Number.NaN, 90, 0],
    ]
    for (const minute of withheld) expect(judge(inputOf([...clean(2), minute]), settings)).toEqual(known)
  })

  it('case 16: bears one failure among clean minutes', () => {
    expect(judge(inputOf([[10, 1, 90, 0], ...clean(4)]), settings)).toMatchObject({verdict: 'inconclusive'})
  })

  it('stays unhealthy once it was, whatever follows', () => {
    const {verdict, harm, harmByMinute} = judge(inputOf([[10, 4, 90, 0], ...clean(40)]), settings)

    expect(harmByMinute.at(-1)).toBeLessThan(100)
    expect([verdict, harm]).toEqual(['unhealthy', harmByMinute[0]])
  })

  it('is no longer healthy when failures follow, though they are not enough for harm', () => {
    expect(judge(inputOf([...clean(40), [10, 1, 90, 0]]), settings).verdict).toBe('healthy')
    expect(judge(inputOf([...clean(40), [10, 5, 90, 0]]), settings)).toMatchObject({verdict: 'inconclusive'})
  })

  it('counts minutes that are not final for harm and against health, not for it', () => {
    const open = (minutes: Minute[]): JudgeInput => ({
      ...inputOf([]),
      metrics: [{metric: 'errors', minutes: each(minutes, {isFinal: false})}],
    })

    expect(judge(open([[10, 5, 90, 0]]), settings).verdict).toBe('unhealthy')
    expect(judge(open(clean(30)), settings)).toMatchObject({verdict: 'inconclusive', health: 1})
    const failing = {...each([[10, 5, 90, 0]], {isFinal: false})[0], at: 40 * 60_000} as MinuteCounts
    const minutes = [...each(clean(40), {}), failing]
    expect(judge({...inputOf([]), metrics: [{metric: 'errors', minutes}]}, settings).verdict).toBe('inconclusive')
  })

  it('begins health anew with each stage, and keeps harm', () => {
    const input = inputOf([[10, 3, 90, 0], ...clean(20)])

    expect(judge({...input, stageAt: 60_000}, settings).verdict).toBe('healthy')
    expect(judge({...input, stageAt: 120_000}, settings)).toMatchObject({verdict: 'inconclusive', callsToHealthy: 4})
    expect(judge({...input, stageAt: 120_000}, settings).harmByMinute[0]).toBeCloseTo(47.631, 3)
  })
})

describe('several metrics', () => {
  it('have the mean of their evidence', () => {
    const both = {...inputOf([]), metrics: [metricOf([[10, 4, 90, 0]]), metricOf([[10, 0, 90, 0]], 'logged')]}

    expect(judge(both, settings).harm).toBeCloseTo((277.149 + 0.927) / 2, 2)
  })

  const with20 = (slow: readonly Minute[]) =>
    judge({...inputOf([]), metrics: [metricOf(clean(20)), metricOf(slow, 'slow')], baselineVersion: '9'}, settings)

  it('must show health each', () => {
    const usual = new Array<Minute>(20).fill([20, 1, 180, 9])
    const unlogged = metricOf([], 'logged')

    expect(with20(usual).verdict).toBe('healthy')
    expect(with20(usual.slice(0, 4))).toMatchObject({verdict: 'inconclusive', why: 'too few calls to tell: 200 so far'})
    expect(with20([]).verdict).toBe('inconclusive')
    expect(judge({...inputOf([]), metrics: [metricOf(clean(20)), unlogged]}, settings).verdict).toBe('inconclusive')
  })

  it('are not healthy of a version twice as slow that fails no more than the old one', () => {
    const judged = with20(new Array<Minute>(4).fill([80, 17, 90, 4]))

    expect(judged.effects.map(({harm}) => harm >= 10)).toEqual([false, true])
    expect(judged).toMatchObject({verdict: 'unhealthy', why: '68 of 320 were slow; of version 9, 16 of 360'})
    expect(with20(new Array<Minute>(1).fill([80, 17, 90, 4]))).toMatchObject({
      verdict: 'inconclusive',
      why: '17 of 80 were slow; of version 9, 4 of 90',
    })
  })

  it('tell how many calls are missing where 5 % are slow by what slow means', () => {
    const {callsToHealthy} = with20(new Array<Minute>(4).fill([20, 1, 180, 9]))

    expect(callsToHealthy).toBeGreaterThan(60)
    expect(callsToHealthy).toBeLessThan(120)
  })

  it('are not healthy while the evidence of harm is worrying, though health shows', () => {
    const minutes = (count: number) => new Array<Minute>(count).fill([1000, 13, 1000, 1])

    expect(judge(inputOf(minutes(3)), settings)).toMatchObject({
      verdict: 'inconclusive',
      callsToHealthy: null,
      why: '39 of 3,000 failed; of the old version, 3 of 3,000',
    })
    expect(judge(inputOf(minutes(3)), settings).health).toBeGreaterThan(20)
    expect(judge(inputOf(minutes(3)), {...settings, alpha: 0.001}).verdict).toBe('healthy')
  })

  it('name the one that speaks most for the verdict', () => {
    const metrics = [metricOf(clean(3)), metricOf(new Array<Minute>(3).fill([10, 9, 90, 4]), 'slow')]

    expect(judge({...inputOf([]), metrics}, settings)).toMatchObject({
      verdict: 'unhealthy',
      why: '27 of 30 were slow; of the old version, 12 of 270',
    })
  })
})

describe('a version that serves alone', () => {
  const alone = (minutes: Minute[], more: Partial<JudgeInput> = {}) =>
    judge({...inputOf(minutes), hasControl: false, ...more}, settings)

  it('is judged by twice the usual rate, at least 1 %', () => {
    expect(alone([[100, 8, 0, 0]]).verdict).toBe('unhealthy')
    expect(alone([[100, 8, 0, 0]], {usualErrorRate: 0.04}).verdict).toBe('inconclusive')
    expect(alone([[100, 8, 0, 0]]).why).toBe('8 of 100 failed')
  })

  it('is not held to less than the old version did in this shift, where nothing else is known', () => {
    const before = new Array<Minute>(10).fill([10, 1, 90, 9])

    expect(alone([...before, [100, 12, 0, 0], [100, 9, 0, 0]], {stageAt: 600_000}).verdict).toBe('inconclusive')
    expect(alone([...before, [100, 60, 0, 0]], {stageAt: 600_000}).verdict).toBe('unhealthy')
  })

  it('goes on from the harm that showed beside the old version', () => {
    const before: Minute[] = [[10, 3, 90, 0]]
    const first = alone([[100, 3, 0, 0]]).harm

    expect(alone([...before, [100, 3, 0, 0]], {stageAt: 60_000}).harm).toBeCloseTo(first * 47.631178, 3)
  })

  it('keeps its evidence while another wave has its stages', () => {
    const minutes: Minute[] = [
      [10, 0, 90, 0],
      [100, 4, 0, 0],
      [100, 4, 0, 0],
    ]

    expect(alone(minutes, {stageAt: 120_000}).harm).toBe(alone(minutes, {stageAt: 60_000}).harm)
  })

  it('shows health against the usual rate and what is too much', () => {
    expect(alone(new Array<Minute>(2).fill([100, 0, 0, 0])).verdict).toBe('healthy')
    expect(alone(new Array<Minute>(2).fill([100, 2, 0, 0])).verdict).toBe('inconclusive')
  })
})

describe('the effect', () => {
  it('is shrunk, with an interval', () => {
    const [effect] = judge(inputOf([[10, 0, 90, 9]]), settings).effects

    expect(effect?.canary).toMatchObject({calls: 10, bad: 0, rate: 0.5 / 11, low: 0})
    expect(effect?.canary.high).toBeCloseTo(0.2775, 4)
    expect(effect?.baseline.low).toBeCloseTo(0.0535, 4)
    expect(effect?.baseline.high).toBeCloseTo(0.179, 3)
  })

  it('is anything before the first call', () => {
    expect(judge({...inputOf([])}, settings).effects[0]?.canary).toEqual({calls: 0, bad: 0, rate: 0.5, low: 0, high: 1})
  })
})

function each(minutes: readonly Minute[], more: Partial<MinuteCounts>): MinuteCounts[] {
  return metricOf(minutes).minutes.map(minute => ({...minute, ...more}))
}
