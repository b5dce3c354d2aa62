import type {ErrorsReport, OpenedErrors} from '../services/errors/errors-report.ts'
import type {Receipt} from '../services/receipt.ts'
import type {ZoneClock} from '../services/time/zone-clock.ts'
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
  kept(form: 'json' | 'md'): string
}

const shownByDefault = 20
// what is drawn anew has to fit on a screen of 24 rows
const shownWhileWatching = 9
const home = '\u001b[H'
const clearAll = '\u001b[2J'
const clearRight = '\u001b[K'
const clearBelow = '\u001b[J'

export function errorScreen(options: ErrorsScreenOptions): ErrorsScreen {
  const {errors, json, terminal, clock, windowText, limit, refreshMs} = options
  const {scopes} = errors
  const watching = refreshMs !== null
  const textLimit = limit ?? (watching && terminal.isTTY ? shownWhileWatching : shownByDefault)
  const redraws = watching && terminal.isTTY && terminal.unicode
  let latest: ErrorsReport | null = null
  let drawn: string | null = null

  const drawText = (report: ErrorsReport): string => {
    const text = errorsText(report, {terminal, clock, limit: textLimit})
    if (!watching) return text
    const stamp = clock.time(report.coverage.window.end ?? errors.openedAt).slice(0, 8)
    if (!redraws) {
      const news = newsOf(report)
      if (news === drawn) return ''
      const again = drawn === null ? '' : `\n${stamp}\n`
      drawn = news
      return again + text
    }
    const first = drawn === null ? clearAll : ''
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
    kept: form => (latest === null ? '' : form === 'json' ? errorsJson(latest, limit) : errorsMarkdown(latest, limit)),
  }
}

/** What makes a report worth printing again: kinds, how each goes, and how many there are of each. */
function newsOf({clusters}: ErrorsReport): string {
  return clusters.map(({fingerprint, trend, count}) => `${fingerprint} ${trend} ${count}`).join('\n')
}
