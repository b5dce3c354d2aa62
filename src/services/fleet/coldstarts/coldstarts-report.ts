import type {ExitCode} from '../../../errors.ts'
import type {FleetCoverage, Known} from '../../../known.ts'
import type {Scope} from '../../aws/scope.ts'
import type {Coverage} from '../../coverage.ts'
import type {Receipt} from '../../receipt.ts'
import type {FleetFunction} from '../fleet-function.ts'
import type {ScanPlan} from '../scan-plan.ts'
import type {Advice} from './advice.ts'
import type {InitBaseline} from './baselines.ts'
import type {Causes} from './causes.ts'
import type {InitKind} from './init-kind.ts'
import type {QuickerEngine} from './plan-coldstarts.ts'
import type {Quantiles} from './quantiles.ts'

/** What the inits of a group of invocations were: of a function, one of its versions, a runtime, an hour. */
export type ColdStartFigures = {
  /** null is no zero: see its reason */
  readonly invocations: Known<number>
  readonly coldStarts: Readonly<Record<InitKind, number>>
  /** cold starts that somebody waited for: on-demand, restore, suppressed and failed ones that a request met */
  readonly felt: number
  /** of provisioned and proactive ones: those that no request had come to by the end of the window */
  readonly unused: number
  /** INIT_STARTs of which nothing tells what came of them: the window ended, or nobody looked */
  readonly undetermined: number
  /** felt per invocation, 0–1; unknown with the invocations, and where there were none */
  readonly rate: Known<number>
  /** of on-demand inits; of a function with SnapStart there are none */
  readonly initMs: Quantiles | null
  readonly restoreMs: Quantiles | null
  /** of proactive and provisioned inits: what nobody waited for */
  readonly aheadMs: Quantiles | null
  /** what the requests that met a cold start took in all, by what they met */
  readonly feltMs: Quantiles | null
  readonly feltMsBy: Readonly<Record<'onDemand' | 'restore' | 'suppressed' | 'failed', Quantiles | null>>
  /**
   * what billed inits of the window cost, by the billing that their own lines show; those of provisioned concurrency are
   * in its price. Null where prices are not in USD
   */
  readonly initCostUSD: number | null
  /** the same for 30 days of such windows */
  readonly initCostUSDPerMonth: number | null
  /** of restores: what was billed of their duration, and for the memory restored where that is not free */
  readonly restoreCostUSD: number | null
  readonly restoreCostUSDPerMonth: number | null
  /** inits whose line shows that they were billed, and that they were not */
  readonly billed: {readonly yes: number; readonly no: number}
  /** felt cold starts over the window, in parts of `ColdStartsReport.trendPartMs` */
  readonly trend: readonly number[]
  /** all inits by their duration, in the bounds of `ColdStartsReport.histogramBoundsMs`; on-demand and restores only */
  readonly histogram: readonly number[]
}

/** A function's cold starts, or why nobody knows them. */
export type FunctionColdStarts = {
  readonly of: FleetFunction
  readonly figures: Known<ColdStartFigures>
  /** as CloudWatch counted them: known of many a function whose log tells nothing */
  readonly invocations: Known<number>
  /** what cannot be counted so: Lambda Managed Instances and Web Functions write no report per request */
  readonly notApplicable: 'managed-instances' | 'web-function' | null
  /** null where the data has no such runtime */
  readonly baseline: InitBaseline | null
  /** p50 of init to the baseline's; null where there is either none: a restore is no init */
  readonly ratioToBaseline: number | null
  readonly causes: Causes | null
  readonly advice: readonly Advice[]
}

export type ColdStartGrouping = 'function' | 'version' | 'runtime' | 'hour'

/** Figures of what belongs together otherwise than by function. */
export type ColdStartGroup = {
  /** `checkout-api:42`, `nodejs22.x`, or the hour's start as an ISO time */
  readonly key: string
  /** of a version */
  readonly functionName: string | null
  readonly functionArn: string | null
  readonly account: string | null
  readonly region: string | null
  readonly version: string | null
  readonly runtime: string | null
  /** epoch ms, of an hour; the first and the last may be shorter */
  readonly start: number | null
  readonly functions: number
  /** functions of it whose cold starts nobody knows */
  readonly unknown: number
  readonly figures: ColdStartFigures
}

/** A version against the one that served before it. */
export type ComparedColdStarts = {
  readonly of: FleetFunction
  readonly alias: string | null
  readonly version: string
  /** null where nothing served before, as far as it was read */
  readonly previousVersion: string | null
  /** epoch ms: its first request; null where it had none in the window, and where it served before what was read began */
  readonly servesSince: number | null
  /** no other version was seen, and it is older than the window: what came before it was not read */
  readonly servedBefore: boolean
  /** epoch ms, by AWS: of $LATEST, its last change; null where AWS does not tell */
  readonly publishedAt: number | null
  readonly sideBySide: boolean
  readonly now: ColdStartFigures
  readonly before: ColdStartFigures | null
  /** p50 of init, or of restore, now to before; null where there is either none */
  readonly initRatio: number | null
  /** by a test of two rates and of two samples: chance is no explanation */
  readonly verdict: 'slower' | 'faster' | 'alike' | 'too-few' | 'nothing-before'
}

/** Cold starts of a window; see `slsops/coldstarts@1` in the docs. */
export type ColdStartsReport = {
  readonly coverage: Coverage
  /** epoch ms */
  readonly askedAt: number
  readonly known: FleetCoverage
  /** something came of the logs, be no function read to its end */
  readonly isBegun: boolean
  /** functions of which nobody knows whether they have provisioned concurrency: its inits pass for proactive ones */
  readonly provisionedUnknown: ReadonlySet<FleetFunction>
  /** most felt first, as far as no other order was asked for; those that nobody knows at the end */
  readonly functions: readonly FunctionColdStarts[]
  /** those of which there is advice, where it helps most first */
  readonly advised: readonly FunctionColdStarts[]
  readonly total: ColdStartFigures
  /** null where they are listed by function */
  readonly groups: {
    readonly by: Exclude<ColdStartGrouping, 'function'>
    readonly groups: readonly ColdStartGroup[]
  } | null
  /** null without `--since-deploy` */
  readonly compared: readonly ComparedColdStarts[] | null
  /** cold starts in shared log groups that no function can be told of */
  readonly unattributed: number
  readonly trendPartMs: number
  /** upper bounds; what is longer than the last is in one more part */
  readonly histogramBoundsMs: readonly number[]
  /** dated data that the numbers rest on */
  readonly baselinesAsOf: string
  readonly pricesAsOf: string
  /** what else to know, a sentence each */
  readonly notes: readonly string[]
}

export type ColdStartsProgress = {
  readonly doing: 'metrics' | 'reading' | 'looking-up'
  /** functions, log groups, or log groups that are looked at again */
  readonly done: number
  readonly total: number
  /** epoch ms */
  readonly startedAt: number
}

/** Cold starts that are about to be read. */
export type OpenedColdStarts = {
  readonly scopes: readonly Scope[]
  readonly notices: readonly string[]
  readonly functions: number
  /** log groups that are read at most: those of functions that nobody invoked may be left out */
  readonly logGroups: number
  /** what it will take at most */
  readonly plan: ScanPlan
  /** what most logs are read with */
  readonly engine: 'filter' | 'insights'
  /** what would take much less time, and is not done unasked, for its price; null where there is no such */
  readonly quicker: QuickerEngine | null
  progress(): ColdStartsProgress
  /**
   * What was found; on abort, as far as it got.
   * @param onNotice is told what to know meanwhile
   */
  read(onNotice: (notice: string) => void): Promise<ColdStartsReport>
  /** null when there is nothing to account for */
  receipt(now: number): Receipt | null
  verdicts(): readonly ExitCode[]
}
