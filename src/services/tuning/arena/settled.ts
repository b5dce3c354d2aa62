import type {FunctionConfiguration, GetFunctionResponse} from '@aws-sdk/client-lambda'
import {UserError} from '../../../errors.ts'
import {ask} from '../../aws/ask.ts'
import type {Aws} from '../../aws/connect.ts'
import {isMissing} from '../../aws/failures.ts'
import {sdk} from '../../aws/sdk.ts'
import {explained} from '../../targets/refusal.ts'

/** Where a function has to be connected to a network, or an image or a snapshot to be made, it takes minutes. */
const patienceMs = 15 * 60_000
const firstPauseMs = 200
const longestPauseMs = 2_000
const toldAfterMs = 4_000

type Waiting = {
  readonly signal: AbortSignal
  readonly doing: (what: string) => void
  /** an update that failed is over as well: what is to be set next does not wait for it */
  readonly takesFailed?: boolean
}

/**
 * A function, or a version of it, with its code's place and tags; null where it does not exist.
 * GetFunction has a quota of its own, 100 calls a second, which GetFunctionConfiguration has not.
 * @throws UserError; exit 4 where lambda:GetFunction is not allowed
 */
export async function readFunction(
  aws: Aws,
  name: string,
  version: string | null,
  signal: AbortSignal,
): Promise<GetFunctionResponse | null> {
  const client = await aws.lambda()
  const {GetFunctionCommand} = sdk.lambda()
  const command = new GetFunctionCommand({FunctionName: name, ...(version && {Qualifier: version})})
  try {
    return await ask(aws, 'GetFunction', options => client.send(command, options), signal)
  } catch (error) {
    if (isMissing(error)) return null
    throw explained(error, {doing: `look up ${name}`, permission: 'lambda:GetFunction'})
  }
}

/**
 * A function's configuration, or a version's, once no change of it is under way any more.
 * @returns null where it does not exist
 * @throws UserError; of code NotReady where it failed, with AWS's reason, or takes longer than a quarter of an hour
 */
export async function settled(
  aws: Aws,
  name: string,
  version: string | null,
  {signal, doing, takesFailed = false}: Waiting,
): Promise<FunctionConfiguration | null> {
  const begun = aws.clock.now()
  let isTold = false
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
    const configuration = (await readFunction(aws, name, version, signal))?.Configuration
    if (!configuration) return null
    const {State = 'Active', LastUpdateStatus = 'Successful'} = configuration
    const what = version === null ? name : `version ${version} of ${name}`
    if (State === 'Failed') throw failed(what, configuration.StateReason, configuration.StateReasonCode)
    if (LastUpdateStatus === 'Failed' && takesFailed) return configuration
    if (LastUpdateStatus === 'Failed')
      throw failed(what, configuration.LastUpdateStatusReason, configuration.LastUpdateStatusReasonCode)
    // a function that was idle for weeks is Inactive, and stays it until it is invoked
    if ((State === 'Active' || State === 'Inactive') && LastUpdateStatus === 'Successful') return configuration
    const waitedMs = aws.clock.now() - begun
    if (waitedMs > patienceMs)
      throw new UserError(`${what} is not ready after ${patienceMs / 60_000} min: ${State}, ${LastUpdateStatus}`, {
        code: 'NotReady',
      })
    if (!isTold && waitedMs > toldAfterMs) {
      isTold = true
      doing(`waits until ${what} is ready`)
    }
    await aws.clock.sleep(pauseMs, signal)
  }
}

function failed(what: string, reason: string | undefined, code: string | undefined): UserError {
  return new UserError(`${what} failed: ${reason ?? code ?? 'AWS gives no reason'}`, {code: 'NotReady'})
}
