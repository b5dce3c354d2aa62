import prices from '../../data/prices.json' with {type: 'json'}

/** What X-Ray charges, by list price in dollars, for looking at so many traces; the first million of a month is free. */
export const scanCostUSD = (traces: number): number => (traces / 1_000_000) * prices.xrayPerMillionTracesScanned

/** What a listing will look at, by what its first pages did. */
export type ScanEstimate = {
  readonly traces: number
  readonly costUSD: number
}

export type FirstPages = {
  readonly scanned: number
  readonly matched: number
  readonly pages: number
  /** ms of the window that they cover, and that there are */
  readonly coveredMs: number
  readonly windowMs: number
}

/**
 * How many traces are looked at until so many are found, if they are as dense and match as often as in the first pages; null
 * where those tell nothing.
 * @param wanted null: all
 */
export function estimateScan(regions: readonly FirstPages[], wanted: number | null): ScanEstimate | null {
  const known = regions.filter(({scanned, coveredMs}) => scanned > 0 && coveredMs > 0)
  if (known.length === 0) return null
  const all = known.reduce(
    (sum, {scanned, coveredMs, windowMs}) => sum + scanned * Math.max(1, windowMs / coveredMs),
    0,
  )
  const scanned = known.reduce((sum, region) => sum + region.scanned, 0)
  const matched = known.reduce((sum, region) => sum + region.matched, 0)
  const needed = wanted === null || matched === 0 ? all : (wanted / matched) * scanned
  const pages = known.reduce((sum, region) => sum + region.pages, 0)
  // a page is looked at to its end
  const whole = Math.ceil(needed / (scanned / Math.max(1, pages))) * (scanned / Math.max(1, pages))
  const traces = Math.round(Math.min(all, Math.max(scanned, whole)))
  return {traces, costUSD: scanCostUSD(traces)}
}
