import {describe, expect, test} from 'vitest'
import {assembleTrace} from '../../../src/services/traces/assemble-trace.ts'
import {assembled, criticalSum, drawn, node, warned} from './assembled.ts'
import {exceptionTrace, inProgressTrace, limitedTrace, skewedTrace, unfinishedTrace} from './broken-traces.ts'
import {awsCall, lambdaPair, traceOf, work} from './documents.ts'
import {
  kinesisTrace,
  linkedTrace,
  mixedTrace,
  provisionedTrace,
  restoredTrace,
  retriedTrace,
  timelessTrace,
} from './traces.ts'

describe('times', () => {
  test('case 6: what has no end is in progress, up to the last time that any span tells', () => {
    expect(assembled(inProgressTrace())).toMatchObject({durationMs: 0, isPartial: true, nodes: [{isInProgress: true}]})

    const trace = assembled(unfinishedTrace())
    const times = trace.nodes.map(({id, isInProgress, durationMs}) => [id, isInProgress, durationMs])
    expect(times).toEqual([
      ['root', true, 240_000],
      ['done', false, 239_990],
      ['lost', true, 239_950],
      ['back', false, 0],
      ['runs', true, 140_000],
    ])
    expect(trace.measuredTo - trace.start).toBe(240_000)
    expect(warned(trace)).toEqual({'in-progress': 3, 'ends-before-start': 1})
  })

  test('case 6: what lost its end did not outlast what it is in', () => {
    const trace = assembled(
      traceOf([
        work('root', 'states', 0, 100, {
          subsegments: [
            work('map', 'Iteration 1', 10, 30, {subsegments: [work('lost', 'GetFunction', 20, null)]}),
            work('runs', 'Iteration 2', 40, null),
          ],
        }),
        work('apart', 'worker', 50, null, {parent_id: 'map'}),
        work('last', 'later', 90, 200, {parent_id: 'root'}),
      ]),
    )
    const times = trace.nodes.map(({id, isInProgress, isCutOff, durationMs}) => [
      id,
      isInProgress ? 'runs' : isCutOff ? 'cut off' : 'ended',
      durationMs,
    ])
    expect(times).toEqual([
      ['root', 'ended', 100],
      ['map', 'ended', 20],
      ['lost', 'cut off', 10],
      ['apart', 'runs', 150],
      ['runs', 'cut off', 60],
      ['last', 'ended', 110],
    ])
    expect(trace.isPartial).toBe(true)
    expect(trace.warnings.map(({code, count}) => [code, count])).toContainEqual(['cut-off', 2])
  })

  test('case 7: a failure is told wherever its exception is pointed at; one that is nowhere is named', () => {
    const trace = assembled(exceptionTrace())

    expect(node(trace, 'root')?.cause).toEqual(node(trace, 'pay')?.cause)
    expect(node(trace, 'root')?.cause?.exceptions[0]).toMatchObject({
      type: 'PaymentTimeout',
      message: 'upstream did not answer in 1500 ms',
      stack: [{path: 'pay.js', line: 12, label: 'charge'}],
    })
    expect(node(trace, 'gone')?.cause).toEqual({exceptions: [], missingId: 'abcdef0123456789'})
    expect(node(trace, 'none')?.cause).toBeNull()
    expect(warned(trace)).toEqual({'missing-exception': 1})
  })

  test('case 13: what X-Ray truncated is partial', () => {
    const trace = assembled(limitedTrace())
    expect(trace.isPartial).toBe(true)
    expect(trace.warnings).toEqual([
      {code: 'limit-exceeded', count: 1, message: 'trace truncated by X-Ray: it is larger than X-Ray keeps'},
    ])
  })

  test('what could not be read is told with how often, the first three kinds by name', () => {
    const problems = ['no object', 'no name', 'no object', 'no time', 'no object', 'no id']
    const trace = assembleTrace({...limitedTrace().fetched, isLimitExceeded: false, problems})
    expect(trace.warnings).toEqual([
      {code: 'unreadable', count: 6, message: 'not all could be read: no object (3 times); no name; no time; …'},
    ])
  })

  test('case 14: a trace that took no time, and one from a nanosecond to a quarter of an hour', () => {
    const timeless = assembled(timelessTrace())
    expect(timeless).toMatchObject({durationMs: 0, warnings: []})
    expect(timeless.nodes.map(({durationMs, selfMs}) => [durationMs, selfMs])).toEqual(Array(5).fill([0, 0]))

    const mixed = assembled(mixedTrace())
    expect(mixed.nodes.map(({durationMs}) => durationMs)).toEqual([900_000, 0, 0.001, 899_969])
  })

  test('case 15: a child that outlasts its parent takes no more of it than there is', () => {
    const trace = assembled(skewedTrace())

    // until the function's segment begins
    expect(node(trace, 'skew-s')).toMatchObject({durationMs: 164, selfMs: 19.332})
    expect(trace.durationMs).toBe(479.453)
    expect(warned(trace)).toEqual({'outside-parent': 2})
  })

  test('what another service goes on with after a call is not outside, a step that outlasts its parent is', () => {
    const trace = assembled(
      traceOf([
        work('root', 'api', 0, 100, {
          subsegments: [awsCall('send', 'SNS', 'Publish', 10, 40), work('step', 'step', 50, 130)],
        }),
        ...lambdaPair('slow', 'worker', {service: [30, 900], run: [40, 890]}, [], {parent: 'send'}),
      ]),
    )
    expect(warned(trace)).toEqual({'outside-parent': 1})
    expect(node(trace, 'send')?.selfMs).toBe(20)
    // as long as the call took
    expect(node(trace, 'slow-s')?.criticalMs).toBe(10)
  })

  test('children that run at the same time count once', () => {
    const trace = assembled(
      traceOf([
        work('root', 'api', 0, 100, {
          subsegments: [work('a', 'a', 10, 50), work('b', 'b', 20, 60), work('c', 'c', 25, 30), work('d', 'd', 80, 90)],
        }),
      ]),
    )
    expect(node(trace, 'root')?.selfMs).toBe(40)
  })

  test('case 16: an init of hours ago is a badge and not on the axis', () => {
    const trace = assembled(provisionedTrace())

    expect(trace.durationMs).toBe(140)
    expect(node(trace, 'prov-i')?.detached).toEqual({ms: 1_900, earlierMs: (3 * 60 + 2) * 60_000})
    expect(node(trace, 'prov-i')?.criticalMs).toBeNull()
    expect(trace.coldStarts).toEqual([
      {nodeId: 'prov-f', downloadMs: null, initMs: 1_900, restoreMs: null, isDetached: true},
    ])
    expect(trace.warnings).toEqual([])
  })

  test('case 16: time in which a provisioned sandbox waited is no init of hours', () => {
    const trace = assembled(
      traceOf(
        lambdaPair('prov', 'checkout', {service: [0, 140], run: [10, 135]}, [
          work('prov-i', 'Initialization', -10_800_000, 11),
          work('prov-v', 'Invocation', 12, 130),
        ]),
      ),
    )
    expect(trace.durationMs).toBe(140)
    expect(node(trace, 'prov-i')?.detached).toEqual({ms: 10_800_011, earlierMs: 1})
  })

  test.each([
    ['the gap is recorded as the init’s time', -300_000, 11, {ms: 300_011, earlierMs: 1}],
    ['it began longer ago than an init takes', -10_500.7, 2, {ms: 10_502.7, earlierMs: 10}],
    ['it was over before the request came', -4_000, -1_200.1, {ms: 2_799.9, earlierMs: 1_212.1}],
    ['it was over just before the request came, by another clock', -200, -2, null],
    ['it began for another request, and this one waited for its end', -3_000, 2, null],
  ])('case 16: an init of before the request, of minutes or seconds: %s', (_, start, end, detached) => {
    const trace = assembled(
      traceOf(
        lambdaPair('prov', 'checkout', {service: [0, 140], run: [10, 135]}, [
          work('prov-i', 'Initialization', start, end),
          work('prov-v', 'Invocation', 12, 130),
        ]),
      ),
    )
    expect(node(trace, 'prov-i')?.detached).toEqual(detached)
    expect(trace.coldStarts).toMatchObject([{isDetached: detached !== null}])
    expect(trace.durationMs).toBe(detached === null ? 140 - start : 140)
  })

  test('case 16: an init of before the request, in Lambda’s own segment', () => {
    const init = work('i', 'Initialization', -60_000, 2)
    const trace = assembled(traceOf([work('s', 'fn', 0, 90, {origin: 'AWS::Lambda', subsegments: [init]})]))
    expect(node(trace, 'i')?.detached).toEqual({ms: 60_002, earlierMs: 0})
    expect(trace.durationMs).toBe(90)
  })

  test('an init of ten seconds before is waited for', () => {
    const ofInit = (end: number) =>
      assembled(
        traceOf(
          lambdaPair('edge', 'fn', {service: [0, 20_000], run: [11_000, 19_000]}, [
            work('i', 'Initialization', 500, end),
            work('v', 'Invocation', 11_000, 18_000),
          ]),
        ),
      )
    expect(node(ofInit(1_000), 'i')?.detached).toBeNull()
    expect(node(ofInit(999), 'i')?.detached).toEqual({ms: 499, earlierMs: 10_001})
  })

  test('a restored snapshot has the restore on the axis and its init not', () => {
    const trace = assembled(restoredTrace())
    expect(trace.durationMs).toBe(900)
    expect(node(trace, 'snap-r')).toMatchObject({role: 'restore', detached: null, criticalMs: 475})
    expect(node(trace, 'snap-i')?.detached).not.toBeNull()
    expect(trace.coldStarts).toEqual([
      {nodeId: 'snap-f', downloadMs: 130, initMs: null, restoreMs: 475, isDetached: false},
    ])
  })

  test('case 17: twelve attempts under one id are twelve roots', () => {
    const trace = assembled(kinesisTrace())
    expect(trace.roots.map(({role, span}) => [role, span.status])).toEqual(Array(12).fill(['service', 'fault']))
    expect(Math.round(trace.durationMs / 60_000)).toBe(12)
  })

  test('attempts of Lambda itself are told from the wait before them, and the download begins with the attempt', () => {
    const trace = assembled(retriedTrace())
    expect(drawn(trace)).toEqual([
      'mailer service',
      '  Dwell Time queue',
      '  Attempt #1 attempt',
      '    mailer function',
      '      Invocation invocation',
      '  Attempt #2 attempt',
      '    mailer function',
      '      Initialization init',
      '      Invocation invocation',
    ])
    expect(trace.coldStarts).toMatchObject([{nodeId: 'agai-f', downloadMs: 200, initMs: 290}])
  })
})

describe('the critical path', () => {
  test('goes back from the end, to what ended last before', () => {
    const trace = assembled(
      traceOf([
        work('root', 'api', 0, 100, {
          subsegments: [
            work('auth', 'auth', 5, 20),
            work('slow', 'slow', 25, 90, {subsegments: [work('in', 'in slow', 30, 80)]}),
            work('beside', 'beside', 25, 70),
          ],
        }),
      ]),
    )
    const times = trace.nodes.map(({id, criticalMs}) => [id, criticalMs])
    expect(times).toEqual([
      ['root', 20],
      ['auth', 15],
      ['beside', null],
      ['slow', 15],
      ['in', 50],
    ])
    expect(criticalSum(trace)).toBe(trace.durationMs)
  })

  test('leaves out what was only handed over, and cuts what outlasts its parent', () => {
    const trace = assembled(
      traceOf([
        work('root', 'api', 0, 100, {
          subsegments: [awsCall('send', 'SQS', 'SendMessage', 80, 95), awsCall('fire', 'SNS', 'Publish', 95, 120)],
        }),
        work('async', 'worker', 110, 500, {parent_id: 'send'}),
      ]),
    )
    expect(trace.nodes.map(({id, criticalMs}) => [id, criticalMs])).toEqual([
      ['root', 80],
      ['send', 15],
      ['async', null],
      ['fire', 5],
    ])
    expect(trace.durationMs).toBe(500)
  })

  test('holds an init that is before its own segment, and its download with Lambda', () => {
    const trace = assembled(linkedTrace())
    expect(trace.nodes.map(({role, selfMs, criticalMs}) => [role, selfMs, criticalMs])).toEqual([
      ['service', 169.039, 169.039],
      ['function', 0.546, 0.546],
      ['init', 354.714, 354.714],
      ['invocation', 256.397, 256.397],
      ['overhead', 0.304, 0.304],
    ])
    expect(criticalSum(trace)).toBeCloseTo(781, 2)
  })

  test('goes on through children whose clocks overlap a little', () => {
    const trace = assembled(
      traceOf([work('root', 'api', 0, 100, {subsegments: [work('a', 'a', 0, 50.4), work('b', 'b', 50, 100)]})]),
    )
    expect(trace.nodes.map(({id, criticalMs}) => [id, criticalMs])).toEqual([
      ['root', 0],
      ['a', 50],
      ['b', 50],
    ])
  })
})
