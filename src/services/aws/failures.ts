import {ExitCode, UserError} from '../../errors.ts'

const throttleNames = new Set([
  'ThrottlingException',
  'ThrottledException',
  'Throttling',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'EC2ThrottledException',
  'PriorRequestNotComplete',
  'BandwidthLimitExceeded',
  'ProvisionedThroughputExceededException',
])

const passingNames = new Set([
  'ServiceUnavailableException',
  'ServiceException',
  'InternalFailure',
  'InternalServerException',
  'InternalServiceFault',
  'TimeoutError',
  'RequestTimeout',
])

const passingCodes = new Set(['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN'])

const deniedNames = new Set([
  'AccessDeniedException',
  'AccessDenied',
  'UnauthorizedOperation',
  'NotAuthorized',
  'AuthorizationError',
])

const credentialNames = new Set([
  'CredentialsProviderError',
  'TokenProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'AuthFailure',
  'MissingAuthenticationToken',
  'IncompleteSignature',
  'OptInRequired',
])

type AwsFailure = Error & {
  readonly code?: string
  readonly $metadata?: {
    readonly httpStatusCode?: number
    readonly requestId?: string
    readonly clockSkewCorrected?: boolean
  }
  readonly $response?: {readonly statusCode?: number; readonly headers?: Record<string, string>}
}

const asFailure = (error: unknown): AwsFailure | undefined =>
  error instanceof Error ? (error as AwsFailure) : undefined

/** AWS asks for fewer calls: the call was not made, and is safe to make again later. */
export function isThrottle(error: unknown): boolean {
  const failure = asFailure(error)
  if (!failure || isForeignAnswer(failure)) return false
  return throttleNames.has(failure.name) || failure.$metadata?.httpStatusCode === 429
}

/** The service or the way to it stumbled; a read is worth another try. */
export function isPassingFault(error: unknown): boolean {
  const failure = asFailure(error)
  if (!failure || failure.name === 'AbortError') return false
  const status = failure.$metadata?.httpStatusCode ?? 0
  // what stands before a service says in HTML that it cannot be reached
  if (isForeignAnswer(failure)) return status >= 502 && status <= 504
  // AWS-compatible servers call InternalFailure what they have not implemented
  if (status === 501) return false
  return passingNames.has(failure.name) || passingCodes.has(failure.code ?? '') || status >= 500
}

/** Whether AWS refused for want of a permission. */
export function isDenied(error: unknown): boolean {
  return deniedNames.has(asFailure(error)?.name ?? '')
}

/**
 * The permission that AWS says is missing, which may be another than the call's own, as that to read a key.
 * @param own of the call, as policies write it: AWS spells some in lower case
 */
export function missingPermission(error: unknown, own: string): string {
  const [, told = own] =
    /not authorized to perform:? ([a-z0-9-]+:[A-Za-z]+)/.exec(asFailure(error)?.message ?? '') ?? []
  // of several that are named together it is one
  return own.toLowerCase().includes(told.toLowerCase()) ? own : told
}

/** Whether what was asked for does not exist. */
export function isMissing(error: unknown): boolean {
  const failure = asFailure(error)
  return (
    failure?.name === 'ResourceNotFoundException' ||
    (failure?.name === 'ValidationError' && /does not exist/.test(failure.message))
  )
}

/** Whether credentials are absent, expired or wrong. */
export function isCredentialProblem(error: unknown): boolean {
  return credentialNames.has(asFailure(error)?.name ?? '')
}

/** A signature that AWS dates otherwise than this machine does. */
function isClockOff({name, message}: Error): boolean {
  return (
    ['RequestTimeTooSkewed', 'RequestExpired', 'RequestInTheFuture'].includes(name) ||
    /^Signature (expired|not yet current)/.test(message)
  )
}

/** The SDK has learnt AWS's time from this refusal: the same call, signed anew, will be accepted. */
export function isClockCorrected(error: unknown): boolean {
  const failure = asFailure(error)
  // the SDK marks every failure so while the clocks differ, a log group that is not there too
  return failure?.$metadata?.clockSkewCorrected === true && isClockOff(failure)
}

/** An answer that is not AWS's: a proxy's page, a server that does not know the operation. */
export function isForeignAnswer(error: unknown): boolean {
  const failure = asFailure(error)
  return failure?.name === 'SyntaxError' && failure.$metadata !== undefined
}

/** Whether what answered does not know the operation: an AWS-compatible server, or AWS in a region that lacks it. */
export function isUnknownOperation(error: unknown): boolean {
  const failure = asFailure(error)
  if (!failure || isPassingFault(failure)) return false
  const status = failure.$metadata?.httpStatusCode ?? 0
  return (
    failure.name === 'UnknownOperationException' ||
    isForeignAnswer(failure) ||
    status === 405 ||
    status === 501 ||
    (status === 404 && !isMissing(failure))
  )
}

/** What AWS calls the request, where it said so. */
export function requestIdOf(error: unknown): string | undefined {
  return asFailure(error)?.$metadata?.requestId
}

/**
 * Turns what the SDK threw into what a person can act on. What is already a UserError, an abort or a bug of ours comes back as it is.
 * @param doing what was tried, as `read log group /aws/lambda/x`
 */
export function translateAwsError(error: unknown, doing: string): unknown {
  const failure = asFailure(error)
  if (!failure || failure instanceof UserError || failure.name === 'AbortError') return error
  const requestId = requestIdOf(error)
  const told = (message: string, hint: string, exitCode: ExitCode): UserError =>
    new UserError(message, {code: failure.name, hint, exitCode, cause: error, ...(requestId && {requestId})})

  if (/^Region is missing/.test(failure.message)) return noRegion()
  if (failure.name === 'EndpointError')
    return told(
      `could not ${doing}: ${firstLine(failure.message)}`,
      'check AWS_ENDPOINT_URL, AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT, and the region',
      ExitCode.refused,
    )
  if (isClockOff(failure))
    return told(
      `could not ${doing}: this machine’s clock is off (${firstLine(failure.message) || failure.name})`,
      'set the clock, for example by NTP, and try again',
      ExitCode.refused,
    )
  if (isCredentialProblem(error)) return credentialsError(failure, told, doing)
  if (isDenied(error))
    return told(
      `AWS refused to ${doing}: ${firstLine(failure.message)}`,
      'ask for the permission named above',
      ExitCode.refused,
    )
  if (isForeignAnswer(error)) {
    const status = failure.$response?.statusCode ?? failure.$metadata?.httpStatusCode
    const type = failure.$response?.headers?.['content-type'] ?? 'no content type'
    return told(
      `could not ${doing}: the endpoint did not answer as AWS (HTTP ${status ?? '?'}, ${type})`,
      'check AWS_ENDPOINT_URL and any proxy in between; an AWS-compatible server may not know this operation',
      ExitCode.failed,
    )
  }
  if (isUnreachable(failure))
    return told(
      `could not ${doing}: ${unreachableText(failure)}`,
      'check the network, the region and any endpoint override',
      ExitCode.failed,
    )
  if (failure.$metadata === undefined) return error
  if (isThrottle(error))
    return told(
      `could not ${doing}: AWS kept throttling the calls`,
      'others share this account’s quota; try again in a minute',
      ExitCode.failed,
    )
  return told(`could not ${doing}: ${firstLine(failure.message) || failure.name}`, 'more with --debug', ExitCode.failed)
}

export function noRegion(): UserError {
  return new UserError('no AWS region is set', {
    code: 'NoRegion',
    hint: 'pass --region eu-west-1, set AWS_REGION, or name one in the profile; --sandbox needs none',
    exitCode: ExitCode.refused,
  })
}

function credentialsError(
  failure: AwsFailure,
  told: (message: string, hint: string, exitCode: ExitCode) => UserError,
  doing: string,
): UserError {
  if (/expired/i.test(failure.name + failure.message))
    return told(
      `could not ${doing}: the credentials have expired`,
      'sign in again, for example with aws sso login',
      ExitCode.refused,
    )
  if (failure.name === 'CredentialsProviderError' || failure.name === 'TokenProviderError')
    return told(
      `could not ${doing}: no usable AWS credentials (${firstLine(failure.message)})`,
      'set a --profile, sign in with aws sso login, or try slsops without an account: add --sandbox (for a sandbox serve, export both keys that it prints)',
      ExitCode.refused,
    )
  return told(
    `could not ${doing}: AWS did not accept the credentials (${failure.name})`,
    'check the profile, the clock and the region',
    ExitCode.refused,
  )
}

function isUnreachable(failure: AwsFailure): boolean {
  return (
    [
      'ECONNREFUSED',
      'ENOTFOUND',
      'EAI_AGAIN',
      'EHOSTUNREACH',
      'ENETUNREACH',
      'ECONNRESET',
      'ETIMEDOUT',
      'CERT_HAS_EXPIRED',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    ].includes(failure.code ?? '') || failure.name === 'TimeoutError'
  )
}

function unreachableText(failure: AwsFailure): string {
  const {address, port, hostname} = failure as {address?: string; port?: number; hostname?: string}
  const where = hostname ?? (address ? `${address}${port ? `:${port}` : ''}` : 'the endpoint')
  return failure.name === 'TimeoutError'
    ? `${where} did not answer in time`
    : `${where} cannot be reached (${failure.code})`
}

/** Up to the first line break. */
export const firstLine = (text: string): string => text.split('\n', 1)[0] ?? ''

/** A page token that AWS no longer takes: what it stands for is to be asked for anew. */
export const isStaleToken = (error: unknown): boolean =>
  error instanceof Error && error.name === 'InvalidParameterException' && /token/i.test(error.message)
