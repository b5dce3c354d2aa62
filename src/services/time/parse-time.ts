import {usageError} from '../../errors.ts'
import {readDuration} from './duration.ts'
import {dateIn, momentsOf} from './wall-time.ts'
import {zoneNamed} from './zone.ts'

export type TimeFlag = '--since' | '--until'

export type TimeContext = {
  /** epoch milliseconds */
  readonly now: number
  /** the display zone: `local`, `UTC` or an IANA name */
  readonly zone: string
  readonly flag: TimeFlag
}

/**
 * The moment a person means, in epoch milliseconds: a time ago (`5m`, `"5 mins ago"`, `1h30m`), `now`, `yesterday`, a time of day
 * (its latest occurrence in the past), a date (its midnight), both, ISO 8601 with or without a zone, epoch seconds or milliseconds.
 * What has no zone is in the display zone. Where clocks were put back and showed a time twice, `--since` takes the earlier and `--until`
 * the later, so that nothing is missed; where they were put forward over it, the moment they jumped is meant.
 * @throws UserError (exit 2) with examples for anything else, and for a time in the future or before 1970
 */
export function parseTime(text: string, context: TimeContext): number {
  const given = text.trim()
  if (given === '') throw timeError(`${context.flag} is empty`)
  const time = momentOf(given, context)
  if (time > context.now) throw timeError(`${context.flag} ${given}: that is in the future`)
  // CloudWatch Logs takes no negative times
  if (time < 0) throw timeError(`${context.flag} ${given}: that is before 1970`)
  return time
}

const examples =
  'Examples: 5m, 90s, 1h30m, 2d4h, 1w, "5 mins ago", now, 13:10, yesterday, 2026-08-10, "2026-08-10 02:34", 2026-08-10T02:34Z, 1786329240.'

function timeError(message: string) {
  return usageError(message, examples)
}

const clockForm = String.raw`(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,](?<fraction>\d{1,9}))?)?\s*(?<offset>z|[+-]\d{2}(?::?\d{2})?)?`
const clock = new RegExp(`^${clockForm}$`, 'i')
const date = new RegExp(String.raw`^(?<date>\d{4}-\d{2}-\d{2})(?:(?:t|\s+)${clockForm})?$`, 'i')

function momentOf(given: string, context: TimeContext): number {
  const {now, zone, flag} = context
  if (/^now$/i.test(given)) return now
  if (/^yesterday$/i.test(given)) {
    const place = zoneNamed(zone)
    return chosen(momentsOf(dateIn(place, now, -1), place), context)
  }
  if (/^\d{12,13}$/.test(given)) return Number(given)
  if (/^\d{9,10}$/.test(given)) return Number(given) * 1000

  const timeOfDay = clock.exec(given)?.groups
  if (timeOfDay) return latestOf(clockTime(timeOfDay, given, flag), placeOf(timeOfDay, zone), context)

  const dated = date.exec(given)?.groups
  if (dated) {
    if (!isDate(dated['date'] ?? '')) throw timeError(`${flag} ${given}: there is no such date`)
    const time = dated['hour'] ? clockTime(dated, given, flag) : '00:00'
    return chosen(momentsOf(`${dated['date']}T${time}`, placeOf(dated, zone)), context)
  }

  const ago = /^(.*?)\s*\bago$/is.exec(given)?.[1] ?? given
  if (!/^\d+(?:\.\d+)?(?:\s*[a-z]|$)/i.test(ago)) throw timeError(`${flag} ${given}: that is not a time`)
  const reading = readDuration(ago)
  if ('problem' in reading) throw timeError(`${flag} ${given}: ${reading.problem}`)
  return now - reading.ms
}

type Groups = Readonly<Record<string, string | undefined>>

/** The time of day in ISO form. */
function clockTime(
  {hour = '', minute = '', second = '00', fraction = '0'}: Groups,
  given: string,
  flag: string,
): string {
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)
    throw timeError(`${flag} ${given}: there is no such time of day`)
  return `${hour.padStart(2, '0')}:${minute}:${second}.${fraction}`
}

/** The zone that was given with the time, as an offset, else the display zone. */
function placeOf({offset}: Groups, zone: string): string {
  if (offset === undefined) return zoneNamed(zone)
  if (offset.toLowerCase() === 'z') return 'UTC'
  const [hours, minutes] = [offset.slice(0, 3), offset.slice(3).replace(':', '') || '00']
  return zoneNamed(`${hours}:${minutes}`)
}

function isDate(text: string): boolean {
  const ms = Date.parse(`${text}T00:00Z`)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text)
}

/** The latest day, today or yesterday, on which this time of day has passed. */
function latestOf(time: string, place: string, context: TimeContext): number {
  const today = momentsOf(`${dateIn(place, context.now)}T${time}`, place)
  if (today.some(moment => moment <= context.now)) return chosen(today, context)
  return chosen(momentsOf(`${dateIn(place, context.now, -1)}T${time}`, place), context)
}

function chosen(moments: readonly number[], {flag, now}: TimeContext): number {
  const [first = Number.NaN] = moments
  if (flag === '--since') return first
  return moments.findLast(moment => moment <= now) ?? first
}
