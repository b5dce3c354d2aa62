import type {LogEvent} from '../../src/services/logs/log-event.ts'
import {assembleTrace} from '../../src/services/traces/assemble-trace.ts'
import {parseDocument} from '../../src/services/traces/parse-document.ts'
import type {Trace} from '../../src/services/traces/trace.ts'
import type {LinkedTrace, TraceReport} from '../../src/services/traces/trace-report.ts'
import {type TraceTextOptions, traceText} from '../../src/ui/trace-text.ts'
import {clock, event, reader, request, source, start, terminal} from './events.ts'

export const traceId = '1-6b005320-1d1e9504609a52ab2e8537c0'

/** 14:02:10.040 */
const traceStart = start + 10_040

export type Fields = Readonly<Record<string, unknown>>

let made = 0
/** An id like X-Ray's, another one each time. */
const nextId = (): string => (++made).toString(16).padStart(16, '0')

/** A segment or subsegment from so many ms of the trace to so many; a null end is in progress. */
export function part(name: string, [from, to]: readonly [number, number | null], more: Fields = {}): Fields {
  const time = (ms: number): number => Math.round((traceStart + ms) * 1_000) / 1_000_000
  return {
    id: nextId(),
    name,
    start_time: time(from),
    ...(to === null ? {in_progress: true} : {end_time: time(to)}),
    ...more,
  }
}

/** Lambda's two segments of an execution: what is `below` belongs to the function. */
export function lambda(
  name: string,
  service: readonly [number, number | null],
  inner: readonly [number, number | null],
  below: readonly Fields[],
  more: {parent?: string | undefined; service?: Fields; inner?: Fields} = {},
): readonly [Fields, Fields] {
  const arn = `arn:aws:lambda:eu-west-1:123456789012:function:${name}`
  const outer = part(name, service, {
    trace_id: traceId,
    origin: 'AWS::Lambda',
    resource_arn: arn,
    aws: {request_id: request},
    ...(more.parent && {parent_id: more.parent}),
    ...more.service,
  })
  const own = part(name, inner, {
    trace_id: traceId,
    origin: 'AWS::Lambda::Function',
    parent_id: outer['id'],
    aws: {function_arn: arn, account_id: '123456789012', cloudwatch_logs: [{log_group: `/aws/lambda/${name}`}]},
    subsegments: below,
    ...more.inner,
  })
  return [outer, own]
}

/** A trace of these documents, as it is assembled from what X-Ray hands out. */
export function traceOf(documents: readonly Fields[], more: {id?: string; isLimitExceeded?: boolean} = {}): Trace {
  const parsed = documents.map(document => parseDocument(JSON.stringify(document)))
  return assembleTrace({
    id: more.id ?? traceId,
    source: 'xray',
    spans: parsed.flatMap(({spans}) => spans),
    isLimitExceeded: more.isLimitExceeded ?? false,
    problems: parsed.flatMap(({problems}) => problems),
  })
}

const scope = {account: '123456789012', region: 'eu-west-1', profile: null, endpoint: 'aws'} as const

export function reportOf(trace: Trace, more: Partial<TraceReport> = {}): TraceReport {
  return {
    coverage: {window: {start: trace.start, end: trace.end}, scopes: [scope], gaps: []},
    asked: {
      text: trace.id,
      traceId: trace.id,
      requestId: null,
      sampled: null,
      at: null,
      region: null,
      logGroup: null,
    },
    trace,
    linked: [],
    logs: new Map(),
    notes: [],
    ...more,
  }
}

const paymentTimeout = {
  working_directory: '/var/task',
  exceptions: [{id: 'abcdefabcdef0001', type: 'PaymentTimeout', message: 'upstream did not answer in 1500 ms'}],
}

/** A cold start, twenty reads, a call downstream that times out and what is sent for it. */
export function checkout(more: Fields = {}): Trace {
  const reads = Array.from({length: 20}, (_, i) =>
    part('DynamoDB', [440 + i * 12, 440 + i * 12 + 11], {
      namespace: 'aws',
      aws: {operation: 'GetItem', table_name: 'carts'},
    }),
  )
  const payment = part('payments.example', [690, 2_210], {
    namespace: 'remote',
    fault: true,
    cause: paymentTimeout,
    http: {request: {method: 'POST', url: 'https://payments.example/charge?token=hunter2'}, response: {status: 504}},
  })
  const send = part('SQS', [2_380, 2_391], {
    namespace: 'aws',
    aws: {operation: 'SendMessage', queue_url: 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders'},
    links: [
      {
        trace_id: linkedId,
        id: 'ffff000000000001',
        attributes: {'aws.xray.reserved.reference_type': 'child'},
      },
    ],
  })
  const below = [
    part('Initialization', [18, 430]),
    part('Invocation', [431, 2_401], {
      fault: true,
      cause: 'abcdefabcdef0001',
      subsegments: [...reads, payment, send],
    }),
    part('Overhead', [2_401, 2_410]),
  ]
  return traceOf(
    lambda('checkout-api', [0, 2_410], [430, 2_410], below, {
      service: {
        fault: true,
        http: {request: {method: 'POST', url: 'https://shop.example/orders?x=1'}, response: {status: 500}},
      },
      inner: {fault: true, ...more},
    }),
  )
}

export const linkedId = '1-6b005323-2d1e9504609a52ab2e8537c1'

/** What a worker does with the message that {@link checkout} sends. */
export function billing(failed = false): Trace {
  return traceOf(
    lambda(
      'billing-worker',
      [4_291, 5_531],
      [4_300, 5_530],
      [
        part('Invocation', [4_301, 5_520], {
          subsegments: [
            part('S3', [4_400, 5_000], {namespace: 'aws', aws: {operation: 'PutObject', bucket_name: 'invoices'}}),
            part('ledger.example', [5_010, 5_500], {
              namespace: 'remote',
              ...(failed && {
                fault: true,
                cause: {exceptions: [{type: 'LedgerClosed', message: 'come back tomorrow'}]},
              }),
            }),
          ],
        }),
        part('Overhead', [5_520, 5_530]),
      ],
      {service: failed ? {fault: true} : {}},
    ),
    {id: linkedId},
  )
}

export function linked(trace: Trace | null, from: Trace, more: Partial<LinkedTrace> = {}): LinkedTrace {
  return {
    id: trace?.id ?? linkedId,
    fromTraceId: from.id,
    fromNodeId: from.nodes.at(-1)?.id ?? '',
    reference: 'child',
    dwellMs: 1_900,
    trace,
    whyMissing: null,
    attempts: 1,
    ...more,
  }
}

/** Log lines by the node of the function named so. */
export function logsOf(trace: Trace, name: string): ReadonlyMap<string, readonly LogEvent[]> {
  const node = trace.nodes.find(({span, role}) => span.name === name && role === 'function')
  const from = source(name)
  const line = (seconds: number, text: string): LogEvent =>
    event(from, seconds, `2026-11-20T14:02:${seconds}Z\t${request}\t${text}`, {requestId: request})
  return new Map([
    [
      `${trace.id}/${node?.id}`,
      [
        line(10.471, 'INFO\tPOST /orders'),
        line(12.25, 'WARN\tpayments: no answer yet, and this line is long enough to be wrapped at eighty columns'),
        event(
          from,
          12.45,
          `REPORT RequestId: ${request}\tDuration: 1978.31 ms\tBilled Duration: 1979 ms\tMemory Size: 512 MB\tMax Memory Used: 143 MB\tStatus: error\tError Type: PaymentTimeout\t\n`,
        ),
      ],
    ],
  ])
}

/** What `slsops trace` prints at so many columns. */
export function drawn(report: TraceReport, columns: number, more: Partial<TraceTextOptions> = {}): string {
  return `\n${traceText(report, {terminal: terminal(columns), clock, logs: false, unfolded: false, reader, now: start, ...more})}`
}
