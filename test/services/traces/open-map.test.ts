import type {Service} from '@aws-sdk/client-xray'
import {describe, expect, test} from 'vitest'
import type {Aws} from '../../../src/services/aws/connect.ts'
import {type OpenedMap, type OpenMapOptions, openMap} from '../../../src/services/traces/open-map.ts'
import type {ServiceMap} from '../../../src/services/traces/service-map.ts'
import {accountId, makeFunction} from '../targets/account.ts'
import {awsWithGraphs, client, edgeTo, service} from './service-graphs.ts'

const hour = 3_600_000
const now = Date.parse('2026-11-20T14:09:30.500Z')
// so late that nothing of it is still to come
const lastHour = {start: now - hour, end: now, now: now + 60_000, isUnhealthyOnly: false}

function open(
  all: readonly Aws[],
  targets: readonly string[] = [],
  options: Partial<OpenMapOptions> = {},
  {signal} = new AbortController(),
): Promise<OpenedMap> {
  return openMap(all, {targets}, {...lastHour, ...options}, signal)
}

async function mapOf(
  all: readonly Aws[],
  targets: readonly string[] = [],
  options: Partial<OpenMapOptions> = {},
): Promise<ServiceMap> {
  return (await open(all, targets, options)).read()
}

const always = (...services: readonly Service[]) => ({pages: () => [services]})

/** client → api → checkout-api → {inventory → stock, payments.example}; a queue → billing-worker; search alone */
const larder: readonly Service[] = [
  client(0, [edgeTo(1, {calls: 100, faults: 5, times: {'0.08': 90, '1.9': 10}})]),
  service(
    1,
    'larder-http-api',
    'AWS::ApiGateway::Stage',
    {calls: 100, faults: 5},
    [edgeTo(2, {calls: 100, faults: 5})],
    {
      Root: true,
    },
  ),
  service(2, 'checkout-api', 'AWS::Lambda', {calls: 100, faults: 5, errors: 2, throttles: 2, times: {'0.07': 100}}, [
    edgeTo(3, {calls: 98}),
  ]),
  service(3, 'checkout-api', 'AWS::Lambda::Function', {calls: 98, faults: 5, times: {'0.06': 98}}, [
    edgeTo(4, {calls: 60}),
    edgeTo(6, {calls: 98, faults: 5, times: {'0.2': 80, '1.5': 18}}),
    edgeTo(7, {calls: 90}),
  ]),
  service(4, 'inventory', 'AWS::Lambda', {calls: 60}, [edgeTo(5, {calls: 60})]),
  service(5, 'inventory', 'AWS::Lambda::Function', {calls: 60}, [edgeTo(8, {calls: 120})]),
  service(6, 'payments.example', 'remote', {calls: 98, faults: 5}, [], {AccountId: undefined}),
  service(7, 'orders-queue', 'AWS::SQS::Queue', {calls: 90}, [edgeTo(9, {ages: {'1.9': 80, '41': 10}})]),
  service(8, 'stock', 'AWS::DynamoDB::Table', {calls: 120}),
  service(9, 'billing-worker', 'AWS::Lambda', {calls: 90}, [edgeTo(10, {calls: 90})], {Root: true}),
  service(10, 'billing-worker', 'AWS::Lambda::Function', {calls: 90}),
  service(11, 'search', 'AWS::Lambda', {calls: 7}, [edgeTo(12, {calls: 7})], {Root: true}),
  service(12, 'search', 'AWS::Lambda::Function', {calls: 7}),
]

const names = ({services}: Pick<ServiceMap, 'services'>): string[] => services.map(({name}) => name).sort()
const arrows = ({services, edges}: ServiceMap): string[] => {
  const name = (wanted: string): string => services.find(({id}) => id === wanted)?.name ?? '?'
  return edges.map(({from, to, isAsync}) => `${name(from)} ${isAsync ? '⇢' : '→'} ${name(to)}`)
}
const named = ({services}: ServiceMap, wanted: string) => services.filter(({name}) => name === wanted)

describe('a map', () => {
  test('has both nodes of a function as one, and nothing counted twice', async () => {
    const map = await mapOf([awsWithGraphs(always(...larder)).aws])
    expect(named(map, 'checkout-api')).toEqual([
      {
        id: `eu-west-1/${accountId}/AWS::Lambda::Function/checkout-api`,
        name: 'checkout-api',
        shownName: 'checkout-api',
        type: 'AWS::Lambda::Function',
        functionName: 'checkout-api',
        account: accountId,
        region: 'eu-west-1',
        isClient: false,
        isRoot: false,
        // requests of the service, times of the function, throttles of the service, each fault once
        stats: {
          calls: 100,
          overMs: hour,
          errors: 2,
          throttles: 2,
          faults: 5,
          p50Ms: 60,
          p95Ms: 60,
          health: 'failing',
          faultHealth: 'failing',
          errorHealth: 'straining',
        },
      },
    ])
    expect(arrows(map)).toEqual([
      'larder-http-api → checkout-api',
      'checkout-api → payments.example',
      'checkout-api → orders-queue',
      'checkout-api → inventory',
      'orders-queue ⇢ billing-worker',
      'inventory → stock',
      'client → larder-http-api',
    ])
  })

  test('gives asynchronous edges their events and the age of these', async () => {
    const map = await mapOf([awsWithGraphs(always(...larder)).aws])
    expect(map.edges.find(({isAsync}) => isAsync)).toMatchObject({
      stats: {calls: 90, p50Ms: null},
      ageP50Ms: 1_900,
      ageP95Ms: 41_000,
    })
  })

  test('follows pages, whose edges may lead to services of other pages', async () => {
    const {aws, asked} = awsWithGraphs({pages: () => larder.map(one => [one])})
    expect(arrows(await mapOf([aws]))).toHaveLength(7)
    expect(asked.map(({page}) => page)).toEqual(larder.map((_, page) => page))
  })

  test('says that an edge leads to what AWS did not name', async () => {
    const map = await mapOf([awsWithGraphs(always(service(0, 'a', 'remote', {calls: 1}, [edgeTo(99)]))).aws])
    expect(map.edges).toEqual([])
    expect(map.notes).toEqual(['1 edge leads to services that X-Ray did not name'])
  })

  test('has what calls itself, and circles', async () => {
    const ring = [
      service(0, 'a', 'AWS::Lambda', {calls: 4}, [edgeTo(1)]),
      service(1, 'a', 'AWS::Lambda::Function', {calls: 4}, [edgeTo(0, {calls: 1}), edgeTo(2, {calls: 3})]),
      service(2, 'b', 'remote', {calls: 3}, [edgeTo(0, {calls: 3})]),
    ]
    expect(arrows(await mapOf([awsWithGraphs(always(...ring)).aws]))).toEqual(['a → a', 'a → b', 'b → a'])
  })

  test('case 33: names that are URLs have no secrets', async () => {
    const name = 'https://me:pass@api.example/v1?token=abc&size=2'
    const {services} = await mapOf([awsWithGraphs(always(service(0, name, 'remote', {calls: 1}))).aws])
    expect(services[0]?.name).toBe('https://***@api.example/v1?token=***&size=2')
    expect(services[0]?.id).not.toMatch(/pass|abc/)
  })

  test('takes what AWS leaves out, or has wrong, for nothing', async () => {
    const odd: Service[] = [
      {},
      {ReferenceId: 1, Names: ['', 'by names'], Edges: [{}]},
      {ReferenceId: 2, Name: 'odd', SummaryStatistics: {TotalCount: Number.NaN, FaultStatistics: {OtherCount: 2}}},
    ]
    const map = await mapOf([awsWithGraphs(always(...odd)).aws])
    expect(map.services.map(({name, stats}) => [name, stats?.calls, stats?.faults])).toEqual([
      ['odd', 2, 2],
      ['by names', undefined, undefined],
      ['unknown', undefined, undefined],
    ])
  })
})

describe('a function', () => {
  const pair = (takes: Parameters<typeof service>[3], runs: Parameters<typeof service>[3]) => [
    service(0, 'f', 'AWS::Lambda', takes, [edgeTo(1)]),
    service(1, 'f', 'AWS::Lambda::Function', runs),
  ]
  const statsOf = async (...services: readonly Service[]) => {
    const {services: all} = await mapOf([awsWithGraphs(always(...services)).aws])
    return all.map(({stats}) => stats && [stats.calls, stats.errors, stats.throttles, stats.faults])
  }

  test('that was tried again has its executions as calls, and no more failures than these', async () => {
    expect(await statsOf(...pair({calls: 10, faults: 10}, {calls: 30, faults: 30}))).toEqual([[30, 0, 0, 30]])
  })

  test('that was throttled has calls that never ran', async () => {
    expect(await statsOf(...pair({calls: 10, errors: 4, throttles: 4}, {calls: 6, faults: 6}))).toEqual([[10, 4, 4, 6]])
  })

  test('has the failures that only Lambda knows of besides its own', async () => {
    expect(await statsOf(...pair({calls: 10, faults: 3}, {calls: 10, faults: 1}))).toEqual([[10, 0, 0, 3]])
    // the service calls it an error what the function calls a fault: it is one failure
    expect(await statsOf(...pair({calls: 10, errors: 3}, {calls: 10, faults: 3}))).toEqual([[10, 0, 0, 3]])
  })

  test('of which one node has nothing keeps what the other has', async () => {
    expect(await statsOf(...pair({calls: 10, faults: 3}, null))).toEqual([[10, 0, 0, 3]])
    expect(await statsOf(...pair(null, {calls: 10}))).toEqual([[10, 0, 0, 0]])
  })

  test('without tracing of its own stays what its callers know of it', async () => {
    const alone = [
      service(0, 'f', 'AWS::Lambda', {calls: 2}),
      service(1, 'f', 'AWS::Lambda::Function', {calls: 1}, [], {AccountId: '210987654321'}),
    ]
    expect(await statsOf(...alone)).toHaveLength(2)
  })

  test('that is called by both of its nodes is called once', async () => {
    const both = [
      service(0, 'f', 'AWS::Lambda', {calls: 9}, [edgeTo(1)]),
      service(1, 'f', 'AWS::Lambda::Function', {calls: 9}),
      service(2, 'queue', 'AWS::SQS::Queue', {calls: 9}, [edgeTo(0, {ages: {'1': 9}}), edgeTo(1, {ages: {'1': 9}})]),
    ]
    const {edges} = await mapOf([awsWithGraphs(always(...both)).aws])
    expect(edges).toMatchObject([{isAsync: true, stats: {calls: 9}}])
  })
})

describe('a long window', () => {
  test('of 13 hours is asked for in three parts of six hours at most, newest first, without a hole', async () => {
    const {aws, asked} = awsWithGraphs(always(service(0, 'a', 'remote', {calls: 2, faults: 1, times: {'0.1': 2}})))
    const opened = await open([aws], [], {start: now - 13 * hour})
    expect(opened.leastCalls).toBe(3)
    const map = await opened.read()
    expect(asked.map(({start, end}) => (end - start) / hour).every(hours => hours <= 6)).toBe(true)
    expect(asked.map(({end}) => end)).toEqual([now, ...asked.slice(0, -1).map(({start}) => start)])
    expect(asked.at(-1)?.start).toBe(now - 13 * hour)
    // parts meet at whole minutes
    expect(asked.slice(0, -1).every(({start}) => start % 60_000 === 0)).toBe(true)
    expect(map.services[0]?.stats).toMatchObject({
      calls: 6,
      overMs: 13 * hour,
      errors: 0,
      throttles: 0,
      faults: 3,
      p50Ms: 100,
      p95Ms: 100,
    })
  })

  test('has quantiles over all of its parts', async () => {
    const {aws} = awsWithGraphs({
      pages: ({end}) => [[service(0, 'a', 'remote', {calls: 10, times: end === now ? {'1': 10} : {'0.01': 10}})]],
    })
    const {services} = await mapOf([aws], [], {start: now - 12 * hour})
    expect(services[0]?.stats).toMatchObject({calls: 30, p50Ms: 10, p95Ms: 1_000})
  })

  test('joins services by what they are: ReferenceIds are others in every answer', async () => {
    const {aws} = awsWithGraphs({
      pages: ({end}) => [
        end === now
          ? [service(0, 'a', 'remote', {calls: 1}, [edgeTo(1, {calls: 1})]), service(1, 'b', 'remote', {calls: 1})]
          : [service(1, 'a', 'remote', {calls: 1}, [edgeTo(0, {calls: 1})]), service(0, 'b', 'remote', {calls: 1})],
      ],
    })
    const map = await mapOf([aws], [], {start: now - 7 * hour})
    expect(arrows(map)).toEqual(['a → b'])
    expect(map.edges[0]?.stats?.calls).toBe(2)
  })

  test('that reaches back further than X-Ray does is cut, and says so', async () => {
    const {aws, asked} = awsWithGraphs(always())
    const {notes} = await mapOf([aws], [], {start: now - 40 * 24 * hour, now})
    expect(now - Math.min(...asked.map(({start}) => start))).toBe(30 * 24 * hour)
    expect(notes[0]).toContain('30 days')
    const some = awsWithGraphs(always(service(0, 'a', 'remote', {calls: 1}))).aws
    const {services} = await mapOf([some], [], {start: now - 60 * 24 * hour, now})
    // a rate over days that X-Ray has nothing of would be too low
    expect(services[0]?.stats?.overMs).toBe(30 * 24 * hour)
    expect(await mapOf([aws], [], {start: now - 40 * 24 * hour, end: now - 35 * 24 * hour})).toMatchObject({
      services: [],
    })
  })
})

describe('targets', () => {
  const account = {functions: ['checkout-api', 'inventory', 'search', 'untraced'].map(name => makeFunction(name))}
  const {aws} = awsWithGraphs(always(...larder), {account})

  test('leave what is connected with them, up to who calls and down to what is called', async () => {
    const map = await mapOf([aws], ['inventory'])
    expect(names(map)).toEqual(['checkout-api', 'client', 'inventory', 'larder-http-api', 'stock'])
    expect(arrows(map)).toHaveLength(4)
    expect(names(await mapOf([aws], ['search']))).toEqual(['search'])
  })

  test('have the failures that begin there; those that are only felt there are said to begin elsewhere', async () => {
    const {failures, notes} = await mapOf([aws], ['inventory'])
    expect(failures).toEqual([])
    expect(notes).toEqual([
      'checkout-api, larder-http-api fail by what is not on this map: without targets it shows where that begins',
    ])
    const whole = await mapOf([aws], ['checkout-api'])
    expect(whole.failures).toMatchObject([{service: {name: 'payments.example'}}])
    expect(whole.notes).toEqual([])
    expect(await mapOf([aws], ['search'])).toMatchObject({failures: []})
  })

  test('that are not on the map are named, with the reason', async () => {
    const map = await mapOf([aws], ['search', 'untraced'])
    expect(map.notes).toEqual([
      'untraced is not on the map: active tracing is off, so only traced callers could make it known',
    ])
    expect(await mapOf([aws], ['untraced'])).toMatchObject({services: [], edges: []})
  })

  test('that are versions are shown with all of them, and it is said', async () => {
    const versions = {'search:3': {...makeFunction('search'), Version: '3'}}
    const region = awsWithGraphs(always(...larder), {account: {functions: [makeFunction('search')], versions}})
    expect((await mapOf([region.aws], ['search:3'])).notes).toEqual([
      'X-Ray does not tell versions apart: search is shown with all of them',
    ])
  })

  test('that match nothing are an error with the nearest names', async () => {
    await expect(open([aws], ['chekout-api'])).rejects.toMatchObject({code: 'NoMatch'})
  })

  test('are looked up in each region', async () => {
    const elsewhere = awsWithGraphs(always(service(0, 'storefront', 'AWS::Lambda::Function', {calls: 3})), {
      region: 'us-east-1',
      account: {functions: [makeFunction('storefront')]},
    }).aws
    expect(names(await mapOf([aws, elsewhere], ['search', 'storefront']))).toEqual(['search', 'storefront'])
  })
})

test('only what fails, and the ways to it, when errors are asked for', async () => {
  const {aws} = awsWithGraphs(always(...larder))
  const map = await mapOf([aws], [], {isUnhealthyOnly: true})
  expect(names(map)).toEqual(['checkout-api', 'client', 'larder-http-api', 'payments.example'])
  const well = awsWithGraphs(always(service(0, 'a', 'remote', {calls: 9})))
  expect(await mapOf([well.aws], [], {isUnhealthyOnly: true})).toMatchObject({
    services: [],
    notes: ['nothing fails or strains: without --errors the whole map is shown'],
  })
})

test('failures begin where nothing fails that is called and waited for', async () => {
  const sick = {calls: 100, faults: 10}
  const map = await mapOf([
    awsWithGraphs(
      always(
        service(0, 'api', 'remote', sick, [edgeTo(1, sick), edgeTo(2, {ages: {'1': 5}})]),
        // what circles begins nowhere else
        service(1, 'table', 'remote', {calls: 100}, [edgeTo(1, {calls: 1})]),
        service(2, 'worker', 'remote', {calls: 100, faults: 20}),
      ),
    ).aws,
  ])
  expect(map.failures).toMatchObject([
    {service: {name: 'worker'}, feltBy: []},
    // by what its caller saw: itself it knows of nothing
    {service: {name: 'table'}, stats: {faults: 10}, feltBy: [{name: 'api'}]},
  ])
})

test('an empty map says why it may be', async () => {
  const {notes} = await mapOf([awsWithGraphs(always()).aws])
  expect(notes).toHaveLength(1)
  expect(notes[0]).toContain('active tracing')
})

test('a region with Transaction Search has a map of what is indexed, and says so', async () => {
  const {notes} = await mapOf([awsWithGraphs({...always(...larder), destination: 'CloudWatchLogs'}).aws])
  expect(notes).toEqual([
    'Transaction Search is on in eu-west-1: the map only knows the spans that are indexed there, 5 % of them',
  ])
})

describe('several regions', () => {
  test('have a service each of the same name', async () => {
    const all = ['eu-west-1', 'us-east-1'].map(region => awsWithGraphs(always(...larder), {region}).aws)
    const map = await mapOf(all)
    expect(named(map, 'checkout-api').map(({region}) => region)).toEqual(['eu-west-1', 'us-east-1'])
    expect(map.coverage.scopes.map(({account}) => account)).toEqual([accountId, accountId])
  })

  test('are of one account where one profile sees them, also where a region has no traces', async () => {
    const all = [awsWithGraphs(always(...larder)).aws, awsWithGraphs(always(), {region: 'us-east-1'}).aws]
    const {coverage} = await mapOf(all)
    expect(coverage.scopes.map(({account}) => account)).toEqual([accountId, accountId])
  })

  test('of which one refuses are answered without it: a gap, exit 3', async () => {
    const all = [
      awsWithGraphs(always(...larder)).aws,
      awsWithGraphs({...always(), denied: true}, {region: 'us-east-1'}).aws,
    ]
    const opened = await open(all)
    const map = await opened.read()
    expect(map.coverage.gaps).toMatchObject([{what: 'everything in us-east-1', region: 'us-east-1', reason: 'denied'}])
    expect(opened.verdicts()).toEqual([3])
    expect(opened.receipt(now, new AbortController().signal)).toMatchObject({
      complete: false,
      sources: {total: 2, complete: 1},
    })
  })

  test('that two accounts see are not counted twice', async () => {
    const all = ['a', 'b'].map(profile => awsWithGraphs(always(...larder), {profile}).aws)
    expect(named(await mapOf(all), 'stock')).toMatchObject([{stats: {calls: 120}}])
  })
})

test('a refusal ends it with the permission that is missing, after one call a reader', async () => {
  const {aws, asked} = awsWithGraphs({...always(), denied: true})
  await expect(mapOf([aws], [], {start: now - 10 * 24 * hour})).rejects.toMatchObject({
    exitCode: 4,
    hint: expect.stringContaining('xray:GetServiceGraph'),
  })
  expect(asked.length).toBeLessThanOrEqual(4)
})

test('a part of the window that fails is a gap', async () => {
  const {aws, asked} = awsWithGraphs({...always(...larder), fails: ({end}) => end === now})
  const opened = await open([aws], [], {start: now - 13 * hour})
  const {coverage, services} = await opened.read()
  const newest = asked.find(({end}) => end === now)?.start ?? 0
  expect(services[0]?.stats?.overMs).toBe(13 * hour - (now - newest))
  expect(coverage.gaps).toMatchObject([{what: '1 of 3 parts of the window in eu-west-1', reason: 'failed'}])
  expect(opened.receipt(now, new AbortController().signal)?.sources).toMatchObject({total: 3, complete: 2})
  expect(opened.verdicts()).toEqual([3])
})

test('Ctrl-C leaves the map of what was read, and the rest is a gap', async () => {
  const stop = new AbortController()
  const {aws} = awsWithGraphs({
    pages: ({end}) => {
      if (end < now) stop.abort()
      return [larder]
    },
  })
  const opened = await open([aws], [], {start: now - 10 * 24 * hour}, stop)
  const map = await opened.read()
  expect(names(map)).toContain('checkout-api')
  const gaps = [{what: expect.stringMatching(/^\d+ of 41 parts of the window in eu-west-1$/), reason: 'interrupted'}]
  expect(map.coverage.gaps).toMatchObject(gaps)
  expect(opened.receipt(now, stop.signal)?.gaps).toMatchObject(gaps)
  expect(opened.verdicts()).toEqual([3])
})

test('Ctrl-C before anything was read is no map of nothing, but a gap', async () => {
  const stop = new AbortController()
  const {aws} = awsWithGraphs(always(...larder))
  const opened = await open([aws], [], {}, stop)
  stop.abort()
  expect(await opened.read()).toMatchObject({
    services: [],
    notes: [],
    coverage: {gaps: [{what: 'everything in eu-west-1', reason: 'interrupted'}]},
  })
})

test('of a window that has just ended it says that traces may still come', async () => {
  const {notes} = await mapOf([awsWithGraphs(always(...larder)).aws], [], {now})
  expect(notes).toEqual(['the window ended less than a minute ago: traces may still arrive'])
})
