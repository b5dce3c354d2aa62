import {UserError} from '../../../errors.ts'
import {ask} from '../../aws/ask.ts'
import type {Aws} from '../../aws/connect.ts'
import {isDenied, isMissing, isUnknownOperation} from '../../aws/failures.ts'
import {sdk} from '../../aws/sdk.ts'
import {readQualifiers} from '../../targets/read-functions.ts'
import {readVersion} from '../plan/read-version.ts'

/**
 * Checks that a version is there and can serve.
 * @returns what is to be said of it
 * @throws UserError where it is gone, or cannot serve
 */
export async function checkVersion(
  aws: Aws,
  functionName: string,
  version: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  try {
    const configuration = await readVersion(aws, functionName, version, signal)
    if (configuration === null) {
      const there = (await readQualifiers(aws, functionName, signal)).filter(each => /^\d+$/.test(each)).slice(0, 6)
      throw new UserError(`${functionName} has no version ${version} any more, or never had`, {
        code: 'NoMatch',
        ...(there.length > 0 && {hint: `it has ${there.join(', ')}`}),
      })
    }
    const {State = 'Active', StateReason} = configuration
    if (State === 'Active') return []
    throw new UserError(
      `version ${version} of ${functionName} cannot serve: it is ${State}${StateReason ? `, ${StateReason}` : ''}`,
      {code: 'NotActive', hint: 'name another one with --to'},
    )
  } catch (error) {
    // UpdateAlias itself refuses a version that is not there
    if (error instanceof UserError && isDenied(error.cause))
      return [`whether ${version} is active is not known: that needs lambda:GetFunction`]
    throw error
  }
}

/** Whether provisioned concurrency of an alias is being allocated; null where nobody would say. */
export async function isAllocating(
  aws: Aws,
  name: string,
  alias: string,
  signal: AbortSignal,
): Promise<boolean | null> {
  const status = await provisionedStatus(aws, name, alias, signal)
  return status === null ? null : status === 'IN_PROGRESS'
}

/** How the provisioned concurrency of an alias stands; false where it has none, null where nobody would say. */
export async function provisionedStatus(
  aws: Aws,
  name: string,
  alias: string,
  signal: AbortSignal,
): Promise<string | false | null> {
  const client = await aws.lambda()
  const {GetProvisionedConcurrencyConfigCommand} = sdk.lambda()
  const command = new GetProvisionedConcurrencyConfigCommand({FunctionName: name, Qualifier: alias})
  try {
    const send = (options: {abortSignal?: AbortSignal}) => client.send(command, options)
    const {Status} = await ask(aws, 'GetProvisionedConcurrencyConfig', send, signal)
    return Status ?? null
  } catch (error) {
    signal.throwIfAborted()
    const isNone = isMissing(error) || (error as Error).name === 'ProvisionedConcurrencyConfigNotFoundException'
    if (isNone || isUnknownOperation(error)) return false
    return null
  }
}
