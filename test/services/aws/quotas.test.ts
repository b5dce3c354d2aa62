import {expect, test} from 'vitest'
import {callsPerSecond, quotaName} from '../../../src/services/aws/quotas.ts'

test.each([
  ['us-east-1', 25],
  ['eu-central-1', 5],
  ['ap-northeast-3', 5],
  ['ap-southeast-3', 5],
  ['ca-west-1', 5],
  ['il-central-1', 5],
  ['eu-west-1', 10],
  ['mars-north-1', 10],
])('FilterLogEvents in %s may be called %i times a second', (region, quota) => {
  expect(callsPerSecond('FilterLogEvents', region, true)).toBe(quota)
})

test('Lambda’s control plane shares one quota, GetFunction has its own', () => {
  expect(quotaName('ListFunctions')).toBe(quotaName('GetAlias'))
  expect(quotaName('GetFunction')).not.toBe(quotaName('ListFunctions'))
  expect(callsPerSecond('ListVersionsByFunction', 'eu-west-1', true)).toBe(15)
  expect(callsPerSecond('GetFunction', 'eu-west-1', true)).toBe(100)
})

test('an API nobody published a quota of is called carefully', () => {
  expect(callsPerSecond('SomethingNew', 'eu-west-1', true)).toBe(5)
})

test('a server on this machine has no quota', () => {
  expect(callsPerSecond('FilterLogEvents', 'eu-central-1', false)).toBeGreaterThanOrEqual(500)
})
