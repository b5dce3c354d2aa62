import type {FunctionVerdict, UnusedReport} from '../services/fleet/unused/unused-report.ts'
import type {Verdict} from '../services/fleet/unused/verdict.ts'
import type {Waste} from '../services/fleet/unused/waste.ts'
import type {ZoneClock} from '../services/time/zone-clock.ts'
import {padEnd, shorten, width} from './columns.ts'
import {paintedRows} from './layout.ts'
import {nextLine} from './next-command.ts'
import {count} from './numbers.ts'
import {paletteFor, type Tone} from './palette.ts'
import {printableName} from './printable.ts'
import {placeAmong} from './scope-label.ts'
import {joined, type Line, paint, span, wrapLine} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'
import {nextUnusedCommand} from './unused-next.ts'
import {priceText, totalUSD, wasteByKind, wasteKindText, wasteTotalText, wasteUnreadText} from './unused-waste.ts'
import {evidenceWords} from './unused-words.ts'

export type UnusedTextOptions = {
  readonly terminal: Terminal
  readonly clock: Pick<ZoneClock, 'time' | 'date'>
  /** active functions too, and all that is wasted */
  readonly isAll: boolean
}

/** the longest verdict, and what stands between columns */
const verdictColumns = 8
const gap = 2
const widestName = 40
/** below, the evidence goes onto a row of its own */
const columnsForOneRow = 64
/** a screen of one verdict is enough to see what it is about */
const mostOfVerdict = 50
const mostWaste = 200

const tones: Readonly<Record<Verdict, Tone>> = {
  broken: 'bad',
  inactive: 'bad',
  unknown: 'look',
  unused: 'plain',
  dormant: 'dim',
  new: 'dim',
  active: 'good',
}
/** what matters most on call first */
const verdicts = Object.keys(tones) as readonly Verdict[]

/** Functions by verdict, what matters most on call first; then the waste, a sum, and what to do next: piece by piece. */
export function* unusedText(report: UnusedReport, options: UnusedTextOptions): Generator<string> {
  const {terminal, isAll} = options
  const listed = report.functions.filter(({verdict}) => isAll || verdict !== 'active')
  const byVerdict = Map.groupBy(listed, ({verdict}) => verdict)
  const drawing = drawingOf(report, listed, options)
  const palette = paletteFor(terminal)
  const painted = (rows: readonly Line[]): string => rows.map(row => `${paint(row, palette)}\n`).join('')
  for (const verdict of verdicts) {
    const alike = byVerdict.get(verdict) ?? []
    const shown = isAll ? alike : alike.slice(0, mostOfVerdict)
    for (const one of shown) yield painted(functionRows(one, drawing))
    yield painted(moreRow(alike.length - shown.length, verdict))
  }
  const wasted = isAll ? report.waste.slice(0, mostWaste).flatMap(one => wasteRows(one, drawing)) : []
  if (report.known.functions > 0 || report.waste.length > 0)
    yield painted([...labelled('waste', 'look', wasteLine(report, terminal), drawing), ...wasted])
  yield paintedRows([summary(report, terminal)], terminal, ` ${glyphsFor(terminal).dot} `)
  yield nextLine(nextUnusedCommand(report), terminal)
}

type Drawing = UnusedTextOptions & {
  readonly columns: number
  readonly nameColumns: number
  readonly separator: string
  readonly ellipsis: string
  readonly isNarrow: boolean
  readonly window: {readonly start: number; readonly end: number}
  readonly nameOf: (one: FunctionVerdict) => string
}

function drawingOf(
  {coverage, measuredSince}: UnusedReport,
  listed: readonly FunctionVerdict[],
  options: UnusedTextOptions,
): Drawing {
  const {terminal} = options
  const {dot, ellipsis} = glyphsFor(terminal)
  const columns = terminal.isTTY ? terminal.columns : Number.POSITIVE_INFINITY
  const placeOf = placeAmong(coverage.scopes)
  const nameOf = ({fn}: FunctionVerdict): string => printableName([placeOf(fn), fn.name].filter(Boolean).join(' '))
  const isNarrow = columns < columnsForOneRow
  const most = isNarrow ? columns - verdictColumns - gap : Math.min(widestName, Math.floor(columns / 3))
  const widest = listed.reduce((most, one) => Math.max(most, width(nameOf(one))), 0)
  return {
    ...options,
    columns,
    nameColumns: Math.max(1, Math.min(most, widest)),
    separator: ` ${dot} `,
    ellipsis,
    isNarrow,
    window: {start: measuredSince, end: coverage.window.end ?? measuredSince},
    nameOf,
  }
}

/** A verdict, a name, and its evidence: in a column of its own, or below where there is no room beside. */
function functionRows(one: FunctionVerdict, drawing: Drawing): readonly Line[] {
  const {nameColumns, ellipsis, isNarrow, nameOf, window, clock, terminal, separator} = drawing
  const {verdict} = one
  const name = padEnd(shorten(nameOf(one), nameColumns, ellipsis), isNarrow ? 0 : nameColumns)
  const head: Line = [
    span(padEnd(verdict, verdictColumns + gap), tones[verdict]),
    span(
      isNarrow ? name : `${name}${' '.repeat(gap)}`,
      verdict === 'broken' || verdict === 'inactive' ? 'strong' : 'plain',
    ),
  ]
  const words = evidenceWords(one, {window, clock, glyphs: glyphsFor(terminal)})
  const evidence = joined(
    words.map(text => span(text, verdict === 'dormant' || verdict === 'new' || verdict === 'active' ? 'dim' : 'plain')),
    separator,
  )
  return isNarrow
    ? [head, ...hung([], evidence, gap, drawing)]
    : hung(head, evidence, verdictColumns + gap + nameColumns + gap, drawing)
}

/** A line behind what stands at its left, its further rows below each other. */
function hung(head: Line, line: Line, indent: number, {columns, separator}: Drawing): readonly Line[] {
  const room = Math.max(8, columns - indent)
  const rows = columns === Number.POSITIVE_INFINITY ? [line] : wrapLine(line, room, room, separator)
  const blank = [span(' '.repeat(indent))]
  return rows.map((row, i) => [...(i === 0 && head.length > 0 ? head : blank), ...row])
}

const labelled = (label: string, tone: Tone, line: Line, drawing: Drawing): readonly Line[] =>
  hung([span(padEnd(label, verdictColumns + gap), tone)], line, verdictColumns + gap, drawing)

function moreRow(more: number, verdict: Verdict): readonly Line[] {
  if (more <= 0) return []
  return [[span(padEnd('', verdictColumns + gap)), span(`and ${count(more)} more ${verdict}; --all lists them`, 'dim')]]
}

/** What the waste costs a month, by kind; that an idle function costs nothing is said where somebody might think it does. */
function wasteLine(report: UnusedReport, terminal: Terminal): Line {
  const {waste, counts, pricesAsOf} = report
  const {dot} = glyphsFor(terminal)
  const kinds = wasteByKind(report)
  const total = wasteTotalText(report)
  const unread = wasteUnreadText(report)
  const rest = [
    ...(unread === null ? [] : [span(unread, 'look')]),
    ...(counts.unused + counts.dormant > 0 ? [span('idle functions themselves cost nothing', 'dim')] : []),
  ]
  const found = report.wasteUnread < report.known.functions ? [span('none found')] : []
  if (kinds.length === 0) return joined([...found, ...rest], ` ${dot} `)
  const [first = '', ...others] = kinds
  return joined(
    [
      span(total === null ? first : `${total}: ${first}`, totalUSD(waste) > 0 ? 'strong' : 'plain'),
      ...others.map(text => span(text)),
      ...rest,
      span(`list prices of ${pricesAsOf}`, 'dim'),
    ],
    ` ${dot} `,
  )
}

function wasteRows(one: Waste, drawing: Drawing): readonly Line[] {
  const {terminal, separator} = drawing
  const line = joined(
    [
      span(priceText(one), (one.monthlyUSD ?? 0) > 0 ? 'plain' : 'dim'),
      span(wasteKindText(one.kind), 'dim'),
      span(one.what),
      span(terminal.unicode ? one.formula : plainFormula(one.formula), 'dim'),
    ],
    separator,
  )
  return labelled('', 'plain', line, drawing)
}

const plainFormula = (formula: string): string =>
  formula.replaceAll('×', 'x').replaceAll('÷', '/').replaceAll('⁹', '^9').replaceAll('’', "'")

/** How many of each verdict, of how many. */
function summary({counts, known, coverage}: UnusedReport, terminal: Terminal): Line {
  if (known.functions === 0) return [span('no functions', 'dim')]
  const parts = verdicts.flatMap(verdict =>
    counts[verdict] === 0 ? [] : [span(`${count(counts[verdict])} ${verdict}`, tones[verdict])],
  )
  const share = coverage.gaps.length > 0 ? [span('not all of it read', 'look')] : []
  return joined([...parts, ...share], ` ${glyphsFor(terminal).dot} `)
}
