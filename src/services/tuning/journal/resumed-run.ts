import {UserError, usageError} from '../../../errors.ts'
import type {Aws} from '../../aws/connect.ts'
import {isJournalAlive} from '../../journal.ts'
import {checkPlace} from '../../run-place.ts'
import type {SelectionWords} from '../../targets/parse-target.ts'
import type {Candidate} from '../candidate.ts'
import type {Payload} from '../payloads/payloads.ts'
import type {TuneWish} from '../plan/make-plan.ts'
import type {Sample} from '../sample.ts'
import type {SourceFunction} from '../source/source-function.ts'
import {readRun} from '../undo/open-runs.ts'
import {payloadsDigest} from './run-journal.ts'
import type {RunHeader, RunRecord} from './run-record.ts'

/** A run that is gone on with: what it was about, and what it measured. */
export type ResumedRun = {
  readonly header: RunHeader
  readonly samples: readonly Sample[]
  /** what it invoked and had no answer of */
  readonly unanswered: readonly Candidate[]
  /** something of it may be left in AWS */
  readonly isOpen: boolean
  /** the function that it was about */
  readonly words: SelectionWords
}

/**
 * Reads a run that is to be gone on with.
 * @throws UserError where there is none, it was made elsewhere, or a process is at it
 */
export async function readResumedRun(
  aws: Aws,
  directory: string,
  runId: string,
  signal: AbortSignal,
): Promise<ResumedRun> {
  const {record} = await readRun(directory, runId)
  const {header, samples, unanswered, isEnded}: RunRecord = record
  await checkPlace(aws, header, signal)
  if (await isJournalAlive(directory, runId, aws.clock, signal))
    throw new UserError(`a process is at run ${runId}`, {code: 'RunGoesOn', hint: 'wait for it, or stop it first'})
  const {functionName, qualifier} = header
  const target = qualifier === null ? functionName : `${functionName}:${qualifier}`
  return {header, samples, unanswered, isOpen: !isEnded, words: {targets: [target]}}
}

/** What was wanted of a run, with the limits and the concurrency of the command line that goes on with it. */
export function wishOf({header: {mode, asked}}: ResumedRun, now: TuneWish): TuneWish {
  const {objective, candidates, tooSmall = [], mayPropose = true, allowErrors, tenantId} = asked
  return {
    ...now,
    mode,
    objective,
    candidates: [...candidates, ...tooSmall],
    mayPropose,
    allowErrors: [...new Set([...allowErrors, ...now.allowErrors])],
    tenantId: now.tenantId ?? tenantId,
  }
}

/**
 * A function as it will be once what a run has left is restored: until then its `$LATEST` may have a size that the run set. Where
 * it comes otherwise, nothing is begun.
 */
export function asRestored({header, isOpen}: ResumedRun, source: SourceFunction): SourceFunction {
  const {mode, memorySizeMB} = header
  if (!isOpen || mode !== 'versions' || source.version !== '$LATEST' || header.version !== '$LATEST') return source
  return {...source, memorySizeMB, configuration: {...source.configuration, MemorySize: memorySizeMB}}
}

/** @throws UserError, of code DeployedMeanwhile, where a function has other code than a run measured */
export function checkSameCode({header}: ResumedRun, source: SourceFunction): void {
  const {runId, codeSha256} = header
  if (codeSha256 === null || source.configuration.CodeSha256 === codeSha256) return
  throw new UserError(`${source.name} has other code than when run ${runId} measured it`, {
    code: 'DeployedMeanwhile',
    hint: 'begin anew: leave --resume out',
  })
}

/**
 * Checks that what would be measured is what was measured.
 * @throws UserError where the function has other code, and where other payloads are given (exit 2)
 */
export function checkSameWork(resumed: ResumedRun, source: SourceFunction, payloads: readonly Payload[]): void {
  checkSameCode(resumed, source)
  const {runId, asked} = resumed.header
  if (payloadsDigest(runId, payloads) !== asked.payloadsDigest)
    throw usageError(
      `run ${runId} was made with other payloads`,
      'give the same --payload, --payloads or --payload-dir',
    )
}
