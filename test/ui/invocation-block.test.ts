import {describe, expect, it} from 'vitest'
import type {Invocation} from '../../src/services/logs/invocations.ts'
import {invocationFormatter} from '../../src/ui/invocation-block.ts'
import type {Terminal} from '../../src/ui/terminal.ts'
import {aFewSeconds, event, lineOptions, request, source, start, terminal} from './events.ts'

const api = source('checkout-api')
const events = aFewSeconds.filter(({source}) => source.logGroup === api.logGroup)

function invocation(more: Partial<Invocation> = {}): Invocation {
  return {
    source: api,
    logStream: 'a stream',
    function: api.functions[0] ?? null,
    version: '42',
    requestId: request,
    traceId: '1-68bd7c1a-0123456789abcdef01234567',
    start: start + 10_040,
    end: start + 12_020,
    outcome: 'error',
    coldStart: false,
    report: events.find(({report}) => report)?.report ?? null,
    events,
    eventsDropped: 0,
    ...more,
  }
}

function blocks(terminal: Terminal, ...invocations: Invocation[]): string {
  return `\n${invocations.map(invocationFormatter(lineOptions(terminal, events))).join('')}`
}

describe('a block', () => {
  it('is how an invocation ended, then its lines', () => {
    expect(blocks(terminal(160), invocation())).toMatchInlineSnapshot(`
      "
      ✗ checkout-api:42  error PaymentTimeout  1.98 s  143/512 MB  14:02:10.040  req 1c9e7f3a-58d2-4b0e-9a41-6f2d0c3b88a1  trace 1-68bd7c1a-0123456789abcdef01234567
        14:02:11.482 INFO  POST /orders 201 in 84 ms orderId=7f3c9b items=3
        14:02:12.018 ERROR PaymentTimeout: upstream did not answer in 1500 ms code=ETIMEDOUT
                             at charge (payments.ts:88:13)
                             at process.processTicksAndRejections (node:internal/process/task_queues:105:5)
                             at async handler (index.ts:31:5)
      "
    `)
  })
  it('stands below a name that takes the whole row', () => {
    const long = source('a-very-long-name-of-a-function-indeed')
    const named = invocation({function: long.functions[0] ?? null, events: []})
    expect(blocks(terminal(40), named)).toMatchInlineSnapshot(`
      "
      ✗ a-very-long-name-…a-function-indeed:42
        error PaymentTimeout  1.98 s
        143/512 MB  14:02:10.040
        1c9e7f3a-58d2-4b0e-9a41-6f2d0c3b88a1
        it wrote no lines
      "
    `)
  })
  it('has its ids whole, in rows of their own where there is no room', () => {
    expect(blocks(terminal(80), invocation())).toMatchInlineSnapshot(`
      "
      ✗ checkout-api:42  error PaymentTimeout  1.98 s  143/512 MB  14:02:10.040
        req 1c9e7f3a-58d2-4b0e-9a41-6f2d0c3b88a1
        trace 1-68bd7c1a-0123456789abcdef01234567
        14:02:11.482 INFO  POST /orders 201 in 84 ms orderId=7f3c9b items=3
        14:02:12.018 ERROR PaymentTimeout: upstream did not answer in 1500 ms
                           code=ETIMEDOUT
                             at charge (payments.ts:88:13)
                             at process.processTicksAndRejections
                               (node:internal/process/task_queues:105:5)
                             at async handler (index.ts:31:5)
      "
    `)
  })
  it('fits into 40 columns, without the trace id, which says nothing without its label', () => {
    expect(blocks(terminal(40), invocation())).toMatchInlineSnapshot(`
      "
      ✗ checkout-api:42  error PaymentTimeout
        1.98 s  143/512 MB  14:02:10.040
        1c9e7f3a-58d2-4b0e-9a41-6f2d0c3b88a1
        14:02:11 I POST /orders 201 in 84 ms
          orderId=7f3c9b items=3
        14:02:12 E PaymentTimeout: upstream
          did not answer in 1500 ms
          code=ETIMEDOUT
            at charge (payments.ts:88:13)
            at process.processTicksAndRejectio
              ns (node:internal/process/task_q
              ueues:105:5)
            at async handler (index.ts:31:5)
      "
    `)
  })
  it('is parted from the next by an empty line', () => {
    const two = blocks(
      terminal(120),
      invocation({events: []}),
      invocation({events: [], outcome: 'unknown', report: null, eventsDropped: 3}),
    )
    expect(two).toMatchInlineSnapshot(`
      "
      ✗ checkout-api:42  error PaymentTimeout  1.98 s  143/512 MB  14:02:10.040  req 1c9e7f3a-58d2-4b0e-9a41-6f2d0c3b88a1
        trace 1-68bd7c1a-0123456789abcdef01234567
        it wrote no lines

      ? checkout-api:42  no report  1.98 s  14:02:10.040  req 1c9e7f3a-58d2-4b0e-9a41-6f2d0c3b88a1
        trace 1-68bd7c1a-0123456789abcdef01234567
        it wrote no lines
        3 lines from its middle not kept
      "
    `)
  })
  it.each([
    ['ok', '✓ checkout-api:42  1.98 s'],
    ['timeout', '✗ checkout-api:42  timed out after 1.98 s  143/512 MB'],
    ['oom', '✗ checkout-api:42  out of memory  1.98 s'],
    ['init-error', '✗ checkout-api:42  init failed PaymentTimeout  1.98 s'],
  ] as const)('that ended with %s says so', (outcome, text) => {
    expect(blocks(terminal(160), invocation({outcome, events: []}))).toContain(text)
  })
  it('of a timeout without a report says how long its lines go on', () => {
    const cut = invocation({outcome: 'timeout', report: null, events: []})
    expect(blocks(terminal(160), cut)).toContain('✗ checkout-api:42  timed out  1.98 s')
  })
  it('shows a failed init phase among its lines', () => {
    const failed = event(
      api,
      9,
      'INIT_REPORT Init Duration: 1712.41 ms\tPhase: invoke\tStatus: error\tError Type: Runtime.Unknown',
    )
    expect(blocks(terminal(120), invocation({events: [failed]}))).toContain('✗ init failed Runtime.Unknown · 1.71 s')
  })
  it('has its whole ids when it is piped', () => {
    const piped = blocks(terminal(40, {isTTY: false}), invocation())
    expect(piped).toContain(`req ${request}  trace 1-68bd7c1a-0123456789abcdef01234567\n`)
  })
})
