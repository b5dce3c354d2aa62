import type * as lambdaSdk from '@aws-sdk/client-lambda'
import type {Handlers} from '../../wire/define-service.ts'
import {ServiceError} from '../../wire/service-error.ts'
import type {Context} from '../context.ts'
import {functionArn, lambdaError, readFunctionName, resolveFunction, unqualifiedOnly} from './function-name.ts'

const megabyte = 1_048_576

/** What must be left for functions without a reservation; an account that has less to begin with can reserve nothing. */
export const leastUnreservedOf = (accountConcurrency: number) => Math.min(100, accountConcurrency)

/** What is left for functions without a reservation. */
export function unreservedConcurrency({world, accountConcurrency}: Context): number {
  let left = accountConcurrency
  for (const {reservedConcurrency} of world.functions()) left -= reservedConcurrency ?? 0
  return left
}

/** How much may run at once: of the account, and reserved for a function. */
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
}
