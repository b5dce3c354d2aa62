import {describe, expect, it, test} from 'vitest'
import {
  checkout,
  endLine,
  first,
  functionRef,
  interpretAll,
  line,
  nodeLine,
  otherStream,
  reportLine,
  second,
  startLine,
  trace,
} from './events.ts'

const requestsOf = (...args: Parameters<typeof interpretAll>) => interpretAll(args[0]).map(({requestId}) => requestId)

describe('interpreter', () => {
  it('gives an event its meaning, its function and its version, and keeps the message as it is', () => {
    const message = nodeLine(first, 'WARN', 'slow\r\u00a0\ud800')
    expect(interpretAll([line(7, message)])).toEqual([
      {
        source: checkout,
        logStream: '2024/08/18/[$LATEST]60cefc4c4d174d898e4dbb301f9f10ef',
        timestamp: 7,
        ingestionTime: 507,
        eventId: 'e7',
        late: false,
        message,
        kind: 'app',
        level: 'WARN',
        requestId: first,
        traceId: null,
        function: functionRef('checkout'),
        version: '$LATEST',
      },
    ])
  })

  it('gives lines between START and END the request their stream is serving', () => {
    const lines = [
      startLine(first),
      'printed\n',
      endLine(first),
      'an extension’s\n',
      reportLine(first),
      'between\n',
      startLine(second),
      'printed\n',
    ]
    expect(requestsOf(lines.map((message, at) => line(at, message)))).toEqual([
      first,
      first,
      first,
      null,
      first,
      null,
      second,
      second,
    ])
  })

  it('tells how an invocation ended by what its lines prove, whether its START was read or not', () => {
    const lines = [
      nodeLine(first, 'ERROR', 'Invoke Error \t{"errorType":"PaymentTimeout"}'),
      endLine(first),
      reportLine(first),
    ]
    const outcome = (messages: readonly string[]) =>
      interpretAll(messages.map((message, at) => line(at, message))).at(-1)?.outcome
    expect(outcome([startLine(first), ...lines])).toBe('error')
    expect(outcome(lines)).toBe('error')
    expect(outcome([...lines, startLine(second), endLine(second), reportLine(second)])).toBe('ok')
  })

  it('tells streams apart', () => {
    const other = {logStream: otherStream}
    expect(
      requestsOf([line(1, startLine(first)), line(2, startLine(second), other), line(3, 'x'), line(4, 'y', other)]),
    ).toEqual([first, second, first, second])
  })

  it('gives nobody’s line to anybody where a stream serves several requests at a time', () => {
    const lines = [
      startLine(first),
      startLine(second),
      'whose?',
      endLine(first),
      'whose?',
      endLine(second),
      startLine(first),
      'whose?',
    ]
    expect(requestsOf(lines.map((message, at) => line(at, message)))).toEqual([
      first,
      second,
      null,
      first,
      null,
      second,
      first,
      null,
    ])
  })

  it('knows what a stream serves again once a new environment writes to it', () => {
    const lines = [
      startLine(first),
      startLine(second),
      'INIT_START Runtime Version: python:3.13.v1\tRuntime Version ARN: …\n',
      startLine(second),
      'printed',
    ]
    expect(requestsOf(lines.map((message, at) => line(at, message)))).toEqual([first, second, null, second, second])
  })

  test('T29 an error of the init phase belongs to no request', () => {
    expect(
      requestsOf([line(1, nodeLine('undefined', 'ERROR', 'Uncaught Exception \t{}')), line(2, startLine(first))]),
    ).toEqual([null, first])
  })

  it('does not take an id of another system for the request’s', () => {
    const lines = [
      startLine(first),
      '{"requestId":"JKJaXmPLvHcESHA=","message":"GET /"}',
      `{"requestId":"${second}","message":"another’s"}`,
    ]
    expect(requestsOf(lines.map((message, at) => line(at, message)))).toEqual([first, first, second])
  })

  it('gives the lines of a request the trace that its START names', () => {
    const start = `{"type":"platform.start","record":{"requestId":"${first}","tracing":{"type":"X-Amzn-Trace-Id","value":"Root=${trace};Sampled=1"}}}`
    const events = interpretAll([
      line(1, start),
      line(2, `{"level":"INFO","requestId":"${first}"}`),
      line(3, `{"requestId":"${second}"}`),
    ])
    expect(events.map(({traceId}) => traceId)).toEqual([trace, trace, null])
  })
})
