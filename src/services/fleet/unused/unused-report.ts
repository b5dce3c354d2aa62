import type {ExitCode} from '../../../errors.ts'
import type {FleetCoverage, Known} from '../../../known.ts'
import type {Scope} from '../../aws/scope.ts'
import type {Coverage} from '../../coverage.ts'
import type {Receipt} from '../../receipt.ts'
import type {FleetFunction} from '../fleet-function.ts'
import type {ScanPlan} from '../scan-plan.ts'
import type {Evidence} from './evidence.ts'
import type {MissingPart} from './evidence-gaps.ts'
import type {Judgement} from './judge.ts'
import type {Verdict} from './verdict.ts'
import type {Waste} from './waste.ts'

/** A function with what was made out of it. */
export type FunctionVerdict = Judgement & {
  readonly fn: FleetFunction
  readonly evidence: Evidence
  /** what of the evidence nobody knows */
  readonly missing: readonly MissingPart[]
  readonly waste: readonly Waste[]
  /** unknown where its provisioned concurrency or its versions are, or their price */
  readonly monthlyWasteUSD: Known<number>
}

/** Room for code that an account has in a region. */
export type CodeStorage = {
  readonly account: string | null
  readonly region: string
  readonly usedBytes: number
  readonly limitBytes: number
}

/** Which functions are used and which are not, and what is wasted; see `slsops/unused@1` in the docs. */
export type UnusedReport = {
  readonly coverage: Coverage
  /** epoch ms */
  readonly askedAt: number
  /** functions that have a verdict other than unknown, and of which all else that was asked is known */
  readonly known: FleetCoverage
  /** epoch ms: since when invocations are counted. It is after the window's start where CloudWatch keeps nothing of that any more */
  readonly measuredSince: number
  /** those that were asked for: what matters most on call first, then by name */
  readonly functions: readonly FunctionVerdict[]
  /** of all functions */
  readonly counts: Readonly<Record<Verdict, number>>
  /** dearest first */
  readonly waste: readonly Waste[]
  /** of the functions whose waste is known, 0–1 */
  readonly wasteShare: number
  /** functions of which nobody looked at all that may be wasted */
  readonly wasteUnread: number
  readonly codeStorage: readonly CodeStorage[]
  /** the day of the list prices */
  readonly pricesAsOf: string
  /** what the metrics cost by list price */
  readonly costUSD: number
  /** what else to know, a sentence each */
  readonly notes: readonly string[]
}

export type UnusedProgress = {
  readonly doing: 'measuring' | 'looking'
  readonly done: number
  readonly total: number
  /** epoch ms: since when it does that */
  readonly since: number
}

/** A fleet about to be judged: functions are listed, and those that ran in the last two weeks. */
export type OpenedUnused = {
  readonly scopes: readonly Scope[]
  readonly notices: readonly string[]
  readonly functions: number
  readonly plan: ScanPlan
  readonly progress: UnusedProgress
  /** The verdicts; on abort, as far as it got, the rest unknown as `interrupted`. */
  read(): Promise<UnusedReport>
  /** null when there is nothing to account for: the error says it all */
  receipt(now: number, signal: AbortSignal): Receipt | null
  /** @param failOn verdicts that somebody asked to be told of by the exit code */
  verdicts(failOn: readonly Verdict[]): readonly ExitCode[]
}
