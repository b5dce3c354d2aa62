import {describe, expect, it} from 'vitest'
import {UserError} from '../../src/errors.ts'
import type {Invocation} from '../../src/services/logs/invocations.ts'
import type {LogEvent} from '../../src/services/logs/log-event.ts'
import {errorJson, invocationJsonLines, logJsonLines, noticeJson, receiptJson} from '../../src/ui/json-lines.ts'
import {aFewSeconds, event, request, source, start} from './events.ts'
import {aReceipt} from './receipts.ts'

/** The same line, the slow and obvious way. */
function stringified(event: LogEvent): string {
  const {scope, logGroup} = event.source
  return `${JSON.stringify({
    schema: 'slsops/log@1',
    timestamp: new Date(event.timestamp).toISOString(),
    ingestionTime: new Date(event.ingestionTime).toISOString(),
    account: scope.account,
    region: scope.region,
    logGroup,
    logStream: event.logStream,
    function: event.function?.name ?? null,
    functionArn: event.function?.arn ?? null,
    version: event.version,
    requestId: event.requestId,
    traceId: event.traceId,
    level: event.level,
    kind: event.kind,
    message: event.message,
    eventId: event.eventId,
    late: event.late,
    report: event.report,
  })}\n`
}

describe('slsops/log@1', () => {
  const api = source('checkout-api')

  it('has its keys in the documented order, the message exactly, and a report only where there is one', () => {
    const line = logJsonLines()
    expect(line(event(api, 0.007, `START RequestId: ${request} Version: 42\n`, {eventId: '39'}))).toBe(
      `{"schema":"slsops/log@1","timestamp":"2026-11-20T14:02:00.007Z","ingestionTime":"2026-11-20T14:02:00.807Z","account":"123456789012","region":"eu-west-1","logGroup":"/aws/lambda/checkout-api","logStream":"2026/11/20/[42]0123456789abcdef0123456789abcdef","function":"checkout-api","functionArn":"arn:aws:lambda:eu-west-1:123456789012:function:checkout-api","version":"42","requestId":"${request}","traceId":null,"level":null,"kind":"start","message":"START RequestId: ${request} Version: 42\\n","eventId":"39","late":false}\n`,
    )
    const report = event(
      api,
      1,
      `REPORT RequestId: ${request}\tDuration: 5000.00 ms\tBilled Duration: 5579 ms\tMemory Size: 3008 MB\tMax Memory Used: 113 MB\tInit Duration: 578.07 ms\tStatus: timeout`,
    )
    expect(line(report)).toContain(
      ',"late":false,"report":{"durationMs":5000,"billedDurationMs":5579,"memorySizeMB":3008,"maxMemoryUsedMB":113,"initDurationMs":578.07,"status":"timeout"}}\n',
    )
  })

  it('is what JSON.stringify makes of it, hostile bytes included', () => {
    const nasty = [
      '',
      '\n',
      '"\\',
      '\x1b[2J\x9b\x7f\0',
      '\u2028\u202e\ufeff',
      '\ud83d',
      '\udc00x',
      '猫 👩‍👩‍👧‍👦',
      '{"id":12345678901234567890}',
      'a\r\u00a0b',
    ]
    const strange = source('strange', {logGroup: '/ecs/"pay\\ments"\n猫'})
    const events = nasty.flatMap((text, i) => [
      event(api, i * 0.4, text, {eventId: text, requestId: text, traceId: text}),
      event(strange, i * 61.001, text, {logStream: text, version: null, function: null, eventId: null, late: true}),
      event(api, -i, text, {function: {name: text, arn: text}, version: text}),
    ])
    const line = logJsonLines()
    for (const one of [...events, ...aFewSeconds, ...events.toReversed()]) expect(line(one)).toBe(stringified(one))
  })

  it('is right at every edge of a second, a minute and an age', () => {
    const line = logJsonLines()
    for (const timestamp of [
      0,
      1,
      999,
      1_000,
      59_999,
      60_000,
      start - 1,
      start,
      start + 999,
      951_782_399_999,
      -1,
      253_402_300_799_999,
    ]) {
      const one = event(api, 0, 'x', {timestamp, ingestionTime: timestamp + 1})
      expect(line(one)).toBe(stringified(one))
    }
  })

  it('forgets streams instead of keeping them all', () => {
    const line = logJsonLines()
    for (let i = 0; i < 5_000; i++) {
      const one = event(api, 0, 'x', {logStream: `stream ${i}`, version: String(i)})
      expect(line(one)).toBe(stringified(one))
    }
  })
})

describe('slsops/invocation@1', () => {
  const api = source('checkout-api')
  const events = aFewSeconds.filter(({source}) => source.logGroup === api.logGroup)
  const invocation: Invocation = {
    source: api,
    logStream: '2026/11/20/[42]0123456789abcdef0123456789abcdef',
    function: api.functions[0] ?? null,
    version: '42',
    requestId: request,
    traceId: null,
    start,
    end: start + 1_980,
    outcome: 'error',
    coldStart: false,
    report: null,
    events,
    eventsDropped: 0,
  }

  it('carries its events as whole log objects', () => {
    const parsed = JSON.parse(invocationJsonLines()(invocation))
    expect(Object.keys(parsed)).toEqual(
      'schema account region function functionArn version requestId traceId start end outcome coldStart report events'.split(
        ' ',
      ),
    )
    expect(parsed).toMatchObject({
      schema: 'slsops/invocation@1',
      start: '2026-11-20T14:02:00.000Z',
      end: '2026-11-20T14:02:01.980Z',
      report: null,
    })
    expect(parsed.events).toEqual(events.map(event => JSON.parse(stringified(event))))
  })

  it('is one line, and says how many events it lacks', () => {
    const line = invocationJsonLines()({...invocation, events: [], eventsDropped: 12})
    expect(line.indexOf('\n')).toBe(line.length - 1)
    expect(JSON.parse(line)).toMatchObject({events: [], eventsDropped: 12})
  })
})

describe('lines on stderr', () => {
  it('slsops/receipt@1 has window, scope, complete and gaps', () => {
    expect(JSON.parse(receiptJson(aReceipt(), [source('a').scope]))).toMatchObject({
      schema: 'slsops/receipt@1',
      window: {start: '2026-11-20T14:02:00.000Z', end: '2026-11-20T14:07:00.000Z'},
      scope: [{account: '123456789012', region: 'eu-west-1', profile: null, endpoint: 'aws'}],
      complete: true,
      gaps: [],
      events: 18_204,
    })
  })

  it('slsops/notice@1 has a message', () => {
    expect(noticeJson('reading\n31 groups')).toBe('{"schema":"slsops/notice@1","message":"reading\\n31 groups"}\n')
  })

  it('slsops/error@1 has code, message, hint and exit code', () => {
    expect(errorJson(new UserError('no such function', {code: 'NoMatch', hint: 'try checkout-api'}))).toBe(
      '{"schema":"slsops/error@1","code":"NoMatch","message":"no such function","hint":"try checkout-api","exitCode":1}\n',
    )
  })
})
