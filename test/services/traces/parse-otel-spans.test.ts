import {describe, expect, test} from 'vitest'
import {assembleTrace} from '../../../src/services/traces/assemble-trace.ts'
import {parseOtelSpans} from '../../../src/services/traces/parse-otel-spans.ts'
import type {Span} from '../../../src/services/traces/span.ts'
import type {Trace} from '../../../src/services/traces/trace.ts'
import {cases} from '../../fuzz.ts'
import {drawn} from './assembled.ts'
import * as broken from './broken-traces.ts'
import {faultsOf} from './check-trace.ts'
import type {TestTrace} from './documents.ts'
import {mutatedTraces} from './mutated-documents.ts'
import {recordsOf} from './otel-records.ts'
import * as sound from './traces.ts'

const start = Date.UTC(2026, 10, 20, 13, 30)
const nano = (ms: number): string => `${BigInt(start) * 1_000_000n + BigInt(Math.round(ms * 1e6))}`
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'

const record = (more: object = {}): object => ({
  traceId,
  spanId: '00f067aa0ba902b7',
  parentSpanId: '53995c3f42cd8ad8',
  name: 'work',
  kind: 'INTERNAL',
  startTimeUnixNano: nano(1.5),
  endTimeUnixNano: nano(4.25),
  ...more,
})

function read(document: unknown): Span {
  const {spans, problems} = parseOtelSpans(JSON.stringify(document))
  expect(problems).toEqual([])
  expect(spans).toHaveLength(1)
  return spans[0] as Span
}

function otelTrace({id, documents}: TestTrace): Trace {
  const parsed = recordsOf({id, documents} as TestTrace).map(one => parseOtelSpans(JSON.stringify(one)))
  const fetched = {
    id,
    source: 'transaction-search' as const,
    spans: parsed.flatMap(({spans}) => spans),
    isLimitExceeded: false,
    problems: parsed.flatMap(({problems}) => problems),
  }
  const trace = assembleTrace(fetched)
  expect(faultsOf(trace, fetched)).toEqual([])
  return trace
}

/** What is drawn of each node, apart from what only an inferred segment tells. */
const told = ({nodes}: Trace) =>
  nodes.map(({span, durationMs, selfMs, criticalMs, isInProgress, cause}) => ({
    ...{name: span.name, start: span.start, end: span.end, durationMs, selfMs, criticalMs, isInProgress, cause},
    ...{status: span.status, kind: span.kind, namespace: span.namespace, operation: span.operation},
    ...{resource: span.resource, requestId: span.requestId, retries: span.retries, http: span.http, user: span.user},
    ...{functionArn: span.functionArn, logGroup: span.logGroup, annotations: span.annotations, links: span.links},
  }))

describe('case 11: spans give the tree that segments give', () => {
  const shapes = {
    ...{web: sound.scorekeepTrace, linked: sound.linkedTrace, receiver: sound.receiverTrace},
    ...{provisioned: sound.provisionedTrace, restored: sound.restoredTrace, kinesis: sound.kinesisTrace},
    ...{retried: sound.retriedTrace, timeless: sound.timelessTrace, mixed: sound.mixedTrace},
  }
  test.each(Object.entries(shapes))('%s', (_, shape) => {
    const [asSegments, asSpans] = [assembleTrace(shape().fetched), otelTrace(shape())]
    expect(drawn(asSpans)).toEqual(drawn(asSegments))
    expect(told(asSpans)).toEqual(told(asSegments))
    expect(asSpans.coldStarts).toEqual(asSegments.coldStarts)
    expect(asSpans.links).toEqual(asSegments.links)
  })

  test('also where the tree is broken', () => {
    for (const shape of Object.values(broken)) {
      const trace = typeof shape === 'function' ? (shape as () => TestTrace)() : null
      if (trace) otelTrace(trace)
    }
  })
})

describe('a span', () => {
  test('has its times to the microsecond, whether they are digits or numbers', () => {
    const digits = {startTimeUnixNano: '1785728614687603968', endTimeUnixNano: '1785728614718127104'}
    const asNumbers = `{"spanId":"a","startTimeUnixNano":1785728614687603968,"endTimeUnixNano":1785728614718127104}`
    expect(read(record(digits))).toMatchObject({start: 1_785_728_614_687.604, end: 1_785_728_614_718.127})
    expect(parseOtelSpans(asNumbers).spans[0]).toMatchObject({start: 1_785_728_614_687.604, end: 1_785_728_614_718.127})
  })

  test.each([
    ['without an end', {endTimeUnixNano: null}, null],
    ['that says that it is in progress', {attributes: {'aws.xray.inprogress': true}}, null],
    ['with a duration in place of an end', {endTimeUnixNano: undefined, durationNano: 2_750_000}, start + 4.25],
    ['with an end that is no time', {endTimeUnixNano: 'soon'}, null],
  ])('%s', (_, more, end) => {
    expect(read(record(more)).end).toBe(end)
  })

  test('has no parent where that is zeros or nothing', () => {
    expect(read(record({parentSpanId: '0000000000000000'})).parentId).toBeNull()
    expect(read(record({parentSpanId: ''})).parentId).toBeNull()
    expect(read(record()).parentId).toBe('53995c3f42cd8ad8')
  })

  test.each([
    [
      {kind: 'SERVER', attributes: {'aws.local.service': 'checkout'}},
      {name: 'checkout', namespace: null},
    ],
    [{kind: 'SPAN_KIND_SERVER', resource: {attributes: {'service.name': 'checkout'}}}, {name: 'checkout'}],
    [{kind: 2, attributes: {'aws.local.service': 'UnknownService'}}, {name: 'work'}],
    [
      {kind: 'INTERNAL', attributes: {'aws.local.service': 'checkout'}},
      {name: 'work', namespace: null},
    ],
    [
      {kind: 'CLIENT', attributes: {'aws.remote.service': 'payments.example.com'}},
      {name: 'payments.example.com', namespace: 'remote'},
    ],
    [
      {
        kind: 'CLIENT',
        name: 'DynamoDB.GetItem',
        attributes: {
          'rpc.system': 'aws-api',
          'aws.remote.service': 'AWS::DynamoDB',
          'rpc.method': 'GetItem',
          'aws.dynamodb.table_names': ['orders'],
        },
      },
      {name: 'DynamoDB', namespace: 'aws', operation: 'GetItem', resource: 'orders'},
    ],
    [
      {kind: 'CLIENT', name: 'S3.ListBuckets', attributes: {'rpc.system': 'aws-api'}},
      {name: 'S3', operation: 'ListBuckets'},
    ],
    [
      {
        kind: 'CLIENT',
        attributes: {'rpc.system.name': 'aws-api', 'rpc.method': 'SQS/SendMessage', 'rpc.service': 'SQS'},
      },
      {name: 'SQS', operation: 'SendMessage'},
    ],
    [
      {kind: 'CLIENT', attributes: {'db.name': 'shop', 'server.address': 'db.example.com', 'db.statement': 'SELECT ?'}},
      {name: 'shop@db.example.com', resource: 'SELECT ?'},
    ],
    [{name: 'checkout/LambdaService'}, {name: 'checkout', origin: 'AWS::Lambda'}],
    [{name: 'Overhead/LambdaExecutionEnvironment'}, {name: 'Overhead', origin: null}],
    [{kind: 'SERVER', resource: {attributes: {'cloud.platform': 'aws_ecs'}}}, {origin: 'AWS::ECS::Container'}],
  ])('%j is named as X-Ray would', (more, expected) => {
    expect(read(record(more))).toMatchObject(expected)
  })

  test('of a function’s handler has the request, the function and its log group', () => {
    const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:checkout'
    const resource = {
      attributes: {'cloud.resource_id': arn, 'cloud.region': 'eu-west-1', 'aws.log.group.names': '/shops/orders'},
    }
    const attributes = {'faas.invocation_id': '13d1305b-2ab4-4c0c-9d0b-2f7f0c5a9e11'}
    const expected = {
      requestId: attributes['faas.invocation_id'],
      functionArn: arn,
      logGroup: '/shops/orders',
      account: '123456789012',
      region: 'eu-west-1',
    }
    expect(read(record({kind: 'SERVER', resource, attributes}))).toMatchObject(expected)
    // what it called has them on its resource, too, and is not the function
    expect(read(record({kind: 'CLIENT', resource, attributes}))).toMatchObject({
      functionArn: null,
      requestId: null,
      logGroup: null,
    })
  })

  test.each([
    ['ok', {status: {code: 'OK'}, attributes: {'http.status_code': 404}}],
    ['ok', {status: {code: 1}}],
    ['fault', {status: {code: 'ERROR'}}],
    ['fault', {status: {code: 2}, attributes: {'http.response.status_code': '503'}}],
    ['error', {status: {code: 'STATUS_CODE_ERROR'}, attributes: {'http.response.status_code': 401}}],
    ['throttle', {status: {code: 'ERROR'}, attributes: {'http.response.status_code': 429}}],
    ['error', {attributes: {'aws.xray.error': 'true'}}],
    ['throttle', {attributes: {'aws.xray.error': true, 'aws.xray.throttle': true}}],
  ])('ends as %s with %j', (status, more) => {
    expect(read(record(more)).status).toBe(status)
  })

  test.each([
    [
      {'aws.remote.service': 'AWS::DynamoDB', 'aws.remote.resource.type': 'AWS::DynamoDB::Table'},
      'AWS::DynamoDB::Table',
    ],
    [{'aws.remote.service': 'AWS::S3'}, 'AWS::S3'],
    [{'aws.remote.service': 'AWS::Lambda', 'aws.remote.resource.type': 'AWS::Lambda::Function'}, null],
    [{'aws.remote.service': 'payments.example'}, null],
  ])('of a call has the type of what X-Ray infers from it: %j', (attributes, origin) => {
    expect(read(record({kind: 'CLIENT', attributes})).origin).toBe(origin)
    expect(read(record({kind: 'INTERNAL', attributes})).origin).toBeNull()
  })

  test('has the account and region of its resource where it is what was called, and else its own', () => {
    const arn = 'arn:aws:apigateway:eu-west-1::/restapis/x1/stages/prod'
    const resource = {attributes: {'cloud.account.id': '123456789012', 'cloud.resource_id': arn}}
    expect(read(record({kind: 'SERVER', resource}))).toMatchObject({account: '123456789012', region: 'eu-west-1'})
    const call = record({kind: 'CLIENT', resource, attributes: {'aws.region': 'us-east-1'}})
    expect(read(call)).toMatchObject({account: null, region: 'us-east-1'})
    const named = {attributes: {'cloud.resource_id': 'i-0:a:b:c:d'}}
    expect(read(record({kind: 'SERVER', resource: named})).region).toBeNull()
  })

  test('has the exceptions among its events as its cause, when it failed', () => {
    const stack =
      'TypeError: no\n    at charge (/var/task/index.mjs:12:7)\n  File "/var/task/app.py", line 3, in charge\n'
    const events = [
      {name: 'message', attributes: {}},
      {
        name: 'exception',
        attributes: {'exception.type': 'TypeError', 'exception.message': 'no', 'exception.stacktrace': stack},
      },
    ]
    const frame = {path: '/var/task/index.mjs', line: 12, label: 'charge'}
    const stacked = [frame, {path: '/var/task/app.py', line: 3, label: 'charge'}]
    expect(read(record({events, status: {code: 'ERROR'}})).cause).toEqual({
      exceptions: [{id: null, type: 'TypeError', message: 'no', remote: false, stack: stacked}],
    })
    expect(read(record({events})).cause).toBeNull()
    expect(read(record({status: {code: 'ERROR', message: 'gone'}})).cause).toMatchObject({
      exceptions: [{type: null, message: 'gone'}],
    })
  })

  test('keeps its attributes, which it has in place of metadata', () => {
    expect(read(record({attributes: {'order.id': 17}})).metadata).toEqual({'order.id': 17})
  })
})

test('a document of OTLP has its spans in lists, and its attributes with their types', () => {
  const attributes = [
    {key: 'http.request.method', value: {stringValue: 'GET'}},
    {key: 'http.response.status_code', value: {intValue: '200'}},
    {key: 'url.path', value: {stringValue: '/orders'}},
    {key: 'server.address', value: {stringValue: 'api.example.com'}},
    {key: 'list', value: {arrayValue: {values: [{boolValue: true}, {doubleValue: 0.5}]}}},
  ]
  const resource = {attributes: [{key: 'service.name', value: {stringValue: 'orders'}}]}
  const spans = [record({kind: 2, attributes}), record({spanId: 'b', kind: 1})]
  const {spans: read} = parseOtelSpans(JSON.stringify({resourceSpans: [{resource, scopeSpans: [{spans}]}]}))
  expect(read.map(({name}) => name)).toEqual(['orders', 'work'])
  expect(read[0]?.http).toEqual({
    method: 'GET',
    url: 'https://api.example.com/orders',
    status: 200,
    userAgent: null,
    clientIp: null,
  })
  expect(read[0]?.metadata).toMatchObject({list: [true, 0.5]})
})

test('attributes nested 100,000 deep, and words that every object knows, are read', () => {
  const depth = 100_000
  const value = `${'{"kvlistValue":{"values":[{"key":"a","value":'.repeat(depth)}{}${'}]}}'.repeat(depth)}`
  const json = JSON.stringify(record({attributes: [{key: 'deep', value: 'here'}]})).replace('"here"', value)
  expect(parseOtelSpans(json)).toMatchObject({spans: [{name: 'work'}], problems: []})

  const resource = {attributes: {'cloud.platform': 'constructor'}}
  expect(read(record({kind: 'SERVER', resource})).origin).toBeNull()
})

test.each([
  ['', 'a span is not a JSON object'],
  ['null', 'a span is not a JSON object'],
  ['{}', 'a span has no time'],
  ['{"spanId":"a","startTimeUnixNano":-5}', 'a span has no time'],
  ['{"startTimeUnixNano":"1785728614687603968"}', 'a span without an id'],
  ['{"spanId":"a","endTimeUnixNano":"1785728614687603968"}', 'a span without a start'],
])('%s is told as unreadable', (json, problem) => {
  expect(parseOtelSpans(json).problems).toContain(problem)
})

test('mutated records are read and assembled, whatever has become of them', () => {
  const {seed, numRuns} = cases(3_000)
  let documents = 0
  for (const jsons of mutatedTraces(seed)) {
    if (documents >= numRuns) break
    documents += jsons.length
    const parsed = jsons.flatMap((json): readonly unknown[] => {
      try {
        return recordsOf({id: sound.receiverId, documents: [JSON.parse(json)]} as unknown as TestTrace)
      } catch {
        return [json]
      }
    })
    const spans = parsed.flatMap(one => parseOtelSpans(JSON.stringify(one)).spans)
    const fetched = {
      id: sound.receiverId,
      source: 'transaction-search' as const,
      spans,
      isLimitExceeded: false,
      problems: [],
    }
    expect(faultsOf(assembleTrace(fetched), fetched)).toEqual([])
  }
})
