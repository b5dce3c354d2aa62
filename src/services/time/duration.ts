import {usageError} from '../../errors.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour
const week = 7 * day

const unitNames: readonly (readonly [number, readonly string[]])[] = [
  [week, ['w', 'wk', 'wks', 'week', 'weeks']],
  [day, ['d', 'day', 'days']],
  [hour, ['h', 'hr', 'hrs', 'hour', 'hours']],
  [minute, ['m', 'min', 'mins', 'minute', 'minutes']],
  [second, ['s', 'sec', 'secs', 'second', 'seconds']],
  [1, ['ms', 'msec', 'msecs', 'millisecond', 'milliseconds']],
]
const units = new Map(unitNames.flatMap(([ms, names]) => names.map(name => [name, ms] as const)))

/** Milliseconds, or what keeps the text from being a duration, to follow the text in an error. */
export type DurationReading = {readonly ms: number} | {readonly problem: string}

/**
 * A duration in milliseconds: `30s`, `5 mins`, `1h30m`, `2d4h`, `1.5h`, `300ms`, `1w`. A day is 24 hours, whatever the clocks do.
 * @param flag the flag it was given to, for the error
 * @throws UserError (exit 2) with examples for anything else: no unit, an unknown one, or units that do not go from large to small
 */
export function parseDuration(text: string, flag?: string): number {
  const reading = readDuration(text.trim())
  if ('ms' in reading) return reading.ms
  const given = [flag, text.trim()].filter(Boolean).join(' ') || 'A duration'
  throw usageError(text.trim() === '' ? `${given} is empty` : `${given}: ${reading.problem}`, durationExamples)
}

const durationExamples = 'Examples: 30s, 10m, "5 minutes", 1h30m, 2d4h, 1w.'

/** Reads a duration without judging what it is for; `text` has no space around it. */
export function readDuration(text: string): DurationReading {
  const part = /\s*(\d+(?:\.\d+)?)\s*([a-z]*)/iy
  let ms = 0
  let lastUnit = Number.POSITIVE_INFINITY
  for (let at = 0; at === 0 || at < text.length; at = part.lastIndex) {
    part.lastIndex = at
    const found = part.exec(text)
    if (!found) return {problem: `${text.slice(at).trim()} is not a duration`}
    const [, amount = '', name = ''] = found
    if (name === '') return {problem: `${amount} has no unit (s, m, h, d or w)`}
    const unit = unitNamed(name)
    if (unit === undefined) return {problem: unknownUnit(name)}
    if (unit >= lastUnit) return {problem: 'units go from large to small, each once'}
    lastUnit = unit
    ms += Number(amount) * unit
  }
  return {ms: Math.round(ms)}
}

// a capital M alone is a month to some, so it is nobody's minute
function unitNamed(name: string): number | undefined {
  return units.get(name.length > 1 ? name.toLowerCase() : name)
}

function unknownUnit(name: string): string {
  if (/^(?:M|mo|mon|months?|y|yrs?|years?)$/i.test(name))
    return `${name} is no fixed length of time; give weeks, days or a date`
  return `${name} is not a unit of time (s, m, h, d or w)`
}

const shown: readonly (readonly [number, string])[] = [
  [day, 'd'],
  [hour, 'h'],
  [minute, 'min'],
  [second, 's'],
]

/** A duration for people, by its two largest units: `5 min`, `1 h 30 min`, `24 h`, `2 d 4 h`, `300 ms`. */
export function durationText(ms: number): string {
  if (ms < second) return `${Math.round(ms)} ms`
  // a day is said in hours, as people ask for it
  const usable = ms < 2 * day ? shown.slice(1) : shown
  const first = usable.findIndex(([unit]) => ms >= unit)
  let rest = ms
  const parts = usable.slice(first, first + 2).map(([unit, name]) => {
    const amount = Math.floor(rest / unit)
    rest -= amount * unit
    return amount > 0 ? `${amount} ${name}` : ''
  })
  return parts.filter(Boolean).join(' ')
}
