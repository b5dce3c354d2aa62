/**
 * One invocation's eight log lines, as Lambda writes them: START, two text lines, two JSON lines, a third text line,
 * END, REPORT. A seed picks the wording; errors, stack traces and letters outside ASCII come now and then.
 */
export function invocationLines(seed: number, requestId: string): string[] {
  const pick = <T>(choices: readonly T[], salt: number): T => choices[(seed * 7 + salt * 13) % choices.length] as T
  const order = `ord_${(seed * 2654435761) >>> 0}`
  const trace = `1-5f1a2b3c-${((seed * 40503) >>> 0).toString(16).padStart(8, '0')}0123456789abcdef`
  const durationMs = 3 + ((seed * 977) % 4000) / 10
  const time = `2026-11-20T10:${String(seed % 60).padStart(2, '0')}:07.123Z`

  const text = (level: string, body: string): string => `${time}\t${requestId}\t${level}\t${body}\n`
  const json = (level: string, message: string, more: object): string =>
    `${JSON.stringify({cold_start: seed % 61 === 0, function_name: 'checkout-api', function_request_id: requestId, level, message, service: 'checkout', timestamp: time, xray_trace_id: trace, ...more})}\n`

  return [
    `START RequestId: ${requestId} Version: 42\n`,
    text('INFO', `${pick(['GET', 'POST', 'PUT'], 1)} /v1/orders/${order} from 203.0.113.${seed % 250}`),
    json('INFO', pick(['order accepted', 'cart priced', 'stock reserved'], 2), {order, items: 1 + (seed % 9)}),
    seed % 16 === 5
      ? text(
          'ERROR',
          `TypeError: Cannot read properties of undefined (reading 'total')\n    at priceOf (/var/task/src/pricing.js:${40 + (seed % 50)}:17)\n    at async checkout (/var/task/src/checkout.js:88:21)\n    at async Runtime.handler (/var/task/index.js:12:10)`,
        )
      : text('INFO', `reserved ${1 + (seed % 9)} items in warehouse ${pick(['ams-1', 'dub-2', 'iad-3'], 3)}`),
    json(seed % 23 === 7 ? 'WARN' : 'DEBUG', pick(['payment authorised', 'payment retried', 'cache miss'], 4), {
      order,
      amount: {currency: 'EUR', value: (seed * 37) % 50_000},
      latencyMs: (seed * 31) % 900,
    }),
    text(
      'INFO',
      seed % 64 === 9 ? `zażółć gęślą jaźń → ${order} ✓` : `sent order-confirmed for ${order} to orders-topic`,
    ),
    `END RequestId: ${requestId}\n`,
    `REPORT RequestId: ${requestId}\tDuration: ${durationMs.toFixed(2)} ms\tBilled Duration: ${Math.ceil(durationMs)} ms\tMemory Size: 512 MB\tMax Memory Used: ${90 + (seed % 120)} MB\t${seed % 61 === 0 ? 'Init Duration: 412.33 ms\t' : ''}\n${seed % 4 === 0 ? `XRAY TraceId: ${trace}\tSegmentId: 0d4f2b3c4d5e6f70\tSampled: true\t\n` : ''}`,
  ]
}

export const linesPerInvocation = 8
