/** Why nobody knows what was to be known. */
export type UnknownReason =
  /** AWS refused; `detail` names the permission */
  | 'denied'
  | 'throttled'
  | 'failed'
  /** it was stopped before it was asked */
  | 'interrupted'
  /** AWS gave a part of it only */
  | 'partial-data'
  /** a setting keeps it out of the logs, as SystemLogLevel=WARN does */
  | 'hidden'
  /** a log group class that cannot be searched so */
  | 'unsupported-class'
  /** what would tell is not there: a log group, a table row */
  | 'missing'
  /** it was left out, for its price or because a flag said so */
  | 'not-read'

/** What takes the place of a value that nobody knows. It is never a zero. */
export type Unknown = {
  readonly unknown: UnknownReason
  /** in words, as far as it is not clear from the reason */
  readonly detail: string
}

/** Something that was asked of AWS: its answer, or why there is none. */
export type Known<T> = {readonly value: T} | Unknown

export function isKnown<T>(known: Known<T>): known is {readonly value: T} {
  return 'value' in known
}

/** The value; null where nobody knows it, and only there may a caller show a dash in place of a number. */
export function orNull<T>(known: Known<T>): T | null {
  return isKnown(known) ? known.value : null
}

/** Of several known numbers another; unknown for the reason of the first that is. */
export function both<A, B, R>(a: Known<A>, b: Known<B>, make: (a: A, b: B) => R): Known<R> {
  if (!isKnown(a)) return a
  return isKnown(b) ? shared(make(a.value, b.value)) : b
}

/** What follows from something known; unknown for the same reason where that is. */
export function derived<A, R>(known: Known<A>, make: (value: A) => R): Known<R> {
  return isKnown(known) ? shared(make(known.value)) : known
}

/** The sum of those that are known. */
export const sumKnown = (all: readonly Known<number>[]): number =>
  all.reduce((sum, known) => sum + (isKnown(known) ? known.value : 0), 0)

const zero = {value: 0}

/** Most of what a large fleet is told by is a zero: one does for all. */
const shared = <T>(value: T): {readonly value: T} =>
  Object.is(value, 0) ? (zero as {readonly value: T & number}) : {value}

/** Whether it is a gap that this is not known: AWS did not tell. What was left out on purpose is none. */
export const isGap = ({unknown}: Unknown): boolean => unknown !== 'not-read'

/** How much of what was asked for is known. */
export type FleetCoverage = {
  readonly functions: number
  /** functions of which everything that the report is about is known */
  readonly known: number
}

/** 0–1, as the reports' `coverage`; 1 where there is nothing to know. */
export const shareKnown = ({functions, known}: FleetCoverage): number => (functions === 0 ? 1 : known / functions)
