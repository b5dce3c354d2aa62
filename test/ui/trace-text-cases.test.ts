import {describe, expect, test} from 'vitest'
import {billing, checkout, drawn, type Fields, lambda, linked, part, reportOf, traceId, traceOf} from './traces.ts'

describe('hard cases', () => {
  test('case 1: an inferred segment has no row of its own, and an init before its parent is drawn from where it began', () => {
    const sns = part('SNS', [3_100, 3_190], {
      namespace: 'aws',
      aws: {operation: 'Publish', topic_arn: 'arn:aws:sns:eu-west-1:1:seasons'},
    })
    const call = part('Lambda', [0, 3_232], {namespace: 'aws', aws: {operation: 'Invoke'}})
    const documents = [
      part('Scorekeep', [0, 3_232], {trace_id: traceId, subsegments: [call]}),
      ...lambda(
        'random-name',
        [20, 3_225],
        [360, 3_220],
        [part('Initialization', [5, 355]), part('annotations', [400, 401]), sns],
        {
          parent: String(call['id']),
        },
      ),
      part('SNS', [3_100, 3_190], {
        inferred: true,
        parent_id: sns['id'],
        origin: 'AWS::SNS',
        aws: {operation: 'Publish'},
      }),
    ]
    expect(drawn(reportOf(traceOf(documents)), 80)).toMatchInlineSnapshot(`
      "
      Scorekeep · 3.23 s · 14:02:10.040 · 2 services
                                        0             1             2              3 s
      Scorekeep               3.23 s •  ██████████████████████████████████████████████
      └ λ random-name         3.23 s •  ██████████████████████████████████████████████
        ├ init                350 ms •  ░░░░░
        ├ annotations           1 ms         ▕
        └ SNS Publish seasons  90 ms •                                              █▍
      critical path  own code 2.77 s · init 335 ms · SNS Publish 90 ms · 3 more 38 ms
      1-6b005320-1d1e9504609a52ab2e8537c0 · X-Ray
      "
    `)
  })

  test('case 2: of 765 nodes there are as many rows as somebody looks at, and all where all are asked for', () => {
    const trace = manySteps()
    const text = drawn(reportOf(trace), 80)
    expect(trace.nodes).toHaveLength(765)
    expect(text.split('\n').length).toBeLessThan(130)
    expect(text.split('\n').slice(0, 9).join('\n')).toMatchInlineSnapshot(`
      "
      OrderFlow · 30.7 s · 14:02:10.040 · 4 services
                                                   0          10          20      30 s
      OrderFlow                          30.7 s •  ███████████████████████████████████
      ├ λ worker-0                       880 ms •  █▏
      │ ├ DynamoDB PutItem ×5 steps      150 ms    ▏
      │ └ DynamoDB GetItem ×13 steps     390 ms    ▌
      ├ λ worker-1                       880 ms •   █▏
      │ ├ DynamoDB PutItem ×5 steps      150 ms     ▏"
    `)
    const unfolded = drawn(reportOf(trace), 80, {unfolded: true}).split('\n')
    expect(unfolded.filter(line => /[├└] DynamoDB/.test(line))).toHaveLength(612)
  })

  test('case 3: what was left to fetch before the init stands apart from the init', () => {
    const trace = traceOf(
      lambda('worker', [0, 700], [515, 699], [part('Initialization', [160, 515]), part('Invocation', [516, 690])]),
    )
    const text = drawn(reportOf(trace, {linked: [linked(billing(), trace, {dwellMs: 14.7})]}), 80)
    expect(text).toMatchInlineSnapshot(`
      "
      λ worker · 700 ms · 14:02:10.040 · 1 service
                              0       100     200     300     400     500       700 ms
      λ worker        700 ms  ████████████████████████████████████████████████████████
      ├ fetching code 160 ms  ┄┄┄┄┄┄┄┄┄┄┄┄┄
      ├ init          355 ms               ░░░░░░░░░░░░░░░░░░░░░░░░░░░░
      └ invocation    174 ms                                           ▐█████████████▎
      ⤷ 15 ms in queue → λ billing-worker 1.24 s (1-6b005323-2d1e9504609a52ab2e8537c1)
      critical path  init 355 ms · own code 184 ms · Lambda 161 ms
      1-6b005320-1d1e9504609a52ab2e8537c0 · X-Ray
      "
    `)
  })

  test('case 4: spans whose parent is missing stand apart, and the header says that something is', () => {
    const lost = part('lost', [40, 60], {parent_id: 'ffffffffffffffff', subsegments: [part('S3', [41, 50])]})
    expect(drawn(reportOf(traceOf([...lambda('api', [0, 100], [2, 99], []), lost])), 80)).toMatchInlineSnapshot(`
      "
      λ api · 100 ms · 14:02:10.040 · 2 services · ▲ 1 segment missing
                         0           20          40           60          80    100 ms
      λ api    100 ms •  █████████████████████████████████████████████████████████████
      detached: their parents are not in the trace
      lost      20 ms                            ▐███████████▋
      └ S3       9 ms                             █████▌
      critical path  own code 97 ms · Lambda 3 ms
      ▲ 1 span below a parent that is not in the trace
      1-6b005320-1d1e9504609a52ab2e8537c0 · X-Ray
      "
    `)
  })

  test('case 6: what lost its end to a timeout is cut off, and nothing of the trace runs on', () => {
    const call = part('DynamoDB', [100, null], {namespace: 'aws', aws: {operation: 'PutItem'}})
    const calls = part('Invocation', [6, 3_000], {fault: true, subsegments: [call]})
    const trace = traceOf(
      lambda('orders', [0, 3_002], [5, 3_001], [calls], {service: {fault: true}, inner: {fault: true}}),
    )
    expect(drawn(reportOf(trace), 80)).toMatchInlineSnapshot(`
      "
      λ orders ✗ · 3.00 s · 14:02:10.040 · 1 service
                                             0             1            2          3 s
      λ orders                     3.00 s ✗  █████████████████████████████████████████
      └ invocation                 2.99 s ✗  █████████████████████████████████████████
        └ DynamoDB PutItem cut off 2.90 s     ▐███████████████████████████████████████
      critical path  DynamoDB PutItem 2.90 s · own code 96 ms
      ▲ 1 span cut off: what it ran in ended before it did
      1-6b005320-1d1e9504609a52ab2e8537c0 · X-Ray
      "
    `)
  })

  test('case 6: what has not ended is open at its right, and runs at least as long as anything is known of it', () => {
    const calls = [
      part('DynamoDB', [10, 240_000], {namespace: 'aws', aws: {operation: 'Query'}}),
      part('slow.example', [20, null], {namespace: 'remote'}),
    ]
    const trace = traceOf(lambda('orders', [0, null], [5, null], [part('Invocation', [6, null], {subsegments: calls})]))
    expect(drawn(reportOf(trace), 80)).toMatchInlineSnapshot(`
      "
      λ orders · ≥ 4 min · 14:02:10.040 · 1 service · ▲ not all of it has ended
                                          0          1          2          3     4 min
      λ orders running         ≥ 4 min •  ███████████████████████████████████████████▶
      └ invocation running     ≥ 4 min •  ███████████████████████████████████████████▶
        ├ DynamoDB Query         4 min •  ████████████████████████████████████████████
        └ slow.example running ≥ 4 min    ███████████████████████████████████████████▶
      critical path  DynamoDB Query 4 min
      ▲ 4 spans still in progress, or the end never came
      1-6b005320-1d1e9504609a52ab2e8537c0 · X-Ray
      "
    `)
    expect(drawn(reportOf(traceOf([part('example.com', [0, null])])), 40)).toMatchInlineSnapshot(`
      "
      example.com · 14:02:10.040 · 1 service
        ▲ not all of it has ended
      example.com running   █████████████████▶
      ▲ 1 span still in progress, or the end
        never came
      1-6b005320-1d1e9504609a52ab2e8537c0
        X-Ray
      "
    `)
  })

  test('case 7: an exception is told once, where it came up; one that the trace does not have, by its id', () => {
    const inner = part('db', [1, 5], {
      fault: true,
      cause: {exceptions: [{id: 'abcdefabcdef0001', type: 'Gone', message: 'no row\nat x'}]},
    })
    const outer = part('api', [0, 10], {fault: true, cause: 'abcdefabcdef0001', subsegments: [inner]})
    const dangling = part('other', [6, 9], {error: true, cause: 'abcdef0000000000'})
    const text = drawn(reportOf(traceOf([{...outer, subsegments: [inner, dangling]}])), 80)
    expect(text.match(/Gone: no row/g)).toHaveLength(1)
    expect(text).not.toContain('at x')
    expect(text).toContain('exception abcdef0000000000 not in trace')
  })

  test('case 13: a trace that X-Ray cut says so first', () => {
    const trace = traceOf(lambda('api', [0, 100], [2, 99], []), {isLimitExceeded: true})
    expect(drawn(reportOf(trace), 80).split('\n')[2]).toMatch(/^▲ trace truncated by X-Ray/)
  })

  test('case 14: no time at all, a microsecond, and 15 min are all drawn, whatever script names are in', () => {
    const names = [part('b', [0, 0]), part('漢字のサービス', [0, 0]), part('👩‍👩‍👧 family', [0, 0])]
    expect(drawn(reportOf(traceOf([part('a', [0, 0], {subsegments: names})])), 40)).toMatchInlineSnapshot(`
      "
      a · 0 ms · 14:02:10.040 · 1 service
      a                0 ms  ▏
      ├ b              0 ms  ▏
      ├ 漢字のサービス 0 ms  ▏
      └ 👩‍👩‍👧 family      0 ms  ▏
      1-6b005320-1d1e9504609a52ab2e8537c0
        X-Ray
      "
    `)
    expect(
      drawn(reportOf(traceOf([part('api', [0, 0.012], {subsegments: [part('b', [0.001, 0.005])]})])), 40),
    ).toMatchInlineSnapshot(`
      "
      api · 12 µs · 14:02:10.040 · 1 service
                      0         5        10 µs
      api      12 µs  ███████████████████████▉
      └ b       4 µs   ▕███████▊
      critical path  api 8 µs · b 4 µs
      1-6b005320-1d1e9504609a52ab2e8537c0
        X-Ray
      "
    `)
    const mixed = [part('tiny', [0.001, 0.002]), part('short', [5, 5.4]), part('long', [90_000, 899_000])]
    expect(drawn(reportOf(traceOf([part('api', [0, 900_000], {subsegments: mixed})])), 60)).toMatchInlineSnapshot(`
      "
      api · 15 min · 14:02:10.040 · 1 service
                              0           5           10    15 min
      api           15 min •  ████████████████████████████████████
      ├ tiny          1 µs    ▏
      ├ short       0.4 ms    ▏
      └ long   13 min 29 s •     ▐████████████████████████████████
      critical path  long 13 min 29 s · api 1 min 31 s
      1-6b005320-1d1e9504609a52ab2e8537c0 · X-Ray
      "
    `)
    expect(drawn(reportOf(traceOf([])), 40)).toMatchInlineSnapshot(`
      "
      ▲ the trace holds no span
      1-6b005320-1d1e9504609a52ab2e8537c0
        X-Ray
      "
    `)
  })

  test('case 15: a function that went on after its answer keeps a row of its own', () => {
    const trace = traceOf(lambda('api', [0, 100], [2, 415], [part('Invocation', [3, 400])]))
    expect(drawn(reportOf(trace), 80)).toMatchInlineSnapshot(`
      "
      λ api · 100 ms · 415 ms in all · 14:02:10.040 · 1 service
                             0             100          200           300       400 ms
      λ api          100 ms  █████████████▊
      └ λ api        413 ms  ▐████████████████████████████████████████████████████████
        └ invocation 397 ms  ▐██████████████████████████████████████████████████████
      critical path  own code 98 ms · Lambda 2 ms
      ▲ 1 span outside the time of the parent: clocks differ, or nobody waited
      1-6b005320-1d1e9504609a52ab2e8537c0 · X-Ray
      "
    `)
  })

  test('case 16: an init hours before is said, and no part of the axis', () => {
    const parts = [part('Initialization', [-10_921_900, -10_920_000]), part('Invocation', [3, 110])]
    const text = drawn(reportOf(traceOf(lambda('api', [0, 120], [2, 118], parts))), 80)
    expect(text).toContain('├ init 1.90 s, 3 h 2 min earlier (not on request path)')
    expect(text).toContain('λ api · 120 ms')
  })

  test('case 17: twelve attempts at one event are one row, with how they ended, and the last one as it went', () => {
    expect(drawn(reportOf(traceOf(attempts(12))), 80)).toMatchInlineSnapshot(`
      "
      λ orders-stream ✗ · 11 min 58 s · 14:02:10.040 · 1 service
      48 spans in 4 rows: --unfold shows each
                                                     0             5            10 min
      λ orders-stream ×12 p50 3.10 s +22 37.2 s ✗ •  ▆  ▆  ▆  ▆  ▆  ▆  ▆  ▆  ▆  ▆  ▆ ▆
      │   11 of 12: PoisonRecord: row 17 has no price
      └ λ orders-stream                  3.10 s                                      ▕
        └ invocation                     3.00 s                                      ▕
          └ S3 GetObject prices          800 ms                                      ▕
      critical path  own code 27.5 s · S3 GetObject 9.60 s
      1-6b005320-1d1e9504609a52ab2e8537c0 · X-Ray
      "
    `)
    expect(drawn(reportOf(traceOf(attempts(12))), 80, {unfolded: true}).match(/^λ orders-stream {2}/gm)).toHaveLength(
      12,
    )
  })

  test('case 33: what a terminal would obey is made visible, wherever it stands', () => {
    const evil = part('evil\u001b[2J\u202ename\u0007', [0, 10], {
      fault: true,
      http: {request: {method: 'GE\u001bT', url: 'https://a:b@x.example/p\u202eath?token=secret'}},
      cause: {exceptions: [{type: 'T\u001b]0;x\u0007', message: 'm\u2066 \u001b[31mred\nsecond'}]},
    })
    const text = drawn(
      reportOf(traceOf([evil]), {
        notes: ['a\u001b[1mb'],
        coverage: {
          ...reportOf(checkout()).coverage,
          gaps: [{what: '\u009b1m', account: null, region: 'eu-west-1', reason: 'denied'}],
        },
      }),
      100,
    )
    expect(text).not.toMatch(/[^\n\P{C}]/u)
    expect(text).not.toContain('secret')
    expect(text).toMatchInlineSnapshot(`
      "
      GE^[T /p<U+202E>ath ✗ · 10 ms · 14:02:10.040 · 1 service
                                                           0        2         4        6         8   10 ms
      evil^[[2J<U+202E>name^G GE^[T /p<U+202E>ath 10 ms ✗  ███████████████████████████████████████████████
          T^[]0;x^G: m<U+2066> ^[[31mred
      critical path  evil^[[2J<U+202E>name^G 10 ms
      ▲ not read: <U+009B>1m (denied)
      a^[[1mb
      1-6b005320-1d1e9504609a52ab2e8537c0 · X-Ray
      "
    `)
  })
})

/** A state machine of 30 steps, each of which calls a function: 765 nodes. */
function manySteps() {
  const steps: Fields[] = []
  const functions: Fields[] = []
  for (let i = 0; i < 34; i++) {
    const at = i * 900
    const call = part('Lambda', [at, at + 880], {namespace: 'aws', aws: {operation: 'Invoke'}})
    const reads = Array.from({length: 18}, (_, k) =>
      part('DynamoDB', [at + 20 + k * 40, at + 50 + k * 40], {
        namespace: 'aws',
        aws: {operation: k % 4 === 0 ? 'PutItem' : 'GetItem', table_name: 'steps'},
      }),
    )
    steps.push(call)
    functions.push(
      ...lambda(`worker-${i % 3}`, [at + 3, at + 870], [at + 8, at + 865], reads, {parent: String(call['id'])}),
    )
  }
  const more = Array.from({length: 50}, (_, i) => part(`Choice ${i % 2}`, [30_600 + i, 30_601 + i]))
  return traceOf([part('OrderFlow', [0, 30_700], {subsegments: [...steps, ...more]}), ...functions])
}

function attempts(count: number): readonly Fields[] {
  return Array.from({length: count}, (_, i) => {
    const at = i * 65_000
    const fault =
      i === count - 1
        ? {}
        : {fault: true, cause: {exceptions: [{type: 'PoisonRecord', message: 'row 17 has no price'}]}}
    const read = part('S3', [at + 100, at + 900], {
      namespace: 'aws',
      aws: {operation: 'GetObject', bucket_name: 'prices'},
    })
    const invocation = part('Invocation', [at + 5, at + 3_000], {...fault, subsegments: [read]})
    const status = i === count - 1 ? {} : {fault: true}
    return lambda('orders-stream', [at, at + 3_100], [at + 4, at + 3_095], [invocation], {
      service: status,
      inner: status,
    })
  }).flat()
}
