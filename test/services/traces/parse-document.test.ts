import {describe, expect, test} from 'vitest'
import {parseDocument} from '../../../src/services/traces/parse-document.ts'
import type {Span} from '../../../src/services/traces/span.ts'
import {hostileTrace} from './broken-traces.ts'
import {arnOf, at, lambdaPair, type TestDocument, traceOf, work} from './documents.ts'
import {linkedTrace, receiverId, scorekeepTrace} from './traces.ts'

const parsed = (document: unknown) => parseDocument(JSON.stringify(document))

/** The segment of a document, made of what every segment has and these fields. */
function segment(fields: TestDocument): Span | undefined {
  return parsed({...work('root', 'api', 0, 10), ...fields}).spans[0]
}

const spanOf = (id: string, {fetched}: {readonly fetched: {readonly spans: readonly Span[]}}): Span | undefined =>
  fetched.spans.find(span => span.id === id)

test('a segment and its subsegments are spans, each after the one it is in', () => {
  const {spans, problems} = parsed(scorekeepTrace().documents[1])
  expect(problems).toEqual([])
  expect(spans.map(({id, parentId, kind}) => [id, parentId, kind])).toEqual([
    ['root', null, 'segment'],
    ['inv1', 'root', 'subsegment'],
    ['save', 'root', 'subsegment'],
    ['ddb1', 'save', 'subsegment'],
  ])
  expect(new Set(spans.map(({documentId}) => documentId)).size).toBe(1)
  expect(spans[0]).toMatchObject({
    name: 'Scorekeep',
    origin: 'AWS::ElasticBeanstalk::Environment',
    user: '5M388M1E',
    http: {
      method: 'POST',
      url: 'http://scorekeep.example.com/api/user',
      status: 200,
      userAgent: 'Mozilla/5.0 (Windows NT 6.1; Win64; x64)',
      clientIp: '192.0.2.183',
    },
  })
  expect(spans[1]).toMatchObject({operation: 'Invoke', resource: 'random-name', requestId: 'ac08', namespace: 'aws'})
  expect(spans[2]?.metadata).toEqual({debug: {test: 'a string'}})
})

test('the two segments of Lambda tell the function, where it ran and its log group', () => {
  const trace = traceOf(lambdaPair('aaaa', 'orders', {service: [0, 10], run: [1, 9]}, [], {logGroup: '/shops/orders'}))
  const place = {functionArn: arnOf('orders'), account: '111122223333', region: 'eu-west-1'}
  expect(spanOf('aaaa-s', trace)).toMatchObject({...place, requestId: '6e0c0b4e-0000-4000-8000-aaaa00000000'})
  expect(spanOf('aaaa-f', trace)).toMatchObject({...place, parentId: 'aaaa-s', logGroup: '/shops/orders'})
})

test('times are epoch ms to the microsecond', () => {
  const exact = parseDocument('{"id":"a","name":"n","start_time":1.499473411677E9,"end_time":1499473414.5721234}')
  expect(exact.spans[0]).toMatchObject({start: 1_499_473_411_677, end: 1_499_473_414_572.123})
})

test.each([
  [{table_name: 'orders', resource_names: ['other']}, 'orders'],
  [{queue_url: 'https://sqs.eu-west-1.amazonaws.com/1/q'}, 'https://sqs.eu-west-1.amazonaws.com/1/q'],
  [{topic_arn: 'arn:aws:sns:eu-west-1:1:t'}, 'arn:aws:sns:eu-west-1:1:t'],
  [{bucket_name: 'pictures', key: 'a'}, 'pictures'],
  [{resource_names: [7, 'first', 'second']}, 'first'],
  [{resource_names: 'alone'}, 'alone'],
  [{}, null],
])('what %j calls is %j', (aws, resource) => {
  expect(segment({aws})?.resource).toBe(resource)
})

test('a statement is what was called in a database', () => {
  const statement = 'SELECT * FROM orders WHERE id = ?'
  expect(segment({sql: {url: 'jdbc:postgresql://db', sanitized_query: statement}})?.resource).toBe(statement)
})

test.each([
  [{fault: true, error: true}, 'fault'],
  [{throttle: true, error: true}, 'throttle'],
  [{error: true}, 'error'],
  [{error: false, fault: 'false', throttle: 1}, 'ok'],
])('%j is %s', (flags, status) => {
  expect(segment(flags)?.status).toBe(status)
})

test('case 3: a link tells the other trace, what it is to this one, and when the message left the queue', () => {
  expect(spanOf('prod-v', linkedTrace())?.links).toEqual([
    {
      traceId: receiverId,
      spanId: 'cons-s',
      reference: 'child',
      dwellEnd: at(792) * 1e3,
      receivedEnd: at(792) * 1e3,
    },
  ])
})

test('a link in W3C form is the same trace, and one that names none is no link', () => {
  const plain = receiverId.replaceAll('-', '').slice(1)
  const none = {spanId: null, reference: null, dwellEnd: null, receivedEnd: null}
  const links = [{trace_id: plain.toUpperCase()}, {trace_id: 'garbage'}, {id: 'a'}, null, 'x']
  expect(segment({links})?.links).toEqual([{traceId: receiverId, ...none}])
})

describe('case 6: a span is in progress', () => {
  test.each([
    ['that says so', {in_progress: true, end_time: undefined}, []],
    ['without an end', {end_time: undefined}, []],
    ['that says so, and an end', {in_progress: true}, []],
    ['whose end is no time', {end_time: 'soon'}, ['an end that is no time']],
    ['whose end is without end', {end_time: -1}, ['an end that is no time']],
  ])('%s', (_what, fields, problems) => {
    const document = parsed({...work('root', 'api', 0, 10), ...fields})
    expect(document.spans[0]?.end).toBeNull()
    expect(document.problems).toEqual(problems)
  })
})

describe('case 7: a cause', () => {
  test.each([
    ['is the id of an exception', 'abcdefghijklmnop', {exceptionId: 'abcdefghijklmnop'}],
    ['is nothing', {}, null],
    ['has no exceptions', {working_directory: '/', paths: ['/a'], exceptions: []}, null],
    ['is null', null, null],
    ['is of no shape', 42, null],
  ])('%s', (_what, cause, expected) => {
    expect(segment({cause})?.cause).toEqual(expected)
  })

  test('is exceptions, of which nothing need be there', () => {
    const exceptions = [{id: 'e1', type: 'Boom', message: 'no', remote: true, stack: [{line: '7'}, null]}, {}, 'x']
    expect(segment({cause: {exceptions}})?.cause).toEqual({
      exceptions: [
        {
          id: 'e1',
          type: 'Boom',
          message: 'no',
          remote: true,
          stack: [
            {path: '', line: 7, label: null},
            {path: '', line: null, label: null},
          ],
        },
        {id: null, type: null, message: null, remote: false, stack: []},
      ],
    })
  })

  test('that is none is told', () => {
    expect(parsed({...work('root', 'api', 0, 10), cause: [1]}).problems).toEqual(['a cause that is none'])
  })
})

describe('case 8: what is not as it should be is read as far as it goes', () => {
  test('a namespace X-Ray does not know, and keys that nobody does', () => {
    expect(segment({namespace: 'local', Dummy: 'x', toString: 1})).toMatchObject({namespace: 'local', name: 'api'})
  })

  test('a length and a status as text, a URL that is none', () => {
    const http = {request: {method: 'GET', url: 7}, response: {content_length: 'a few', status: '503'}}
    const read = segment({http, sql: {url: '://', sanitized_query: ''}})
    expect(read).toMatchObject({http: {method: 'GET', url: null, status: 503}, resource: null})
  })

  test('an independent subsegment is one, whatever is in it', () => {
    const document = {...work('sub', 'put', 0, 1), type: 'subsegment', parent_id: 'root', sql: {url: ' x '}}
    expect(parsed(document).spans).toMatchObject([{kind: 'subsegment', parentId: 'root'}])
  })

  test.each([
    ['http', 'x', 'http', null],
    ['http', {}, 'http', null],
    ['aws', ['x'], 'operation', null],
    ['annotations', [1], 'annotations', {}],
    ['annotations', {a: 1, b: 'x', c: true, d: null, e: {}, f: [1]}, 'annotations', {a: 1, b: 'x', c: true}],
    ['origin', 7, 'origin', null],
    ['user', '', 'user', null],
    ['links', {a: 1}, 'links', []],
    ['parent_id', {}, 'parentId', null],
    ['name', '', 'name', 'unnamed segment'],
    ['subsegments', null, 'name', 'api'],
  ] as const)('%s as %j', (field, value, property, expected) => {
    expect(segment({[field]: value})?.[property]).toEqual(expected)
  })

  test('without ids the spans have ids of their own, the same when the document comes again', () => {
    const document = {...work('x', 'api', 0, 10), id: undefined, subsegments: [{...work('y', 'in', 1, 2), id: 7}]}
    const {spans, problems} = parsed(document)
    expect(spans[1]?.parentId).toBe(spans[0]?.id)
    expect(spans[0]?.id).not.toBe(spans[1]?.id)
    expect(problems).toEqual(Array(2).fill('a segment without an id'))
    expect(parsed(document).spans).toEqual(spans)
  })

  test('a start that is not told is that of what it is in, else of its trace', () => {
    const within = parsed({...work('a', 'api', 5, 10), subsegments: [{id: 'b', name: 'in'}]})
    expect(within.spans[1]?.start).toBe(at(5) * 1e3)
    expect(within.problems).toEqual(['a segment without a start'])
    expect(parsed({id: 'a', trace_id: '1-5759e988-bd862e3fe1be46a994272793'}).spans[0]?.start).toBe(1_465_510_280_000)
    expect(parsed({id: 'a', name: 'api'})).toEqual({spans: [], problems: ['a document has no time']})
  })

  test.each(['', '{', 'null', '[]', '"x"', '7', '{"id":}'])('what is no document: %j', json => {
    expect(parseDocument(json)).toEqual({spans: [], problems: ['a document is not a JSON object']})
  })

  test('subsegments that are none are left out, and told', () => {
    const {spans, problems} = parsed({...work('a', 'api', 0, 9), subsegments: [null, 'x', work('b', 'in', 1, 2), [1]]})
    expect(spans.map(({id}) => id)).toEqual(['a', 'b'])
    expect(problems).toEqual(Array(3).fill('a subsegment is no object'))
    expect(parsed({...work('a', 'api', 0, 9), subsegments: {}}).problems).toEqual(['subsegments are no list'])
  })

  test('a document nested 100,000 deep is read', () => {
    const depth = 100_000
    const open = '{"id":"a","name":"n","start_time":1,"end_time":2,"subsegments":['
    expect(parseDocument(open.repeat(depth) + ']}'.repeat(depth)).spans).toHaveLength(depth)
  })
})

describe('what is kept of metadata', () => {
  test('is bounded in length, number and depth', () => {
    const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`
    const head = '{"id":"a","name":"n","start_time":1,"end_time":2,"metadata":'
    for (const metadata of [deep, JSON.stringify({a: 'x'.repeat(50_000)}), JSON.stringify(Array(50_000).fill({}))]) {
      const kept = JSON.stringify(parseDocument(`${head}${metadata}}`).spans[0]?.metadata)
      expect(kept.length).toBeLessThan(10_000)
      expect(kept).toContain('…')
    }
  })

  test('a key that would be a prototype is a key', () => {
    const {spans} = parseDocument(
      '{"id":"a","name":"n","start_time":1,"__proto__":{"fault":true},"annotations":{"__proto__":"x","constructor":"y"},"metadata":{"__proto__":{"polluted":true}}}',
    )
    expect(spans[0]).toMatchObject({status: 'ok'})
    expect(Object.entries(spans[0]?.annotations ?? {})).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ])
    expect(JSON.stringify(spans[0]?.metadata)).toBe('{"__proto__":{"polluted":true}}')
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  })
})

test('case 33: text is as it was sent: who draws it makes it printable', () => {
  const [root] = hostileTrace().fetched.spans
  expect(root?.name).toContain('\u001b[2J')
  expect(root?.http?.url).toContain('token=s3cr3t')
})
