import {createRequire} from 'node:module'

// Loaded when a time of day or a date needs it: it takes 10 ms, and most windows are "5m".
// By require, so that reading a flag need not be awaited.
const require = createRequire(import.meta.url)
function temporal() {
  return (require('temporal-polyfill') as typeof import('temporal-polyfill')).Temporal
}

/** The date in a zone at `epochMs`, or that many days later: `2026-08-10`. */
export function dateIn(zone: string, epochMs: number, daysLater = 0): string {
  const date = temporal().Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(zone).toPlainDate()
  return date.add({days: daysLater}).toString()
}

/**
 * The moments, in epoch milliseconds and in order, at which clocks in the zone show a time such as `2026-08-10T02:34`.
 * One as a rule; two when clocks are put back over it. Where they are put forward over it, the moment they jump: what was logged before
 * shows an earlier time, and what was logged after shows a later one.
 */
export function momentsOf(wallTime: string, zone: string): readonly number[] {
  const plain = temporal().PlainDateTime.from(wallTime)
  const earlier = plain.toZonedDateTime(zone, {disambiguation: 'earlier'})
  if (!earlier.toPlainDateTime().equals(plain)) {
    const jump = earlier.getTimeZoneTransition('next')
    return [(jump ?? earlier).epochMilliseconds]
  }
  const later = plain.toZonedDateTime(zone, {disambiguation: 'later'})
  return earlier.equals(later) ? [earlier.epochMilliseconds] : [earlier.epochMilliseconds, later.epochMilliseconds]
}
