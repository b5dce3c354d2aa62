import {describe, expect, it} from 'vitest'
import {findReport, tailText} from '../../../../src/services/tuning/invoke/tail-report.ts'

const id = '8c360c87-d4b7-4423-b5f3-af02be3c1763'
const other = '3364d63a-0000-4000-8000-948000000000'

const text = (fields: string, of = id): string => `REPORT RequestId: ${of}\t${fields}\t`
const warm = text('Duration: 37607.92 ms\tBilled Duration: 37608 ms\tMemory Size: 128 MB\tMax Memory Used: 123 MB')

type Metrics = Readonly<Record<string, number>>
const record = (metrics: Metrics, more: object = {}, of = id) => ({
  time: '2026-11-20T14:00:00.000Z',
  type: 'platform.report',
  record: {requestId: of, status: 'success', ...more, metrics},
})
const plain = {durationMs: 12.3, billedDurationMs: 13, memorySizeMB: 512, maxMemoryUsedMB: 80}

const reportIn = (log: string, of: string | null = id) => findReport(log, of)?.report

describe('T17: the billed duration is read, never computed', () => {
  it.each([
    ['since August 2025, with the init', 250.06, 351, 100.77],
    ['before that, without it', 250.06, 251, 100.77],
    ['of an image, always with it', 1049.63, 2344, 1293.83],
  ])('%s', (_, duration, billed, init) => {
    const line = text(
      `Duration: ${duration} ms\tBilled Duration: ${billed} ms\tMemory Size: 128 MB\tMax Memory Used: 40 MB\tInit Duration: ${init} ms`,
    )
    expect(reportIn(line)).toMatchObject({durationMs: duration, billedDurationMs: billed, initDurationMs: init})
  })
})

describe('T18: what is billed of a restored snapshot contains the restore', () => {
  it.each([
    [127.1, 154, 26],
    [306.34, 610, 303],
    [159.87, 278, 118],
    [2338.66, 2521, 182],
  ])('%d ms is billed as %d', (duration, billed, restore) => {
    const line = text(
      `Duration: ${duration} ms\tBilled Duration: ${billed} ms\tMemory Size: 3009 MB\tMax Memory Used: 173 MB\tRestore Duration: 511.25 ms\tBilled Restore Duration: ${restore} ms`,
    )
    expect(reportIn(`${line}\n`)).toMatchObject({
      durationMs: duration,
      billedDurationMs: billed,
      restoreDurationMs: 511.25,
      billedRestoreDurationMs: restore,
    })
  })

  it('147.156 ms is billed as 201, in JSON', () => {
    const metrics = {
      ...plain,
      durationMs: 147.156,
      billedDurationMs: 201,
      restoreDurationMs: 400,
      billedRestoreDurationMs: 53,
    }
    expect(reportIn(JSON.stringify(record(metrics)))).toMatchObject({durationMs: 147.156, billedDurationMs: 201})
  })
})

describe('T19: a report is found in whatever stands around it', () => {
  it('a warm JSON report has no init, and that is no error (power tuning’s issue 305)', () => {
    const report = reportIn(JSON.stringify(record(plain)))
    expect(report).toEqual({...plain, status: 'success'})
    expect(report).not.toHaveProperty('initDurationMs')
  })

  it('the tail may begin in the middle of a line', () => {
    const cut = `","record":{"requestId":"${other}","metrics":{"durationMs":1}}}\n`
    expect(reportIn(`${cut}${JSON.stringify(record(plain))}\n`)).toMatchObject(plain)
    expect(reportIn(`lled Duration: 5 ms\tMemory Size: 128 MB\n${warm}\n`)).toMatchObject({billedDurationMs: 37608})
  })

  it('the tail may begin in the middle of a character', () => {
    const bytes = Buffer.concat([Buffer.from('é').subarray(1), Buffer.from(`\n${warm}\n`)])
    expect(reportIn(tailText(bytes.toString('base64')))).toMatchObject({billedDurationMs: 37608})
  })

  it('a report whose own beginning is cut off is none', () => {
    expect(reportIn(warm.slice(30))).toBeUndefined()
    expect(reportIn(JSON.stringify(record(plain)).slice(20))).toBeUndefined()
  })

  it('an init that ran out of time stands before it', () => {
    const log = `INIT_REPORT Init Duration: 10007.33 ms\tPhase: init\tStatus: timeout\nSTART RequestId: ${id} Version: 1\n${warm}\n`
    expect(reportIn(log)).toMatchObject({durationMs: 37607.92})
    expect(findReport(log, id)?.evidence).toEqual(new Set(['init-error']))
  })

  it('an init that fails is reported of the init and of the invoke phase', () => {
    const init = (phase: string) =>
      `INIT_REPORT Init Duration: 150.79 ms\tPhase: ${phase}\tStatus: error\tError Type: Runtime.UserCodeSyntaxError\n`
    const log = `${init('init')}${init('invoke')}${warm}Status: error\tError Type: Runtime.UserCodeSyntaxError\n`
    expect(reportIn(log)).toMatchObject({status: 'error', errorType: 'Runtime.UserCodeSyntaxError'})
  })

  it('out of memory and timeouts are its status', () => {
    expect(reportIn(`${warm}Status: error\tError Type: Runtime.OutOfMemory`)).toMatchObject({
      status: 'error',
      errorType: 'Runtime.OutOfMemory',
    })
    expect(reportIn(`${warm}Status: timeout`)).toMatchObject({status: 'timeout'})
    const failed = record(plain, {status: 'failure', errorType: 'Runtime.OutOfMemory'})
    expect(reportIn(JSON.stringify(failed))).toMatchObject({status: 'failure', errorType: 'Runtime.OutOfMemory'})
  })

  it('older runtimes say it on a line of its own', () => {
    const gone = `RequestId: ${id} Process exited before completing request\n`
    expect(findReport(`${gone}${warm}`, id)?.evidence).toEqual(new Set(['killed']))
    const late = `2018-08-26T02:13:13.948Z ${id} Task timed out after 3.00 seconds\n`
    expect(findReport(`${warm}\n${late}`, id)?.evidence).toEqual(new Set(['timeout']))
  })

  it('SAM local has the init first, and spaces for tabs', () => {
    const sam =
      'Init Duration: 0.05 ms\tDuration: 350.40 ms\tBilled Duration: 351 ms\tMemory Size: 128 MB\tMax Memory Used: 128 MB'
    const wanted = {initDurationMs: 0.05, durationMs: 350.4, billedDurationMs: 351}
    expect(reportIn(text(sam))).toMatchObject(wanted)
    expect(reportIn(`REPORT RequestId: ${id} ${sam.replaceAll('\t', ' ')}\n`)).toMatchObject(wanted)
  })

  it('X-Ray’s line behind it takes nothing away', () => {
    const trace = '\nXRAY TraceId: 1-66d978e5-56c7378e556e94b5461da07c\tSegmentId: 29c3839e6ecb5895\tSampled: true\t\n'
    expect(reportIn(`${warm}${trace}`)).toMatchObject({durationMs: 37607.92, maxMemoryUsedMB: 123})
  })

  it('extensions write text into a JSON log, and JSON into a text log', () => {
    const extension =
      'EXTENSION\tName: agent\tState: Ready\tEvents: [INVOKE]\n[agent] {"type": "flushed", "record": {\n'
    expect(reportIn(`${extension}${JSON.stringify(record(plain))}\n[agent] done }}\n`)).toMatchObject(plain)
    expect(reportIn(`{"type":"platform.extension","record":{}}\n${warm}\n{"agent":"flushed"}\n`)).toMatchObject({
      billedDurationMs: 37608,
    })
  })

  it('a record may take many lines, and have its keys in any order', () => {
    expect(reportIn(`[agent] hello {\n${JSON.stringify(record(plain), null, 2)}\n`)).toMatchObject(plain)
    const {time, type, record: inner} = record(plain, {spans: [{name: 'responseLatency', durationMs: 1}]})
    expect(reportIn(JSON.stringify({record: inner, type, time}))).toMatchObject(plain)
  })

  it('other requests’ reports are not its own', () => {
    const others = [text('Duration: 1.00 ms\tBilled Duration: 1 ms', other), JSON.stringify(record(plain, {}, other))]
    expect(reportIn(others.join('\n'))).toBeUndefined()
    expect(reportIn([warm, ...others].join('\n'))).toMatchObject({billedDurationMs: 37608})
  })

  it('the last of its reports is Lambda’s, whatever the function wrote before', () => {
    const forged = text('Duration: 1.00 ms\tBilled Duration: 1 ms')
    expect(reportIn(`${forged}\n${warm}\n`)).toMatchObject({billedDurationMs: 37608})
    expect(reportIn(`${warm}\n{"seen":"${forged.replaceAll('\t', ' ')}"}\n`)).toMatchObject({billedDurationMs: 37608})
    expect(reportIn(`no line end${warm}`)).toMatchObject({billedDurationMs: 37608})
  })

  it('where nobody knows the request, the last report is taken with its id', () => {
    expect(findReport(warm, null)).toMatchObject({requestId: id})
    expect(findReport(JSON.stringify(record(plain, {}, other)), null)).toMatchObject({requestId: other})
  })

  it.each([
    '',
    '\0\uFFFD',
    'REPORT RequestId: ',
    `REPORT RequestId: ${id}`,
    text('Duration: 1e999 ms'),
    text('Billed Duration: x ms'),
    '"platform.report"',
    '{"type":"platform.report"}',
    '{"type":"platform.report","record":null}',
    `{"type":"platform.report","record":{"requestId":"${id}","metrics":{"billedDurationMs":"1"}}}`,
    `{"type":"platform.report","record":{"requestId":"${id}"}`,
    `${'{'.repeat(8000)}"platform.report"${'}'.repeat(8000)}`,
    '"platform.report"'.repeat(900),
    `REPORT RequestId: ${id}\t`.repeat(300),
  ])('what says nothing of it is null (%#)', log => {
    expect(findReport(log, id)).toBeNull()
  })
})
