import type {ZoneClock} from '../services/time/zone-clock.ts'
import type {Trace} from '../services/traces/trace.ts'
import type {TraceReport} from '../services/traces/trace-report.ts'
import {cutAtEnd, padEnd, width} from './columns.ts'
import type {MessageReader} from './message-lines.ts'
import {type Palette, paletteFor} from './palette.ts'
import {type Line, lineWidth, paint, plainText, span, wrapLine} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'
import {axisText} from './trace-bars.ts'
import {headerLine} from './trace-header.ts'
import {failureTone, type HuedLine, layoutOf, paintHued, type RowLayout, railsBelow, rowLine} from './trace-line.ts'
import {linkLine} from './trace-links.ts'
import type {TraceRow} from './trace-row.ts'
import {footerLine} from './trace-view-footer.ts'
import {paneContent} from './trace-view-pane.ts'
import {rowsAtFirst, type Stop, selectedAt, stopsOf, tracedIn, type ViewState} from './trace-view-state.ts'

export type ViewOptions = {
  /** of its size when the view is drawn */
  readonly terminal: Terminal
  readonly rows: number
  readonly clock: Pick<ZoneClock, 'time' | 'date'>
  readonly now: number
  readonly reader: MessageReader
}

/** A full screen, line by line, each painted and at most as wide as the terminal; and how many lines of the tree it has room for. */
export type ViewFrame = {
  readonly lines: readonly string[]
  readonly treeRows: number
  readonly paneRows: number
  /** how far the pane is scrolled: no further than to its end */
  readonly paneTop: number
}

const gutter = 2
// a pane has this share of the screen, and the tree never less than this many rows
const paneShare = 0.5
const leastTree = 3
const fewestRowsForPane = 12

/** By the rows as they are at first, so that bars stay where they are when something is folded. */
export function viewLayout(trace: Trace, report: TraceReport, terminal: Terminal): RowLayout {
  const rows = rowsAtFirst(trace, report, glyphsFor(terminal).lambda)
  return layoutOf(rows, Math.max(8, terminal.columns - gutter), terminal)
}

/** Draws what is seen at a moment: header, axis, tree, pane, keys. */
export function viewFrame(
  state: ViewState,
  report: TraceReport,
  options: ViewOptions,
  layout = viewLayout(tracedIn(state, report), report, options.terminal),
): ViewFrame {
  const {terminal, rows, clock, now} = options
  const {columns} = terminal
  const palette = paletteFor(terminal)
  const glyphs = glyphsFor(terminal)
  const trace = tracedIn(state, report)
  const stops = stopsOf(state, report, glyphs.lambda)
  const at = selectedAt(state, stops)
  const asked = trace === report.trace ? report.asked : {...report.asked, sampled: null}

  const above = [
    cutLine(headerLine({trace, asked}, {terminal, clock, now}), columns, palette),
    ...axisLines(trace, layout, terminal, rows).map(line => palette.tone('dim', line)),
  ]
  const below = [cutLine(footerLine(state, trace, report, terminal), columns, palette)]
  const {title, lines: content} =
    state.pane === null ? {title: '', lines: []} : paneContent(state.pane, stops[at], trace, report, options)
  const free = Math.max(1, rows - above.length - below.length)
  // each has a line at least: what is further away is out of sight, however large the trace is
  const near = Math.max(0, at - free)
  const tree = drawnStops(stops.slice(near, at + free + 1), at - near, trace, layout, options, palette)
  const paneRows = paneRowsOf(content.length, tree.flat().length, free, rows, state.pane === 'help' ? 1 : paneShare)
  const treeRows = free - paneRows
  const top = Math.max(0, content.length - (paneRows - 1))
  const paneTop = Math.min(state.paneTop, top)
  const heading = `${glyphs.rule.repeat(2)} ${title}${partShown(content.length, paneTop, paneRows - 1)} `
  const pane =
    paneRows === 0
      ? []
      : [
          palette.tone('dim', cutAtEnd(heading.padEnd(columns, glyphs.rule), columns, '')),
          ...content.slice(paneTop, paneTop + paneRows - 1),
        ]
  const shown = inSight(tree, at - near, treeRows)
  const filled = [...above, ...shown, ...blank(treeRows - shown.length), ...pane]
  return {lines: [...filled, ...below].slice(0, rows), treeRows, paneRows: Math.max(0, paneRows - 1), paneTop}
}

const blank = (lines: number): readonly string[] => Array.from({length: Math.max(0, lines)}, () => '')

/** As many as it needs, of what the tree leaves or of that share of the screen; none on one that is too small for both. */
function paneRowsOf(content: number, tree: number, free: number, rows: number, share: number): number {
  if (content === 0 || rows < fewestRowsForPane) return 0
  return Math.min(content + 1, Math.max(Math.floor(free * share), free - tree), free - leastTree)
}

const cutLine = (line: Line, columns: number, palette: Palette): string =>
  paint(wrapLine(line, columns, columns)[0] ?? [], palette)

/** Ticks above the bars, and which trace it is: left of them where it has room, else in a line of its own where that has. */
function axisLines(
  {id, durationMs}: Trace,
  {tree, duration, self, sign, mark, bars}: RowLayout,
  {columns, unicode}: Terminal,
  rows: number,
): readonly string[] {
  const before = gutter + tree + 1 + duration + self + (self > 0 ? 2 : 0) + sign + mark + 2
  const ticks = bars === 0 ? '' : axisText(durationMs, bars, unicode)
  const name = span(id).text
  if (ticks === '' || width(name) < before) return [`${padEnd(cutAtEnd(name, columns, ''), before)}${ticks}`.trimEnd()]
  const axis = `${' '.repeat(before)}${ticks}`
  return rows < fewestRowsForPane || width(name) > columns ? [axis] : [name, axis]
}

/** The lines of each stop: a row may have what went wrong below it. */
function drawnStops(
  stops: readonly Stop[],
  at: number,
  trace: Trace,
  layout: RowLayout,
  {terminal}: ViewOptions,
  palette: Palette,
): readonly (readonly string[])[] {
  const glyphs = glyphsFor(terminal)
  const columns = Math.max(8, terminal.columns - gutter)
  const scale = {from: 0, to: trace.durationMs}
  const here = `${terminal.unicode ? '▸' : '>'} `
  return stops.map((stop, i) => {
    const isHere = i === at
    if (stop.link) {
      const rows = wrapLine(linkLine(stop.link, {linked: []}, terminal), columns, columns - gutter)
      return rows.map((row, nth) => (nth === 0 ? standing(row, null, isHere) : `    ${paint(row, palette)}`))
    }
    const {line, hued} = rowLine(stop.row, layout, scale, columns, terminal)
    const next = stops[i + 1]?.row
    const rails = railsBelow(stop.row, next != null && next.depth > stop.row.depth, layout.tree, glyphs)
    return [
      standing(line, hued, isHere),
      ...stop.row.messages.slice(0, 1).map(message => messageLine(message, rails, stop.row, columns, palette)),
    ]
  })

  /** The row one stands on is marked at its left, and inverse up to its bars where there are colours. */
  function standing(line: Line, hued: HuedLine['hued'], isHere: boolean): string {
    const painted = (part: Line): string => paintHued({line: part, hued}, columns, palette).slice(0, -1)
    if (!isHere || line.length < 3 || lineWidth(line) > columns) return `${isHere ? here : '  '}${painted(line)}`
    const words = line.slice(0, -1)
    const gap = ' '.repeat(lineWidth(words) - lineWidth([span(plainText(words).trimEnd())]))
    const bars = painted([...words.map(() => span('')), ...line.slice(-1)])
    return palette.selected(here + painted(words) + gap) + bars
  }
}

function messageLine(message: string, rails: string, row: TraceRow, columns: number, palette: Palette): string {
  const line: Line = [span(`  ${rails}  `, 'dim'), span(message, failureTone(row))]
  return cutLine(line, columns + gutter, palette)
}

/** As many lines as there is room for, with the selected stop among them and some before it. */
function inSight(tree: readonly (readonly string[])[], at: number, room: number): readonly string[] {
  const lines = tree.flat()
  const first = tree.slice(0, at).reduce((sum, drawn) => sum + drawn.length, 0)
  const last = first + (tree[at]?.length ?? 1)
  const top = Math.min(Math.max(0, lines.length - room), Math.max(0, Math.floor((first + last - room) / 2)))
  return lines.slice(top, top + room)
}

const partShown = (lines: number, top: number, room: number): string =>
  lines > room ? ` (${top + 1}–${Math.min(lines, top + room)} of ${lines}, J K scroll)` : ''
