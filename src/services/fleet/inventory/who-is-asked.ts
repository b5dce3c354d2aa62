import {orNull, type Unknown} from '../../../known.ts'
import type {FleetFunction} from '../fleet-function.ts'
import type {InvocationMetrics} from './read-invocation-metrics.ts'

export type Measured = {readonly fn: FleetFunction; readonly metrics: InvocationMetrics}

/** Of which functions it is asked what takes a call for each. */
export type WhoIsAsked = {
  readonly reserved: ReadonlySet<FleetFunction>
  /** where failed asynchronous events go; the others got none, or are too many */
  readonly destinations: ReadonlySet<FleetFunction>
}

/** so many calls of a kind at most: a minute at the 15 a second of Lambda's control plane */
export const eachFunctionAtMost = 1_000

/**
 * Of a fleet that is not too large, reserved concurrency of all, and destinations of those that got asynchronous events, or of
 * which nobody knows it. Of a larger one, those that give cause to: the most throttled, and those with the most errors.
 */
export function whoIsAsked(measured: readonly Measured[]): WhoIsAsked {
  if (measured.length <= eachFunctionAtMost)
    return {
      reserved: setOf(measured),
      destinations: setOf(measured.filter(({metrics}) => orNull(metrics.asyncEventsReceived) !== 0)),
    }
  const worst = (
    among: (metrics: InvocationMetrics) => number | null,
    by: (metrics: InvocationMetrics) => number | null,
  ): ReadonlySet<FleetFunction> =>
    setOf(
      measured
        .filter(({metrics}) => (among(metrics) ?? 0) > 0)
        .sort((a, b) => (by(b.metrics) ?? 0) - (by(a.metrics) ?? 0))
        .slice(0, eachFunctionAtMost),
    )
  const throttles = (metrics: InvocationMetrics) => orNull(metrics.throttles)
  return {
    reserved: worst(throttles, throttles),
    destinations: worst(
      ({asyncEventsReceived}) => orNull(asyncEventsReceived),
      ({errors}) => orNull(errors),
    ),
  }
}

const setOf = (measured: readonly Measured[]): ReadonlySet<FleetFunction> => new Set(measured.map(({fn}) => fn))

/** What is not asked of a function, for there are too many. */
export const tooManyToAsk: Unknown = {
  unknown: 'not-read',
  detail: `of more than ${eachFunctionAtMost} functions, only those are asked of which the metrics give cause to`,
}

/** Whether it would have to be asked, and is not. */
export const isLeftOut = ({fn, metrics}: Measured, {destinations}: WhoIsAsked): boolean =>
  orNull(metrics.asyncEventsReceived) !== 0 && !destinations.has(fn)
