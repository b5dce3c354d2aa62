import {stopSignal} from '../../stop-signal.ts'
import {isSameRouting} from '../alias/alias-state.ts'
import {tenAtATime} from './at-a-time.ts'
import {foreignEnding} from './ending-of.ts'
import {pushDeadMan} from './push-dead-man.ts'
import {basisPointsAt} from './routing-of.ts'
import {type Ending, isMuted, type MemberRun, type ShiftRun, type Target} from './shift-run.ts'
import {targetAt, writeMember} from './write-member.ts'

export type Move = {readonly each: MemberRun; readonly basisPoints: number}

/**
 * Brings members to weights, ten at a time; the dead man learns each new revision at once. After a failure or somebody else's
 * change no further write is begun, and those under way are waited for.
 * @returns why it goes no further; null: all are there
 * @throws UserError, or the signal's reason
 */
export async function moveMembers(run: ShiftRun, moves: readonly Move[], stage: number): Promise<Ending | null> {
  const {stopped, stop} = stopSignal(run.signal)
  const foreign: MemberRun[] = []
  try {
    await tenAtATime(moves, async ({each, basisPoints}) => {
      if (foreign.length > 0) return
      run.signal.throwIfAborted()
      const target = targetAt(run, each, basisPoints, stage)
      if (isThere(each, target)) return
      const moves = !isSameRouting(each.alias, target)
      each.state = 'moving'
      try {
        if (!(await writeMember(run, each, target, {signal: stopped}))) {
          foreign.push(each)
          stop()
          return
        }
      } catch (error) {
        // its turn had not come when another one failed, which tells why
        if (stopped.aborted && !run.signal.aborted && (error === stopped.reason || foreign.length > 0)) return
        stop()
        throw error
      }
      if (moves) each.weightAt = run.aws.clock.now()
      each.state = basisPoints === 0 && isMuted(run, each) ? 'muted' : 'watched'
      await pushDeadMan(run, each)
    })
  } finally {
    stop()
  }
  return foreign.length > 0 ? foreignEnding(foreign) : null
}

/** The members of a stage that move, and where to. */
export function movesOf(run: ShiftRun, stage: number): readonly Move[] {
  const {wave = [], basisPoints = 0} = run.plan.stages[stage] ?? {}
  return run.members
    .filter(each => wave.includes(each.member.functionName) && !each.isCommitted && !isMuted(run, each))
    .map(each => ({each, basisPoints}))
}

/** What muting and unmuting changes: those that are muted have no weight, the others that of their stage. */
export function movesOfMuting(run: ShiftRun): readonly Move[] {
  return run.members.flatMap(each => {
    if (each.isCommitted) return []
    const basisPoints = isMuted(run, each) ? 0 : basisPointsAt(run.plan, each.member, run.stage)
    return basisPoints === each.basisPoints ? [] : [{each, basisPoints}]
  })
}

/**
 * Those of a killed run whose lease may be over by now, or will be before this one's: nobody else is to take them for left behind
 * while it goes on. They stay at their weights; who is moved next says it with that write.
 */
export function movesOfRenewing(run: ShiftRun, stage: number): readonly Move[] {
  const stays = (each: MemberRun): boolean =>
    isMuted(run, each) || each.basisPoints === basisPointsAt(run.plan, each.member, stage)
  return run.members
    .filter(each => each.movedAs !== null && !each.isCommitted && stays(each))
    .map(each => ({each, basisPoints: each.basisPoints}))
}

/** A run that is gone on with finds members where they are to be, with its own lease. */
const isThere = ({alias}: MemberRun, target: Target): boolean =>
  isSameRouting(alias, target) && alias.description === target.description
