import {usageError} from '../../errors.ts'
import {durationText, parseDuration} from './duration.ts'
import {parseTime} from './parse-time.ts'
import {zoneNamed} from './zone.ts'
import {zoneClock} from './zone-clock.ts'

/** What to read, in epoch milliseconds. */
export type TimeWindow = {
  readonly start: number
  /** null where no `--until` was given: the window ends now, or goes on when following */
  readonly end: number | null
}

export type WindowWords = {
  /** undefined: `sinceByDefault` before the end */
  readonly since: string | undefined
  /** a duration, as `10m` */
  readonly sinceByDefault: string
  readonly until: string | undefined
  /** epoch milliseconds */
  readonly now: number
  /** the display zone: `local`, `UTC` or an IANA name */
  readonly zone: string
}

/**
 * The window that `--since` and `--until` mean, each counted from now; without `--since` its default is counted from the end.
 * @throws UserError (exit 2) as parseTime does, and for a start after the end
 */
export function parseWindow({since, sinceByDefault, until, now, zone}: WindowWords): TimeWindow {
  const end = until === undefined ? null : parseTime(until, {now, zone, flag: '--until'})
  if (since === undefined) return {start: (end ?? now) - parseDuration(sinceByDefault), end}
  const start = parseTime(since, {now, zone, flag: '--since'})
  if (end === null || start <= end) return {start, end}

  const moment = momentText(zone)
  throw usageError(
    `--since ${since} (${moment(start)}) is after --until ${until} (${moment(end)})`,
    'Durations are counted from now: --since 2h --until 1h is the hour before the last.',
  )
}

function momentText(zone: string): (ms: number) => string {
  const clock = zoneClock(zone)
  return ms => `${clock.date(ms)} ${clock.time(ms).slice(0, 8)}`
}

/**
 * A window for people: `last 5 min · 14:02:11–14:07:11 +02:00`, with dates where it is not all today; without an end, `since 14:02:11 +02:00`.
 * @param end null while following
 * @throws UserError (exit 2) for a zone nobody knows
 */
export function describeWindow(start: number, end: number | null, zone: string, now: number): string {
  const clock = zoneClock(zone)
  const isUtc = zoneNamed(zone) === 'UTC'
  const offset = (ms: number) => (isUtc ? 'UTC' : clock.offset(ms))
  const today = clock.date(now)
  const isToday = clock.date(start) === today && clock.date(end ?? now) === today
  const moment = (ms: number) => `${isToday ? '' : `${clock.date(ms)} `}${clock.time(ms).slice(0, 8)}`

  if (end === null) return `since ${moment(start)} ${offset(start)}`
  const length = `${end === now ? 'last ' : ''}${durationText(end - start)}`
  if (offset(start) !== offset(end))
    return `${length} · ${moment(start)} ${offset(start)} – ${moment(end)} ${offset(end)}`
  if (isToday) return `${length} · ${moment(start)}–${moment(end)} ${offset(end)}`
  const isOneDay = clock.date(start) === clock.date(end)
  const until = isOneDay ? `–${clock.time(end).slice(0, 8)}` : ` – ${moment(end)}`
  return `${length} · ${moment(start)}${until} ${offset(end)}`
}
