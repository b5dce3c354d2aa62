import {momentsOf} from '../../time/wall-time.ts'
import {type ZoneClock, zoneClock} from '../../time/zone-clock.ts'
import {type CronExpression, parseCron} from './cron-expression.ts'

/** When something is started by the clock, as far as its expression tells. */
export type Schedule =
  /** counted from a moment that nobody tells */
  | {readonly kind: 'rate'; readonly periodMs: number}
  /** once */
  | {readonly kind: 'at'; readonly at: number}
  | {readonly kind: 'cron'; readonly cron: CronExpression; readonly zone: string; readonly clock: ZoneClock}

const unitMs: Readonly<Record<string, number>> = {minute: 60_000, hour: 3_600_000, day: 86_400_000}

/**
 * Reads a schedule expression of EventBridge rules and of EventBridge Scheduler: `rate(5 minutes)`, `cron(0 3 1 1 ? *)`,
 * `at(2026-12-24T18:00:00)`.
 * @param timezone an IANA name; null: UTC, as rules are
 * @returns null for what neither would take
 */
export function parseSchedule(expression: string, timezone: string | null): Schedule | null {
  const [, kind, inner = ''] = /^\s*(rate|cron|at)\((.*)\)\s*$/s.exec(expression) ?? []
  if (kind === 'rate') return parseRate(inner)
  try {
    const zone = timezone ?? 'UTC'
    if (kind === 'at') {
      const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(inner.trim()) ? momentsOf(inner.trim(), zone)[0] : undefined
      return at === undefined ? null : {kind, at}
    }
    const cron = kind === 'cron' ? parseCron(inner) : null
    return cron && {kind: 'cron', cron, zone, clock: zoneClock(zone)}
  } catch {
    // a zone, or a day, that there is not
    return null
  }
}

function parseRate(text: string): Schedule | null {
  const [, value, unit = ''] = /^\s*([1-9]\d{0,8})\s+(minute|hour|day)s?\s*$/.exec(text) ?? []
  const ms = unitMs[unit]
  return value === undefined || ms === undefined ? null : {kind: 'rate', periodMs: Number(value) * ms}
}

/** Epoch ms of the first time after `after` at which it fires; null for never again, and for a rate, whose phase nobody tells. */
export function nextFire(schedule: Schedule, after: number): number | null {
  if (schedule.kind === 'rate') return null
  if (schedule.kind === 'at') return schedule.at > after ? schedule.at : null
  return firstFrom(fires(schedule, after, 1), at => at > after)
}

/** Epoch ms of the last time before `before` at which it fired, had it been there; null for never, and for a rate. */
export function lastFire(schedule: Schedule, before: number): number | null {
  if (schedule.kind === 'rate') return null
  if (schedule.kind === 'at') return schedule.at < before ? schedule.at : null
  return firstFrom(fires(schedule, before, -1), at => at < before)
}

/** Whether it must have fired in [start, end), whatever its phase. */
export function mustFireWithin(schedule: Schedule, start: number, end: number): boolean {
  if (schedule.kind === 'rate') return schedule.periodMs <= end - start
  const next = nextFire(schedule, start - 1)
  return next !== null && next < end
}

const firstYear = 1970
const lastYear = 2199
/** by more than clocks are ever put forward or back */
const hoursAround = 3

/** The times at which it fires, from the month of `from` forwards or backwards: the first may be on the other side of `from`. */
function* fires(
  {cron, zone, clock}: Extract<Schedule, {kind: 'cron'}>,
  from: number,
  direction: 1 | -1,
): Generator<number> {
  const inOrder = <T>(values: readonly T[]): readonly T[] => (direction === 1 ? values : values.toReversed())
  const [startYear = 0, startMonth = 1, startDay = 1] = clock.date(from).split('-').map(Number)
  const startHour = Number(clock.time(from).slice(0, 2))
  for (let year = startYear; year >= firstYear && year <= lastYear; year += direction) {
    if (cron.years !== null && !cron.years.has(year)) continue
    for (const month of inOrder([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])) {
      if (!cron.months.has(month) || (year === startYear && (month - startMonth) * direction < 0)) continue
      const isStart = year === startYear && month === startMonth
      const days = cron.daysOf(year, month).filter(day => !isStart || (day - startDay) * direction >= 0)
      for (const day of inOrder(days)) {
        const isNear = (hour: number): boolean => (hour - startHour) * direction >= -hoursAround
        for (const hour of inOrder(isStart && day === startDay ? cron.hours.filter(isNear) : cron.hours))
          for (const minute of inOrder(cron.minutes)) {
            const [date, time] = [[String(year), two(month), two(day)].join('-'), [two(hour), two(minute)].join(':')]
            const [at] = momentsOf(`${date}T${time}`, zone)
            // what clocks jump over does not happen
            if (at !== undefined && clock.time(at).startsWith(time)) yield at
          }
      }
    }
  }
}

const two = (value: number): string => String(value).padStart(2, '0')

function firstFrom(times: Iterable<number>, isWanted: (at: number) => boolean): number | null {
  for (const at of times) if (isWanted(at)) return at
  return null
}
