import {expect, test} from 'vitest'
import {kindOf, numberOf, timeOf, typedValue} from '../../../src/services/insights/rows.ts'

test.each([
  ['12', 12],
  ['-3.50', -3.5],
  ['1.28E8', 128_000_000],
  ['1.28e+8', 128_000_000],
  ['0', 0],
  ['9007199254740993', null],
  ['123456789012345678901234567890', null],
  ['007', null],
  ['1.', null],
  ['0x10', null],
  ['Infinity', null],
  ['1e999', null],
  ['', null],
  [' 1', null],
  ['0.1234567890123456', 0.1234567890123456],
])('%s is the number %s, or text where a digit would be lost', (text, expected) => {
  expect(numberOf(text)).toBe(expected)
})

test('times are UTC and without a zone', () => {
  expect(timeOf('2026-11-20 14:02:11.482')).toBe(Date.UTC(2026, 10, 20, 14, 2, 11, 482))
  expect(timeOf('1786329240000')).toBe(1_786_329_240_000)
  expect(timeOf('2026-13-40 14:02:11.482')).toBeNull()
  expect(timeOf('yesterday')).toBeNull()
  expect(timeOf(undefined)).toBeNull()
})

test('a column is of numbers only where all of its values are, so that a column has one type', () => {
  const isTime = (field: string): boolean => field === '@timestamp'
  expect(kindOf('n', ['1', null, '2.5', 'NaN'], isTime)).toBe('number')
  expect(kindOf('id', ['1', '007'], isTime)).toBe('text')
  expect(kindOf('@message', ['1', '2'], isTime)).toBe('text')
  expect(kindOf('@timestamp', ['2026-11-20 14:02:11.482'], isTime)).toBe('time')
  expect(kindOf('when', ['2026-11-20 14:02:11.482'], isTime)).toBe('text')
  expect(kindOf('empty', [null, ''], isTime)).toBe('text')
  expect(typedValue('NaN', 'number')).toBeNull()
  expect(typedValue('1.5', 'text')).toBe('1.5')
})
