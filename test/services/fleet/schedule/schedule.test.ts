import {describe, expect, it} from 'vitest'
import {
  lastFire,
  mustFireWithin,
  nextFire,
  parseSchedule,
  type Schedule,
} from '../../../../src/services/fleet/schedule/schedule.ts'

const now = Date.parse('2026-11-20T14:00:00Z')
const dayMs = 86_400_000

function read(expression: string, timezone: string | null = null): Schedule {
  const schedule = parseSchedule(expression, timezone)
  if (schedule === null) throw new Error(`${expression} was not read`)
  return schedule
}

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString().slice(0, 16))

describe('a schedule expression', () => {
  it.each([
    // expression, last fire before 2026-11-20 14:00 (a Friday), next one
    ['cron(0 3 1 1 ? *)', '2026-01-01T03:00', '2027-01-01T03:00'],
    ['cron(0/15 * * * ? *)', '2026-11-20T13:45', '2026-11-20T14:15'],
    ['cron(0 12 * * ? *)', '2026-11-20T12:00', '2026-11-21T12:00'],
    ['cron(5,35 14 * * ? *)', '2026-11-19T14:35', '2026-11-20T14:05'],
    ['cron(0 18 ? * MON-FRI *)', '2026-11-19T18:00', '2026-11-20T18:00'],
    ['cron(0 8 1 * ? *)', '2026-11-01T08:00', '2026-12-01T08:00'],
    ['cron(0 10 ? * 2 *)', '2026-11-16T10:00', '2026-11-23T10:00'],
    ['cron(0 10 ? * FRI-MON *)', '2026-11-20T10:00', '2026-11-21T10:00'],
    ['cron(0 10 L * ? *)', '2026-10-31T10:00', '2026-11-30T10:00'],
    ['cron(0 10 L-2 * ? *)', '2026-10-29T10:00', '2026-11-28T10:00'],
    ['cron(0 10 LW * ? *)', '2026-10-30T10:00', '2026-11-30T10:00'],
    ['cron(0 10 1W * ? *)', '2026-11-02T10:00', '2026-12-01T10:00'],
    ['cron(0 10 15W * ? *)', '2026-11-16T10:00', '2026-12-15T10:00'],
    ['cron(0 10 ? * L *)', '2026-11-14T10:00', '2026-11-21T10:00'],
    ['cron(0 10 ? * 6L *)', '2026-10-30T10:00', '2026-11-27T10:00'],
    ['cron(0 10 ? * FRI#3 *)', '2026-11-20T10:00', '2026-12-18T10:00'],
    ['cron(0 10 ? * 2#5 *)', '2026-08-31T10:00', '2026-11-30T10:00'],
    ['cron(0 0 29 2 ? *)', '2024-02-29T00:00', '2028-02-29T00:00'],
    ['cron(0 0 1 JAN ? 2025-2026)', '2026-01-01T00:00', null],
    ['cron(0 0 1 1 ? 2030/2)', null, '2030-01-01T00:00'],
    ['cron(0 0 31 2 ? *)', null, null],
    ['at(2026-12-24T18:00:00)', null, '2026-12-24T18:00'],
    ['at(2026-01-24T18:00:00)', '2026-01-24T18:00', null],
  ])('%s fires when EventBridge fires it', (expression, last, next) => {
    const schedule = read(expression)
    expect([iso(lastFire(schedule, now)), iso(nextFire(schedule, now))]).toEqual([last, next])
  })

  it('is in its own time zone', () => {
    const schedule = read('cron(0 9 ? * MON-FRI *)', 'Europe/Berlin')
    expect(iso(nextFire(schedule, now))).toBe('2026-11-23T08:00')
    expect(iso(nextFire(schedule, Date.parse('2026-07-01T10:00:00Z')))).toBe('2026-07-02T07:00')
    expect(iso(nextFire(read('at(2026-12-24T18:00:00)', 'Asia/Tokyo'), now))).toBe('2026-12-24T09:00')
  })

  it('leaves out a time that clocks jump over, and takes the first of two', () => {
    const spring = read('cron(30 2 * * ? *)', 'Europe/Berlin')
    expect(iso(nextFire(spring, Date.parse('2026-03-28T12:00:00Z')))).toBe('2026-03-30T00:30')
    expect(iso(nextFire(spring, Date.parse('2026-10-24T12:00:00Z')))).toBe('2026-10-25T00:30')
    expect(iso(nextFire(spring, Date.parse('2026-10-25T00:30:00Z')))).toBe('2026-10-26T01:30')
  })

  it.each([
    'cron(0 3 * * * *)',
    'cron(0 3 ? * ? *)',
    'cron(60 3 * * ? *)',
    'cron(0 24 * * ? *)',
    'cron(0 3 32 * ? *)',
    'cron(0 3 ? * 8 *)',
    'cron(0 3 ? * 2#6 *)',
    'cron(0 3 * 13 ? *)',
    'cron(0 3 * * ? 1969)',
    'cron(0 3 * * ?)',
    'cron(0 3 * * ? * *)',
    'cron(0/0 3 * * ? *)',
    'cron()',
    'rate(0 minutes)',
    'rate(5 weeks)',
    'rate(minutes)',
    'at(2026-13-01T00:00:00)',
    'at(tomorrow)',
    '',
    '0 3 * * *',
  ])('%j is none', expression => {
    expect(parseSchedule(expression, null)).toBeNull()
  })

  it('is none in a zone that there is not', () => {
    expect(parseSchedule('cron(0 3 * * ? *)', 'Mars/Olympus')).toBeNull()
    expect(parseSchedule('at(2026-12-24T18:00:00)', 'Mars/Olympus')).toBeNull()
  })

  it.each([
    ['rate(1 day)', true],
    ['rate(30 days)', true],
    ['rate(31 days)', false],
    ['cron(0 3 1 * ? *)', true],
    ['cron(0 3 1 1 ? *)', false],
    ['at(2026-11-01T00:00:00)', true],
    ['at(2026-12-01T00:00:00)', false],
  ])('%s must have fired in 30 days: %s', (expression, must) => {
    expect(mustFireWithin(read(expression), now - 30 * dayMs, now)).toBe(must)
  })

  it('has no last and no next time where nobody tells from when a rate counts', () => {
    const schedule = read('rate(400 days)')
    expect([lastFire(schedule, now), nextFire(schedule, now)]).toEqual([null, null])
  })
})
