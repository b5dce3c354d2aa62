import type * as lambdaSdk from '@aws-sdk/client-lambda'
import type {Handlers} from '../../wire/define-service.ts'
import type {SandboxFunction, SandboxVersion} from '../../world/sandbox-function.ts'
import type {Context} from '../context.ts'
import {fullConfiguration} from './function-configuration.ts'
import {invalidValue, readChange, readCode, readDraft} from './function-draft.ts'
import {functionArn, lambdaError, readFunctionName, resolveFunction, unqualifiedOnly} from './function-name.ts'

/** What makes functions and versions, changes them, and deletes them. */
export const functionWrites: Handlers<typeof lambdaSdk, Context> = {
  CreateFunction: (input, context) => {
    const {name, qualifier} = readFunctionName(context, input.FunctionName)
    if (qualifier !== undefined) throw unqualifiedOnly()
    if (name.length > longestName)
      throw invalidValue(
        `1 validation error detected: Value '${name}' at 'functionName' failed to satisfy constraint: Member must have length less than or equal to ${longestName}`,
      )
    const draft = readDraft(context, name, input)
    if (context.world.function(name)) throw conflict(`Function already exist: ${name}`)
    const made = context.world.createFunction(draft)
    if (input.Publish) return published(context, name, null)
    return latestConfiguration(context, made)
  },

  UpdateFunctionConfiguration: (input, context) => {
    const {fn} = changeable(context, input.FunctionName, input.RevisionId)
    const change = readChange(context, input)
    refuseUpdate(context, fn)
    return latestConfiguration(context, context.world.updateConfiguration(fn.name, change))
  },

  UpdateFunctionCode: (input, context) => {
    const {fn, version} = changeable(context, input.FunctionName, input.RevisionId)
    const code = readCode(input, fn.packageType)
    if (input.DryRun) return fullConfiguration(context, fn, version, undefined)
    refuseUpdate(context, fn)
    const changed = context.world.updateCode(fn.name, code)
    if (input.Publish) return published(context, fn.name, null)
    return latestConfiguration(context, changed)
  },

  PublishVersion: (input, context) => {
    const {fn, version} = changeable(context, input.FunctionName, input.RevisionId)
    if (input.CodeSha256 && input.CodeSha256 !== version.codeSha256)
      throw invalidValue(
        `CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST (${version.codeSha256}). Please try again with the CodeSHA256 in $LATEST.`,
      )
    refuseUpdate(context, fn)
    return published(context, fn.name, input.Description ?? null)
  },

  DeleteFunction: (input, context) => {
    const {name, qualifier} = readFunctionName(context, input.FunctionName, input.Qualifier)
    const fn = context.world.function(name)
    // of what is not there AWS names the function alone, whichever version was meant
    if (!fn) throw lambdaError('ResourceNotFoundException', `Function not found: ${functionArn(context, name)}`)
    refuseReplica(context, fn, 'delete')
    if (qualifier === '$LATEST') throw invalidValue('$LATEST version cannot be deleted without deleting the function.')
    if (qualifier === undefined) context.world.deleteFunction(name)
    else deleteVersion(context, fn, qualifier)
    return {StatusCode: 204}
  },
}

const longestName = 64

/** Lambda@Edge keeps its replicas itself. */
export function refuseReplica(context: Context, {name, masterArn}: SandboxFunction, what: 'update' | 'delete'): void {
  if (masterArn !== null)
    throw invalidValue(
      `Lambda was unable to ${what} ${functionArn(context, name)} because it is a replicated function. Please see our documentation for Deleting Lambda@Edge Functions and Replicas.`,
    )
}

function deleteVersion({world}: Context, fn: SandboxFunction, version: string): void {
  if (!/^\d+$/.test(version))
    throw invalidValue('Deletion of aliases is not currently supported. Please specify a version.')
  const aliases = fn.aliases.filter(alias => alias.version === version || version in alias.weights)
  if (aliases.length > 0)
    throw conflict(
      `Unable to delete version because the following aliases reference it: [${aliases.map(({name}) => name).join(', ')}]`,
    )
  // a version that is not there is deleted already
  if (fn.versions.some(each => each.version === version)) world.deleteVersion(fn.name, version)
}

/**
 * A function that is named without a version.
 * @throws ServiceError PreconditionFailedException when it is another revision than the caller knows
 */
function changeable(
  context: Context,
  functionName: string,
  revisionId: string | undefined,
): {readonly fn: SandboxFunction; readonly version: SandboxVersion} {
  const {fn, version, qualifier} = resolveFunction(context, functionName)
  refuseReplica(context, fn, 'update')
  if (qualifier !== undefined && qualifier !== '$LATEST') throw unqualifiedOnly()
  requireRevision(version, revisionId)
  return {fn, version}
}

/** @throws ServiceError PreconditionFailedException where the caller knows another revision */
export function requireRevision(current: {readonly revisionId: string}, known: string | undefined): void {
  if (known && known !== current.revisionId)
    throw lambdaError(
      'PreconditionFailedException',
      'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
    )
}

export const conflict = (message: string) => lambdaError('ResourceConflictException', message)

/** One change at a time. */
function refuseUpdate(context: Context, fn: SandboxFunction): void {
  if (fn.state === 'Pending')
    throw conflict(
      'The operation cannot be performed at this time. The function is currently in the following state: Pending',
    )
  if (fn.lastUpdate === 'InProgress')
    throw conflict(
      `The operation cannot be performed at this time. An update is in progress for resource: ${functionArn(context, fn.name)}`,
    )
}

function published(context: Context, name: string, description: string | null): lambdaSdk.FunctionConfiguration {
  const version = context.world.publishVersion(name, description)
  const {fn} = resolveFunction(context, name)
  return fullConfiguration(context, fn, version, version.version)
}

function latestConfiguration(context: Context, fn: SandboxFunction): lambdaSdk.FunctionConfiguration {
  const {version} = resolveFunction(context, fn.name)
  return fullConfiguration(context, fn, version, undefined)
}
