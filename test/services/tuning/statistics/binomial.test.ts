import {describe, expect, test} from 'vitest'
import {allowances, binomialAtMost} from '../../../../src/services/tuning/statistics/binomial.ts'

describe('certifying a percentile', () => {
  test.each([
    [90, [29, 46, 61]],
    [95, [59, 93, 124, 153]],
    [99, [299, 473, 628]],
  ])('T20: p%d takes so many invocations of which 0, 1, 2 … exceed the limit', (percentile, expected) => {
    expect(allowances(percentile, expected.length - 1)).toEqual(
      expected.map((invocations, exceeding) => ({invocations, exceeding})),
    )
  })

  test('sums up the binomial distribution', () => {
    expect(binomialAtMost(0, 59, 0.05)).toBeCloseTo(0.95 ** 59, 12)
    expect(binomialAtMost(1, 3, 0.5)).toBeCloseTo(0.5, 12)
    expect(binomialAtMost(-1, 3, 0.5)).toBe(0)
    expect(binomialAtMost(3, 3, 0.5)).toBe(1)
  })
})
