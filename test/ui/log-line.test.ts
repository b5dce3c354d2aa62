import {describe, expect, it} from 'vitest'
import {width} from '../../src/ui/columns.ts'
import {aFewSeconds, clock, event, request, shown, source, start, terminal} from './events.ts'

const api = source('checkout-api')
const other = source('inventory')

describe('a few seconds of logs', () => {
  it('are aligned at 80 columns', () => {
    expect(`\n${shown(terminal(80), aFewSeconds)}`).toMatchInlineSnapshot(`
      "
      14:02:11.482 checkout-api      INFO  POST /orders 201 in 84 ms orderId=7f3c9b
                                           items=3
      14:02:11.733 inventory         INFO  reserved sku=KIWI-1 qty=2
                                           warehouse={"id":7,"city":"Zürich"}
      14:02:12.018 checkout-api      ERROR PaymentTimeout: upstream did not answer in
                                           1500 ms code=ETIMEDOUT
                                             at charge (payments.ts:88:13)
                                             at process.processTicksAndRejections
                                               (node:internal/process/task_queues:105:
                                               5)
                                             at async handler (index.ts:31:5)
      14:02:12.020 checkout-api:42   ✗ error PaymentTimeout · 1.98 s · 143/512 MB
                                       req 1c9e…88a1
      14:02:12.310 billing-worker    ✓ 1.24 s · 201/256 MB · cold 412 ms
      14:02:12.500 image-resize      WARN  slow decode of 猫と花.jpg (4032×3024) took
                                           1,912 ms, consider a larger memory size for
                                           this function
      14:02:12.702 /ecs/payments           GET /health 200 "kube-probe/1.29" 0.4ms
      14:02:13.100 report-java       ERROR ValueError: row 17 has no price
                                           Traceback (most recent call last):
                                             File "report.py", line 41, in handler
                                               total += price(row)
      14:02:13.400 search:7          ✓ 39 ms · 173/3009 MB · restored in 399 ms
      14:02:13.900 billing-worker          ◇ metric InvoicesSent=3.0 currency=CHF
      14:02:15.000 orders-stream     ERROR Task timed out after 3.00 seconds
      14:02:15.004 orders-stream     ✗ timed out after 3.00 s · 88/128 MB
                                       req 3364…800e
      14:02:15.200 image-resize      ✗ out of memory · 6.95 s · 1023/1024 MB
                                       req fa4e…a3ac
      14:02:09.120 inventory         INFO  released sku=KIWI-1             ⟲ 41 s late
      "
    `)
  })
  it('are readable at 40 columns', () => {
    expect(`\n${shown(terminal(40), aFewSeconds)}`).toMatchInlineSnapshot(`
      "
      14:02:11 checkout-api I POST /orders 201
        in 84 ms orderId=7f3c9b items=3
      14:02:11 inventory    I reserved
        sku=KIWI-1 qty=2
        warehouse={"id":7,"city":"Zürich"}
      14:02:12 checkout-api E PaymentTimeout:
        upstream did not answer in 1500 ms
        code=ETIMEDOUT
          at charge (payments.ts:88:13)
          at process.processTicksAndRejections
            (node:internal/process/task_queues
            :105:5)
          at async handler (index.ts:31:5)
      14:02:12 chec…-api:42 ✗ error
        PaymentTimeout · 1.98 s · 143/512 MB
        req 1c9e…88a1
      14:02:12 billin…orker ✓ 1.24 s
        201/256 MB · cold 412 ms
      14:02:12 image-resize W slow decode of
        猫と花.jpg (4032×3024) took 1,912 ms,
        consider a larger memory size for this
        function
      14:02:12 /ecs/p…ments   GET /health 200
        "kube-probe/1.29" 0.4ms
      14:02:13 report-java  E ValueError: row
        17 has no price
        Traceback (most recent call last):
          File "report.py", line 41, in
            handler
            total += price(row)
      14:02:13 search:7     ✓ 39 ms
        173/3009 MB · restored in 399 ms
      14:02:13 billin…orker   ◇ metric
        InvoicesSent=3.0 currency=CHF
      14:02:15 orders…tream E Task timed out
        after 3.00 seconds
      14:02:15 orders…tream ✗ timed out after
        3.00 s · 88/128 MB · req 3364…800e
      14:02:15 image-resize ✗ out of memory
        6.95 s · 1023/1024 MB · req fa4e…a3ac
      14:02:09 inventory    I released
        sku=KIWI-1  ⟲ 41 s late
      "
    `)
  })
  it('use the room of 200 columns', () => {
    expect(`\n${shown(terminal(200), aFewSeconds)}`).toMatchInlineSnapshot(`
      "
      14:02:11.482 checkout-api      INFO  POST /orders 201 in 84 ms orderId=7f3c9b items=3
      14:02:11.733 inventory         INFO  reserved sku=KIWI-1 qty=2 warehouse={"id":7,"city":"Zürich"}
      14:02:12.018 checkout-api      ERROR PaymentTimeout: upstream did not answer in 1500 ms code=ETIMEDOUT
                                             at charge (payments.ts:88:13)
                                             at process.processTicksAndRejections (node:internal/process/task_queues:105:5)
                                             at async handler (index.ts:31:5)
      14:02:12.020 checkout-api:42   ✗ error PaymentTimeout · 1.98 s · 143/512 MB · req 1c9e7f3a-58d2-4b0e-9a41-6f2d0c3b88a1
      14:02:12.310 billing-worker    ✓ 1.24 s · 201/256 MB · cold 412 ms
      14:02:12.500 image-resize      WARN  slow decode of 猫と花.jpg (4032×3024) took 1,912 ms, consider a larger memory size for this function
      14:02:12.702 /ecs/payments           GET /health 200 "kube-probe/1.29" 0.4ms
      14:02:13.100 report-java       ERROR ValueError: row 17 has no price
                                           Traceback (most recent call last):
                                             File "report.py", line 41, in handler
                                               total += price(row)
      14:02:13.400 search:7          ✓ 39 ms · 173/3009 MB · restored in 399 ms
      14:02:13.900 billing-worker          ◇ metric InvoicesSent=3.0 currency=CHF
      14:02:15.000 orders-stream     ERROR Task timed out after 3.00 seconds
      14:02:15.004 orders-stream     ✗ timed out after 3.00 s · 88/128 MB · req 3364d63a-b18c-5ed6-97c7-85c6bf57800e
      14:02:15.200 image-resize      ✗ out of memory · 6.95 s · 1023/1024 MB · req fa4e6a1f-083b-573d-ace2-090d2b00a3ac
      14:02:09.120 inventory         INFO  released sku=KIWI-1                                                                      ⟲ 41 s late
      "
    `)
  })
  it('are never wrapped when piped', () => {
    expect(`\n${shown(terminal(40, {isTTY: false}), aFewSeconds)}`).toMatchInlineSnapshot(`
      "
      14:02:11.482 checkout-api      INFO  POST /orders 201 in 84 ms orderId=7f3c9b items=3
      14:02:11.733 inventory         INFO  reserved sku=KIWI-1 qty=2 warehouse={"id":7,"city":"Zürich"}
      14:02:12.018 checkout-api      ERROR PaymentTimeout: upstream did not answer in 1500 ms code=ETIMEDOUT
                                             at charge (payments.ts:88:13)
                                             at process.processTicksAndRejections (node:internal/process/task_queues:105:5)
                                             at async handler (index.ts:31:5)
      14:02:12.020 checkout-api:42   ✗ error PaymentTimeout · 1.98 s · 143/512 MB · req 1c9e7f3a-58d2-4b0e-9a41-6f2d0c3b88a1
      14:02:12.310 billing-worker    ✓ 1.24 s · 201/256 MB · cold 412 ms
      14:02:12.500 image-resize      WARN  slow decode of 猫と花.jpg (4032×3024) took 1,912 ms, consider a larger memory size for this function
      14:02:12.702 /ecs/payments           GET /health 200 "kube-probe/1.29" 0.4ms
      14:02:13.100 report-java       ERROR ValueError: row 17 has no price
                                           Traceback (most recent call last):
                                             File "report.py", line 41, in handler
                                               total += price(row)
      14:02:13.400 search:7          ✓ 39 ms · 173/3009 MB · restored in 399 ms
      14:02:13.900 billing-worker          ◇ metric InvoicesSent=3.0 currency=CHF
      14:02:15.000 orders-stream     ERROR Task timed out after 3.00 seconds
      14:02:15.004 orders-stream     ✗ timed out after 3.00 s · 88/128 MB · req 3364d63a-b18c-5ed6-97c7-85c6bf57800e
      14:02:15.200 image-resize      ✗ out of memory · 6.95 s · 1023/1024 MB · req fa4e6a1f-083b-573d-ace2-090d2b00a3ac
      14:02:09.120 inventory         INFO  released sku=KIWI-1  ⟲ 41 s late
      "
    `)
  })
  it('have plain twins for a dumb terminal', () => {
    const outcomes = aFewSeconds.filter(({kind, late}) => kind === 'report' || kind === 'metric' || late)
    expect(`\n${shown(terminal(80, {unicode: false}), outcomes)}`).toMatchInlineSnapshot(`
      "
      14:02:12.020 checkout-api:42   FAIL error PaymentTimeout - 1.98 s - 143/512 MB
                                       req 1c9e..8a1
      14:02:12.310 billing-worker    ok 1.24 s - 201/256 MB - cold 412 ms
      14:02:13.400 search:7          ok 39 ms - 173/3009 MB - restored in 399 ms
      14:02:13.900 billing-worker          * metric InvoicesSent=3.0 currency=CHF
      14:02:15.004 orders-stream     FAIL timed out after 3.00 s - 88/128 MB
                                       req 3364..00e
      14:02:15.200 image-resize      FAIL out of memory - 6.95 s - 1023/1024 MB
                                       req fa4e..3ac
      14:02:09.120 inventory         INFO  released sku=KIWI-1            <- 41 s late
      "
    `)
  })
  it('never go over the width of the terminal', () => {
    for (const columns of [40, 60, 80, 200]) {
      const widest = Math.max(...shown(terminal(columns), aFewSeconds).split('\n').map(width))
      expect(widest).toBeLessThanOrEqual(columns)
    }
  })
})

describe('a line', () => {
  it('has colour for what it means', () => {
    const failed = aFewSeconds.find(({report}) => report?.status === 'error')
    expect(
      JSON.stringify(
        shown(terminal(120, {color: true}), [event(api, 1, 'hi', {level: 'WARN'}), ...(failed ? [failed] : [])]),
      ),
    ).toMatchInlineSnapshot(
      `""\\u001b[2m14:02:01.000\\u001b[22m \\u001b[38;5;33mcheckout-api\\u001b[39m    \\u001b[33mWARN \\u001b[39m hi\\n\\u001b[2m14:02:12.020\\u001b[22m \\u001b[38;5;33mcheckout-api:42\\u001b[39m \\u001b[31m✗ error PaymentTimeout\\u001b[39m\\u001b[2m · \\u001b[22m1.98 s\\u001b[2m · \\u001b[22m143/512 MB\\u001b[2m · \\u001b[22m\\u001b[2mreq 1c9e7f3a-58d2-4b0e-9a41-6f2d0c3b88a1\\u001b[22m\\n""`,
    )
  })

  it.each([
    `START RequestId: ${request} Version: 42`,
    `END RequestId: ${request}`,
    'INIT_START Runtime Version: nodejs:22.v10\tRuntime Version ARN: arn:aws:lambda:eu-west-1::runtime:93e1',
    'RESTORE_START Runtime Version: java:11.v20',
    'RESTORE_REPORT Restore Duration: 398.97 ms',
    '{"time":"2024-05-20T16:29:45.007Z","type":"platform.initReport","record":{"initializationType":"on-demand","phase":"init","status":"success","metrics":{"durationMs":173.778}}}',
    '{"time":"2024-05-20T16:29:45.019Z","type":"platform.runtimeDone","record":{"requestId":"x","status":"success"}}',
  ])('is not made of what only frames an invocation: %s', message => {
    expect(shown(terminal(80), [event(api, 1, message)])).toBe('')
  })

  it.each([
    ['INIT_REPORT Init Duration: 10007.33 ms\tPhase: init\tStatus: timeout', '✗ init timed out after 10.0 s'],
    [
      'INIT_REPORT Init Duration: 1712.41 ms\tPhase: invoke\tStatus: error\tError Type: Runtime.Unknown',
      '✗ init failed Runtime.Unknown · 1.71 s',
    ],
    [
      'RESTORE_REPORT Restore Duration: 1236.04 ms\tStatus: error\tError Type: Runtime.ExitError',
      '✗ restore failed Runtime.ExitError · 1.24 s',
    ],
    [
      '{"time":"2024-06-17T17:48:06.348Z","type":"platform.initReport","record":{"initializationType":"on-demand","phase":"init","status":"timeout","metrics":{"durationMs":10000.487}}}',
      '✗ init timed out after 10.0 s',
    ],
  ])('tells of a start that failed: %s', (message, text) => {
    expect(shown(terminal(120), [event(api, 1, message)])).toContain(` ${text}\n`)
  })

  it.each([
    [
      'T20 a timeout',
      `REPORT RequestId: ${request}\tDuration: 5000.00 ms\tBilled Duration: 5579 ms\tMemory Size: 3008 MB\tMax Memory Used: 113 MB\tInit Duration: 578.07 ms\tStatus: timeout`,
      '✗ timed out after 5.00 s · 113/3008 MB · cold 578 ms · req 1c9e…88a1',
    ],
    [
      'T21 out of memory',
      `REPORT RequestId: ${request}\tDuration: 6954.19 ms\tBilled Duration: 6955 ms\tMemory Size: 1024 MB\tMax Memory Used: 1023 MB\tStatus: error\tError Type: Runtime.OutOfMemory`,
      '✗ out of memory · 6.95 s · 1023/1024 MB · req 1c9e…88a1',
    ],
    [
      'T22 a restore',
      `REPORT RequestId: ${request}\tDuration: 2338.66 ms\tBilled Duration: 2521 ms\tMemory Size: 3009 MB\tMax Memory Used: 173 MB\tRestore Duration: 398.97 ms\tBilled Restore Duration: 182 ms\t\n`,
      '✓ 2.34 s · 173/3009 MB · restored in 399 ms',
    ],
    [
      'T25 a JSON report',
      `{"time":"2024-05-20T16:29:45.022Z","type":"platform.report","record":{"requestId":"${request}","status":"success","metrics":{"durationMs":11.642,"billedDurationMs":12,"memorySizeMB":128,"maxMemoryUsedMB":67,"initDurationMs":174.055}}}`,
      '✓ 12 ms · 67/128 MB · cold 174 ms',
    ],
    [
      'an error without a type',
      `{"time":"…","type":"platform.report","record":{"requestId":"${request}","status":"error","metrics":{"durationMs":1,"billedDurationMs":1,"memorySizeMB":128,"maxMemoryUsedMB":67}}}`,
      '✗ error · 1 ms · 67/128 MB · req 1c9e…88a1',
    ],
  ])('folds the report of %s', (_, message, text) => {
    expect(shown(terminal(110), [event(api, 1, message)])).toBe(`14:02:01.000 checkout-api:42 ${text}\n`)
  })

  it('shows a late event at the right, or behind its text', () => {
    const late = event(api, 1, 'released', {late: true, ingestionTime: start + 3_700_000})
    expect(shown(terminal(80), [late])).toBe(
      `14:02:01.000 checkout-api          released${' '.repeat(21)}⟲ 1 h 2 min late\n`,
    )
    expect(shown(terminal(80, {isTTY: false}), [late])).toBe(
      '14:02:01.000 checkout-api          released  ⟲ 1 h 2 min late\n',
    )
  })

  it('names account and region only where there are several', () => {
    const there = source('search', {region: 'us-east-1', profile: 'prod'})
    expect(shown(terminal(80), [event(other, 1, 'a'), event(there, 2, 'b')])).toBe(
      '14:02:01.000 123456789012/eu-west-1 inventory          a\n14:02:02.000 prod/us-east-1         search             b\n',
    )
  })

  it('shortens a long name in the middle on a terminal, and leaves it whole when piped', () => {
    const long = [
      event(source('larder-checkout-payments-reconciliation-worker'), 1, 'done'),
      event(source('larder-checkout-payments-refund-worker'), 2, 'done'),
    ]
    expect(shown(terminal(80), long)).toBe(
      '14:02:01.000 larder-che…on-worker       done\n14:02:02.000 larder-che…nd-worker       done\n',
    )
    expect(shown(terminal(40), long)).toBe('14:02:01 larder…orker   done\n14:02:02 larder…orker   done\n')
    expect(shown(terminal(40, {isTTY: false}), long)).toContain('larder-checkout-payments-reconciliation-worker')
  })

  it('makes room for a function that nobody knew beforehand', () => {
    const lines = shown(
      terminal(80),
      [event(other, 1, 'a'), event({...other, functions: [{name: 'a-new-function', arn: ''}]}, 2, 'b')],
      {sources: [other]},
    )
    expect(lines).toBe('14:02:01.000 inventory          a\n14:02:02.000 a-new-function       b\n')
  })

  it('marks what the user asked to have marked, also across colours', () => {
    const options = {highlights: [/sku=\w+/, /7f3c/i]}
    const line = shown(terminal(100, {color: true}), [event(api, 1, '{"message":"order 7F3C","sku":"KIWI"}')], options)
    expect(line).toContain('order \x1b[7m\x1b[1m7F3C\x1b[22m\x1b[27m')
    expect(line).toContain('\x1b[7m\x1b[1msku=\x1b[22m\x1b[27m\x1b[7m\x1b[1mKIWI\x1b[22m\x1b[27m')
  })

  it('T35 shows hostile bytes of message and name, and obeys none', () => {
    const hostile = source('x', {logGroup: '/ecs/\x1b[31m\u202e'})
    const line = shown(terminal(120), [
      event(hostile, 1, '\x1b]0;pwned\x07\x1b[2J\x9b1m \u202eevil\rnext', {version: '\x1b'}),
    ])
    expect(line).toBe(
      '14:02:01.000 /ecs/^[[31m<U+202E>          ^[]0;pwned^G^[[2J<U+009B>1m <U+202E>evil\n                                          next\n',
    )
  })

  it('T33 of a megabyte is cut short on a terminal, and whole when piped', () => {
    const huge = event(api, 1, 'x'.repeat(1_000_000))
    const cut = shown(terminal(80), [huge])
    expect(cut.endsWith('983,616 more characters\n')).toBe(true)
    expect(cut.length).toBeLessThan(50_000)
    expect(shown(terminal(80, {isTTY: false}), [huge]).length).toBeGreaterThan(1_000_000)
  })
})

describe('T32 what a runtime wrote as one event a line', () => {
  const trace = [
    event(api, 1, 'java.lang.IllegalStateException: row 17', {level: 'ERROR'}),
    event(api, 1, '\tat shop.Orders.place(Orders.java:52)'),
    event(api, 1, '\tat shop.Handler.handle(Handler.java:31)'),
  ]
  it('reads as one on a terminal', () => {
    expect(`\n${shown(terminal(80), trace)}`).toMatchInlineSnapshot(`
      "
      14:02:01.000 checkout-api    ERROR java.lang.IllegalStateException: row 17
                                           at shop.Orders.place(Orders.java:52)
                                           at shop.Handler.handle(Handler.java:31)
      "
    `)
  })
  it('is parted by what another stream wrote in between', () => {
    const [first, second] = trace
    const lines = shown(terminal(80), [first, event(other, 1, 'reserved'), second] as typeof trace).split('\n')
    expect(lines[2]).toMatch(/^14:02:01\.000 checkout-api/)
  })
  it('stays one event a line when piped', () => {
    const lines = shown(terminal(80, {isTTY: false}), trace)
      .trimEnd()
      .split('\n')
    expect(lines.every(line => /^14:02:01\.000 checkout-api/.test(line))).toBe(true)
  })
})

describe('days', () => {
  const nextDay = 10 * 3_600
  const events = [event(api, 1, 'today'), event(api, nextDay, 'tomorrow')]

  it('are parted by a rule where the date changes', () => {
    expect(shown(terminal(60), events)).toMatchInlineSnapshot(`
      "14:02:01.000 checkout-api          today
      ── 2026-11-21 ──────────────────────────────────────────────
      00:02:00.000 checkout-api          tomorrow
      "
    `)
  })
  it('are named from the start where the window is not all of today', () => {
    expect(shown(terminal(60), events, {dated: true})).toMatch(/^── 2026-11-20 ─+\n14:02:01\.000 /)
  })
  it('stand in every line when piped', () => {
    expect(shown(terminal(60, {isTTY: false}), events, {dated: true})).toMatchInlineSnapshot(`
      "2026-11-20 14:02:01.000 checkout-api          today
      2026-11-21 00:02:00.000 checkout-api          tomorrow
      "
    `)
  })
  it('are those of the display zone', () => {
    const tokyo = {
      time: (ms: number) => clock.time(ms + 9 * 3_600_000),
      date: (ms: number) => clock.date(ms + 9 * 3_600_000),
    }
    expect(shown(terminal(60), [event(api, 3_600, 'x')], {dated: true, clock: tokyo})).toContain('2026-11-21')
  })
})
