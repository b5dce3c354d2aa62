import {describe, expect, test} from 'vitest'
import {isBimodal} from '../../../../src/services/tuning/statistics/bimodality.ts'
import {bootstrapInterval} from '../../../../src/services/tuning/statistics/bootstrap.ts'
import {driftingOf} from '../../../../src/services/tuning/statistics/drift.ts'
import {medianOf, percentileOf} from '../../../../src/services/tuning/statistics/order.ts'
import {differencesOf, robustCentre, spreadOf} from '../../../../src/services/tuning/statistics/robust-spread.ts'
import {seededRandom} from '../../../../src/services/tuning/statistics/seeded-random.ts'
import {normal} from '../replay/noise.ts'

const normals = (count: number, seed: number): readonly number[] => {
  const random = seededRandom(seed)
  return Array.from({length: count}, () => normal(random))
}

describe('percentiles are order statistics', () => {
  test('the least value that so many percent do not exceed', () => {
    const values = Array.from({length: 20}, (_, i) => i + 1)
    expect([50, 90, 95, 99, 100].map(percent => percentileOf(values, percent))).toEqual([10, 18, 19, 20, 20])
    expect(percentileOf([7], 50)).toBe(7)
    expect(percentileOf([], 50)).toBeNaN()
    expect(medianOf([3, 1, 2, 4])).toBe(2.5)
  })
})

describe('the spread of the bulk', () => {
  test('is the standard deviation where there are no outliers', () => {
    expect(spreadOf(differencesOf(normals(2_000, 1)))).toBeCloseTo(1, 1)
  })

  test('is not too small of groups of three', () => {
    const groups = Array.from({length: 500}, (_, i) => differencesOf(normals(3, i)))
    expect(spreadOf(groups.flat())).toBeCloseTo(1, 1)
  })

  test('hardly changes by outliers', () => {
    const values = normals(200, 2).map((value, i) => (i % 20 === 0 ? 50 : value))
    expect(spreadOf(differencesOf(values))).toBeLessThan(1.25)
  })

  test('is zero of values that are all alike, and of none', () => {
    expect(spreadOf(differencesOf([2, 2, 2]))).toBe(0)
    expect(spreadOf([])).toBe(0)
  })
})

describe('the centre of the bulk', () => {
  test('leaves outliers out, and tells how many there were', () => {
    const {centre, beyond} = robustCentre([1, 1.1, 0.9, 1, 9], 0.1)
    expect(centre).toBeCloseTo(1, 6)
    expect(beyond).toBe(1)
  })

  test('of two values far apart the lower one is believed', () => {
    expect(robustCentre([5, 1], 0.1)).toEqual({centre: 1, beyond: 1})
  })

  test('is the weighted mean of values that are close', () => {
    expect(robustCentre([1, 1.01], 1, [3, 1]).centre).toBeCloseTo(1.0025, 3)
  })
})

describe('bootstrap intervals', () => {
  const values = normals(20, 3).map(value => 100 + value)

  test('are the same for the same values and seed, and others for another', () => {
    expect(bootstrapInterval(values, 1)).toEqual(bootstrapInterval(values, 1))
    expect(bootstrapInterval(values, 1)).not.toEqual(bootstrapInterval(values, 2))
  })

  test('hold the mean in some 95 of 100 cases', () => {
    const held = Array.from({length: 300}, (_, seed) => {
      const [low, high] = bootstrapInterval(
        normals(12, 1_000 + seed).map(value => 100 + value),
        seed,
      ) ?? [0, 0]
      return low <= 100 && 100 <= high
    })
    expect(held.filter(Boolean).length / held.length).toBeGreaterThan(0.9)
  })

  test('are not told of fewer than three values', () => {
    expect(bootstrapInterval([1, 2], 1)).toBeNull()
  })
})

describe('two clusters', () => {
  test('are told where nothing lies between them', () => {
    expect(isBimodal([...normals(10, 4), ...normals(6, 5).map(value => value + 15)])).toBe(true)
  })

  test('are not made of single outliers, of noise, or of a few values', () => {
    expect(isBimodal([...normals(19, 6), 40])).toBe(false)
    expect(isBimodal([1, 1, 1, 9, 9])).toBe(false)
    expect(isBimodal([...normals(14, 8), 40, 41, 42])).toBe(false)
    const noisy = Array.from({length: 300}, (_, seed) => isBimodal(normals(20, seed)))
    expect(noisy.filter(Boolean).length).toBeLessThan(2)
  })

  test('are told where values take exactly two', () => {
    expect(isBimodal([1, 2, 1, 2, 1, 2, 1, 2, 1, 2])).toBe(true)
    expect(isBimodal(Array.from({length: 12}, () => 5))).toBe(false)
  })
})

describe('a drift', () => {
  const isDrifting = (values: readonly number[]): boolean => driftingOf([values])[0] === true

  test('is told where durations grow over the run', () => {
    expect(isDrifting(normals(20, 7).map((value, i) => value + i / 3))).toBe(true)
  })

  test('is seldom seen where there is none', () => {
    const seen = Array.from({length: 1_000}, (_, seed) => isDrifting(normals(20, seed)))
    expect(seen.filter(Boolean).length).toBeLessThan(10)
  })

  test('of all rows together is told although none of them shows it by itself', () => {
    const rows = Array.from({length: 6}, (_, row) => normals(9, 50 + row).map((value, i) => value + i / 4))
    expect(driftingOf(rows.slice(0, 1))).toEqual([false])
    expect(driftingOf(rows).filter(Boolean).length).toBeGreaterThan(1)
  })

  test('is seen no more often in many rows than in one', () => {
    const runs = Array.from({length: 200}, (_, run) =>
      driftingOf(Array.from({length: 8}, (_, row) => normals(12, run * 8 + row))),
    )
    expect(runs.filter(flags => flags.includes(true)).length).toBeLessThan(5)
  })
})
