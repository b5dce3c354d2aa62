import type {ExitCode} from '../../../errors.ts'
import type {FleetCoverage, Known, Unknown} from '../../../known.ts'
import type {Scope} from '../../aws/scope.ts'
import type {Coverage} from '../../coverage.ts'
import type {Receipt} from '../../receipt.ts'
import type {FleetFunction} from '../fleet-function.ts'
import type {ScanPlan} from '../scan-plan.ts'
import type {Span} from './cost-window.ts'
import type {CostChange} from './explain-change.ts'
import type {CostComponent, PricedUsage} from './price-usage.ts'
import type {ProvisionedCharge} from './provisioned-charge.ts'

/** What one function costs, and what changed it. */
export type CostItem = {
  readonly fn: FleetFunction
  readonly calls: Known<number>
  /** that was billed for a call on the average, with the half millisecond of rounding; null without calls */
  readonly billedMsPerCall: number | null
  /** of the window; the mean where it was changed */
  readonly memorySizeMB: number
  /** `versions`: published versions tell it; `unchanged`: the function was not changed since; else as it is configured now */
  readonly memoryFrom: 'unchanged' | 'versions' | 'configured'
  /** why its versions do not tell it, where they were asked for */
  readonly memoryUnknown: Unknown | null
  /** null without provisioned concurrency, or where nobody knows */
  readonly provisioned: ProvisionedCharge | null
  readonly priced: PricedUsage
  readonly before: CostBefore | null
  /** requests and compute of the parts of the window, in USD, oldest first; empty where nobody knows */
  readonly trend: readonly number[]
  /** what its stored logs cost at most, if they stay; not in its cost */
  readonly logStorageUSD: Known<number>
}

/** What a function cost in the window before, as far as it is known in both. */
export type CostBefore = {
  readonly calls: number
  readonly billedMsPerCall: number | null
  readonly memorySizeMB: number
  readonly costUSD: number
  /** `new`: it had no calls before; `gone`: it has none now */
  readonly kind: 'same' | 'new' | 'gone'
  readonly change: CostChange
}

/** A log group that several functions write to: no metric says whose bytes they are. */
export type SharedLogs = {
  readonly logGroup: string
  readonly account: string | null
  readonly region: string
  /** those of the report that write to it */
  readonly functions: readonly string[]
  readonly costUSD: Known<number>
  readonly beforeUSD: number | null
  /** what it stores, at most, if it stays; not in its cost */
  readonly logStorageUSD: Known<number>
}

export type CostGrouping =
  | {readonly kind: 'function' | 'stack' | 'region' | 'account'}
  | {readonly kind: 'tag'; readonly key: string}

export type CostGroup = {
  /** null: what carries no such tag, belongs to no stack, or to no one alone */
  readonly name: string | null
  /** null name: log groups that several functions write to */
  readonly isShared: boolean
  readonly functions: number
  /** of which nobody knows what they cost */
  readonly unknown: number
  readonly calls: number
  readonly costUSD: number
  readonly change: CostChange | null
  readonly trend: readonly number[]
}

export type CostSort = 'cost' | 'change' | 'calls' | 'name'

/** Where the prices of a region are from. */
export type PriceSource = {
  readonly region: string
  /** null: AWS does not charge USD there */
  readonly asOf: string | null
  /** false: there is no row for it, those of us-east-1 are used */
  readonly isListed: boolean
  /** what is priced as in us-east-1, for no list of the region's own is known */
  readonly asInUSEast1: readonly CostComponent[]
}

/** What functions cost in a window; see `slsops/cost@1` in the docs. */
export type CostReport = {
  readonly coverage: Coverage
  readonly known: FleetCoverage
  /** the window before; null where nothing is compared */
  readonly before: Span | null
  readonly sort: CostSort
  /** sorted */
  readonly items: readonly CostItem[]
  readonly shared: readonly SharedLogs[]
  readonly groups: {readonly by: CostGrouping; readonly groups: readonly CostGroup[]} | null
  /** of all that is known */
  readonly costUSD: number
  /** what is not in it of any function that nobody asked about, for it was not to be read */
  readonly without: readonly ('init' | 'provisioned')[]
  readonly components: Readonly<Record<CostComponent, number>>
  /** null where nothing is compared, or nothing is known of both */
  readonly change: CostChange | null
  /** what stored logs cost at most, if they stay as long; not in the cost; null where nobody knows */
  readonly logStorageUSD: number | null
  readonly trendPartMs: number
  readonly prices: readonly PriceSource[]
  /** what it never holds, a few words each */
  readonly excluded: readonly string[]
  /** what AWS charges for reading it, by list price */
  readonly spentUSD: number
  /** what else to know, a sentence each */
  readonly notes: readonly string[]
}

/** Costs that are about to be read: the functions are listed. */
export type OpenedCost = {
  readonly scopes: readonly Scope[]
  readonly notices: readonly string[]
  readonly functions: number
  readonly window: Span
  readonly before: Span | null
  /** at most: of functions that were not called, less is read */
  readonly plan: ScanPlan
  readonly progress: {readonly done: number; readonly total: number}
  /**
   * What they cost; on abort, as far as it got.
   * @param mostUSD what reading may cost; inits are left out where they would cost more
   * @throws UserError where nothing could be read (exit 4 with the permission, where that is missing)
   */
  read(mostUSD: number | null): Promise<CostReport>
  /** null when there is nothing to account for: the error says it all */
  receipt(now: number): Receipt | null
  verdicts(): readonly ExitCode[]
}
