import type {ExitCode} from '../../errors.ts'
import type {Scope} from '../aws/scope.ts'
import type {Coverage} from '../coverage.ts'
import type {Receipt} from '../receipt.ts'
import type {TraceGroup, TraceGrouping} from './group-traces.ts'
import type {ScanEstimate} from './scan-cost.ts'
import type {ListedTrace} from './trace-summary.ts'

/** Traces of a window; see `slsops/traces@1` in the docs. */
export type TracesReport = {
  readonly coverage: Coverage
  /** newest first */
  readonly traces: readonly ListedTrace[]
  /** there are more of them, or there may be */
  readonly hasMore: boolean
  /** epoch ms: where there are more, the start of the oldest of these, before which the window is not covered; else null */
  readonly since: number | null
  /** null where the traces are listed one by one */
  readonly groups: {readonly by: TraceGrouping; readonly groups: readonly TraceGroup[]} | null
  /** traces that X-Ray looked at, and charges for */
  readonly scanned: number
  readonly matched: number
  readonly costUSD: number
  /** what else to know, a sentence each */
  readonly notes: readonly string[]
}

type TracesProgress = {
  readonly scanned: number
  readonly matched: number
  /** 0–1 */
  readonly share: number
  /** epoch ms */
  readonly startedAt: number
}

/** Traces that are about to be listed; of a wide window, some pages have been read. */
export type OpenedTraces = {
  /** each with its account, once it is known */
  readonly scopes: readonly Scope[]
  readonly notices: readonly string[]
  /** functions that were asked for; null: all traces */
  readonly functions: number | null
  /** what X-Ray is asked for, where that is one expression; null: all traces */
  readonly expression: string | null
  /** of a wide window, as far as it can be told */
  readonly estimate: ScanEstimate | null
  readonly progress: TracesProgress
  /**
   * What was found; on abort, as far as it got.
   * @param mostUSD it ends where it has cost more, with a gap for the rest; null: whatever it costs
   * @throws UserError where no region could be read (exit 4 with the permission, where that is missing), or X-Ray refuses the filter
   */
  read(mostUSD: number | null): Promise<TracesReport>
  /** null when there is nothing to account for: the error says it all */
  receipt(now: number, signal: AbortSignal): Receipt | null
  verdicts(): readonly ExitCode[]
}
