import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {type Redaction, redactEvent, redactTrace} from '../../../src/services/traces/redact.ts'
import type {Span} from '../../../src/services/traces/span.ts'
import {anyText} from '../../any-text.ts'
import {cases} from '../../fuzz.ts'
import {interpretAll, line} from '../logs/events.ts'
import {spanOf} from './spans.ts'

function redacted(span: Partial<Span>, redaction: Redaction = 'secrets'): Span {
  const fetched = {id: 'x', source: 'xray', spans: [spanOf(span)], isLimitExceeded: false, problems: []} as const
  return redactTrace(fetched, redaction).spans[0] as Span
}

function url(text: string, redaction: Redaction = 'secrets'): string | null | undefined {
  const http = {method: 'GET', url: text, status: 200, userAgent: null, clientIp: '203.0.113.9'}
  return redacted({http}, redaction).http?.url
}

describe('case 33: what must not be seen', () => {
  test.each([
    ['https://x.example/a?token=abc&page=2', 'https://x.example/a?token=***&page=2'],
    [
      'https://x.example/a?page=2&api_key=abc#access_token=def',
      'https://x.example/a?page=2&api_key=***#access_token=***',
    ],
    ['/cb?code=123&state=CA', '/cb?code=***&state=CA'],
    [
      'https://b.s3.amazonaws.com/k?X-Amz-Signature=ff&X-Amz-Credential=AKIA%2F1&X-Amz-Expires=60&versionId=3',
      'https://b.s3.amazonaws.com/k?X-Amz-Signature=***&X-Amz-Credential=***&X-Amz-Expires=***&versionId=3',
    ],
    [
      'https://d.cloudfront.net/?Signature=a&Key-Pair-Id=b&Policy=c',
      'https://d.cloudfront.net/?Signature=***&Key-Pair-Id=***&Policy=***',
    ],
    ['/a;jsessionid=5?q=1', '/a;jsessionid=***'],
    ['body {"user":"joe","api_key": "k1"}', 'body {"user":"joe","api_key": "***"}'],
    [`/a?q=${'x'.repeat(9_000)}&token=abc`, `/a?q=${'x'.repeat(9_000)}&token=***`],
    ['https://joe:pw@x.example/', 'https://***@x.example/'],
    ['https://x.example/?to%6ben=a', 'https://x.example/?to%6ben=***'],
    ['https://x.example/?userPassword=a;sessionToken=b', 'https://x.example/?userPassword=***;sessionToken=***'],
    [
      'https://x.example/?currency=EUR&zipcode=1&keyword=x&design=2',
      'https://x.example/?currency=EUR&zipcode=1&keyword=x&design=2',
    ],
    ['https://x.example/orders', 'https://x.example/orders'],
  ])('%s', (given, seen) => {
    expect(url(given)).toBe(seen)
  })

  test('a secret is masked wherever a URL or a header is quoted', () => {
    const exception = {id: null, type: 'Error', remote: false, stack: []}
    const span = redacted({
      name: 'api.example',
      resource: 'https://sqs/?Signature=abc',
      cause: {
        exceptions: [{...exception, message: 'GET https://x/?token=abc failed: Authorization: Bearer abcdefghijkl'}],
      },
      annotations: {callback: 'https://x/?sig=abc', password: 'p', orders: 3},
      metadata: {default: {request: {headers: {authorization: 'Basic YWxhZGRpbjpvcGVu'}, url: 'https://x/?key=abc'}}},
    })
    expect(JSON.stringify(span)).not.toMatch(/abc|YWxh|"p"/)
    expect(span.annotations['orders']).toBe(3)
    expect(span.name).toBe('api.example')
  })

  test('a secret is masked in lists and objects that have the name of one, and in stacks', () => {
    const stack = [{path: 'https://x/a.js?token=abc', line: 3, label: 'load'}]
    const {metadata, cause, operation} = redacted({
      operation: 'GET /?token=abc',
      cause: {exceptions: [{id: null, type: 'E?key=abc', message: null, remote: false, stack}]},
      metadata: {
        headers: {authorization: ['Bearer abc'], password: {value: 'abc'}},
        usage: {tokens: 512},
        list: ['ok'],
      },
    })
    expect(JSON.stringify({cause, operation})).not.toContain('abc')
    expect(metadata).toEqual({
      headers: {authorization: ['***'], password: {value: '***'}},
      usage: {tokens: 512},
      list: ['ok'],
    })
  })

  test('--redact masks what tells of people as well', () => {
    const http = {method: 'GET', url: '/a?q=shoes', status: 200, userAgent: 'curl', clientIp: '203.0.113.9'}
    const span = redacted({http, user: 'joe', annotations: {tenant: 'acme'}, name: 'mail to joe@example.com'}, 'all')
    expect(span).toMatchObject({
      http: {url: '/a?q=***', clientIp: '***', status: 200},
      user: '***',
      annotations: {tenant: '***'},
      name: 'mail to ***',
    })
  })

  test('log lines are as `logs` shows them, and with --redact without people and tokens', () => {
    const [event] = interpretAll([
      line(1, 'joe@example.com from 203.0.113.9 with 0123456789abcdef0123456789abcdef0123456789ab'),
    ])
    if (!event) throw new Error('no event')
    expect(redactEvent(event, 'secrets')).toBe(event)
    expect(redactEvent(event, 'all').message).toBe('*** from *** with ***')
  })

  test('--redact masks what the fields of metadata and log lines say of people', () => {
    const {metadata, annotations} = redacted(
      {
        metadata: {larder: {customer: 'cus_1', items: 3, user: {id: 4711}, userAgent: 'curl'}},
        annotations: {order: 1234567, items: 3},
      },
      'all',
    )
    expect(metadata).toEqual({larder: {customer: '***', items: 3, user: {id: '***'}, userAgent: 'curl'}})
    expect(annotations).toEqual({order: '***', items: 3})
    const seen = (text: string): string | undefined => {
      const [event] = interpretAll([line(1, text)])
      return event && redactEvent(event, 'all').message
    }
    expect(seen('failed: user=joe customerId: "4 7" items=10 users=5')).toBe(
      'failed: user=*** customerId: "***" items=10 users=5',
    )
    expect(seen('{"level":"INFO","customer":{"id":"cus_1","since":20261120},"message":"sent to email=joe"}')).toBe(
      '{"level":"INFO","customer":{"id":"***","since":"***"},"message":"sent to email=***"}',
    )
    expect(seen('{"level": "INFO", "items": 3}')).toBe('{"level": "INFO", "items": 3}')
  })

  test('whatever a text holds, it takes no time and throws nothing', () => {
    fc.assert(
      fc.property(
        anyText,
        text => void redacted({name: text, resource: `https://x/?${text}`, metadata: {[text]: text}}, 'all'),
      ),
      cases(500),
    )
    const long = `https://x/?${'a='.repeat(100_000)}${'@'.repeat(100_000)}${'1.'.repeat(100_000)}`
    for (const event of interpretAll([line(1, 'user'.repeat(50_000)), line(1, 'user="'.repeat(30_000))]))
      redactEvent(event, 'all')
    redacted({resource: '-eyJ'.repeat(50_000), name: '?a&'.repeat(50_000), user: '"a":"'.repeat(30_000)}, 'all')
    expect(redacted({user: 'x', name: `${'ab1'.repeat(3_000)} sent`}, 'all').name).toBe('*** sent')
    expect(redacted({resource: long, name: 'a'.repeat(200_000)}, 'all').resource).toBeTruthy()
  })
})
