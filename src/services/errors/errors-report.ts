import type {ExitCode} from '../../errors.ts'
import type {Scope} from '../aws/scope.ts'
import type {Calls} from '../aws/total-calls.ts'
import type {Coverage} from '../coverage.ts'
import type {ReadPlan} from '../logs/read-plan.ts'
import type {Tally} from '../logs/tally.ts'
import type {Receipt} from '../receipt.ts'
import type {ErrorCluster} from './cluster.ts'
import type {FailOn, GateResult} from './gate.ts'

/** What goes wrong in a window, and how that compares with what was before; see `slsops/errors@1` in the docs. */
export type ErrorsReport = {
  readonly coverage: Coverage
  /** epoch ms; null where nothing is compared with */
  readonly baseline: {readonly start: number; readonly end: number} | null
  /** errors in the window */
  readonly errors: number
  /** events that AWS handed over because they might be errors, of the window and of the baseline */
  readonly candidates: number
  readonly logGroups: number
  readonly clusters: readonly ErrorCluster[]
  /** what to know of it, a sentence each */
  readonly notes: readonly string[]
  /** where versions were compared */
  readonly gate: GateResult | null
}

/** Into how many parts a window is divided for its histograms. */
export const histogramParts = 24

/** What a read yields: a report, or something to know meanwhile. */
export type ErrorsStep = {readonly report: ErrorsReport} | {readonly notice: string}

/** Errors that are about to be read. */
export type OpenedErrors = {
  readonly scopes: readonly Scope[]
  /** log groups that were asked for, those included that do not exist yet or cannot be read */
  readonly groups: number
  /** epoch ms */
  readonly openedAt: number
  readonly notices: readonly string[]
  /** null where several windows are read */
  readonly plan: ReadPlan | null
  readonly tally: Tally
  calls(): Calls
  /** one report, or one for each refresh; throws a UserError at the end when a log group that was named does not exist */
  readonly steps: AsyncIterable<ErrorsStep>
  /** null when there is nothing to account for: what was named does not exist */
  receipt(now: number, signal: AbortSignal): Receipt | null
  /** what the latest report says to a script, by exit codes; none when all went well */
  verdicts(failOn: FailOn | null): readonly ExitCode[]
}
