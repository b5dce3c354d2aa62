// The only module that deletes anything in AWS. Each of its deletions takes what only a verifying read of this module can make.

import type {LogGroup} from '@aws-sdk/client-cloudwatch-logs'
import {ask, paged} from '../../aws/ask.ts'
import type {Aws} from '../../aws/connect.ts'
import {isMissing} from '../../aws/failures.ts'
import {sdk} from '../../aws/sdk.ts'
import {publishedVersions} from '../../targets/published-versions.ts'
import {readAliases} from '../../targets/read-functions.ts'
import {explained} from '../../targets/refusal.ts'
import {changeAws, type Site} from '../arena/change-aws.ts'
import {expiresTag, functionPrefix, logGroupPrefix, runTag, sizeOfDescription, sourceTag} from '../arena/our-names.ts'
import {readFunction} from '../arena/settled.ts'

declare const verified: unique symbol

/** What was read back from AWS and not been deleted yet: a deletion takes nothing else, and each reading is good for one. */
const readBack = new WeakSet<object>()

/** What a verifying read has found. */
function ours<T extends object>(found: Omit<T, typeof verified>): T {
  readBack.add(found)
  return found as T
}

function spend(our: OurFunction | OurLogGroup | OurVersion): void {
  if (!readBack.delete(our)) throw new Error('what is deleted is read back from AWS right before')
}

/** What AWS itself says is a run's: its name begins as ours do, and its tags name the run. */
type OfRun = {
  readonly name: string
  readonly runId: string
  /** ARN of the function that it was made for; null where it is not said */
  readonly source: string | null
  /** epoch ms after which nobody needs it; null where it is not said */
  readonly expiresAt: number | null
}

export type OurFunction = OfRun & {readonly kind: 'function'; readonly arn: string; readonly [verified]: 'function'}
export type OurLogGroup = OfRun & {readonly kind: 'log-group'; readonly [verified]: 'log group'}
export type OurVersion = {
  readonly kind: 'version'
  readonly functionName: string
  /** a published version's number */
  readonly version: string
  readonly memorySizeMB: number
  readonly [verified]: 'version'
}

/** It is there, but nothing shows that it is ours: it is left alone. */
export type Foreign = {readonly kind: 'foreign'; readonly why: string}

/**
 * Reads a function that a run may have made.
 * @param runId null: of whichever run
 * @returns null where there is none
 * @throws UserError as AWS refuses
 */
export async function readOurFunction(
  aws: Aws,
  name: string,
  runId: string | null,
  signal: AbortSignal,
): Promise<OurFunction | Foreign | null> {
  const answer = await readFunction(aws, name, null, signal)
  if (!answer) return null
  const {Configuration, Tags, TagsError} = answer
  if (Tags === undefined && TagsError)
    return foreign(`the tags of ${name} could not be read: this needs lambda:ListTags`)
  if (Configuration?.FunctionName !== name || !Configuration.FunctionArn)
    return foreign(`AWS answered with another function than ${name}`)
  const found = ofRun(name, functionPrefix, Tags, runId)
  if (found.kind === 'foreign') return found
  return ours<OurFunction>({...found, kind: 'function', arn: Configuration.FunctionArn})
}

/**
 * Reads a log group that a run may have made.
 * @returns null where there is none
 * @throws UserError as AWS refuses
 */
export async function readOurLogGroup(
  aws: Aws,
  name: string,
  runId: string | null,
  signal: AbortSignal,
): Promise<OurLogGroup | Foreign | null> {
  const group = (await logGroupsFrom(aws, name, signal)).find(({logGroupName}) => logGroupName === name)
  // with an asterisk at its end, an ARN stands for the streams
  const arn = group?.logGroupArn ?? group?.arn?.replace(/:\*$/, '')
  if (!arn) return null
  const client = await aws.logs()
  const {ListTagsForResourceCommand} = sdk.logs()
  const command = new ListTagsForResourceCommand({resourceArn: arn})
  try {
    const {tags} = await ask(aws, 'ListTagsForResource', options => client.send(command, options), signal)
    const found = ofRun(name, logGroupPrefix, tags, runId)
    return found.kind === 'foreign' ? found : ours<OurLogGroup>({...found, kind: 'log-group'})
  } catch (error) {
    if (isMissing(error)) return null
    throw explained(error, {doing: `read the tags of ${name}`, permission: 'logs:ListTagsForResource'})
  }
}

/** Log groups whose names begin so. */
export async function logGroupsFrom(aws: Aws, prefix: string, signal: AbortSignal): Promise<readonly LogGroup[]> {
  const client = await aws.logs()
  const {DescribeLogGroupsCommand} = sdk.logs()
  const pages = paged(async nextToken => {
    const command = new DescribeLogGroupsCommand({logGroupNamePrefix: prefix, nextToken})
    const page = await ask(aws, 'DescribeLogGroups', options => client.send(command, options), signal)
    return {items: page.logGroups, next: page.nextToken}
  })
  try {
    return (await Array.fromAsync(pages)).flat()
  } catch (error) {
    throw explained(error, {doing: 'list log groups', permission: 'logs:DescribeLogGroups'})
  }
}

/**
 * Reads the versions that a run published of a function: with its Description, and not there before it. One that an alias serves
 * is somebody's by now.
 * @throws UserError as AWS refuses
 */
export async function readOurVersions(
  aws: Aws,
  run: {
    readonly runId: string
    readonly functionName: string
    /** unqualified: in another account, a function of that name is another one */
    readonly functionArn: string
    readonly versionsBefore: readonly string[]
  },
  signal: AbortSignal,
): Promise<{readonly ours: readonly OurVersion[]; readonly served: readonly {version: string; alias: string}[]}> {
  const {functionName, functionArn, runId} = run
  const before = new Set(run.versionsBefore)
  const made = (await publishedVersions(aws, functionName, signal)).flatMap(
    ({Version, Description, FunctionArn = ''}) => {
      const memorySizeMB = sizeOfDescription(runId, Description)
      const isOfFunction = `${FunctionArn}:`.startsWith(`${functionArn}:`)
      return memorySizeMB === null || before.has(Version) || !isOfFunction ? [] : [{version: Version, memorySizeMB}]
    },
  )
  if (made.length === 0) return {ours: [], served: []}
  const aliases = await readAliases(aws, functionName, signal).catch(error => {
    throw explained(error, {doing: `list the aliases of ${functionName}`, permission: 'lambda:ListAliases'})
  })
  const served = new Map(
    aliases.flatMap(({Name = '', FunctionVersion = '', RoutingConfig}) =>
      [FunctionVersion, ...Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {})].map(
        version => [version, Name] as const,
      ),
    ),
  )
  return {
    ours: made
      .filter(({version}) => !served.has(version))
      .map(each => ours<OurVersion>({...each, kind: 'version', functionName})),
    served: made.flatMap(({version}) => {
      const alias = served.get(version)
      return alias === undefined ? [] : [{version, alias}]
    }),
  }
}

/** Deletes a clone with all its versions. @throws what AWS said */
export async function deleteOurFunction(site: Site, our: OurFunction): Promise<void> {
  spend(our)
  const {name} = our
  const client = await site.aws.lambda()
  const {DeleteFunctionCommand} = sdk.lambda()
  const intent = {operation: 'DeleteFunction', functionName: name}
  await changeAws(site, {intent, send: () => client.send(new DeleteFunctionCommand({FunctionName: name}))})
}

/** Deletes one published version. @throws what AWS said */
export async function deleteOurVersion(site: Site, our: OurVersion): Promise<void> {
  spend(our)
  const {functionName, version} = our
  // without a Qualifier, AWS deletes the function
  if (!/^\d+$/.test(version)) throw new Error(`${version} is no version's number`)
  const client = await site.aws.lambda()
  const {DeleteFunctionCommand} = sdk.lambda()
  const command = new DeleteFunctionCommand({FunctionName: functionName, Qualifier: version})
  await changeAws(site, {
    intent: {operation: 'DeleteFunction', functionName, version},
    send: () => client.send(command),
  })
}

/** Deletes a clone's log group. @throws what AWS said */
export async function deleteOurLogGroup(site: Site, our: OurLogGroup): Promise<void> {
  spend(our)
  const {name} = our
  const client = await site.aws.logs()
  const {DeleteLogGroupCommand} = sdk.logs()
  const intent = {operation: 'DeleteLogGroup', logGroup: name}
  await changeAws(site, {intent, send: () => client.send(new DeleteLogGroupCommand({logGroupName: name}))})
}

const foreign = (why: string): Foreign => ({kind: 'foreign', why})

function ofRun(
  name: string,
  prefix: string,
  tags: Readonly<Record<string, string>> | undefined,
  runId: string | null,
): (OfRun & {readonly kind: 'ours'}) | Foreign {
  const told = tags?.[runTag]
  if (!name.startsWith(prefix)) return foreign(`${name} is not called as what slsops makes`)
  if (!told) return foreign(`${name} has no tag ${runTag}`)
  if (runId !== null && told !== runId) return foreign(`${name} is tagged as of another run, ${told}`)
  const expiresAt = Date.parse(tags?.[expiresTag] ?? '')
  return {
    kind: 'ours',
    name,
    runId: told,
    source: tags?.[sourceTag] ?? null,
    expiresAt: Number.isNaN(expiresAt) ? null : expiresAt,
  }
}
