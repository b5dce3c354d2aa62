import {findFailures} from '../../src/services/traces/find-failures.ts'
import {unhealthyServices} from '../../src/services/traces/select-services.ts'
import {
  type CallCounts,
  type CallStats,
  functionNameOf,
  type MapEdge,
  type MapService,
  type ServiceMap,
  withHealth,
} from '../../src/services/traces/service-map.ts'
import {serviceName} from '../../src/services/traces/service-name.ts'
import type {Terminal} from '../../src/ui/terminal.ts'

const windowStart = Date.parse('2026-11-20T13:09:00.000Z')
const hour = 3_600_000
const account = '123456789012'
const region = 'eu-west-1'

type Counts = Partial<CallCounts> & {readonly calls: number}

const stats = ({calls, ...counts}: Counts): CallStats =>
  withHealth({
    calls,
    overMs: hour,
    errors: 0,
    throttles: 0,
    faults: 0,
    p50Ms: null,
    p95Ms: null,
    ...counts,
  })

export function service(name: string, type: string, counts: Counts | null, more: Partial<MapService> = {}): MapService {
  const isClient = type === 'client'
  return {
    id: [region, isClient ? '-' : account, type, name].join('/'),
    name,
    shownName: serviceName({name}),
    type,
    functionName: functionNameOf({name, type}),
    account: isClient ? null : account,
    region,
    isClient,
    isRoot: false,
    stats: counts && stats(counts),
    ...more,
  }
}

export function edge(from: MapService, to: MapService, counts: Counts | null, more: Partial<MapEdge> = {}): MapEdge {
  return {
    from: from.id,
    to: to.id,
    isAsync: false,
    stats: counts && stats(counts),
    ageP50Ms: null,
    ageP95Ms: null,
    ...more,
  }
}

/** A map of an hour of one region. */
export const makeMap = (
  services: readonly MapService[],
  edges: readonly MapEdge[],
  more: Partial<ServiceMap> = {},
): ServiceMap => ({
  coverage: {
    window: {start: windowStart, end: windowStart + hour},
    scopes: [{account, region, profile: null, endpoint: 'aws'}],
    gaps: [],
  },
  services,
  edges,
  unhealthy: unhealthyServices({services, edges}),
  failures: findFailures({services, edges}),
  notes: [],
  ...more,
})

const lambda = 'AWS::Lambda::Function'
const client = service('client', 'client', null)
const api = service('larder-http-api', 'AWS::ApiGateway::Stage', {
  calls: 24_000,
  faults: 1_150,
  p50Ms: 80,
  p95Ms: 1_900,
})
const checkout = service('checkout-api', lambda, {calls: 23_900, faults: 1_150, p50Ms: 60, p95Ms: 1_850})
const inventory = service('inventory', lambda, {calls: 13_000, p50Ms: 10, p95Ms: 41})
const payments = service('payments.example', 'remote', {calls: 23_800, faults: 1_120, p50Ms: 210, p95Ms: 1_500})
const queue = service('larder-orders', 'AWS::SQS::Queue', {calls: 22_000, p50Ms: 8, p95Ms: 12})
const stock = service('larder-stock', 'AWS::DynamoDB::Table', {
  calls: 26_000,
  errors: 30,
  throttles: 30,
  p50Ms: 4,
  p95Ms: 9,
})
const billing = service('billing-worker', lambda, {calls: 22_000, p50Ms: 1_240, p95Ms: 1_400})
const search = service('search', lambda, {calls: 400, p50Ms: 18, p95Ms: 25})

/** A small company with a payment provider that fails. */
export const larder = makeMap(
  [client, api, checkout, inventory, payments, queue, stock, billing, search],
  [
    edge(client, api, {calls: 24_000, faults: 1_150, p50Ms: 80, p95Ms: 1_900}),
    edge(api, search, {calls: 400, p50Ms: 20, p95Ms: 30}),
    edge(api, checkout, {calls: 23_900, faults: 1_150, p50Ms: 75, p95Ms: 1_880}),
    edge(checkout, inventory, {calls: 12_600, p50Ms: 12, p95Ms: 41}),
    edge(checkout, payments, {calls: 23_800, faults: 1_120, p50Ms: 210, p95Ms: 1_500}),
    edge(checkout, queue, {calls: 22_000, p50Ms: 8, p95Ms: 12}),
    edge(inventory, stock, {calls: 26_000, errors: 30, throttles: 30, p50Ms: 4, p95Ms: 9}),
    edge(queue, billing, {calls: 22_000}, {isAsync: true, ageP50Ms: 1_900, ageP95Ms: 41_000}),
    edge(search, inventory, {calls: 400, p50Ms: 10, p95Ms: 12}),
    edge(billing, billing, {calls: 12}),
  ],
)

/** So many services in a chain of groups: each calls the next, and some that others call too. */
export function wideMap(count: number): ServiceMap {
  const services = Array.from({length: count}, (_, i) =>
    service(`service-${i}`, i % 3 === 0 ? lambda : 'remote', {calls: 100 + i}),
  )
  const edges = services.flatMap((from, i) =>
    [i + 1, i * 2 + 1, i * 3 + 2].flatMap(to => {
      const called = services[to]
      return called && to % 10 !== 0 ? [edge(from, called, {calls: 10 + to, faults: to === 137 ? 9 : 0})] : []
    }),
  )
  return makeMap(services, edges)
}

const hostile = [
  '\u001b[31mred\u0007',
  'a"b\\"c\\',
  '<script>alert(1)</script>&amp;',
  '\u202egpj.exe',
  '--flag `x` | y',
  'two\nlines',
  '在庫サービス',
  '\ufffe',
]

/** Names that would do harm where they are not taken for text. */
export function hostileMap(): ServiceMap {
  const services = hostile.map(name => service(name, `${name}::type`, {calls: 10, faults: 5}))
  const edges = services.flatMap((from, i) =>
    services.slice(i + 1, i + 2).map(to => edge(from, to, {calls: 5, faults: 2})),
  )
  return makeMap(services, edges, {notes: hostile})
}

export const terminal = (columns: number, more: Partial<Terminal> = {}): Terminal => ({
  columns,
  color: false,
  unicode: true,
  isTTY: true,
  ...more,
})
