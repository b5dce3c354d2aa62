import type {LogEvent} from '../services/logs/log-event.ts'
import type {Trace, TraceNode} from '../services/traces/trace.ts'
import type {TraceReport} from '../services/traces/trace-report.ts'
import {type Palette, paletteFor} from './palette.ts'
import {type Line, paint, span, wrapLine} from './spans.ts'
import {spanDetail} from './trace-detail.ts'
import {criticalLine} from './trace-footer.ts'
import {eventsOf, linesOf, logDrawer} from './trace-logs.ts'
import {functionNameOf} from './trace-names.ts'
import type {TraceRow} from './trace-row.ts'
import {helpHang, helpLines} from './trace-view-footer.ts'
import type {ViewOptions} from './trace-view-frame.ts'
import type {Pane, Stop} from './trace-view-state.ts'

/** What is shown below the tree. */
type PaneContent = {
  /** `payments.example`, `log of checkout-api, around payments.example` */
  readonly title: string
  /** painted and wrapped */
  readonly lines: readonly string[]
}

export function paneContent(
  pane: Pane,
  stop: Stop | undefined,
  trace: Trace,
  report: TraceReport,
  options: ViewOptions,
): PaneContent {
  const {columns} = options.terminal
  const palette = paletteFor(options.terminal)
  const painted = (lines: readonly Line[], hang = 0): readonly string[] =>
    lines.flatMap(line =>
      wrapLine(line, columns, columns - hang).map((row, i) => ' '.repeat(i === 0 ? 0 : hang) + paint(row, palette)),
    )
  if (pane === 'help')
    return {title: 'keys and marks', lines: painted(helpLines(options.terminal), columns < 2 * helpHang ? 0 : helpHang)}
  const title = span(stop?.row?.name.text ?? stop?.link?.id ?? '').text
  if (!stop?.row) return {title, lines: painted([[span('enter or t opens this trace', 'dim')]])}
  if (pane === 'logs') return logContent(stop.row, title, trace, report, options, palette)
  const path = criticalLine(trace, columns, options.terminal)
  const lines = painted([
    ...stop.row.nodes.flatMap((node, i) => [...(i > 0 ? [[span('')]] : []), ...spanDetail(node, trace, options)]),
    ...(stop.row.nodes.length === 0 ? [[span('Lambda fetched the code and made a sandbox', 'dim')]] : []),
    ...(stop.row.depth === 0 && path ? [[span('')], path] : []),
  ])
  return {title, lines}
}

function logContent(
  row: TraceRow,
  name: string,
  trace: Trace,
  report: TraceReport,
  {terminal, clock, reader}: ViewOptions,
  palette: Palette,
): PaneContent {
  const {events, writer} = nearestLines(row, trace, report)
  const from = writer ? span(functionNameOf(writer)).text : ''
  const title = from === '' ? `log of ${name}` : `log of ${from}, around ${name}`
  if (events.length === 0) return {title, lines: [palette.tone('dim', 'no log lines were found for it')]}
  return {title, lines: logDrawer({terminal, clock}, reader, palette)(events, '').trimEnd().split('\n')}
}

/** The node of a function, where the lines are those of one around what was asked for: null where they are its own. */
type Lines = {readonly events: readonly LogEvent[]; readonly writer: TraceNode | null}

const nothing: Lines = {events: [], writer: null}

/** The lines of the functions that the row stands for; where it is no function, of the nearest one above it. */
function nearestLines(row: TraceRow, trace: Trace, report: TraceReport): Lines {
  const own = eventsOf(row, trace.id, report)
  if (own.length > 0) return {events: own, writer: null}
  const byId = new Map(trace.nodes.map(node => [node.id, node]))
  for (let node = row.nodes[0]; node; node = byId.get(node.parentId ?? '')) {
    const events = linesOf(report, trace.id, node.id)
    if (events.length > 0) return {events, writer: node}
  }
  return nothing
}
