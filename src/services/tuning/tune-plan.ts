import type {Candidate} from './candidate.ts'
import type {Limits} from './limits.ts'
import type {RunPrices} from './money/run-prices.ts'
import type {Objective} from './objective.ts'
import type {Payload} from './payloads/payloads.ts'
import type {UsedMemory} from './plan/used-memory.ts'
import type {UsualInit} from './race/cold-starts.ts'
import type {SourceFunction} from './source/source-function.ts'

export type Mode = 'shadow' | 'versions' | 'observe'

/** The share of invocations that are cold, 0–1, and where that is from. */
export type ColdRatio = {readonly value: number; readonly source: 'flag' | 'metrics' | 'log' | 'assumed'}

/** What a run took that is gone on with: it counts for the limits, whose rest is left. */
export type Resumed = {
  readonly runId: string
  /** made, answered or not */
  readonly invocations: number
  /** of those that were answered */
  readonly samples: number
  /** as billed; of those without an answer the most that they can have cost */
  readonly costUSD: number
}

/** What will be done with one function: shown before it is. */
export type TunePlan = {
  /** `20261120-140711-k3f9x2ab`; names the journal and what is made */
  readonly runId: string
  readonly source: SourceFunction
  readonly mode: Mode
  readonly objective: Objective
  /** what will be measured, smallest first, by architecture */
  readonly candidates: readonly Candidate[]
  /** a size that nobody named may be measured too, where the curve promises more of it: not where sizes were listed */
  readonly mayPropose: boolean
  /** what the clones will be called, one for each architecture; none but in `shadow` */
  readonly clones: readonly string[]
  readonly payloads: readonly Payload[]
  /** no payload was given: `{}` is sent */
  readonly isPayloadAssumed: boolean
  readonly limits: Limits
  /** ms, roughly: what making what is invoked and removing it takes, beside the time that is limited */
  readonly makingMs: number
  /** a run that is gone on with; null: none is */
  readonly resumed: Resumed | null
  readonly concurrency: number
  readonly coldRatio: ColdRatio
  /** what its own traffic was seen to use; null where nobody knows */
  readonly used: UsedMemory | null
  /** asked for, and not measured, for that traffic would not fit in; never the size that the function has */
  readonly tooSmall: readonly Candidate[]
  /** what an init of its own traffic takes; null where nobody knows */
  readonly usualInit: UsualInit | null
  /** ms: what half of the calls of its own traffic take at most; null where nobody knows */
  readonly usualMs: number | null
  /** types of errors that are taken for a measurement all the same */
  readonly allowErrors: readonly string[]
  readonly tenantId: string | null
  readonly prices: RunPrices
  /** what may be worth knowing before it begins: one sentence each */
  readonly notes: readonly string[]
}
