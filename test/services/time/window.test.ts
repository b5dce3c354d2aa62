import {describe, expect, test} from 'vitest'
import {describeWindow, parseWindow} from '../../../src/services/time/window.ts'

const at = (text: string) => Date.parse(text)
const now = at('2026-08-10T12:07:11Z')
const zone = 'Europe/Berlin'

describe('parseWindow', () => {
  test('has its default before its end', () => {
    const words = {since: undefined, sinceByDefault: '10m', now, zone}
    expect(parseWindow({...words, until: undefined})).toEqual({start: now - 600_000, end: null})
    expect(parseWindow({...words, until: '1h'})).toEqual({start: now - 4_200_000, end: now - 3_600_000})
  })

  test('without --until there is no end', () => {
    expect(parseWindow({sinceByDefault: '10m', since: '5mins', until: undefined, now, zone})).toEqual({
      start: now - 300_000,
      end: null,
    })
  })

  test('both flags are counted from now', () => {
    const window = parseWindow({sinceByDefault: '10m', since: '2h', until: '1h', now, zone})
    expect(window).toEqual({start: now - 7_200_000, end: now - 3_600_000})
    expect(parseWindow({sinceByDefault: '10m', since: '2h', until: 'now', now, zone}).end).toBe(now)
  })

  test('T37 a start after the end is a usage error that says both', () => {
    expect(() => parseWindow({sinceByDefault: '10m', since: '10m', until: '13:00', now, zone})).toThrow(
      expect.objectContaining({
        message: '--since 10m (2026-08-10 13:57:11) is after --until 13:00 (2026-08-10 13:00:00)',
        exitCode: 2,
      }),
    )
  })

  test('an end in the future is refused', () => {
    expect(() => parseWindow({sinceByDefault: '10m', since: '10m', until: '2026-08-11', now, zone})).toThrow(
      '--until 2026-08-11: that is in the future',
    )
  })
})

describe('describeWindow', () => {
  test.each([
    ['a window up to now', '2026-08-10T12:02:11Z', '2026-08-10T12:07:11Z', 'last 5 min · 14:02:11–14:07:11 +02:00'],
    ['a window of today', '2026-08-10T11:00:00Z', '2026-08-10T12:00:00Z', '1 h · 13:00:00–14:00:00 +02:00'],
    [
      'a window of another day',
      '2026-08-09T11:00:00Z',
      '2026-08-09T12:00:00Z',
      '1 h · 2026-08-09 13:00:00–14:00:00 +02:00',
    ],
    [
      'a window over midnight',
      '2026-08-09T12:07:11Z',
      '2026-08-10T12:07:11Z',
      'last 24 h · 2026-08-09 14:07:11 – 2026-08-10 14:07:11 +02:00',
    ],
    [
      'a window in which the clocks changed',
      '2026-03-29T00:30:00Z',
      '2026-03-29T01:30:00Z',
      '1 h · 2026-03-29 01:30:00 +01:00 – 2026-03-29 03:30:00 +02:00',
    ],
  ])('%s', (_, start, end, expected) => {
    expect(describeWindow(at(start), at(end), zone, now)).toBe(expected)
  })

  test('an open window says since when', () => {
    expect(describeWindow(now - 300_000, null, zone, now)).toBe('since 14:02:11 +02:00')
    expect(describeWindow(now - 86_400_000, null, zone, now)).toBe('since 2026-08-09 14:07:11 +02:00')
  })

  test('T38 UTC is said as such', () => {
    expect(describeWindow(now - 300_000, now, 'utc', now)).toBe('last 5 min · 12:02:11–12:07:11 UTC')
  })
})
