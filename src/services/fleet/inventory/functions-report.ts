import type {ExitCode} from '../../../errors.ts'
import type {FleetCoverage} from '../../../known.ts'
import type {Scope} from '../../aws/scope.ts'
import type {Coverage} from '../../coverage.ts'
import type {InsightsEstimate} from '../../insights/estimate.ts'
import type {Receipt} from '../../receipt.ts'
import type {ScanPlan} from '../scan-plan.ts'
import type {Finding} from './findings.ts'
import type {FunctionGroup, FunctionGrouping, Totals} from './group-functions.ts'
import type {InventoryFunction, RegionConcurrency} from './inventory.ts'
import type {InventoryProgress} from './inventory-progress.ts'
import type {RuntimeTable} from './runtime-table.ts'

/** The inventory of a fleet; see `slsops/functions@1` in the docs. */
export type FunctionsReport = {
  readonly coverage: Coverage
  /** epoch ms: the window before it was made one of whole periods */
  readonly asked: {readonly start: number; readonly end: number}
  /** epoch ms */
  readonly askedAt: number
  readonly known: FleetCoverage
  /** those that were asked for, sorted */
  readonly functions: readonly InventoryFunction[]
  /** null where they are listed one by one */
  readonly groups: {readonly by: FunctionGrouping; readonly groups: readonly FunctionGroup[]} | null
  readonly totals: Totals
  readonly concurrency: readonly RegionConcurrency[]
  readonly findings: readonly Finding[]
  readonly runtimes: Pick<RuntimeTable, 'asOf' | 'origin'>
  /** epoch ms: the part of the window that memory was read of; null where it was left out */
  readonly memoryWindow: {readonly start: number; readonly end: number} | null
  /** what the metrics and the queries cost by list price */
  readonly costUSD: number
  /** what else to know, a sentence each */
  readonly notes: readonly string[]
}

/** An inventory that is about to be read: functions are listed, nothing that costs money has been asked. */
export type OpenedFunctions = {
  readonly scopes: readonly Scope[]
  readonly notices: readonly string[]
  /** epoch ms: what is read of it, in whole periods: a little more than was asked for */
  readonly window: {readonly start: number; readonly end: number}
  /** functions that will be read */
  readonly functions: number
  readonly plan: ScanPlan
  /** of the queries for memory; null where it is left out */
  readonly memory: InsightsEstimate | null
  /** USD; null where nobody knows and it may be much */
  readonly costToAllow: number | null
  readonly progress: InventoryProgress
  /**
   * What there is; on abort, as far as it got, the rest unknown as `interrupted`.
   * @param mostUSD queries for memory are stopped where more is spent; null: whatever it costs
   */
  read(mostUSD: number | null): Promise<FunctionsReport>
  /** null when there is nothing to account for: the error says it all */
  receipt(now: number, signal: AbortSignal): Receipt | null
  verdicts(): readonly ExitCode[]
}
