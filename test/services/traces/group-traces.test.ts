import type {TraceSummary} from '@aws-sdk/client-xray'
import {describe, expect, test} from 'vitest'
import {groupTraces, type TraceGrouping} from '../../../src/services/traces/group-traces.ts'
import {listedTrace} from '../../../src/services/traces/trace-summary.ts'
import {aSummary, idOf, now} from './fake-summaries.ts'

const lambda = {Name: 'checkout-api', Type: 'AWS::Lambda::Function'}

const failed = (i: number, service: string, name: string, message: string, more: Partial<TraceSummary> = {}) =>
  aSummary(i, {
    HasFault: true,
    FaultRootCauses: [
      {
        Services: [
          {...lambda, EntityPath: [{Name: 'checkout-api', Exceptions: []}]},
          {Name: service, EntityPath: [{Name: service, Exceptions: [{Name: name, Message: message}]}]},
        ],
      },
    ],
    ...more,
  })

function grouped(by: TraceGrouping, summaries: readonly TraceSummary[]) {
  const traces = summaries.flatMap(summary => listedTrace(summary, 'eu-west-1') ?? [])
  return groupTraces(traces, by)
}

describe('groups', () => {
  test('by cause: where the failure began and what it was, ids masked; before where only time went', () => {
    const slow = {Services: [{...lambda, EntityPath: [{Name: 'checkout-api'}, {Name: 'Invocation', Coverage: 0.9}]}]}
    const groups = grouped('cause', [
      failed(1, 'payments', 'Timeout', 'order 7 took 1500 ms', {Duration: 3}),
      failed(2, 'payments', 'Timeout', 'order 8 took 1502 ms', {Duration: 1}),
      failed(3, 'orders', 'ConditionalCheckFailed', 'no'),
      ...[4, 5, 6].map(i => aSummary(i, {ResponseTimeRootCauses: [slow]})),
      ...[7, 8, 9, 10].map(i => aSummary(i)),
    ])
    expect(groups.map(({title, kind, count, failed, sampleId}) => [title, kind, count, failed, sampleId])).toEqual([
      ['checkout-api → payments: Timeout: order <n> took <n> ms', 'fault', 2, 2, idOf(1)],
      ['checkout-api → orders: ConditionalCheckFailed: no', 'fault', 1, 1, idOf(3)],
      ['checkout-api', 'slow', 3, 0, idOf(4)],
      [null, null, 4, 0, idOf(7)],
    ])
    expect(groups[0]).toMatchObject({
      share: 0.2,
      durationMs: {p50: 1_000, p95: 3_000, max: 3_000},
      firstSeen: now - 2_000,
      lastSeen: now - 1_000,
    })
  })

  test('by URL: method and path, ids in it masked, the query left out', () => {
    const called = (i: number, method: string, url: string) => aSummary(i, {Http: {HttpMethod: method, HttpURL: url}})
    const groups = grouped('url', [
      called(1, 'GET', 'https://shop1.example/v2/orders/ord_1f03?token=abc'),
      called(2, 'GET', 'https://shop1.example/v2/orders/77#x'),
      called(3, 'POST', 'https://shop1.example/v2/orders'),
      called(4, 'GET', '/health'),
      aSummary(5, {Http: {}}),
    ])
    expect(groups.map(({title, count}) => [title, count])).toEqual([
      ['GET https://shop1.example/v2/orders/<id>', 2],
      ['GET /health', 1],
      ['POST https://shop1.example/v2/orders', 1],
      [null, 1],
    ])
  })

  test('by service: a trace is in each that it went through, once for both nodes of a function', () => {
    const through = (i: number, ...names: readonly string[]) =>
      aSummary(i, {
        ServiceIds: [
          {Name: 'client', Type: 'client'},
          ...names.flatMap(Name => ['AWS::Lambda', 'AWS::Lambda::Function'].map(Type => ({Name, Type}))),
        ],
      })
    const groups = grouped('service', [through(1, 'a', 'b'), through(2, 'a'), through(3)])
    expect(groups.map(({title, count}) => [title, count])).toEqual([
      ['a', 2],
      ['b', 1],
      [null, 1],
    ])
  })

  test('by service: a failure is one of the services it went through, not of others on the trace', () => {
    const [api, table, remote] = [
      {Name: 'api', Type: 'AWS::ApiGateway::Stage'},
      {Name: 'stock', Type: 'AWS::DynamoDB::Table'},
      {Name: 'payments', Type: 'remote'},
    ]
    const all = [api, lambda, table, remote]
    const groups = grouped('service', [
      aSummary(1, {
        HasFault: true,
        EntryPoint: api,
        ServiceIds: all,
        FaultRootCauses: [{Services: [api, lambda, remote]}],
      }),
      aSummary(2, {EntryPoint: api, ServiceIds: all, ErrorRootCauses: [{Services: [lambda, remote]}]}),
    ])
    const counts = groups.map(({title, outcomes}) => [title, outcomes.fault, outcomes.error, outcomes.handled])
    expect(Object.fromEntries(counts.map(([title, ...rest]) => [title, rest]))).toEqual({
      api: [1, 0, 0],
      'checkout-api': [1, 0, 1],
      payments: [1, 1, 0],
      stock: [0, 0, 0],
    })
  })

  test('a queue is named as people say it', () => {
    const queue = {Name: 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders-billing', Type: 'AWS::SQS::Queue'}
    expect(grouped('service', [aSummary(1, {ServiceIds: [queue]})])[0]?.title).toBe('orders-billing')
  })

  test('what fails often and much comes first, before what is large', () => {
    const by = (name: string, many: number, failing: number, from: number) =>
      Array.from({length: many}, (_, i) =>
        aSummary(from + i, {HasFault: i < failing, Users: [{UserName: name}], Http: {HttpURL: `/${name}`}}),
      )
    const summaries = [...by('busy', 900, 2, 1), ...by('once', 1, 1, 1_000), ...by('ill', 200, 60, 2_000)]
    for (const grouping of ['user', 'url'] as const) {
      const groups = grouped(grouping, summaries)
      expect(groups.map(({title}) => title?.replace('/', ''))).toEqual(['ill', 'once', 'busy'])
      expect(groups[0]?.outcomes).toEqual({fault: 60, throttle: 0, error: 0, handled: 0})
      expect(groups[0]?.sampleId).toBe(idOf(2_000))
    }
  })

  test('by cause each trace is in one group, faults before errors, however many these are', () => {
    const error = (i: number) => aSummary(i, {HasError: true, ErrorRootCauses: [{Services: [{Name: 'api'}]}]})
    const groups = grouped('cause', [
      ...Array.from({length: 9}, (_, i) => error(10 + i)),
      failed(1, 'payments', 'Timeout', 'too late', {
        ErrorRootCauses: [{Services: [lambda, {Name: 'stock', EntityPath: [{Name: 'x'}]}]}],
      }),
    ])
    expect(groups.map(({title, count}) => [title, count])).toEqual([
      ['checkout-api → payments: Timeout: too late', 1],
      ['api', 9],
    ])
  })

  test('by user', () => {
    const groups = grouped('user', [aSummary(1, {Users: [{UserName: 'ann'}, {UserName: 'ann'}]}), aSummary(2)])
    expect(groups.map(({title, count}) => [title, count])).toEqual([
      ['ann', 1],
      [null, 1],
    ])
  })

  test('of nothing are none, and what is not known is not made up', () => {
    expect(grouped('cause', [])).toEqual([])
    expect(grouped('cause', [{Id: 'x'}])).toMatchObject([
      {count: 1, durationMs: null, firstSeen: null, lastSeen: null, sampleId: 'x'},
    ])
  })
})

test('a summary is taken as it comes, whatever is missing or odd in it', () => {
  expect(listedTrace({}, 'eu-west-1')).toBe(null)
  expect(listedTrace({Id: '1-6b006e77-1ecf9fce2c66192a4c1a096c'}, 'eu-west-1')).toMatchObject({
    start: 0x6b006e77 * 1_000,
    durationMs: null,
    method: null,
    entry: null,
    server: null,
    services: [],
    outcome: 'ok',
    causes: [],
    cause: null,
    annotations: {},
    users: [],
    account: null,
  })
  const odd: TraceSummary = {
    Id: 'not-an-id',
    StartTime: new Date(Number.NaN),
    Duration: Number.NaN,
    Http: {HttpStatus: Number.POSITIVE_INFINITY},
    FaultRootCauses: [{}, {Services: []}, {Services: [{}]}],
    Annotations: {a: [{AnnotationValue: {NumberValue: 1}}, {AnnotationValue: {BooleanValue: false}}, {}]},
  }
  expect(listedTrace(odd, 'eu-west-1')).toMatchObject({
    start: null,
    durationMs: null,
    status: null,
    causes: [{kind: 'fault', service: '', exception: null}],
    annotations: {a: [1, false]},
  })
})

test('what a summary tells of a trace is worked out once: what became of it, why, what served it, what people call that', () => {
  const queue = 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders-queue'
  const exceptions = [{Name: 'Throttled', Message: 'slow down'}]
  const cause = {
    Services: [
      {Name: 'worker', Type: 'AWS::Lambda'},
      {Name: queue, Type: 'AWS::SQS::Queue', EntityPath: [{Name: 'SQS', Exceptions: exceptions}]},
    ],
  }
  const summary: TraceSummary = {
    Id: '1-6b006e77-1ecf9fce2c66192a4c1a096c',
    HasError: true,
    EntryPoint: {Name: 'worker'},
    ServiceIds: [
      {Name: 'worker', Type: 'AWS::Lambda::Function'},
      {Name: queue, Type: 'AWS::SQS::Queue'},
    ],
    ErrorRootCauses: [cause],
  }
  expect(listedTrace(summary, 'eu-west-1')).toMatchObject({
    outcome: 'error',
    server: {name: 'worker', readableName: 'worker'},
    services: [{readableName: 'worker'}, {name: queue, readableName: 'orders-queue'}],
    cause: {
      kind: 'error',
      service: queue,
      place: 'worker → orders-queue',
      exception: {name: 'Throttled', message: 'slow down'},
    },
  })
  expect(grouped('cause', [summary])).toMatchObject([{health: 'straining'}])
})
