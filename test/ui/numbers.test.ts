import {describe, expect, it} from 'vitest'
import {count, counted, duration, roughCount, roughDuration, usd} from '../../src/ui/numbers.ts'

it.each([
  [0, '0 ms'],
  [0.84, '0.8 ms'],
  [1.06, '1.1 ms'],
  [11.48, '11 ms'],
  [412.2, '412 ms'],
  [999.4, '999 ms'],
  [999.7, '1.00 s'],
  [1_240.11, '1.24 s'],
  [3_000, '3.00 s'],
  [9_996, '10.0 s'],
  [41_260, '41.3 s'],
  [59_960, '1 min'],
  [124_000, '2 min 4 s'],
  [3_599_900, '1 h'],
  [7_440_000, '2 h 4 min'],
  [273_600_000, '3 d 4 h'],
])('a measured duration of %s ms reads %s', (ms, text) => {
  expect(duration(ms)).toBe(text)
})

it.each([
  [2_140, '2.1 s'],
  [41_120, '41 s'],
  [9_960, '10 s'],
  [8_000, '8 s'],
  [59_600, '1 min'],
])('a rough duration of %s ms reads %s', (ms, text) => {
  expect(roughDuration(ms)).toBe(text)
})

describe('counts', () => {
  it.each([
    [840, '840'],
    [18_204, '18.2 k'],
    [812_000, '812 k'],
    [999_600, '1.00 M'],
    [1_200_000, '1.20 M'],
    [3_400_000_000, '3.40 G'],
  ])('%s roughly is %s', (value, text) => {
    expect(roughCount(value)).toBe(text)
  })

  it('are grouped by thousands where they are exact', () => {
    expect([0, 999, 1_204, 18_204, 1_000_000].map(count)).toEqual(['0', '999', '1,204', '18,204', '1,000,000'])
  })

  it('have a noun in the right number', () => {
    expect([counted(1, 'page'), counted(0, 'page'), counted(1_204, 'page')]).toEqual([
      '1 page',
      '0 pages',
      '1,204 pages',
    ])
  })
})

it.each([
  [0, '$0.00'],
  [0.0031, '$0.0031'],
  [0.2, '$0.20'],
  [0.74, '$0.74'],
  [0.999, '$1.00'],
  [21.6, '$21.60'],
  [1_234.5, '$1,234.50'],
  [-3.2, '−$3.20'],
  [0.000998, '$0.0010'],
  [0.0996, '$0.10'],
])('%s dollars read %s', (amount, text) => {
  expect(usd(amount)).toBe(text)
})
