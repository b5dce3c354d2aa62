import {aliasName} from '../alias/alias-state.ts'
import {tenAtATime} from './at-a-time.ts'
import {errorText} from './ending-of.ts'
import {type MemberRun, type ShiftRun, tellEvent} from './shift-run.ts'

/**
 * Arms the dead man for a member as it is now, or pushes him forward. Where that fails the shift goes on, which is said once, and it
 * is tried again with each look: an earlier schedule names an earlier revision, and does nothing.
 * @throws the signal's reason
 */
export async function pushDeadMan(run: ShiftRun, each: MemberRun): Promise<void> {
  const {deadMan, signal} = run
  if (deadMan === null || each.movedAs === null) return
  const {member, alias} = each
  try {
    await deadMan.push(member, alias, member.from, member.description, signal)
    each.armedAs = alias.revisionId
    each.unarmed = null
  } catch (error) {
    signal.throwIfAborted()
    const why = errorText(error)
    if (each.unarmed !== why)
      tellEvent(run, 'warning', `${aliasName(member)}: the dead man could not be pushed forward: ${why}`)
    each.unarmed = why
  }
}

/**
 * Pushes him forward for all that moved, where half of his time is over; and for those alone of which he knows another revision.
 * @throws the signal's reason
 */
export async function keepDeadManAway(run: ShiftRun, share = 0.5): Promise<void> {
  const {deadMan, plan, aws} = run
  if (deadMan === null || plan.wish.deadMan === null) return
  const firesAt = deadMan.firesAt() ?? Infinity
  const now = aws.clock.now()
  if (now >= firesAt && run.comparedAt < firesAt) {
    // this machine slept, and he may have rolled back: the aliases are looked at before he is armed again
    run.comparedAt = Number.NEGATIVE_INFINITY
    return
  }
  const isDue = firesAt - now <= plan.wish.deadMan.afterMs * share
  const watched = run.members.filter(each => each.movedAs !== null && each.state !== 'foreign' && !each.isCommitted)
  await tenAtATime(
    watched.filter(each => isDue || each.armedAs !== each.alias.revisionId),
    each => pushDeadMan(run, each),
  )
}
