import {orNull} from '../../../known.ts'
import type {FleetFunction} from '../fleet-function.ts'
import type {Headroom, InventoryFunction, Measures, NextBurst, RegionConcurrency} from './inventory.ts'

/** above these, a function is near its limit: of its timeout, of its memory, of its reserved concurrency */
const nearLimit = {timeout: 0.8, memory: 0.9, concurrency: 0.8}

/** How near a function is to what limits it. */
export function headroomOf(
  {timeoutSeconds, memorySizeMB}: Pick<FleetFunction, 'timeoutSeconds' | 'memorySizeMB'>,
  measures: Measures,
): Headroom {
  const {maxDurationMs, memoryUsedMB, maxConcurrency, reservedConcurrency, errors, invocations} = measures
  const timeoutShare = shareOf(orNull(maxDurationMs), timeoutSeconds * 1000)
  const memoryShare = shareOf(orNull(memoryUsedMB), memorySizeMB)
  const concurrencyShare = shareOf(orNull(maxConcurrency), orNull(reservedConcurrency) ?? 0)
  return {
    timeoutShare,
    memoryShare,
    concurrencyShare,
    errorRate: shareOf(orNull(errors), orNull(invocations) ?? 0),
    isNearTimeout: isAbove(timeoutShare, nearLimit.timeout),
    isNearMemory: isAbove(memoryShare, nearLimit.memory),
    isNearConcurrency: isAbove(concurrencyShare, nearLimit.concurrency),
  }
}

const shareOf = (used: number | null, set: number): number | null => (used === null || set <= 0 ? null : used / set)

const isAbove = (share: number | null, limit: number): boolean => share !== null && share > limit

/** Near any of its limits, or beyond: throttled. */
export const isNearLimit = ({headroom, measures}: InventoryFunction): boolean =>
  headroom.isNearTimeout ||
  headroom.isNearMemory ||
  headroom.isNearConcurrency ||
  isAbove(orNull(measures.throttles), 0)

/** It lost something in the window: an invocation, an event, or a message that waits as a dead letter. */
export function isFailing({measures, isFallingBehind}: InventoryFunction): boolean {
  const {errors, throttles, asyncEventsDropped, deadLetterErrors, deadLettersWaiting} = measures
  const lost = [errors, throttles, asyncEventsDropped, deadLetterErrors, deadLettersWaiting]
  return isFallingBehind || lost.some(known => (orNull<number | null>(known) ?? 0) > 0)
}

/** Its runtime is past its end. */
export const isDeprecated = ({lifecycle: {status}}: Pick<InventoryFunction, 'lifecycle'>): boolean =>
  status === 'deprecated' || status === 'update-blocked'

/** What one more burst would do; null where the peak or the limit is not known, or nothing ran. */
export function nextBurstOf({
  limit,
  unreservedLimit,
  peak,
  unreservedPeak,
}: Omit<RegionConcurrency, 'nextBurst'>): NextBurst | null {
  const unreserved = burstOf('unreserved', orNull(unreservedPeak)?.count, orNull(unreservedLimit))
  return unreserved ?? burstOf('account', orNull(peak)?.count, orNull(limit))
}

function burstOf(pool: NextBurst['pool'], peak: number | undefined, limit: number | null): NextBurst | null {
  if (peak === undefined || limit === null) return null
  return {peak, limit, pool, left: limit - 2 * peak}
}
