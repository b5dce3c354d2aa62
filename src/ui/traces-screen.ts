import type {Receipt} from '../services/receipt.ts'
import type {ZoneClock} from '../services/time/zone-clock.ts'
import type {OpenedTraces, TracesReport} from '../services/traces/traces-report.ts'
import {receiptJson} from './json-lines.ts'
import {paintedRows} from './layout.ts'
import {count, counted, roughCount, roughDuration, roughUSD} from './numbers.ts'
import type {ReadingState} from './reading.tsx'
import {dimHeader, windowAndRegions} from './reading-header.ts'
import {gapsAndNotes} from './receipt-text.ts'
import {joined, type Span, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'
import {momentText} from './trace-words.ts'
import {tracesCsv, tracesMarkdown} from './traces-file.ts'
import {tracesJson, tracesNdjson} from './traces-json.ts'
import {tracesText} from './traces-text.ts'

export type TracesFormat = 'json' | 'ndjson' | 'csv' | 'md'

export type TracesScreenOptions = {
  readonly opened: OpenedTraces
  readonly json: boolean
  readonly clock: Pick<ZoneClock, 'time' | 'date'>
  readonly dated: boolean
  readonly windowText: string
}

/** How traces are shown: the list, and what goes to stderr around it. */
export type TracesScreen = {
  header(terminal: Terminal): string
  /** what it will cost, in a sentence */
  estimate(): string
  answer(report: TracesReport, terminal: Terminal): string
  /** the report as it is kept in a file */
  kept(report: TracesReport, format: TracesFormat): string
  /** '' for no receipt */
  receipt(receipt: Receipt | null, terminal: Terminal): string
  scanning(now: number, throttles: number): ReadingState
}

export function tracesScreen({opened, json, clock, dated, windowText}: TracesScreenOptions): TracesScreen {
  const {progress} = opened
  return {
    header: terminal => header(opened, windowText, terminal),
    estimate: () => estimateText(opened),
    answer: (report, terminal) => (json ? tracesJson(report) : tracesText(report, {terminal, clock, dated})),
    kept: (report, format) => keptAs[format](report),
    receipt(receipt, terminal) {
      if (receipt === null) return ''
      const {scopes} = opened
      return json
        ? receiptJson(receipt, scopes)
        : receiptRows(receipt, ms => momentText(ms, clock, dated), terminal) +
            gapsAndNotes(receipt, scopes, terminal, 'regions')
    },
    scanning(now, throttles) {
      const {scanned, matched, share, startedAt} = progress
      const elapsedMs = now - startedAt
      return {
        doing: 'scanning',
        scanned,
        matched,
        share,
        throttles,
        remainingMs: share > 0.02 && share < 1 ? (elapsedMs / share) * (1 - share) : null,
      }
    },
  }
}

const keptAs: Readonly<Record<TracesFormat, (report: TracesReport) => string>> = {
  json: tracesJson,
  ndjson: tracesNdjson,
  csv: tracesCsv,
  md: tracesMarkdown,
}

/** One line about what is going to be read; what does not fit into the terminal's width falls off at the right. */
function header(
  {scopes, functions, expression, estimate}: OpenedTraces,
  windowText: string,
  terminal: Terminal,
): string {
  const facts = [
    ...windowAndRegions(windowText, scopes, terminal),
    ...(functions === null
      ? expression === null
        ? ['all traces']
        : []
      : [`traces of ${counted(functions, 'function')}`]),
    ...(estimate === null ? [] : [`about ${roughCount(estimate.traces)} to scan, ${roughUSD(estimate.costUSD)}`]),
    ...(expression === null ? [] : [expression]),
  ]
  return dimHeader(facts, terminal)
}

function estimateText({estimate}: OpenedTraces): string {
  if (estimate === null) return ''
  return `about ${roughCount(estimate.traces)} traces to scan, ${roughUSD(estimate.costUSD)} by list price`
}

type MomentText = (ms: number) => string

function receiptRows(
  {sources, shown, pages, emptyPages, throttles, durationMs, complete, traces}: Receipt,
  moment: MomentText,
  terminal: Terminal,
): string {
  const {dot} = glyphsFor(terminal)
  const isAll = sources.complete === sources.total
  // the newest are not all of the window
  const read = traces?.since == null ? 'complete' : `complete since ${moment(traces.since)}`
  const regions = isAll
    ? `${counted(sources.total, 'region')} ${read}`
    : `${count(sources.complete)} of ${counted(sources.total, 'region')} ${read}`
  const empty = emptyPages > 0 ? ` (${count(emptyPages)} empty)` : ''
  const parts: Span[] = [
    span(regions, complete ? 'dim' : 'look'),
    span(`${count(shown)} of ${count(traces?.scanned ?? 0)} traces scanned, ${roughUSD(traces?.costUSD ?? 0)}`, 'dim'),
    span(`${counted(pages, 'page')}${empty}`, 'dim'),
    ...(throttles > 0 ? [span(`${count(throttles)} throttled`, 'look')] : []),
    span(roughDuration(durationMs), 'dim'),
  ]
  const separator = ` ${dot} `
  return paintedRows([joined(parts, separator)], terminal, separator)
}
