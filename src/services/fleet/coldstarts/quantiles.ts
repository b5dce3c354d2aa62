/** Of so many durations, in ms. */
export type Quantiles = {
  readonly count: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly max: number
}

/**
 * Exact quantiles of all durations, by nearest rank (Hyndman and Fan's type 1): each is a duration that was measured.
 * Null for none.
 */
export function quantilesOf(durations: readonly number[]): Quantiles | null {
  if (durations.length === 0) return null
  const sorted = Float64Array.from(durations).sort()
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
  return {count: sorted.length, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: sorted[sorted.length - 1] ?? 0}
}
