import {describe, expect, test} from 'vitest'
import {coldPattern, readColdEvent, servedPattern} from '../../../../src/services/fleet/coldstarts/cold-event.ts'
import {isInitBilled} from '../../../../src/services/fleet/coldstarts/inits.ts'
import {eventQuery} from '../../../../src/services/insights/event-query.ts'
import {compileFilterPattern} from '../../../../src/services/logs/filter-pattern/compile.ts'
import {initError, initStart, initTimeout, platform, report, restoreStart} from './cold-lines.ts'

const restored = report(14.2, 90, 'Restore Duration: 474.16 ms\tBilled Restore Duration: 75 ms\t')

describe('a line about an environment', () => {
  test('case 18: a REPORT is read whatever it has behind its numbers, and in whatever order', () => {
    const fieldsOf = (message: string) => {
      const event = readColdEvent(message)
      return event?.is === 'report' ? event.report : null
    }
    expect(fieldsOf(report(3.01, 114, 'Init Duration: 110.10 ms\t'))).toMatchObject({initDurationMs: 110.1})
    expect(fieldsOf(report(3.01, 114, 'Init Duration: 110.10 ms').trimEnd())).toMatchObject({initDurationMs: 110.1})
    expect(
      fieldsOf(
        `${report(3, 114, 'Init Duration: 110.10 ms\t')}XRAY TraceId: 1-66d978e5-56c7378e556e94b5461da07c\tSegmentId: a\tSampled: true\t\n`,
      ),
    ).toMatchObject({initDurationMs: 110.1, durationMs: 3})
    expect(fieldsOf(report(5000, 5579, 'Init Duration: 578.07 ms\tStatus: timeout'))).toMatchObject({
      initDurationMs: 578.07,
      status: 'timeout',
    })
    expect(fieldsOf(report(9, 9, 'Status: error\tError Type: Runtime.ExitError'))).toMatchObject({
      status: 'error',
      errorType: 'Runtime.ExitError',
    })
    expect(fieldsOf(restored)).toMatchObject({restoreDurationMs: 474.16, billedRestoreDurationMs: 75})
    expect(
      fieldsOf(
        'REPORT RequestId: 76269889-7d50-4d6d-a3f1-9b4f5322f47c\tInit Duration: 0.12 ms\tDuration: 99.5 ms\tBilled Duration: 100 ms\tMemory Size: 128 MB\tMax Memory Used: 128 MB\t\n',
      ),
    ).toMatchObject({initDurationMs: 0.12, durationMs: 99.5})
  })

  test('case 18: whether the init was billed is told by the line itself, not by its date', () => {
    // 2025-12-29, and AWS's own of 2024
    expect(isInitBilled(5000, 578.07, 5579)).toBe(true)
    expect(isInitBilled(3.01, 110.1, 4)).toBe(false)
    expect(isInitBilled(3.01, 110.1, 114)).toBe(true)
  })

  test('tells how an init or a restore began and ended, in text and in JSON', () => {
    expect(readColdEvent(initStart)).toEqual({
      is: 'begin',
      phase: 'init',
      type: null,
      functionName: null,
      version: null,
    })
    expect(readColdEvent(restoreStart)).toMatchObject({is: 'begin', phase: 'restore'})
    expect(readColdEvent(initTimeout)).toMatchObject({
      is: 'begun',
      status: 'timeout',
      durationMs: 10008.33,
      inInvoke: false,
    })
    expect(readColdEvent(initError('invoke'))).toMatchObject({
      status: 'error',
      inInvoke: true,
      errorType: 'Runtime.ImportModuleError',
    })
    expect(
      readColdEvent(
        platform('initStart', {initializationType: 'provisioned-concurrency', functionName: 'a', functionVersion: '3'}),
      ),
    ).toEqual({is: 'begin', phase: 'init', type: 'provisioned-concurrency', functionName: 'a', version: '3'})
    expect(
      readColdEvent(
        platform('initReport', {
          initializationType: 'on-demand',
          phase: 'init',
          status: 'timeout',
          metrics: {durationMs: 10001},
        }),
      ),
    ).toMatchObject({is: 'begun', status: 'timeout', durationMs: 10001})
    expect(readColdEvent(platform('restoreReport', {status: 'success', metrics: {durationMs: 380.2}}))).toMatchObject({
      is: 'begun',
      phase: 'restore',
      durationMs: 380.2,
    })
  })

  test('case 33: lines that only hold its words, hostile ones among them, are none', () => {
    for (const message of [
      'the Init Duration: 12 ms of yesterday',
      ' INIT_START Runtime Version: nodejs',
      '{"type":"platform.report"',
      '{"type":"platform.report","record":null}',
      '{"type":"platform.report","record":[1]}',
      '{"msg":"platform.initStart initDurationMs"}',
      '{"type":"platform.initStartled","record":{}}',
      '\u001b[31mREPORT RequestId: x\u001b[0m',
      '',
      '{',
    ])
      expect(readColdEvent(message), message).toBeNull()
    expect(readColdEvent(platform('initStart', {functionName: {}, initializationType: 7}))).toMatchObject({
      type: null,
      functionName: null,
    })
    expect(readColdEvent(platform('initReport', {metrics: {durationMs: '1e999'}, status: []}))).toMatchObject({
      durationMs: 0,
      status: 'success',
    })
  })
})

describe('what AWS is asked for', () => {
  const matches = compileFilterPattern(coldPattern({reports: false}))

  test('brings every line about an environment, and leaves warm requests where they are', () => {
    for (const message of [
      initStart,
      restoreStart,
      initTimeout,
      initError('init'),
      restored,
      report(3, 114, 'Init Duration: 110.10 ms\t'),
      platform('report', {metrics: {durationMs: 3, initDurationMs: 12}}),
      platform('report', {metrics: {durationMs: 3, restoreDurationMs: 12}}),
      platform('initStart', {}),
      platform('initReport', {}),
      platform('restoreStart', {}),
      platform('restoreReport', {}),
      platform('invokeSummary', {}),
    ])
      expect(matches(message), message).toBe(true)
    expect(matches(report(3, 4))).toBe(false)
    expect(matches(platform('report', {metrics: {durationMs: 3}}))).toBe(false)
    expect(matches('START RequestId: 76269889-7d50-4d6d-a3f1-9b4f5322f47c Version: 42')).toBe(false)
  })

  test('is short enough for AWS, and is told to Logs Insights whole', () => {
    expect(coldPattern({reports: true}).length).toBeLessThanOrEqual(1_024)
    const query = eventQuery(coldPattern({reports: true}), 10_000).queryString({start: 0, end: 1}, false)
    expect(query.match(/like "/g)).toHaveLength(13)
  })

  test('finds what an environment served, cold or warm', () => {
    const served = compileFilterPattern(servedPattern())
    expect(served(report(3, 4))).toBe(true)
    expect(served('START RequestId: 76269889-7d50-4d6d-a3f1-9b4f5322f47c Version: 42')).toBe(true)
    expect(served(initStart)).toBe(false)
  })
})
