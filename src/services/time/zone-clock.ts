import {zoneNamed} from './zone.ts'

/** Wall-clock text for moments in epoch milliseconds. */
export type ZoneClock = {
  /** `14:02:11.482` */
  time(ms: number): string
  /** `2026-08-10` */
  date(ms: number): string
  /** `+02:00` */
  offset(ms: number): string
}

const minuteMs = 60_000
const dayMs = 86_400_000
// zones change their offset on a quarter of an hour, and nowhere else
const quarterMs = 15 * minuteMs

/**
 * A clock of a zone (`local`, `UTC` or an IANA name) for rendering millions of lines: the offset is asked of Intl once per quarter of an
 * hour, and events of the same second share their text.
 * @throws UserError (exit 2) for a zone nobody knows
 */
export function zoneClock(zone: string): ZoneClock {
  const offsetAt = offsets(zoneNamed(zone))
  let lastSecond = Number.NaN
  let secondText = ''
  let lastDay = Number.NaN
  let dayText = ''
  return {
    time(ms) {
      const local = ms + offsetAt(ms)
      const second = Math.floor(local / 1000)
      if (second !== lastSecond) {
        lastSecond = second
        secondText = new Date(second * 1000).toISOString().slice(-13, -4)
      }
      return secondText + String(Math.floor(local - second * 1000)).padStart(3, '0')
    },
    date(ms) {
      const day = Math.floor((ms + offsetAt(ms)) / dayMs)
      if (day !== lastDay) {
        lastDay = day
        dayText = new Date(day * dayMs).toISOString().slice(0, -14)
      }
      return dayText
    },
    offset(ms) {
      const minutes = Math.round(offsetAt(ms) / minuteMs)
      const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
      return `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`
    },
  }
}

/** The zone's offset from UTC in milliseconds at a moment. */
function offsets(zone: string): (ms: number) => number {
  if (zone === 'UTC') return () => 0
  const format = new Intl.DateTimeFormat('en', {timeZone: zone, timeZoneName: 'longOffset'})
  const known = new Map<number, number>()
  let lastQuarter = Number.NaN
  let lastOffset = 0
  return ms => {
    const quarter = Math.floor(ms / quarterMs)
    if (quarter === lastQuarter) return lastOffset
    lastQuarter = quarter
    lastOffset = known.get(quarter) ?? offsetIn(format.format(quarter * quarterMs))
    known.set(quarter, lastOffset)
    return lastOffset
  }
}

function offsetIn(text: string): number {
  // `GMT` alone is the offset zero; seconds appear only before zones were standardised
  const [, sign, hours = 0, minutes = 0, seconds = 0] = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3_600_000 + Number(minutes) * minuteMs + Number(seconds) * 1000)
}
