import {isKnown, type Known} from '../../../known.ts'
import type {Traffic} from './read-traffic.ts'

/** fewer invocations do not tell where the slowest twentieth begins: it would be some ten of them */
const leastCalls = 200
const minutesOfDay = 1_440

/**
 * Above which duration an invocation is slow, in whole ms: the p95 of what the alias served over the last day; null where
 * latency cannot be judged: nobody knows, or there was too little.
 * @param traffic of a day
 */
export function slowThreshold(traffic: Known<Traffic>): number | null {
  if (!isKnown(traffic)) return null
  const {p95Ms, perMinute} = traffic.value
  return p95Ms === null || perMinute * minutesOfDay < leastCalls ? null : Math.ceil(p95Ms)
}
