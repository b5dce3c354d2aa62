import type {GetFunctionCommandOutput} from '@aws-sdk/client-lambda'
import {UserError} from '../../../errors.ts'
import {ask} from '../../aws/ask.ts'
import type {Aws} from '../../aws/connect.ts'
import {isDenied} from '../../aws/failures.ts'
import {sdk} from '../../aws/sdk.ts'
import {fleetFunction, sharing} from '../../fleet/fleet-function.ts'
import type {Architecture} from '../../pricing.ts'
import {readConfiguration} from '../../targets/read-functions.ts'
import {explained} from '../../targets/refusal.ts'
import type {SelectedFunction} from '../../targets/select-functions.ts'
import type {Mode} from '../tune-plan.ts'
import {checkConcurrency} from './check-concurrency.ts'
import {refuseLiveLatest} from './latest-traffic.ts'
import {refuseOtherLatest} from './latest-version.ts'
import type {SourceFunction} from './source-function.ts'
import {sourceNotes} from './source-notes.ts'
import {refuseClone, refuseKind, refuseState, refuseTenant, refuseTwin} from './untunable.ts'

export type InspectOptions = {
  readonly mode: Mode
  readonly tenantId: string | null
  /** `versions`: change `$LATEST` for some seconds although it has traffic of its own */
  readonly allowLatest: boolean
  /** to be measured on; null: the function's own */
  readonly architectures: readonly Architecture[] | null
  /** how many are invoked at a time */
  readonly concurrency: number
}

/**
 * Reads what is to be tuned, and refuses what cannot be, before anything is made.
 * @returns the function, and what may be worth knowing before it begins, one sentence each
 * @throws UserError for a function that cannot be tuned (Managed Instances, durable, Lambda@Edge, not Active, …) or not in
 *   this mode, with what to do instead; a refusal (exit 4) names the permission and which other mode would do
 */
export async function inspectSource(
  aws: Aws,
  selected: SelectedFunction,
  {mode, tenantId, allowLatest, architectures, concurrency}: InspectOptions,
  signal: AbortSignal,
): Promise<{readonly source: SourceFunction; readonly notes: readonly string[]}> {
  const {name} = selected
  refuseKind(name, selected.configuration)
  // history needs neither the code nor a function that can be invoked
  if (mode === 'observe') return {source: sourceOf(selected, {Configuration: selected.configuration}), notes: []}

  const found = await readSource(aws, selected, mode, signal)
  const {Configuration: configuration = selected.configuration} = found
  const source = sourceOf(selected, found)
  const on = architectures ?? [source.architecture]
  refuseKind(name, configuration)
  refuseState(name, configuration)
  refuseTenant(name, configuration, tenantId)
  refuseTwin(name, source.architecture, configuration, on, mode)
  if (mode === 'shadow') {
    refuseClone(name, configuration)
    refuseCodeless(source, found)
  } else {
    await refuseOtherLatest(aws, source, signal)
    if (!allowLatest) await refuseLiveLatest(aws, fleetFunction(aws, selected, sharing()), signal)
  }
  const onConcurrency = await checkConcurrency(aws, name, {mode, concurrency}, signal)
  const {architecture} = source
  const notes = sourceNotes(configuration, {mode, architecture, architectures: on, now: aws.clock.now()})
  const untagged = `the tags of ${name} could not be read (lambda:ListTags): they would tell what manages it`
  return {source, notes: [...notes, ...onConcurrency, ...(mode === 'shadow' && found.TagsError ? [untagged] : [])]}
}

const qualifierOf = ({alias, version}: SelectedFunction): string | null =>
  alias?.name ?? (version === '$LATEST' ? null : version)

/** What is asked for: of an alias, the version that was selected. `versions` does without the code where it may not be read. */
async function readSource(
  aws: Aws,
  selected: SelectedFunction,
  mode: Mode,
  signal: AbortSignal,
): Promise<Partial<GetFunctionCommandOutput>> {
  const {name, version} = selected
  const qualifier = version === '$LATEST' ? null : version
  const client = await aws.lambda()
  const {GetFunctionCommand} = sdk.lambda()
  const command = new GetFunctionCommand({FunctionName: name, ...(qualifier !== null && {Qualifier: qualifier})})
  try {
    return await ask(aws, 'GetFunction', options => client.send(command, options), signal)
  } catch (error) {
    if (mode === 'versions' && isDenied(error)) {
      const configuration = await readConfiguration(aws, name, qualifier, signal).catch(() => null)
      if (configuration) return {Configuration: configuration}
    }
    throw explained(error, {
      doing: `look at ${name}${qualifier === null ? '' : `:${qualifier}`} and its code`,
      permission: 'lambda:GetFunction',
      instead:
        mode === 'shadow' ? 'use --mode versions, which copies no code, or --mode observe' : 'use --mode observe',
    })
  }
}

function sourceOf(
  selected: SelectedFunction,
  {Configuration: configuration = {}, Code, Tags = {}}: Partial<GetFunctionCommandOutput>,
): SourceFunction {
  const {Version = '$LATEST', MemorySize = 128, Timeout = 3, Architectures, EphemeralStorage, SnapStart} = configuration
  return {
    name: selected.name,
    arn: selected.arn,
    qualifier: qualifierOf(selected),
    version: Version,
    configuration,
    code:
      configuration.PackageType === 'Image'
        ? {kind: 'image', imageUri: Code?.ResolvedImageUri ?? ''}
        : {kind: 'zip', location: Code?.Location ?? ''},
    tags: Tags,
    memorySizeMB: MemorySize,
    architecture: Architectures?.includes('arm64') ? 'arm64' : 'x86_64',
    timeoutSeconds: Timeout,
    ephemeralStorageMB: EphemeralStorage?.Size ?? 512,
    snapStart: SnapStart?.ApplyOn === 'PublishedVersions',
  }
}

/** @throws UserError where a clone has nothing to be made from */
function refuseCodeless({name, code}: SourceFunction, {Code}: Partial<GetFunctionCommandOutput>): void {
  if (code.kind === 'zip' ? code.location !== '' : code.imageUri !== '') return
  const why = Code?.Error?.Message ?? Code?.Error?.ErrorCode
  throw new UserError(`AWS does not say where the code of ${name} is${why ? `: ${why}` : ''}`, {
    code: 'NoCode',
    hint: 'use --mode versions, which copies no code',
  })
}
