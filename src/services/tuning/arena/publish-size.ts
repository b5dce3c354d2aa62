import type {FunctionConfiguration} from '@aws-sdk/client-lambda'
import {UserError} from '../../../errors.ts'
import {isConflict, isLost, isStaleRevision} from '../../aws/lost-answer.ts'
import {sdk} from '../../aws/sdk.ts'
import {publishedVersions} from '../../targets/published-versions.ts'
import type {Candidate} from '../candidate.ts'
import {publish, setMemory} from '../journal/run-record.ts'
import {hasSameContent} from '../source/same-content.ts'
import type {Refused, Stage} from './arena.ts'
import {changeAws, deployedMeanwhile, quotaRefusal, type Site, whyNot} from './change-aws.ts'
import {versionDescription} from './our-names.ts'
import {settled} from './settled.ts'

/** A function of which a version is made for each size: a clone, or the function itself. */
export type Workpiece = {
  readonly name: string
  /** as it is to stay, but for memory */
  readonly content: FunctionConfiguration
  /** as it was when it was first read, or was set since: with any other, somebody else set it */
  memorySizeMB: number
}

/** a revision that moves on by itself, or an update that is not over yet, is met once or twice */
const attempts = 5
const pauseMs = 500

/**
 * Publishes a version of a function with a memory size, and does not wait until the version is ready.
 * @throws UserError as AWS refuses; of code DeployedMeanwhile where the function is not what it was any more
 */
export async function publishSize(site: Site, piece: Workpiece, candidate: Candidate): Promise<Stage | Refused> {
  const why = await setMemorySize(site, piece, candidate.memorySizeMB)
  if (why !== null) return {...candidate, why}
  const version = await publishVersion(site, piece, candidate.memorySizeMB)
  return {...candidate, functionName: piece.name, version}
}

/**
 * Sets the memory of a function's `$LATEST`, and returns when the change has settled and was read back.
 * @returns why AWS would not have the size; null when it is set
 * @throws UserError as AWS refuses; of code DeployedMeanwhile where the function is not what it was any more
 */
export async function setMemorySize(site: Site, piece: Workpiece, memorySizeMB: number): Promise<string | null> {
  const {aws} = site
  const client = await aws.lambda()
  const {UpdateFunctionConfigurationCommand} = sdk.lambda()
  const {name} = piece
  for (let attempt = 1; ; attempt++) {
    const {RevisionId, MemorySize} = await unchanged(site, piece)
    if (MemorySize === memorySizeMB) return null
    const command = new UpdateFunctionConfigurationCommand({
      FunctionName: name,
      MemorySize: memorySizeMB,
      ...(RevisionId && {RevisionId}),
    })
    try {
      await changeAws(site, {
        intent: {operation: setMemory, functionName: name, purpose: 'measure', memorySizeMB, was: piece.memorySizeMB},
        send: () => client.send(command),
        told: ({RevisionId}) => ({revisionId: RevisionId ?? null}),
      })
    } catch (error) {
      const why = quotaRefusal(error)
      if (why !== null) return why
      if ((isStaleRevision(error) || isConflict(error)) && attempt < attempts) {
        await aws.clock.sleep(attempt * pauseMs, site.signal)
        continue
      }
      const failure = whyNot(error, `set the memory of ${name}`, 'lambda:UpdateFunctionConfiguration')
      if (!isLost(error)) throw failure
      const now = await unchanged(site, piece, memorySizeMB)
      if (now.MemorySize !== memorySizeMB) throw failure
    }
    piece.memorySizeMB = memorySizeMB
    await unchanged(site, piece)
    return null
  }
}

/** Publishes `$LATEST` as it is; where nothing changed since the last version, AWS answers with that one, which is not ours. */
async function publishVersion(site: Site, piece: Workpiece, memorySizeMB: number): Promise<string> {
  const {aws, journal, signal} = site
  const client = await aws.lambda()
  const {PublishVersionCommand} = sdk.lambda()
  const {name} = piece
  const description = versionDescription(journal.runId, memorySizeMB)
  for (let attempt = 1; ; attempt++) {
    const {RevisionId, CodeSha256} = await unchanged(site, piece)
    const command = new PublishVersionCommand({
      FunctionName: name,
      Description: description,
      ...(CodeSha256 && {CodeSha256}),
      ...(RevisionId && {RevisionId}),
    })
    try {
      const answer = await changeAws(site, {
        intent: {operation: publish, functionName: name, memorySizeMB, description},
        send: () => client.send(command),
        told: ({Version, Description}) => ({version: Version ?? null, isNew: Description === description}),
      })
      return checkedVersion(name, answer, memorySizeMB)
    } catch (error) {
      // the function is compared with what it was before it is published again
      if ((isStaleRevision(error) || isConflict(error) || isOtherCode(error)) && attempt < attempts) {
        await aws.clock.sleep(attempt * pauseMs, signal)
        continue
      }
      const made = isLost(error)
        ? perhapsPublished(await publishedVersions(aws, name, signal), piece, description)
        : null
      if (made) return checkedVersion(name, made, memorySizeMB)
      throw whyNot(error, `publish a version of ${name}`, 'lambda:PublishVersion')
    }
  }
}

/** The version that PublishVersion would have answered with: the new one, or the last where nothing had changed since. */
function perhapsPublished(
  versions: readonly FunctionConfiguration[],
  {content, memorySizeMB}: Workpiece,
  description: string,
): FunctionConfiguration | null {
  const made = versions.find(({Description}) => Description === description)
  const last = versions.at(-1)
  const {Description = ''} = content
  const isAsLast = last?.MemorySize === memorySizeMB && hasSameContent({...last, Description}, content)
  return made ?? (last && isAsLast ? last : null)
}

/** PublishVersion's answer where the code is not that of the CodeSha256 it was told. */
const isOtherCode = (error: unknown): boolean => error instanceof Error && /^CodeSHA256 \(/i.test(error.message)

/** A number, of the right size: what is invoked by it is what was published. */
function checkedVersion(name: string, {Version = '', MemorySize}: FunctionConfiguration, memorySizeMB: number): string {
  if (!/^\d+$/.test(Version))
    throw new UserError(`AWS published a version of ${name} that has no number`, {code: 'NotPublished'})
  if (MemorySize !== memorySizeMB)
    throw deployedMeanwhile(name, `version ${Version} has ${MemorySize} MB, and was to have ${memorySizeMB} MB`)
  return Version
}

/**
 * The function as it is now, settled.
 * @param perhapsMB the memory that it may have beside the one it was given: what became of setting it is not known
 * @throws UserError of code DeployedMeanwhile where it is not what it was
 */
async function unchanged(
  site: Site,
  {name, content, memorySizeMB}: Workpiece,
  perhapsMB?: number,
): Promise<FunctionConfiguration> {
  const latest = await settled(site.aws, name, null, site)
  if (!latest) throw deployedMeanwhile(name, 'it does not exist any more')
  if (!hasSameContent(latest, content))
    throw deployedMeanwhile(
      name,
      latest.CodeSha256 === content.CodeSha256 ? 'its configuration changed' : 'its code changed',
    )
  const {MemorySize} = latest
  if (MemorySize !== memorySizeMB && (perhapsMB === undefined || MemorySize !== perhapsMB))
    throw deployedMeanwhile(name, `its memory is ${MemorySize} MB, and was ${memorySizeMB} MB`)
  return latest
}

/** Waits until versions can be invoked; one that cannot be, as when its snapshot fails, is refused. */
export async function readyStages(
  site: Site,
  stages: readonly Stage[],
): Promise<{readonly stages: readonly Stage[]; readonly refused: readonly Refused[]}> {
  const ready: Stage[] = []
  const refused: Refused[] = []
  for (const stage of stages) {
    const {memorySizeMB, architecture} = stage
    try {
      const version = await settled(site.aws, stage.functionName, stage.version, site)
      if (version) ready.push(stage)
      else refused.push({memorySizeMB, architecture, why: `version ${stage.version} does not exist any more`})
    } catch (error) {
      if (!(error instanceof UserError && error.code === 'NotReady')) throw error
      refused.push({memorySizeMB, architecture, why: error.message})
    }
  }
  return {stages: ready, refused}
}
