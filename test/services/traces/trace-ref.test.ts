import {describe, expect, test} from 'vitest'
import {UserError} from '../../../src/errors.ts'
import {traceRefFrom} from '../../../src/services/traces/trace-ref.ts'

const now = Date.UTC(2026, 10, 20, 14)
const begun = Date.UTC(2026, 10, 20, 13, 30)
const time = (begun / 1000).toString(16)
const rest = 'bd862e3fe1be46a994272793'
const traceId = `1-${time}-${rest}`
const w3c = `${time}${rest}`
const requestId = '13d1305b-2ab4-4c0c-9d0b-2f7f0c5a9e11'
const other = 'f0000000-2ab4-4c0c-9d0b-2f7f0c5a9e11'
const segment = '53995c3f42cd8ad8'

const ofTrace = {traceId, requestId: null, sampled: null, at: begun, region: null, logGroup: null}
const ofRequest = {traceId: null, requestId, sampled: null, at: null, region: null, logGroup: null}

const read = (text: string) => traceRefFrom(text, now)

function refused(text: string): {message: string; hint: string | undefined} {
  try {
    read(text)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    expect(error.exitCode).toBe(2)
    return {message: error.message, hint: error.hint}
  }
  throw new Error('it was taken')
}

describe('case 9: an id in any form', () => {
  test.each([
    ['X-Ray’s form', traceId, {}],
    ['in upper case', traceId.toUpperCase(), {}],
    ['32 hex digits', w3c, {}],
    ['32 hex digits in upper case, with white space around', `  ${w3c.toUpperCase()}\n`, {}],
    ['0x and 32 hex digits', `0x${w3c}`, {}],
    ['a traceparent that is sampled', `00-${w3c}-${segment}-01`, {sampled: true}],
    ['a traceparent that is not sampled', `00-${w3c}-${segment}-00`, {sampled: false}],
    ['a traceparent of a later version', `01-${w3c}-${segment}-03-more`, {sampled: true}],
    ['a b3 header', `${w3c}-${segment}-1`, {}],
    ['a tracing header', `Root=${traceId};Parent=${segment};Sampled=0;Lineage=1:a8a1:0`, {sampled: false}],
    ['a tracing header in another order', `Sampled=1;Parent=${segment};Root=${traceId}`, {sampled: true}],
    ['a tracing header that leaves the decision open', `Root=${traceId};Sampled=?`, {}],
    ['a load balancer’s header', `Self=1-67891234-12456789abcdef012345678a;Root=${traceId}`, {}],
    ['a header with its name, in another order', `X-Amzn-Trace-Id: Sampled=0;Root=${traceId}`, {sampled: false}],
    ['a header with its name', `X-Amzn-Trace-Id: Root=${traceId};Sampled=1`, {sampled: true}],
    ['an HTTP header of W3C', `traceparent: 00-${w3c}-${segment}-01`, {sampled: true}],
    ['an id in quotes', `"${traceId}"`, {}],
    ['Java’s MDC', `AWS-XRAY-TRACE-ID: ${traceId}@${segment}`, {}],
  ])('%s', (_, text, more) => {
    expect(read(text)).toMatchObject({...ofTrace, ...more})
  })

  test('a Lambda request id, lower case', () => {
    expect(read(requestId.toUpperCase())).toEqual({...ofRequest, text: requestId.toUpperCase()})
  })

  test('the text is shortened to what was recognised', () => {
    expect(read(`X-Amzn-Trace-Id: Root=${traceId};Sampled=1`).text).toBe(traceId)
  })

  test('an id whose time X-Ray would not keep any more, or not have yet, tells no time', () => {
    const at = (ms: number) => read(`1-${Math.floor(ms / 1000).toString(16)}-${rest}`).at
    expect(at(now - 29 * 86_400_000)).toBe(now - 29 * 86_400_000)
    expect(at(now - 31 * 86_400_000)).toBeNull()
    expect(at(now + 2 * 86_400_000)).toBeNull()
    expect(read('4bf92f3577b34da6a3ce929d0e0e4736')).toMatchObject({at: null})
  })

  test.each([
    ['', 'no id was given'],
    [' \n ', 'no id was given'],
    [w3c.slice(1), 'a trace id has 32 hex digits, this has 31'],
    [`${w3c}0`, 'a trace id has 32 hex digits, this has 33'],
    [traceId.slice(0, -1), 'a trace id has 8 and 24 hex digits behind 1-, this has 8 and 23'],
    [`Root=1-${time}5-${rest};Sampled=1`, 'a trace id has 8 and 24 hex digits behind 1-, this has 9 and 24'],
    ['Root=;Sampled=1', 'Root= names no trace'],
    [requestId.slice(0, -1), 'a request id has 8-4-4-4-12 hex digits, this has 8-4-4-4-11'],
    [`${requestId.slice(0, -1)}g`, 'a request id has only hex digits'],
    [`1-${time}-${rest.slice(1)}x`, 'a trace id has only hex digits'],
    [`Self=${traceId}`, 'Self is a load balancer’s own id, not a trace’s'],
    [segment, 'it has 16 hex digits, as a segment or span has; its trace has 32'],
    [`00-${w3c}-${segment}1-01`, 'a traceparent has 2-32-16-2 hex digits, this has 2-32-17-2'],
    [`00-${'0'.repeat(32)}-${'0'.repeat(16)}-00`, 'zeros stand for no trace'],
    ['0'.repeat(32), 'zeros stand for no trace'],
    ['00000000-0000-0000-0000-000000000000', 'zeros stand for no trace'],
    ['checkout-api', 'checkout-api is no trace id and no request id'],
    ['----------------', '---------------- is no trace id and no request id'],
    ['2026/11/20/[$LATEST]0cbc19ba2e9d4b3f8a7d6c5b4e3f2a19', 'is a log stream, which has many requests'],
    ['nothing of the kind is in here', 'the text holds no trace id and no request id'],
    ['arn:aws:lambda:eu-west-1:123456789012:function:checkout-api', 'is a function, not a request'],
    [
      'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#xray:traces/query',
      'names no trace and no request',
    ],
  ])('%j is refused with what is wrong with it', (text, message) => {
    expect(refused(text).message).toContain(message)
  })

  test('an id of something else leads to where it may stand', () => {
    const hint = refused('ord_1658c8422db4').hint
    expect(hint).toContain('slsops logs --filter ord_1658c8422db4 --by-request')
    expect(hint).toContain(`slsops traces --filter 'annotation.KEY = "ord_1658c8422db4"'`)
  })

  test('a function’s name leads to its traces', () => {
    expect(refused('checkout-api').hint).toContain('slsops traces checkout-api')
    expect(refused('arn:aws:lambda:eu-west-1:123456789012:function:checkout-api:live').hint).toContain(
      'slsops traces checkout-api',
    )
  })

  test.each([
    ['https://example.com/a?X-Amz-Security-Token=FwoGZXIvYXdzEBYaDHqa0AP', 'link to example.com names'],
    ['https://me:FwoGZXIvYXdz@example.com/', 'link to example.com names'],
    ['https://hooks.example.com/services/T00/B00/FwoGZXIvYXdz', 'link to hooks.example.com names'],
    ['password=FwoGZXIvYXdz', 'password=… is no trace id'],
    ['me:FwoGZXIvYXdz@example.com', 'me:… is no trace id'],
    [
      `https://eu-west-1.console.aws.amazon.com/cloudwatch/home#logEventViewer:group=/aws/lambda/fn;filter=FwoGZXIvYXdz`,
      'home#logEventViewer:group=/aws/lambda/fn names',
    ],
    [
      `Authorization: token 0123456789ab${'FwoGZXIvYXdz'.replaceAll(/[^a-f]/gi, '0').repeat(3)}`,
      '0123456789ab… is no id',
    ],
  ])('what may be secret in %j is not repeated', (text, said) => {
    const {message, hint} = refused(text)
    expect(message).toContain(said)
    expect(`${message} ${hint}`).not.toMatch(/Fwo|F0000/)
  })
})

describe('console links', () => {
  const group = '/aws/lambda/checkout-api'
  const twice = (text: string) => encodeURIComponent(encodeURIComponent(text)).replaceAll('%', '$')
  const once = (text: string) => encodeURIComponent(text).replaceAll('%', '$')
  const logs = 'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group'
  const stream = '2026/11/20/[$LATEST]0cbc19ba2e9d4b3f8a7d6c5b4e3f2a19'

  test.each([
    ['X-Ray', `https://console.aws.amazon.com/xray/home?region=eu-west-1#/traces/${traceId}`, 'eu-west-1'],
    [
      'CloudWatch',
      `https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#xray:traces/${traceId}?~(query~())`,
      'eu-west-1',
    ],
    [
      'ServiceLens',
      `https://us-gov-west-1.console.amazonaws-us-gov.com/cloudwatch/home#servicelens:traces/${traceId}`,
      'us-gov-west-1',
    ],
    [
      'Application Signals',
      `https://console.amazonaws.cn/cloudwatch/home?region=cn-north-1#application-signals:traces/${traceId}`,
      'cn-north-1',
    ],
    [
      'several sessions',
      `https://123456789012-abcdefgh.ap-southeast-2.console.aws.amazon.com/cloudwatch/home#xray:traces/${traceId}`,
      'ap-southeast-2',
    ],
    [
      'the sovereign cloud',
      `https://eusc-de-east-1.console.amazonaws-eusc.eu/cloudwatch/home#xray:traces/${traceId}`,
      'eusc-de-east-1',
    ],
    [
      'a link in angle brackets',
      `<https://console.aws.amazon.com/xray/home?region=eu-west-1#/traces/${traceId}>`,
      'eu-west-1',
    ],
  ])('%s', (_, url, region) => {
    expect(read(url)).toEqual({...ofTrace, text: traceId, region})
  })

  test('a log stream, with a filter: its group, its time, and the id that is looked for', () => {
    const query = once(`?filterPattern=${encodeURIComponent(`"${requestId}"`)}&start=${begun}&end=${begun + 60_000}`)
    expect(read(`${logs}/${twice(group)}/log-events/${twice(stream)}${query}`)).toEqual({
      ...ofRequest,
      text: requestId,
      region: 'eu-west-1',
      logGroup: group,
      at: begun + 30_000,
    })
  })

  test('one event of a log stream: its time by the event’s id', () => {
    const eventId = (BigInt(begun) << 144n) + 17n
    const query = once(`?refEventId=${eventId}&filterPattern=${encodeURIComponent(requestId)}`)
    expect(read(`${logs}/${twice(group)}/log-events${query}`)).toMatchObject({requestId, logGroup: group, at: begun})
  })

  test('a log stream as links named it before: without what its name looks like', () => {
    const url = `https://console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logEventViewer:group=${group};stream=${stream}`
    expect(refused(url).message).toContain('names no trace and no request')
    expect(read(`${url};filter=%22${requestId}%22;start=${new Date(begun).toISOString()}`)).toEqual({
      ...ofRequest,
      text: requestId,
      region: 'eu-west-1',
      logGroup: group,
      at: begun,
    })
  })

  test('a log stream alone is no request, though its name has 32 hex digits', () => {
    expect(refused(`${logs}/${twice(group)}/log-events/${twice(stream)}`).message).toContain(
      'names no trace and no request',
    )
    expect(
      refused(`${logs}/${twice('/ecs/app')}/log-events/${twice('ecs/app/0cbc19ba2e9d4b3f8a7d6c5b4e3f2a19')}`).message,
    ).toContain('names no trace')
  })

  test('a query of Logs Insights', () => {
    const editor = `fields*20*40message*0a*7c*20filter*20*40requestId*20*3d*20*22${requestId}*22`
    const detail = once(
      `?queryDetail=~(end~0~start~-3600~editorString~'${editor}~source~(~'*2faws*2flambda*2fcheckout-api))`,
    )
    const url = `https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:logs-insights${detail}`
    expect(read(url)).toMatchObject({requestId, region: 'eu-west-1', logGroup: group})
  })

  test('a link in a message is read as one; of another that names no id, nothing is taken', () => {
    const query = once(`?filterPattern=${encodeURIComponent(`"${requestId}"`)}`)
    const url = `${logs}/${twice(group)}/log-events${query}`
    expect(read(`please look at ${url} (since noon)`)).toMatchObject({requestId, logGroup: group})
    const other = 'https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#alarmsV2:alarm/errors'
    expect(read(`${other}\nREPORT RequestId: ${requestId}\tDuration: 3 ms`)).toMatchObject({requestId, region: null})
  })

  test('what is no encoding does not break it', () => {
    expect(read(`https://console.aws.amazon.com/xray/home?x=%E0%A4%A#/traces/${traceId}$zz%`)).toMatchObject({traceId})
  })
})

describe('log lines', () => {
  const event = {
    schema: 'slsops/log@1',
    timestamp: '2026-11-20T13:31:00.000Z',
    account: '123456789012',
    region: 'eu-west-1',
  }

  test.each([
    [
      'a REPORT',
      `REPORT RequestId: ${requestId}\tDuration: 14.97 ms\tXRAY TraceId: ${traceId}\tSegmentId: ${segment}\tSampled: true`,
      {requestId, sampled: true},
    ],
    [
      'a REPORT whose tracing stands on a line of its own',
      `REPORT RequestId: ${requestId}\tDuration: 14.97 ms\t\nXRAY TraceId: ${traceId}\tSegmentId: ${segment}\tSampled: false\t\n`,
      {requestId, sampled: false},
    ],
    [
      'a record of an application, which may mean something else by it',
      JSON.stringify({requestId, traceId, sampled: 0, note: 'sampled=0'}),
      {requestId, sampled: null},
    ],
    [
      'a record of the platform',
      JSON.stringify({
        time: '2026-11-20T13:31:00Z',
        type: 'platform.report',
        record: {
          requestId,
          tracing: {type: 'X-Amzn-Trace-Id', value: `Root=${traceId};Parent=${segment};Sampled=1`, spanId: segment},
        },
      }),
      {requestId, sampled: true},
    ],
    [
      'Powertools',
      JSON.stringify({
        level: 'INFO',
        message: `order ${other} of ${w3c.replace('6', '7')}`,
        function_request_id: requestId,
        xray_trace_id: traceId,
      }),
      {requestId},
    ],
    ['a JSON line with OpenTelemetry’s id', JSON.stringify({trace_id: w3c, span_id: segment, trace_flags: '01'}), {}],
    ['a logger that writes pairs', `level=info trace_id=${w3c} order=${other}`, {}],
    ['an id behind a line break in JSON', JSON.stringify({text: `failed:\n${traceId}\nas told`}), {}],
    ['JSON in a string of JSON', JSON.stringify({line: JSON.stringify({traceId: w3c, id: other})}), {}],
  ])('%s', (_, line, more) => {
    expect(read(line)).toMatchObject({...ofTrace, ...more})
  })

  test.each([
    ['START', `START RequestId: ${requestId} Version: $LATEST`, null],
    [
      'a line as aws logs tail shows it',
      `2026-11-20T13:31:00.000000+00:00 2026/11/20/[$LATEST]0cbc19ba2e9d4b3f8a7d6c5b4e3f2a19 START RequestId: ${requestId} Version: 7`,
      begun + 60_000,
    ],
    ['Node', `2026-11-20T13:31:00.000Z\t${requestId}\tERROR\tcould not charge ${other}`, begun + 60_000],
    ['Python', `[ERROR]\t2026-11-20T13:31:00.000Z\t${requestId}\tcould not charge ${other}`, begun + 60_000],
    ['a timeout', `2026-11-20T13:31:00.000Z ${requestId} Task timed out after 3.00 seconds`, begun + 60_000],
    ['a text that mentions one', `a customer sends ${requestId}, please look`, null],
    ['JSON over several lines', JSON.stringify({requestId, nested: {orderId: other}}, null, 2), null],
  ])('%s', (_, line, at) => {
    expect(read(line)).toMatchObject({...ofRequest, at})
  })

  test('a line of slsops logs --json: also where it is from', () => {
    const line = JSON.stringify({
      ...event,
      logGroup: '/aws/lambda/x',
      requestId,
      traceId: null,
      message: `upstream ${other}`,
    })
    expect(read(line)).toEqual({
      ...ofRequest,
      text: requestId,
      at: begun + 60_000,
      region: 'eu-west-1',
      logGroup: '/aws/lambda/x',
    })
  })

  test('lines that are all of one trace name it, whatever their requests', () => {
    const lines = [requestId, other].map(id => JSON.stringify({...event, requestId: id, traceId}))
    expect(read(lines.join('\n'))).toMatchObject({traceId, requestId: null})
    expect(read([lines[0], `START RequestId: ${requestId} Version: 1`, 'nothing'].join('\r\n'))).toMatchObject({
      traceId,
      requestId,
    })
  })

  test('several different ids are listed, and none is taken', () => {
    const {message, hint} = refused(`START RequestId: ${requestId} Version: 1\nSTART RequestId: ${other} Version: 1`)
    expect(message).toBe(`the text holds 2 ids: ${requestId}, ${other}`)
    expect(hint).toBe('give one of them')
    const many = Array.from({length: 40}, (_, i) => `1-${time}-${String(i + 10).repeat(12)}`)
    expect(refused(many.join('\n')).message).toMatch(/^the text holds 40 ids: (1-\S+, ){4}1-\S+ and 35 more$/)
  })
})

test.each([
  ['hex digits', 'a'],
  ['hex digits and dashes', 'a-'],
  ['opened objects', '{"a":'],
  ['lines of requests', `START RequestId: ${requestId} Version: 1\n`],
  ['names of ids', 'Root=1-trace_id="'],
  ['encoded text', 'https://%25$25*25'],
  ['white space', ' \t'],
  ['zeros and dashes', '0-0'],
])(
  'a megabyte of %s is read in linear time',
  (_, unit) => {
    const text = unit.repeat(2 ** 20 / unit.length)
    try {
      read(`${text}!`)
    } catch (error) {
      expect(error).toBeInstanceOf(UserError)
    }
  },
  5_000,
)
