import type {Known} from '../../../known.ts'
import {ask} from '../../aws/ask.ts'
import type {Aws} from '../../aws/connect.ts'
import {isMissing} from '../../aws/failures.ts'
import {sdk} from '../../aws/sdk.ts'
import type {PolicyGrant} from '../facts.ts'
import type {FleetFunction} from '../fleet-function.ts'
import {known} from '../why-unknown.ts'
import {parsePolicy} from './parse-policy.ts'

const asked = {doing: 'read the resource policy', permission: 'lambda:GetPolicy'}

/**
 * Who may invoke a function, by the policies of the function itself and of these aliases and versions: a call each. AWS
 * does not tell a function that has no policy from one that is not there: of both there are no grants.
 */
export async function readPolicy(
  {aws, name}: FleetFunction,
  qualifiers: readonly string[],
  signal: AbortSignal,
): Promise<Known<readonly PolicyGrant[]>> {
  const grants: PolicyGrant[] = []
  for (const qualifier of [null, ...qualifiers]) {
    const some = await readGrants({aws, name}, qualifier, signal)
    if ('unknown' in some) return some
    grants.push(...some.value)
  }
  return {value: grants}
}

/** Who may invoke a function by one of its policies: its own, or that of an alias or a version. */
export async function readGrants(
  {aws, name}: Pick<FleetFunction, 'aws' | 'name'>,
  qualifier: string | null,
  signal: AbortSignal,
): Promise<Known<readonly PolicyGrant[]>> {
  const text = await known(asked, signal, () => policyText(aws, name, qualifier, signal))
  if ('unknown' in text) return text
  if (text.value === null) return {value: []}
  try {
    return {value: parsePolicy(text.value, qualifier)}
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return {unknown: 'failed', detail: 'its resource policy could not be understood'}
  }
}

async function policyText(
  aws: Aws,
  name: string,
  qualifier: string | null,
  signal: AbortSignal,
): Promise<string | null> {
  const client = await aws.lambda()
  const {GetPolicyCommand} = sdk.lambda()
  const command = new GetPolicyCommand({FunctionName: name, ...(qualifier !== null && {Qualifier: qualifier})})
  try {
    const {Policy} = await ask(aws, 'GetPolicy', options => client.send(command, options), signal)
    return Policy ?? null
  } catch (error) {
    if (isMissing(error) && !namesTheFunction(error)) return null
    throw error
  }
}

/** Whether it is the function, or its alias, that AWS does not find, and not what was asked of it. */
export const namesTheFunction = (error: unknown): boolean =>
  error instanceof Error &&
  /^(function not found|function does not exist|the function doesn't exist|cannot find (alias|function))/i.test(
    error.message,
  )
