import {ask} from '../aws/ask.ts'
import type {Aws} from '../aws/connect.ts'
import {sdk} from '../aws/sdk.ts'

/** The account of the credentials; null where STS would not or could not say. */
export async function callerAccount(aws: Aws, signal: AbortSignal | undefined): Promise<string | null> {
  try {
    const client = await aws.sts()
    const {GetCallerIdentityCommand} = sdk.sts()
    const {Account} = await ask(
      aws,
      'GetCallerIdentity',
      options => client.send(new GetCallerIdentityCommand(), options),
      signal,
    )
    return Account ?? null
  } catch {
    signal?.throwIfAborted()
    return null
  }
}
