import {usageError} from '../errors.ts'
import type {Aws} from './aws/connect.ts'
import {callerAccount} from './targets/caller-account.ts'

/** Where a run that changed AWS was made, as its journal says. */
export type RunPlace = {
  readonly runId: string
  readonly account: string | null
  readonly region: string
  readonly endpoint: 'aws' | 'sandbox' | 'custom'
  /** of services that are not AWS's */
  readonly origins: readonly string[]
}

/** Whether a run was made where this leads: the same endpoint, region, and, where both are known, account. */
export function isOfPlace(
  {scope, foreignOrigins}: Pick<Aws, 'scope' | 'foreignOrigins'>,
  {endpoint, region, origins, account}: RunPlace,
): boolean {
  return (
    endpoint === scope.endpoint &&
    region === scope.region &&
    (scope.account === null || account === null || scope.account === account) &&
    // the embedded AWS has another port each time
    (endpoint === 'sandbox' || origins.join() === foreignOrigins.join())
  )
}

/** @throws UserError (exit 2) where this does not lead to where a run was made */
export async function checkPlace(aws: Aws, place: RunPlace, signal: AbortSignal): Promise<void> {
  const {runId, region, endpoint, account} = place
  const ran = endpoint === 'sandbox' ? 'the embedded AWS' : endpoint === 'custom' ? place.origins.join(' and ') : 'AWS'
  const hint = endpoint === 'sandbox' ? 'add --sandbox' : `name --region ${region} and a profile of its account`
  if (!isOfPlace(aws, place)) throw usageError(`run ${runId} was made in ${region} of ${ran}`, hint)
  if (endpoint !== 'aws' || account === null) return
  const caller = await callerAccount(aws, signal)
  if (caller !== null && caller !== account)
    throw usageError(`run ${runId} was made in account ${account}, and these credentials are of ${caller}`, hint)
}
