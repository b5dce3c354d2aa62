import {UserError} from '../../../errors.ts'
import type {Aws} from '../../aws/connect.ts'
import {deployedMeanwhile, unwritten} from '../arena/change-aws.ts'
import {setMemorySize} from '../arena/publish-size.ts'
import {settled} from '../arena/settled.ts'
import type {Candidate} from '../candidate.ts'
import {whatChanged} from '../source/same-content.ts'
import type {SourceFunction} from '../source/source-function.ts'

/** What was set on a function's `$LATEST`; aliases do not move. */
export type Applied = {
  readonly functionName: string
  readonly beforeMB: number
  /** read back from AWS */
  readonly memorySizeMB: number
}

/**
 * The `$LATEST` that a size would be set on, as it is now: of an alias or a version, that is another than what was measured.
 * @throws UserError where it has not the code and the settings that were measured: the size was not found for it
 */
export async function latestToSet(aws: Aws, source: SourceFunction, signal: AbortSignal): Promise<SourceFunction> {
  const {name, version} = source
  const latest = await settled(aws, source.arn, null, {signal, doing() {}})
  if (!latest) throw deployedMeanwhile(name, 'it does not exist any more')
  const changed = whatChanged(source.configuration, latest)
  if (changed !== null && version === '$LATEST') throw deployedMeanwhile(name, changed)
  if (changed !== null)
    throw new UserError(`$LATEST of ${name} is not what version ${version} is, which was measured: ${changed} since`, {
      code: 'OtherLatest',
      hint: 'set the size where the function is defined, and deploy it',
    })
  const memorySizeMB = latest.MemorySize ?? source.memorySizeMB
  if (version === '$LATEST' && memorySizeMB !== source.memorySizeMB)
    throw deployedMeanwhile(name, `its memory is ${memorySizeMB} MB, and was ${source.memorySizeMB} MB`)
  return {...source, version: '$LATEST', configuration: latest, memorySizeMB}
}

/**
 * Sets a function's `$LATEST` to a memory size, with the RevisionId that was read right before, and reads it back. It is written
 * down nowhere: it is not to be undone, and AWS itself knows all of it.
 * @param latest as {@link latestToSet} read it, and as it was shown
 * @throws UserError as AWS refuses, for an architecture that the function has not, and, of code DeployedMeanwhile, where `$LATEST`
 *   is not as it was when it was looked at: nothing is changed then
 */
export async function applySize(
  aws: Aws,
  latest: SourceFunction,
  candidate: Candidate,
  signal: AbortSignal,
): Promise<Applied> {
  const {name, architecture, configuration, memorySizeMB: beforeMB} = latest
  const {memorySizeMB} = candidate
  if (candidate.architecture !== architecture)
    throw new UserError(`${name} is of ${architecture}: another architecture takes other code`, {
      code: 'OtherArchitecture',
      hint: `deploy it for ${candidate.architecture} with ${memorySizeMB} MB`,
    })
  const site = {aws, journal: unwritten(''), signal, doing() {}}
  const why = await setMemorySize(site, {name, content: configuration, memorySizeMB: beforeMB}, memorySizeMB)
  if (why !== null) throw new UserError(`AWS would not set ${name} to ${memorySizeMB} MB: ${why}`, {code: 'Quota'})
  return {functionName: name, beforeMB, memorySizeMB}
}
