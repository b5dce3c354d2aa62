import type * as lambdaSdk from '@aws-sdk/client-lambda'
import type {Handlers} from '../../wire/define-service.ts'
import type {SandboxFunction} from '../../world/world.ts'
import type {Context} from '../context.ts'
import {lambdaTime} from './function-configuration.ts'
import {findAlias, findVersion, functionArn, lambdaError, readFunctionName, resolveFunction} from './function-name.ts'
import {lambdaPage} from './pages.ts'

const megabyte = 1_048_576
/** How many invocations may run at once in a region: what an account has without asking for more. */
const concurrentExecutions = 1000

/** How much may run at once: of the account and of a function, reserved and provisioned. */
export const concurrency: Handlers<typeof lambdaSdk, Context> = {
  GetAccountSettings: (_input, {world}) => {
    const all = world.functions()
    let [reserved, totalCodeSize] = [0, 0]
    for (const {reservedConcurrency, versions} of all) {
      reserved += reservedConcurrency ?? 0
      for (const {codeSize} of versions) totalCodeSize += codeSize
    }
    return {
      AccountLimit: {
        TotalCodeSize: 75 * 1024 * megabyte,
        CodeSizeUnzipped: 250 * megabyte,
        CodeSizeZipped: 50 * megabyte,
        ConcurrentExecutions: concurrentExecutions,
        UnreservedConcurrentExecutions: concurrentExecutions - reserved,
      },
      AccountUsage: {TotalCodeSize: totalCodeSize, FunctionCount: all.length},
    }
  },

  GetFunctionConcurrency: (input, context) => {
    const {reservedConcurrency} = resolveFunction(context, input.FunctionName).fn
    return reservedConcurrency === null ? {} : {ReservedConcurrentExecutions: reservedConcurrency}
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
