import type {Aws} from '../../aws/connect.ts'
import {unlessAborted} from '../../stop-signal.ts'
import {explained} from '../../targets/refusal.ts'

/**
 * When the credentials that a shift is made with expire, epoch ms; null where they do not, or their provider does not say.
 * @throws UserError (exit 4) where there are none
 */
export async function credentialsExpireAt(aws: Aws, signal: AbortSignal): Promise<number | null> {
  const client = await aws.lambda()
  try {
    const {expiration} = await unlessAborted(client.config.credentials(), signal)
    return expiration?.getTime() ?? null
  } catch (error) {
    signal.throwIfAborted()
    throw explained(error, {doing: 'sign calls', permission: 'sts:GetCallerIdentity'})
  }
}
