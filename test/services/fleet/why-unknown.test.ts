import {expect, test} from 'vitest'
import {whyUnknown} from '../../../src/services/fleet/why-unknown.ts'
import {explained} from '../../../src/services/targets/refusal.ts'
import {awsError, expiredCredentials, rateExceeded} from '../logs/reader/fake-log-groups.ts'
import {deniedTo, ongoing} from './fake-account.ts'

const asked = {doing: 'read metrics', permission: 'cloudwatch:GetMetricData'}

test.each([
  ['a refusal', deniedTo('cloudwatch:GetMetricData'), {unknown: 'denied', detail: 'needs cloudwatch:GetMetricData'}],
  [
    'a refusal for another permission than the call’s own',
    deniedTo('kms:Decrypt'),
    {unknown: 'denied', detail: 'needs kms:Decrypt'},
  ],
  [
    'a refusal in lower case',
    deniedTo('cloudwatch:getmetricdata'),
    {unknown: 'denied', detail: 'needs cloudwatch:GetMetricData'},
  ],
  ['expired credentials', expiredCredentials(), {unknown: 'denied', detail: 'the credentials have expired'}],
  ['throttling', rateExceeded(), {unknown: 'throttled', detail: 'AWS kept throttling the calls'}],
  [
    'what is gone',
    awsError('ResourceNotFoundException', 'No such thing', 404),
    {unknown: 'missing', detail: 'No such thing'},
  ],
  ['a failure', awsError('InternalServiceFault', 'sorry\nmore', 500), {unknown: 'failed', detail: 'sorry'}],
] as const)('%s is told alike, as AWS said it and after it was explained', (_, error, expected) => {
  expect(whyUnknown(error, asked, ongoing())).toEqual(expected)
  expect(whyUnknown(explained(error, asked), asked, ongoing())).toEqual(expected)
})

test('what failed after it was stopped was stopped', () => {
  expect(whyUnknown(new TypeError('a bug'), asked, AbortSignal.abort())).toMatchObject({unknown: 'interrupted'})
})

test('a bug is thrown', () => {
  const bug = new TypeError('a bug')
  expect(() => whyUnknown(bug, asked, ongoing())).toThrow(bug)
})
