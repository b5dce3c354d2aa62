import {describe, expect, test} from 'vitest'
import {initAxis} from '../../src/ui/init-axis.ts'

const labels = (durations: readonly number[]): string =>
  initAxis(durations)
    .ticks.map(({label}) => label)
    .join(' ')

describe('the axis of inits', () => {
  test('goes from and to a round number, with the unit where it changes', () => {
    expect(labels([73, 4_800])).toBe('50 ms 100 200 500 1 s 2 s 5 s')
    expect(labels([25, 10_000])).toBe('20 ms 50 100 200 500 1 s 2 s 5 s 10 s')
  })

  test('is a decade at least, so that little differences look little', () => {
    expect(labels([401, 402])).toBe('200 ms 500 1 s 2 s')
  })

  test('has only powers of ten where there is no room for more', () => {
    expect(labels([6, 880_000])).toBe('10 ms 100 1 s 10 s 100 s 1000 s')
  })

  test('is an axis of nothing too, and of what is no duration', () => {
    expect(labels([])).toBe('100 ms 200 500 1 s')
    expect(labels([Number.NaN, 0, -4, Number.POSITIVE_INFINITY])).toBe('100 ms 200 500 1 s')
  })

  test('places durations by their ratio, and what is beyond an end at that end', () => {
    const {at} = initAxis([100, 10_000])
    expect([100, 1_000, 10_000, 0, 1e9].map(ms => Math.round(at(ms) * 1_000) / 1_000)).toEqual([0, 0.5, 1, 0, 1])
  })
})
