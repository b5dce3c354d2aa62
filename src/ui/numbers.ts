const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** A measured duration in three digits: `412 ms`, `1.24 s`, `2 min 4 s`, `2 h 4 min`, `3 d 4 h`. */
export function duration(ms: number): string {
  return durationIn(ms, 3)
}

/** A duration somebody waits for or looks back on, in at most two digits: `2.1 s`, `8 s`, `41 s`, `2 min 4 s`. */
export function roughDuration(ms: number): string {
  return durationIn(ms, 2).replace('.0 s', ' s')
}

function durationIn(ms: number, digits: number): string {
  // rounded before the unit is chosen, or 999.7 ms would read "1000 ms"
  if (Math.round(ms) < second) return `${ms >= 10 || Number.isInteger(ms) ? Math.round(ms) : significant(ms, 2)} ms`
  if (Number(significant(ms / second, digits)) < 60) return `${significant(ms / second, digits)} s`
  if (Math.round(ms / second) * second < hour) return pair(Math.round(ms / second), 60, 'min', 's')
  if (Math.round(ms / minute) * minute < day) return pair(Math.round(ms / minute), 60, 'h', 'min')
  return pair(Math.round(ms / hour), 24, 'd', 'h')
}

function pair(smallUnits: number, perLarge: number, large: string, small: string): string {
  const rest = smallUnits % perLarge
  return `${Math.floor(smallUnits / perLarge)} ${large}${rest === 0 ? '' : ` ${rest} ${small}`}`
}

/** Fixed digits, trailing zeros kept, never an exponent: 3 → `3.00`, 41.26 → `41.3`. */
function significant(value: number, digits: number): string {
  const whole = Math.max(1, Math.floor(Math.log10(Math.abs(value) || 1)) + 1)
  const text = value.toFixed(Math.max(0, digits - whole))
  // 9.996 is rounded into one more digit before the point
  return Math.abs(Number(text)) >= 10 ** whole ? Number(text).toFixed(Math.max(0, digits - whole - 1)) : text
}

/** A count where its size is the news: `840`, `18.2 k`, `1.2 M`. */
export function roughCount(count: number): string {
  if (count < 1_000) return String(Math.round(count))
  if (count < 999_500) return `${significant(count / 1_000, 3)} k`
  if (count < 999_500_000) return `${significant(count / 1_000_000, 3)} M`
  return `${significant(count / 1_000_000_000, 3)} G`
}

/** A size in three digits, by thousands as AWS bills: `412 B`, `18.2 kB`, `1.24 GB`. */
export function bytes(size: number): string {
  const units = ['kB', 'MB', 'GB', 'TB', 'PB'] as const
  if (size < 1_000) return `${Math.round(size)} B`
  const at = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(size, 1) * 1.0005) / 3) - 1)
  return `${significant(size / 1_000 ** (at + 1), 3)} ${units[at]}`
}

/** A count to the last digit: `18,204`. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** What something costs at about, to a hundredth of a cent: what would round to nothing is under that. */
export function roughUSD(amount: number): string {
  if (amount > 0 && amount < 0.0001) return 'under $0.0001'
  return amount > 0 && amount < 0.001 ? `$${amount.toFixed(4)}` : usd(amount)
}

/** US dollars with two digits that say something: `$21.60`, `$0.0031`; four decimals at least show where it starts. */
export function usd(amount: number): string {
  const sign = amount < 0 ? '−' : ''
  const size = Math.abs(amount)
  if (size >= 0.995 || size === 0) return `${sign}$${grouped(size.toFixed(2))}`
  // rounded before its digits are counted, or 0.000998 would read "$0.00100"
  const decimals = Math.min(10, Math.max(2, 1 - Math.floor(Math.log10(Number(size.toPrecision(2))))))
  return `${sign}$${size.toFixed(decimals)}`
}

function grouped(fixed: string): string {
  const [whole = '', decimals = ''] = fixed.split('.')
  return `${count(Number(whole))}.${decimals}`
}

/** `1 page`, `2 pages`, `1,204 log groups`. */
export function counted(value: number, noun: string, plural = `${noun}s`): string {
  return `${count(value)} ${value === 1 ? noun : plural}`
}

/** ms to whole microseconds; what is finer is rounding. */
export const microseconds = (ms: number): number => Math.round(ms * 1_000) / 1_000

/** A share in percent: `4.8 %`, `<0.1 %`, `31 %`. What is there is never `0 %`, and what is not all never `100 %`. */
export function percent(share: number): string {
  const hundredths = share * 100
  if (hundredths > 0 && hundredths < 0.1) return '<0.1 %'
  if (hundredths < 9.95) return `${hundredths.toFixed(1)} %`
  return `${share < 1 ? Math.min(99, Math.round(hundredths)) : Math.round(hundredths)} %`
}

/** A share as a number of percent for machines: without the noise of doubles, as fine as a weight can be. */
export const percentNumber = (share: number): number => Math.round(share * 1e8) / 1e6
