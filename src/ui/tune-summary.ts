import type {Recommendation, TuneReport} from '../services/tuning/tune-report.ts'
import {padEnd, shorten, width} from './columns.ts'
import {count, counted, usd} from './numbers.ts'
import {printableName} from './printable.ts'
import {type Line, span} from './spans.ts'
import {type Glyphs, glyphsFor, type Terminal} from './terminal.ts'
import {
  endingWords,
  isCurrent,
  isOfSeveralArchitectures,
  isWholeEnding,
  signedPercent,
  sureText,
  targetText,
  wasBegun,
} from './tune-words.ts'

/** What came out for one function of several. */
export type TuneSummaryRow = {
  readonly name: string
  /** `512 → 1,769 MB`, or that nothing is known */
  readonly change: string
  /** `−6 % cost, −73 % time`; '' where that is not known */
  readonly effect: string
  /** `97 % sure`, or why it ended before that */
  readonly sure: string
  readonly isSettled: boolean
}

/** A row for each function, in the order in which they were tuned. */
export const tuneSummary = (
  reports: readonly TuneReport[],
  glyphs: Pick<Glyphs, 'arrow' | 'minus'>,
): readonly TuneSummaryRow[] => reports.map(report => rowOf(report, glyphs))

function rowOf(report: TuneReport, {arrow, minus}: Pick<Glyphs, 'arrow' | 'minus'>): TuneSummaryRow {
  const {plan, recommendation, ending, sizes} = report
  const {memorySizeMB} = plan.source
  const name = targetText(plan)
  const isSettled = isWholeEnding(ending) && recommendation !== null
  if (recommendation === null)
    return {
      name,
      change: `${count(memorySizeMB)} MB, not known`,
      effect: '',
      sure: !wasBegun(report)
        ? 'not begun'
        : report.nearestMiss === undefined
          ? endingWords[ending]
          : 'no size meets the latency objective',
      isSettled,
    }
  const {againstCurrent: against} = recommendation
  const arch = isOfSeveralArchitectures(sizes) ? ` ${recommendation.architecture}` : ''
  const isSame = isCurrent(recommendation, plan)
  return {
    name,
    change: isSame
      ? `${count(memorySizeMB)} MB, as it is`
      : `${count(memorySizeMB)} ${arrow} ${count(recommendation.memorySizeMB)} MB${arch}`,
    effect:
      isSame || against === null
        ? ''
        : `${signedPercent(against.cost.share, minus)} cost, ${signedPercent(against.duration.share, minus)} time`,
    sure: sureOf(recommendation, report),
    isSettled,
  }
}

function sureOf(recommendation: Recommendation, {ending, plan}: TuneReport): string {
  const sure = sureText(recommendation, plan)
  if (sure === '') return endingWords[ending]
  return isWholeEnding(ending) ? sure : `not settled: ${sure}`
}

/** What several functions took together: `92 calls, $0.0042`. */
export const tuneTotalText = (reports: readonly TuneReport[]): string => {
  const sum = (of: (report: TuneReport) => number): number => reports.reduce((all, report) => all + of(report), 0)
  return `${counted(reports.length, 'function')}, ${counted(
    sum(({spent}) => spent.invocations),
    'call',
  )}, ${usd(sum(({spent}) => spent.costUSD))}`
}

const mostName = 40

/** The summary of several functions: a row each, and what they took together. */
export function tuneSummaryLines(reports: readonly TuneReport[], terminal: Terminal): readonly Line[] {
  const glyphs = glyphsFor(terminal)
  const rows = tuneSummary(reports, glyphs).map(row => ({
    ...row,
    name: shorten(printableName(row.name), mostName, glyphs.ellipsis),
  }))
  const columns = (of: (row: TuneSummaryRow) => string): number => Math.max(0, ...rows.map(row => width(of(row))))
  const [names, changes, effects] = [columns(row => row.name), columns(row => row.change), columns(row => row.effect)]
  return [
    ...rows.map(
      ({name, change, effect, sure, isSettled}): Line => [
        span(padEnd(name, names), 'strong'),
        span(`  ${padEnd(change, changes)}`),
        ...(effects === 0 ? [] : [span(`  ${padEnd(effect, effects)}`)]),
        span(`  ${sure}`, isSettled ? 'dim' : 'look'),
      ],
    ),
    [span(tuneTotalText(reports), 'dim')],
  ]
}
