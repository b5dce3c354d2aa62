import type {Candidate} from './candidate.ts'

/** How an invocation came to its end. */
export type SampleOutcome = 'ok' | 'error' | 'timeout' | 'oom' | 'init-error'

/** One invocation of a sweep, as Lambda reported it. */
export type Sample = Candidate & {
  /** its place among the run's invocations, from 1 */
  readonly index: number
  /** epoch ms when the request was sent */
  readonly at: number
  readonly requestId: string
  /** which of the payloads it was given, from 0 */
  readonly payload: number
  readonly outcome: SampleOutcome
  /** what a failing function said it threw; null where nothing failed */
  readonly errorType: string | null
  readonly durationMs: number
  /** as billed: since August 2025 with the init */
  readonly billedMs: number
  /** null where the environment was there already */
  readonly initMs: number | null
  readonly restoreMs: number | null
  /** null where nothing reported it */
  readonly maxMemoryUsedMB: number | null
  /** the first invocation of its environment, whoever waited for the init */
  readonly isCold: boolean
  /** the log's tail that came with the answer, the log group, or only this machine's clock, which is approximate */
  readonly measuredBy: 'tail' | 'log' | 'clock'
}
