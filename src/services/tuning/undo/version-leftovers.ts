import {UserError} from '../../../errors.ts'
import type {Aws} from '../../aws/connect.ts'
import {readFunction} from '../arena/settled.ts'
import {sizesSet} from '../journal/run-record.ts'
import {type OpenRun, readRun} from './open-runs.ts'
import {readOurVersions} from './remove-ours.ts'

const unread = ['restores its $LATEST', 'removes the versions that it published']

/**
 * What cleaning up a run of `--mode versions` will change, as AWS is now: `sets $LATEST from 1,536 back to 512 MB` and `deletes
 * versions 7, 8`. Where that cannot be read, what it does as a rule.
 */
export async function versionLeftovers(
  aws: Aws,
  {directory, runId, header}: Pick<OpenRun, 'directory' | 'runId' | 'header'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const {functionName, functionArn} = header
  try {
    const {record} = await readRun(directory, runId)
    const {before} = record
    if (!before) return unread
    const latest = (await readFunction(aws, functionArn, null, signal))?.Configuration
    if (!latest) return ['the function does not exist any more']
    const run = {runId, functionName, functionArn, versionsBefore: before.versions}
    const {ours, served} = await readOurVersions(aws, run, signal)
    const {MemorySize = 0, CodeSha256, Description = ''} = latest
    const isDeployed = CodeSha256 !== before.codeSha256 || Description !== before.description
    const [has, had] = [MemorySize, before.memorySizeMB].map(size => size.toLocaleString('en'))
    const versions = ours.map(({version}) => version)
    return [
      MemorySize === before.memorySizeMB
        ? `$LATEST has its ${had} MB`
        : isDeployed || !sizesSet(record, functionName).has(MemorySize)
          ? `leaves $LATEST with ${has} MB, for somebody deployed meanwhile; it had ${had} MB`
          : `sets $LATEST from ${has} back to ${had} MB`,
      versions.length === 0
        ? 'none of its versions is seen'
        : `deletes version${versions.length === 1 ? '' : 's'} ${versions.join(', ')}`,
      ...served.map(({version, alias}) => `leaves version ${version}, which the alias ${alias} serves`),
    ]
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof UserError)) throw error
    return unread
  }
}
