import type {FunctionConfiguration} from '@aws-sdk/client-lambda'
import type {Known} from '../../../known.ts'
import {addToList} from '../../add-to-list.ts'
import {ask, paged} from '../../aws/ask.ts'
import type {Aws} from '../../aws/connect.ts'
import {sdk} from '../../aws/sdk.ts'
import {readAliases, servedBy} from '../../targets/read-functions.ts'
import type {PublishedVersion} from '../facts.ts'
import type {FleetFunction} from '../fleet-function.ts'
import {known} from '../why-unknown.ts'

const versionsAsked = {doing: 'list versions', permission: 'lambda:ListVersionsByFunction'}
const aliasesAsked = {doing: 'list aliases', permission: 'lambda:ListAliases'}

/** `$LATEST` and all published versions, oldest first as AWS lists them, each with the aliases that serve it. */
export async function readVersions(
  {aws, name}: FleetFunction,
  signal: AbortSignal,
): Promise<Known<readonly PublishedVersion[]>> {
  const [versions, aliases] = await Promise.all([
    known(versionsAsked, signal, () => listVersions(aws, name, signal)),
    known(aliasesAsked, signal, () => readAliases(aws, name, signal)),
  ])
  if ('unknown' in versions) return versions
  if ('unknown' in aliases) return aliases
  const byVersion = new Map<string, string[]>()
  for (const alias of aliases.value) {
    // one whose traffic has been moved away still names its version
    const serving = new Set([alias.FunctionVersion ?? '', ...servedBy(alias).map(({version}) => version)])
    if (alias.Name) for (const version of serving) addToList(byVersion, version, alias.Name)
  }
  return {value: versions.value.map(version => publishedVersion(version, byVersion.get(version.Version ?? '') ?? []))}
}

async function listVersions(aws: Aws, name: string, signal: AbortSignal): Promise<readonly FunctionConfiguration[]> {
  const client = await aws.lambda()
  const {ListVersionsByFunctionCommand} = sdk.lambda()
  const pages = paged(async Marker => {
    const command = new ListVersionsByFunctionCommand({FunctionName: name, Marker})
    const page = await ask(aws, 'ListVersionsByFunction', options => client.send(command, options), signal)
    return {items: page.Versions, next: page.NextMarker}
  })
  return (await Array.fromAsync(pages)).flat()
}

function publishedVersion(
  {Version = '', MemorySize = 128, CodeSize = 0, LastModified = '', SnapStart}: FunctionConfiguration,
  aliases: readonly string[],
): PublishedVersion {
  const publishedAt = Date.parse(LastModified)
  return {
    version: Version,
    memorySizeMB: MemorySize,
    codeSizeBytes: CodeSize,
    publishedAt: Number.isNaN(publishedAt) ? null : publishedAt,
    // $LATEST only says that versions published from it will have a snapshot
    snapStart: SnapStart?.OptimizationStatus === 'On',
    aliases,
  }
}
