// What happens while a shift goes on: the screen, the lines on stderr and the documents are all made of these. Types only.
import type {AliasState} from '../alias/alias-state.ts'
import type {GateAlarm, MemberEvidence} from '../evidence/evidence.ts'
import type {Judgement, Verdict} from '../judge/judgement.ts'
import type {Member, ShiftPlan, Stage} from '../plan/shift-plan.ts'

/** `done`: the new version serves as was asked; `held`: it stands where it is; `foreign`: somebody else moved the alias, it was left alone. */
export type MemberState =
  | 'waiting'
  | 'moving'
  | 'watched'
  | 'muted'
  | 'done'
  | 'rolled-back'
  | 'held'
  | 'foreign'
  | 'failed'

/** Where a member of the shift stands. */
export type MemberStanding = {
  readonly member: Member
  readonly state: MemberState
  /** of the new version, in basis points, as last acknowledged by AWS */
  readonly basisPoints: number
  readonly evidence: MemberEvidence | null
  /** null before anything was read of it */
  readonly judgement: Judgement | null
  /** what is wrong with it, or takes a while; null else */
  readonly detail: string | null
}

/** Where the whole stands: what the live view shows. */
export type ShiftStanding = {
  /** index into the plan's stages; as many as there are while the aliases are moved for good */
  readonly stage: number
  /** epoch ms */
  readonly stageAt: number
  readonly startedAt: number
  readonly verdict: Verdict
  /** of the group: the mean of its members' */
  readonly harm: number
  readonly harmAt: number
  readonly harmByMinute: readonly number[]
  readonly members: readonly MemberStanding[]
  /** names of the functions that most of the harm comes from, the worst first; not there while nobody is to blame */
  readonly blamed?: readonly string[]
  readonly alarms: readonly GateAlarm[]
  /** why it does not go on although its time is over; null where it does */
  readonly waitsFor: string | null
  /** epoch ms at which `--max-time` is over and it waits no longer; not there where it waits for nothing, or is paused */
  readonly waitsUntil?: number
  readonly isPaused: boolean
  /** epoch ms at which the dead man rolls back; null where there is none */
  readonly deadManAt: number | null
}

export type ShiftStep =
  | {readonly kind: 'begun'; readonly plan: ShiftPlan; readonly standing: ShiftStanding}
  /** something takes a while: `moves 12 aliases to 10 %`, `waits for provisioned concurrency of …` */
  | {readonly kind: 'doing'; readonly what: string}
  /** all that move are at a stage's weight */
  | {readonly kind: 'stage'; readonly stage: Stage; readonly standing: ShiftStanding}
  /** the evidence was read again, or a member's state changed */
  | {readonly kind: 'standing'; readonly standing: ShiftStanding}
  /** worth a line that stays: a lost answer recognised, a foreign change, metrics that cannot be read, why it goes back */
  | {readonly kind: 'event'; readonly at: number; readonly severity: 'info' | 'warning' | 'bad'; readonly text: string}
  | {readonly kind: 'ended'; readonly report: ShiftReport}

export type MemberOutcome = MemberStanding & {
  /** what AWS itself said the alias serves, after all was done; null where it would not say */
  readonly serves: AliasState | null
}

export type ShiftReport = {
  readonly plan: ShiftPlan
  readonly outcome: 'done' | 'rolled-back' | 'held' | 'foreign' | 'failed'
  readonly verdict: Verdict
  /** in a sentence: why it ended so */
  readonly why: string
  /** whether a gate (judge or alarm) sent it back, and not a person or a failure */
  readonly byGate: boolean
  readonly members: readonly MemberOutcome[]
  readonly standing: ShiftStanding
  /** epoch ms */
  readonly startedAt: number
  readonly endedAt: number
  /** writes to AWS that were acknowledged */
  readonly writes: number
  /** whether it stands half-way with its lease and its journal, so that `--resume` goes on with it; not there where it is over */
  readonly isOpen?: boolean
}

/** What a person does to a shift that is under way. */
export type Control =
  | {readonly kind: 'mute' | 'unmute' | 'solo'; readonly functionName: string}
  | {readonly kind: 'unsolo' | 'pause' | 'go-on' | 'rollback'}
