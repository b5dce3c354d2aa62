import {UserError} from '../../../errors.ts'
import {aliasName} from '../alias/alias-state.ts'
import {parseLease} from '../alias/lease.ts'
import {deleteSchedules} from '../dead-man/schedules.ts'
import type {TrafficJournal} from '../journal/traffic-journal.ts'
import {errorText} from './ending-of.ts'
import {type ShiftRun, tellEvent} from './shift-run.ts'

/**
 * Ends the journals of this machine's runs that were taken over, once all of their aliases are this run's: nobody can go on with them.
 * Takes their dead men away, who know earlier revisions and do nothing.
 * @throws the signal's reason
 */
export async function closeTakenOver(run: ShiftRun): Promise<void> {
  const {plan, members} = run
  const own = plan.resumes ?? plan.runId
  const taken = new Set(members.flatMap(({member}) => parseLease(member.before.description)?.runId ?? []))
  for (const runId of taken) if (runId !== own) await close(run, runId, own)
}

async function close(run: ShiftRun, runId: string, own: string): Promise<void> {
  const {aws, options, parts, members, signal} = run
  const ours = new Set(members.filter(({movedAs}) => movedAs !== null).map(({member}) => aliasName(member)))
  let journal: TrafficJournal | null = null
  try {
    const {header, ended} = await parts.readTrafficRecord(options.journals, runId)
    if (ended !== null || !header.members.every(member => ours.has(aliasName(member)))) return
    journal = await parts.continueTrafficJournal(options.journals, runId, aws)
    const schedules = journal.record().left.flatMap(({operation, name}) => (/Schedule$/.test(operation) ? name : []))
    await deleteSchedules({aws, journal, signal}, schedules)
    await journal.end('taken-over', `by run ${own}`)
    tellEvent(run, 'info', `run ${runId} is taken over: its journal is closed`)
  } catch (error) {
    signal.throwIfAborted()
    // made on another machine, or a process is at it still, which finds the aliases changed and ends by itself
    if (!(error instanceof UserError)) throw error
    if (journal !== null)
      tellEvent(run, 'warning', `run ${runId} is taken over, and could not be closed: ${errorText(error)}`)
  } finally {
    await journal?.release()
  }
}
