import {UserError} from '../../../errors.ts'
import {aliasName} from '../alias/alias-state.ts'
import {tenAtATime} from './at-a-time.ts'
import {errorText} from './ending-of.ts'
import {isMuted, type MemberRun, type ShiftRun, tellEvent, wasTouched} from './shift-run.ts'
import {settleMember, writeMember} from './write-member.ts'

/**
 * Leaves all where they are, and gives their descriptions back: nothing is under way any more. Never throws.
 * @param signal its own: Ctrl-C does not stop it
 */
export async function holdMembers(run: ShiftRun, members: readonly MemberRun[], signal: AbortSignal): Promise<void> {
  await tenAtATime(members, async each => {
    if (each.state === 'foreign' || each.isCommitted) return
    try {
      if (each.pending !== null && !(await settleMember(run, each, {signal})))
        return tellEvent(run, 'bad', each.detail ?? '')
      const {version, additional, description} = each.alias
      // written again it has another revision, with which what may come yet comes to nothing
      const isDoubted = each.doubted.length > 0
      if (isDoubted || (wasTouched(each) && description !== each.member.description)) {
        const same = {version, additional, description: each.member.description}
        if (!(await writeMember(run, each, same, {signal}))) return
      }
      each.state = isMuted(run, each) ? 'muted' : 'held'
      if (each.state === 'muted') each.detail = mutedText(each)
    } catch (error) {
      each.state = 'held'
      each.detail = `its description could not be given back: ${told(error)}`
      tellEvent(run, 'warning', `${aliasName(each.member)}: ${each.detail}`)
    }
  })
}

/** Of who keeps the old version as asked. */
export const mutedText = ({alias}: MemberRun): string => `muted, left at ${alias.version}`

const told = (error: unknown): string => (error instanceof UserError ? errorText(error) : 'it took too long')
