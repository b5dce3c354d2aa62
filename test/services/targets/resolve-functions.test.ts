import {describe, expect, it} from 'vitest'
import {parseSelection, type SelectionWords} from '../../../src/services/targets/parse-target.ts'
import {resolveFunctions} from '../../../src/services/targets/resolve-functions.ts'
import {type Account, accountId, awsOf, functionArn, logGroupArn, makeFunction, refusalOf, region} from './account.ts'

const shop: Account = {
  functions: ['billing-worker', 'checkout-api', 'checkout-dev', 'checkout-worker', 'orders-stream'].map(name =>
    makeFunction(name),
  ),
  pageSize: 2,
}

async function resolve(account: Account, words: SelectionWords, signal?: AbortSignal) {
  const {aws, calls, count} = awsOf(account)
  const {functions, notices, skipped} = await resolveFunctions(aws, parseSelection(words), signal)
  const names = functions.map(({name, version}) => (version ? `${name}:${version}` : name))
  return {functions, names, notices, skipped, calls, count}
}

const failure = (account: Account, words: SelectionWords) => refusalOf(resolve(account, words))

describe('functions by name', () => {
  it('are looked up one by one, without a listing', async () => {
    const {names, calls} = await resolve(shop, {
      targets: ['orders-stream', 'checkout-api', functionArn('checkout-api')],
    })
    expect(names).toEqual(['orders-stream', 'checkout-api'])
    expect(calls.map(({api}) => api)).toEqual(['GetFunctionConfiguration', 'GetFunctionConfiguration'])
  })

  it('keep what AWS says of them', async () => {
    const {functions} = await resolve({functions: [makeFunction('a', '/shared', 'JSON')]}, {targets: ['a']})
    expect(functions).toEqual([
      {
        name: 'a',
        arn: functionArn('a'),
        version: null,
        alias: null,
        logGroup: '/shared',
        logFormat: 'JSON',
        configuration: makeFunction('a', '/shared', 'JSON'),
      },
    ])
  })

  it('have their default log group only where the answer has no LoggingConfig', async () => {
    const {functions} = await resolve(
      {functions: [{FunctionName: 'old', FunctionArn: functionArn('old')}]},
      {targets: ['old']},
    )
    expect(functions[0]).toMatchObject({logGroup: '/aws/lambda/old', logFormat: 'Text'})
  })

  it('that do not exist are an error with the nearest names', async () => {
    expect(await failure(shop, {targets: ['checkout-api', 'chekout-api']})).toMatchObject({
      exitCode: 1,
      message: 'no function matches chekout-api',
      hint: expect.stringMatching(/^nearest: checkout-api, /),
    })
  })

  it('that are but a part of several names are an error that says how to take those', async () => {
    expect(await failure(shop, {targets: ['checkout']})).toMatchObject({
      hint: "nearest: checkout-api, checkout-dev, checkout-worker; for a part of the name: '*checkout*'",
    })
    expect(await failure(shop, {targets: ['checkout:live']})).toMatchObject({
      hint: expect.stringMatching(/; for a part of the name: '\*checkout\*:live'$/),
    })
    expect(await failure(shop, {targets: ['billing']})).toMatchObject({hint: 'nearest: billing-worker'})
  })

  it('that no other is like are an error with what there is, no stranger', async () => {
    expect(await failure({functions: [makeFunction('autocomplete')]}, {targets: ['trace']})).toMatchObject({
      hint: 'the functions in eu-west-1: autocomplete',
    })
    const functions = Array.from({length: 6}, (_, i) => makeFunction(`autocomplete-${i}`))
    expect(await failure({functions}, {targets: ['trace']})).toMatchObject({
      hint: 'none of the 6 functions in eu-west-1 has a name like it',
    })
  })

  it('are an error without names where listing is denied too', async () => {
    expect(await failure({...shop, denied: ['ListFunctions']}, {targets: ['nope']})).toMatchObject({
      exitCode: 1,
      hint: expect.stringContaining('check --region'),
    })
  })

  it('of another region or account are a usage error, not the function of the same name here', async () => {
    expect(
      await failure(shop, {targets: ['arn:aws:lambda:us-east-1:123456789012:function:checkout-api']}),
    ).toMatchObject({exitCode: 2, hint: 'add --region us-east-1'})
    expect(
      await failure(shop, {targets: [`arn:aws:lambda:${region}:999999999999:function:checkout-api`]}),
    ).toMatchObject({exitCode: 2, hint: expect.stringContaining('--profile')})
  })

  it('that may not be read are exit 4 with the permission, and what would do instead', async () => {
    expect(await failure({...shop, denied: ['GetFunctionConfiguration']}, {targets: ['checkout-api']})).toMatchObject({
      exitCode: 4,
      code: 'AccessDeniedException',
      hint: 'this needs lambda:GetFunctionConfiguration; without it, give the log group itself, by default /aws/lambda/checkout-api',
    })
  })

  it('more than a hundred are found in the listing, or one by one where that is denied', async () => {
    const functions = Array.from({length: 150}, (_, i) => makeFunction(`f-${i}`))
    const targets = functions.slice(0, 120).map(({FunctionName}) => FunctionName ?? '')
    const listed = await resolve({functions}, {targets})
    expect([listed.names.length, listed.count('ListFunctions'), listed.count('GetFunctionConfiguration')]).toEqual([
      120, 3, 0,
    ])
    const named = await resolve({functions, denied: ['ListFunctions']}, {targets})
    expect([named.names.length, named.count('GetFunctionConfiguration')]).toEqual([120, 120])
  })
})

describe('functions by glob', () => {
  it('come from the listing, all its pages', async () => {
    const {names, count} = await resolve(shop, {targets: ['checkout-*', '*-stream']})
    expect(names).toEqual(['checkout-api', 'checkout-dev', 'checkout-worker', 'orders-stream'])
    expect(count('ListFunctions')).toBe(3)
  })

  it('less what ! takes out', async () => {
    expect((await resolve(shop, {targets: ['checkout-*', '!*-dev']})).names).toEqual([
      'checkout-api',
      'checkout-worker',
    ])
    expect((await resolve(shop, {targets: ['!checkout-*']})).names).toEqual(['billing-worker', 'orders-stream'])
    expect((await resolve(shop, {targets: ['checkout-*', '!no-such-function']})).names).toHaveLength(3)
  })

  it('are an error when ! takes out all of them', async () => {
    expect(await failure(shop, {targets: ['checkout-*', '!*']})).toMatchObject({
      exitCode: 1,
      message: 'nothing is left: the ! targets take out all 3 that the others select',
    })
  })

  it('that match nothing are an error, even when other targets match', async () => {
    expect(await failure(shop, {targets: ['checkout-api', 'ordrs-*']})).toMatchObject({
      exitCode: 1,
      message: 'no function matches ordrs-*',
      hint: expect.stringContaining('orders-stream'),
    })
  })

  it('without lambda:ListFunctions are exit 4, and exact names would do', async () => {
    expect(await failure({...shop, denied: ['ListFunctions']}, {targets: ['checkout-*']})).toMatchObject({
      exitCode: 4,
      hint: expect.stringMatching(/^this needs lambda:ListFunctions; without it, name functions exactly/),
    })
  })

  it('match a million times in linear time: 100,000 functions, 20 globs', async () => {
    const functions = Array.from({length: 100_000}, (_, i) => makeFunction(`service-${i % 100}-function-${i}`))
    const targets = Array.from({length: 20}, (_, i) => `service-${i}-{function,job}-*`)
    const {names} = await resolve({functions, pageSize: 1000}, {targets})
    expect(names).toHaveLength(20_000)
  })
})

describe('no target', () => {
  it('is every function', async () => {
    expect((await resolve(shop, {})).names).toHaveLength(5)
  })

  it('in a region without functions is an empty answer with a notice', async () => {
    expect(await resolve({}, {})).toMatchObject({names: [], notices: ['there are no functions in eu-west-1']})
  })
})

describe('aliases and versions', () => {
  const version = (number: string, logGroup = '/aws/lambda/checkout-api') => ({
    ...makeFunction('checkout-api', logGroup),
    FunctionArn: functionArn(`checkout-api:${number}`),
    Version: number,
  })
  const released: Account = {
    ...shop,
    versions: {'checkout-api:41': version('41', '/old-group'), 'checkout-api:42': version('42')},
    aliases: {
      'checkout-api:live': {
        Name: 'live',
        FunctionVersion: '41',
        RoutingConfig: {AdditionalVersionWeights: {'42': 0.1}},
      },
      'checkout-api:idle': {Name: 'idle', FunctionVersion: '42', RoutingConfig: {AdditionalVersionWeights: {'41': 0}}},
      'orders-stream:live': {Name: 'live', FunctionVersion: '$LATEST'},
    },
  }

  it('an alias is the versions that it serves, each with its share and the log group it was published with', async () => {
    const {functions} = await resolve(released, {targets: ['checkout-api:live']})
    expect(functions.map(({arn, version, alias, logGroup}) => ({arn, version, alias, logGroup}))).toEqual([
      {arn: functionArn('checkout-api'), version: '41', alias: {name: 'live', share: 0.9}, logGroup: '/old-group'},
      {
        arn: functionArn('checkout-api'),
        version: '42',
        alias: {name: 'live', share: 0.1},
        logGroup: '/aws/lambda/checkout-api',
      },
    ])
  })

  it('a version without traffic is not served', async () => {
    expect((await resolve(released, {targets: ['checkout-api:idle']})).names).toEqual(['checkout-api:42'])
  })

  it('a version is itself; with the alias that serves it, it is there once; with the whole function, that is all', async () => {
    expect((await resolve(released, {targets: ['checkout-api:42']})).names).toEqual(['checkout-api:42'])
    expect((await resolve(released, {targets: ['checkout-api:42', 'checkout-api:live']})).names).toEqual([
      'checkout-api:42',
      'checkout-api:41',
    ])
    expect((await resolve(released, {targets: ['checkout-api:42', 'checkout-api']})).names).toEqual(['checkout-api'])
  })

  it('of a glob are those of the functions that have them', async () => {
    expect((await resolve(released, {targets: ['*:live']})).names).toEqual([
      'checkout-api:41',
      'checkout-api:42',
      'orders-stream:$LATEST',
    ])
  })

  it('that do not exist are an error with those that do', async () => {
    expect(await failure(released, {targets: ['checkout-api:liev']})).toMatchObject({
      exitCode: 1,
      message: 'function checkout-api has no alias or version liev',
      hint: 'nearest: live',
    })
    expect(await failure(released, {targets: ['checkout-api:99']})).toMatchObject({
      message: 'function checkout-api has no alias or version 99',
      hint: 'the first aliases and versions of checkout-api: live, idle, 42, 41',
    })
    expect(await failure(released, {targets: ['billing-*:live']})).toMatchObject({
      message: 'no function that matches billing-* has an alias or version live',
    })
  })

  it('that may not be read are exit 4 alone, and skipped beside others', async () => {
    const denied = {...released, denied: ['GetAlias']}
    expect(await failure(denied, {targets: ['checkout-api:live']})).toMatchObject({
      exitCode: 4,
      hint: expect.stringContaining('lambda:GetAlias'),
    })
    expect(await resolve(denied, {targets: ['checkout-api:live', 'billing-worker']})).toMatchObject({
      names: ['billing-worker'],
      skipped: [{what: 'checkout-api:live', reason: 'denied', detail: expect.stringContaining('lambda:GetAlias')}],
    })
  })
})

describe('a stack', () => {
  const stacked: Account = {
    ...shop,
    stacks: {
      shop: [
        ['AWS::Lambda::Function', 'CheckoutFunction', 'checkout-api'],
        ['AWS::Lambda::Function', 'GoneFunction', 'gone', 'DELETE_COMPLETE'],
        ['AWS::SQS::Queue', 'Queue', 'https://sqs/queue'],
        ['AWS::CloudFormation::Stack', 'Nested', `arn:aws:cloudformation:${region}:${accountId}:stack/shop-nested/1f`],
      ],
      'shop-nested': [
        ['AWS::Lambda::Function', 'StreamFunction', 'orders-stream'],
        ['AWS::CloudFormation::Stack', 'Back', `arn:aws:cloudformation:${region}:${accountId}:stack/shop/2f`],
      ],
      drifted: [
        ['AWS::Lambda::Function', 'A', 'billing-worker'],
        ['AWS::Lambda::Function', 'B', 'deleted-by-hand'],
      ],
      storage: [['AWS::SQS::Queue', 'Queue', 'https://sqs/queue']],
    },
  }

  it('is its functions and those of its nested stacks, even when they form a circle', async () => {
    const {names, count} = await resolve(stacked, {stack: 'shop'})
    expect(names).toEqual(['checkout-api', 'orders-stream'])
    expect([count('ListStackResources'), count('ListFunctions')]).toEqual([3, 0])
  })

  it('narrows targets, which may then be logical ids', async () => {
    expect((await resolve(stacked, {stack: 'shop', targets: ['*-{api,worker}']})).names).toEqual(['checkout-api'])
    expect((await resolve(stacked, {stack: 'shop', targets: ['StreamFunction', 'checkout-*']})).names).toEqual([
      'checkout-api',
      'orders-stream',
    ])
    expect((await resolve(stacked, {stack: 'shop', targets: ['!Checkout*']})).names).toEqual(['orders-stream'])
  })

  it('without what a target names is an error with what it holds', async () => {
    expect(await failure(stacked, {stack: 'shop', targets: ['CheckoutFuncton']})).toMatchObject({
      exitCode: 1,
      message: 'nothing in stack shop matches CheckoutFuncton',
      hint: expect.stringMatching(/^nearest: CheckoutFunction, /),
    })
    expect(await failure(stacked, {stack: 'shop', targets: ['billing-worker']})).toMatchObject({
      message: 'nothing in stack shop matches billing-worker',
    })
  })

  it('says so when a function of it was deleted by hand', async () => {
    expect(await resolve(stacked, {stack: 'drifted'})).toMatchObject({
      names: ['billing-worker'],
      notices: ['function deleted-by-hand does not exist any more'],
    })
  })

  it('that does not exist is an error with the nearest names, one without functions too, and a refusal names the permission', async () => {
    expect(await failure(stacked, {stack: 'shp'})).toMatchObject({
      exitCode: 1,
      message: 'there is no stack shp in eu-west-1',
      hint: 'nearest: shop',
    })
    expect(await failure(stacked, {stack: 'storage'})).toMatchObject({
      exitCode: 1,
      message: 'stack storage holds no functions and no log groups',
    })
    expect(await failure({...stacked, denied: ['ListStackResources']}, {stack: 'shop'})).toMatchObject({
      exitCode: 4,
      hint: expect.stringContaining('cloudformation:ListStackResources'),
    })
  })
})

describe('tags', () => {
  const tagged: Account = {
    ...shop,
    tags: {
      [functionArn('checkout-api')]: {env: 'prod', team: 'shop'},
      [functionArn('checkout-worker')]: {env: 'prod', team: 'back'},
      [functionArn('checkout-dev')]: {env: 'dev', team: 'shop'},
      [logGroupArn('/ecs/payments')]: {env: 'prod'},
    },
    stacks: {
      shop: [
        ['AWS::Lambda::Function', 'Worker', 'checkout-worker'],
        ['AWS::Lambda::Function', 'Dev', 'checkout-dev'],
      ],
    },
  }

  it('must all hold', async () => {
    expect((await resolve(tagged, {tags: ['env=prod']})).names).toEqual(['checkout-api', 'checkout-worker'])
    expect((await resolve(tagged, {tags: ['env=prod', 'team=shop']})).names).toEqual(['checkout-api'])
  })

  it('narrow targets and stacks', async () => {
    expect((await resolve(tagged, {tags: ['env=prod'], targets: ['*-worker']})).names).toEqual(['checkout-worker'])
    expect((await resolve(tagged, {tags: ['env=prod'], stack: 'shop'})).names).toEqual(['checkout-worker'])
    expect(await failure(tagged, {tags: ['env=prod'], targets: ['billing-worker']})).toMatchObject({
      message: 'nothing in what carries env=prod matches billing-worker',
    })
  })

  it('that nothing carries are an error with the nearest', async () => {
    expect(await failure(tagged, {tags: ['env=prd']})).toMatchObject({
      exitCode: 1,
      message: 'no function carries env=prd',
      hint: 'nearest: env=prod',
    })
  })
})

describe('what feeds or watches functions', () => {
  const orders = `arn:aws:sqs:${region}:${accountId}:orders`
  const table = `arn:aws:dynamodb:${region}:${accountId}:table/orders`
  const clicks = `arn:aws:kinesis:${region}:${accountId}:stream/clicks`
  const alarmArn = (name: string) => `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}`
  const watched = (name: string) => [{Name: 'FunctionName', Value: name}]
  const wired: Account = {
    ...shop,
    mappings: [
      {EventSourceArn: orders, FunctionArn: functionArn('billing-worker:live'), State: 'Disabled'},
      {EventSourceArn: `${table}/stream/2026-01-01`, FunctionArn: functionArn('orders-stream')},
      {EventSourceArn: `${table}-archive/stream/2026-01-01`, FunctionArn: functionArn('checkout-dev')},
      {EventSourceArn: `${clicks}/consumer/fast:1`, FunctionArn: functionArn('checkout-worker')},
    ],
    alarms: [
      {AlarmName: 'errors', AlarmArn: alarmArn('errors'), Dimensions: watched('checkout-api')},
      {
        AlarmName: 'error-rate',
        AlarmArn: alarmArn('error-rate'),
        Metrics: [
          {Id: 'e', MetricStat: {Metric: {Dimensions: watched('orders-stream')}, Period: 60, Stat: 'Sum'}},
          {Id: 'r', Expression: 'e / 2'},
        ],
      },
      {AlarmName: 'disk', AlarmArn: alarmArn('disk'), Dimensions: [{Name: 'VolumeId', Value: 'v'}]},
    ],
    compositeAlarms: [
      {AlarmName: 'shop', AlarmRule: `ALARM("errors") OR (ALARM(error-rate) AND NOT OK(${alarmArn('shop')}))`},
    ],
  }

  it('a queue, table, table stream or stream is the functions attached to it', async () => {
    expect((await resolve(wired, {targets: [orders]})).names).toEqual(['billing-worker'])
    expect((await resolve(wired, {targets: [table]})).names).toEqual(['orders-stream'])
    expect((await resolve(wired, {targets: [`${table}/stream/2026-01-01`]})).names).toEqual(['orders-stream'])
    expect((await resolve(wired, {targets: [clicks, 'checkout-*', `!${orders}`]})).names).toEqual([
      'checkout-api',
      'checkout-dev',
      'checkout-worker',
    ])
  })

  it('with no function attached is an error with the nearest sources', async () => {
    expect(await failure(wired, {targets: [`arn:aws:sqs:${region}:${accountId}:order`]})).toMatchObject({
      exitCode: 1,
      hint: expect.stringContaining(orders),
    })
    expect(await failure({...wired, denied: ['ListEventSourceMappings']}, {targets: [table]})).toMatchObject({
      exitCode: 4,
      hint: expect.stringContaining('lambda:ListEventSourceMappings'),
    })
  })

  it('an alarm is the functions whose metrics it watches: its own, those it computes with, those of its alarms', async () => {
    expect((await resolve(wired, {targets: [alarmArn('errors')]})).names).toEqual(['checkout-api'])
    expect((await resolve(wired, {targets: [alarmArn('error-rate')]})).names).toEqual(['orders-stream'])
    expect((await resolve(wired, {targets: [alarmArn('shop')]})).names).toEqual(['checkout-api', 'orders-stream'])
  })

  it('an alarm on no function, or none, is an error', async () => {
    expect(await failure(wired, {targets: [alarmArn('disk')]})).toMatchObject({
      exitCode: 1,
      message: 'alarm disk watches no function',
    })
    expect(await failure(wired, {targets: [alarmArn('eror-rate')]})).toMatchObject({
      exitCode: 1,
      hint: 'nearest: error-rate',
    })
  })

  it('only takes out what it can: an unattached queue takes out nothing', async () => {
    expect(
      (await resolve(wired, {targets: ['checkout-api', `!arn:aws:sqs:${region}:${accountId}:none`]})).names,
    ).toEqual(['checkout-api'])
  })
})

describe('log groups, for commands about functions', () => {
  it('are the functions that log to them', async () => {
    const account = {functions: [makeFunction('a', '/shared'), makeFunction('b', '/shared'), makeFunction('c')]}
    expect((await resolve(account, {targets: ['/shared']})).names).toEqual(['a', 'b'])
    expect((await resolve(account, {logGroups: ['/aws/lambda/*']})).names).toEqual(['c'])
    expect((await resolve(account, {targets: ['!/shared']})).names).toEqual(['c'])
  })
})

describe('an abort', () => {
  it('ends the listing with its reason', async () => {
    const reason = new Error('stopped')
    await expect(resolve(shop, {}, AbortSignal.abort(reason))).rejects.toBe(reason)
  })
})
