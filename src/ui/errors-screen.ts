import {stripVTControlCharacters} from 'node:util'
import type {ErrorsReport, OpenedErrors} from '../services/errors/errors-report.ts'
import type {Receipt} from '../services/receipt.ts'
import type {ZoneClock} from '../services/time/zone-clock.ts'
import {width} from './columns.ts'
import {errorsJson} from './errors-json.ts'
import {errorsMarkdown} from './errors-markdown.ts'
import {errorsText} from './errors-text.ts'
import {receiptJson} from './json-lines.ts'
import {estimateText, plannedRead} from './read-plan-text.ts'
import type {ReadingState} from './reading.tsx'
import {readingState} from './reading-state.ts'
import {readingHeader, receiptText} from './receipt-text.ts'
import type {Terminal} from './terminal.ts'

export type ErrorsScreenOptions = {
  readonly errors: OpenedErrors
  readonly json: boolean
  readonly terminal: Terminal
  readonly clock: Pick<ZoneClock, 'time' | 'date'>
  readonly windowText: string
  /** null: as many as one looks at on a terminal, all in JSON */
  readonly limit: number | null
  /** null: one report is drawn */
  readonly refreshMs: number | null
}

/** How errors are shown: each report as text, and what goes to stderr around it. */
export type ErrorsScreen = {
  draw(report: ErrorsReport): string
  header(terminal: Terminal): string
  /** what it will take, in a sentence */
  estimate(): string
  /** '' for no receipt */
  receipt(receipt: Receipt | null, terminal: Terminal): string
  reading(now: number): ReadingState
  /** the latest report as it is kept in a file */
  kept(format: 'json' | 'md'): string
}

const shownByDefault = 20
const rowsByDefault = 24
const home = '\u001b[H'
const clearAll = '\u001b[2J'
const clearRight = '\u001b[K'
const clearBelow = '\u001b[J'

export function errorScreen(options: ErrorsScreenOptions): ErrorsScreen {
  const {errors, json, terminal, clock, windowText, limit, refreshMs} = options
  const {scopes} = errors
  const watching = refreshMs !== null
  const redraws = watching && terminal.isTTY && terminal.unicode
  let latest: ErrorsReport | null = null
  let drawn: string | null = null

  const drawText = (report: ErrorsReport): string => {
    const textOf = (limit: number): string => errorsText(report, {terminal, clock, limit})
    if (!watching) return textOf(limit ?? shownByDefault)
    const stamp = clock.time(report.coverage.window.end ?? errors.openedAt).slice(0, 8)
    if (!redraws) {
      const news = newsOf(report)
      if (news === drawn) return ''
      const again = drawn === null ? '' : `\n${stamp}\n`
      drawn = news
      return again + textOf(limit ?? shownByDefault)
    }
    const first = drawn === null ? clearAll : ''
    const text = fitting(textOf, limit ?? shownByDefault, terminal)
    drawn = text
    return `${first}${home}${`${text}${stamp}\n`.replaceAll('\n', `${clearRight}\n`)}${clearBelow}`
  }

  return {
    draw(report) {
      latest = report
      if (json) return errorsJson(report, limit, watching ? 'line' : 'document')
      return drawText(report)
    },
    estimate: () => (errors.plan === null ? '' : estimateText(errors.plan)),
    header: terminal =>
      readingHeader({...plannedRead(errors.plan), window: windowText, scopes, logGroups: errors.groups}, terminal),
    receipt: (receipt, terminal) =>
      receipt === null ? '' : json ? receiptJson(receipt, scopes) : receiptText(receipt, scopes, terminal),
    reading: now => readingState(errors, now),
    kept: format =>
      latest === null ? '' : format === 'json' ? errorsJson(latest, limit) : errorsMarkdown(latest, limit),
  }
}

/** As many kinds as there is room for: what is drawn anew must not scroll. The last row is the cursor's, the one before the time's. */
function fitting(textOf: (limit: number) => string, most: number, {columns, rows = rowsByDefault}: Terminal): string {
  for (let limit = Math.min(most, rows); limit > 1; limit--) {
    const text = textOf(limit)
    if (rowsIn(text, columns) <= rows - 2) return text
  }
  return textOf(1)
}

function rowsIn(text: string, columns: number): number {
  return stripVTControlCharacters(text.trimEnd())
    .split('\n')
    .reduce((rows, line) => rows + Math.max(1, Math.ceil(width(line) / columns)), 0)
}

/** What makes a report worth printing again: kinds, how each goes, and how many there are of each. */
function newsOf({clusters}: ErrorsReport): string {
  return clusters.map(({fingerprint, trend, count}) => `${fingerprint} ${trend} ${count}`).join('\n')
}
