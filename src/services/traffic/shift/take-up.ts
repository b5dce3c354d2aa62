import {type AliasState, aliasName, isSameRouting} from '../alias/alias-state.ts'
import {isAs} from '../alias/send-update.ts'
import {firesFor} from '../dead-man/dead-man.ts'
import type {TrafficRecord} from '../journal/shift-record.ts'
import {tenAtATime} from './at-a-time.ts'
import {foreignEnding} from './ending-of.ts'
import {leftOff} from './left-off.ts'
import {moveMembers, movesOfRenewing} from './move-members.ts'
import {pushDeadMan} from './push-dead-man.ts'
import {wayBack} from './routing-of.ts'
import {type Ending, isMuted, type MemberRun, type ShiftRun, tellEvent} from './shift-run.ts'
import {keep, markForeign} from './write-member.ts'

/**
 * Takes up a run that was killed where its journal left it: of a write that nobody knows the end of, the alias tells it.
 * @param signal ends the reading
 * @returns the stage to go on with, or why it goes no further
 * @throws UserError
 */
export async function takeUp(run: ShiftRun, runId: string, signal: AbortSignal): Promise<number | Ending> {
  const {aws, plan, options, parts} = run
  const journal = run.journal ?? (await parts.continueTrafficJournal(options.journals, runId, aws))
  run.journal = journal
  const record = journal.record()
  const {header, stageAt, muted} = record
  run.since = header.at
  for (const name of muted) run.muted.add(name)
  // that he can roll back was tried before the first write; where it is tried again and fails, what is armed is taken away
  if (plan.wish.deadMan !== null) run.deadMan ??= parts.createDeadMan(aws, journal, plan.wish.deadMan)
  const foreign: MemberRun[] = []
  const back: string[] = []
  for (const {member, kind, state, record: known} of await parts.reconcile(aws, journal, signal)) {
    const each = run.members.find(({member: {functionName}}) => functionName === member.functionName)
    if (each === undefined) continue
    // sent by the killed process, it may be on its way still
    if (kind === 'pending-not-applied' && known.pending !== null) each.doubted = [known.pending.to]
    if (kind === 'foreign' && state !== null && run.deadMan !== null && isAs(state, wayBack(plan, each.member))) {
      keep(run, each, state)
      each.state = 'rolled-back'
      const firesAt = firesFor(record, member)
      const when = firesAt === null ? '' : ` at ${new Date(firesAt).toISOString()}`
      each.detail = `the dead man rolled ${aliasName(member)} back${when}: nobody pushed him forward`
      tellEvent(run, 'bad', each.detail)
      back.push(each.detail)
    } else if (kind === 'foreign' || kind === 'gone' || state === null) {
      each.movedAs = 1
      // what this run left, which is what somebody has changed
      each.alias = known.state
      markForeign(each, state)
      tellEvent(run, 'bad', each.detail ?? '')
      foreign.push(each)
    } else take(run, each, state, weightSince(record, member.functionName) ?? stageAt)
  }
  if (foreign.length > 0) return foreignEnding(foreign)
  if (back.length > 0) return {kind: 'go-back', byGate: false, why: back.join('; ')}
  const left = leftOff(record, plan)
  if (left === 'back') return {kind: 'go-back', byGate: false, why: 'it was going back when it was stopped'}
  if (run.signal.aborted) return left
  // that of the killed process may be about to roll back
  await tenAtATime(run.members, each => pushDeadMan(run, each))
  return (left < plan.stages.length ? await moveMembers(run, movesOfRenewing(run, left), left) : null) ?? left
}

/** When it came to its weight, which a lease that is said anew leaves as it is; null where nothing tells. */
function weightSince({writes}: TrafficRecord, functionName: string): number | null {
  const made = writes.filter(({intent, revisionId}) => intent.functionName === functionName && revisionId !== null)
  const moved = made.findLast(({intent}, i) => {
    const before = made[i - 1]
    return before === undefined || !isSameRouting(before.intent.to, intent.to)
  })
  return moved?.at ?? null
}

function take(run: ShiftRun, each: MemberRun, state: AliasState, weightAt: number | null): void {
  const {before} = each.member
  each.alias = state
  if (state.revisionId === before.revisionId) return
  keep(run, each, state)
  each.weightAt = weightAt
  each.state = each.isCommitted ? 'done' : isMuted(run, each) ? 'muted' : 'watched'
}
