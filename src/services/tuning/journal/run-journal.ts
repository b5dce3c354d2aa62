import {createHash} from 'node:crypto'
import {UserError} from '../../../errors.ts'
import type {Aws} from '../../aws/connect.ts'
import {isRefusal} from '../../aws/lost-answer.ts'
import {
  beginJournalFile,
  continueJournalFile,
  type Entry,
  type Journal,
  type JournalContent,
  readJournalFile,
} from '../../journal.ts'
import {accountOf} from '../../targets/place.ts'
import {checkedTuneRun} from '../arena/our-names.ts'
import type {Candidate} from '../candidate.ts'
import type {Payload} from '../payloads/payloads.ts'
import type {Sample} from '../sample.ts'
import type {TunePlan} from '../tune-plan.ts'
import {type Before, foldRun, type Intent, type RunHeader, type RunRecord, type SettledAs} from './run-record.ts'

/** A run's journal: one JSON line after the other, on disk (fsync) before a call that changes anything, and after it. */
export type RunJournal = {
  readonly runId: string
  readonly path: string
  /** what has been written so far */
  record(): RunRecord
  /** the function itself is going to be changed: how it is */
  before(state: Before): Promise<void>
  /**
   * Writes down what is about to be done, does it, and writes down what came of it.
   * @param isBound false: it is done as well where it cannot be written down, as for want of room on the disk
   * @throws UserError where it cannot be written down, and then nothing is done; what the call threw
   */
  change<T>(intent: Intent, call: () => Promise<T>, told: (answer: T) => Entry, isBound?: boolean): Promise<T>
  /**
   * An invocation is about to be made: it counts for the limits, whatever becomes of it.
   * @throws UserError where it cannot be written down: it is not made then
   */
  invoke(candidate: Candidate): Promise<void>
  /** The one that was about to be made never ran: Lambda refused it. */
  waived(candidate: Candidate): Promise<void>
  sample(sample: Sample): Promise<void>
  /** The answer is settled. Never throws: it is told all the same where it cannot be written down. */
  settledAs(answer: SettledAs): Promise<void>
  /** The run is over, and nothing of it is left; lets go of the journal. Says nothing where that was let go of before. */
  end(): Promise<void>
  /** Lets go of the journal of a run that is not over, so that it can be cleaned up or resumed. */
  release(): Promise<void>
}

/**
 * Begins the journal of a run in a directory of 0700, itself 0600.
 * @throws UserError where it cannot be written: nothing is changed then
 */
export async function beginJournal(directory: string, plan: TunePlan, aws: Aws): Promise<RunJournal> {
  const header = headerOf(plan, aws)
  const journal = await beginJournalFile(directory, checkedTuneRun(plan.runId))
  try {
    await journal.append(header)
  } catch (error) {
    await journal.release()
    throw error
  }
  return runJournal(journal, {entries: [header], unreadable: []}, header, aws.clock.now)
}

/**
 * Goes on with a run's journal, which no other process may do then.
 * @throws UserError where there is none, it is not a run's, or another process is at it
 */
export async function continueJournal(directory: string, runId: string, now: () => number): Promise<RunJournal> {
  const journal = await continueJournalFile(directory, checkedTuneRun(runId))
  try {
    const content = await readJournalFile(directory, runId)
    const record = foldRun(content)
    if (record?.header.runId !== runId) throw unreadableRun(journal.path)
    return runJournal(journal, content, record.header, now)
  } catch (error) {
    await journal.release()
    throw error
  }
}

/** The error for a journal of which not even the beginning can be read. */
export const unreadableRun = (path: string): UserError =>
  new UserError(`the journal ${path} does not say which run it is of`, {
    code: 'NoJournal',
    hint: 'slsops tune --cleanup finds clones that runs have left by their tags',
  })

function runJournal(journal: Journal, known: JournalContent, {runId}: RunHeader, now: () => number): RunJournal {
  const entries: Entry[] = [...known.entries]
  let lastId = entries.reduce((last, {id}) => (typeof id === 'number' ? Math.max(last, id) : last), 0)
  let isLetGo = false

  const write = async (entry: Entry): Promise<void> => {
    await journal.append(entry)
    entries.push(entry)
  }
  /** @throws UserError of code JournalTaken, and where it is bound to be written any other */
  const writeAs = (isBound: boolean, entry: Entry): Promise<void> =>
    write(entry).catch(error => {
      entries.push(entry)
      if (isBound || (error instanceof UserError && error.code === 'JournalTaken')) throw error
    })
  const release = (): Promise<void> => {
    isLetGo = true
    return journal.release()
  }

  return {
    runId,
    path: journal.path,
    record() {
      const record = foldRun({...known, entries})
      if (!record) throw unreadableRun(journal.path)
      return record
    },
    before: state => write({kind: 'before', at: now(), state}),
    async change(intent, call, told, isBound = true) {
      const id = ++lastId
      await writeAs(isBound, {kind: 'intent', id, at: now(), intent})
      let answer: Awaited<ReturnType<typeof call>>
      try {
        answer = await call()
      } catch (error) {
        // an intent of which nothing more is said is taken for lost as well
        const entry = {kind: isRefusal(error) ? 'refused' : 'lost', id, at: now(), told: {error: nameOf(error)}}
        await writeAs(false, entry)
        throw error
      }
      const entry = {kind: 'done', id, at: now(), told: told(answer)}
      // it was done, whether that can be written down or not
      await writeAs(isBound, entry)
      return answer
    },
    invoke: candidate => write({kind: 'invoke', at: now(), candidate: sizeOf(candidate)}),
    waived: candidate => write({kind: 'waived', candidate: sizeOf(candidate)}),
    settledAs: ({isTie, confidence, ...answer}) =>
      write({kind: 'settled', as: {...sizeOf(answer), isTie, confidence}}).catch(() => {}),
    sample: sample => write({kind: 'sample', sample}),
    async end() {
      if (isLetGo) return
      try {
        // it is over, whether that can be written down or not: cleaning up again would find nothing
        await writeAs(false, {kind: 'end', at: now()})
      } finally {
        await release()
      }
    },
    release,
  }
}

const sizeOf = ({memorySizeMB, architecture}: Candidate): Candidate => ({memorySizeMB, architecture})

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error)

/** Tells whether payloads are the same; eight bytes of a hash, from which no payload can be told. */
export function payloadsDigest(runId: string, payloads: readonly Payload[]): string {
  const hash = createHash('sha256').update(runId)
  for (const {text, weight} of payloads) hash.update(JSON.stringify([text, weight]))
  return hash.digest('hex').slice(0, 16)
}

function headerOf(plan: TunePlan, {scope, foreignOrigins, clock}: Aws): RunHeader {
  const {
    runId,
    source,
    mode,
    objective,
    candidates,
    mayPropose,
    limits,
    concurrency,
    coldRatio,
    used,
    tooSmall,
    usualInit,
    allowErrors,
    tenantId,
  } = plan
  return {
    schema: 'slsops/tune-journal@1',
    runId,
    at: clock.now(),
    account: accountOf(source.arn) ?? scope.account,
    region: scope.region,
    endpoint: scope.endpoint,
    origins: foreignOrigins,
    functionName: source.name,
    functionArn: source.arn,
    qualifier: source.qualifier,
    version: source.version,
    codeSha256: source.configuration.CodeSha256 ?? null,
    memorySizeMB: source.memorySizeMB,
    architecture: source.architecture,
    mode,
    asked: {
      objective,
      candidates,
      mayPropose,
      limits,
      concurrency,
      coldRatio,
      used,
      tooSmall,
      usualInit,
      allowErrors,
      tenantId,
      payloadsDigest: payloadsDigest(runId, plan.payloads),
    },
  }
}
