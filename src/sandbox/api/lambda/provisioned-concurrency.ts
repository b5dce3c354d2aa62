import type * as lambdaSdk from '@aws-sdk/client-lambda'
import type {Handlers} from '../../wire/define-service.ts'
import {ServiceError} from '../../wire/service-error.ts'
import {shownWeightsAt} from '../../world/aliases.ts'
import type {SandboxFunction} from '../../world/sandbox-function.ts'
import type {Context} from '../context.ts'
import {unimplemented} from '../unimplemented.ts'
import {leastUnreservedOf, unreservedConcurrency} from './concurrency.ts'
import {lambdaTime} from './function-configuration.ts'
import {findAlias, findVersion, functionArn, lambdaError, readFunctionName, resolveFunction} from './function-name.ts'
import {conflict} from './function-writes.ts'
import {lambdaPage} from './pages.ts'

type Config = NonNullable<SandboxFunction['provisionedConcurrency']>

/** Environments that are kept ready for an alias. */
export const provisionedConcurrency: Handlers<typeof lambdaSdk, Context> = {
  GetProvisionedConcurrencyConfig: (input, context) => {
    const {fn, qualifier} = resolveQualified(
      context,
      input,
      'The function resource provided must be an alias or a published version.',
    )
    if (fn.provisionedConcurrency?.alias !== qualifier)
      throw lambdaError(
        'ProvisionedConcurrencyConfigNotFoundException',
        'No Provisioned Concurrency Config found for this function',
      )
    return provisioned(context, fn, fn.provisionedConcurrency)
  },

  PutProvisionedConcurrencyConfig: (input, context) => {
    const {fn, qualifier} = resolveQualified(
      context,
      input,
      'Provisioned Concurrency Configs cannot be applied to unpublished function versions.',
    )
    const {world} = context
    const alias = findAlias(fn, qualifier)
    const known = fn.provisionedConcurrency
    if (!alias) {
      if (known && findAlias(fn, known.alias)?.version === qualifier)
        throw conflict('Version is pointed by a Provisioned Concurrency alias')
      throw unimplemented('lambda:PutProvisionedConcurrencyConfig of a version')
    }
    if (Object.keys(shownWeightsAt(alias, world.now())).length > 0)
      throw lambdaError(
        'InvalidParameterValueException',
        'Alias with weights can not be used with Provisioned Concurrency',
      )
    if (known && known.alias !== qualifier) {
      if (findAlias(fn, known.alias)?.version === alias.version)
        throw conflict(
          "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version",
        )
      throw unimplemented('lambda:PutProvisionedConcurrencyConfig of a second alias')
    }
    refuseCount(context, fn, input.ProvisionedConcurrentExecutions)
    world.putProvisionedConcurrency(fn.name, qualifier, input.ProvisionedConcurrentExecutions)
    const {fn: written} = resolveFunction(context, fn.name)
    return provisioned(context, written, written.provisionedConcurrency ?? {alias: qualifier, count: 0})
  },

  /** What is not there is deleted already. */
  DeleteProvisionedConcurrencyConfig: (input, context) => {
    const {fn, qualifier} = resolveQualified(
      context,
      input,
      'The function resource provided must be an alias or a published version.',
    )
    if (fn.provisionedConcurrency?.alias === qualifier)
      context.world.putProvisionedConcurrency(fn.name, qualifier, null)
    return {}
  },

  ListProvisionedConcurrencyConfigs: (input, context) => {
    const {fn} = resolveFunction(context, input.FunctionName)
    const page = lambdaPage(fn.provisionedConcurrency ? [fn.provisionedConcurrency] : [], ({alias}) => alias, input)
    return {
      ProvisionedConcurrencyConfigs: page.items.map(config => ({
        FunctionArn: functionArn(context, fn.name, config.alias),
        ...provisioned(context, fn, config),
      })),
      NextMarker: page.next,
    }
  },
}

/** @throws ServiceError for $LATEST, in the words of the operation, and for what is not there */
function resolveQualified(
  context: Context,
  input: {readonly FunctionName: string; readonly Qualifier: string},
  notOfLatest: string,
): {readonly fn: SandboxFunction; readonly qualifier: string} {
  const {name, qualifier = ''} = readFunctionName(context, input.FunctionName, input.Qualifier)
  if (qualifier === '$LATEST') throw lambdaError('InvalidParameterValueException', notOfLatest)
  const fn = context.world.function(name)
  if (!fn || !findVersion(fn, qualifier))
    throw lambdaError(
      'ResourceNotFoundException',
      `${/^\d+$/.test(qualifier) ? 'Function not found' : 'Cannot find alias arn'}: ${functionArn(context, name, qualifier)}`,
    )
  return {fn, qualifier}
}

/** @throws ServiceError where more is asked for than may be kept ready */
function refuseCount(context: Context, {reservedConcurrency}: SandboxFunction, count: number): void {
  if (reservedConcurrency !== null) {
    if (count > reservedConcurrency)
      throw lambdaError(
        'InvalidParameterValueException',
        'Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function',
      )
    return
  }
  const unreserved = unreservedConcurrency(context)
  const least = leastUnreservedOf(context.accountConcurrency)
  if (count > unreserved)
    throw new ServiceError(
      'InvalidParameterValueException',
      `Specified ConcurrentExecutions for function is greater than account's unreserved concurrency [${unreserved}].`,
    )
  if (unreserved - count < least)
    throw new ServiceError(
      'InvalidParameterValueException',
      `Specified ConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${least}].`,
    )
}

/** Moved to another version, at first what the version before has still counts, then what the new one has so far. */
function provisioned(
  context: Context,
  fn: SandboxFunction,
  {alias: name, count, putAt}: Config,
): lambdaSdk.GetProvisionedConcurrencyConfigResponse {
  const now = context.world.now()
  const alias = findAlias(fn, name)
  const readyAt = alias?.allocatedAt?.[alias.version] ?? 0
  const moved = alias?.moving
  const begunAt = moved?.startedAt ?? putAt ?? readyAt
  const share = now >= readyAt ? 1 : (now - begunAt) / (readyAt - begunAt)
  const allocated = moved && share < 0.5 ? count : Math.floor(count * Math.max(0, 2 * share - 1))
  const publishedAt = findVersion(fn, name)?.publishedAt ?? 0
  return {
    RequestedProvisionedConcurrentExecutions: count,
    AvailableProvisionedConcurrentExecutions: allocated,
    AllocatedProvisionedConcurrentExecutions: allocated,
    Status: share === 1 ? 'READY' : 'IN_PROGRESS',
    LastModified: lambdaTime(moved?.startedAt ?? putAt ?? publishedAt + 180_000),
  }
}
