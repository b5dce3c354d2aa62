import {UserError} from '../../../errors.ts'
import type {Aws} from '../../aws/connect.ts'
import {aliasName} from '../alias/alias-state.ts'
import {deleteSchedules} from '../dead-man/schedules.ts'
import type {TrafficRecord} from '../journal/shift-record.ts'
import {continueTrafficJournal, type TrafficJournal} from '../journal/traffic-journal.ts'
import type {RollbackOutcome} from './rollback.ts'

/**
 * Ends the journals of shifts that were killed and whose aliases are back now, and takes their dead men away. One of which some aliases
 * were not gone back with stays open.
 * @param records of shifts that no process is at
 * @returns what is to be said, a sentence each; never throws but bugs
 */
export async function closeRuns(
  aws: Aws,
  records: readonly TrafficRecord[],
  outcomes: readonly RollbackOutcome[],
  {
    directory,
    rollbackId,
    signal,
  }: {readonly directory: string; readonly rollbackId: string; readonly signal: AbortSignal},
): Promise<readonly string[]> {
  const isBack = new Set(outcomes.filter(({state}) => state === 'done').map(({member}) => aliasName(member)))
  const said: string[] = []
  for (const {header} of records) {
    const {runId, members} = header
    const open = members.filter(member => !isBack.has(aliasName(member)))
    if (open.length === members.length) continue
    if (open.length > 0) {
      said.push(
        `shift ${runId} is still open: ${open.map(({functionName}) => functionName).join(', ')} took part in it`,
      )
      continue
    }
    let journal: TrafficJournal | null = null
    try {
      journal = await continueTrafficJournal(directory, runId, aws)
      const schedules = journal.record().left.flatMap(({operation, name}) => (/Schedule$/.test(operation) ? name : []))
      for (const name of await deleteSchedules({aws, journal, signal}, schedules))
        said.push(
          `the schedule ${name} of shift ${runId} is left; it finds another revision of the alias, and does nothing`,
        )
      // what was begun is overruled by what was read back since, whether it was made or not
      for (const {pending} of journal.record().members.values()) if (pending) await journal.settled(pending, null)
      await journal.end('rolled-back', `by rollback ${rollbackId}`)
      said.push(`shift ${runId}, which was killed, is closed`)
    } catch (error) {
      if (!(error instanceof UserError) && !signal.aborted) throw error
      said.push(`shift ${runId} could not be closed: ${(error as Error).message}`)
    } finally {
      await journal?.release()
    }
  }
  return said
}
