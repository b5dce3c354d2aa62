const xray = /(?:^|[^0-9a-f-])(1-[0-9a-f]{8}-[0-9a-f]{24})(?![0-9a-f])/i
const w3c = /^(?:[0-9a-f]{2}-)?([0-9a-f]{8})([0-9a-f]{24})(?:-[0-9a-f]{16}-[0-9a-f]{2})?$/i

/**
 * The trace id in X-Ray's form, `1-8 hex-24 hex`, whatever form it is written in: X-Ray's own, a tracing header
 * (`Root=1-…;Parent=…;Sampled=1`), 32 hex digits or a traceparent (W3C, OpenTelemetry). Null for anything else.
 */
export function traceIdIn(text: string): string | null {
  const own = xray.exec(text)?.[1]
  if (own) return own.toLowerCase()
  const [, time, rest] = w3c.exec(text) ?? []
  return time && rest ? `1-${time}-${rest}`.toLowerCase() : null
}
