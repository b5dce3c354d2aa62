import type {InvokeCommandOutput} from '@aws-sdk/client-lambda'
import {UserError} from '../../../errors.ts'
import type {Aws} from '../../aws/connect.ts'
import {firstLine, isClockCorrected, requestIdOf, translateAwsError} from '../../aws/failures.ts'
import {sdk} from '../../aws/sdk.ts'
import {explained} from '../../targets/refusal.ts'
import type {Stage} from '../arena/arena.ts'
import {reservedConcurrency} from '../source/reserved-concurrency.ts'
import {mayHaveRun, type Wait, waitFor} from './invoke-refusals.ts'

/** how long Lambda may throttle one invocation */
const patienceMs = 180_000
const firstWaitMs = 500
const longestWaitMs = 20_000

export type InvokeRequest = {
  readonly stage: Stage
  /** JSON, as it is sent */
  readonly payload: string
  readonly tenantId: string | null
  /** of the function: its answer is waited for a little longer */
  readonly timeoutSeconds: number
  /** uniform in [0, 1), for jitter */
  readonly random: () => number
  /** is told that it waits, how long, and why */
  readonly onWait: (ms: number, why: string) => void
}

export type Sent = {
  readonly output: InvokeCommandOutput
  /** epoch ms when the request was sent that was answered */
  readonly at: number
  readonly tookMs: number
}

/** The answer did not come: the function may have run. In words, why. */
export type Lost = {readonly lost: string}

/**
 * Sends one invocation and waits for its answer. It is sent again only after Lambda said that nothing ran, within three
 * minutes, and once where it was dated wrong and refused for that.
 * @throws UserError where Lambda refuses, or throttles for three minutes; the signal's reason where nothing was sent
 */
export async function sendInvoke(aws: Aws, request: InvokeRequest, signal: AbortSignal): Promise<Sent | Lost> {
  const {stage, random} = request
  const client = await aws.invoker(request.timeoutSeconds)
  const {InvokeCommand} = sdk.lambda()
  const command = new InvokeCommand({
    FunctionName: stage.functionName,
    Qualifier: stage.version,
    InvocationType: 'RequestResponse',
    LogType: 'Tail',
    Payload: Buffer.from(request.payload),
    ...(request.tenantId !== null && {TenantId: request.tenantId}),
  })
  const deadline = aws.clock.now() + patienceMs
  let isClockSet = false
  for (let attempt = 0; ; attempt++) {
    signal.throwIfAborted()
    const at = aws.clock.now()
    try {
      const output = await client.send(command, {abortSignal: signal})
      return {output, at, tookMs: Math.max(0, aws.clock.now() - at)}
    } catch (error) {
      if (!isClockSet && isClockCorrected(error)) {
        isClockSet = true
        continue
      }
      const wait = waitFor(error)
      if (wait === null) {
        if (mayHaveRun(error)) return {lost: whyLost(error, signal)}
        throw refused(error, stage)
      }
      if (attempt === 0) await refuseIfReservedIsNone(aws, stage, wait, error, signal)
      const growing = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(attempt, 10)) * (0.5 + random() / 2)
      const ms = Math.ceil(wait.afterMs ?? growing)
      if (aws.clock.now() + ms > deadline) throw outOfPatience(stage, wait, error)
      request.onWait(ms, wait.why)
      await aws.clock.sleep(ms, signal)
    }
  }
}

const refused = (error: unknown, {functionName, version}: Stage): unknown =>
  explained(error, {
    doing: `invoke ${functionName}, version ${version}`,
    permission: 'lambda:InvokeFunction',
    instead: '--mode observe needs no invocations',
  })

function whyLost(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'it was stopped before it answered'
  const told = translateAwsError(error, 'hear the answer')
  return firstLine(told instanceof Error ? told.message : String(told))
}

/** A function that may not run at all would be waited for in vain. */
async function refuseIfReservedIsNone(
  aws: Aws,
  {functionName}: Stage,
  {reason, why}: Wait,
  cause: unknown,
  signal: AbortSignal,
): Promise<void> {
  if (reason !== 'ReservedFunctionConcurrentInvocationLimitExceeded') return
  const reserved = await reservedConcurrency(aws, functionName, signal)
  if ('unknown' in reserved || reserved.value !== 0) return
  throw new UserError(`${functionName} cannot be invoked: its reserved concurrency is 0`, {
    code: 'TooManyRequestsException',
    hint: `Lambda says ${why.split(':')[0]}; give it a reserved concurrency, or take the reservation away`,
    cause,
  })
}

function outOfPatience({functionName}: Stage, {why, reason}: Wait, cause: unknown): UserError {
  const requestId = requestIdOf(cause)
  return new UserError(`${functionName} could not be invoked for ${patienceMs / 60_000} minutes: ${why}`, {
    code: cause instanceof Error ? cause.name : 'TooManyRequestsException',
    hint:
      reason === 'ReservedFunctionConcurrentInvocationLimitExceeded'
        ? 'its own traffic uses what is reserved: tune when it is quiet, or with --mode shadow, whose clone has no reservation'
        : 'others use what there is: try again when it is quiet, or with --concurrency 1',
    cause,
    ...(requestId && {requestId}),
  })
}
