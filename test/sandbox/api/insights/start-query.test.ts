import {MalformedQueryException} from '@aws-sdk/client-cloudwatch-logs'
import {describe, expect, test} from 'vitest'
import {refusal} from '../../running.ts'
import {type Asked, cart, insights, noonSeconds, pay, two} from './querying.ts'

describe('what StartQuery refuses', () => {
  test.each<[string, Asked, string, string]>([
    ['no group', {logGroupName: undefined}, 'InvalidParameterException', 'Exactly one of'],
    [
      'two ways to name groups',
      {logGroupName: pay, logGroupNames: [cart]},
      'InvalidParameterException',
      'Exactly one of',
    ],
    [
      'groups and SOURCE',
      {logGroupName: pay, queryString: 'SOURCE logGroups() | limit 1'},
      'InvalidParameterException',
      'Exactly one of',
    ],
    ['51 groups', {logGroupNames: Array(51).fill(pay)}, 'InvalidParameterException', 'length less than or equal to 50'],
    ['a limit too high', {limit: 100_001}, 'InvalidParameterException', "Value '100001' at 'limit'"],
    ['a query too long', {queryString: `# ${'x'.repeat(10_000)}`}, 'InvalidParameterException', "at 'queryString'"],
    ['times the wrong way round', {startTime: noonSeconds + 1}, 'InvalidParameterException', 'start time'],
    [
      'an ARN with an asterisk',
      {logGroupIdentifiers: [`arn:aws:logs:eu-west-1:123456789012:log-group:${pay}:*`]},
      'InvalidParameterException',
      'asterisk',
    ],
    ['SQL', {queryLanguage: 'SQL'}, 'UnsupportedOperationException', 'does not implement Logs Insights queries in SQL'],
    [
      'a command that is not built',
      {queryString: 'pattern @message'},
      'UnsupportedOperationException',
      'command pattern',
    ],
    [
      'a window that was over before the group began',
      {startTime: 1, endTime: 2},
      'MalformedQueryException',
      'exceeds the log groups log retention settings ([0,15])',
    ],
  ])('%s', async (_what, asked, name, message) => {
    const {start} = await insights(two)
    const refused = await refusal(start(asked))
    expect(refused).toMatchObject({name, status: 400})
    expect(refused.message).toContain(message)
  })

  test('a query that is none, with the place where it goes wrong', async () => {
    const {start} = await insights(two)
    const started = start({queryString: 'fields @message\n| find x'})
    await expect(started).rejects.toBeInstanceOf(MalformedQueryException)
    await expect(started).rejects.toMatchObject({
      message: 'unexpected symbol found find at line 2 and position 2',
      queryCompileError: {location: {startCharOffset: 18, endCharOffset: 22}},
    })
  })

  test('a missing group, in the words of this operation', async () => {
    const {start} = await insights(two, {seed: 7})
    const refused = await refusal(start({logGroupNames: [pay, '/aws/lambda/gone']}))
    expect(refused).toMatchObject({name: 'ResourceNotFoundException', status: 400})
    expect(refused.message).toBe(
      `Log group '/aws/lambda/gone' does not exist for account ID '123456789012' (Service: AWSLogs; Status Code: 400; Error Code: ResourceNotFoundException; Request ID: ${refused.requestId}; Proxy: null)`,
    )
  })

  test('a group of the DELIVERY class', async () => {
    const {start} = await insights({groups: [{name: pay, class: 'DELIVERY'}]})
    expect(await refusal(start())).toMatchObject({name: 'InvalidParameterException'})
  })
})
