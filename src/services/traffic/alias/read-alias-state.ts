import type {AliasConfiguration} from '@aws-sdk/client-lambda'
import {UserError} from '../../../errors.ts'
import {ask} from '../../aws/ask.ts'
import type {Aws} from '../../aws/connect.ts'
import {isMissing} from '../../aws/failures.ts'
import type {Priority} from '../../aws/rate-bucket.ts'
import {sdk} from '../../aws/sdk.ts'
import {explained} from '../../targets/refusal.ts'
import type {AliasRef, AliasState} from './alias-state.ts'

/**
 * An alias as AWS describes it now; null where it does not exist.
 * @param signal undefined: nothing ends it but the budget's own patience, as for reading back what became of a write
 * @throws UserError; exit 4 where lambda:GetAlias is not allowed
 */
export async function readAliasState(
  aws: Aws,
  {functionName, functionArn, alias}: AliasRef,
  signal: AbortSignal | undefined,
  priority: Priority = 'small',
): Promise<AliasState | null> {
  const client = await aws.lambda()
  const {GetAliasCommand} = sdk.lambda()
  const command = new GetAliasCommand({FunctionName: functionArn, Name: alias})
  try {
    const answer = await ask(aws, 'GetAlias', options => client.send(command, options), signal, priority)
    const state = stateOf(answer)
    if (state) return state
  } catch (error) {
    if (isMissing(error)) return null
    throw explained(error, {doing: `look up the alias ${alias} of ${functionName}`, permission: 'lambda:GetAlias'})
  }
  throw new UserError(`AWS did not say what the alias ${alias} of ${functionName} serves`, {
    code: 'NoAnswer',
    hint: 'an AWS-compatible server may not know revisions of aliases; without them nothing is shifted',
  })
}

/** What an answer says of an alias; null where it does not say which version and revision. */
export function stateOf({
  FunctionVersion,
  RoutingConfig,
  Description,
  RevisionId,
}: AliasConfiguration): AliasState | null {
  if (!FunctionVersion || !RevisionId) return null
  // AWS allows one; of several, which only another server would tell, the first stands for them
  const [first] = Object.entries(RoutingConfig?.AdditionalVersionWeights ?? {})
  const additional = first ? {version: first[0], weight: first[1]} : null
  return {version: FunctionVersion, additional, description: Description ?? '', revisionId: RevisionId}
}
