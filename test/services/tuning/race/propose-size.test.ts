import {describe, expect, it} from 'vitest'
import type {Candidate} from '../../../../src/services/tuning/candidate.ts'
import {invocationCostUSD} from '../../../../src/services/tuning/money/run-prices.ts'
import type {Goal, Objective} from '../../../../src/services/tuning/objective.ts'
import type {Point} from '../../../../src/services/tuning/race/choose-size.ts'
import {fitCurve} from '../../../../src/services/tuning/race/curve.ts'
import {proposeSize} from '../../../../src/services/tuning/race/propose-size.ts'
import {point, prices} from '../profiles.ts'

const costUSD = (candidate: Candidate, billedMs: number) =>
  invocationCostUSD(prices, {...candidate, ephemeralStorageMB: 512, billedMs})
const objective = (goal: Goal['kind'], more: Partial<Objective> = {}): Objective => ({
  goal: goal === 'balanced' ? {kind: goal, weight: 0.5} : {kind: goal},
  slo: null,
  costTolerance: null,
  indifference: 0.03,
  ...more,
})
const proposed = (measured: readonly Point[], by: Objective, range: readonly [number, number] = [128, 3008]) => {
  const fit = fitCurve('x86_64', measured)
  if (!fit) throw new Error('no fit')
  return proposeSize(fit, {measured, range, costUSD, objective: by})
}
const starved = (m: number) => 60 + 40 * (1000 / Math.min(m, 1769)) ** 2
const cpu = (m: number) => 1e6 / Math.min(m, 1769)
const sweep = (ms: (m: number) => number, ...sizes: readonly number[]) => sizes.map(size => point(size, ms(size)))

describe('a size that nobody measured', () => {
  it('is proposed where the curve says that it is cheaper by more than the indifference', () => {
    const found = proposed(sweep(starved, 128, 512, 2048, 3008), objective('cheapest'))
    expect(found).toEqual({memorySizeMB: 832, architecture: 'x86_64'})
  })

  it('is not proposed where one that is as good was measured', () => {
    expect(proposed(sweep(starved, 128, 512, 832, 2048), objective('cheapest'))).toBeNull()
    expect(
      proposed(
        sweep(() => 24_000, 128, 512, 1024, 3008),
        objective('cheapest'),
      ),
    ).toBeNull()
  })

  it('is the knee where that is faster than all that were measured below', () => {
    expect(proposed(sweep(cpu, 128, 512, 1024), objective('fastest'))?.memorySizeMB).toBe(1792)
    expect(proposed(sweep(cpu, 128, 512, 1024, 1769, 3008), objective('fastest'))).toBeNull()
  })

  it('is within the range, and not nearly one that was measured', () => {
    expect(proposed(sweep(starved, 128, 512, 2048), objective('cheapest'), [128, 640])?.memorySizeMB).toBe(640)
    expect(proposed(sweep(starved, 128, 512, 2048), objective('cheapest'), [512, 540])).toBeNull()
    expect(proposed(sweep(starved, 128, 768, 2048), objective('cheapest'), [700, 830])).toBeNull()
  })

  it('keeps to the cost tolerance, and to sizes above those that miss the latency objective', () => {
    const measured = sweep(cpu, 128, 512, 3008)
    const tolerant = proposed(measured, objective('cheapest', {costTolerance: 0.05}))
    expect(tolerant?.memorySizeMB).toBe(1792)

    const slo = {percentile: 95, limitMs: 1500} as const
    const judged = sweep(starved, 128, 1024, 3008).map(each => ({...each, meetsSlo: each.memorySizeMB > 1024}))
    expect(proposed(judged, objective('cheapest', {slo}))?.memorySizeMB).toBeGreaterThan(1024)
    const missed = judged.map(each => ({...each, meetsSlo: false}))
    expect(proposed(missed, objective('cheapest', {slo}))).toBeNull()
  })
})
