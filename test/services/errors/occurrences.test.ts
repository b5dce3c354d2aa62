import {describe, expect, test} from 'vitest'
import {occurrences} from '../../../src/services/errors/occurrences.ts'
import type {SourcedEvent} from '../../../src/services/logs/log-event.ts'
import {first, interpretAll, line, nodeLine, otherStream, reportLine, second, startLine} from '../logs/events.ts'

/** `kind: what`, for each error in the order in which it was settled. */
function errorsIn(...lines: readonly SourcedEvent[]): readonly string[] {
  const errors = occurrences('ERROR')
  const settled = [...interpretAll(lines).flatMap(event => errors.push(event)), ...errors.flush()]
  return settled.map(({signature: {kind, type, template}}) => `${kind}: ${[type, template].filter(Boolean).join(': ')}`)
}

const thrown = (id: string, type = 'PaymentTimeout') =>
  nodeLine(
    id,
    'ERROR',
    `Invoke Error \t${JSON.stringify({errorType: type, errorMessage: 'no answer', stack: [`${type}: no answer`, '    at charge (/var/task/pay.js:1:1)']})}`,
  )
const timeout = (id: string) => `2024-08-18T22:14:46.862Z ${id} Task timed out after 3.00 seconds\n\n`
const killed = (id: string) => `RequestId: ${id} Error: Runtime exited with error: signal: killed\nRuntime.ExitError\n`
const platform = (id: string, type: string, record: object) =>
  `${JSON.stringify({time: 'x', type: `platform.${type}`, record: {requestId: id, ...record}})}\n`

describe('one failed invocation is one error', () => {
  test('a line by its level, and no other one', () => {
    expect(
      errorsIn(line(1, nodeLine(first, 'INFO', 'no ERROR here')), line(2, nodeLine(first, 'ERROR', 'mail failed'))),
    ).toEqual(['message: mail failed'])
  })

  test('an exception, and the report that says so once more', () => {
    const record = {status: 'error', errorType: 'PaymentTimeout', metrics: {}}
    expect(
      errorsIn(
        line(1, platform(first, 'start', {})),
        line(2, thrown(first)),
        line(3, platform(first, 'runtimeDone', record)),
        line(3, platform(first, 'report', record)),
      ),
    ).toEqual(['exception: PaymentTimeout: no answer'])
  })

  test('what was logged and then thrown is one; what was logged three times is three', () => {
    const logged = `${thrown(first).replace('Invoke Error \t', '')}`
    expect(errorsIn(line(1, logged), line(2, thrown(first)))).toHaveLength(1)
    expect(errorsIn(line(1, logged), line(2, logged), line(3, logged))).toHaveLength(3)
  })

  test('each attempt at an asynchronous event is one, in the same environment and without its report too', () => {
    const [minute, logged] = [60_000, thrown(first).replace('Invoke Error \t', '')]
    expect(errorsIn(line(0, thrown(first)), line(minute, thrown(first)), line(3 * minute, thrown(first)))).toHaveLength(
      3,
    )
    const both = (at: number) => [line(at, logged), line(at + 1, thrown(first))]
    expect(errorsIn(...both(0), ...both(minute), ...both(3 * minute))).toHaveLength(3)
  })

  test('an error that the code handled is one, though the invocation went well', () => {
    expect(
      errorsIn(line(1, startLine(first)), line(2, nodeLine(first, 'ERROR', 'retrying')), line(3, reportLine(first))),
    ).toEqual(['message: retrying'])
  })

  test('T20 T24 a timeout is one by its line, by its report, and by both', () => {
    const expected = ['timeout: Task timed out after <n> seconds']
    expect(errorsIn(line(1, timeout(first)))).toEqual(expected)
    expect(errorsIn(line(1, reportLine(first, 'Status: timeout')))).toEqual(expected)
    expect(errorsIn(line(1, timeout(first)), line(1, reportLine(first, 'Status: timeout')))).toEqual(expected)
    expect(errorsIn(line(1, platform(first, 'report', {status: 'timeout', metrics: {}})))).toEqual(expected)
  })

  test('a timeout is one beside what the function logged before it', () => {
    expect(
      errorsIn(
        line(1, nodeLine(first, 'ERROR', 'payments: no answer')),
        line(2, timeout(first)),
        line(2, reportLine(first, 'Status: timeout')),
      ),
    ).toEqual(['message: payments: no answer', 'timeout: Task timed out after <n> seconds'])
  })

  test('T21 out of memory is one, by its line and its report', () => {
    expect(
      errorsIn(line(1, killed(first)), line(1, reportLine(first, 'Status: error\tError Type: Runtime.OutOfMemory'))),
    ).toEqual(['out-of-memory: Runtime.OutOfMemory: the function used up its memory and was killed'])
  })

  test('T21 a killed process was out of memory if its report says that all was used, as in logs; else it is an exit', () => {
    const report = reportLine(first, 'Status: error\tError Type: Runtime.ExitError')
    expect(errorsIn(line(1, killed(first)), line(1, report.replace('67 MB', '128 MB')))).toEqual([
      'out-of-memory: Runtime.OutOfMemory: the function used up its memory and was killed',
    ])
    const exit = ['exit: Runtime exited with error: signal: killed']
    expect(errorsIn(line(1, killed(first)), line(1, report))).toEqual(exit)
    expect(errorsIn(line(1, killed(first)))).toEqual(exit)
  })

  test('a process that exits is one: as its own words, or, where it had none, as the runtime’s', () => {
    const exited = `RequestId: ${first} Error: Runtime exited with error: exit status 2\nRuntime.ExitError\n`
    const report = reportLine(first, 'Status: error\tError Type: Runtime.ExitError')
    expect(errorsIn(line(1, exited), line(1, report))).toEqual(['exit: Runtime exited with error: exit status <n>'])
    expect(
      errorsIn(
        line(1, 'panic: no cart 7\n'),
        line(1, '\n'),
        line(1, 'goroutine 1 [running]:\n'),
        line(1, 'main.total(0x1)\n'),
        line(1, '\t/var/task/cart.go:31 +0x1d\n'),
        line(3, exited),
        line(3, report),
      ),
    ).toEqual(['exception: panic: no cart <n>'])
  })

  test('a panic and the report of the process that it ended are one, though neither the start nor the runtime’s line is there', () => {
    const report = reportLine(first, 'Status: error\tError Type: Runtime.ExitError')
    expect(errorsIn(line(1, 'panic: no cart 7\n'), line(1, report))).toEqual(['message: panic: no cart <n>'])
  })

  test('a report that fails without any line is one by its type', () => {
    expect(errorsIn(line(1, platform(first, 'report', {status: 'error', errorType: 'Boom', metrics: {}})))).toEqual([
      'exception: Boom: the invocation failed, and no line says why',
    ])
  })

  test('T23 T29 a failed init is one, though it is tried again and reported three times', () => {
    const uncaught = `2024-08-18T22:14:43.862Z\tundefined\tERROR\tUncaught Exception \t${JSON.stringify({errorType: 'Runtime.UserCodeSyntaxError', errorMessage: 'SyntaxError: x', stack: []})}\n`
    const init =
      'INIT_REPORT Init Duration: 98.30 ms\tPhase: init\tStatus: error\tError Type: Runtime.UserCodeSyntaxError\n'
    expect(
      errorsIn(
        line(1, uncaught),
        line(2, init),
        line(900, uncaught),
        line(901, init.replace('Phase: init', 'Phase: invoke')),
        line(902, reportLine(first, 'Status: error\tError Type: Runtime.UserCodeSyntaxError')),
      ),
    ).toEqual(['init: Runtime.UserCodeSyntaxError: SyntaxError: x'])
    expect(errorsIn(line(1, 'INIT_REPORT Init Duration: 10000.00 ms\tPhase: init\tStatus: timeout\n'))).toEqual([
      'init: the init phase timed out',
    ])
  })

  test('two invocations, or two streams, are two', () => {
    expect(errorsIn(line(1, timeout(first)), line(2, timeout(second)))).toHaveLength(2)
    expect(errorsIn(line(1, timeout(first)), line(1, timeout(first), {logStream: otherStream}))).toHaveLength(2)
  })

  test('T32 lines of a stack that are events of their own belong to the error before them', () => {
    const errors = occurrences('ERROR')
    const events = interpretAll([
      line(1, `${first} ERROR com.shop.NoCart: cart 7`),
      line(1, 'elsewhere', {logStream: otherStream}),
      line(1, '\tat com.shop.Carts.find(Carts.java:12)'),
      line(1, '\tat com.shop.Api.handle(Api.java:3)'),
    ])
    const settled = [...events.flatMap(event => errors.push(event)), ...errors.flush()]
    expect(settled.map(({signature}) => signature.place)).toEqual([
      'com.shop.NoCart\n\ncom.shop.Carts.find\ncom.shop.Api.handle',
    ])
  })

  test('an error is settled once nothing more can belong to it', () => {
    const errors = occurrences('ERROR')
    const [event] = interpretAll([line(1_000, timeout(first))])
    expect(event && errors.push(event)).toEqual([])
    expect(errors.passTime(2_000)).toEqual([])
    expect(errors.passTime(9_000)).toHaveLength(1)
    expect(errors.flush()).toEqual([])
  })
})
