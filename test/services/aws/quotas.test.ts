import {expect, test} from 'vitest'
import {callsPerSecond, quotaName, serviceOf} from '../../../src/services/aws/quotas.ts'

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

test('Lambda’s control plane shares one quota, GetFunction and GetPolicy have their own', () => {
  for (const api of ['GetAlias', 'ListAliases', 'ListProvisionedConcurrencyConfigs', 'ListFunctionUrlConfigs'])
    expect(quotaName(api)).toBe(quotaName('ListFunctions'))
  for (const api of ['GetFunctionEventInvokeConfig', 'ListEventSourceMappings', 'GetAccountSettings'])
    expect(quotaName(api)).toBe(quotaName('ListFunctions'))
  for (const api of ['CreateFunction', 'UpdateFunctionConfiguration', 'PublishVersion', 'DeleteFunction'])
    expect(quotaName(api)).toBe(quotaName('ListFunctions'))
  expect(new Set(['GetFunction', 'GetPolicy', 'ListFunctions'].map(quotaName)).size).toBe(3)
  expect(callsPerSecond('ListVersionsByFunction', 'eu-west-1', true)).toBe(15)
  expect(callsPerSecond('GetPolicy', 'eu-west-1', true)).toBe(15)
  expect(callsPerSecond('GetFunction', 'eu-west-1', true)).toBe(100)
})

test.each([
  ['GetMetricData', 'cloudWatch', 50],
  ['ListMetrics', 'cloudWatch', 25],
  ['GetPolicy', 'lambda', 15],
  ['GetFunction', 'lambda', 100],
  ['ListEventSourceMappings', 'lambda', 15],
  ['ListEventBuses', 'eventBridge', 10],
  ['ListRuleNamesByTarget', 'eventBridge', 10],
  ['DescribeRule', 'eventBridge', 10],
  ['ListSchedules', 'scheduler', 50],
  ['GetSchedule', 'scheduler', 50],
  ['GetQueueAttributes', 'sqs', 100],
  ['CreateLogGroup', 'logs', 10],
  ['DeleteLogGroup', 'logs', 10],
  ['PutRetentionPolicy', 'logs', 10],
  ['ListTagsForResource', 'logs', 5],
  ['PublishVersion', 'lambda', 15],
  ['GetResources', 'tagging', 15],
  ['DescribeLogGroups', 'logs', 10],
  ['DescribeLogStreams', 'logs', 25],
  ['GetCallerIdentity', 'sts', 10],
])('%s of %s, which a scan of the fleet calls, has a published quota', (api, service, calls) => {
  expect(serviceOf(api)).toBe(service)
  expect(callsPerSecond(api, 'eu-west-1', true)).toBe(calls)
})

test('an API nobody published a quota of is called carefully', () => {
  expect(callsPerSecond('SomethingNew', 'eu-west-1', true)).toBe(5)
})

test('a server on this machine has no quota', () => {
  expect(callsPerSecond('FilterLogEvents', 'eu-central-1', false)).toBeGreaterThanOrEqual(500)
})
