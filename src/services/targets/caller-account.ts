import {ask} from '../aws/ask.ts'
import type {Aws} from '../aws/connect.ts'
import {sdk} from '../aws/sdk.ts'

/** The account of the credentials; null where STS would not or could not say. */
export const callerAccount = async (aws: Aws, signal: AbortSignal | undefined): Promise<string | null> =>
  (await callerIdentity(aws, signal)).account

/** Whose credentials these are: the account, and the ARN of the user or role; null where STS would not or could not say. */
export async function callerIdentity(
  aws: Aws,
  signal: AbortSignal | undefined,
): Promise<{readonly account: string | null; readonly arn: string | null}> {
  try {
    const client = await aws.sts()
    const {GetCallerIdentityCommand} = sdk.sts()
    const {Account, Arn} = await ask(
      aws,
      'GetCallerIdentity',
      options => client.send(new GetCallerIdentityCommand(), options),
      signal,
    )
    return {account: Account ?? null, arn: Arn ?? null}
  } catch {
    signal?.throwIfAborted()
    return {account: null, arn: null}
  }
}

/** The user, or the role's session, that an ARN ends with. */
export const callerName = (arn: string): string => arn.split(arn.includes('/') ? '/' : ':').at(-1) ?? ''
