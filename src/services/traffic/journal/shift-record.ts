// What the journal of a shift or a rollback tells. Types only.
import type {AliasRef, AliasState, Routing} from '../alias/alias-state.ts'
import type {Member, ShiftPlan} from '../plan/shift-plan.ts'

/** The first line. Nothing secret is in it. */
export type TrafficHeader = {
  readonly schema: 'slsops/shift-journal@1'
  readonly runId: string
  readonly operation: 'shift' | 'rollback'
  /** epoch ms */
  readonly at: number
  readonly account: string | null
  readonly region: string
  readonly endpoint: 'aws' | 'sandbox' | 'custom'
  /** of services that are not AWS's */
  readonly origins: readonly string[]
  /** as an ARN */
  readonly by: string | null
  readonly note: string | null
  readonly members: readonly (AliasRef & Pick<Member, 'from' | 'to' | 'before' | 'description'>)[]
  /** of a shift, so that it can be gone on with; null for a rollback */
  readonly plan: ShiftPlan | null
}

/** A write of an alias that was begun. */
export type AliasIntent = {
  readonly functionName: string
  readonly alias: string
  /** the revision that it is conditional on */
  readonly revisionId: string
  readonly to: Routing & {readonly description: string}
}

/** A write of an alias as the journal knows it. */
export type TrafficWrite = {
  readonly id: number
  /** epoch ms at which it was begun, and, once that is known, at which its outcome was */
  readonly at: number
  readonly intent: AliasIntent
  /** `lost`: it was sent and nobody knows what became of it; `open`: the process ended meanwhile */
  readonly outcome: 'done' | 'refused' | 'lost' | 'open'
  /** that AWS then told; null where it was not made, or nobody knows */
  readonly revisionId: string | null
}

/** Any other change of AWS that was begun: a schedule, a deployment. */
export type OtherIntent = {
  readonly operation: string
  readonly name: string
}

/** What was made and is there yet, or may be. @param firesAt epoch ms, of a schedule that is enabled, as AWS last acknowledged it */
export type Left = OtherIntent & {readonly firesAt?: number}

export type MemberRecord = {
  /** as AWS last acknowledged; what it was before, where nothing was */
  readonly state: AliasState
  /** begun, and nothing is known of how it ended */
  readonly pending: AliasIntent | null
}

/** A run as its journal tells it. */
export type TrafficRecord = {
  readonly header: TrafficHeader
  /** by function name */
  readonly members: ReadonlyMap<string, MemberRecord>
  /** the last stage that all were at; -1 before the first */
  readonly stage: number
  readonly stageAt: number | null
  readonly muted: ReadonlySet<string>
  /** of aliases, in order */
  readonly writes: readonly TrafficWrite[]
  /** names of schedules and ids of deployments that were made and not taken away */
  readonly left: readonly Left[]
  /** null: it is under way, or was killed */
  readonly ended: {readonly at: number; readonly outcome: string; readonly why: string} | null
  /** numbers of lines that could not be read */
  readonly unreadable: readonly number[]
}
