import {UserError} from '../../../errors.ts'
import type {Aws} from '../../aws/connect.ts'
import {isSameRouting} from '../alias/alias-state.ts'
import {reconcile} from '../journal/reconcile.ts'
import type {TrafficRecord} from '../journal/shift-record.ts'
import {continueTrafficJournal, type TrafficJournal} from '../journal/traffic-journal.ts'

/**
 * Ends the journals of rollbacks that were killed: nobody goes on with one, and what became of its writes tells what the aliases
 * served before.
 * @param records of rollbacks that no process is at
 * @returns them as they now are, and what is to be said, a sentence each
 * @throws the signal's reason
 */
export async function endKilled(
  aws: Aws,
  records: readonly TrafficRecord[],
  {directory, signal}: {readonly directory: string; readonly signal: AbortSignal},
): Promise<{readonly ended: readonly TrafficRecord[]; readonly said: readonly string[]}> {
  const ended: TrafficRecord[] = []
  const said: string[] = []
  for (const {header} of records) {
    const {runId} = header
    let journal: TrafficJournal | null = null
    try {
      journal = await continueTrafficJournal(directory, runId, aws)
      const members = await reconcile(aws, journal, signal, 'urgent')
      const isBack = members.every(
        ({member, state}) => state !== null && isSameRouting(state, {version: member.to, additional: null}),
      )
      await journal.end(isBack ? 'done' : 'failed', 'it was killed')
      ended.push(journal.record())
      said.push(`rollback ${runId}, which was killed, is closed`)
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof UserError)) throw error
      said.push(`rollback ${runId} could not be closed: ${error.message}`)
    } finally {
      await journal?.release()
    }
  }
  return {ended, said}
}
