import {UserError} from '../../../errors.ts'
import {publishedVersions} from '../../targets/published-versions.ts'
import {readAliases} from '../../targets/read-functions.ts'
import {whatChanged} from '../source/same-content.ts'
import type {TunePlan} from '../tune-plan.ts'
import {deployedMeanwhile, type RunSite, whyNot} from './change-aws.ts'
import {runOfDescription} from './our-names.ts'
import type {Workpiece} from './publish-size.ts'
import {settled} from './settled.ts'

/**
 * Takes down how the function is before it is changed, and finds out whether all may be read that undoing takes.
 * @throws UserError as AWS refuses, where the function has other code than when it was looked at, and where `$LATEST` is not what
 *   was asked for
 */
export async function beginOnFunction(site: RunSite, {source}: TunePlan): Promise<Workpiece> {
  const {aws, journal, signal} = site
  const {name} = source
  const latest = await settled(aws, source.arn, null, site)
  if (!latest) throw deployedMeanwhile(name, 'it does not exist any more')
  const {MemorySize, CodeSha256} = latest
  if (source.version !== '$LATEST' && CodeSha256 !== source.configuration.CodeSha256)
    throw new UserError(
      `version ${source.version} of ${name} has other code than its $LATEST, which --mode versions measures`,
      {
        code: 'NotLatest',
        hint: '--mode shadow measures any version',
      },
    )
  const changed = whatChanged(source.configuration, latest)
  if (changed !== null) throw deployedMeanwhile(name, changed)
  if (!MemorySize || !CodeSha256)
    throw new UserError(`AWS does not say which memory size and code ${name} has`, {code: 'NotReadable'})
  if (source.version === '$LATEST' && MemorySize !== source.memorySizeMB)
    throw deployedMeanwhile(name, `its memory is ${MemorySize} MB, and was ${source.memorySizeMB} MB`)
  const versions = await publishedVersions(aws, name, signal)
  // another run may be changing its memory now, and what is read here would be what that one set
  const other = versions.find(({Description}) => runOfDescription(Description) !== null)
  if (other)
    throw new UserError(
      `${name} has a version of another run, ${runOfDescription(other.Description)}: ${other.Version}`,
      {
        code: 'OtherRun',
        hint: `wait until that run is over; slsops tune --cleanup ${runOfDescription(other.Description)} removes what it has left, and where its journal is gone: aws lambda delete-function --function-name ${name} --qualifier ${other.Version}`,
      },
    )
  await readAliases(aws, name, signal).catch(error => {
    throw whyNot(error, `list the aliases of ${name}`, 'lambda:ListAliases')
  })
  await journal.before({
    memorySizeMB: MemorySize,
    codeSha256: CodeSha256,
    description: latest.Description ?? '',
    configSha256: latest.ConfigSha256 ?? null,
    revisionId: latest.RevisionId ?? null,
    versions: versions.map(({Version}) => Version),
  })
  return {name, content: latest, memorySizeMB: MemorySize}
}
