import {UserError} from '../../../errors.ts'
import type {Aws} from '../../aws/connect.ts'
import {journalNames} from '../../journal.ts'
import type {Architecture} from '../../pricing.ts'
import {isOfPlace} from '../../run-place.ts'
import {allVersions} from '../../targets/published-versions.ts'
import {runOfDescription} from '../arena/our-names.ts'
import {publish} from '../journal/run-record.ts'
import type {SourceFunction} from '../source/source-function.ts'
import {readRun} from '../undo/open-runs.ts'

/** What a function's versions tell of its past that a report does not. */
export type PastVersions = {
  /** the architecture of versions that are on another than the function is now */
  readonly others: ReadonlyMap<string, Architecture>
  /** numbers of versions that runs published to measure: their calls are no traffic */
  readonly ours: readonly string[]
  /** why the architectures are not known, in a sentence; null where they are */
  readonly unknown: string | null
}

/**
 * Asks for all versions of a function (`lambda:ListVersionsByFunction`). Versions that were deleted are not among them: of those
 * that runs of this machine published, their journals tell.
 * @param journals directory of those; null: none
 */
export async function readPastVersions(
  aws: Aws,
  fn: SourceFunction,
  journals: string | null,
  signal: AbortSignal,
): Promise<PastVersions> {
  const {name, architecture} = fn
  const others = new Map<string, Architecture>()
  const journaled = journals === null ? [] : await journaledVersions(aws, fn, journals)
  try {
    const ours: string[] = []
    const there = new Set<string>()
    for (const {Version, Architectures, Description} of await allVersions(aws, name, signal)) {
      if (Version === undefined) continue
      there.add(Version)
      if (runOfDescription(Description) !== null && Version !== '$LATEST') ours.push(Version)
      const its = Architectures?.[0] === 'arm64' ? 'arm64' : 'x86_64'
      if (its !== architecture) others.set(Version, its)
    }
    // a function that was made anew counts its versions from one again
    return {others, ours: [...ours, ...journaled.filter(version => !there.has(version))], unknown: null}
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof UserError)) throw error
    const why = [error.message, error.hint].filter(Boolean).join('; ')
    return {others, ours: journaled, unknown: `all invocations are taken for ${architecture}: ${why}`}
  }
}

/** Versions of a function that runs of this machine published; a journal that cannot be read tells of none. */
async function journaledVersions(aws: Aws, {arn}: SourceFunction, directory: string): Promise<readonly string[]> {
  const numbers = new Set<string>()
  try {
    for (const runId of await journalNames(directory)) {
      const run = await readRun(directory, runId).catch(error => {
        if (error instanceof UserError) return null
        throw error
      })
      if (run?.record.header.functionArn !== arn || !isOfPlace(aws, run.record.header)) continue
      for (const {intent, told} of run.record.changes) {
        const {version, isNew} = told
        const isOurs = run.record.header.mode === 'versions' && intent.operation === publish && isNew === true
        if (isOurs && typeof version === 'string' && /^\d+$/.test(version)) numbers.add(version)
      }
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
  }
  return [...numbers]
}
