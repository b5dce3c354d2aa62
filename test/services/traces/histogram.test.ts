import fc from 'fast-check'
import {expect, test} from 'vitest'
import {histogramOf, measurements, mergedHistograms, quantileMs} from '../../../src/services/traces/histogram.ts'

const of = (times: Readonly<Record<string, number>>) =>
  histogramOf(Object.entries(times).map(([Value, Count]) => ({Value: Number(Value), Count})))

test('a quantile is the least value that so large a share does not exceed', () => {
  const times = of({'0.045': 500, '0.42': 40, '0.89': 10})
  expect(quantileMs(times, 0.5)).toBe(45)
  // 500 of 550 are 90.9 %
  expect(quantileMs(times, 0.9)).toBe(45)
  expect(quantileMs(times, 0.95)).toBe(420)
  expect(quantileMs(times, 0.99)).toBe(890)
  expect(quantileMs(times, 1)).toBe(890)
})

test('a quantile of one value is that value, of an even number the lower middle one', () => {
  expect(quantileMs(of({'1.5': 1}), 0.95)).toBe(1_500)
  expect(quantileMs(of({'0.001': 1, '0.002': 1}), 0.5)).toBe(1)
  // 95 of 100, exactly
  expect(quantileMs(of({'0.01': 95, '0.02': 5}), 0.95)).toBe(10)
  expect(quantileMs(of({'0.01': 94, '0.02': 6}), 0.95)).toBe(20)
})

test('nothing measured has no quantile, and what is no measurement counts as nothing', () => {
  expect(quantileMs(of({}), 0.5)).toBeNull()
  const odd = histogramOf([
    {Value: Number.NaN, Count: 3},
    {Value: -1, Count: 2},
    {Count: 4},
    {Value: 0.2},
    {Value: 0.1, Count: 1},
  ])
  expect(measurements(odd)).toBe(1)
  expect(quantileMs(odd, 0.5)).toBe(100)
})

test('merged histograms have the quantiles of all that was measured', () => {
  const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b)
  const times = fc.array(
    fc.integer({min: 0, max: 40}).map(ms => ms / 1_000),
    {minLength: 1, maxLength: 60},
  )
  fc.assert(
    fc.property(times, times, fc.constantFrom(0.5, 0.9, 0.95, 0.99), (one, other, q) => {
      const histograms = [one, other].map(values => histogramOf(values.map(Value => ({Value, Count: 1}))))
      const [first, second] = histograms
      if (!first || !second) return
      const all = sorted([...one, ...other])
      const rank = Math.ceil(q * all.length - 1e-9)
      expect(quantileMs(mergedHistograms(first, second), q)).toBe(Number(((all[rank - 1] ?? 0) * 1_000).toFixed(3)))
    }),
  )
})
