// What `slsops trace` answers. Types only.
import type {Coverage} from '../coverage.ts'
import type {LogEvent} from '../logs/log-event.ts'
import type {Trace} from './trace.ts'
import type {TraceRef} from './trace-ref.ts'

/** A trace that a link of the first one leads to, or back from. */
export type LinkedTrace = {
  readonly id: string
  /** in the trace that it hangs on */
  readonly fromTraceId: string
  readonly fromNodeId: string
  readonly reference: 'parent' | 'child'
  /** from when the message was sent to when its receiver began; null where it cannot be told */
  readonly dwellMs: number | null
  /** null where it was not found: then `whyMissing` says why */
  readonly trace: Trace | null
  readonly whyMissing: string | null
  /** how often its receiver ran in this trace, as again after a failure: 1 as a rule */
  readonly attempts: number
  /**
   * which of the deliveries of one message it is, from 1 on, where each has a trace of its own: a queue delivers again what failed.
   * Dwell, duration and outcome are this one's.
   */
  readonly delivery?: {readonly number: number; readonly of: number}
}

export type TraceReport = {
  readonly coverage: Coverage
  /** what was looked for; whether it was sampled is also what its logs say */
  readonly asked: TraceRef
  readonly trace: Trace
  /** by start; each may hang on another of them */
  readonly linked: readonly LinkedTrace[]
  /** the request's own lines by `traceId/nodeId` of the function's node, in the contract's order; empty for one that wrote none that was found */
  readonly logs: ReadonlyMap<string, readonly LogEvent[]>
  /** which version of the function ran, as `42` or `$LATEST`, by the same key, where its log lines tell */
  readonly versions?: ReadonlyMap<string, string>
  /** what else to know of the answer, a sentence each */
  readonly notes: readonly string[]
}

/** The key of a node in {@link TraceReport.logs} and {@link TraceReport.versions}. */
export const logsKey = (traceId: string, nodeId: string): string => `${traceId}/${nodeId}`
