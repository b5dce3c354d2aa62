import type {FieldName} from '../services/fleet/inventory/fields.ts'
import type {FunctionsReport, OpenedFunctions} from '../services/fleet/inventory/functions-report.ts'
import type {Stage} from '../services/fleet/inventory/inventory-progress.ts'
import type {Receipt} from '../services/receipt.ts'
import type {ZoneClock} from '../services/time/zone-clock.ts'
import {fleetReceiptText} from './fleet-receipt.ts'
import {functionsCsv, functionsMarkdown} from './functions-file.ts'
import {functionsJson, functionsNdjson} from './functions-json.ts'
import {functionsText} from './functions-text.ts'
import {bytes, counted, roughUSD, usd} from './numbers.ts'
import type {ReadingState} from './reading.tsx'
import {dimHeader, windowAndRegions} from './reading-header.ts'
import {sweepingState} from './scan-plan-text.ts'
import type {Terminal} from './terminal.ts'

export type FunctionsFormat = 'json' | 'ndjson' | 'csv' | 'md'

export type FunctionsScreenOptions = {
  readonly opened: OpenedFunctions
  readonly json: boolean
  readonly columns: readonly FieldName[] | null
  readonly clock: Pick<ZoneClock, 'time' | 'date'>
  readonly dated: boolean
  readonly windowText: string
}

/** How an inventory is shown: the table, and what goes to stderr around it. */
export type FunctionsScreen = {
  header(terminal: Terminal): string
  /** what it will cost, in a sentence */
  estimate(): string
  answer(report: FunctionsReport, terminal: Terminal): Iterable<string>
  /** the report as it is kept in a file */
  kept(report: FunctionsReport, format: FunctionsFormat): string | Iterable<string>
  /** '' for no receipt */
  receipt(receipt: Receipt | null, terminal: Terminal): string
  /** how far the inventory is, for who waits for it */
  reading(now: number, throttles: number): ReadingState
}

export function functionsScreen(options: FunctionsScreenOptions): FunctionsScreen {
  const {opened, json, clock, dated, columns, windowText} = options
  return {
    header: terminal =>
      dimHeader(
        [
          ...windowAndRegions(windowText, opened.scopes, terminal),
          // of none there is nothing to be said before the answer, which tells why
          ...(opened.functions === 0 ? [] : [counted(opened.functions, 'function')]),
        ],
        terminal,
      ),
    estimate: () => estimateText(opened),
    answer: (report, terminal) =>
      json ? functionsJson(report) : functionsText(report, {terminal, clock, dated, columns}),
    kept(report, format) {
      if (format === 'json') return functionsJson(report)
      if (format === 'ndjson') return functionsNdjson(report)
      return format === 'csv' ? functionsCsv(report) : functionsMarkdown(report, columns, clock)
    },
    receipt: (receipt, terminal) => fleetReceiptText(receipt, {scopes: opened.scopes, json, terminal}),
    reading(now, throttles) {
      const {stage, done, total, since} = opened.progress
      const what = stageWords[stage]
      // one query has 50 of them: how long it takes is not told by those before it
      if (stage === 'groups') return {doing: 'sweeping', what, done, total, throttles, remainingMs: null}
      return sweepingState(what, {done, total}, {elapsedMs: now - since, throttles})
    },
  }
}

const stageWords: Readonly<Record<Stage, string>> = {
  metrics: 'metrics read',
  functions: 'functions asked for their settings',
  groups: 'log groups searched for memory used',
}

/** What it will cost, in a sentence: `metrics of 1,204 functions $0.12, 1.64 GB of logs $0.0082`. */
function estimateText({functions, plan, memory}: OpenedFunctions): string {
  const metricsUSD = plan.steps.reduce((sum, {api, costUSD}) => (api === 'GetMetricData' ? sum + costUSD : sum), 0)
  // at most: rounded up, so that what is above a limit does not look as if it were not
  const metrics = `metrics of ${counted(functions, 'function')} ${usd(Math.ceil(metricsUSD * 100) / 100)}`
  if (memory === null || memory.queries === 0) return `${metrics} at most, by list price`
  const logs =
    memory.bytes === null || memory.costUSD === null
      ? 'and logs of unknown size'
      : `and ${bytes(memory.bytes)} of logs ${roughUSD(memory.costUSD)}`
  return `${metrics} at most, ${logs}, by list price`
}
