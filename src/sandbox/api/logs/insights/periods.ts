import type {PeriodUnit} from './syntax-tree.ts'

export type Period = {readonly amount: number; readonly unit: PeriodUnit}

const day = 86_400_000
const lengths = {ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: day, w: 7 * day} as const
const months = {mo: 1, q: 3, y: 12} as const
// Weeks begin on Mondays, and the epoch began on a Thursday.
const firstMonday = 4 * day

/** The beginning of the period a moment lies in, epoch ms; months, quarters and years are the calendar's, in UTC. */
export function floorTime(time: number, {amount, unit}: Period): number {
  if (unit === 'mo' || unit === 'q' || unit === 'y') {
    const date = new Date(time)
    const length = amount * months[unit]
    const first = Math.floor((date.getUTCFullYear() * 12 + date.getUTCMonth()) / length) * length
    return Date.UTC(Math.floor(first / 12), first % 12)
  }
  const length = amount * lengths[unit]
  const origin = unit === 'w' ? firstMonday : 0
  return Math.floor((time - origin) / length) * length + origin
}

/** The end of the period a moment lies in; a moment that begins one is its own. */
export function ceilTime(time: number, period: Period): number {
  const start = floorTime(time, period)
  if (start === time) return time
  const {amount, unit} = period
  if (unit === 'mo' || unit === 'q' || unit === 'y') {
    const date = new Date(start)
    return date.setUTCMonth(date.getUTCMonth() + amount * months[unit])
  }
  return start + amount * lengths[unit]
}
