import {aliasName} from '../alias/alias-state.ts'
import {moveMembers, movesOfMuting} from './move-members.ts'
import {type Ending, isMuted, type MemberRun, type ShiftRun, tellEvent} from './shift-run.ts'
import type {Control} from './shift-steps.ts'
import {standingOf} from './standing.ts'

/**
 * Does what a person asked for: members that are muted get no weight, those that are not the weight of their stage.
 * @returns why it goes no further; null: it does
 * @throws UserError, or the signal's reason
 */
export async function takeControls(run: ShiftRun): Promise<Ending | null> {
  const controls = run.asked
  run.asked = []
  if (controls.length === 0) return null
  for (const control of controls) {
    if (control.kind === 'rollback') return {kind: 'go-back', byGate: false, why: 'it was asked to go back'}
    take(run, control)
  }
  const ending = await settleMuting(run)
  run.tell({kind: 'standing', standing: standingOf(run)})
  return ending
}

function take(run: ShiftRun, control: Control): void {
  const {muted} = run
  const named =
    'functionName' in control ? run.members.find(each => each.member.functionName === control.functionName) : undefined
  const name = named === undefined ? '' : aliasName(named.member)
  switch (control.kind) {
    case 'mute':
      muted.add(control.functionName)
      tellEvent(run, 'info', `${name} is muted: all of its traffic goes to the old version`)
      return
    case 'unmute':
      muted.delete(control.functionName)
      tellEvent(run, 'info', named && isMuted(run, named) ? stays(run, named) : `${name} is no longer muted`)
      return
    case 'solo':
      run.solo = control.functionName
      tellEvent(run, 'info', `${name} alone moves: of the others all traffic goes to the old version`)
      return
    case 'unsolo':
      run.solo = null
      tellEvent(run, 'info', 'all move again that are not muted')
      return
    case 'pause':
    case 'go-on':
      run.isPaused = control.kind === 'pause'
      tellEvent(run, 'info', run.isPaused ? 'paused: it goes back if it hurts, and not on' : 'it goes on')
      return
    case 'rollback':
  }
}

const stays = ({leftOut}: ShiftRun, {member}: MemberRun): string =>
  leftOut.has(member.functionName)
    ? `${aliasName(member)} keeps the old version: its steps are over`
    : `${aliasName(member)} is no longer muted, and waits while another one moves alone`

async function settleMuting(run: ShiftRun): Promise<Ending | null> {
  const moves = movesOfMuting(run)
  for (const each of run.members)
    if (each.state === 'waiting' || each.state === 'muted') each.state = isMuted(run, each) ? 'muted' : 'waiting'
  const mutedNow = run.members.filter(each => isMuted(run, each)).map(({member}) => member.functionName)
  await run.journal?.muted(mutedNow)
  if (moves.length === 0) return null
  const ending = await moveMembers(run, moves, run.stage)
  // who came back has to show anew that it is well
  if (moves.some(({basisPoints}) => basisPoints > 0)) run.stageAt = run.aws.clock.now()
  return ending
}
