import {isGap, isKnown, type Known} from '../../../known.ts'
import type {Gap} from '../../receipt.ts'
import {functionGaps, gapsOf} from '../unknown-gaps.ts'
import {unknownsOf} from './fields.ts'
import type {InventoryFunction, Measures, RegionConcurrency} from './inventory.ts'

/** Whether all is known of a function that was to be known: what was left out was not. */
export const isWhollyKnown = (one: InventoryFunction): boolean => unknownsOf(one).every(([, why]) => !isGap(why))

/** What nobody knows, as gaps. */
export function inventoryGaps(
  functions: readonly InventoryFunction[],
  concurrency: readonly RegionConcurrency[],
): readonly Gap[] {
  const regional = concurrency.flatMap(one =>
    [one.limit, one.peak].flatMap((known: Known<unknown>) =>
      isKnown(known) ? [] : gapsOf('concurrency of the region', one, known),
    ),
  )
  const ofFunctions = functions.flatMap(one =>
    // what was left out is none, and of a large fleet that is something of each function
    unknownsOf(one).flatMap(([measure, why]) => (isGap(why) ? [{fn: one.fn, what: words[measure], why}] : [])),
  )
  return [...functionGaps(ofFunctions), ...regional]
}

const words: Readonly<Record<keyof Measures, string>> = {
  invocations: 'invocations',
  errors: 'errors',
  throttles: 'throttles',
  averageDurationMs: 'durations',
  maxDurationMs: 'durations',
  maxConcurrency: 'concurrency',
  reservedConcurrency: 'reserved concurrency',
  asyncEventsReceived: 'asynchronous events',
  asyncEventsDropped: 'asynchronous events',
  deadLetterErrors: 'dead letters',
  deadLettersWaiting: 'dead letters',
  oldestDeadLetterAgeMs: 'dead letters',
  iteratorAgeMs: 'iterator age',
  memoryUsedMB: 'memory used',
  timeouts: 'memory used',
  stack: 'tags',
  tags: 'tags',
}
