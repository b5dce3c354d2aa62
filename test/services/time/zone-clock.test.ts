import {describe, expect, test} from 'vitest'
import {zoneClock} from '../../../src/services/time/zone-clock.ts'

const at = (text: string) => Date.parse(text)

describe('zoneClock', () => {
  test('shows the time, the date and the offset of the zone', () => {
    const clock = zoneClock('Europe/Berlin')
    const ms = at('2026-08-10T22:02:11.482Z')
    expect([clock.date(ms), clock.time(ms), clock.offset(ms)]).toEqual(['2026-08-11', '00:02:11.482', '+02:00'])
  })

  test.each([
    ['UTC', '2026-08-10 22:02:11.482 +00:00'],
    ['Asia/Kathmandu', '2026-08-11 03:47:11.482 +05:45'],
    ['America/St_Johns', '2026-08-10 19:32:11.482 -02:30'],
    ['America/Los_Angeles', '2026-08-10 15:02:11.482 -07:00'],
    ['+02:00', '2026-08-11 00:02:11.482 +02:00'],
  ])('%s', (zone, expected) => {
    const clock = zoneClock(zone)
    const ms = at('2026-08-10T22:02:11.482Z')
    expect(`${clock.date(ms)} ${clock.time(ms)} ${clock.offset(ms)}`).toBe(expected)
  })

  test('T37 follows the clocks to the millisecond when they change, in either order', () => {
    const clock = zoneClock('Europe/Berlin')
    const moments = ['2026-03-29T01:00:00.000Z', '2026-03-29T00:59:59.999Z', '2026-03-29T01:00:00.000Z'].map(at)
    expect(moments.map(ms => `${clock.time(ms)} ${clock.offset(ms)}`)).toEqual([
      '03:00:00.000 +02:00',
      '01:59:59.999 +01:00',
      '03:00:00.000 +02:00',
    ])
  })

  test('agrees with Intl over two years', () => {
    const clock = zoneClock('Australia/Lord_Howe')
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'Australia/Lord_Howe',
      dateStyle: 'short',
      timeStyle: 'medium',
    })
    const start = at('2025-01-01T00:00:00Z')
    for (let step = 0; step < 2_000; step++) {
      const ms = start + step * 31_537_000
      expect(`${clock.date(ms)} ${clock.time(ms).slice(0, 8)}`).toBe(format.format(ms))
    }
  })
})
