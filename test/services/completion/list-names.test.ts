import {describe, expect, test} from 'vitest'
import {listNames} from '../../../src/services/completion/list-names.ts'
import {type Names, noNames} from '../../../src/services/completion/names.ts'
import {type Account, awsOf, functionArn, makeFunction} from '../targets/account.ts'

const account: Account = {
  functions: ['checkout-api', 'catalog-api', 'billing'].map(name => makeFunction(name)),
  aliases: {
    'checkout-api:live': {Name: 'live', FunctionVersion: '42', RoutingConfig: {AdditionalVersionWeights: {41: 0.1}}},
    'checkout-api:beta': {Name: 'beta', FunctionVersion: '42'},
  },
  logGroups: [['/aws/lambda/checkout-api'], ['/ecs/payments', 'INFREQUENT_ACCESS']],
  stacks: {shop: [], orders: []},
  tags: {[functionArn('checkout-api')]: {env: 'secret-value', team: 'x'}},
  pageSize: 2,
}
const before: Names = {
  functions: ['old'],
  qualifiers: [['checkout-api', ['old']]],
  logGroups: ['/old'],
  stacks: ['old'],
  tagKeys: ['old'],
}
const never = new AbortController().signal
const signals = {lists: never, all: never}

describe('listing names for completion', () => {
  test('brings functions, log groups, stacks and keys of tags first, then what functions go by', async () => {
    const [first, second, ...more] = await Array.fromAsync(listNames(awsOf(account).aws, noNames, signals))
    expect(first).toEqual({
      functions: ['checkout-api', 'catalog-api', 'billing'],
      qualifiers: [],
      logGroups: ['/aws/lambda/checkout-api', '/ecs/payments'],
      stacks: ['shop', 'orders'],
      tagKeys: ['env', 'team'],
    })
    expect(second).toEqual({
      ...first,
      qualifiers: [
        ['checkout-api', ['live', 'beta', '42', '41']],
        ['catalog-api', []],
        ['billing', []],
      ],
    })
    expect(more).toEqual([])
    expect(JSON.stringify(second)).not.toContain('secret-value')
  })

  test('asks nothing of each function where there are more than 200', async () => {
    const functions = Array.from({length: 201}, (_, i) => makeFunction(`f-${i}`))
    const {aws, count} = awsOf({functions})
    const last = (await Array.fromAsync(listNames(aws, before, signals))).at(-1)
    expect(last?.functions).toHaveLength(201)
    expect(last?.qualifiers).toEqual([])
    expect(count('ListAliases')).toBe(0)
  })

  test('keeps what it knew of what it may not list', async () => {
    const {aws} = awsOf({...account, denied: ['DescribeStacks', 'GetResources', 'ListAliases']})
    const last = (await Array.fromAsync(listNames(aws, before, signals))).at(-1)
    expect(last).toMatchObject({
      functions: ['checkout-api', 'catalog-api', 'billing'],
      stacks: ['old'],
      tagKeys: ['old'],
    })
    expect(last?.qualifiers).toContainEqual(['checkout-api', ['old']])
  })

  test('brings nothing where nothing can be listed, so that what was known stays', async () => {
    const denied = ['ListFunctions', 'ListLogGroups', 'DescribeLogGroups', 'DescribeStacks', 'GetResources']
    expect(await Array.fromAsync(listNames(awsOf({denied}).aws, before, signals))).toEqual([])
    const aborted = {lists: AbortSignal.abort(), all: AbortSignal.abort()}
    expect(await Array.fromAsync(listNames(awsOf(account).aws, before, aborted))).toEqual([])
  })
})
