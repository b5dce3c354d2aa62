import {describe, expect, test} from 'vitest'
import type {Aws} from '../../../src/services/aws/connect.ts'
import {findLogSources} from '../../../src/services/targets/find-log-sources.ts'
import {parseSelection, type SelectionWords} from '../../../src/services/targets/parse-target.ts'
import {awsError} from '../logs/reader/fake-log-groups.ts'
import {type Account, awsOf, makeFunction} from './account.ts'

const {signal} = new AbortController()

function inRegion(region: string, account: Account, profile: string | null = null): Aws {
  const {aws} = awsOf(account)
  return {...aws, scope: {...aws.scope, region, profile}}
}

const withGroups = (...names: readonly string[]): Account => ({
  functions: names.map(name => makeFunction(name)),
  logGroups: names.map(name => [`/aws/lambda/${name}`] as const),
})

const find = (all: readonly Aws[], words: SelectionWords = {}) => findLogSources(all, parseSelection(words), signal)

const placed = async (found: ReturnType<typeof find>): Promise<string[]> =>
  (await found).sources.map(({scope, logGroup}) => `${scope.region} ${logGroup}`)

describe('several regions', () => {
  const all = [
    inRegion('eu-west-1', withGroups('checkout-api', 'inventory')),
    inRegion('us-east-1', withGroups('storefront', 'inventory')),
  ]

  test('are read as one, each function where it is', async () => {
    expect(await placed(find(all))).toEqual([
      'eu-west-1 /aws/lambda/checkout-api',
      'eu-west-1 /aws/lambda/inventory',
      'us-east-1 /aws/lambda/inventory',
      'us-east-1 /aws/lambda/storefront',
    ])
  })

  test('need not all have what is asked for', async () => {
    expect(await placed(find(all, {targets: ['storefront']}))).toEqual(['us-east-1 /aws/lambda/storefront'])
    expect(await placed(find(all, {targets: ['storefront', 'checkout-api']}))).toEqual([
      'eu-west-1 /aws/lambda/checkout-api',
      'us-east-1 /aws/lambda/storefront',
    ])
    expect(await placed(find(all, {targets: ['inventory', 'checkout-api', '!check*']}))).toEqual([
      'eu-west-1 /aws/lambda/inventory',
      'us-east-1 /aws/lambda/inventory',
    ])
  })

  test('are asked whether they have an exact log group, which is no gap where they have not', async () => {
    const found = await find(all, {targets: ['/aws/lambda/storefront']})
    expect(found.sources.map(({scope}) => scope.region)).toEqual(['us-east-1'])
    expect(found.gaps).toEqual([])
  })

  test('that all lack it are an error, with the nearest names', async () => {
    await expect(find(all, {targets: ['storefornt']})).rejects.toMatchObject({code: 'NoMatch'})
  })

  test('are each asked only for ARNs of their own', async () => {
    const arn = 'arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/inventory'
    expect(await placed(find(all, {targets: [arn]}))).toEqual(['us-east-1 /aws/lambda/inventory'])
    const elsewhere = arn.replace('us-east-1', 'sa-east-1')
    await expect(find(all, {targets: [elsewhere]})).rejects.toMatchObject({exitCode: 2, hint: 'add --region sa-east-1'})
  })

  test('of which one refuses are read without it, which is a gap', async () => {
    const closed = inRegion('ap-south-1', {...withGroups('x'), denied: ['ListFunctions']})
    const {sources, gaps} = await find([...all, closed])
    expect(sources).toHaveLength(4)
    expect(gaps).toMatchObject([{what: 'everything in ap-south-1', region: 'ap-south-1', reason: 'denied'}])
  })

  test('of which all refuse are an error', async () => {
    const closed = ['ap-south-1', 'sa-east-1'].map(region => inRegion(region, {denied: ['ListFunctions']}))
    await expect(find(closed)).rejects.toMatchObject({exitCode: 4})
  })

  test('without any function are not each told of', async () => {
    const {notices} = await find([...all, inRegion('sa-east-1', {}), inRegion('ap-south-1', {})])
    expect(notices).toEqual([])
  })

  test('whose credentials fail are a gap like any other', async () => {
    const broken: Aws = {
      ...inRegion('me-south-1', {}),
      lambda: () => Promise.reject(awsError('UnrecognizedClientException', 'The security token is invalid.')),
    }
    const {gaps} = await find([...all, broken])
    expect(gaps).toMatchObject([{region: 'me-south-1', reason: 'denied'}])
  })
})

test('a log group that several profiles see is read once', async () => {
  const all = ['admin', 'reader'].map(profile => inRegion('eu-west-1', withGroups('a', 'b'), profile))
  const {sources, notices} = await find(all)
  expect(sources.map(({scope, logGroup}) => [scope.profile, logGroup])).toEqual([
    ['admin', '/aws/lambda/a'],
    ['admin', '/aws/lambda/b'],
  ])
  expect(notices).toEqual(['several profiles see the same account: its log groups are read once'])
})

test('several profiles are told apart in what is said', async () => {
  const [prod, dev] = [
    inRegion('eu-west-1', withGroups('a'), 'prod'),
    inRegion('eu-west-1', {denied: ['ListFunctions']}, 'dev'),
  ]
  const {sources, gaps, scopes} = await find([prod, dev])
  expect(sources.map(({scope}) => scope.profile)).toEqual(['prod'])
  expect(gaps.map(({what}) => what)).toEqual(['everything in dev/eu-west-1'])
  expect(scopes.map(({profile}) => profile)).toEqual(['prod', 'dev'])
})
