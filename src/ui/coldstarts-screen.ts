import type {ColdStartsReport, OpenedColdStarts} from '../services/fleet/coldstarts/coldstarts-report.ts'
import type {Receipt} from '../services/receipt.ts'
import type {ZoneClock} from '../services/time/zone-clock.ts'
import {coldStartsCsv} from './coldstarts-csv.ts'
import {coldStartsHtml} from './coldstarts-html.ts'
import {coldStartsJson, coldStartsNdjson} from './coldstarts-json.ts'
import {coldStartsMarkdown} from './coldstarts-markdown.ts'
import {coldStartsSvg} from './coldstarts-svg.ts'
import {coldStartsText} from './coldstarts-text.ts'
import {receiptJson} from './json-lines.ts'
import {counted} from './numbers.ts'
import type {ReadingState} from './reading.tsx'
import {dimHeader, windowAndRegions} from './reading-header.ts'
import {receiptText} from './receipt-text.ts'
import {sweepingState} from './scan-plan-text.ts'
import type {Terminal} from './terminal.ts'

export type ColdStartsFormat = 'json' | 'ndjson' | 'csv' | 'md' | 'svg' | 'html'

export type ColdStartsScreenOptions = {
  readonly opened: OpenedColdStarts
  readonly json: boolean
  readonly clock: Pick<ZoneClock, 'time' | 'date'>
  readonly windowText: string
  /** null: as many as one looks at on a terminal, all elsewhere */
  readonly limit: number | null
}

/** How cold starts are shown: the table, and what goes to stderr around it. */
export type ColdStartsScreen = {
  header(terminal: Terminal): string
  answer(report: ColdStartsReport, terminal: Terminal): string
  /** the report as it is kept in a file */
  kept(report: ColdStartsReport, format: ColdStartsFormat): string
  /** '' for no receipt */
  receipt(receipt: Receipt | null, terminal: Terminal): string
  reading(now: number, throttles: number): ReadingState
}

const shownByDefault = 30

export function coldStartsScreen({opened, json, clock, windowText, limit}: ColdStartsScreenOptions): ColdStartsScreen {
  return {
    header: terminal =>
      dimHeader(
        [
          ...windowAndRegions(windowText, opened.scopes, terminal),
          counted(opened.functions, 'function'),
          counted(opened.logGroups, 'log group'),
          ...(opened.engine === 'insights' ? ['Logs Insights'] : []),
        ],
        terminal,
      ),
    answer: (report, terminal) =>
      json ? coldStartsJson(report, limit) : coldStartsText(report, {terminal, clock, limit: limit ?? shownByDefault}),
    kept: (report, format) => keptAs[format](report, limit),
    receipt(receipt, terminal) {
      if (receipt === null) return ''
      return json ? receiptJson(receipt, opened.scopes) : receiptText(receipt, opened.scopes, terminal)
    },
    reading(now, throttles) {
      const {doing, done, total, startedAt} = opened.progress()
      return sweepingState(doings[doing], {done, total}, {elapsedMs: now - startedAt, throttles})
    },
  }
}

const doings = {
  metrics: 'functions counted',
  reading: 'log groups answer',
  'looking-up': 'log groups looked at again',
} as const

const keptAs: Readonly<Record<ColdStartsFormat, (report: ColdStartsReport, limit: number | null) => string>> = {
  json: coldStartsJson,
  ndjson: coldStartsNdjson,
  csv: coldStartsCsv,
  md: coldStartsMarkdown,
  svg: coldStartsSvg,
  html: coldStartsHtml,
}
