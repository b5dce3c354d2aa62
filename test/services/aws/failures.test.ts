import {describe, expect, test} from 'vitest'
import {ExitCode, UserError} from '../../../src/errors.ts'
import {
  isCredentialProblem,
  isDenied,
  isForeignAnswer,
  isMissing,
  isPassingFault,
  isThrottle,
  noRegion,
  requestIdOf,
  translateAwsError,
} from '../../../src/services/aws/failures.ts'
import {accessDenied, awsError, expiredCredentials, noSuchGroup, rateExceeded} from '../logs/reader/fake-log-groups.ts'

const network = (code: string, more: object = {}) => Object.assign(new Error(`connect ${code}`), {code, ...more})
const proxyPage = (status: number) =>
  Object.assign(new SyntaxError('Unexpected token <'), {
    $metadata: {httpStatusCode: status},
    $response: {statusCode: status, headers: {'content-type': 'text/html'}},
  })

function told(error: unknown): UserError {
  const translated = translateAwsError(error, 'read log group /aws/lambda/x')
  if (translated instanceof UserError) return translated
  throw new Error('it was not translated', {cause: translated})
}

describe('what a failure is', () => {
  test.each([
    rateExceeded(),
    awsError('TooManyRequestsException', ''),
    awsError('Unknown', '', 429),
    awsError('SlowDown', '', 503),
  ])('a throttle: %s', error => {
    expect(isThrottle(error)).toBe(true)
  })

  test.each([
    awsError('ServiceUnavailableException', '', 503),
    awsError('InternalFailure', '', 500),
    awsError('UnknownError', '', 502),
    network('ECONNRESET'),
    network('EAI_AGAIN'),
    Object.assign(new Error('no answer'), {name: 'TimeoutError'}),
  ])('a fault that passes: %s', error => {
    expect(isPassingFault(error)).toBe(true)
    expect(isThrottle(error)).toBe(false)
  })

  test.each([
    accessDenied(),
    noSuchGroup(),
    awsError('NotImplementedException', '', 501),
    network('ENOTFOUND'),
    network('ECONNREFUSED'),
    Object.assign(new Error('aborted'), {name: 'AbortError'}),
    new TypeError('a bug'),
    'text',
    undefined,
    proxyPage(200),
  ])('not one that passes: %s', error => {
    expect(isPassingFault(error)).toBe(false)
    expect(isThrottle(error)).toBe(false)
  })

  test.each([502, 503, 504])('a fault that passes, also where a load balancer says it in HTML: %i', status => {
    expect(isPassingFault(proxyPage(status))).toBe(true)
  })

  test('denied, missing, credentials, another server’s answer', () => {
    expect(isDenied(accessDenied())).toBe(true)
    expect(isMissing(noSuchGroup())).toBe(true)
    expect(isMissing(awsError('ValidationError', 'Stack with id x does not exist'))).toBe(true)
    expect(isMissing(awsError('ValidationError', 'Template error'))).toBe(false)
    expect(isCredentialProblem(expiredCredentials())).toBe(true)
    expect(isForeignAnswer(proxyPage(200))).toBe(true)
    expect(isForeignAnswer(new SyntaxError('a bug'))).toBe(false)
    expect(requestIdOf(accessDenied())).toMatch(/^request-\d+$/)
    expect(requestIdOf('text')).toBe(undefined)
  })

  test('a clock that is off is no credential problem', () => {
    expect(isCredentialProblem(awsError('RequestTimeTooSkewed', '', 403))).toBe(false)
  })
})

describe('what a person is told', () => {
  test('a refusal names what AWS named, and ends with 4', () => {
    const error = told(accessDenied())
    expect(error.message).toContain('refused to read log group /aws/lambda/x')
    expect(error.message).toContain('logs:FilterLogEvents')
    expect(error).toMatchObject({code: 'AccessDeniedException', exitCode: ExitCode.refused})
    expect(error.requestId).toMatch(/^request-/)
  })

  test.each([
    [expiredCredentials(), /expired/, /sign in/],
    [
      awsError('CredentialsProviderError', 'Could not load credentials from any providers'),
      /no usable AWS credentials/,
      /--sandbox/,
    ],
    [
      awsError('UnrecognizedClientException', 'The security token included in the request is invalid.', 403),
      /did not accept/,
      /profile/,
    ],
  ])('credentials end with 4: %s', (error, message, hint) => {
    expect(told(error)).toMatchObject({exitCode: ExitCode.refused})
    expect(told(error).message).toMatch(message)
    expect(told(error).hint).toMatch(hint)
  })

  test('a signature that expired is a clock that is off, not a session to renew', () => {
    const error = told(
      awsError(
        'InvalidSignatureException',
        'Signature expired: 20261120T113000Z is now earlier than 20261120T115500Z',
        403,
      ),
    )
    expect(`${error.message} ${error.hint}`).toMatch(/clock/)
    expect(error.hint).not.toMatch(/sso login/)
  })

  test('an endpoint that is not AWS is called that', () => {
    const error = told(proxyPage(200))
    expect(error.message).toMatch(/did not answer as AWS \(HTTP 200, text\/html\)/)
    expect(error).toMatchObject({exitCode: ExitCode.failed})
  })

  test.each([
    [
      network('ENOTFOUND', {hostname: 'logs.nowhere-1.amazonaws.com'}),
      /logs\.nowhere-1\.amazonaws\.com cannot be reached/,
    ],
    [network('ECONNREFUSED', {address: '127.0.0.1', port: 4566}), /127\.0\.0\.1:4566 cannot be reached/],
    [Object.assign(new Error(''), {name: 'TimeoutError'}), /did not answer in time/],
  ])('an endpoint that cannot be reached is named: %s', (error, message) => {
    expect(told(error).message).toMatch(message)
    expect(told(error).exitCode).toBe(ExitCode.failed)
  })

  test('no region ends with 4 and says how to set one', () => {
    expect(told(new Error('Region is missing'))).toMatchObject({code: 'NoRegion', exitCode: ExitCode.refused})
    expect(noRegion().hint).toMatch(/--region/)
  })

  test('one line, however many AWS says', () => {
    expect(told(awsError('InvalidParameterException', 'one\ntwo\nthree')).message).toBe(
      'could not read log group /aws/lambda/x: one',
    )
  })

  test('what is no failure of AWS stays what it is', () => {
    for (const error of [
      new TypeError('a bug'),
      new UserError('said'),
      Object.assign(new Error(), {name: 'AbortError'}),
      'text',
    ])
      expect(translateAwsError(error, 'try')).toBe(error)
  })
})
