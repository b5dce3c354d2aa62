import {UserError} from '../../../errors.ts'
import {aliasName} from '../alias/alias-state.ts'
import {isAs} from '../alias/send-update.ts'
import {tenAtATime} from './at-a-time.ts'
import {foreignEnding, isExpired} from './ending-of.ts'
import {wayBack} from './routing-of.ts'
import {type Ending, type MemberRun, type ShiftRun, tellEvent} from './shift-run.ts'
import {keep, markForeign} from './write-member.ts'

const everyMs = 60_000
/** many aliases are read more rarely: these reads take a call a second of the 15 that the whole account has */
const perAliasMs = 1_000

/**
 * Now and then reads whether the aliases are still as they were written: between two writes nothing else would tell that somebody
 * has moved one, and what is judged would no longer be what serves.
 * @returns why it goes no further; null: all are
 * @throws the signal's reason
 */
export async function compareAliases(run: ShiftRun, signal: AbortSignal): Promise<Ending | null> {
  const {aws, members} = run
  const now = aws.clock.now()
  const moved = members.filter(({movedAs}) => movedAs !== null)
  if (now - run.comparedAt < Math.max(everyMs, moved.length * perAliasMs)) return null
  run.comparedAt = now
  try {
    await tenAtATime(moved.filter(isOn), each => compare(run, each, signal))
  } catch (error) {
    signal.throwIfAborted()
    // what cannot be read now is told by the next write at the latest
    if (!(error instanceof UserError) || isExpired(error)) throw error
  }
  const away = moved.filter(each => !isOn(each))
  return away.length > 0 ? foreignEnding(away) : null
}

const isOn = ({state}: MemberRun): boolean => state !== 'foreign' && state !== 'rolled-back'

async function compare(run: ShiftRun, each: MemberRun, signal: AbortSignal): Promise<void> {
  const {aws, parts, plan, deadMan} = run
  const {alias, member} = each
  const state = await parts.readAliasState(aws, member, signal)
  // what is older than the last write had not arrived where it was read
  if (state !== null && (state.revisionId === alias.revisionId || each.left.has(state.revisionId))) return
  if (state !== null && isAs(state, alias)) {
    // the same again under another revision changes nothing, and is what the next write is conditional on
    keep(run, each, state)
    return
  }
  const firesAt = deadMan?.firesAt() ?? null
  markForeign(each, state)
  if (state !== null && firesAt !== null && aws.clock.now() >= firesAt && isAs(state, wayBack(plan, member))) {
    each.state = 'rolled-back'
    each.detail = `the dead man rolled ${aliasName(member)} back: he was not pushed forward in time`
  }
  tellEvent(run, 'bad', each.detail ?? '')
}
