import type {Aws} from '../../aws/connect.ts'
import type {AliasState, Routing} from '../alias/alias-state.ts'
import type {DeadMan} from '../dead-man/dead-man.ts'
import type {EvidenceReader, GateAlarm, MemberEvidence} from '../evidence/evidence.ts'
import type {TrafficJournal} from '../journal/traffic-journal.ts'
import type {GroupJudgement} from '../judge/judge-group.ts'
import type {Judgement} from '../judge/judgement.ts'
import type {Member, ShiftPlan} from '../plan/shift-plan.ts'
import type {ShiftOptions} from './shift-functions.ts'
import type {ShiftParts} from './shift-parts.ts'
import type {Control, MemberState, ShiftStep} from './shift-steps.ts'

/** What an alias is to be, all that one write says of it. */
export type Target = Routing & {readonly description: string}

/** A member of a shift that is under way. */
export type MemberRun = {
  readonly member: Member
  /** as AWS last acknowledged it */
  alias: AliasState
  /** revisions that it had before: who reads one of them reads what is older, and no change of anybody's */
  readonly left: Set<string>
  /** begun, and nobody knows how it ended: the alias is to be read before it is written again */
  pending: Target | null
  /** begun since it was acknowledged, and not made when it was looked for: it may be made yet, and is nobody else's change then */
  doubted: readonly Target[]
  state: MemberState
  /** of the new version, as acknowledged */
  basisPoints: number
  /** epoch ms since when it has that weight; null before it was moved */
  weightAt: number | null
  /** the how manieth that was moved, so that the last goes back first; null: it was not moved */
  movedAs: number | null
  isCommitted: boolean
  /** the revision that the dead man knows; null before he was armed */
  armedAs: string | null
  /** why he could not be armed or pushed when that was last tried; null else */
  unarmed: string | null
  evidence: MemberEvidence | null
  judgement: Judgement | null
  detail: string | null
}

/** A shift that is under way: what its parts share. */
export type ShiftRun = {
  readonly aws: Aws
  readonly plan: ShiftPlan
  readonly options: ShiftOptions
  readonly parts: ShiftParts
  /** Ctrl-C, or nobody wants its steps any more: it goes back, or is held */
  readonly signal: AbortSignal
  readonly tell: (step: ShiftStep) => void
  readonly members: readonly MemberRun[]
  /** epoch ms */
  readonly startedAt: number
  /** the evidence counts from here on: the start, of a run that is gone on with its own, epoch ms */
  since: number
  journal: TrafficJournal | null
  deadMan: DeadMan | null
  /** made with the first write, since when it reads */
  reader: EvidenceReader | null
  /** index into the plan's stages */
  stage: number
  stageAt: number
  /** when its first write began: who came to a weight since then has to show that it is well */
  stageFrom: number
  group: GroupJudgement | null
  /** names of the functions that the group's judgement blames */
  blamed: readonly string[]
  alarms: readonly GateAlarm[]
  /** why they could not be read when they were last asked for; null else */
  alarmTrouble: string | null
  /** as they were when it began */
  alarmsBefore: readonly GateAlarm[]
  /** of `--mute` and of the keys; and the only one that moves, where that is asked for */
  readonly muted: Set<string>
  solo: string | null
  /** of waves that were muted as a whole when their turn came: they have missed the ladder, and keep the old version */
  readonly leftOut: Set<string>
  /** what a person asked for and was not done yet */
  asked: readonly Control[]
  isPaused: boolean
  /** ms that it was paused for, by which it may take longer */
  pausedMs: number
  waitsFor: string | null
  /** acknowledged */
  writes: number
  /** when the aliases were last compared with what they should be, epoch ms */
  comparedAt: number
}

/** Why a shift goes no further. */
export type Ending =
  | {readonly kind: 'done'; readonly why: string}
  /** @param isTold an event has said why: somebody else moved an alias */
  | {readonly kind: 'go-back'; readonly byGate: boolean; readonly why: string; readonly isTold?: boolean}
  /** @param isStuck nothing can be written any more: it stands with its lease, and the dead man stays armed */
  | {readonly kind: 'hold'; readonly why: string; readonly isStuck: boolean}

export function createRun(base: Pick<ShiftRun, 'aws' | 'plan' | 'options' | 'parts' | 'signal' | 'tell'>): ShiftRun {
  const {plan, aws} = base
  const startedAt = aws.clock.now()
  return {
    ...base,
    members: plan.members.map(memberRun),
    startedAt,
    since: startedAt,
    journal: null,
    deadMan: null,
    reader: null,
    stage: 0,
    stageAt: startedAt,
    stageFrom: startedAt,
    group: null,
    blamed: [],
    alarms: plan.alarms,
    alarmTrouble: null,
    alarmsBefore: plan.alarms,
    muted: new Set(plan.wish.muted),
    solo: plan.wish.solo,
    leftOut: new Set(),
    asked: [],
    isPaused: false,
    pausedMs: 0,
    waitsFor: null,
    writes: 0,
    comparedAt: startedAt,
  }
}

const memberRun = (member: Member): MemberRun => ({
  member,
  alias: member.before,
  left: new Set(),
  pending: null,
  doubted: [],
  state: 'waiting',
  basisPoints: member.at,
  weightAt: null,
  movedAs: null,
  isCommitted: false,
  armedAs: null,
  unarmed: null,
  evidence: null,
  judgement: null,
  detail: null,
})

/** Whether it keeps the old version for now. */
export const isMuted = ({muted, solo, leftOut}: ShiftRun, {member: {functionName}}: MemberRun): boolean =>
  muted.has(functionName) || leftOut.has(functionName) || (solo !== null && solo !== functionName)

/** Whether a stage moves nobody, since all of its wave is muted. */
export const isMutedStage = (run: ShiftRun, stage: number): boolean => {
  const {wave = []} = run.plan.stages[stage] ?? {}
  return run.members.filter(({member}) => wave.includes(member.functionName)).every(each => isMuted(run, each))
}

/** Something that is worth a line that stays. */
export function tellEvent(run: ShiftRun, severity: 'info' | 'warning' | 'bad', text: string): void {
  run.tell({kind: 'event', at: run.aws.clock.now(), severity, text})
}

/** Whether its alias was written, or may have been. */
export const wasTouched = ({movedAs, pending, doubted}: MemberRun): boolean =>
  movedAs !== null || pending !== null || doubted.length > 0
