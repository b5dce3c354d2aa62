import type {ZoneClock} from '../services/time/zone-clock.ts'
import type {Trace, TraceNode} from '../services/traces/trace.ts'
import type {LinkedTrace, TraceReport} from '../services/traces/trace-report.ts'
import {cutAtEnd} from './columns.ts'
import {paintedRows} from './layout.ts'
import type {MessageReader} from './message-lines.ts'
import {count, counted} from './numbers.ts'
import {type Palette, paletteFor, type Tone} from './palette.ts'
import {type Line, paint, span, wrapLine} from './spans.ts'
import {drawingColumns, type Glyphs, glyphsFor, type Terminal} from './terminal.ts'
import {axisText} from './trace-bars.ts'
import {askedFor, marksLine} from './trace-facts.ts'
import {criticalLine, noteLines, sourceLine} from './trace-footer.ts'
import {headerLine} from './trace-header.ts'
import {failureTone, layoutOf, paintHued, type RowLayout, railsBelow, rowLine} from './trace-line.ts'
import {linkLine, openLinks} from './trace-links.ts'
import {eventsOf, linesOf, logDrawer, versionBy} from './trace-logs.ts'
import {isFailed} from './trace-messages.ts'
import type {TraceRow} from './trace-row.ts'
import {type TraceRows, traceRows} from './trace-rows.ts'

export type TraceClock = Pick<ZoneClock, 'time' | 'date'> & Partial<Pick<ZoneClock, 'offset'>>

export type TraceTextOptions = {
  readonly terminal: Terminal
  readonly clock: TraceClock
  /** log lines below the span they belong to; else only how many there are */
  readonly logs: boolean
  /** every span has a row of its own, identical siblings too */
  readonly unfolded: boolean
  readonly reader: MessageReader
  /** epoch ms: a trace of the same day needs no date; null where it is not known when it is read */
  readonly now: number | null
  /** a zone was asked for: then it is said, though it be today */
  readonly isZoneGiven?: boolean
}

// more is no picture any more
const mostRowsOnTerminal = 120
const mostMessageRows = 3

type Drawing = TraceTextOptions & {readonly palette: Palette; readonly glyphs: Glyphs; readonly columns: number}

/** A trace as a waterfall: a header, one row a span with its bar, what it is linked with, and what took the time. */
export function traceText(report: TraceReport, options: TraceTextOptions): string {
  const {terminal} = options
  const columns = drawingColumns(terminal)
  const drawing = {...options, columns, palette: paletteFor(terminal), glyphs: glyphsFor(terminal)}
  const {trace, linked} = report
  const lines = (some: readonly (Line | null)[], separator = ` ${drawing.glyphs.dot} `): string =>
    paintedRows(
      some.filter(line => line !== null),
      terminal,
      separator,
    )
  const linkText = (link: LinkedTrace): string => linkedText(link, report, drawing)
  const rows = rowsOf(trace, report, drawing)
  return (
    lines([headerLine(report, options), marksLine(trace, terminal), ...bannerLines(trace, rows, drawing)]) +
    linked
      .filter(({reference}) => reference === 'parent')
      .map(linkText)
      .join('') +
    waterfall(trace, rows, report, drawing) +
    linked
      .filter(({reference}) => reference === 'child')
      .map(linkText)
      .join('') +
    lines(openLinks(report, terminal)) +
    lines([criticalLine(trace, columns, terminal)]) +
    lines(noteLines(report, terminal), ' ') +
    lines([sourceLine(report, options.logs, terminal)])
  )
}

/** What somebody has to know before they believe the picture. */
function bannerLines(trace: Trace, {rows, orphans, cut}: TraceRows, {glyphs}: Drawing): readonly Line[] {
  const shown = rows.length + orphans.length
  const isCompact = [...rows, ...orphans].some(({hidden}) => hidden > 0)
  return [
    ...(trace.warnings.some(({code}) => code === 'limit-exceeded')
      ? [[span(`${glyphs.warn} trace truncated by X-Ray: it keeps only so much of one, the rest is lost`, 'look')]]
      : []),
    ...(isCompact || cut > 0
      ? [[span(`${counted(trace.nodes.length, 'span')} in ${counted(shown, 'row')}: --unfold shows each`, 'dim')]]
      : []),
  ]
}

function rowsOf(trace: Trace, report: TraceReport, {unfolded, logs, terminal, glyphs}: Drawing): TraceRows {
  const hasLines = ({id}: TraceNode): boolean => linesOf(report, trace.id, id).length > 0
  return traceRows(trace, {
    unfolded,
    // whoever asked for lines gets them all
    mostRows: terminal.isTTY && !logs ? mostRowsOnTerminal : null,
    ...(logs && {isApart: hasLines}),
    lambda: glyphs.lambda,
    versionOf: versionBy(report, trace.id),
    askedFor: askedFor(report, trace),
  })
}

/** A linked trace as one line, and as a waterfall on an axis of its own where something went wrong in it or all is asked for. */
function linkedText(link: LinkedTrace, report: TraceReport, drawing: Drawing): string {
  const line = paintedRows([linkLine(link, report, drawing.terminal)], drawing.terminal)
  const {trace} = link
  const isNews = trace?.roots.some(node => isFailed(node) || node.isInProgress)
  if (!trace || !(isNews || drawing.unfolded || drawing.logs) || link.reference === 'parent') return line
  return line + waterfall(trace, rowsOf(trace, report, drawing), report, drawing)
}

function waterfall(trace: Trace, {rows, orphans, cut}: TraceRows, report: TraceReport, drawing: Drawing): string {
  const {terminal, palette, columns, glyphs} = drawing
  const all = [...rows, ...orphans]
  if (all.length === 0) return ''
  const layout = layoutOf(all, columns, terminal)
  const draw = rowDrawer(trace, layout, report, drawing)
  const heading = `detached: ${orphans.length === 1 ? 'its parent is' : 'their parents are'} not in the trace`
  return (
    axis(trace, layout, drawing) +
    rows.map((row, i) => draw(row, rows[i + 1])).join('') +
    (orphans.length === 0 ? '' : `${paint([span(cutAtEnd(heading, columns, glyphs.ellipsis), 'look')], palette)}\n`) +
    orphans.map((row, i) => draw(row, orphans[i + 1])).join('') +
    (cut === 0 ? '' : `${paint([span(`${glyphs.ellipsis} ${count(cut)} more rows`, 'look')], palette)}\n`)
  )
}

function axis(
  {durationMs}: Trace,
  {tree, duration, self, sign, mark, bars}: RowLayout,
  {terminal, palette}: Drawing,
): string {
  const ticks = bars === 0 ? '' : axisText(durationMs, bars, terminal.unicode)
  const heads = self === 0 ? '' : 'self'.padStart(self + 2)
  const before = `${' '.repeat(tree + 1 + duration)}${heads}${' '.repeat(sign + mark + 2)}`
  const line = ticks === '' && heads === '' ? '' : `${before}${ticks}`.trimEnd()
  return line === '' ? '' : `${palette.tone('dim', line)}\n`
}

/** Draws a row with what stands below it: what went wrong, and the lines it wrote. */
function rowDrawer(
  trace: Trace,
  layout: RowLayout,
  report: TraceReport,
  drawing: Drawing,
): (row: TraceRow, next: TraceRow | undefined) => string {
  const {terminal, palette, columns, glyphs, logs, reader} = drawing
  const scale = {from: 0, to: trace.durationMs}
  const drawLogs = logs ? logDrawer({...drawing, terminal: {...terminal, columns}}, reader, palette) : null
  return (row, next) => {
    const rails = railsBelow(row, next !== undefined && next.depth > row.depth, layout.tree, glyphs)
    const messages = row.messages.flatMap(message => messageRows(message, rails, failureTone(row), drawing))
    return (
      paintHued(rowLine(row, layout, scale, columns, terminal), columns, palette) +
      messages
        .map(line => paintHued({line, hued: null}, terminal.isTTY ? columns : Number.POSITIVE_INFINITY, palette))
        .join('') +
      (drawLogs?.(eventsOf(row, trace.id, report), rails) ?? '')
    )
  }
}

function messageRows(
  message: string,
  rails: string,
  tone: Tone,
  {terminal, columns, glyphs}: Drawing,
): readonly Line[] {
  const line = [span(message, tone)]
  const left = span(`${rails}  `.slice(0, Math.max(0, columns - 12)), 'dim')
  if (!terminal.isTTY) return [[left, ...line]]
  const room = Math.max(4, columns - left.text.length)
  const rows = wrapLine(line, room, room - 2)
  const shown = rows.slice(0, mostMessageRows)
  return shown.map((row, i) => [
    left,
    span(i === 0 ? '' : '  '),
    ...row,
    span(i === shown.length - 1 && rows.length > shown.length ? glyphs.ellipsis : ''),
  ])
}
