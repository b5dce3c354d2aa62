import type {UserError} from '../../errors.ts'
import type {Cleanup} from './arena/arena.ts'
import type {Candidate} from './candidate.ts'
import type {Spent} from './limits.ts'
import type {CurveFit} from './race/curve.ts'
import type {Sample} from './sample.ts'
import type {Interval, Standing} from './standing.ts'
import type {TunePlan} from './tune-plan.ts'

/** Why it ended. */
export type Ending =
  | 'settled'
  | 'max-cost'
  | 'max-invocations'
  | 'max-time'
  /** so many invocations of each size do not tell them apart */
  | 'not-separable'
  /** the first invocation, or every size, failed: what was to be measured does not work */
  | 'failing'
  /** somebody deployed meanwhile */
  | 'deployed-meanwhile'
  /** AWS refused something that it cannot do without: `failure` says what */
  | 'failed'
  | 'interrupted'
  /** history only: nothing was invoked */
  | 'observed'

/** A change, as shares: −0.06 is 6 % less. */
export type Change = {readonly share: number; readonly ci95: Interval | null}

/** The size to use. */
export type Recommendation = Candidate & {
  /** `hypothesis`: nothing was measured, it follows from history and a model */
  readonly kind: 'winner' | 'tie' | 'best-so-far' | 'hypothesis'
  /** in one sentence, as people say it */
  readonly reason: string
  /**
   * how sure it is that no other size is better by more than the indifference, 0–0.999, however often one looked: rather too
   * low than too high; 0.95 at least where the run is settled; null where that cannot be told, or no other size is possible
   */
  readonly confidence: number | null
  /**
   * how much worse than the best of all sizes it is at most, as a share of the cost, the duration or the balance that was to be
   * low, with 95 % confidence; 0 where it surely is the best; null where that cannot be told, as with a cost tolerance
   */
  readonly withinShare: number | null
  /** against the size that the function has; null where that one was not measured */
  readonly againstCurrent: {readonly cost: Change; readonly duration: Change; readonly p95: Change | null} | null
}

/** What comes nearest to a latency objective that no size meets: its percentile in ms. */
export type NearestMiss = Candidate & {readonly ms: number}

/** What a run found out about one function. */
export type TuneReport = {
  readonly plan: TunePlan
  /** epoch ms */
  readonly startedAt: number
  readonly endedAt: number
  readonly ending: Ending
  /** false: it was stopped at a function before this one */
  readonly isBegun?: false
  /** smallest first, by architecture */
  readonly sizes: readonly Standing[]
  /** all of them, in order */
  readonly samples: readonly Sample[]
  /** `observed`: MB, the range that is worth measuring; it begins where what was used fits in */
  readonly worthMeasuring?: readonly [fromMB: number, toMB: number]
  /** null where too little is known to say anything */
  readonly recommendation: Recommendation | null
  /** by architecture, where enough sizes were measured */
  readonly curves: readonly CurveFit[]
  readonly spent: Spent
  readonly cleanup: Cleanup
  /** what could not be read or done, one sentence each; any of them makes the answer partial */
  readonly gaps: readonly string[]
  /** those of them that a setting of the function hides */
  readonly hidden?: readonly string[]
  /** worth knowing, one sentence each */
  readonly notes: readonly string[]
  /** those of them that make it doubtful whether the answer holds */
  readonly warnings?: readonly string[]
  /** where it is settled that no size meets the latency objective */
  readonly nearestMiss?: NearestMiss
  /** what it ended with, where the ending is `failed` or `deployed-meanwhile` */
  readonly failure?: UserError
}
