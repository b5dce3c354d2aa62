import {describe, expect, it, test} from 'vitest'
import {assembleInvocations, type InvocationLimits} from '../../../src/services/logs/assemble-invocations.ts'
import type {Invocation} from '../../../src/services/logs/invocations.ts'
import type {SourcedEvent} from '../../../src/services/logs/log-event.ts'
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
  stream,
  third,
  trace,
} from './events.ts'

function assembled(lines: readonly SourcedEvent[], limits: Partial<InvocationLimits> = {}): readonly Invocation[] {
  const {push, flush} = assembleInvocations(limits)
  return [...interpretAll(lines).flatMap(push), ...flush()]
}

/** What each event completed, then the rest, by request id. */
function steps(lines: readonly SourcedEvent[], limits: Partial<InvocationLimits> = {}) {
  const {push, flush} = assembleInvocations(limits)
  return [...interpretAll(lines).map(push), flush()].map(done => done.map(({requestId}) => requestId))
}

const messagesOf = (invocation: Invocation | undefined) => invocation?.events.map(({message}) => message)
const other = {logStream: otherStream}
const initStart =
  'INIT_START Runtime Version: python:3.13.v1\tRuntime Version ARN: arn:aws:lambda:eu-west-1::runtime:0\n'

describe('assembleInvocations', () => {
  it('makes one invocation of what stands between START and REPORT', () => {
    const messages = [
      startLine(first),
      'printed\n',
      endLine(first),
      reportLine(first, `Init Duration: 110.10 ms\t\nXRAY TraceId: ${trace}\tSegmentId: 1\tSampled: true\t`),
    ]
    const [invocation, ...rest] = assembled(messages.map((message, at) => line(1_000 + at, message)))
    expect(rest).toEqual([])
    expect(messagesOf(invocation)).toEqual(messages)
    expect(invocation).toMatchObject({
      source: checkout,
      logStream: stream,
      function: functionRef('checkout'),
      version: '$LATEST',
      requestId: first,
      traceId: trace,
      start: 1_000,
      end: 1_003,
      outcome: 'ok',
      coldStart: true,
      report: {durationMs: 14.97, billedDurationMs: 15, memorySizeMB: 128, maxMemoryUsedMB: 67, initDurationMs: 110.1},
      eventsDropped: 0,
    })
  })

  test('T25 the records of a JSON log are one invocation with all its events', () => {
    const id = '4b142fc3-17b8-4cdb-a46b-a8dbe7918715'
    const messages = [
      '{"time":"2024-05-20T16:29:44.833Z","type":"platform.initStart","record":{"initializationType":"on-demand","phase":"init","functionVersion":"$LATEST"}}',
      '{"time":"2024-05-20T16:29:45.006Z","type":"platform.initRuntimeDone","record":{"initializationType":"on-demand","phase":"init","status":"success"}}',
      '{"time":"2024-05-20T16:29:45.007Z","type":"platform.initReport","record":{"initializationType":"on-demand","phase":"init","status":"success","metrics":{"durationMs":173.778}}}',
      `{"time":"2024-05-20T16:29:45.008Z","type":"platform.start","record":{"requestId":"${id}","version":"$LATEST"}}`,
      `{"timestamp":"2024-05-20T16:29:45.009Z","level":"INFO","requestId":"${id}","message":"ENV 2024-05-20T16:29:42.891Z"}`,
      `{"time":"2024-05-20T16:29:45.019Z","type":"platform.runtimeDone","record":{"requestId":"${id}","status":"success"}}`,
      `{"time":"2024-05-20T16:29:45.022Z","type":"platform.report","record":{"requestId":"${id}","status":"success","metrics":{"durationMs":11.642,"billedDurationMs":12,"memorySizeMB":128,"maxMemoryUsedMB":67,"initDurationMs":174.055}}}`,
    ]
    const [invocation, ...rest] = assembled(messages.map((message, at) => line(at, message)))
    expect(rest).toEqual([])
    expect(messagesOf(invocation)).toEqual(messages)
    expect(invocation).toMatchObject({requestId: id, outcome: 'ok', coldStart: true})
  })

  test('T26 START stands before Python’s lines, whose whole seconds sort before it', () => {
    const app = `{"timestamp":"2024-06-17T17:23:55Z","level":"INFO","requestId":"${first}","message":"hello"}`
    const start = `{"time":"2024-06-17T17:23:55.902Z","type":"platform.start","record":{"requestId":"${first}"}}`
    const report = `{"type":"platform.report","record":{"requestId":"${first}","status":"success","metrics":{"durationMs":1}}}`
    const [invocation] = assembled([
      line(55_000, app),
      line(55_300, initStart),
      line(55_902, start),
      line(55_950, report),
    ])
    expect(messagesOf(invocation)).toEqual([initStart, start, app, report])
    expect(invocation).toMatchObject({start: 55_902, end: 55_950})
  })

  test('T23 an init phase that had to run again goes with the request after it', () => {
    const timeout = 'INIT_REPORT Init Duration: 10007.33 ms\tPhase: init\tStatus: timeout\n'
    const again = 'INIT_REPORT Init Duration: 1712.41 ms\tPhase: invoke\tStatus: error\tError Type: Runtime.Unknown\n'
    const report = reportLine(second, 'Status: error\tError Type: Runtime.Unknown\t')
    const [before, after] = assembled([
      line(1, startLine(first)),
      line(2, reportLine(first)),
      line(3, timeout),
      line(4, again),
      line(5, startLine(second)),
      line(6, report),
    ])
    expect(messagesOf(before)).toEqual([startLine(first), reportLine(first)])
    expect(before).toMatchObject({outcome: 'ok', coldStart: false})
    expect(messagesOf(after)).toEqual([timeout, again, startLine(second), report])
    expect(after).toMatchObject({outcome: 'init-error', coldStart: true, start: 5})
  })

  test('T29 an error of the init phase goes with the request after it', () => {
    const error = nodeLine('undefined', 'ERROR', 'Uncaught Exception \t{"errorType":"Runtime.UserCodeSyntaxError"}')
    const [invocation] = assembled([
      line(1, initStart),
      line(2, error),
      line(3, startLine(first)),
      line(4, reportLine(first)),
    ])
    expect(messagesOf(invocation)).toEqual([initStart, error, startLine(first), reportLine(first)])
    expect(invocation).toMatchObject({outcome: 'init-error', requestId: first})
  })

  test('T24 a timeout told after the REPORT belongs to its request', () => {
    const timeout = `2018-08-26T02:13:13.948Z ${first} Task timed out after 30.02 seconds\n\n`
    const [invocation, ...rest] = assembled([
      line(1, startLine(first)),
      line(2, endLine(first)),
      line(3, reportLine(first)),
      line(3, timeout),
      line(5_000, startLine(second), other),
    ])
    expect(rest.map(({requestId}) => requestId)).toEqual([second])
    expect(invocation).toMatchObject({outcome: 'timeout', end: 3})
    expect(messagesOf(invocation)?.at(-1)).toBe(timeout)
  })

  test('T21 a process killed with all its memory used was out of memory', () => {
    const killed = `RequestId: ${first} Error: Runtime exited with error: signal: killed\nRuntime.ExitError\n`
    const report = reportLine(first).replace('67 MB', '128 MB')
    expect(assembled([line(1, startLine(first)), line(2, report), line(2, killed)])[0]).toMatchObject({outcome: 'oom'})
    expect(assembled([line(1, startLine(first)), line(2, reportLine(first)), line(2, killed)])[0]).toMatchObject({
      outcome: 'error',
    })
  })

  it('takes a handled error for what it is, and an exception for a failure', () => {
    const invocation = (message: string) =>
      assembled([line(1, startLine(first)), line(2, message), line(3, reportLine(first))])[0]
    expect(invocation(nodeLine(first, 'ERROR', 'no stock, tried elsewhere'))).toMatchObject({outcome: 'ok'})
    expect(invocation(nodeLine(first, 'ERROR', 'Invoke Error \t{"errorType":"Error"}'))).toMatchObject({
      outcome: 'error',
    })
    expect(invocation('[ERROR] KeyError: 1\nTraceback (most recent call last):\n')).toMatchObject({outcome: 'error'})
  })

  it('gives invocations in the order in which they ended, a linger after that', () => {
    const lines = [
      line(0, startLine(first)),
      line(10, startLine(second), other),
      line(20, reportLine(second), other),
      line(1_020, 'an extension’s', other),
      line(1_021, reportLine(first)),
      line(3_000, startLine(third)),
    ]
    expect(steps(lines)).toEqual([[], [], [], [], [second], [first], [third]])
  })

  it('gives what ended a linger ago though no event comes after it', () => {
    const {push, passTime, flush} = assembleInvocations()
    const messages = [startLine(first), 'printed\n', reportLine(first)]
    expect(interpretAll(messages.map((message, at) => line(at, message))).flatMap(push)).toEqual([])
    expect([passTime(Number.NEGATIVE_INFINITY), passTime(1_002)]).toEqual([[], []])
    expect(passTime(1_003).map(messagesOf)).toEqual([messages])
    expect([passTime(5_000), flush()]).toEqual([[], []])
  })

  it('gives what has no REPORT when it is older than a function can run, though no event comes', () => {
    const {push, passTime} = assembleInvocations()
    interpretAll([line(0, startLine(first))]).flatMap(push)
    expect(passTime(15 * 60_000)).toEqual([])
    expect(passTime(17 * 60_000)).toMatchObject([{requestId: first, outcome: 'unknown'}])
  })

  it('lets a late REPORT wait for trailing lines too', () => {
    const {push, passTime} = assembleInvocations()
    const [start, report, trailing] = interpretAll([
      line(0, startLine(first)),
      line(10, reportLine(first), {late: true}),
      line(11, 'flushed 3 spans\n', {late: true}),
    ])
    if (!start || !report || !trailing) throw new Error('three events')
    expect([...push(start), ...passTime(9_000), ...push(report), ...passTime(9_500), ...push(trailing)]).toEqual([])
    expect(passTime(10_001).map(messagesOf)).toEqual([[startLine(first), reportLine(first), 'flushed 3 spans\n']])
  })

  it('adds what still comes in the linger to the invocation that ended', () => {
    const [invocation] = assembled([
      line(1, startLine(first)),
      line(2, reportLine(first)),
      line(3, 'flushed 3 spans\n'),
    ])
    expect(messagesOf(invocation)?.at(-1)).toBe('flushed 3 spans\n')
  })

  it('takes a retry for an invocation of its own, in another stream or in the same', () => {
    const lines = [
      line(1, startLine(first)),
      line(2, reportLine(first)),
      line(3, startLine(first), other),
      line(4, reportLine(first), other),
      line(5, startLine(first)),
      line(6, reportLine(first)),
    ]
    expect(assembled(lines).map(({start, logStream}) => [start, logStream])).toEqual([
      [1, stream],
      [3, otherStream],
      [5, stream],
    ])
  })

  it('leaves out lines without a request where a stream serves several at a time', () => {
    const lines = [startLine(first), startLine(second), 'whose?', reportLine(first), reportLine(second)].map(
      (message, at) => line(at, message),
    )
    expect(assembled(lines).map(messagesOf)).toEqual([
      [startLine(first), reportLine(first)],
      [startLine(second), reportLine(second)],
    ])
  })

  it('gives what has no REPORT at the end, as unknown, in the order of its start', () => {
    const lines = [
      line(1, startLine(first)),
      line(2, `{"level":"INFO","requestId":"${second}"}`, other),
      line(3, 'printed'),
    ]
    expect(
      assembled(lines).map(({requestId, outcome, start, end, report}) => ({requestId, outcome, start, end, report})),
    ).toEqual([
      {requestId: first, outcome: 'unknown', start: 1, end: 3, report: null},
      {requestId: second, outcome: 'unknown', start: 2, end: 2, report: null},
    ])
  })

  it('gives what is open for longer than a function can run', () => {
    const minutes = 60_000
    expect(
      steps([line(0, startLine(first)), line(15 * minutes, 'printed', other), line(17 * minutes, 'printed', other)]),
    ).toEqual([[], [], [first], []])
  })

  it('begins with what it sees where the window begins in the middle', () => {
    const [invocation] = assembled([line(1, 'printed'), line(2, endLine(first)), line(3, reportLine(first))])
    expect(messagesOf(invocation)).toEqual(['printed', endLine(first), reportLine(first)])
  })

  it('leaves out environments that never served, unless their init failed', () => {
    const failed =
      'INIT_REPORT Init Duration: 150.79 ms\tPhase: init\tStatus: error\tError Type: Runtime.UserCodeSyntaxError\n'
    const invocations = assembled([line(1, initStart), line(1, initStart, other), line(2, failed, other)])
    expect(invocations).toEqual([
      expect.objectContaining({requestId: null, outcome: 'init-error', logStream: otherStream, start: 1, end: 2}),
    ])
  })

  it('leaves out groups that are no function’s', () => {
    const access = `{"requestId":"${first}","httpMethod":"GET","routeKey":"GET /search","status":"200"}`
    expect(assembled([line(1, access, {logStream: 'gateway-1'})])).toEqual([])
    expect(assembled([line(1, 'GET /health 200'), line(2, '{"level":"ERROR","message":"boom"}')])).toEqual([])
  })

  it('does not let a late event end anything', () => {
    const late = line(9_000, startLine(second), {...other, late: true})
    expect(steps([line(0, startLine(first)), line(1, reportLine(first)), late])).toEqual([[], [], [], [first, second]])
  })

  it('keeps of a very long log the beginning and the end, and says how much is missing', () => {
    const lines = [startLine(first), ...Array.from({length: 100}, (_, i) => `line ${i}`), reportLine(first)].map(
      (message, at) => line(at, message),
    )
    const [invocation] = assembled(lines, {maxEvents: 8})
    expect(messagesOf(invocation)).toEqual([
      startLine(first),
      'line 0',
      'line 95',
      'line 96',
      'line 97',
      'line 98',
      'line 99',
      reportLine(first),
    ])
    expect(invocation?.eventsDropped).toBe(94)
  })

  it('holds so many events in all, and gives up the oldest invocation first', () => {
    const lines = [
      line(0, startLine(first)),
      line(1, startLine(second), other),
      line(2, 'printed'),
      line(3, 'printed'),
      line(4, reportLine(second), other),
    ]
    expect(steps(lines, {maxHeld: 3})).toEqual([[], [], [], [first], [], [second]])
  })
})
