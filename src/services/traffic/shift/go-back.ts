import {ExitCode, UserError} from '../../../errors.ts'
import {isThrottle} from '../../aws/failures.ts'
import {isConflict, isRefusal} from '../../aws/lost-answer.ts'
import {aliasName} from '../alias/alias-state.ts'
import {isAs} from '../alias/send-update.ts'
import {tenAtATime} from './at-a-time.ts'
import {errorText} from './ending-of.ts'
import {basisPointsOf, wayBack} from './routing-of.ts'
import {type MemberRun, type ShiftRun, tellEvent, wasTouched} from './shift-run.ts'
import {markForeign, settleMember, writeMember} from './write-member.ts'

/** of what AWS refuses */
const mostRefused = 4
/** how long it is tried where AWS fails, which passes: less than what going back may take in all */
const patienceMs = 15 * 60_000
const firstPauseMs = 1_000
const longestPauseMs = 15_000

/**
 * Brings all members that moved back to the version they came from, ahead of every other call: those first that hurt most, with
 * the highest weight of the new version, and of equals the last that moved. It goes on whatever happens to one, leaves alone what somebody else moved, and asks CloudWatch nothing. All are written before the
 * second attempt of any, and before Lambda's own moving of any is waited for. Never throws.
 * @param signal its own: Ctrl-C does not stop it
 */
export async function goBack(run: ShiftRun, signal: AbortSignal): Promise<void> {
  const {aws, members} = run
  let left = members
    .filter(each => wasTouched(each) && each.state !== 'foreign' && each.state !== 'rolled-back')
    .sort((one, other) => mostOf(other) - mostOf(one) || (other.movedAs ?? Infinity) - (one.movedAs ?? Infinity))
  if (left.length > 0) run.tell({kind: 'doing', what: `brings back ${counted(left.length)}`})
  const begun = aws.clock.now()
  const arriving: Promise<void>[] = []
  for (let round = 1; left.length > 0; round++) {
    const again: MemberRun[] = []
    await tenAtATime(left, async each => {
      try {
        if (await memberBack(run, each, signal)) arriving.push(servesAgain(run, each, signal))
      } catch (error) {
        const isOver = aws.clock.now() - begun >= patienceMs || (round >= mostRefused && isFinal(error))
        if (isOver || signal.aborted || !(error instanceof UserError)) return fail(run, each, error)
        if (round === mostRefused)
          tellEvent(
            run,
            'bad',
            `${aliasName(each.member)} could not be brought back yet, and is tried on: ${errorText(error)}`,
          )
        again.push(each)
      }
    })
    left = again
    if (left.length > 0)
      await aws.clock.sleep(Math.min(longestPauseMs, firstPauseMs * 2 ** (round - 1)), signal).catch(() => {})
  }
  await Promise.all(arriving)
  for (const each of members)
    if (!wasTouched(each) && each.state !== 'foreign') {
      each.state = 'rolled-back'
      each.detail = 'it had not been moved'
    }
}

/** The weight that it may have by now: of a write that nobody knows the end of, that which it asked for. */
const mostOf = ({basisPoints, pending, doubted, member: {to}}: MemberRun): number =>
  Math.max(basisPoints, ...[...doubted, ...(pending ? [pending] : [])].map(target => basisPointsOf(target, to)))

const counted = (count: number): string => `${count} alias${count === 1 ? '' : 'es'}`

/** Whether trying longer would not help: AWS, or the disk, has said no. */
function isFinal(error: unknown): boolean {
  if (!(error instanceof UserError) || error.code === 'Unsettled') return false
  const {cause, exitCode} = error
  if (exitCode === ExitCode.refused || !(cause instanceof Error)) return true
  return isRefusal(cause) && !isThrottle(cause) && !isConflict(cause)
}

function fail(run: ShiftRun, each: MemberRun, error: unknown): void {
  each.state = 'failed'
  each.detail = `it could not be brought back: ${errorText(error)}`
  tellEvent(run, 'bad', `${aliasName(each.member)}: ${each.detail}`)
}

/**
 * Writes one back.
 * @returns whether Lambda may have to move its traffic yet, which is to be waited for
 * @throws UserError, or the signal's reason
 */
async function memberBack(run: ShiftRun, each: MemberRun, signal: AbortSignal): Promise<boolean> {
  const target = wayBack(run.plan, each.member)
  if (each.pending !== null && !(await settleMember(run, each, {signal, isUrgent: true}))) {
    tellEvent(run, 'bad', each.detail ?? '')
    return false
  }
  const wasCommitted = each.isCommitted
  // a write that nobody knows the end of may still be made, unless the alias has another revision by then
  if (each.doubted.length > 0 || !isAs(each.alias, target))
    if (!(await writeMember(run, each, target, {signal, isUrgent: true}))) return false
  const isMoving =
    each.member.provisioned !== null && (wasCommitted || each.alias.additional?.version === each.member.to)
  if (isMoving) return true
  isBack(each)
  return false
}

function isBack(each: MemberRun): void {
  each.state = 'rolled-back'
  each.detail = null
}

/** After a move for good Lambda may send everything to the version that failed for as long as it allocates provisioned concurrency. */
async function servesAgain(run: ShiftRun, each: MemberRun, signal: AbortSignal): Promise<void> {
  const {aws, parts, plan} = run
  const doing = (what: string): void => run.tell({kind: 'doing', what})
  try {
    const target = wayBack(plan, each.member)
    const serving = await parts.awaitServing(aws, each.member, target, {signal, doing, isUrgent: true})
    if (serving.kind === 'foreign') {
      markForeign(each, serving.state)
      tellEvent(run, 'bad', each.detail ?? '')
      return
    }
    each.alias = serving.state
    if (serving.kind === 'serving') return isBack(each)
    each.state = 'failed'
    each.detail = serving.detail
    tellEvent(run, 'bad', `${aliasName(each.member)}: ${serving.detail}`)
  } catch (error) {
    fail(run, each, error)
  }
}
