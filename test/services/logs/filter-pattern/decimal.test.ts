import {expect, test} from 'vitest'
import {compareDecimals, isDecimal} from '../../../../src/services/logs/filter-pattern/decimal.ts'

test.each([
  ['1', '1.0', 0],
  ['0', '-0.00', 0],
  ['1e3', '1000', 0],
  ['0.1', '1e-1', 0],
  ['.5', '+0.50', 0],
  ['12345678901234567890', '12345678901234567891', -1],
  ['-2', '-1', -1],
  ['-1', '0', -1],
  ['9', '10', -1],
  ['0.09', '0.1', -1],
  ['1e400', '1e399', 1],
  ['100.00000000000000000001', '100', 1],
])('%s against %s is %d', (left, right, expected) => {
  expect(Math.sign(compareDecimals(left, right))).toBe(expected)
  expect(Math.sign(compareDecimals(right, left)) + 0).toBe(-expected + 0)
})

test('words, empty text and version numbers are not decimals', () => {
  expect(['', '-', '.', 'e3', '1.2.3', '0x10', 'Infinity', '1e', ' 1'].filter(isDecimal)).toEqual([])
})
