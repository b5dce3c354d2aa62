// What a function makes of a payload, and what its runtime sends back.

import type {Execution} from './client-requests.ts'
import type {CompanyFunction, Failure} from './company.ts'
import {fill} from './facts.ts'
import type {Run} from './history.ts'
import {factsOfInvocation} from './log-events.ts'
import {longLogStory, notUnderstoodStory, type Simulated, simulatedStory, type Work} from './work.ts'
import type {Invocation, Outcome} from './world.ts'

/** What becomes of a request, as far as its payload decides it. */
export type Response = {
  readonly story: string
  readonly outcome: Exclude<Outcome, 'init-error'>
  /** of an answer in the form that API Gateway asks for; null for a function that answers in its own */
  readonly statusCode: number | null
  /** it gave up before it did its work */
  readonly isQuick: boolean
}

/** @param isApi whether the function answers API Gateway */
export function understand(payload: string, own: CompanyFunction | undefined, work: Work, isApi: boolean): Response {
  const event = objectIn(payload)
  const usual: Response = {
    story: work.story ?? '',
    outcome: 'ok',
    statusCode: isApi ? 200 : null,
    isQuick: false,
  }
  switch (event['simulate'] as Simulated | undefined) {
    case 'error':
      return {...usual, story: simulatedStory, outcome: 'error'}
    case 'timeout':
      return {...usual, outcome: 'timeout'}
    case 'longLog':
      return {...usual, story: longLogStory}
    case 'statusCode500':
      return {...usual, statusCode: 500}
  }
  const {expects} = own ?? {}
  if (!expects || event[expects.member] !== undefined) return usual
  return expects.otherwise === 'throws'
    ? {...usual, story: notUnderstoodStory, outcome: 'error', isQuick: true}
    : {...usual, story: notUnderstoodStory, statusCode: 400, isQuick: true}
}

function objectIn(payload: string): Readonly<Record<string, unknown>> {
  if (payload === '') return {}
  const value: unknown = JSON.parse(payload)
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

/** The payload that a caller gets, and whether it is an error. */
export function answerTo(
  {story, outcome, statusCode}: Response,
  definition: CompanyFunction,
  run: Run,
  invocation: Invocation,
): Pick<Execution, 'payload' | 'functionError'> {
  if (outcome !== 'ok') {
    const failure = definition.stories[story]?.failure
    const message = failure && fill(failure.message, factsOfInvocation(run, invocation))
    return {
      payload: JSON.stringify(errorOf(outcome, definition, invocation, failure, message)),
      functionError: 'Unhandled',
    }
  }
  if (statusCode === null) return {payload: JSON.stringify({ok: true}), functionError: null}
  const body = statusCode < 400 ? {ok: true} : {message: statusCode === 400 ? 'Bad Request' : 'Internal Server Error'}
  const headers = {'content-type': 'application/json'}
  return {payload: JSON.stringify({statusCode, headers, body: JSON.stringify(body)}), functionError: null}
}

/** An error as each runtime and Lambda itself put it. */
function errorOf(
  outcome: Outcome,
  {runtime, timeoutSeconds}: CompanyFunction,
  {requestId}: Invocation,
  failure: Failure | undefined,
  errorMessage = 'unknown',
): object {
  const ofLambda = (errorType: string, error: string) => ({
    errorType,
    errorMessage: `RequestId: ${requestId} Error: ${error}`,
  })
  if (outcome === 'timeout')
    return ofLambda('Sandbox.Timedout', `Task timed out after ${timeoutSeconds.toFixed(2)} seconds`)
  if (outcome === 'oom') return ofLambda('Runtime.OutOfMemory', 'Runtime exited with error: signal: killed')
  const errorType = failure?.type ?? 'Error'
  const stack = failure?.stack ?? []
  if (runtime.startsWith('python'))
    return {errorMessage, errorType, requestId, stackTrace: stack.map(frame => `  ${frame}\n`)}
  if (runtime.startsWith('nodejs'))
    return {errorType, errorMessage, trace: [`${errorType}: ${errorMessage}`, ...stack.map(frame => `    at ${frame}`)]}
  if (runtime.startsWith('dotnet')) return {errorType, errorMessage, stackTrace: stack.map(frame => `at ${frame}`)}
  if (runtime.startsWith('java')) return {errorMessage, errorType, stackTrace: stack}
  return ofLambda('Runtime.ExitError', 'Runtime exited with error: exit status 2')
}
