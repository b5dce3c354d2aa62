/** One field of a row as Logs Insights answers it: everything is text. */
type ResultField = {readonly field?: string | undefined; readonly value?: string | undefined}
export type ResultRow = readonly ResultField[]

/** A value as what it is: a time is epoch milliseconds. */
export type Column = {readonly field: string; readonly kind: 'text' | 'number' | 'time'}

const timestamp = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{3})$/

/** Epoch ms of `2026-11-20 14:02:11.482`, which is UTC; also of bare epoch ms, as some functions and servers give; else null. */
export function timeOf(text: string | undefined): number | null {
  if (text === undefined) return null
  const [, date, time] = timestamp.exec(text) ?? []
  if (date !== undefined) {
    const ms = Date.parse(`${date}T${time}Z`)
    return Number.isNaN(ms) ? null : ms
  }
  return /^\d{12,13}$/.test(text) ? Number(text) : null
}

const numeral = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
/** a double keeps so many decimal digits of any number */
const exactDigits = 15

/** The number that a text stands for, `1.28E8` too; null where that would lose a digit (`007`, 20-digit ids), which then stays text. */
export function numberOf(text: string): number | null {
  if (!numeral.test(text)) return null
  const value = Number(text)
  if (!Number.isFinite(value)) return null
  const [mantissa = ''] = text.split(/[eE]/)
  const digits = mantissa.replace(/^-?0*\.?0*|\./g, '').replace(/^0+/, '')
  return digits.length <= exactDigits || String(value) === text ? value : null
}

/** what a function answers for no numbers at all */
const noNumber = new Set(['', 'NaN', 'Infinity', '-Infinity'])

/** these are text also where they look like a number */
const textFields = new Set(['@message', '@region', '@log', '@logStream', '@ptr', '@requestId', '@type', '@entity'])

/** What a column holds: numbers where all of its values are, times where it is known to be of times and they all look so. */
export function kindOf(
  field: string,
  values: readonly (string | null)[],
  isTime: (field: string) => boolean,
): Column['kind'] {
  if (textFields.has(field)) return 'text'
  const present = values.filter((value): value is string => value !== null && !noNumber.has(value))
  if (present.length === 0) return 'text'
  if (isTime(field) && present.every(value => timeOf(value) !== null)) return 'time'
  return present.every(value => numberOf(value) !== null) ? 'number' : 'text'
}

/** One value of a column; null where there is none. */
export function typedValue(value: string | null, kind: Column['kind']): string | number | null {
  if (value === null) return null
  if (kind === 'time') return timeOf(value)
  return kind === 'number' ? numberOf(value) : value
}
