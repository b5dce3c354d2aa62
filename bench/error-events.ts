import type {Aws} from '../src/services/aws/connect.ts'
import type {SourcedEvent} from '../src/services/logs/log-event.ts'
import type {LogSource} from '../src/services/logs/source.ts'

const start = Date.UTC(2026, 10, 20, 12)
const streams = 200
const pageSize = 1_000

/** Errors of 20 functions in five runtimes' forms, each with ids and numbers of its own, as pages of a read. */
export function* errorEvents(count: number): Generator<readonly SourcedEvent[]> {
  const sources = Array.from({length: 20}, (_, i) => source(`function-${i}`))
  for (let from = 0; from < count; from += pageSize) {
    const size = Math.min(pageSize, count - from)
    yield Array.from({length: size}, (_, i) => event(sources, from + i))
  }
}

function event(sources: readonly LogSource[], n: number): SourcedEvent {
  const timestamp = start + n * 30
  const stream = n % streams
  return {
    source: sources[stream % sources.length] as LogSource,
    logStream: `2026/11/20/[${1 + (stream % 3)}]${hex(stream, 32)}`,
    timestamp,
    ingestionTime: timestamp + 800,
    eventId: String(n),
    message: (forms[n % forms.length] as (n: number, at: number) => string)(n, timestamp),
    late: false,
  }
}

const hex = (n: number, digits: number): string => (n * 2_654_435_761).toString(16).padStart(digits, '0').slice(-digits)
const uuid = (n: number): string =>
  `${hex(n, 8)}-${hex(n + 1, 4)}-4${hex(n + 2, 3)}-9${hex(n + 3, 3)}-${hex(n + 4, 12)}`
const iso = (at: number): string => new Date(at).toISOString()

const forms: readonly ((n: number, at: number) => string)[] = [
  (n, at) =>
    `${iso(at)}\t${uuid(n)}\tERROR\tInvoke Error \t${JSON.stringify({
      errorType: 'PaymentTimeout',
      errorMessage: `upstream did not answer in ${1_000 + (n % 900)} ms`,
      stack: [
        `PaymentTimeout: upstream did not answer in ${1_000 + (n % 900)} ms`,
        `    at charge (/var/task/payments.ts:${80 + (n % 7)}:11)`,
        '    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)',
        '    at handler (/var/task/index.ts:31:18)',
      ],
    })}\n`,
  (n, at) =>
    `[ERROR]\t${iso(at)}\t${uuid(n)}\tcould not reserve ${n % 9} of sku-${n % 4_000} for ord_${hex(n, 12)} at store=${'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[n % 26]}\n`,
  n =>
    `[ERROR] KeyError: 'order_${n}'\nTraceback (most recent call last):\n  File "/var/task/app.py", line ${n % 90}, in handler\n    return orders[key]\n  File "/var/task/orders.py", line 12, in find\n    raise KeyError(key)\n`,
  (n, at) =>
    `{"level":"ERROR","message":"could not send mail to user${n}@shop.example from 10.0.${n % 255}.7:${n % 9_000}","timestamp":"${iso(at)}","service":"mail","function_request_id":"${uuid(n)}","attempt":${n % 5}}\n`,
  n =>
    `Order ${n} failed: java.lang.IllegalStateException\njava.lang.IllegalStateException: Order ${n} failed\n\tat com.shop.Orders.place(Orders.java:${n % 300})\n\tat com.shop.Handler.handleRequest(Handler.java:21)\n\tat java.base/java.lang.reflect.Method.invoke(Unknown Source)\nCaused by: java.sql.SQLTransientConnectionException: pool-${n % 3} timed out after ${n % 30000}ms\n\tat com.zaxxer.hikari.pool.HikariPool.createTimeoutException(HikariPool.java:696)\n\tat com.shop.Db.find(Db.java:44)\n`,
]

function source(name: string): LogSource {
  const scope = {account: '123456789012', region: 'eu-west-1', profile: null, endpoint: 'aws'} as const
  return {
    aws: {scope} as Aws,
    scope,
    logGroup: `/aws/lambda/${name}`,
    logGroupClass: 'STANDARD',
    functions: [{name, arn: `arn:aws:lambda:eu-west-1:123456789012:function:${name}`}],
    only: null,
    mayBeMissing: false,
  }
}
