import {type AliasState, type Routing, shareOf, weightOf, wholeBasisPoints} from '../alias/alias-state.ts'
import {isAs, isOnItsWay} from '../alias/send-update.ts'
import type {Member, ShiftPlan} from '../plan/shift-plan.ts'
import type {Target} from './shift-run.ts'

/** The old version serves, the new one has so much of it. */
export const routingAt = ({from, to}: Pick<Member, 'from' | 'to'>, basisPoints: number): Routing => ({
  version: from,
  additional: basisPoints === 0 ? null : {version: to, weight: weightOf(basisPoints)},
})

/** What a member goes back to: the old version alone; with `--weight` what it was, which may be another weight. */
export const wayBack = ({ladder}: ShiftPlan, member: Member): Target => ({
  ...(ladder === 'weight' ? member.before : routingAt(member, 0)),
  description: member.description,
})

/** What a member is in the end: the new version alone. */
export const wayOn = ({to, description}: Member): Target => ({version: to, additional: null, description})

export const basisPointsOf = (routing: Routing, version: string): number =>
  Math.round(shareOf(routing, version) * wholeBasisPoints)

/** What a member's weight is once a stage has begun: that of the last stage that it is in so far. */
export function basisPointsAt({stages}: ShiftPlan, member: Member, stage: number): number {
  const last = stages.slice(0, stage + 1).findLast(({wave}) => wave.includes(member.functionName))
  return last?.basisPoints ?? member.at
}

/** Whether an alias is as it was written; with provisioned concurrency it may still be on its way there, which is nobody's change. */
export const isAsWritten = (state: AliasState, written: Target, before: string): boolean =>
  isAs(state, written) || (state.description === written.description && isOnItsWay(state, written, before))
