import {describe, expect, test} from 'vitest'
import {durationText, parseDuration} from '../../../src/services/time/duration.ts'

const minute = 60_000
const hour = 60 * minute

describe('parseDuration', () => {
  test.each([
    ['300ms', 300],
    ['30s', 30_000],
    ['10m', 10 * minute],
    ['5 minutes', 5 * minute],
    ['5Mins', 5 * minute],
    ['1h30m', 90 * minute],
    ['1 h 30 min', 90 * minute],
    ['1.5h', 90 * minute],
    ['2d4h', 52 * hour],
    ['1w', 168 * hour],
    ['0s', 0],
    [' 5m ', 5 * minute],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })

  test.each([
    ['', '--for is empty'],
    ['30', '--for 30: 30 has no unit (s, m, h, d or w)'],
    ['1h30', '--for 1h30: 30 has no unit (s, m, h, d or w)'],
    ['5x', '--for 5x: x is not a unit of time (s, m, h, d or w)'],
    ['5M', '--for 5M: M is no fixed length of time; give weeks, days or a date'],
    ['10 months', '--for 10 months: months is no fixed length of time; give weeks, days or a date'],
    ['30m1h', '--for 30m1h: units go from large to small, each once'],
    ['5m5m', '--for 5m5m: units go from large to small, each once'],
    ['-5m', '--for -5m: -5m is not a duration'],
    ['soon', '--for soon: soon is not a duration'],
    ['5m!', '--for 5m!: ! is not a duration'],
  ])('%j is refused with examples', (text, message) => {
    expect(() => parseDuration(text, '--for')).toThrow(
      expect.objectContaining({message, exitCode: 2, hint: expect.stringContaining('1h30m')}),
    )
  })
})

test('durationText says the two largest units', () => {
  const texts = [
    0,
    300,
    1_000,
    5 * minute,
    90 * minute,
    57 * minute + 3_482,
    hour + 5_000,
    24 * hour,
    52 * hour,
    720 * hour,
  ]
  expect(texts.map(durationText)).toEqual([
    '0 ms',
    '300 ms',
    '1 s',
    '5 min',
    '1 h 30 min',
    '57 min 3 s',
    '1 h',
    '24 h',
    '2 d 4 h',
    '30 d',
  ])
})
