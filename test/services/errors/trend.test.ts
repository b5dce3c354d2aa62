import {describe, expect, test} from 'vitest'
import {atLeast, chanceOfNew, significanceToAct, trendOf} from '../../../src/services/errors/trend.ts'

const rate = (count: number, exposure: number) => ({count, exposure})

describe('the binomial tail', () => {
  // sums of terms, done by hand; those of R's pbinom(k - 1, n, p, lower.tail = FALSE) agree
  test.each([
    [3, 10, 0.5, 968 / 1024],
    [10, 10, 0.5, 1 / 1024],
    [1, 1, 0.25, 0.25],
    [1, 3, 0.1, 1 - 0.9 ** 3],
    [2, 4, 0.2, 1 - 0.8 ** 4 - 4 * 0.2 * 0.8 ** 3],
    [5, 5, 0.9, 0.9 ** 5],
    [0, 7, 0.3, 1],
    [8, 7, 0.3, 0],
    [3, 7, 0, 0],
    [3, 7, 1, 1],
  ])('P(X ≥ %i) of %i trials of %f', (k, n, p, expected) => {
    expect(atLeast(k, n, p)).toBeCloseTo(expected, 10)
  })

  test('holds for counts no sum of terms could reach', () => {
    expect(atLeast(500_000, 1_000_000, 0.5)).toBeCloseTo(0.5, 3)
    expect(atLeast(510_000, 1_000_000, 0.5)).toBeLessThan(1e-80)
  })
})

describe('trend', () => {
  test.each([
    ['what was not there is new', rate(1, 60), rate(0, 1_440), 'new'],
    ['what never came at all is steady', rate(0, 60), rate(0, 1_440), 'steady'],
    ['twelve in 9 minutes against two in 12 grow (p = 0.0014)', rate(12, 9), rate(2, 12), 'growing'],
    ['two in an hour against 24 a day are what chance brings', rate(2, 60), rate(24, 1_440), 'steady'],
    ['three times as many of very few is no proof', rate(3, 60), rate(24, 1_440), 'steady'],
    ['a change of less than half is none, however sure', rate(1_400, 60), rate(24_000, 1_440), 'steady'],
    ['one and a half times as many of many is one', rate(1_600, 60), rate(24_000, 1_440), 'growing'],
    ['half as many of many fall', rate(500, 60), rate(24_000, 1_440), 'falling'],
    ['what is gone falls', rate(0, 60), rate(240, 1_440), 'falling'],
    ['what is gone, and was rare, may come again', rate(0, 60), rate(24, 1_440), 'steady'],
    ['without time to compare with nothing can be said', rate(5, 60), rate(5, 0), 'steady'],
  ] as const)('%s', (_, now, before, expected) => {
    expect(trendOf(now, before)).toBe(expected)
  })

  test('who acts on it wants to be surer', () => {
    expect(trendOf(rate(12, 9), rate(2, 12), significanceToAct)).toBe('steady')
    expect(trendOf(rate(14, 276), rate(71, 32_559), significanceToAct)).toBe('growing')
  })

  test('how likely it is that nothing changed, and all came now', () => {
    expect(chanceOfNew(rate(1, 200), rate(0, 200))).toBe(0.5)
    expect(chanceOfNew(rate(10, 200), rate(0, 200))).toBeCloseTo(1 / 1024)
    expect(chanceOfNew(rate(3, 100), rate(0, 0))).toBe(1)
  })
})
