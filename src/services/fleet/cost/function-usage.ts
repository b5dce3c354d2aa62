import {isKnown, type Known} from '../../../known.ts'
import type {Architecture} from '../../pricing.ts'

/** What a function used in a window, as far as anybody knows. */
export type FunctionUsage = {
  readonly architecture: Architecture
  /** of the window; the mean by running time where it was changed */
  readonly memorySizeMB: number
  readonly ephemeralStorageMB: number
  readonly windowMs: number
  readonly calls: Known<number>
  /** the sum of all invocations' durations, without init */
  readonly durationMs: Known<number>
  /** calls that ran on provisioned concurrency, of `calls` */
  readonly provisionedCalls: Known<number>
  /** environments that were kept ready, on the average */
  readonly provisionedCount: Known<number>
  /** of billed inits */
  readonly initMs: Known<number>
  readonly snapStart: Known<SnapStartUsage>
  readonly logs: Known<LogUsage>
}

export type SnapStartUsage = {
  /** published versions whose snapshot is kept, and paid for: of Python and .NET */
  readonly cachedVersions: number
  readonly restores: number
}

/** Of a log group that is this function's alone. */
type LogUsage = {readonly bytes: number; readonly logClass: 'STANDARD' | 'INFREQUENT_ACCESS'}

/** Of several known numbers another; unknown for the reason of the first that is. */
export function both<A, B, R>(a: Known<A>, b: Known<B>, make: (a: A, b: B) => R): Known<R> {
  if (!isKnown(a)) return a
  return isKnown(b) ? shared(make(a.value, b.value)) : b
}

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
