import {parseLease} from '../alias/lease.ts'
import {isAs} from '../alias/send-update.ts'
import type {TrafficRecord} from '../journal/shift-record.ts'
import type {ShiftPlan} from '../plan/shift-plan.ts'
import {wayBack, wayOn} from './routing-of.ts'

/**
 * Where a run was when it was killed, by what it had begun to write: the stage, as many as there are where it was moving the aliases
 * for good; `back` where it was going back. A stage that was begun is gone on with, since the one before was found well.
 */
export function leftOff(
  {writes, stage, muted}: Pick<TrafficRecord, 'writes' | 'stage' | 'muted'>,
  plan: ShiftPlan,
): number | 'back' {
  const {members, stages, ladder} = plan
  let last = Math.max(0, stage)
  for (const {intent} of writes) {
    const member = members.find(({functionName}) => functionName === intent.functionName)
    if (member === undefined) continue
    if (ladder !== 'weight' && !muted.has(member.functionName) && isAs(intent.to, wayBack(plan, member))) return 'back'
    if (plan.commits && isAs(intent.to, wayOn(member))) last = stages.length
    else last = Math.max(last, (parseLease(intent.to.description)?.stage ?? 0) - 1)
  }
  return last
}
