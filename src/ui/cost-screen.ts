import type {CostReport, OpenedCost} from '../services/fleet/cost/cost-report.ts'
import type {Receipt} from '../services/receipt.ts'
import {costCsv, costMarkdown} from './cost-file.ts'
import {costJson, costNdjson} from './cost-json.ts'
import {costText} from './cost-text.ts'
import {fleetReceiptText} from './fleet-receipt.ts'
import {counted} from './numbers.ts'
import type {ReadingState} from './reading.tsx'
import {dimHeader, windowAndRegions} from './reading-header.ts'
import {sweepingState} from './scan-plan-text.ts'
import type {Terminal} from './terminal.ts'

export type CostFormat = 'json' | 'ndjson' | 'csv' | 'md'

export type CostScreenOptions = {
  readonly opened: OpenedCost
  readonly json: boolean
  readonly windowText: string
  /** null: as many as one looks at on a terminal, all elsewhere */
  readonly limit: number | null
  readonly targets: readonly string[]
}

/** How costs are shown: the answer, and what goes to stderr around it. */
export type CostScreen = {
  header(terminal: Terminal): string
  answer(report: CostReport, terminal: Terminal): string | Iterable<string>
  /** the report as it is kept in a file */
  kept(report: CostReport, format: CostFormat): string | Iterable<string>
  /** '' for no receipt */
  receipt(receipt: Receipt | null, terminal: Terminal): string
  reading(elapsedMs: number, throttles: number): ReadingState
}

const keptAs: Readonly<Record<CostFormat, (report: CostReport, limit: number | null) => string | Iterable<string>>> = {
  json: costJson,
  ndjson: costNdjson,
  csv: costCsv,
  md: costMarkdown,
}

const shownByDefault = 30

export function costScreen({opened, json, windowText, limit, targets}: CostScreenOptions): CostScreen {
  const {scopes, functions, before, progress} = opened
  let spentUSD: number | null = null
  return {
    header: terminal =>
      dimHeader(
        [
          ...windowAndRegions(windowText, scopes, terminal),
          counted(functions, 'function'),
          ...(before === null ? [] : ['compared with the window before']),
        ],
        terminal,
      ),
    answer(report, terminal) {
      spentUSD = report.spentUSD
      return json ? costJson(report, limit) : costText(report, {terminal, limit: limit ?? shownByDefault, targets})
    },
    kept(report, format) {
      spentUSD = report.spentUSD
      return keptAs[format](report, limit)
    },
    receipt: (receipt, terminal) => fleetReceiptText(receipt, {scopes, json, terminal, spentUSD}),
    reading: (elapsedMs, throttles) => sweepingState('metrics read', progress, {elapsedMs, throttles}),
  }
}
