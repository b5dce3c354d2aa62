// What each alias serves, and how that does. Types only.

import type {ExitCode} from '../../../errors.ts'
import type {FleetCoverage, Known} from '../../../known.ts'
import type {Scope} from '../../aws/scope.ts'
import type {Coverage} from '../../coverage.ts'
import type {ScanPlan} from '../../fleet/scan-plan.ts'
import type {Receipt} from '../../receipt.ts'
import type {AliasRef, AliasState} from '../alias/alias-state.ts'
import type {Lease} from '../alias/lease.ts'
import type {ServedVersion} from '../evidence/served-versions.ts'
import type {OtherManager} from '../plan/managers.ts'

/** One version of an alias in the window; its figures are null where metrics were not to be had. */
export type ReleaseVersion = {
  readonly version: string
  /** of the alias's traffic now, 0–1 */
  readonly weight: number
  readonly figures: ServedVersion | null
  /** of its invocations in the window by list prices, USD: requests and compute */
  readonly costUSD: number | null
  /** epoch ms */
  readonly publishedAt: number | null
  readonly description: string
}

/** Who moved an alias last, as far as anything tells. */
export type Mover = {
  readonly source: 'journal' | 'lease' | 'codedeploy'
  /** what it came to: a way back, or any other way from one version to another */
  readonly operation: 'shift' | 'rollback'
  /** what served before, and what then did, or began to */
  readonly from: string
  readonly to: string
  readonly by: string | null
  readonly at: number | null
  readonly note: string | null
  /** of a shift that went back: why; else null */
  readonly why: string | null
  readonly runId: string | null
}

/** `moving`: it serves two versions, or somebody is at it; `troubled`: what serves fails more often than what served before */
export type ReleaseStanding = 'moving' | 'troubled' | 'steady'

export type AliasRelease = AliasRef & {
  readonly account: string | null
  readonly region: string
  readonly state: AliasState
  readonly standing: ReleaseStanding
  /** those that it serves first, then those that served in the window */
  readonly versions: readonly ReleaseVersion[]
  /** whether versions have figures, or why not */
  readonly measured: Known<true>
  /** epoch ms since when it serves as it does; null where nothing tells, or it is longer than the window */
  readonly since: number | null
  readonly mover: Mover | null
  /** of a shift of slsops that is under way, here or elsewhere, or was killed */
  readonly lease: Lease | null
  /** nobody holds it by that any more */
  readonly isLeaseOver: boolean
  /** the newest published version, where it is newer than all that serves, or is known to have served */
  readonly waiting: string | null
  readonly provisioned: {readonly requested: number; readonly available: number; readonly status: string} | null
  readonly managers: readonly OtherManager[]
}

export type ReleasesReport = {
  readonly coverage: Coverage
  /** in motion first, then in trouble, then by calls */
  readonly aliases: readonly AliasRelease[]
  /** functions without an alias, as many as there are */
  readonly without: number
  /** of functions with an alias */
  readonly known: FleetCoverage
  readonly pricesAsOf: string
  readonly notes: readonly string[]
}

export type ReleasesProgress = {
  readonly doing: 'listing' | 'reading'
  readonly done: number
  readonly total: number
  /** epoch ms */
  readonly since: number
}

export type OpenedReleases = {
  readonly scopes: readonly Scope[]
  readonly notices: readonly string[]
  readonly functions: number
  /** what listing the aliases takes: a call for each function */
  readonly plan: ScanPlan
  readonly progress: ReleasesProgress
  /**
   * Lists the aliases. @returns what the rest takes
   * @throws UserError where a named alias is not there
   */
  look(): Promise<ScanPlan>
  read(): Promise<ReleasesReport>
  verdicts(): readonly ExitCode[]
  /** null before anything was read */
  receipt(finishedAt: number): Receipt | null
}
