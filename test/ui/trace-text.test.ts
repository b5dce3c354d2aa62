import {describe, expect, test} from 'vitest'
import {width} from '../../src/ui/columns.ts'
import type {TraceTextOptions} from '../../src/ui/trace-text.ts'
import {clock, start, terminal} from './events.ts'
import {billing, checkout, drawn, lambda, linked, linkedId, logsOf, part, reportOf, traceId, traceOf} from './traces.ts'

const order = checkout()
const report = reportOf(order, {linked: [linked(billing(), order)], logs: logsOf(order, 'checkout-api')})

describe('a request that was slow and failed', () => {
  test('is a row a span at 80 columns, with where the time went', () => {
    expect(drawn(report, 80)).toMatchInlineSnapshot(`
      "
      POST /orders → 500 · 2.41 s · 14:02:10.040 · 1 service
                                                     0             1            2 s
      λ checkout-api:42                  2.41 s ✗ •  █████████████████████████████████
      ├ fetching code                     18 ms      ┄
      ├ init                             412 ms   •  ░░░░░░
      └ invocation                       1.97 s ✗ •       ▕██████████████████████████▉
        ├ DynamoDB GetItem ×20 carts     220 ms   •        ▉▉▉▎
        ├ payments.example → 504         1.52 s ✗ •           ▐████████████████████▎
        │     PaymentTimeout: upstream did not answer in 1500 ms
        └ SQS SendMessage orders          11 ms                                      ▕
      ⤷ 1.90 s in queue → λ billing-worker 1.24 s
        (1-6b005323-2d1e9504609a52ab2e8537c1)
      critical path  payments.example 1.52 s · init 412 ms · own code 220 ms
        4 more 258 ms
      1-6b005320-1d1e9504609a52ab2e8537c0 · X-Ray · 3 log lines of 1 function (--logs)
      "
    `)
  })

  test('is readable at 40 columns', () => {
    expect(drawn(report, 40)).toMatchInlineSnapshot(`
      "
      POST /orders → 500 · 2.41 s
        14:02:10.040 · 1 service
                                     0     2 s
      λ checkout-api:42    2.41 s ✗  █████████
      ├ fetching code       18 ms    ┄
      ├ init               412 ms    ░░
      └ invocation         1.97 s ✗   ▐███████
        ├ GetItem ×20      220 ms     ▐▌
        ├ payme…mple → 504 1.52 s ✗    ▐█████▎
        │     PaymentTimeout: upstream did not
        │       answer in 1500 ms
        └ SQS SendMessage   11 ms            ▕
      ⤷ 1.90 s in queue → λ billing-worker
        1.24 s (1-6b005323-
        2d1e9504609a52ab2e8537c1)
      critical path  payments.example 1.52 s
        init 412 ms · own code 220 ms
        4 more 258 ms
      1-6b005320-1d1e9504609a52ab2e8537c0
        X-Ray · 3 log lines of 1 function
        (--logs)
      "
    `)
  })

  test('shows at 220 columns also what each span took by itself', () => {
    expect(drawn(report, 220)).toMatchInlineSnapshot(`
      "
      POST /orders → 500 · 2.41 s · 14:02:10.040 · 1 service
                                                                   self      0                              0.5                            1.0                            1.5                            2.0 s
      λ checkout-api:42                                  2.41 s   28 ms ✗ •  █████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████
      ├ fetching code                                     18 ms              ┄
      ├ init                                             412 ms           •   ░░░░░░░░░░░░░░░░░░░░░░░░░░
      └ invocation                                       1.97 s  219 ms ✗ •                            ▐█████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████▌
        ├ DynamoDB GetItem ×20 carts p50 11 ms max 11 ms 220 ms           •                             ███▉██▉██▉██▉█▉
        ├ payments.example → 504 POST /charge            1.52 s         ✗ •                                            ▐█████████████████████████████████████████████████████████████████████████████████████████████▋
        │     PaymentTimeout: upstream did not answer in 1500 ms
        └ SQS SendMessage orders                          11 ms                                                                                                                                                                 ▋
      ⤷ 1.90 s in queue → λ billing-worker 1.24 s (1-6b005323-2d1e9504609a52ab2e8537c1)
      critical path  payments.example 1.52 s · init 412 ms · own code 220 ms · DynamoDB GetItem 220 ms · Lambda 18 ms · 2 more 20 ms
      1-6b005320-1d1e9504609a52ab2e8537c0 · X-Ray · 3 log lines of 1 function (--logs)
      "
    `)
  })

  test('is plain ASCII on a dumb terminal', () => {
    const text = drawn(report, 80, {terminal: terminal(80, {unicode: false})})
    expect(text).toMatch(/^[\n -~]*$/)
    expect(text).toMatchInlineSnapshot(`
      "
      POST /orders -> 500 - 2.41 s - 14:02:10.040 - 1 service
                                                     0             1            2 s
      fn checkout-api:42                 2.41 s F *  #################################
      |-fetching code                     18 ms      -
      |-init                             412 ms   *  ======
      \`-invocation                       1.97 s F *       ############################
        |-DynamoDB GetItem x20 carts     220 ms   *        ####
        |-payments.example -> 504        1.52 s F *           ######################
        |     PaymentTimeout: upstream did not answer in 1500 ms
        \`-SQS SendMessage orders          11 ms                                      #
      \`-> 1.90 s in queue -> fn billing-worker 1.24 s
        (1-6b005323-2d1e9504609a52ab2e8537c1)
      critical path  payments.example 1.52 s - init 412 ms - own code 220 ms
        4 more 258 ms
      1-6b005320-1d1e9504609a52ab2e8537c0 - X-Ray - 3 log lines of 1 function (--logs)
      "
    `)
  })

  test('has colours by meaning: the critical path bold, red where it broke, all else dim', () => {
    const text = drawn(report, 80, {terminal: terminal(80, {color: true})})
    const line = (word: string): string => text.split('\n').find(one => one.includes(word)) ?? ''
    expect(line('→ 504')).toContain('\u001b[1mpayments.example\u001b[22m')
    expect(line('→ 504')).toMatch(/\u001b\[31m {2,}▐?█+.?\u001b\[39m$/)
    expect(line('PaymentTimeout')).toContain('\u001b[31mPaymentTimeout')
    expect(line('SQS')).not.toContain('\u001b[1m')
    expect(line('SQS')).toMatch(/\u001b\[2m +\S\u001b\[22m$/)
    expect(line('λ checkout-api')).not.toContain('\u001b[31m  █')
  })

  test('has what was marked in one line: annotations, and who it was for', () => {
    const marked = checkout({annotations: {order: 'ord_8c1', items: 3}, user: 'cus_77'})
    expect(drawn(reportOf(marked), 80).split('\n')[2]).toBe('order=ord_8c1 items=3 user=cus_77')
    const many = checkout({
      annotations: Object.fromEntries(Array.from({length: 12}, (_, i) => [`k${i}`, 'x'.repeat(90)])),
    })
    expect(drawn(reportOf(many), 80)).toMatch(/…[\s\S]*\+4\n/)
  })

  test('names the zone where it was asked for, and with the date where it is of another day', () => {
    const zoned = {...clock, offset: () => '+02:00'}
    const header = (more: Partial<TraceTextOptions>): string =>
      drawn(report, 100, {clock: zoned, ...more}).split('\n')[1] ?? ''
    expect(header({})).toContain('· 14:02:10.040 ·')
    expect(header({isZoneGiven: true})).toContain('· 14:02:10.040 +02:00 ·')
    expect(header({now: start + 86_400_000})).toContain('· 2026-11-20 14:02:10.040 +02:00 ·')
    const utc = {...clock, offset: () => '+00:00'}
    expect(header({now: null, clock: utc})).toContain('14:02:10.040 UTC')
  })

  test('takes as many columns where it is piped as COLUMNS asks for', () => {
    const piped = drawn(report, 80, {terminal: terminal(80, {isTTY: false, pipedColumns: 60})}).split('\n')
    expect(Math.max(...piped.filter(line => line.includes('█')).map(width))).toBeLessThanOrEqual(60)
  })

  test('takes 100 columns where it is piped, and leaves what went wrong whole', () => {
    const long = 'x'.repeat(200)
    const trace = traceOf([part('api', [0, 10], {fault: true, cause: {exceptions: [{type: 'E', message: long}]}})])
    const lines = drawn(reportOf(trace), 40, {terminal: terminal(40, {isTTY: false})}).split('\n')
    expect(lines.find(line => line.includes('E: '))).toContain(long)
    expect(Math.max(...lines.filter(line => !line.includes('E: ')).map(width))).toBeLessThanOrEqual(100)
  })

  test('shows the lines that a function wrote below it, where they are asked for', () => {
    expect(drawn(report, 80, {logs: true}).split('\n').slice(3, 9).join('\n')).toMatchInlineSnapshot(`
      "λ checkout-api:42                  2.41 s ✗ •  █████████████████████████████████
      │   14:02:10.471 INFO  POST /orders
      │   14:02:12.250 WARN  payments: no answer yet, and this line is long enough to
      │                      be wrapped at eighty columns
      │   14:02:12.450 ✗ error PaymentTimeout · 1.98 s · 143/512 MB
      ├ fetching code                     18 ms      ┄"
    `)
  })

  test('has rows of their own for alike functions where each has lines', () => {
    const names = ['a', 'b', 'c']
    const trace = traceOf([
      part('api', [0, 90], {id: '00000000000000a0', trace_id: traceId}),
      ...names.flatMap((_, i) =>
        lambda('worker', [i * 30, i * 30 + 29], [i * 30, i * 30 + 28], [], {parent: '00000000000000a0'}),
      ),
    ])
    const functions = trace.nodes.filter(({role}) => role === 'function')
    const [events = []] = logsOf(order, 'checkout-api').values()
    const logs = new Map(functions.map(({id}) => [`${traceId}/${id}`, events]))
    expect(drawn(reportOf(trace, {logs}), 80)).toContain('λ worker:42 ×3')
    expect(drawn(reportOf(trace, {logs}), 80, {logs: true}).match(/λ worker:42 /g)).toHaveLength(3)
  })

  test('never shows the query of a URL', () => {
    expect(drawn(report, 220)).not.toContain('hunter2')
  })
})

describe('a linked trace', () => {
  const other = '1-6b005324-2d1e9504609a52ab2e8537c2'

  test('that failed has a waterfall of its own, on its own axis', () => {
    const text = drawn(reportOf(order, {linked: [linked(billing(true), order, {attempts: 3})]}), 80)
    expect(text.slice(text.indexOf('⤷'))).toMatchInlineSnapshot(`
      "⤷ 1.90 s in queue → λ billing-worker 1.24 s ✗ ×3 attempts
        (1-6b005323-2d1e9504609a52ab2e8537c1)
                                        0                  0.5               1.0 s
      λ billing-worker        1.24 s ✗  ██████████████████████████████████████████████
      ├ S3 PutObject invoices 600 ms        ██████████████████████▎
      └ ledger.example        490 ms ✗                            ▐█████████████████▉
            LedgerClosed: come back tomorrow
      critical path  payments.example 1.52 s · init 412 ms · own code 220 ms
        4 more 258 ms
      1-6b005320-1d1e9504609a52ab2e8537c0 · X-Ray
      "
    `)
  })

  test('of a message that was delivered again are each on a line, what failed with its picture', () => {
    const failed = linked(billing(true), order, {delivery: {number: 1, of: 2}})
    const again = linked(billing(), order, {delivery: {number: 2, of: 2}, id: other, dwellMs: 33_000})
    const lines = drawn(reportOf(order, {linked: [failed, again]}), 120).split('\n')
    expect(lines.filter(line => line.startsWith('⤷'))).toEqual([
      `⤷ 1.90 s in queue → λ billing-worker 1.24 s ✗, delivery 1 of 2 (${linkedId})`,
      `⤷ 33.0 s in queue → λ billing-worker 1.24 s, delivery 2 of 2 (${other})`,
    ])
    expect(lines.filter(line => line.startsWith('λ billing-worker'))).toHaveLength(1)
  })

  test('that was not found says why, and one nobody looked for is named', () => {
    const missing = linked(null, order, {whyMissing: 'it was not sampled', dwellMs: null})
    expect(drawn(reportOf(order, {linked: [missing]}), 80)).toContain(`⤷ it was not sampled (${linkedId})`)
    expect(drawn(reportOf(order), 80)).toContain(`⤷ ${linkedId} not looked up`)
  })

  test('of a linked trace is further in', () => {
    const first = linked(billing(), order)
    const second = {...linked(null, order, {whyMissing: 'not found', dwellMs: 40}), id: other, fromTraceId: linkedId}
    expect(drawn(reportOf(order, {linked: [first, second]}), 80)).toContain(
      `\n  ⤷ 40 ms in queue → not found (${other})\n`,
    )
  })

  test('that it came from stands above', () => {
    const worker = billing()
    const from = linked(order, worker, {reference: 'parent'})
    const lines = drawn(reportOf(worker, {linked: [from]}), 120).split('\n')
    expect(lines[2]).toBe(`⤴ from POST /orders → 500 2.41 s, 1.90 s in queue (${traceId})`)
  })
})

test('retries, waiting and throttling have marks of their own', () => {
  const service = part('mailer', [0, 9_000], {
    trace_id: traceId,
    origin: 'AWS::Lambda',
    error: true,
    throttle: true,
    subsegments: [
      part('Dwell Time', [0, 1_000]),
      part('Attempt #1', [1_000, 3_000], {error: true, throttle: true}),
      part('Attempt #2', [6_000, 9_000]),
    ],
  })
  const call = part('DynamoDB', [6_100, 8_000], {
    namespace: 'aws',
    aws: {operation: 'PutItem', retries: 2},
    parent_id: service['id'],
    type: 'subsegment',
  })
  expect(drawn(reportOf(traceOf([service, call])), 80)).toMatchInlineSnapshot(`
    "
    λ mailer ‖ · 9.00 s · 14:02:10.040 · 1 service
                                             0        2       4        6        8 s
    λ mailer                     9.00 s ‖ •  ███████████████████████████████████████
    ├ in queue                   1.00 s   •  ┄┄┄┄
    ├ Attempt #1                 2.00 s ‖ •      ▆▆▆▆▆▆▆▆▆
    ├ Attempt #2                 3.00 s   •                            ▆▆▆▆▆▆▆▆▆▆▆▆▆
    └ DynamoDB PutItem 2 retries 1.90 s                                ▐███████▋
    critical path  between attempts 3.00 s · Attempt #2 3.00 s · Attempt #1 2.00 s
      1 more 1.00 s
    1-6b005320-1d1e9504609a52ab2e8537c0 · X-Ray
    "
  `)
})
