import type {Operation, Service, WireRequest} from '../wire/service.ts'
import {ServiceError} from '../wire/service-error.ts'
import {callerArn} from './caller.ts'
import type {Context} from './context.ts'
import {type CredentialScope, servicesHad} from './directory.ts'
import {unimplemented} from './unimplemented.ts'

type Refused = {
  readonly request: WireRequest
  readonly service: Service<Context>
  readonly operation: Operation<Context>
  readonly region: string
}

export function unknownService(request: WireRequest, scope: CredentialScope | undefined): ServiceError {
  const what = scope ? `the service '${scope.service}'` : `a service for ${request.method} ${request.url.pathname}`
  const message = `The embedded AWS does not have ${what}. It has ${servicesHad()}.`
  return new ServiceError('UnknownOperationException', message, {status: 404})
}

/**
 * The refusal of a request that a web page may have made; undefined for one of a program on this machine. A browser says
 * for which page it asks (Origin), or which name that page was given for this address (DNS rebinding).
 */
export function webPage({headers: {host = '', origin}}: WireRequest): ServiceError | undefined {
  if (origin === undefined && loopbackHost.test(host)) return undefined
  const why = origin === undefined ? `under the name '${host}'` : 'to web pages'
  const message = `The embedded AWS does not answer ${why}: ask it from a program, as http://127.0.0.1 or http://localhost with its port.`
  return new ServiceError('AccessDeniedException', message, {status: 403})
}

// with any port: a tunnel may end at another one
const loopbackHost = /^(127\.0\.0\.1|\[::1\]|localhost|[\w.-]+\.localhost)(:\d+)?$/i

export function unknownOperation(request: WireRequest, name: string | undefined): ServiceError {
  const what = name === undefined ? `${request.method} ${request.url.pathname}` : `'${name}'`
  return new ServiceError('UnknownOperationException', `${what} is not an operation of this service.`, {
    status: name === undefined ? 404 : 400,
  })
}

export function notImplemented(service: Service<Context>, operation: Operation<Context>): ServiceError {
  return unimplemented(`${service.iamPrefix}:${operation.name}`)
}

/** @param told what Lambda says of it beside that */
export function throttled(
  service: Service<Context>,
  {reason = 'CallerRateLimitExceeded', retryAfterSeconds}: {reason?: string; retryAfterSeconds?: number} = {},
): ServiceError {
  const after = retryAfterSeconds === undefined ? {} : {retryAfterSeconds: String(retryAfterSeconds)}
  const members = service.signingName === 'lambda' ? {Type: 'User', Reason: reason, ...after} : {}
  return new ServiceError(service.throttleError, 'Rate exceeded', {members})
}

export function serverError(status: number): ServiceError {
  return status === 500
    ? new ServiceError(
        'InternalFailure',
        'The request processing has failed because of an unknown error, exception or failure.',
        {status},
      )
    : new ServiceError('ServiceUnavailableException', 'The service is temporarily unavailable.', {status})
}

export function accessDenied(
  {request, service, operation, region}: Refused,
  account: string,
  logGroup: string | undefined,
): ServiceError {
  const action = `${service.iamPrefix}:${operation.name}`
  const resource = logGroup === undefined ? '*' : `arn:aws:logs:${region}:${account}:log-group:${logGroup}:log-stream:`
  const message = `User: ${callerArn(account)} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`
  // JSON RPC services say it with 400, all others with 403.
  return new ServiceError('AccessDeniedException', message, {
    status: request.headers['x-amz-target'] === undefined ? 403 : 400,
  })
}

/** JSON RPC services say it with 400 and a longer name, all others with 403. */
export function expiredCredentials({headers}: WireRequest): ServiceError {
  const isRpc = headers['x-amz-target'] !== undefined
  return new ServiceError(
    isRpc ? 'ExpiredTokenException' : 'ExpiredToken',
    'The security token included in the request is expired',
    {status: isRpc ? 400 : 403},
  )
}

/** SDKs correct their clock by the answer's Date header when they see this error. */
export function skewedClock(signedAt: number, serverTime: number): ServiceError {
  const [signed, believed] = [basicTime(signedAt), basicTime(serverTime)]
  const message =
    signedAt < serverTime
      ? `Signature expired: ${signed} is now earlier than ${basicTime(serverTime - 300_000)} (${believed} - 5 min.)`
      : `Signature not yet current: ${signed} is still later than ${basicTime(serverTime + 300_000)} (${believed} + 5 min.)`
  return new ServiceError('InvalidSignatureException', message, {status: 403})
}

const basicTime = (epochMs: number) => new Date(epochMs).toISOString().replace(/[-:]|\.\d+/g, '')
