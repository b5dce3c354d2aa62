import {atATime} from '../../at-a-time.ts'
import {stopSignal} from '../../stop-signal.ts'
import {toldWhile} from '../../told-while.ts'
import {confirm, type Moved, moveBack, notBegun, type RollbackSite} from './roll-back-member.ts'
import type {RollbackMember, RollbackOutcome} from './rollback.ts'

/** writes at a time; the rate budget decides how fast they go out */
const mostAtATime = 16

/**
 * Goes back with all members, whatever becomes of one: each is written as soon as its turn comes, and read back once the
 * writes of all are ahead of it, since both count against one quota. One outcome for each, as it is over.
 * @param signal aborted: no more are begun, and those that are under way are finished
 */
export async function* rollBackAll(
  site: RollbackSite,
  members: readonly RollbackMember[],
  signal: AbortSignal,
): AsyncGenerator<RollbackOutcome, void> {
  const {stopped, stop} = stopSignal(signal)
  yield* toldWhile<RollbackOutcome, void>(tell => rollBackEach(site, members, {stopped, tell}), stop)
}

async function rollBackEach(
  site: RollbackSite,
  members: readonly RollbackMember[],
  {stopped, tell}: {readonly stopped: AbortSignal; readonly tell: (outcome: RollbackOutcome) => void},
): Promise<void> {
  // a deployment that is stopped takes minutes, and holds up nothing
  const inTurn = [...members.filter(isWritten), ...members.filter(member => !isWritten(member))]
  let unbegun = members.filter(isWritten).length
  const writesAreAhead = Promise.withResolvers<void>()
  const readBacks: Promise<void>[] = []
  // a bug with one keeps none of the others where it is
  const bugs: unknown[] = []
  const noteBug = (bug: unknown): void => void bugs.push(bug)
  const readBack = async ({member, writes}: Extract<Moved, {readonly kind: 'written'}>): Promise<RollbackOutcome> => {
    await writesAreAhead.promise
    return confirm(site, member, writes)
  }
  const goBack = async (member: RollbackMember): Promise<void> => {
    if (isWritten(member)) unbegun--
    const moving = stopped.aborted ? null : moveBack(site, member)
    // the last that was begun has its place in the queue by now
    if (unbegun === 0) writesAreAhead.resolve()
    if (moving === null) return tell(notBegun(member))
    const moved = await moving
    if (moved.kind === 'over') tell(moved.outcome)
    else readBacks.push(readBack(moved).then(tell, noteBug))
  }
  await atATime(mostAtATime, inTurn, member => goBack(member).catch(noteBug))
  await Promise.all(readBacks)
  if (bugs.length > 0) throw bugs[0]
}

const isWritten = ({isThere, deploymentId}: RollbackMember): boolean => !isThere && deploymentId === null
