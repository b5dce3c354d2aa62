import type {MemberRun, ShiftRun} from './shift-run.ts'
import type {MemberStanding, ShiftStanding} from './shift-steps.ts'

/** Where a shift stands, as data that does not change any more. */
export function standingOf(run: ShiftRun): ShiftStanding {
  const {group, blamed, stage, stageAt, startedAt, alarms, waitsFor, isPaused, pausedMs, deadMan} = run
  return {
    stage,
    stageAt,
    startedAt,
    verdict: group?.verdict ?? 'inconclusive',
    harm: group?.harm ?? 1,
    harmAt: group?.harmAt ?? 1 / run.plan.wish.judge.alpha,
    harmByMinute: group?.harmByMinute ?? [],
    members: run.members.map(memberStanding),
    ...(blamed.length > 0 && {blamed}),
    alarms,
    waitsFor,
    ...(waitsFor !== null && !isPaused && {waitsUntil: startedAt + run.plan.maxTimeMs + pausedMs}),
    isPaused,
    deadManAt: deadMan?.firesAt() ?? null,
  }
}

export const memberStanding = ({
  member,
  state,
  basisPoints,
  evidence,
  judgement,
  detail,
}: MemberRun): MemberStanding => ({member, state, basisPoints, evidence, judgement, detail})
