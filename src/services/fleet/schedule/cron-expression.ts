/** What a `cron(…)` of EventBridge says, field by field; all of it as numbers that a calendar knows. */
export type CronExpression = {
  /** ascending */
  readonly minutes: readonly number[]
  /** ascending */
  readonly hours: readonly number[]
  /** 1–12 */
  readonly months: ReadonlySet<number>
  /** null: every year */
  readonly years: ReadonlySet<number> | null
  /** the days of a month on which it fires, 1–31, ascending */
  daysOf(year: number, month: number): readonly number[]
}

type Bounds = {readonly least: number; readonly most: number; readonly names?: readonly string[]}

const monthNames = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ')
const dayNames = 'SUN MON TUE WED THU FRI SAT'.split(' ')

const minuteBounds: Bounds = {least: 0, most: 59}
const hourBounds: Bounds = {least: 0, most: 23}
const dayBounds: Bounds = {least: 1, most: 31}
const monthBounds: Bounds = {least: 1, most: 12, names: monthNames}
/** EventBridge counts from Sunday = 1 */
const weekdayBounds: Bounds = {least: 1, most: 7, names: dayNames}
/** EventBridge's own limits */
const yearBounds: Bounds = {least: 1970, most: 2199}

/**
 * Reads the six fields of EventBridge's cron: minutes, hours, day of month, month, day of week, year, with `, - * ? /`, `L` and `W` for
 * days of the month, `L` and `#` for days of the week.
 * @param fields what stands between the brackets
 * @returns null for what EventBridge would not take
 */
export function parseCron(fields: string): CronExpression | null {
  const [minute = '', hour = '', day = '', month = '', weekday = '', year = '', ...more] = fields.trim().split(/\s+/)
  if (more.length > 0) return null
  const minutes = valuesOf(minute, minuteBounds)
  const hours = valuesOf(hour, hourBounds)
  const months = valuesOf(month, monthBounds)
  const years = year === '*' ? null : valuesOf(year, yearBounds)
  // one of the two has to say that it says nothing
  const daysOf = weekday === '?' ? monthDays(day) : day === '?' ? weekDays(weekday) : null
  if (minutes === null || hours === null || months === null || daysOf === null) return null
  if (years === null && year !== '*') return null
  return {minutes, hours, months: new Set(months), years: years && new Set(years), daysOf}
}

type DaysOf = CronExpression['daysOf']

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate()

/** 0 for Sunday. */
const weekdayOf = (year: number, month: number, day: number): number =>
  new Date(Date.UTC(year, month - 1, day)).getUTCDay()

function monthDays(field: string): DaysOf | null {
  const parts = field.split(',').map(monthDayPart)
  return isEach(parts) ? union(parts) : null
}

function monthDayPart(part: string): DaysOf | null {
  if (/^L$/i.test(part)) return (year, month) => [daysIn(year, month)]
  if (/^LW$/i.test(part)) return (year, month) => [nearestWeekday(year, month, daysIn(year, month))]
  const [, before] = /^L-(\d{1,2})$/i.exec(part) ?? []
  if (before !== undefined) return (year, month) => [daysIn(year, month) - Number(before)].filter(day => day >= 1)
  const [, near] = /^(\d{1,2})W$/i.exec(part) ?? []
  if (near !== undefined) {
    const day = Number(near)
    if (day < 1 || day > 31) return null
    return (year, month) => (day > daysIn(year, month) ? [] : [nearestWeekday(year, month, day)])
  }
  const days = valuesOf(part, dayBounds)
  return days && ((year, month) => days.filter(day => day <= daysIn(year, month)))
}

/** The weekday next to a day, never in another month: `1W` on a Saturday is Monday the third. */
function nearestWeekday(year: number, month: number, day: number): number {
  const weekday = weekdayOf(year, month, day)
  if (weekday === 6) return day === 1 ? 3 : day - 1
  if (weekday === 0) return day === daysIn(year, month) ? day - 2 : day + 1
  return day
}

function weekDays(field: string): DaysOf | null {
  const parts = field.split(',').map(weekDayPart)
  return isEach(parts) ? union(parts) : null
}

function weekDayPart(part: string): DaysOf | null {
  // alone, it is the last day of the week
  if (/^L$/i.test(part)) return weekDayPart('SAT')
  const [, lastOf] = /^(\w+)L$/i.exec(part) ?? []
  if (lastOf !== undefined && numberIn(lastOf, weekdayBounds) !== null) {
    const weekday = numberIn(lastOf, weekdayBounds) ?? 0
    return (year, month) => daysOn(year, month, weekday).slice(-1)
  }
  const [, nth, number] = /^(\w+)#([1-5])$/.exec(part) ?? []
  if (nth !== undefined) {
    const weekday = numberIn(nth, weekdayBounds)
    const at = Number(number) - 1
    return weekday === null ? null : (year, month) => daysOn(year, month, weekday).slice(at, at + 1)
  }
  const weekdays = valuesOf(part, weekdayBounds)
  return weekdays && ((year, month) => weekdays.flatMap(weekday => daysOn(year, month, weekday)))
}

/** The days of a month that are one day of the week, 1 for Sunday. */
function daysOn(year: number, month: number, weekday: number): readonly number[] {
  const first = 1 + ((weekday - 1 - weekdayOf(year, month, 1) + 7) % 7)
  const days: number[] = []
  for (let day = first; day <= daysIn(year, month); day += 7) days.push(day)
  return days
}

const isEach = (parts: readonly (DaysOf | null)[]): parts is readonly DaysOf[] => parts.every(part => part !== null)

function union(parts: readonly DaysOf[]): DaysOf {
  return (year, month) => ascending(parts.flatMap(daysOf => daysOf(year, month)))
}

const ascending = (values: readonly number[]): readonly number[] => [...new Set(values)].sort((a, b) => a - b)

/** All values of a field of `*`, numbers, names, ranges and steps, ascending; null for what is none. */
function valuesOf(field: string, bounds: Bounds): readonly number[] | null {
  const parts = field.split(',').map(part => partValues(part, bounds))
  return parts.every(part => part !== null) ? ascending(parts.flat()) : null
}

function partValues(part: string, bounds: Bounds): readonly number[] | null {
  const [range = '', step, ...more] = part.split('/')
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return null
  const [from, to, ...others] = range.split('-')
  const {least, most} = bounds
  const first = range === '*' ? least : numberIn(from ?? '', bounds)
  // `5/15` goes on to the end
  const last =
    range === '*' || (to === undefined && step !== undefined) ? most : to === undefined ? first : numberIn(to, bounds)
  if (first === null || last === null || others.length > 0) return null
  // `FRI-MON` goes over the end
  const length = last >= first ? last - first : most - least + 1 + last - first
  const by = Number(step ?? 1)
  return Array.from(
    {length: Math.floor(length / by) + 1},
    (_, i) => least + ((first - least + i * by) % (most - least + 1)),
  )
}

function numberIn(text: string, {least, most, names}: Bounds): number | null {
  const named = names?.indexOf(text.toUpperCase()) ?? -1
  if (named >= 0) return least + named
  if (!/^\d{1,4}$/.test(text)) return null
  const value = Number(text)
  return value >= least && value <= most ? value : null
}
