import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {lnAbsolute} from '../../../../src/services/traffic/judge/absolute.ts'
import {lnAbsoluteAcceptance, lnAcceptance} from '../../../../src/services/traffic/judge/acceptance.ts'
import {lnErrorShare} from '../../../../src/services/traffic/judge/error-share.ts'
import {judge} from '../../../../src/services/traffic/judge/judge.ts'
import type {JudgeInput, Judgement} from '../../../../src/services/traffic/judge/judgement.ts'
import {seededRandom} from '../../../../src/services/tuning/statistics/seeded-random.ts'
import {cases} from '../../../fuzz.ts'
import {inputOf, type Minute, settings} from './minutes.ts'

const counts = fc
  .tuple(fc.oneof(fc.nat(20), fc.nat(1e9)), fc.double({min: 0, max: 1, noNaN: true}))
  .map(([calls, share]) => [calls, Math.round(calls * share)] as const)
const minute = fc.tuple(counts, counts).map(([canary, baseline]): Minute => [...canary, ...baseline])
const input = fc.record({
  minutes: fc.array(minute, {maxLength: 30}),
  hasControl: fc.boolean(),
  stageAt: fc.integer({min: 0, max: 30}).map(index => index * 60_000),
  repeats: fc.constantFrom(1, 3),
  usualErrorRate: fc.constantFrom(null, 0, 0.03, 0.8),
})

function judged({minutes, ...more}: {readonly minutes: readonly Minute[]} & Partial<JudgeInput>): Judgement {
  return judge({...inputOf(minutes), ...more}, settings)
}

describe('the judge', () => {
  it('says numbers, whatever was counted', () => {
    fc.assert(
      fc.property(input, given => {
        const {harm, harmByMinute, health, callsToHealthy, effects} = judged(given)
        const rates = effects.flatMap(({canary, baseline}) => [canary, baseline])
        for (const value of [harm, health, ...harmByMinute, ...rates.flatMap(({rate, low, high}) => [rate, low, high])])
          expect(Number.isFinite(value) && value >= 0).toBe(true)
        for (const {low, rate, high} of rates) expect(low <= rate && rate <= high).toBe(true)
        expect(callsToHealthy === null || callsToHealthy > 0).toBe(true)
      }),
      cases(500),
    )
  })

  it('bears thousands of minutes of a billion calls', () => {
    for (const bad of [0, 1e3, 1e9]) {
      const {harm, health} = judged({minutes: new Array<Minute>(3000).fill([1e9, bad, 1e9, 1e3])})
      expect([Number.isFinite(harm), Number.isFinite(health)]).toEqual([true, true])
    }
  })

  it('finds one more failure of the new version no better', () => {
    fc.assert(
      fc.property(input, fc.nat(29), (given, index) => {
        const worse = given.minutes.map(
          (each, at): Minute => (at === index && each[1] < each[0] ? [each[0], each[1] + 1, each[2], each[3]] : each),
        )
        const before = judged(given)
        const after = judged({...given, minutes: worse})
        expect(after.harm).toBeGreaterThanOrEqual(before.harm * (1 - 1e-9))
        expect(after.health).toBeLessThanOrEqual(before.health * (1 + 1e-9))
      }),
      cases(500),
    )
  })

  it('case 11: says the same of minutes that come one by one', () => {
    fc.assert(
      fc.property(input, given => {
        const {harmByMinute} = judged({...given, hasControl: true})
        for (const [index, harm] of harmByMinute.entries())
          expect(
            judged({...given, hasControl: true, minutes: given.minutes.slice(0, index + 1)}).harmByMinute.at(-1),
          ).toBe(harm)
      }),
      cases(50),
    )
  })
})

describe('a minute of a version that is no worse', () => {
  const sizes = [
    [1, 1],
    [1, 9],
    [2, 18],
    [5, 5],
    [9, 1],
    [20, 3],
  ] as const
  const rates = [0, 0.003, 0.05, 0.2, 0.5, 0.9, 1]

  it('has evidence of harm that expects at most 1', () => {
    for (const [calls, baselineCalls] of sizes)
      for (const rate of rates)
        for (const part of [0, 0.5, 1]) {
          const canaryRate = Math.min(1, (1.5 * rate + 0.005) * part)
          expect(
            most(
              expected(calls, canaryRate, baselineCalls, rate, (bad, ofBaseline) =>
                lnErrorShare({calls, bad}, {calls: baselineCalls, bad: ofBaseline}, settings, 1),
              ),
            ),
          ).toBeLessThanOrEqual(1 + 1e-12)
        }
  })

  it('has evidence of health that expects at most 1 where it is worse than may be', () => {
    for (const [calls, baselineCalls] of sizes)
      for (const rate of rates)
        for (const more of [0.02, 0.1, 0.5]) {
          if (rate + more > 1) continue
          expect(
            most(
              expected(calls, rate + more, baselineCalls, rate, (bad, ofBaseline) =>
                lnAcceptance({calls, bad}, {calls: baselineCalls, bad: ofBaseline}, 0.02, 1),
              ),
            ),
          ).toBeLessThanOrEqual(1 + 1e-12)
        }
  })

  it('has evidence that expects at most 1 where it serves alone', () => {
    for (const calls of [1, 5, 20])
      for (const limit of [0.01, 0.3])
        for (const part of [0, 0.3, 1]) {
          expect(
            most(expected(calls, limit * part, 0, 0, bad => lnAbsolute({calls, bad}, limit, 1))),
          ).toBeLessThanOrEqual(1 + 1e-12)
          const worse = limit + (1 - limit) * part
          expect(
            most(expected(calls, worse, 0, 0, bad => lnAbsoluteAcceptance({calls, bad}, limit, 1))),
          ).toBeLessThanOrEqual(1 + 1e-12)
        }
  })

  it('has evidence over two minutes that expects at most 1, also where it serves alone in the second', () => {
    for (const [rate, canaryRate] of [
      [0, 0.005],
      [0.05, 0.08],
      [0.3, 0.1],
    ] as const)
      for (const hasControl of [true, false]) {
        const second = hasControl ? canaryRate : Math.min(0.01, canaryRate)
        let sum = 0
        for (const [first, chance] of outcomes(3, canaryRate, 5, rate))
          for (const [last, nextChance] of outcomes(4, second, hasControl ? 6 : 0, rate)) {
            const {harmByMinute} = judged({minutes: [first, last], hasControl, stageAt: hasControl ? 0 : 60_000})
            sum += chance * nextChance * (harmByMinute.at(-1) ?? 1)
          }
        expect(sum).toBeLessThanOrEqual(1 + 1e-12)
      }
  })

  it('is sent back in no more than a share alpha of shifts, looked at each minute', () => {
    const random = seededRandom(20261121)
    const shifts = 2000
    let sentBack = 0
    for (let shift = 0; shift < shifts; shift++) {
      const minutes = Array.from({length: 20}, (): Minute => [10, drawn(random, 10, 0.08), 30, drawn(random, 30, 0.05)])
      if (judge(inputOf(minutes), {...settings, alpha: 0.05}).verdict === 'unhealthy') sentBack++
    }
    expect(sentBack / shifts).toBeLessThanOrEqual(0.05)
  })
})

function drawn(random: () => number, calls: number, rate: number): number {
  let bad = 0
  for (let call = 0; call < calls; call++) if (random() < rate) bad++
  return bad
}

function* outcomes(
  calls: number,
  rate: number,
  baselineCalls: number,
  baselineRate: number,
): Generator<[Minute, number]> {
  for (let bad = 0; bad <= calls; bad++)
    for (let ofBaseline = 0; ofBaseline <= baselineCalls; ofBaseline++)
      yield [
        [calls, bad, baselineCalls, ofBaseline],
        chance(calls, bad, rate) * chance(baselineCalls, ofBaseline, baselineRate),
      ]
}

function expected(
  calls: number,
  rate: number,
  baselineCalls: number,
  baselineRate: number,
  lnE: (bad: number, ofBaseline: number) => readonly number[] | null,
): number[] {
  const sums: number[] = []
  for (const [[, bad, , ofBaseline], probability] of outcomes(calls, rate, baselineCalls, baselineRate))
    for (const [index, ln] of (lnE(bad, ofBaseline) ?? []).entries())
      sums[index] = (sums[index] ?? 0) + probability * Math.exp(ln)
  return sums
}

function most(values: readonly number[]): number {
  expect(values.length).toBeGreaterThan(0)
  return Math.max(...values)
}

function chance(calls: number, bad: number, rate: number): number {
  let ways = 1
  for (let index = 0; index < bad; index++) ways *= (calls - index) / (index + 1)
  return ways * rate ** bad * (1 - rate) ** (calls - bad)
}
