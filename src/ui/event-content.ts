import type {LogEvent} from '../services/logs/log-event.ts'
import {shorten} from './columns.ts'
import {type MessageReader, messageLines} from './message-lines.ts'
import {endingOf, reportLine, startFailure} from './outcome.ts'
import {dimmed, joined, type Line, type Span, span} from './spans.ts'
import type {Glyphs, Terminal} from './terminal.ts'

/** The lines of an event; an outcome is a report folded, and stands where other events have their level. */
export type Content = {readonly lines: readonly Line[]; readonly isOutcome: boolean}

/** What there is to say about an event: null for what only frames an invocation. */
export function eventContent(
  event: LogEvent,
  glyphs: Glyphs,
  reader: MessageReader,
  terminal: Terminal,
): Content | null {
  switch (event.kind) {
    case 'start':
    case 'end':
      return null
    case 'init':
    case 'restore': {
      const failure = startFailure(event, reader.parseJson)
      return (
        failure && {lines: [[span(`${glyphs.fail} `, 'bad'), ...joined(failure, ` ${glyphs.dot} `)]], isOutcome: true}
      )
    }
    case 'report': {
      if (!event.report || !event.outcome) break
      const ending = endingOf(event.outcome, event.report, glyphs)
      const id = ending.failed ? requestId(event.requestId, terminal, glyphs) : []
      return {lines: [reportLine(event.report, ending, glyphs, id)], isOutcome: true}
    }
    case 'extension':
      return {lines: messageLines(event, glyphs, reader).map(dimmed), isOutcome: false}
  }
  return {lines: messageLines(event, glyphs, reader), isOutcome: false}
}

/** The request id of a failed invocation, whole where there is room for it: it is what `slsops trace` takes. */
function requestId(requestId: string | null, {isTTY, columns}: Terminal, glyphs: Glyphs): Span[] {
  if (requestId === null) return []
  return [span(`req ${isTTY && columns < 120 ? shorten(requestId, 9, glyphs.ellipsis) : requestId}`, 'dim')]
}
