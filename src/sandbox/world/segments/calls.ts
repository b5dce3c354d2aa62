// Subsegments of single calls: of an AWS API, or over HTTP.
import type {Touch} from '../history.ts'
import {requestIdOf} from '../invocations.ts'
import {functionArn} from '../log-events.ts'
import type {SubsegmentDocument} from '../segment-document.ts'
import {clientCause} from './exception.ts'
import {closing, flagsOf, type Request, runOf, seconds} from './request.ts'

export type Span = {readonly start: number; readonly end: number}
type Thrown = {readonly type: string; readonly message: string}

/** An exception's id, from that of the subsegment it is in. */
const exceptionId = (id: string) => [...id].reverse().join('')

/** A call of an AWS API; null if it has not been made yet. */
export function awsCall(
  request: Request,
  {start, end}: Span,
  call: {
    readonly id: string
    readonly name: string
    readonly requestId: string
    readonly aws: Readonly<Record<string, unknown>>
    readonly status: number
    /** the function that was called failed, though its answer came */
    readonly failed?: boolean
    readonly throws?: Thrown
  },
): SubsegmentDocument | null {
  if (start > request.now) return null
  const {id, name, requestId, aws, status, failed = false, throws} = call
  return {
    id,
    name,
    namespace: 'aws',
    start_time: seconds(start),
    aws: {region: request.where.region, retries: 0, ...aws, ...(end <= request.now && {request_id: requestId})},
    ...closing(request, end, {
      http: {response: {status}},
      ...flagsOf(status),
      ...(failed && {fault: true as const}),
      ...(throws && {cause: clientCause(throws.type, throws.message, exceptionId(id), true)}),
    }),
  }
}

/** An Invoke of the function at a touch; null if it has not been made yet. Its request id is the invocation's. */
export function invokeCall(
  request: Request,
  callee: Touch,
  span: Span,
  id: string,
  type: 'RequestResponse' | 'Event',
): SubsegmentDocument | null {
  const {in: name, outcome = 'ok'} = callee.step
  const arn = functionArn(request.where, name, request.find(name)?.releases ? 'live' : null)
  const isAsync = type === 'Event'
  return awsCall(request, span, {
    id,
    name: 'Lambda',
    requestId: requestIdOf(runOf(request, callee)),
    aws: {operation: 'Invoke', function_name: name, resource_names: [arn], ...(isAsync && {invocation_type: type})},
    status: isAsync ? 202 : 200,
    // an Invoke is answered with 200 though the function fails; tracers mark it all the same
    failed: !isAsync && outcome !== 'ok',
  })
}

/** A request to a service that is not AWS's; null if it has not been made yet. Without an answer it has no status. */
export function httpCall(
  request: Request,
  {start, end}: Span,
  call: {
    readonly id: string
    readonly method: string
    readonly url: string
    readonly status?: number
    readonly throws?: Thrown
  },
): SubsegmentDocument | null {
  if (start > request.now) return null
  const {id, method, status, throws} = call
  const url = encodeURI(call.url)
  const asked = {request: {method, url}}
  return {
    id,
    name: new URL(url).host,
    namespace: 'remote',
    start_time: seconds(start),
    http: asked,
    ...closing(request, end, {
      ...(status !== undefined && {http: {...asked, response: {status}}}),
      ...flagsOf(status),
      ...(throws && {fault: true as const, cause: clientCause(throws.type, throws.message, exceptionId(id), false)}),
    }),
  }
}
