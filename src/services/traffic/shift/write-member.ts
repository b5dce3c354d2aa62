import {UserError} from '../../../errors.ts'
import {type AliasState, aliasName} from '../alias/alias-state.ts'
import {leaseText, leaseUntil} from '../alias/lease.ts'
import {isAs, isOnItsWay, routingText} from '../alias/send-update.ts'
import {basisPointsOf, isAsWritten, routingAt} from './routing-of.ts'
import {type MemberRun, type ShiftRun, type Target, tellEvent} from './shift-run.ts'

/** how often a revision is taken up that says nothing new */
const mostRefreshes = 3

type Writing = {readonly signal: AbortSignal; readonly isUrgent?: boolean}

/**
 * Writes one member's alias, and keeps what AWS acknowledged.
 * @returns false where somebody else has moved it: it was left alone
 * @throws UserError, or the signal's reason; what it comes to is not known then until the alias is read
 */
export async function writeMember(run: ShiftRun, each: MemberRun, to: Target, writing: Writing): Promise<boolean> {
  const {aws, journal, parts} = run
  if (journal === null) throw new UserError('there is no journal', {code: 'NoJournal'})
  for (let refreshes = 0; ; refreshes++) {
    each.pending = to
    const written = await parts.writeAlias({aws, journal, ...writing}, each.member, each.alias, to).catch(error => {
      // its turn had not come, or AWS has said no
      if (error === writing.signal.reason || (error instanceof UserError && error.code !== 'Unsettled'))
        each.pending = null
      throw error
    })
    each.pending = null
    const {state} = written
    if (written.kind === 'written') {
      run.writes++
      keep(run, each, written.state)
      if (written.wasLost)
        tellEvent(run, 'info', `${aliasName(each.member)}: the answer did not tell; read back, it is as it was to be`)
      return true
    }
    if (state === null || refreshes >= mostRefreshes || isLeft(each, state, writing) || !isOurs(each, state)) {
      markForeign(each, state)
      tellEvent(run, 'bad', each.detail ?? '')
      return false
    }
    keep(run, each, state)
  }
}

/**
 * Whether somebody has written an alias that this run has not moved yet. Also where that left it as it was: who rolls back a shift
 * before its first write leaves no other sign. While Lambda allocates provisioned concurrency it may be Lambda.
 */
function isLeft({movedAs, doubted, alias, member}: MemberRun, state: AliasState, {isUrgent = false}: Writing): boolean {
  const {provisioned} = member
  const mayBeLambda = provisioned !== null && !(provisioned.isReady && isAs(state, alias))
  return movedAs === null && doubted.length === 0 && !mayBeLambda && !isUrgent
}

/**
 * Whether an alias under another revision is as this run left it all the same: written again as it was, by a write of which nobody
 * knew whether it was made, or by Lambda itself, which puts weights there while it allocates provisioned concurrency.
 */
export function isOurs({member, alias, doubted}: MemberRun, state: AliasState): boolean {
  if (isAs(state, alias) || doubted.some(target => isAsWritten(state, target, alias.version))) return true
  if (member.provisioned === null || state.description !== alias.description) return false
  return [member.from, member.to].some(before => isOnItsWay(state, alias, before) || isOnItsWay(alias, state, before))
}

/** Takes what AWS says an alias is for what it is. */
export function keep(run: ShiftRun, each: MemberRun, state: AliasState): void {
  // with another revision, what was conditional on the one before comes to nothing
  if (state.revisionId !== each.alias.revisionId) {
    each.doubted = []
    each.left.add(each.alias.revisionId)
  }
  each.alias = state
  each.isCommitted = state.version === each.member.to
  each.basisPoints = basisPointsOf(state, each.member.to)
  each.movedAs ??= 1 + Math.max(0, ...run.members.map(({movedAs}) => movedAs ?? 0))
}

/** Reads an alias of which nobody knows whether it was written. @returns false where somebody else has moved it */
export async function settleMember(run: ShiftRun, each: MemberRun, {signal, isUrgent}: Writing): Promise<boolean> {
  const {pending, member} = each
  const state = await run.parts.readAliasState(run.aws, member, signal, isUrgent ? 'urgent' : 'small')
  if (pending !== null) each.doubted = [...each.doubted, pending]
  each.pending = null
  if (state !== null && (state.revisionId === each.alias.revisionId || each.left.has(state.revisionId))) return true
  if (state !== null && isOurs(each, state)) {
    run.writes++
    keep(run, each, state)
    return true
  }
  markForeign(each, state)
  return false
}

/** Somebody else moved it: it is left alone from here on. */
export function markForeign(each: MemberRun, state: AliasState | null): void {
  const {member, alias} = each
  each.state = 'foreign'
  each.detail =
    state === null
      ? `${aliasName(member)} was deleted by somebody else`
      : `somebody else changed ${aliasName(member)} from ${routingText(alias)} to ${routingText(state)}: it is left alone`
  if (state !== null) {
    each.alias = state
    each.basisPoints = basisPointsOf(state, member.to)
  }
}

/** A member at a weight, with the lease that tells everybody. With `--weight`, which is one write and nothing under way, without. */
export function targetAt(run: ShiftRun, {member}: MemberRun, basisPoints: number, stage: number): Target {
  const {plan, startedAt, pausedMs} = run
  const routing = routingAt(member, basisPoints)
  if (plan.ladder === 'weight') return {...routing, description: member.description}
  const {from, to} = member
  const until = leaseUntil(startedAt + pausedMs + plan.maxTimeMs)
  const stages = plan.stages.length
  const description = leaseText({
    runId: plan.resumes ?? plan.runId,
    by: plan.caller ?? '',
    stage: stage + 1,
    stages,
    basisPoints,
    from,
    to,
    until,
  })
  return {...routing, description}
}
