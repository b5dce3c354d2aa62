import {UserError} from '../../../errors.ts'
import type {Aws} from '../../aws/connect.ts'
import {isRefusal, isStaleRevision} from '../../aws/lost-answer.ts'
import {
  beginJournalFile,
  continueJournalFile,
  type Entry,
  type Journal,
  type JournalContent,
  journalNames,
  readJournalFile,
} from '../../journal.ts'
import {checkedRunId, isRunId} from '../../run-id.ts'
import {foldTraffic} from './fold-traffic.ts'
import type {AliasIntent, OtherIntent, TrafficHeader, TrafficRecord} from './shift-record.ts'

/** The journal of a shift or a rollback: a line is on the disk before AWS is changed, and another one after it. */
export type TrafficJournal = {
  readonly runId: string
  readonly path: string
  record(): TrafficRecord
  /**
   * Writes an intent down, does it, and writes down what came of it. What was done is told also where that cannot be written down:
   * the next intent cannot either.
   * @param told what AWS acknowledged, where it did: `{revisionId}`
   * @param isBound false: it is done as well where it cannot be written down, as for want of room on the disk
   * @throws UserError where it cannot be written down, and then nothing is done; what the call threw
   */
  aliasWrite<T>(
    intent: AliasIntent,
    call: () => Promise<T>,
    told: (answer: T) => {readonly revisionId: string | null},
    isBound?: boolean,
  ): Promise<T>
  /**
   * Of a lost answer that was looked up: it was made after all, with this revision, or (null) was not. Never throws: who goes on with
   * the run looks it up again.
   */
  settled(intent: AliasIntent, told: {readonly revisionId: string} | null): Promise<void>
  /**
   * The same as aliasWrite, for schedules and deployments.
   * @param intent removes: it takes away what an intent of this name made, also where that cannot be written down
   */
  otherWrite<T>(
    intent: OtherIntent & {readonly removes?: boolean},
    call: () => Promise<T>,
    told: (answer: T) => Entry,
  ): Promise<T>
  stage(index: number): Promise<void>
  muted(functionNames: readonly string[]): Promise<void>
  /** The run is over; lets go of the journal. Never throws. */
  end(outcome: string, why: string): Promise<void>
  /** Lets go of the journal of a run that is not over. */
  release(): Promise<void>
}

/** @throws UserError where it cannot be written: nothing is changed then */
export async function beginTrafficJournal(directory: string, header: TrafficHeader, aws: Aws): Promise<TrafficJournal> {
  const journal = await beginJournalFile(directory, checkedTrafficRun(header.runId))
  try {
    await journal.append(header)
  } catch (error) {
    await journal.release()
    throw error
  }
  return trafficJournal(journal, {entries: [header], unreadable: []}, header.runId, aws.clock.now)
}

/** @throws UserError where there is none, it is not a run's, or another process is at it */
export async function continueTrafficJournal(directory: string, runId: string, aws: Aws): Promise<TrafficJournal> {
  const journal = await continueJournalFile(directory, checkedTrafficRun(runId))
  try {
    const content = await readJournalFile(directory, runId)
    if (foldTraffic(content)?.header.runId !== runId) throw unreadableRun(journal.path)
    return trafficJournal(journal, content, runId, aws.clock.now)
  } catch (error) {
    await journal.release()
    throw error
  }
}

/** @throws UserError (exit 2) for what is no run's id; where there is none, or it does not say which run it is of */
export async function readTrafficRecord(directory: string, runId: string): Promise<TrafficRecord> {
  const record = foldTraffic(await readJournalFile(directory, checkedTrafficRun(runId)))
  if (record?.header.runId !== runId) throw unreadableRun(`${directory}/${runId}.jsonl`)
  return record
}

/** All runs of the directory, newest first; those that cannot be read are left out and named. */
export async function readTrafficRecords(
  directory: string,
): Promise<{readonly records: readonly TrafficRecord[]; readonly unreadable: readonly string[]}> {
  const records: TrafficRecord[] = []
  const unreadable: string[] = []
  for (const name of (await journalNames(directory)).toReversed()) {
    try {
      records.push(await readTrafficRecord(directory, name))
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      unreadable.push(isRunId(name) ? error.message : `${directory}/${name}.jsonl is no run’s`)
    }
  }
  return {records, unreadable}
}

const checkedTrafficRun = (text: string): string => checkedRunId(text, 'slsops releases shows who moved an alias')

const unreadableRun = (path: string): UserError =>
  new UserError(`the journal ${path} does not say which run it is of`, {
    code: 'NoJournal',
    hint: 'slsops rollback takes the aliases back by what they say themselves',
  })

function trafficJournal(journal: Journal, known: JournalContent, runId: string, now: () => number): TrafficJournal {
  const entries: Entry[] = [...known.entries]
  let lastId = entries.reduce((last, {id}) => (typeof id === 'number' ? Math.max(last, id) : last), 0)
  let isLetGo = false

  const write = async (entry: Entry): Promise<void> => {
    await journal.append(entry)
    entries.push(entry)
  }
  /** What has happened has happened, whether that can be written down or not. */
  const tell = (entry: Entry): Promise<void> => {
    entries.push(entry)
    return journal.append(entry).catch(() => {})
  }

  const change = async <T>(
    kind: 'write' | 'other',
    intent: AliasIntent | OtherIntent,
    call: () => Promise<T>,
    told: (answer: T) => Entry,
    isBound: boolean,
  ): Promise<T> => {
    const id = ++lastId
    const begun = {kind, id, at: now(), intent}
    await write(begun).catch(error => {
      if (isBound || isTaken(error)) throw error
      entries.push(begun)
    })
    let answer: T
    try {
      answer = await call()
    } catch (error) {
      // a stale revision may be that of the same write, whose answer was lost on the way
      const outcome = isRefusal(error) && !isStaleRevision(error) ? 'refused' : 'lost'
      await tell({kind: outcome, id, at: now(), told: {error: nameOf(error)}})
      throw error
    }
    await tell({kind: 'done', id, at: now(), told: told(answer)})
    return answer
  }
  const release = (): Promise<void> => {
    isLetGo = true
    return journal.release()
  }

  return {
    runId,
    path: journal.path,
    record() {
      const record = foldTraffic({...known, entries})
      if (!record) throw unreadableRun(journal.path)
      return record
    },
    aliasWrite: (intent, call, told, isBound = true) => change('write', intent, call, told, isBound),
    otherWrite: (intent, call, told) => change('other', intent, call, told, !intent.removes),
    settled: ({functionName}, told) => tell({kind: 'settled', at: now(), functionName, told}),
    stage: index => write({kind: 'stage', at: now(), index}),
    muted: functionNames => write({kind: 'muted', at: now(), functionNames}),
    async end(outcome, why) {
      if (isLetGo) return
      await tell({kind: 'end', at: now(), outcome, why})
      await release()
    },
    release,
  }
}

const isTaken = (error: unknown): boolean => error instanceof UserError && error.code === 'JournalTaken'

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error)
