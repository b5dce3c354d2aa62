import type {FunctionCode, FunctionConfiguration, GetFunctionResponse} from '@aws-sdk/client-lambda'
import {ExitCode, UserError} from '../../../errors.ts'
import {ask} from '../../aws/ask.ts'
import {isDenied, isMissing, isUnknownOperation} from '../../aws/failures.ts'
import {isLost} from '../../aws/lost-answer.ts'
import {sdk} from '../../aws/sdk.ts'
import type {Architecture} from '../../pricing.ts'
import {whatChanged} from '../source/same-content.ts'
import type {TunePlan} from '../tune-plan.ts'
import {readOurFunction, readOurLogGroup} from '../undo/remove-ours.ts'
import {changeAws, deployedMeanwhile, type Site, whyNot} from './change-aws.ts'
import {checkTags} from './check-tags.ts'
import {cloneRequest} from './clone-request.ts'
import {fetchCode} from './fetch-code.ts'
import {cloneName, logGroupOf, ourTags} from './our-names.ts'
import type {Workpiece} from './publish-size.ts'
import {readFunction, settled} from './settled.ts'

const instead = '--mode versions makes no function, --mode observe changes nothing'
const retentionInDays = 1
/** what is uploaded within the half minute that other calls are given */
const smallZipBytes = 2 * 2 ** 20
const uploadSeconds = 600

/**
 * Makes a clone of the function for each architecture, with a log group of its own, as large as the function itself is. A twin
 * of another architecture that AWS will not have is refused, and the others go on.
 * @throws UserError as AWS refuses; of code DeployedMeanwhile where the function has other code or settings than when it was looked at
 */
export async function makeClones(site: Site, plan: TunePlan, architectures: readonly Architecture[]): Promise<Clones> {
  const {source} = plan
  const found = await readFunction(site.aws, source.arn, source.version, site.signal)
  if (!found?.Configuration) throw deployedMeanwhile(source.name, `version ${source.version} does not exist any more`)
  const changed = whatChanged(source.configuration, found.Configuration)
  if (changed !== null) throw deployedMeanwhile(source.name, changed)
  site.doing('copies the code')
  const code = await codeOf(site, found, found.Configuration)
  const codeSigningConfigArn = await signingOf(site, source.arn, found.Configuration)
  const clones = new Map<Architecture, Workpiece>()
  const refused = new Map<Architecture, string>()
  for (const architecture of architectures) {
    const clone = {architecture, code, codeSigningConfigArn, configuration: found.Configuration}
    try {
      clones.set(architecture, await makeClone(site, plan, clone))
    } catch (error) {
      const isOwn = architecture === source.architecture
      if (isOwn || !(error instanceof UserError) || error.exitCode !== ExitCode.failed) throw error
      refused.set(architecture, error.message)
    }
  }
  return {clones, refused}
}

export type Clones = {
  readonly clones: ReadonlyMap<Architecture, Workpiece>
  /** why there is none of an architecture */
  readonly refused: ReadonlyMap<Architecture, string>
}

type Clone = {
  readonly architecture: Architecture
  readonly code: FunctionCode
  readonly codeSigningConfigArn: string | null
  readonly configuration: FunctionConfiguration
}

async function makeClone(site: Site, {runId, source, limits}: TunePlan, clone: Clone): Promise<Workpiece> {
  const {aws} = site
  const name = cloneName(source.name, runId, clone.architecture !== source.architecture)
  const tags = ourTags({runId, functionArn: source.arn}, aws.clock.now(), limits.maxTimeMs)
  const logGroup = logGroupOf(name)
  await checkTags(site, source.arn, name, logGroup, instead)
  await makeLogGroup(site, logGroup, tags)
  site.doing(`makes ${name}`)
  const request = cloneRequest(clone.configuration, {
    ...clone,
    name,
    logGroup,
    tags,
    description: `A copy of ${source.name} that slsops tunes (run ${runId}); it is deleted afterwards`,
  })
  const {CreateFunctionCommand} = sdk.lambda()
  const isLarge = (clone.code.ZipFile?.length ?? 0) > smallZipBytes
  const client = await (isLarge ? aws.invoker(uploadSeconds) : aws.lambda())
  const command = new CreateFunctionCommand(request)
  try {
    await changeAws(site, {
      intent: {operation: 'CreateFunction', functionName: name},
      send: () => client.send(command),
      told: ({RevisionId}) => ({revisionId: RevisionId ?? null}),
    })
  } catch (error) {
    const made = isLost(error) ? await readOurFunction(aws, name, runId, site.signal) : null
    if (made?.kind !== 'function') throw whyNot(error, `make ${name}`, 'lambda:CreateFunction', instead)
  }
  const made = await settled(aws, name, null, site)
  if (!made) throw new UserError(`${name} was made, and does not exist`, {code: 'NotMade'})
  // an image's is that of the image for its architecture
  if (clone.code.ZipFile && made.CodeSha256 !== clone.configuration.CodeSha256)
    throw new UserError(`${name} has other code than ${source.name}`, {code: 'NotMade'})
  noteRuntime(site, name, clone.configuration, made)
  return {name, content: made, memorySizeMB: made.MemorySize ?? source.memorySizeMB}
}

async function makeLogGroup(site: Site, name: string, tags: Record<string, string>): Promise<void> {
  const client = await site.aws.logs()
  const {CreateLogGroupCommand, PutRetentionPolicyCommand} = sdk.logs()
  const make = new CreateLogGroupCommand({logGroupName: name, tags})
  try {
    const intent = {operation: 'CreateLogGroup', logGroup: name}
    await changeAws(site, {intent, send: () => client.send(make)})
  } catch (error) {
    const made = isLost(error) ? await readOurLogGroup(site.aws, name, site.journal.runId, site.signal) : null
    if (made?.kind !== 'log-group')
      throw whyNot(error, `make the log group ${name}`, 'logs:CreateLogGroup and logs:TagResource', instead)
  }
  const keep = new PutRetentionPolicyCommand({logGroupName: name, retentionInDays})
  try {
    const intent = {operation: 'PutRetentionPolicy', logGroup: name}
    await changeAws(site, {intent, send: () => client.send(keep)})
  } catch (error) {
    site.signal.throwIfAborted()
    // it is deleted at the end; this would only have been the net below
    site.doing(`goes on without a retention of ${retentionInDays} day for its log group`)
    if (error instanceof UserError) throw error
  }
}

/** The code as CreateFunction takes it: the bytes, or the very image that the function runs. */
async function codeOf(
  {aws, signal}: Site,
  {Code = {}}: GetFunctionResponse,
  {PackageType, CodeSha256 = '', FunctionName}: FunctionConfiguration,
): Promise<FunctionCode> {
  if (PackageType === 'Image') {
    const ImageUri = Code.ResolvedImageUri ?? Code.ImageUri
    if (ImageUri) return {ImageUri}
    throw new UserError(`AWS does not say which image ${FunctionName} runs`, {code: 'NoCode'})
  }
  const mayBePlain = aws.scope.endpoint !== 'aws'
  const ZipFile = await fetchCode(Code.Location ?? '', {codeSha256: CodeSha256, mayBePlain}, signal)
  return {ZipFile, ...(Code.SourceKMSKeyArn && {SourceKMSKeyArn: Code.SourceKMSKeyArn})}
}

/**
 * The configuration by which AWS checks the signatures of the function's code; null where it has none.
 * @throws UserError where signed code's cannot be read: a clone without it would be a way around it
 */
async function signingOf(
  {aws, signal}: Site,
  arn: string,
  {SigningJobArn, PackageType, FunctionName}: FunctionConfiguration,
): Promise<string | null> {
  if (PackageType === 'Image') return null
  const client = await aws.lambda()
  const {GetFunctionCodeSigningConfigCommand} = sdk.lambda()
  const command = new GetFunctionCodeSigningConfigCommand({FunctionName: arn})
  try {
    const answer = await ask(aws, 'GetFunctionCodeSigningConfig', options => client.send(command, options), signal)
    return answer.CodeSigningConfigArn || null
  } catch (error) {
    if (isMissing(error) || isUnknownOperation(error)) return null
    // a server that is not AWS may not know it
    if ((isDenied(error) || aws.scope.endpoint !== 'aws') && !SigningJobArn) return null
    const doing = `look up how the code of ${FunctionName} is signed`
    throw whyNot(error, doing, 'lambda:GetFunctionCodeSigningConfig', instead)
  }
}

/** A function may be held at an older runtime version, which a clone is not. */
function noteRuntime({doing}: Site, name: string, source: FunctionConfiguration, clone: FunctionConfiguration): void {
  const [was, is] = [source, clone].map(({RuntimeVersionConfig}) => RuntimeVersionConfig?.RuntimeVersionArn)
  if (was && is && was !== is) doing(`measures ${name} with another version of its runtime than the function has`)
}
