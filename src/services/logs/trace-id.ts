const xray = /(?:^|[^0-9a-f-])(1-[0-9a-f]{8}-[0-9a-f]{24})(?![0-9a-f])/i
const whole = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/i
const root = /Root=(1-[0-9a-f]{8}-[0-9a-f]{24})(?![0-9a-f])/i
// as 0x…, as it is, in a traceparent, and in the b3 header
const w3c =
  /^(?:0x|[0-9a-f]{2}-)?([0-9a-f]{8})([0-9a-f]{24})(?:-[0-9a-f]{16}(?:-[0-9a-f]{2}(?:-.{0,512})?|-[01d](?:-[0-9a-f]{16})?)?)?$/i

/**
 * The trace id in X-Ray's form, `1-8 hex-24 hex`, whatever form it is written in: X-Ray's own, a tracing header
 * (`Root=1-…;Parent=…;Sampled=1`), 32 hex digits, with `0x` or without, or a traceparent (W3C, OpenTelemetry). Null for
 * anything else, and for zeros, which stand for no trace.
 */
export function traceIdIn(text: string): string | null {
  const own = xray.exec(text)
  if (own?.[1]) {
    // a load balancer puts an id of its own before the trace's: Self=1-…;Root=1-…
    const isSelf = text.slice(Math.max(0, own.index - 4), own.index + 1).toLowerCase() === 'self='
    return nonZero((isSelf ? root.exec(text)?.[1] : null) ?? own[1])
  }
  return w3cIdIn(text)
}

/** The same of a word that is nothing but an id, or a traceparent. */
export const traceIdOf = (word: string): string | null => (whole.test(word) ? nonZero(word) : w3cIdIn(word))

function w3cIdIn(text: string): string | null {
  const [, time, rest] = w3c.exec(text) ?? []
  return time && rest ? nonZero(`1-${time}-${rest}`) : null
}

/** The 32 hex digits by which W3C and OpenTelemetry know a trace of X-Ray's form. */
export const w3cTraceId = (traceId: string): string => traceId.slice(2).replaceAll('-', '')

const nonZero = (traceId: string): string | null => (/[1-9a-f]/i.test(traceId.slice(2)) ? traceId.toLowerCase() : null)
