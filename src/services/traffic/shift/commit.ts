import {stopSignal} from '../../stop-signal.ts'
import {aliasName} from '../alias/alias-state.ts'
import {tenAtATime} from './at-a-time.ts'
import {foreignEnding} from './ending-of.ts'
import {holdMembers} from './hold-members.ts'
import {keepDeadManAway} from './push-dead-man.ts'
import {wayOn} from './routing-of.ts'
import {type Ending, isMuted, type MemberRun, type ShiftRun, tellEvent} from './shift-run.ts'
import {standingOf} from './standing.ts'
import {markForeign, writeMember} from './write-member.ts'

/**
 * Moves the aliases for good, wave after wave: the new version alone, with the description of before. Those that are muted stay
 * on the old one.
 * @returns why it goes no further; null: all serve the new version
 * @throws UserError, or the signal's reason
 */
export async function commit(run: ShiftRun): Promise<Ending | null> {
  const {plan, members} = run
  run.stage = plan.stages.length
  const moving = members.filter(each => !isMuted(run, each) && !isWhole(each))
  if (members.every(each => isMuted(run, each))) return {kind: 'hold', isStuck: false, why: 'all of it is muted'}
  for (const wave of wavesOf(run, moving)) {
    // they are not pushed between the writes of a wave: all of the time is before them
    await keepDeadManAway(run, 1)
    run.tell({kind: 'doing', what: `moves ${wave.map(({member}) => aliasName(member)).join(', ')} for good`})
    const ending = await commitWave(run, wave)
    run.tell({kind: 'standing', standing: standingOf(run)})
    if (ending !== null) return ending
  }
  await holdMembers(
    run,
    members.filter(each => isMuted(run, each)),
    run.signal,
  )
  return null
}

/** Whether it serves the new version alone; where Lambda still moves the traffic, that is waited for. */
const isWhole = ({isCommitted, alias}: MemberRun): boolean => isCommitted && alias.additional === null

function wavesOf({plan}: ShiftRun, moving: readonly MemberRun[]): readonly (readonly MemberRun[])[] {
  const waves = [...new Set(plan.stages.map(({wave}) => wave.join('\n')))].map(names => new Set(names.split('\n')))
  const inWave = waves.map(names => moving.filter(({member}) => names.has(member.functionName)))
  const others = moving.filter(({member}) => !waves.some(names => names.has(member.functionName)))
  return [...inWave, others].filter(wave => wave.length > 0)
}

async function commitWave(run: ShiftRun, wave: readonly MemberRun[]): Promise<Ending | null> {
  const {stopped, stop} = stopSignal(run.signal)
  const foreign: MemberRun[] = []
  const pending: string[] = []
  try {
    await tenAtATime(wave, async each => {
      if (foreign.length > 0 || pending.length > 0) return
      run.signal.throwIfAborted()
      const target = wayOn(each.member)
      if (!each.isCommitted) {
        if (!(await writeMember(run, each, target, {signal: stopped}))) {
          foreign.push(each)
          return
        }
        each.weightAt = run.aws.clock.now()
      }
      const late = await notServing(run, each, stopped)
      if (late === 'foreign') foreign.push(each)
      else if (late !== null) pending.push(late)
      else each.state = 'done'
    })
  } finally {
    stop()
  }
  if (foreign.length > 0) return foreignEnding(foreign)
  return pending.length > 0 ? {kind: 'go-back', byGate: false, why: pending.join('; ')} : null
}

/** Waits until Lambda itself sends the traffic there, which takes minutes with provisioned concurrency. */
async function notServing(run: ShiftRun, each: MemberRun, signal: AbortSignal): Promise<'foreign' | string | null> {
  const {member} = each
  if (member.provisioned === null) return null
  const doing = (what: string): void => run.tell({kind: 'doing', what})
  const serving = await run.parts.awaitServing(run.aws, member, wayOn(member), {signal, doing})
  if (serving.kind === 'pending') return `${aliasName(member)}: ${serving.detail}`
  if (serving.kind === 'serving') {
    each.alias = serving.state
    return null
  }
  markForeign(each, serving.state)
  tellEvent(run, 'bad', each.detail ?? '')
  return 'foreign'
}
