import type {AliasConfiguration} from '@aws-sdk/client-lambda'
import {describe, expect, it, test} from 'vitest'
import type {SelectionWords} from '../../../../src/services/targets/parse-target.ts'
import {type FoundAliases, findAliases} from '../../../../src/services/traffic/plan/find-aliases.ts'
import {embeddedAws} from '../../errors/embedded-aws.ts'
import {ongoing} from '../../fleet/fake-account.ts'
import {type Account, awsOf, functionArn, makeFunction, refusalOf} from '../../targets/account.ts'

const alias = (Name: string, FunctionVersion = '41', more: AliasConfiguration = {}): AliasConfiguration => ({
  Name,
  FunctionVersion,
  RevisionId: `revision of ${Name}`,
  ...more,
})

const account: Account = {
  functions: ['checkout-api', 'checkout-worker', 'orders', 'cron', 'inventory'].map(name => makeFunction(name)),
  aliases: {
    'checkout-api:live': alias('live', '41', {
      Description: 'what customers use',
      RoutingConfig: {AdditionalVersionWeights: {'42': 0.25}},
    }),
    'checkout-api:beta': alias('beta', '42'),
    'checkout-worker:live': alias('live', '7'),
    'orders:prod': alias('prod', '3'),
    'inventory:live': alias('live'),
    'inventory:test': alias('test'),
  },
}

const find = (words: SelectionWords | string, options: Partial<Parameters<typeof findAliases>[2]> = {}, of = account) =>
  findAliases(
    awsOf(of).aws,
    typeof words === 'string' ? {targets: words.split(' ')} : words,
    {which: 'one', alias: null, ...options},
    ongoing(),
  )

const named = ({aliases}: Pick<FoundAliases, 'aliases'>) =>
  aliases.map(({functionName, alias: name}) => `${functionName}:${name}`)

describe('the alias of each function', () => {
  it('is that of the target, with its versions, weights and revision', async () => {
    const {aliases} = await find('checkout-api:live')
    expect(aliases).toMatchObject([
      {
        functionName: 'checkout-api',
        functionArn: functionArn('checkout-api'),
        alias: 'live',
        state: {
          version: '41',
          additional: {version: '42', weight: 0.25},
          description: 'what customers use',
          revisionId: 'revision of live',
        },
        configuration: {MemorySize: 512},
      },
    ])
  })

  test.each<[string, string | null, string[]]>([
    ['checkout-*:live', null, ['checkout-api:live', 'checkout-worker:live']],
    ['checkout-api:beta checkout-worker', 'live', ['checkout-api:beta', 'checkout-worker:live']],
    ['checkout-* !checkout-api', null, ['checkout-worker:live']],
    ['orders', null, ['orders:prod']],
    ['checkout-api checkout-api:live', null, ['checkout-api:live']],
    [`${functionArn('checkout-api')}:live`, null, ['checkout-api:live']],
  ])('%s with --alias %s', async (targets, wanted, found) => {
    expect(named(await find(targets, {alias: wanted}))).toEqual(found)
  })

  test.each<[string, string | null, string, string]>([
    [
      'checkout-api',
      null,
      'checkout-api has several aliases, and none was named',
      'checkout-api:live, checkout-api:beta',
    ],
    ['checkout-api inventory', null, '2 functions have several aliases', 'inventory has live and test'],
    ['checkout-api:prod', null, 'checkout-api has no alias prod', 'it has live, beta'],
    ['checkout-api orders cron', 'live', '2 functions have no such alias: orders has no alias live; cron', '!NAME'],
    ['cron', null, 'cron has no alias', 'create-alias --function-name cron --name live'],
    ['checkout-api:42', null, "'checkout-api:42' is a version", '--to 42'],
    ['checkout-api:$LATEST', null, "'checkout-api:$LATEST' is a version", 'checkout-api:live'],
    ['checkout-api:live checkout-api:beta', null, 'checkout-api is named by 2 aliases', 'one of them'],
    ['!cron', null, 'aliases are only moved of functions that are named', 'checkout-api:live'],
  ])('%s with --alias %s is a wrong usage', async (targets, wanted, message, hint) => {
    expect(await refusalOf(find(targets, {alias: wanted}))).toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    })
  })

  it('is not guessed of every function', async () => {
    expect(await refusalOf(find({}))).toMatchObject({exitCode: 2})
    expect(await refusalOf(find('nowhere'))).toMatchObject({exitCode: 1, code: 'NoMatch'})
  })

  it('case 7: is found on the third page', async () => {
    const pages = [['a', 'b'], ['c'], ['live']]
    const instead = (api: string, _nth: number, {Marker}: {Marker?: string}) => {
      if (api !== 'ListAliases') return undefined
      const at = Number(Marker ?? 0)
      return {
        Aliases: pages[at]?.map(name => alias(name)),
        NextMarker: at < 2 ? String(at + 1) : undefined,
      }
    }
    expect(named(await find('cron', {which: 'all'}, {...account, instead}))).toEqual([
      'cron:a',
      'cron:b',
      'cron:c',
      'cron:live',
    ])
  })
})

describe('a caller who may not look', () => {
  it('needs no more than lambda:GetAlias for an alias that is named', async () => {
    const of = {...account, denied: ['ListAliases']}
    expect(named(await find('checkout-api:live', {}, of))).toEqual(['checkout-api:live'])
    expect(await refusalOf(find('checkout-api', {}, of))).toMatchObject({
      exitCode: 4,
      hint: expect.stringContaining('lambda:ListAliases'),
    })
  })

  it('is told that an alias is missing, though not which there are', async () => {
    expect(await refusalOf(find('checkout-api:prod', {}, {...account, denied: ['ListAliases']}))).toMatchObject({
      exitCode: 2,
      message: 'checkout-api has no alias prod',
      hint: expect.stringContaining('lambda:ListAliases'),
    })
  })

  it('is told of a gap where others of the functions could be looked at', async () => {
    const instead = (api: string, _nth: number, {FunctionName}: {FunctionName?: string}) => {
      if (api !== 'ListAliases' || FunctionName !== 'orders') return undefined
      throw Object.assign(new Error('not authorized to perform: lambda:ListAliases'), {name: 'AccessDeniedException'})
    }
    const {gaps, aliases} = await find({}, {which: 'all'}, {...account, instead})
    expect(gaps).toMatchObject([{what: 'orders', function: 'orders', reason: 'denied', region: 'eu-west-1'}])
    expect(aliases).toHaveLength(5)
  })
})

describe('every alias', () => {
  it('is that of all functions, and those without are told', async () => {
    const {without, ...found} = await find({}, {which: 'all'})
    expect(named(found)).toHaveLength(6)
    expect(without).toEqual(['cron'])
  })

  it('can be those of a name', async () => {
    const {without, ...found} = await find({}, {which: 'all', alias: 'live'})
    expect(named(found)).toEqual(['checkout-api:live', 'checkout-worker:live', 'inventory:live'])
    expect(without).toEqual(['orders', 'cron'])
    expect(named(await find('checkout-api:live checkout-api:beta', {which: 'all'}))).toHaveLength(2)
    expect(named(await find('*:live', {which: 'all'}))).toHaveLength(3)
  })

  test.each(['checkout-api:prod', '*:prod'])('%s matches nothing', async targets => {
    const of = {...account, functions: account.functions?.slice(0, 1) ?? []}
    expect(await refusalOf(find(targets, {which: 'all'}, of))).toMatchObject({
      exitCode: 1,
      code: 'NoMatch',
      message: 'checkout-api has no alias prod',
    })
  })
})

it('finds those of the embedded AWS through the SDK', async () => {
  const aws = await embeddedAws()
  const {aliases} = await findAliases(aws, {}, {which: 'all', alias: null}, ongoing())
  expect(aliases.length).toBeGreaterThan(5)
  expect(aliases.every(({state}) => /^\d+$/.test(state.version) && state.revisionId !== '')).toBe(true)
})
