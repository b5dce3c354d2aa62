import prices from '../../data/prices.json' with {type: 'json'}

/** What Logs Insights was used for and what that costs by list price; counted while queries run. */
export type InsightsUse = {
  queries: number
  bytesScanned: number
  recordsScanned: number
  costUSD: number
}

export function createUse(): InsightsUse {
  return {queries: 0, bytesScanned: 0, recordsScanned: 0, costUSD: 0}
}

/** AWS bills by 10^9 bytes scanned; list price of src/data/prices.json. */
export function scanCostUSD(bytes: number): number {
  return (bytes / 1e9) * prices.logsInsightsPerGBScanned
}

type Scanned = {readonly bytesScanned: number; readonly recordsScanned: number}

/** Notes how far a query has come since it was last noted. */
export function countScan(use: InsightsUse, before: Scanned, now: Scanned): void {
  use.recordsScanned += Math.max(0, now.recordsScanned - before.recordsScanned)
  use.bytesScanned += Math.max(0, now.bytesScanned - before.bytesScanned)
  use.costUSD = scanCostUSD(use.bytesScanned)
}
