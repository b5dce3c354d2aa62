/** How often each value was measured; values are seconds, as X-Ray gives them. */
export type Histogram = ReadonlyMap<number, number>

type Entry = {readonly Value?: number | undefined; readonly Count?: number | undefined}

/** A histogram of AWS's entries, by value; an entry that is none counts as absent. */
export function histogramOf(entries: readonly Entry[] = []): Histogram {
  const counts = new Map<number, number>()
  for (const {Value: value = Number.NaN, Count: count = 0} of entries)
    if (Number.isFinite(value) && value >= 0 && Number.isFinite(count) && count > 0)
      counts.set(value, (counts.get(value) ?? 0) + count)
  return counts
}

/** What both have measured. */
export function mergedHistograms(one: Histogram, other: Histogram): Histogram {
  if (one.size === 0) return other
  const counts = new Map(one)
  for (const [value, count] of other) counts.set(value, (counts.get(value) ?? 0) + count)
  return counts
}

/** How many measurements it holds. */
export const measurements = (histogram: Histogram): number => histogram.values().reduce((sum, count) => sum + count, 0)

/**
 * The quantile `q` of what was measured, in milliseconds; null where nothing was. By nearest rank: the least value that at
 * least the share `q` of all measurements does not exceed, so that it always is a value that AWS gave. It is off by what AWS
 * rounded the values to (a millisecond in the answers that are published, documented nowhere), and by sampling.
 */
export function quantileMs(histogram: Histogram, q: number): number | null {
  const total = measurements(histogram)
  if (total === 0) return null
  let below = 0
  let last = 0
  for (const [value, count] of [...histogram].sort(([a], [b]) => a - b)) {
    below += count
    last = value
    // what a sum of fractions loses must not push the rank to the next value
    if (below >= q * total - 1e-9) break
  }
  return Number((last * 1_000).toFixed(3))
}
