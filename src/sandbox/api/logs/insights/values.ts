/** A moment, epoch ms: calculated with as a number, shown as a date. */
type Time = {readonly time: number}

/**
 * What a field can hold; undefined where there is none. Whatever stands in a log is a string, figures too, and is shown as
 * it stands there; numbers are those a query has worked out.
 */
export type Value = string | number | boolean | Time | undefined

const figure = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i

/** The number a value is or spells. */
export function numberOf(value: Value): number | undefined {
  if (typeof value === 'string') return figure.test(value) ? Number(value) : undefined
  if (typeof value === 'boolean') return value ? 1 : 0
  return typeof value === 'object' ? value.time : value
}

/** A value as results show it. */
export function textOf(value: Exclude<Value, undefined>): string {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? '1' : '0'
  return typeof value === 'object' ? dateOf(value.time) : numberText(value)
}

/** `YYYY-MM-DD HH:mm:ss.SSS`, in UTC without saying so. */
function dateOf(time: number): string {
  return Math.abs(time) <= maxTime ? new Date(time).toISOString().replace('T', ' ').slice(0, -1) : String(time)
}

const maxTime = 8.64e15

/** Four decimals at most, and from ten million on as Java writes doubles: 128000000 is 1.28E8. */
function numberText(number: number): string {
  const rounded = Math.round(number * 10_000) / 10_000
  return isPlain(rounded) ? String(rounded) : exponential(Number.isFinite(rounded) ? rounded : number)
}

/** A figure as Java writes a double: 100.0, 3.01, 1.28E8. */
export function doubleText(number: number): string {
  if (!isPlain(number)) return exponential(number)
  return Number.isInteger(number) ? `${number}.0` : String(number)
}

const isPlain = (number: number) => number === 0 || (Math.abs(number) >= 1e-3 && Math.abs(number) < 1e7)

function exponential(number: number): string {
  const [mantissa = '', exponent = ''] = number.toExponential().split('e')
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${Number(exponent)}`
}

export function isTrue(value: Value): boolean {
  return value === true || (typeof value === 'number' && value !== 0) || value === '1' || value === 'true'
}

/** Below, above or equal: as numbers where both are or spell one, else as text; NaN where one is missing. */
export function compareValues(a: Value, b: Value): number {
  if (a === undefined || b === undefined) return Number.NaN
  const [left, right] = [numberOf(a), numberOf(b)]
  if (left !== undefined && right !== undefined) return left - right
  const [one, other] = [textOf(a), textOf(b)]
  return one < other ? -1 : one > other ? 1 : 0
}

/**
 * The order of `sort`, ascending: what is missing, then text, then numbers. Text goes chunk by chunk, digits by their length
 * first and then by value, as the user guide's page on sort says.
 */
export function compareNaturally(a: Value, b: Value): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined)
  const [left, right] = [numberOf(a), numberOf(b)]
  if (left !== undefined && right !== undefined) return left - right
  if (left !== undefined || right !== undefined) return left === undefined ? -1 : 1
  const [ours, theirs] = [chunksOf(textOf(a)), chunksOf(textOf(b))]
  for (const [index, chunk] of ours.entries()) {
    const other = theirs[index]
    if (other === undefined) return 1
    const areDigits = /^\d/.test(chunk) && /^\d/.test(other)
    const order = (areDigits ? chunk.length - other.length : 0) || (chunk < other ? -1 : chunk > other ? 1 : 0)
    if (order !== 0) return order
  }
  return ours.length - theirs.length
}

const chunksOf = (text: string): readonly string[] => text.match(/\d+|\D+/g) ?? []
