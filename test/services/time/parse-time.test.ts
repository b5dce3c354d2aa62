import {describe, expect, test} from 'vitest'
import {parseTime, type TimeFlag} from '../../../src/services/time/parse-time.ts'

const now = Date.parse('2026-08-10T12:07:11.250Z')

function read(text: string, options: {now?: string; zone?: string; flag?: TimeFlag} = {}): string {
  const {zone = 'Europe/Berlin', flag = '--since'} = options
  return new Date(parseTime(text, {now: options.now ? Date.parse(options.now) : now, zone, flag})).toISOString()
}

describe('T37 times ago', () => {
  const ago = (ms: number) => new Date(now - ms).toISOString()
  const minute = 60_000
  test.each([
    ['5m', 5 * minute],
    ['5min', 5 * minute],
    ['5mins', 5 * minute],
    ['5 min', 5 * minute],
    ['5 minutes', 5 * minute],
    ['5 minutes ago', 5 * minute],
    ['5 mins ago', 5 * minute],
    ['5m ago', 5 * minute],
    ['90s', 90_000],
    ['90 seconds ago', 90_000],
    ['1h30m', 90 * minute],
    ['1h 30m ago', 90 * minute],
    ['2d4h', 52 * 60 * minute],
    ['1w', 7 * 24 * 60 * minute],
    ['now', 0],
    ['Now', 0],
  ])('%s', (text, ms) => {
    expect(read(text)).toBe(ago(ms))
  })
})

describe('T37 T38 points in time, in the display zone where they name none', () => {
  test.each([
    ['13:10', '2026-08-10T11:10:00.000Z'],
    ['13:10:05', '2026-08-10T11:10:05.000Z'],
    ['9:05', '2026-08-10T07:05:00.000Z'],
    ['14:07:11.2', '2026-08-10T12:07:11.200Z'],
    ['14:08', '2026-08-09T12:08:00.000Z'],
    ['13:10Z', '2026-08-09T13:10:00.000Z'],
    ['11:10z', '2026-08-10T11:10:00.000Z'],
    ['13:10+05:30', '2026-08-10T07:40:00.000Z'],
    ['yesterday', '2026-08-08T22:00:00.000Z'],
    ['2026-08-10', '2026-08-09T22:00:00.000Z'],
    ['2026-08-10 02:34', '2026-08-10T00:34:00.000Z'],
    ['2026-08-10T02:34', '2026-08-10T00:34:00.000Z'],
    ['2026-08-10T02:34:05.123', '2026-08-10T00:34:05.123Z'],
    ['2026-08-10T02:34Z', '2026-08-10T02:34:00.000Z'],
    ['2026-08-10 02:34:05+02', '2026-08-10T00:34:05.000Z'],
    ['2026-08-10T02:34:05.123-0700', '2026-08-10T09:34:05.123Z'],
    ['1786341600', '2026-08-10T06:00:00.000Z'],
    ['1786341600123', '2026-08-10T06:00:00.123Z'],
  ])('%s is %s', (text, expected) => {
    expect(read(text)).toBe(expected)
  })

  test('the same text means another moment in another zone', () => {
    expect(read('13:10', {zone: 'UTC'})).toBe('2026-08-09T13:10:00.000Z')
    expect(read('13:10', {zone: 'Asia/Tokyo'})).toBe('2026-08-10T04:10:00.000Z')
    expect(read('yesterday', {zone: 'Asia/Tokyo'})).toBe('2026-08-08T15:00:00.000Z')
    expect(read('2026-08-10', {zone: 'america/new_york'})).toBe('2026-08-10T04:00:00.000Z')
  })
})

describe('T37 what is refused, with examples', () => {
  test.each([
    ['', '--since is empty'],
    ['  ', '--since is empty'],
    ['10 months', '--since 10 months: months is no fixed length of time; give weeks, days or a date'],
    ['10 months ago', '--since 10 months ago: months is no fixed length of time; give weeks, days or a date'],
    ['1h30', '--since 1h30: 30 has no unit (s, m, h, d or w)'],
    ['5x', '--since 5x: x is not a unit of time (s, m, h, d or w)'],
    ['30', '--since 30: 30 has no unit (s, m, h, d or w)'],
    ['ago', '--since ago: that is not a time'],
    ['soon', '--since soon: that is not a time'],
    ['-5m', '--since -5m: that is not a time'],
    ['5m later', '--since 5m later: later is not a duration'],
    ['25:00', '--since 25:00: there is no such time of day'],
    ['13:60', '--since 13:60: there is no such time of day'],
    ['2026-02-30', '--since 2026-02-30: there is no such date'],
    ['2026-13-01 10:00', '--since 2026-13-01 10:00: there is no such date'],
    ['10/08/2026', '--since 10/08/2026: that is not a time'],
    ['2026-08-10 02:34 tomorrow', '--since 2026-08-10 02:34 tomorrow: that is not a time'],
    ['2026-08-11', '--since 2026-08-11: that is in the future'],
    ['2026-08-10T12:07:12Z', '--since 2026-08-10T12:07:12Z: that is in the future'],
    ['1786415640', '--since 1786415640: that is in the future'],
    ['5000w', '--since 5000w: that is before 1970'],
  ])('%j', (text, message) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({message, exitCode: 2, hint: expect.stringMatching(/^Examples: 5m/)}),
    )
  })

  test('a display zone nobody knows', () => {
    expect(() => read('13:10', {zone: 'Mars/Olympus'})).toThrow('Mars/Olympus is not a time zone')
  })
})

describe('T37 when clocks change', () => {
  // Berlin: 2026-03-29 02:00 → 03:00 at 01:00Z; 2026-10-25 03:00 → 02:00 at 01:00Z
  test('a time that was skipped is the moment the clocks jumped', () => {
    const jump = '2026-03-29T01:00:00.000Z'
    expect(read('2026-03-29 02:30')).toBe(jump)
    expect(read('2026-03-29 02:30', {flag: '--until'})).toBe(jump)
    expect(read('02:30', {now: '2026-03-29T01:15:00Z'})).toBe(jump)
  })

  test('a time that came twice is the earlier for --since and the later for --until', () => {
    const later = {now: '2026-10-26T00:00:00Z'}
    expect(read('2026-10-25 02:30', later)).toBe('2026-10-25T00:30:00.000Z')
    expect(read('2026-10-25 02:30', {...later, flag: '--until'})).toBe('2026-10-25T01:30:00.000Z')
  })

  test('between the two, --until takes the one that has passed', () => {
    const between = {now: '2026-10-25T00:45:00Z'}
    expect(read('02:30', between)).toBe('2026-10-25T00:30:00.000Z')
    expect(read('02:30', {...between, flag: '--until'})).toBe('2026-10-25T00:30:00.000Z')
  })

  test('an offset says which of the two is meant', () => {
    const later = {now: '2026-10-26T00:00:00Z'}
    expect(read('2026-10-25 02:30+01:00', later)).toBe('2026-10-25T01:30:00.000Z')
  })

  test('a day that begins at one o’clock begins there', () => {
    expect(read('2026-04-24', {zone: 'Africa/Cairo'})).toBe('2026-04-23T22:00:00.000Z')
  })

  test('yesterday is a day of 23 hours after the jump', () => {
    expect(read('yesterday', {now: '2026-03-30T10:00:00Z'})).toBe('2026-03-28T23:00:00.000Z')
  })
})
