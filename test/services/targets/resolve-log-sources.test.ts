import {describe, expect, it} from 'vitest'
import {noSuchLogGroup} from '../../../src/services/targets/list-log-groups.ts'
import {parseSelection, type SelectionWords} from '../../../src/services/targets/parse-target.ts'
import {resolveLogSources} from '../../../src/services/targets/resolve-log-sources.ts'
import {type Account, accountId, awsOf, functionArn, logGroupArn, makeFunction, refusalOf, region} from './account.ts'

/** Three functions with groups of their own (one never invoked), two that share one, and groups of no function. */
const shop: Account = {
  functions: [
    makeFunction('billing'),
    makeFunction('checkout'),
    makeFunction('never-invoked'),
    makeFunction('pay-in', '/shared/pay'),
    makeFunction('pay-out', '/shared/pay'),
  ],
  logGroups: [
    ['/aws/lambda/billing'],
    ['/aws/lambda/checkout', 'INFREQUENT_ACCESS'],
    ['/aws/lambda/deleted-dev'],
    ['/aws/vendedlogs/states', 'DELIVERY'],
    ['/ecs/payments'],
    ['/shared/pay'],
  ],
  pageSize: 2,
}

async function resolve(account: Account, words: SelectionWords) {
  const {aws, calls, count} = awsOf(account)
  const resolved = await resolveLogSources(aws, parseSelection(words))
  const groups = resolved.sources.map(({logGroup}) => logGroup)
  const only = Object.fromEntries(
    resolved.sources.map(source => [
      source.logGroup,
      source.only?.map(({function: name, version}) => (version ? `${name}:${version}` : name)) ?? null,
    ]),
  )
  return {...resolved, aws, groups, only, apis: calls.map(({api}) => api), calls, count}
}

const failure = (account: Account, words: SelectionWords) => refusalOf(resolve(account, words))

describe('no target', () => {
  it('reads the log group of every function: the class known, a shared one once, one that does not exist yet apart', async () => {
    const {aws, sources, absent, notices} = await resolve(shop, {})
    const ref = (name: string) => ({name, arn: functionArn(name)})
    const scope = {account: accountId, region, profile: null, endpoint: 'aws'}
    expect(sources).toEqual([
      {
        aws,
        scope,
        logGroup: '/aws/lambda/billing',
        logGroupClass: 'STANDARD',
        functions: [ref('billing')],
        only: null,
        mayBeMissing: true,
      },
      {
        aws,
        scope,
        logGroup: '/aws/lambda/checkout',
        logGroupClass: 'INFREQUENT_ACCESS',
        functions: [ref('checkout')],
        only: null,
        mayBeMissing: true,
      },
      {
        aws,
        scope,
        logGroup: '/shared/pay',
        logGroupClass: 'STANDARD',
        functions: [ref('pay-in'), ref('pay-out')],
        only: null,
        mayBeMissing: true,
      },
    ])
    expect(absent.map(({logGroup}) => logGroup)).toEqual(['/aws/lambda/never-invoked'])
    expect(notices).toEqual([])
  })

  it('goes on without the listing of log groups where that is denied, and says so', async () => {
    const {sources, notices} = await resolve({...shop, denied: ['ListLogGroups', 'DescribeLogGroups']}, {})
    expect(sources.map(({logGroup, logGroupClass}) => [logGroup, logGroupClass])).toContainEqual([
      '/aws/lambda/never-invoked',
      null,
    ])
    expect(sources.every(({mayBeMissing}) => mayBeMissing)).toBe(true)
    expect(notices).toEqual([expect.stringContaining('logs:ListLogGroups is not allowed')])
  })

  it('without lambda:ListFunctions is exit 4', async () => {
    expect(await failure({...shop, denied: ['ListFunctions']}, {})).toMatchObject({
      exitCode: 4,
      hint: expect.stringContaining('/aws/lambda/checkout-api'),
    })
  })

  it('in a region without functions is empty, with a notice', async () => {
    expect(await resolve({}, {})).toMatchObject({
      sources: [],
      absent: [],
      notices: ['there are no functions in eu-west-1'],
    })
  })

  it('holds no configuration: 100,000 functions cost a few references each', async () => {
    const functions = Array.from({length: 100_000}, (_, i) =>
      makeFunction(`f-${i}`, i % 10 === 0 ? `/shared/${i % 1000}` : undefined),
    )
    const {sources} = await resolve({functions, pageSize: 5_000, denied: ['ListLogGroups', 'DescribeLogGroups']}, {})
    expect(sources).toHaveLength(90_100)
    expect(Object.keys(sources[0]?.functions[0] ?? {})).toEqual(['name', 'arn'])
  })
})

describe('functions', () => {
  it('by name need no listing, of functions or of groups, and no STS', async () => {
    const {groups, only, sources, apis} = await resolve(shop, {targets: ['billing', 'checkout']})
    expect(groups).toEqual(['/aws/lambda/billing', '/aws/lambda/checkout'])
    expect(only).toEqual({'/aws/lambda/billing': null, '/aws/lambda/checkout': null})
    expect(sources[0]).toMatchObject({logGroupClass: null, mayBeMissing: true, scope: {account: accountId}})
    expect(apis).toEqual(['GetFunctionConfiguration', 'GetFunctionConfiguration'])
  })

  it('by name in a group that is not their own are read alone: who shares it was not asked', async () => {
    const {only, sources} = await resolve(shop, {targets: ['pay-in']})
    expect(only).toEqual({'/shared/pay': ['pay-in']})
    expect(sources[0]?.functions.map(({name}) => name)).toEqual(['pay-in'])
  })

  it('by glob: a shared group whole when all that share it match, else only those that do', async () => {
    expect((await resolve(shop, {targets: ['pay-*']})).only).toEqual({'/shared/pay': null})
    const some = await resolve(shop, {targets: ['*-in']})
    expect(some.only).toEqual({'/shared/pay': ['pay-in']})
    expect(some.sources[0]?.functions.map(({name}) => name)).toEqual(['pay-in', 'pay-out'])
    expect((await resolve(shop, {targets: ['pay-*', '!pay-out']})).only).toEqual({'/shared/pay': ['pay-in']})
  })

  it('taken out of everything leave the rest', async () => {
    const {groups, only} = await resolve(shop, {targets: ['!pay-out', '!billing']})
    expect(groups).toEqual(['/aws/lambda/checkout', '/shared/pay'])
    expect(only['/shared/pay']).toEqual(['pay-in'])
  })

  it('by alias are the events of the versions that it serves, in the groups these were published with', async () => {
    const version = (number: string, logGroup: string) => ({
      ...makeFunction('checkout', logGroup),
      FunctionArn: functionArn(`checkout:${number}`),
      Version: number,
    })
    const account: Account = {
      ...shop,
      versions: {'checkout:1': version('1', '/old'), 'checkout:2': version('2', '/aws/lambda/checkout')},
      aliases: {'checkout:live': {FunctionVersion: '1', RoutingConfig: {AdditionalVersionWeights: {'2': 0.2}}}},
    }
    expect((await resolve(account, {targets: ['checkout:live']})).only).toEqual({
      '/aws/lambda/checkout': ['checkout:2'],
      '/old': ['checkout:1'],
    })
    expect((await resolve(account, {targets: ['checkout:live', 'checkout']})).only).toEqual({
      '/aws/lambda/checkout': null,
    })
  })

  it('that may not be looked up are skipped beside others', async () => {
    const account = {...shop, denied: ['GetFunctionConfiguration']}
    expect(await failure(account, {targets: ['billing']})).toMatchObject({exitCode: 4})
    expect(await resolve(account, {targets: ['billing', '/ecs/payments']})).toMatchObject({
      groups: ['/ecs/payments'],
      skipped: [{what: 'billing', reason: 'denied', detail: 'lambda:GetFunctionConfiguration is not allowed'}],
    })
  })
})

describe('log groups', () => {
  it('by exact name are not looked up; the account comes from STS, where it says', async () => {
    const {sources, apis} = await resolve(shop, {targets: ['/ecs/payments'], logGroups: ['plain']})
    expect(sources).toMatchObject([
      {
        logGroup: '/ecs/payments',
        logGroupClass: null,
        functions: [],
        only: null,
        mayBeMissing: false,
        scope: {account: accountId},
      },
      {logGroup: 'plain', mayBeMissing: false},
    ])
    expect(apis).toEqual(['GetCallerIdentity'])
    expect(
      (await resolve({...shop, denied: ['GetCallerIdentity']}, {targets: ['/ecs/payments']})).sources[0]?.scope.account,
    ).toBeNull()
  })

  it('by the default name of a function are that function’s, where its LoggingConfig says so', async () => {
    const account: Account = {
      functions: [
        makeFunction('billing'),
        makeFunction('moved', '/shared/moved'),
        {FunctionName: 'silent', FunctionArn: functionArn('silent')},
      ],
    }
    const names = ['billing', 'gone', 'moved', 'silent', 'us-east-1.edge']
    const {sources, count} = await resolve(account, {
      targets: [...names.map(name => `/aws/lambda/${name}`), `${logGroupArn('/aws/lambda/billing')}:*`],
    })
    expect(sources.map(({functions, only, mayBeMissing}) => ({functions, only, mayBeMissing}))).toEqual([
      {functions: [{name: 'billing', arn: functionArn('billing')}], only: null, mayBeMissing: false},
      ...names.slice(1).map(() => ({functions: [], only: null, mayBeMissing: false})),
    ])
    expect(count('GetFunctionConfiguration')).toBe(4)
    const denied = await resolve({...account, denied: ['GetFunctionConfiguration']}, {targets: ['/aws/lambda/billing']})
    expect(denied).toMatchObject({sources: [{functions: []}], skipped: [], notices: []})
  })

  it('by the default name of a function have every other one that was met in them, too', async () => {
    const account: Account = {
      functions: [makeFunction('billing'), makeFunction('audit', '/aws/lambda/billing')],
      logGroups: [['/aws/lambda/billing']],
    }
    const {sources} = await resolve(account, {targets: ['/aws/lambda/billing', 'audit']})
    expect(sources).toMatchObject([{functions: [{name: 'audit'}, {name: 'billing'}], only: null}])
    expect((await resolve(account, {targets: ['/aws/lambda/billing', '!audit']})).only).toEqual({
      '/aws/lambda/billing': ['billing'],
    })
  })

  it('by ARN are the same, and those of another account or region are a usage error', async () => {
    expect((await resolve(shop, {targets: [`${logGroupArn('/ecs/payments')}:*`]})).groups).toEqual(['/ecs/payments'])
    expect(
      await failure(shop, {targets: [`arn:aws:logs:${region}:999999999999:log-group:/ecs/payments`]}),
    ).toMatchObject({exitCode: 2, hint: expect.stringContaining('999999999999')})
    expect(
      await failure(shop, {logGroups: [`arn:aws:logs:us-east-1:${accountId}:log-group:/ecs/payments`]}),
    ).toMatchObject({exitCode: 2, hint: 'add --region us-east-1'})
  })

  it('by glob are listed, by the server as far as it can, and * crosses /', async () => {
    const {groups, sources, calls, count} = await resolve(shop, {targets: ['/aws/v*'], logGroups: ['*pay*']})
    expect(groups).toEqual(['/aws/vendedlogs/states', '/ecs/payments', '/shared/pay'])
    expect(sources[0]).toMatchObject({logGroupClass: 'DELIVERY', mayBeMissing: false})
    expect(calls[0]?.input).toMatchObject({limit: 1000, logGroupNamePattern: 'pay|^/aws/v'})
    expect(count('ListFunctions')).toBe(0)
  })

  it.each([{denied: ['ListLogGroups']}, {unknown: ['ListLogGroups']}])(
    'T40 are described instead where listing is %j',
    async without => {
      const {groups, calls} = await resolve({...shop, ...without}, {targets: ['/aws/lambda/b*', '/aws/v*']})
      expect(groups).toEqual(['/aws/lambda/billing', '/aws/vendedlogs/states'])
      expect(calls.find(({api}) => api === 'DescribeLogGroups')?.input).toMatchObject({
        limit: 50,
        logGroupNamePrefix: '/aws/',
      })
    },
  )

  it('by glob are exit 4 where neither listing is allowed', async () => {
    expect(
      await failure({...shop, denied: ['ListLogGroups', 'DescribeLogGroups']}, {targets: ['/ecs/*']}),
    ).toMatchObject({
      exitCode: 4,
      hint: 'this needs logs:ListLogGroups or logs:DescribeLogGroups; without it, give log groups by their exact names',
    })
  })

  it('that match nothing are an error with the nearest names', async () => {
    expect(await failure(shop, {targets: ['/ecs/payment-*']})).toMatchObject({
      exitCode: 1,
      message: 'no log group matches /ecs/payment-*',
      hint: 'nearest: /ecs/payments',
    })
    expect(await noSuchLogGroup(awsOf(shop).aws, '/esc/payments', null)).toMatchObject({
      hint: 'nearest: /ecs/payments',
    })
  })

  it('beside functions: an exact one that the complete listing does not hold is an error at once', async () => {
    expect((await resolve(shop, {targets: ['bill*', '/ecs/payments']})).groups).toEqual([
      '/aws/lambda/billing',
      '/ecs/payments',
    ])
    expect(await failure(shop, {targets: ['bill*', '/ecs/nothing']})).toMatchObject({
      message: 'no log group matches /ecs/nothing',
    })
  })

  it('beside functions have the functions that log to them, and are read whole', async () => {
    const {sources} = await resolve(shop, {targets: ['bill*', '/shared/*']})
    expect(sources.find(({logGroup}) => logGroup === '/shared/pay')).toMatchObject({
      functions: [{name: 'pay-in'}, {name: 'pay-out'}],
      only: null,
    })
  })

  it('less the groups and functions that ! takes out, gone functions by their default name', async () => {
    expect((await resolve(shop, {targets: ['/aws/lambda/*', '!/aws/lambda/b*']})).groups).toEqual([
      '/aws/lambda/checkout',
      '/aws/lambda/deleted-dev',
    ])
    expect((await resolve(shop, {targets: ['/aws/lambda/*', '!*-dev', '!billing']})).groups).toEqual([
      '/aws/lambda/checkout',
    ])
    expect((await resolve(shop, {targets: ['/shared/*', '!*-out']})).only).toEqual({'/shared/pay': ['pay-in']})
    expect((await resolve(shop, {targets: ['!/shared/*', 'pay-in', 'billing']})).groups).toEqual([
      '/aws/lambda/billing',
    ])
    expect(await failure(shop, {targets: ['/ecs/*', '!/ecs/payments']})).toMatchObject({
      exitCode: 1,
      message: expect.stringContaining('nothing is left'),
    })
    expect(await failure(shop, {targets: ['pay-*', '!pay-*']})).toMatchObject({
      exitCode: 1,
      message: expect.stringContaining('nothing is left'),
    })
  })
})

describe('a stack', () => {
  const stacked: Account = {
    ...shop,
    stacks: {
      shop: [
        ['AWS::Lambda::Function', 'Billing', 'billing'],
        ['AWS::Lambda::Function', 'PayIn', 'pay-in'],
        ['AWS::Logs::LogGroup', 'BillingLogs', '/aws/lambda/billing'],
        ['AWS::Logs::LogGroup', 'StateLogs', '/aws/vendedlogs/states'],
      ],
      logs: [['AWS::Logs::LogGroup', 'Payments', '/ecs/payments']],
    },
    tags: {[functionArn('billing')]: {env: 'prod'}, [logGroupArn('/ecs/payments')]: {env: 'prod'}},
  }

  it('is the groups of its functions and its own groups, without a listing', async () => {
    const {only, count} = await resolve(stacked, {stack: 'shop'})
    expect(only).toEqual({'/aws/lambda/billing': null, '/aws/vendedlogs/states': null, '/shared/pay': ['pay-in']})
    expect(count('ListFunctions') + count('ListLogGroups')).toBe(0)
    expect((await resolve(stacked, {stack: 'logs'})).groups).toEqual(['/ecs/payments'])
  })

  it('narrows functions and groups, which may be logical ids', async () => {
    expect((await resolve(stacked, {stack: 'shop', targets: ['Pay*']})).only).toEqual({'/shared/pay': ['pay-in']})
    expect((await resolve(stacked, {stack: 'shop', targets: ['StateLogs']})).groups).toEqual(['/aws/vendedlogs/states'])
    expect((await resolve(stacked, {stack: 'shop', targets: ['/aws/*']})).groups).toEqual([
      '/aws/lambda/billing',
      '/aws/vendedlogs/states',
    ])
    expect((await resolve(stacked, {stack: 'shop', targets: ['!Billing']})).groups).toEqual([
      '/aws/vendedlogs/states',
      '/shared/pay',
    ])
    expect(await failure(stacked, {stack: 'shop', targets: ['/ecs/payments']})).toMatchObject({
      exitCode: 1,
      message: 'nothing in stack shop matches /ecs/payments',
      hint: 'the log groups in stack shop: /aws/lambda/billing, /aws/vendedlogs/states, /shared/pay',
    })
  })

  it('with tags holds what carries them', async () => {
    expect((await resolve(stacked, {stack: 'shop', tags: ['env=prod']})).groups).toEqual(['/aws/lambda/billing'])
    expect((await resolve(stacked, {stack: 'logs', tags: ['env=prod']})).groups).toEqual(['/ecs/payments'])
  })

  it('tags alone select functions; with a log group they narrow it', async () => {
    expect((await resolve(stacked, {tags: ['env=prod']})).groups).toEqual(['/aws/lambda/billing'])
    expect((await resolve(stacked, {tags: ['env=prod'], targets: ['/ecs/*']})).groups).toEqual(['/ecs/payments'])
    expect((await resolve(stacked, {tags: ['env=prod'], targets: ['/*']})).groups).toEqual([
      '/aws/lambda/billing',
      '/ecs/payments',
    ])
  })
})
