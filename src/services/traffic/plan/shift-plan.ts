// What a shift is going to do, shown before it is agreed to, and what it was asked to do. Types only.

import type {Known} from '../../../known.ts'
import type {Scope} from '../../aws/scope.ts'
import type {AliasRef, AliasState} from '../alias/alias-state.ts'
import type {GateAlarm} from '../evidence/evidence.ts'
import type {Traffic} from '../evidence/read-traffic.ts'
import type {JudgeSettings} from '../judge/judgement.ts'
import type {VersionDifference} from './compare-versions.ts'
import type {OtherManager} from './managers.ts'

/** `weight` moves there and stays; the others end with the new version alone. */
type LadderKind = 'all-at-once' | 'weight' | 'canary' | 'linear'

export type LadderWish =
  | {readonly kind: 'all-at-once'}
  | {readonly kind: 'weight'; readonly basisPoints: number}
  | {readonly kind: 'canary'; readonly basisPoints: number; readonly everyMs: number}
  | {
      readonly kind: 'linear'
      readonly by: {readonly basisPoints: number} | {readonly steps: number}
      readonly everyMs: number
    }

/** One weight, and how long it is kept at least. */
export type LadderStep = {readonly basisPoints: number; readonly minMs: number}

/** What comes after what: a wave goes up its whole ladder before the next begins. */
export type Stage = LadderStep & {
  /** names of the functions that move */
  readonly wave: readonly string[]
  /**
   * how long health takes to show at its weight, of the slowest whose traffic is known, ms; null: never at that traffic; not there
   * where nobody waits for any, or nobody knows
   */
  readonly evidenceMs?: number | null
}

export type ShiftWish = {
  /** null: the configured default, else the only one */
  readonly alias: string | null
  readonly to:
    | {readonly kind: 'version'; readonly version: string}
    | {readonly kind: 'latest'}
    /** by function name */
    | {readonly kind: 'each'; readonly versions: ReadonlyMap<string, string>}
  readonly ladder: LadderWish
  /** how long all traffic is at the new version before the alias is moved for good */
  readonly bakeMs: number | null
  readonly gate: 'auto' | 'none'
  readonly judge: JudgeSettings
  readonly alarms: readonly string[]
  /** may be red before it begins */
  readonly allowAlarms: readonly string[]
  readonly gateFilter: string | null
  readonly onInconclusive: 'hold' | 'rollback' | 'promote'
  readonly onInterrupt: 'rollback' | 'hold'
  /** how long it may wait for evidence in all; null: by the ladder */
  readonly maxTimeMs: number | null
  readonly deadMan: {readonly afterMs: number; readonly roleArn: string} | null
  readonly handOver: {readonly application: string | null; readonly group: string | null} | null
  readonly note: string | null
  /** targets of each wave, in order; those that are in none are the last one */
  readonly waves: readonly (readonly string[])[]
  /** functions that keep the old version for now */
  readonly muted: readonly string[]
  /** the only one that moves for now */
  readonly solo: string | null
  /** goes on where the plan would refuse: nobody calls the alias */
  readonly force: boolean
  /** takes over from a run whose lease is over, or with --force from one that holds it */
  readonly takeOver: boolean
}

export type Member = AliasRef & {
  readonly from: string
  readonly to: string
  /** the alias as it was read for the plan; apply refuses where its revision moved */
  readonly before: AliasState
  /** what its description was before any shift of ours */
  readonly description: string
  /** basis points that `to` has already, where a shift is under way that is gone on with; 0 else */
  readonly at: number
  readonly differences: readonly VersionDifference[]
  readonly timeoutSeconds: number
  /** failures are counted 1 + retries times at most */
  readonly repeats: number
  readonly logGroup: string | null
  readonly traffic: Known<Traffic>
  /** of the alias; null where there is none */
  readonly provisioned: {readonly count: number; readonly isReady: boolean} | null
  readonly managers: readonly OtherManager[]
  /** how long health takes to show at the first stage's weight, ms; null: never at this traffic */
  readonly evidenceMs: number | null
  /** what is worth knowing, a sentence each */
  readonly notes: readonly string[]
}

/** With what CodeDeploy deploys. */
export type PlannedDeployment = {
  readonly application: string
  readonly group: string
  /** name of the deployment configuration that goes as the ladder does */
  readonly config: string
  /** names of those that the group watches, which those of the shift take the place of; null where AWS would not say */
  readonly alarms: readonly string[] | null
}

export type ShiftPlan = {
  readonly runId: string
  readonly scope: Scope
  /** who calls, as an ARN; null where AWS would not say */
  readonly caller: string | null
  readonly members: readonly Member[]
  /** the kind of that in `wish` */
  readonly ladder: LadderKind
  readonly stages: readonly Stage[]
  /** whether the aliases are moved for good at the end; not with `weight` */
  readonly commits: boolean
  readonly wish: Omit<ShiftWish, 'to' | 'waves'>
  /** not there where slsops shifts by itself */
  readonly deployment?: PlannedDeployment
  readonly alarms: readonly GateAlarm[]
  /** the least it takes, and with the evidence at this traffic; null: evidence will not show */
  readonly leastMs: number
  readonly expectedMs: number | null
  /** the longest, after which what is inconclusive is dealt with */
  readonly maxTimeMs: number
  /** epoch ms; null where they do not expire, or nobody knows */
  readonly credentialsExpireAt: number | null
  /** for several that call each other: the least probability, over the stages, that a request meets one release only; null for one */
  readonly sameRelease: number | null
  /** calls of the control plane for one stage, and what the gate's metrics cost in all */
  readonly writesPerStage: number
  readonly gateCostUSD: number
  /** the run that is gone on with; null: a new one */
  readonly resumes: string | null
  /** sentences, the worst first */
  readonly warnings: readonly string[]
}
