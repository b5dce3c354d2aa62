import type {Known} from '../../../known.ts'
import type {FleetFunction} from '../fleet-function.ts'
import type {RuntimeLifecycle} from './runtime-lifecycle.ts'

/**
 * What was measured and asked of a function, each for itself: what one call does not tell, another may. Within what is
 * known, null is an answer: there is none.
 */
export type Measures = {
  readonly invocations: Known<number>
  readonly errors: Known<number>
  /** requests that were turned away; they are no invocations */
  readonly throttles: Known<number>
  /** null where nothing ran */
  readonly averageDurationMs: Known<number | null>
  readonly maxDurationMs: Known<number | null>
  /** invocations at the same time, at most */
  readonly maxConcurrency: Known<number | null>
  /** null: it has none, and shares what is unreserved */
  readonly reservedConcurrency: Known<number | null>
  readonly asyncEventsReceived: Known<number>
  readonly asyncEventsDropped: Known<number>
  /** events that did not even reach the dead-letter queue */
  readonly deadLetterErrors: Known<number>
  /** messages in the queues that take what it failed at; null where there is none */
  readonly deadLettersWaiting: Known<number | null>
  /** how long the oldest of them waits; null where there is none, or CloudWatch has not told yet */
  readonly oldestDeadLetterAgeMs: Known<number | null>
  /** of what it reads from a stream, at most; null where it reads none */
  readonly iteratorAgeMs: Known<number | null>
  /** high-water mark of its environments, not of an invocation; null where there is no report of it */
  readonly memoryUsedMB: Known<number | null>
  /** reports that end in a timeout, of those that were read for its memory */
  readonly timeouts: Known<number | null>
  /** CloudFormation's, by its tag; null: none */
  readonly stack: Known<string | null>
  readonly tags: Known<Readonly<Record<string, string>>>
}

/** How near a function is to what limits it; null where it is not known, or nothing is set. */
export type Headroom = {
  /** the longest invocation, of the timeout that is set */
  readonly timeoutShare: number | null
  /** the most memory that an environment used, of what is set */
  readonly memoryShare: number | null
  /** the most that ran at a time, of what is reserved */
  readonly concurrencyShare: number | null
  /** errors of invocations */
  readonly errorRate: number | null
  readonly isNearTimeout: boolean
  readonly isNearMemory: boolean
  readonly isNearConcurrency: boolean
}

/** A function of the inventory. */
export type InventoryFunction = {
  readonly fn: FleetFunction
  readonly lifecycle: RuntimeLifecycle
  readonly measures: Measures
  readonly headroom: Headroom
  /** ARNs of the queues that dead letters were counted in */
  readonly deadLetterQueues: readonly string[]
  /** the age of what it reads from a stream grew over the window, and is highest at its end */
  readonly isFallingBehind: boolean
}

/** A number of concurrent executions, and when it was reached. */
export type Peak = {readonly count: number; readonly at: number}

/** What one more burst as high as the highest would do to those that share the unreserved part of the limit. */
export type NextBurst = {
  /** concurrent executions at most, and of which limit */
  readonly peak: number
  readonly limit: number
  /** whether that is the unreserved part, or, where that is not known, all of the account's */
  readonly pool: 'unreserved' | 'account'
  /** that would be free while both go on at a time; negative: so many would be throttled */
  readonly left: number
}

/** How far a region is from its limit on what runs at the same time. */
export type RegionConcurrency = {
  readonly account: string | null
  readonly region: string
  readonly limit: Known<number>
  /** what functions without a reservation share */
  readonly unreservedLimit: Known<number>
  /** of all functions together; null where nothing ran */
  readonly peak: Known<Peak | null>
  readonly unreservedPeak: Known<Peak | null>
  /** null where its peak or its limit is not known, or nothing ran */
  readonly nextBurst: NextBurst | null
}
