import type {FleetCoverage} from '../../known.ts'
import type {Aws} from '../aws/connect.ts'
import {totalCalls} from '../aws/total-calls.ts'
import type {Coverage} from '../coverage.ts'
import type {InsightsUse} from '../insights/insights-use.ts'
import type {Receipt} from '../receipt.ts'

/** What a scan of functions came to. */
export type Scanned = {
  readonly coverage: Coverage
  readonly known: FleetCoverage
  readonly notes: readonly string[]
  /** functions that are in the answer */
  readonly shown: number
  readonly durationMs: number
  /** null where no logs were queried */
  readonly use: InsightsUse | null
}

/** The receipt of a scan whose sources are functions. */
export function fleetReceipt(
  given: readonly Aws[],
  {coverage, known, notes, shown, durationMs, use}: Scanned,
): Receipt {
  const {window, gaps} = coverage
  return {
    complete: gaps.length === 0,
    window,
    sources: {total: known.functions, complete: known.known, empty: 0},
    events: use?.recordsScanned ?? 0,
    shown,
    pages: 0,
    emptyPages: 0,
    ...totalCalls(given),
    lateEvents: 0,
    gaps,
    notes,
    durationMs,
    ...(use && use.queries > 0 && {insights: {...use}}),
  }
}
