import {UserError} from '../../../errors.ts'
import type {Priority} from '../../aws/rate-bucket.ts'
import {type AliasState, aliasName, isSameRouting} from '../alias/alias-state.ts'
import {isAs} from '../alias/send-update.ts'
import {tenAtATime} from './at-a-time.ts'
import {errorText} from './ending-of.ts'
import {goBack} from './go-back.ts'
import {holdMembers} from './hold-members.ts'
import {wayBack, wayOn} from './routing-of.ts'
import {type Ending, type MemberRun, type ShiftRun, tellEvent, wasTouched} from './shift-run.ts'
import type {ShiftReport} from './shift-steps.ts'
import {memberStanding, standingOf} from './standing.ts'
import {isOurs, keep, markForeign} from './write-member.ts'

/** how often it is read again, and how long after, what is not yet as AWS acknowledged it */
const mostLooks = 6
const lookMs = 400

/**
 * Ends a shift in whatever way it ends: back, held or done; takes the dead man away, reads back what AWS says is served, and
 * lets go of the journal.
 * @param signal its own: Ctrl-C does not stop it
 */
export async function conclude(run: ShiftRun, ending: Ending, signal: AbortSignal): Promise<ShiftReport> {
  const isStuck = ending.kind === 'hold' && ending.isStuck
  if (ending.kind === 'go-back') {
    tellGoingBack(run, ending)
    await goBack(run, signal)
  }
  if (ending.kind === 'hold') {
    tellEvent(run, isStuck ? 'bad' : 'warning', `holds: ${ending.why}`)
    if (isStuck) for (const each of run.members) each.state = each.state === 'foreign' ? 'foreign' : 'held'
    else await holdMembers(run, run.members, signal)
  }
  if (!isStuck) await takeDeadManAway(run, signal)
  // who went back waits for nobody
  const serves = await readBack(run, signal, ending.kind === 'go-back' ? 'urgent' : 'small')
  const outcome = outcomeOf(run, ending)
  const why = outcome === 'failed' && ending.kind === 'done' ? failuresText(run) : ending.why
  // what stands with its lease is under way, and can be gone on with
  const isOpen = isStuck || outcome === 'failed'
  if (isOpen) await run.journal?.release()
  else await run.journal?.end(outcome, why)
  return {...reportOf(run, ending, {outcome, why, serves}), ...(isOpen && {isOpen})}
}

/** What somebody else moved, which was told, does not go back: the others do, where there are any that moved. */
function tellGoingBack(run: ShiftRun, {byGate, why, isTold = false}: Ending & {readonly kind: 'go-back'}): void {
  const others = run.members.some(each => wasTouched(each) && each.state !== 'foreign' && each.state !== 'rolled-back')
  if (!isTold) tellEvent(run, byGate ? 'bad' : 'warning', `goes back: ${why}`)
  else if (others) tellEvent(run, 'warning', 'the others go back')
}

type Concluded = Pick<ShiftReport, 'outcome' | 'why'> & {readonly serves: readonly (AliasState | null)[]}

export function reportOf(run: ShiftRun, ending: Ending, {outcome, why, serves}: Concluded): ShiftReport {
  const standing = standingOf(run)
  return {
    plan: run.plan,
    outcome,
    verdict: standing.verdict,
    why,
    byGate: ending.kind === 'go-back' && ending.byGate,
    members: run.members.map((each, at) => ({...memberStanding(each), serves: serves[at] ?? null})),
    standing,
    startedAt: run.startedAt,
    endedAt: run.aws.clock.now(),
    writes: run.writes,
  }
}

function outcomeOf({members}: ShiftRun, {kind}: Ending): ShiftReport['outcome'] {
  if (members.some(({state}) => state === 'failed')) return 'failed'
  if (members.some(({state}) => state === 'foreign')) return 'foreign'
  if (kind === 'hold') return 'held'
  return kind === 'done' ? 'done' : 'rolled-back'
}

const failuresText = ({members}: ShiftRun): string =>
  members.flatMap(({state, detail}) => (state === 'failed' && detail !== null ? [detail] : [])).join('; ')

async function takeDeadManAway(run: ShiftRun, signal: AbortSignal): Promise<void> {
  const {deadMan, members} = run
  if (deadMan === null) return
  const failed = members.filter(({state}) => state === 'failed')
  const firesAt = deadMan.firesAt()
  if (failed.length > 0 && firesAt !== null) {
    const names = failed.map(({member}) => aliasName(member)).join(', ')
    tellEvent(run, 'bad', `the dead man stays: he brings back ${names} at ${new Date(firesAt).toISOString()}`)
    return
  }
  try {
    const left = await deadMan.disarm(signal)
    if (left.length > 0)
      tellEvent(run, 'bad', `these schedules could not be taken away, and would roll back: ${left.join(', ')}`)
  } catch (error) {
    if (!(error instanceof UserError) && !signal.aborted) throw error
    tellEvent(run, 'bad', `the dead man could not be taken away: ${errorText(error)}`)
  }
}

/** The last word is AWS's. What it says otherwise than it acknowledged, somebody else has done. */
async function readBack(
  run: ShiftRun,
  signal: AbortSignal,
  priority: Priority,
): Promise<readonly (AliasState | null)[]> {
  const serves = new Map<MemberRun, AliasState | null>()
  run.tell({kind: 'doing', what: 'reads back what AWS says is served'})
  await tenAtATime(run.members, async each => {
    try {
      const state = await readArrived(run, each, {signal, priority})
      serves.set(each, state)
      if (each.state === 'failed' && state !== null) keepFailed(run, each, state)
      else if (each.state !== 'foreign') compareWithWord(run, each, state)
    } catch (error) {
      if (!(error instanceof UserError) && !signal.aborted) throw error
      each.detail ??= `what it serves could not be read back: ${errorText(error)}`
    }
  })
  return run.members.map(each => serves.get(each) ?? null)
}

type Reading = {readonly signal: AbortSignal; readonly priority: Priority}

/** A write is not everywhere at once: what is read right after it may be older. */
async function readArrived(run: ShiftRun, each: MemberRun, {signal, priority}: Reading): Promise<AliasState | null> {
  const {aws, parts} = run
  for (let looks = 1; ; looks++) {
    const state = await parts.readAliasState(aws, each.member, signal, priority)
    const isKnownAs = each.state !== 'failed' && each.movedAs !== null
    if (!isKnownAs || looks >= mostLooks || (state !== null && isAs(state, each.alias))) return state
    await aws.clock.sleep(lookMs, signal)
  }
}

/** A member is where it is said to be only when AWS says so as well. */
function compareWithWord(run: ShiftRun, each: MemberRun, state: AliasState | null): void {
  const {plan} = run
  if (state !== null && each.left.has(state.revisionId)) {
    each.detail ??= 'AWS still tells what it served before the last write, which it acknowledged'
    return
  }
  if (state === null || !(isSameRouting(state, each.alias) || isOurs(each, state))) {
    markForeign(each, state)
    tellEvent(run, 'bad', each.detail ?? '')
    return
  }
  if (each.movedAs === null) return
  keep(run, each, state)
  const goals = {'rolled-back': wayBack(plan, each.member), done: plan.commits ? wayOn(each.member) : state}
  const goal = each.state === 'rolled-back' || each.state === 'done' ? goals[each.state] : state
  if (isSameRouting(state, goal)) return
  each.state = 'failed'
  each.detail = `all traffic still goes to ${state.additional?.version ?? state.version}: Lambda allocates provisioned concurrency for ${state.version}`
  tellEvent(run, 'bad', `${aliasName(each.member)}: ${each.detail}`)
}

/** What could not be brought back may have been after all: a lost answer, or the dead man. */
function keepFailed(run: ShiftRun, each: MemberRun, state: AliasState): void {
  keep(run, each, state)
  // a write that nobody knows the end of may still be made
  if (each.pending !== null || !isAs(state, wayBack(run.plan, each.member))) return
  each.state = 'rolled-back'
  each.detail = null
}
