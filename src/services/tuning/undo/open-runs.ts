import {UserError} from '../../../errors.ts'
import type {Aws} from '../../aws/connect.ts'
import {isJournalHeld, journalNames, readJournalFile} from '../../journal.ts'
import {checkPlace} from '../../run-place.ts'
import type {Cleanup} from '../arena/arena.ts'
import {checkedTuneRun} from '../arena/our-names.ts'
import {continueJournal, unreadableRun} from '../journal/run-journal.ts'
import {foldRun, type RunHeader, type RunRecord} from '../journal/run-record.ts'
import {cleanUp} from './clean-up.ts'

/** A run of which something may be left in AWS. */
export type OpenRun = {
  readonly directory: string
  readonly runId: string
  readonly header: RunHeader
  /** a process is at it now, or was until some seconds ago */
  readonly isRunning: boolean
  /** nothing had been changed in AWS yet, as far as is written down */
  readonly isUntouched: boolean
}

export type OpenRuns = {
  /** oldest first */
  readonly runs: readonly OpenRun[]
  /** journals that say nothing, or of which lines cannot be read, one sentence each */
  readonly gaps: readonly string[]
}

/** A run's journal, read. */
export type ReadRun = {
  readonly record: RunRecord
  /** how many of its lines are no entries: something was written over it */
  readonly unreadable: number
}

/**
 * Reads one run's journal.
 * @throws UserError (exit 2 for what is no run's id) where there is none, or it does not say which run it is of
 */
export async function readRun(directory: string, runId: string): Promise<ReadRun> {
  const content = await readJournalFile(directory, checkedTuneRun(runId))
  const record = foldRun(content)
  if (record?.header.runId !== runId) throw unreadableRun(`${directory}/${runId}.jsonl`)
  return {record, unreadable: content.unreadable.length}
}

/** The runs of which something may be left, as the journals say, wherever they ran. */
export async function readOpenRuns(directory: string): Promise<OpenRuns> {
  const runs: OpenRun[] = []
  const gaps: string[] = []
  for (const runId of await journalNames(directory)) {
    try {
      const {record, unreadable} = await readRun(directory, runId)
      if (unreadable > 0) gaps.push(`${unreadable} lines of the journal of ${runId} cannot be read`)
      if (record.isEnded) continue
      const isRunning = await isJournalHeld(directory, runId)
      runs.push({directory, runId, header: record.header, isRunning, isUntouched: record.changes.length === 0})
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      gaps.push(error.message)
    }
  }
  return {runs, gaps}
}

/**
 * Removes and restores what a run has left, read back from AWS; the normal end of a run does the same.
 * @throws UserError where another process is at the run, or this does not lead to where it ran
 */
export async function cleanUpRun(
  aws: Aws,
  {directory, runId, header}: Pick<OpenRun, 'directory' | 'runId' | 'header'>,
  signal: AbortSignal,
): Promise<Cleanup> {
  await checkPlace(aws, header, signal)
  const journal = await continueJournal(directory, runId, aws.clock.now)
  return cleanUp(aws, journal, signal)
}
