import type {Candidate} from './candidate.ts'

/** [low, high] of a 95 % interval. */
export type Interval = readonly [low: number, high: number]

/** Where a size stands in the race. */
export type Status = 'waiting' | 'racing' | 'dropped' | 'tied' | 'winner' | 'infeasible'

/**
 * What makes figures doubtful: more single invocations far above the rest than is usual, or one ten times as long; two clusters
 * of them; a trend over the run; memory nearly used up; a mean that contradicts its neighbours; durations by another clock.
 */
export type Flag = 'outliers' | 'bimodal' | 'drifting' | 'memory-starved' | 'off-curve' | 'approximate'

/**
 * What is known of a size so far. Durations and costs are of warm invocations unless they say otherwise. Means are estimates as
 * the choice is made by: of the bulk of a size's own invocations, with what outliers of all sizes add to a mean.
 */
export type Standing = Candidate & {
  readonly status: Status
  /** in a few words why it was dropped or is infeasible, or how much better it may be where the race ended before; null else */
  readonly why: string | null
  /** all that were made and reported, failed ones included */
  readonly invocations: number
  readonly coldStarts: number
  readonly failures: number
  /** null until there is a warm invocation */
  readonly meanBilledMs: number | null
  readonly ci95BilledMs: Interval | null
  readonly meanDurationMs: number | null
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly p99Ms: number | null
  /** mean billed duration of cold invocations, known from all sizes of the architecture; null until there is one of this size */
  readonly coldBilledMs: number | null
  /** of a million invocations, cold ones at their share, requests included; null until it is known */
  readonly costPerMillionUSD: number | null
  readonly ci95CostPerMillionUSD: Interval | null
  readonly maxMemoryUsedMB: number | null
  readonly flags: readonly Flag[]
  /** whether the latency objective is met: certified by enough invocations, only in what was seen, or not; null without one */
  readonly slo: 'certified' | 'seen' | 'missed' | null
  /** only where it is met in what was seen, and no more warm calls will certify it: too many, of how many, were slower than it */
  readonly uncertifiable?: {readonly slower: number; readonly of: number}
}
