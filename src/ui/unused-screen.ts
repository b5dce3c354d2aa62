import type {OpenedUnused, UnusedReport} from '../services/fleet/unused/unused-report.ts'
import type {Verdict} from '../services/fleet/unused/verdict.ts'
import type {Receipt} from '../services/receipt.ts'
import type {ZoneClock} from '../services/time/zone-clock.ts'
import {fleetReceiptText} from './fleet-receipt.ts'
import {counted} from './numbers.ts'
import type {ReadingState} from './reading.tsx'
import {dimHeader, windowAndRegions} from './reading-header.ts'
import {sweepingState} from './scan-plan-text.ts'
import type {Terminal} from './terminal.ts'
import {unusedCsv, unusedMarkdown} from './unused-file.ts'
import {unusedJson, unusedNdjson} from './unused-json.ts'
import {unusedText} from './unused-text.ts'

export type UnusedFormat = 'json' | 'ndjson' | 'csv' | 'md'

export type UnusedScreenOptions = {
  readonly opened: OpenedUnused
  readonly json: boolean
  /** active functions too, and all that is wasted */
  readonly all: boolean
  readonly only: readonly Verdict[] | null
  readonly clock: Pick<ZoneClock, 'time' | 'date'>
  readonly windowText: string
}

/** How verdicts are shown: the list, and what goes to stderr around it. */
export type UnusedScreen = {
  header(terminal: Terminal): string
  answer(report: UnusedReport, terminal: Terminal): Iterable<string>
  /** the report as it is kept in a file */
  kept(report: UnusedReport, format: UnusedFormat): string | Iterable<string>
  /** '' for no receipt */
  receipt(receipt: Receipt | null, terminal: Terminal): string
  judging(now: number, throttles: number): ReadingState
}

export function unusedScreen({opened, json, all, only, clock, windowText}: UnusedScreenOptions): UnusedScreen {
  return {
    header: terminal =>
      dimHeader(
        [
          ...windowAndRegions(windowText, opened.scopes, terminal),
          // that there are none is said already
          ...(opened.functions === 0 ? [] : [counted(opened.functions, 'function')]),
        ],
        terminal,
      ),
    answer: (report, terminal) =>
      json
        ? unusedJson(report)
        : unusedText(report, {terminal, clock, isAll: all || only?.includes('active') === true}),
    kept: (report, format) => keptAs[format](report),
    receipt: (receipt, terminal) => fleetReceiptText(receipt, {scopes: opened.scopes, json, terminal}),
    judging(now, throttles) {
      const {doing, done, total, since} = opened.progress
      const what = doing === 'measuring' ? 'functions measured' : 'idle functions looked at'
      return sweepingState(what, {done, total}, {elapsedMs: now - since, throttles})
    },
  }
}

const keptAs: Readonly<Record<UnusedFormat, (report: UnusedReport) => string | Iterable<string>>> = {
  json: unusedJson,
  ndjson: unusedNdjson,
  csv: unusedCsv,
  md: unusedMarkdown,
}
