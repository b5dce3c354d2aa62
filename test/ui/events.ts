import type {Aws} from '../../src/services/aws/connect.ts'
import {parseJson} from '../../src/services/logs/json-message.ts'
import type {LogEvent} from '../../src/services/logs/log-event.ts'
import {readMeaning} from '../../src/services/logs/message.ts'
import {outcomeOf} from '../../src/services/logs/outcome.ts'
import type {LogSource} from '../../src/services/logs/source.ts'
import {continues} from '../../src/services/logs/stitch.ts'
import {readPrefix} from '../../src/services/logs/text-prefix.ts'
import {type LogLineOptions, logFormatter} from '../../src/ui/log-line.ts'
import type {Terminal} from '../../src/ui/terminal.ts'

/** 2026-11-20 14:02:00 UTC */
export const start = Date.UTC(2026, 10, 20, 14, 2)
export const request = '1c9e7f3a-58d2-4b0e-9a41-6f2d0c3b88a1'

export function terminal(columns: number, more: Partial<Terminal> = {}): Terminal {
  return {columns, color: false, unicode: true, isTTY: true, ...more}
}

export function source(
  name: string,
  more: {region?: string; account?: string; profile?: string; logGroup?: string} = {},
): LogSource {
  const {region = 'eu-west-1', account = '123456789012', profile = null, logGroup = `/aws/lambda/${name}`} = more
  const scope = {account, region, profile, endpoint: 'aws'} as const
  return {
    aws: {scope} as Aws,
    scope,
    logGroup,
    logGroupClass: 'STANDARD',
    functions: more.logGroup ? [] : [{name, arn: `arn:aws:lambda:${region}:${account}:function:${name}`}],
    only: null,
    mayBeMissing: false,
  }
}

/** An event `seconds` after 14:02:00, with the meaning its text has. */
export function event(source: LogSource, seconds: number, message: string, more: Partial<LogEvent> = {}): LogEvent {
  const timestamp = start + Math.round(seconds * 1_000)
  const meaning = readMeaning(message)
  return {
    source,
    logStream: '2026/11/20/[42]0123456789abcdef0123456789abcdef',
    timestamp,
    ingestionTime: timestamp + 800,
    eventId: null,
    message,
    late: false,
    function: source.functions[0] ?? null,
    version: '42',
    ...meaning,
    ...(meaning.report && {outcome: outcomeOf(new Set(), meaning.report)}),
    ...more,
  }
}

export const reader = {readPrefix, parseJson, continues}

export const clock = {
  time: (ms: number) => new Date(ms).toISOString().slice(11, 23),
  date: (ms: number) => new Date(ms).toISOString().slice(0, 10),
}

export function lineOptions(
  terminal: Terminal,
  events: readonly LogEvent[],
  more: Partial<LogLineOptions> = {},
): LogLineOptions {
  const sources = [...new Set(events.map(({source}) => source))]
  return {terminal, clock, reader, sources, dated: false, highlights: [], ...more}
}

/** What `slsops logs` prints for the events. */
export function shown(terminal: Terminal, events: readonly LogEvent[], more: Partial<LogLineOptions> = {}): string {
  return events.map(logFormatter(lineOptions(terminal, events, more))).join('')
}

const checkout = source('checkout-api')
const inventory = source('inventory')
const billing = source('billing-worker')
const orders = source('orders-stream')
const report = source('report-java')
const images = source('image-resize')
const search = source('search')
const payments = source('payments', {logGroup: '/ecs/payments'})

const paymentTimeout = JSON.stringify({
  errorType: 'PaymentTimeout',
  errorMessage: 'upstream did not answer in 1500 ms',
  code: 'ETIMEDOUT',
  stack: [
    'PaymentTimeout: upstream did not answer in 1500 ms',
    '    at charge (file:///var/task/payments.ts:88:13)',
    '    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)',
    '    at async handler (file:///var/task/index.ts:31:5)',
  ],
})

/** A few seconds of a company's logs, in every shape that comes often. */
export const aFewSeconds: readonly LogEvent[] = [
  event(checkout, 10.04, `START RequestId: ${request} Version: 42`),
  event(
    checkout,
    11.482,
    `2026-11-20T14:02:11.482Z\t${request}\tINFO\tPOST /orders 201 in 84 ms orderId=7f3c9b items=3`,
    {requestId: request},
  ),
  event(
    inventory,
    11.733,
    `{"level":"INFO","message":"reserved","timestamp":"2026-11-20T14:02:11.733Z","service":"inventory","cold_start":false,"function_name":"inventory","function_memory_size":256,"function_request_id":"9b1d2c3e-0000-4000-8000-0123456789ab","sku":"KIWI-1","qty":2,"warehouse":{"id":7,"city":"Zürich"}}`,
  ),
  event(checkout, 12.018, `2026-11-20T14:02:12.018Z\t${request}\tERROR\tInvoke Error \t${paymentTimeout}`, {
    requestId: request,
  }),
  event(
    checkout,
    12.02,
    `REPORT RequestId: ${request}\tDuration: 1978.31 ms\tBilled Duration: 1979 ms\tMemory Size: 512 MB\tMax Memory Used: 143 MB\tStatus: error\tError Type: PaymentTimeout\t\n`,
  ),
  event(
    billing,
    12.31,
    'REPORT RequestId: 5d0e7f3a-58d2-4b0e-9a41-6f2d0c3b0001\tDuration: 1240.11 ms\tBilled Duration: 1653 ms\tMemory Size: 256 MB\tMax Memory Used: 201 MB\tInit Duration: 412.20 ms\t\n',
    {version: '$LATEST'},
  ),
  event(
    images,
    12.5,
    '[WARNING]\t2026-11-20T14:02:12.500Z\t0a0e7f3a-58d2-4b0e-9a41-6f2d0c3b0002\tslow decode of 猫と花.jpg (4032×3024) took 1,912 ms, consider a larger memory size for this function',
  ),
  event(payments, 12.702, 'GET /health 200 "kube-probe/1.29" 0.4ms'),
  event(
    report,
    13.1,
    `[ERROR] ValueError: row 17 has no price\rTraceback (most recent call last):\r\u00a0\u00a0File "/var/task/report.py", line 41, in handler\r\u00a0\u00a0\u00a0\u00a0total += price(row)`,
  ),
  event(
    search,
    13.4,
    'REPORT RequestId: 8c360c87-d4b7-4423-b5f3-af02be3c1763\tDuration: 38.66 ms\tBilled Duration: 221 ms\tMemory Size: 3009 MB\tMax Memory Used: 173 MB\tRestore Duration: 398.97 ms\tBilled Restore Duration: 182 ms\t\n',
    {version: '7'},
  ),
  event(
    billing,
    13.9,
    '{"_aws":{"Timestamp":1763647333900,"CloudWatchMetrics":[{"Namespace":"Larder","Dimensions":[["service"]],"Metrics":[{"Name":"InvoicesSent","Unit":"Count"}]}]},"service":"billing","InvoicesSent":[3.0],"currency":"CHF"}',
  ),
  event(
    orders,
    15,
    '2026-11-20T14:02:15.000Z 3364d63a-b18c-5ed6-97c7-85c6bf57800e Task timed out after 3.00 seconds\n\n',
  ),
  event(
    orders,
    15.004,
    'REPORT RequestId: 3364d63a-b18c-5ed6-97c7-85c6bf57800e\tDuration: 3000.00 ms\tBilled Duration: 3000 ms\tMemory Size: 128 MB\tMax Memory Used: 88 MB\tStatus: timeout\t\n',
    {version: '$LATEST'},
  ),
  event(
    images,
    15.2,
    'REPORT RequestId: fa4e6a1f-083b-573d-ace2-090d2b00a3ac\tDuration: 6954.19 ms\tBilled Duration: 6955 ms\tMemory Size: 1024 MB\tMax Memory Used: 1023 MB\tStatus: error\tError Type: Runtime.OutOfMemory\t\n',
    {version: '$LATEST'},
  ),
  event(inventory, 9.12, '{"level":"INFO","message":"released","sku":"KIWI-1"}', {
    late: true,
    ingestionTime: start + 50_120,
  }),
]
