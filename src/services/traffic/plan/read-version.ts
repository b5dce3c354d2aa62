import type {FunctionConfiguration} from '@aws-sdk/client-lambda'
import {UserError} from '../../../errors.ts'
import {ask} from '../../aws/ask.ts'
import type {Aws} from '../../aws/connect.ts'
import {isDenied, isMissing} from '../../aws/failures.ts'
import {sdk} from '../../aws/sdk.ts'
import {readConfiguration} from '../../targets/read-functions.ts'
import {explained} from '../../targets/refusal.ts'

/** Making a snapshot of a version, or connecting it to a network, takes minutes. */
const patienceMs = 5 * 60_000
const pauseMs = 2_000

/**
 * The configuration of a published version; null where it does not exist. By GetFunction, which has a quota of its own of 100 calls a
 * second, and where only that is not allowed by GetFunctionConfiguration.
 * @throws UserError; exit 4 where neither is allowed
 */
export async function readVersion(
  aws: Aws,
  name: string,
  version: string,
  signal: AbortSignal,
): Promise<FunctionConfiguration | null> {
  const client = await aws.lambda()
  const {GetFunctionCommand} = sdk.lambda()
  const command = new GetFunctionCommand({FunctionName: name, Qualifier: version})
  try {
    const {Configuration} = await ask(aws, 'GetFunction', options => client.send(command, options), signal)
    return Configuration ?? null
  } catch (error) {
    if (isMissing(error)) return null
    const refused = explained(error, {doing: `look at ${name}:${version}`, permission: 'lambda:GetFunction'})
    if (!isDenied(error)) throw refused
    return readConfiguration(aws, name, version, signal).catch(() => {
      signal.throwIfAborted()
      throw refused
    })
  }
}

/**
 * The same, once the version can be invoked, for which it waits five minutes.
 * @throws UserError, of code NotReady where it failed, sleeps, or takes longer
 */
export async function readyVersion(
  aws: Aws,
  name: string,
  version: string,
  signal: AbortSignal,
): Promise<FunctionConfiguration | null> {
  const begun = aws.clock.now()
  while (true) {
    const configuration = await readVersion(aws, name, version, signal)
    if (configuration === null) return null
    const {State = 'Active', StateReason, LastUpdateStatus = 'Successful', LastUpdateStatusReason} = configuration
    if (State === 'Active' && LastUpdateStatus === 'Successful') return configuration
    const what = `version ${version} of ${name}`
    if (State === 'Inactive')
      throw notReady(
        `${what} is idle: its first calls would fail while Lambda wakes it`,
        `wake it first: aws lambda invoke --function-name ${name} --qualifier ${version} /dev/null`,
      )
    if (LastUpdateStatus === 'Failed' || !(State === 'Active' || State === 'Pending'))
      throw notReady(
        `${what} is ${State === 'Active' ? 'Failed' : State}: ${StateReason ?? LastUpdateStatusReason ?? 'AWS gives no reason'}`,
        'publish a version that can be invoked',
      )
    if (aws.clock.now() - begun >= patienceMs)
      throw notReady(`${what} is still ${State} after ${patienceMs / 60_000} min`, 'try again when it is Active')
    await aws.clock.sleep(pauseMs, signal)
  }
}

const notReady = (message: string, hint: string): UserError => new UserError(message, {code: notReadyCode, hint})

/** The code of the error for a version that exists and cannot be invoked. */
export const notReadyCode = 'NotReady'
