import type {LogEvent} from '../services/logs/log-event.ts'
import type {TraceReport} from '../services/traces/trace-report.ts'
import {eventRows} from './invocation-block.ts'
import {paintedRows} from './layout.ts'
import type {MessageReader} from './message-lines.ts'
import {endingOf, reportLine} from './outcome.ts'
import type {Palette} from './palette.ts'
import {span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'
import type {TraceRow} from './trace-row.ts'
import type {TraceTextOptions} from './trace-text.ts'

/** The lines that the function of one node wrote; none as well where it is no function. */
export const linesOf = ({logs}: Pick<TraceReport, 'logs'>, traceId: string, nodeId: string): readonly LogEvent[] =>
  logs.get(`${traceId}/${nodeId}`) ?? []

/** The lines that the functions of a row wrote. */
export function eventsOf({nodes, count}: TraceRow, traceId: string, report: TraceReport): readonly LogEvent[] {
  if (count > 1) return []
  return nodes.flatMap(({id}) => linesOf(report, traceId, id))
}

/** The version a function's node ran, by its log stream or the lines it wrote. */
export const versionBy =
  ({logs, versions}: TraceReport, traceId: string) =>
  ({id}: {readonly id: string}): string | null => {
    const key = `${traceId}/${id}`
    return versions?.get(key) ?? logs.get(key)?.find(({version}) => version !== null)?.version ?? null
  }

/** Draws events under a row, each line behind `rails`. */
export function logDrawer(
  {terminal, clock}: Pick<TraceTextOptions, 'clock' | 'terminal'>,
  reader: MessageReader,
  palette: Palette,
): (events: readonly LogEvent[], rails: string) => string {
  const glyphs = glyphsFor(terminal)
  return (events, rails) => {
    const inner: Terminal = {...terminal, columns: Math.max(20, terminal.columns - rails.length)}
    const rowsOf = eventRows({terminal: inner, clock, reader, highlights: []}, palette, glyphs)
    const left = palette.tone('dim', rails)
    const reportOf = ({report, outcome, timestamp}: LogEvent): string | null => {
      if (!report || !outcome) return null
      const line = reportLine(report, endingOf(outcome, report, glyphs), glyphs)
      return paintedRows([[span(`  ${clock.time(timestamp)} `, 'dim'), ...line]], inner, ` ${glyphs.dot} `)
    }
    return events
      .map(event => reportOf(event) ?? rowsOf(event))
      .join('')
      .replace(/^(?=.)/gm, () => left)
  }
}
