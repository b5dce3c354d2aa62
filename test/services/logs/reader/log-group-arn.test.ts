import {expect, test} from 'vitest'
import {findsLogGroups, logGroupArn} from '../../../../src/services/logs/log-group-arn.ts'
import type {LogSource} from '../../../../src/services/logs/source.ts'
import {sourcedEvent} from './fake-events.ts'

const {source} = sourcedEvent(0, null)
const made = (logGroup: string, account: string | null, region = 'eu-west-1'): LogSource => ({
  ...source,
  logGroup,
  scope: {...source.scope, account, region},
})

test.each([
  ['eu-west-1', 'aws'],
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
  ['us-iso-east-1', 'aws-iso'],
  ['us-isob-east-1', 'aws-iso-b'],
  ['eusc-de-east-1', 'aws-eusc'],
])('a log group in %s has an ARN of the partition %s, without :*', (region, partition) => {
  expect(logGroupArn(made('/aws/lambda/a', '123456789012', region))).toBe(
    `arn:${partition}:logs:${region}:123456789012:log-group:/aws/lambda/a`,
  )
})

test('a log group of an account that nobody knows has no ARN', () => {
  expect(logGroupArn(made('a', null))).toBe(null)
})

const first = {source: made('/aws/lambda/a', '111111111111')}
const second = {source: made('/aws/lambda/a', '222222222222')}
const third = {source: made('123456789012', '222222222222')}

test.each([
  ['/aws/lambda/a', first],
  ['222222222222:/aws/lambda/a', second],
  ['arn:aws:logs:eu-west-1:222222222222:log-group:/aws/lambda/a', second],
  ['arn:aws-cn:logs:cn-north-1:111111111111:log-group:/aws/lambda/a:*', first],
  ['123456789012', third],
  ['222222222222:123456789012', third],
  ['333333333333:/aws/lambda/a', undefined],
  ['/aws/lambda/b', undefined],
  ['/aws/lambda/a:stream', undefined],
  ['', undefined],
  ['arn:aws:sns:eu-west-1:222222222222:topic', undefined],
])('%s', (identifier, found) => {
  expect(findsLogGroups([first, second, third])(identifier)).toBe(found)
})
