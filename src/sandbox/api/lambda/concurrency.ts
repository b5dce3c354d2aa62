import type * as lambdaSdk from '@aws-sdk/client-lambda'
import type {Handlers} from '../../wire/define-service.ts'
import {ServiceError} from '../../wire/service-error.ts'
import type {SandboxFunction} from '../../world/sandbox-function.ts'
import type {Context} from '../context.ts'
import {lambdaTime} from './function-configuration.ts'
import {
  findAlias,
  findVersion,
  functionArn,
  lambdaError,
  readFunctionName,
  resolveFunction,
  unqualifiedOnly,
} from './function-name.ts'
import {lambdaPage} from './pages.ts'

const megabyte = 1_048_576

/** What must be left for functions without a reservation; an account that has less to begin with can reserve nothing. */
const leastUnreservedOf = (accountConcurrency: number) => Math.min(100, accountConcurrency)

/** What is left for functions without a reservation. */
export function unreservedConcurrency({world, accountConcurrency}: Context): number {
  let left = accountConcurrency
  for (const {reservedConcurrency} of world.functions()) left -= reservedConcurrency ?? 0
  return left
}

/** How much may run at once: of the account and of a function, reserved and provisioned. */
export const concurrency: Handlers<typeof lambdaSdk, Context> = {
  GetAccountSettings: (_input, context) => {
    const all = context.world.functions()
    let totalCodeSize = 0
    for (const {versions} of all) for (const {codeSize} of versions) totalCodeSize += codeSize
    return {
      AccountLimit: {
        TotalCodeSize: 75 * 1024 * megabyte,
        CodeSizeUnzipped: 250 * megabyte,
        CodeSizeZipped: 50 * megabyte,
        ConcurrentExecutions: context.accountConcurrency,
        UnreservedConcurrentExecutions: unreservedConcurrency(context),
      },
      AccountUsage: {TotalCodeSize: totalCodeSize, FunctionCount: all.length},
    }
  },

  GetFunctionConcurrency: (input, context) => {
    const {reservedConcurrency} = resolveFunction(context, input.FunctionName).fn
    return reservedConcurrency === null ? {} : {ReservedConcurrentExecutions: reservedConcurrency}
  },

  PutFunctionConcurrency: (input, context) => {
    const {name, qualifier} = readFunctionName(context, input.FunctionName)
    const {world} = context
    const fn = world.function(name)
    if (!fn)
      throw lambdaError(
        'ResourceNotFoundException',
        `Function not found: ${functionArn(context, name, qualifier ?? '$LATEST')}`,
      )
    if (qualifier !== undefined) throw unqualifiedOnly()
    const count = input.ReservedConcurrentExecutions
    const leastUnreserved = leastUnreservedOf(context.accountConcurrency)
    if (unreservedConcurrency(context) + (fn.reservedConcurrency ?? 0) - count < leastUnreserved)
      throw new ServiceError(
        'InvalidParameterValueException',
        `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${leastUnreserved}].`,
      )
    const provisioned = fn.provisionedConcurrency?.count ?? 0
    if (count < provisioned)
      throw new ServiceError(
        'InvalidParameterValueException',
        ` ReservedConcurrentExecutions  ${count} should not be lower than function's total provisioned concurrency [${provisioned}].`,
      )
    world.putReservedConcurrency(name, count)
    return {ReservedConcurrentExecutions: count}
  },

  DeleteFunctionConcurrency: (input, context) => {
    const {fn, qualifier} = resolveFunction(context, input.FunctionName)
    if (qualifier !== undefined) throw unqualifiedOnly()
    if (fn.reservedConcurrency !== null) context.world.putReservedConcurrency(fn.name, null)
    return {}
  },

  GetProvisionedConcurrencyConfig: (input, context) => {
    const {name, qualifier = ''} = readFunctionName(context, input.FunctionName, input.Qualifier)
    const fn = context.world.function(name)
    if (qualifier === '$LATEST')
      throw lambdaError(
        'InvalidParameterValueException',
        'The function resource provided must be an alias or a published version.',
      )
    if (!fn || !findVersion(fn, qualifier))
      throw lambdaError(
        'ResourceNotFoundException',
        `${/^\d+$/.test(qualifier) ? 'Function not found' : 'Cannot find alias arn'}: ${functionArn(context, name, qualifier)}`,
      )
    if (fn.provisionedConcurrency?.alias !== qualifier)
      throw lambdaError(
        'ProvisionedConcurrencyConfigNotFoundException',
        'No Provisioned Concurrency Config found for this function',
      )
    return provisioned(fn, fn.provisionedConcurrency)
  },

  ListProvisionedConcurrencyConfigs: (input, context) => {
    const {fn} = resolveFunction(context, input.FunctionName)
    const page = lambdaPage(fn.provisionedConcurrency ? [fn.provisionedConcurrency] : [], ({alias}) => alias, input)
    return {
      ProvisionedConcurrencyConfigs: page.items.map(config => ({
        FunctionArn: functionArn(context, fn.name, config.alias),
        ...provisioned(fn, config),
      })),
      NextMarker: page.next,
    }
  },
}

/** Lambda allocates it again for each version that the alias is moved to. */
function provisioned(
  fn: SandboxFunction,
  {alias, count}: NonNullable<SandboxFunction['provisionedConcurrency']>,
): lambdaSdk.GetProvisionedConcurrencyConfigResponse {
  const serving = findVersion(fn, findAlias(fn, alias)?.version ?? alias)
  return {
    RequestedProvisionedConcurrentExecutions: count,
    AvailableProvisionedConcurrentExecutions: count,
    AllocatedProvisionedConcurrentExecutions: count,
    Status: 'READY',
    LastModified: lambdaTime((serving?.publishedAt ?? 0) + 180_000),
  }
}
