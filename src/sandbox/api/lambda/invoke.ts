import type * as lambdaSdk from '@aws-sdk/client-lambda'
import {Uint8ArrayBlobAdapter} from '@smithy/core/serde'
import type {Handlers} from '../../wire/define-service.ts'
import {ServiceError} from '../../wire/service-error.ts'
import {servedAt} from '../../world/aliases.ts'
import type {ThrottleReason} from '../../world/client-requests.ts'
import {draw, textKey} from '../../world/random.ts'
import {versionFor} from '../../world/routing.ts'
import type {SandboxFunction, SandboxVersion} from '../../world/sandbox-function.ts'
import type {Context} from '../context.ts'
import {unreservedConcurrency} from './concurrency.ts'
import {findAlias, lambdaError, resolveFunction} from './function-name.ts'

/** What a caller waits for may be so large; an event less (Lambda's quotas). */
const mostBytes = {RequestResponse: 6 * 1024 * 1024, Event: 1024 * 1024, DryRun: 6 * 1024 * 1024} as const

/** Of a log, its end (Invoke's LogType). */
const tailBytes = 4096

export const invoke: Pick<Handlers<typeof lambdaSdk, Context>, 'Invoke'> = {
  /** It answers after the time that the invocation takes, and the invocation goes on when its caller goes. */
  Invoke: async (input, context) => {
    const {InvocationType: type = 'RequestResponse', Qualifier, LogType} = input
    const {fn, version, qualifier = null} = resolveFunction(context, input.FunctionName, Qualifier)
    const bytes = Buffer.from(input.Payload ?? '')
    if (bytes.length > mostBytes[type])
      throw new ServiceError(
        'RequestTooLargeException',
        `Request must be smaller than ${mostBytes[type]} bytes for the InvokeFunction operation`,
        {members: {Type: 'User'}},
      )
    const payload = jsonIn(bytes)
    if (type === 'DryRun') return {StatusCode: 204}
    requireReady(fn, version, context.now)

    const alias = qualifier === null ? undefined : findAlias(fn, qualifier)
    const ranOn = alias
      ? versionFor(servedAt(alias, context.world.now()), draw(textKey(context.requestId)))
      : version.version
    const execution = context.world.invoke(fn.name, ranOn, payload, {
      qualifier,
      asynchronous: type === 'Event',
      unreservedConcurrency: unreservedConcurrency(context),
    })
    // an event waits until there is room for it
    if (type === 'Event') return {StatusCode: 202}
    if ('throttled' in execution) throw throttled(execution.throttled)
    context.answerAs(execution.invocation.requestId)
    await context.ongoing.tick(execution.tookMs)
    return {
      StatusCode: 200,
      ExecutedVersion: ranOn,
      Payload: Uint8ArrayBlobAdapter.fromString(execution.payload),
      ...(execution.functionError !== null && {FunctionError: execution.functionError}),
      ...(LogType === 'Tail' && {LogResult: tailOf(execution.log)}),
    }
  },
}

/** The end of a log, cut wherever that is: in a line, or in a letter. */
function tailOf(log: readonly string[]): string {
  return Buffer.from(log.join('')).subarray(-tailBytes).toString('base64')
}

/** @throws ServiceError InvalidRequestContentException in the words of Lambda's parser */
function jsonIn(bytes: Buffer): string {
  if (bytes.length === 0) return ''
  const invalid = (problem: string) =>
    lambdaError(
      'InvalidRequestContentException',
      `Could not parse request body into json: Could not parse payload into json: ${problem}\n at [Source: REDACTED (\`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION\` disabled); line: 1, column: 1]`,
    )
  let text: string
  try {
    text = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes)
  } catch {
    throw invalid(`Invalid UTF-8 start byte 0x${(bytes.find(byte => byte > 127) ?? 0).toString(16)}`)
  }
  try {
    JSON.parse(text)
    return text
  } catch {
    const word = /^\s*([A-Za-z_]\w*)/.exec(text)?.[1]
    throw invalid(
      word !== undefined
        ? `Unrecognized token '${word}': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')`
        : `Unexpected character ('${text.trimStart().slice(0, 1)}' (code ${text.trimStart().charCodeAt(0) || 0})): expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')`,
    )
  }
}

/** @throws ServiceError for a function that cannot be invoked as it is */
function requireReady({state}: SandboxFunction, {activeAt = 0}: SandboxVersion, now: number): void {
  if (state === 'Pending' || state === 'Failed')
    throw lambdaError(
      'ResourceConflictException',
      `The operation cannot be performed at this time. The function is currently in the following state: ${state}`,
    )
  if (activeAt > now)
    throw new ServiceError(
      'SnapStartNotReadyException',
      'Lambda is initializing your function. It will be ready to invoke once your function state becomes active.',
      {status: 409, members: {Type: 'User'}},
    )
  if (state === 'Inactive')
    throw lambdaError(
      'CodeArtifactUserPendingException',
      'Lambda is initializing your function. It will be ready to invoke shortly.',
    )
}

function throttled(reason: ThrottleReason): ServiceError {
  return new ServiceError('TooManyRequestsException', 'Rate Exceeded.', {members: {Type: 'User', Reason: reason}})
}
