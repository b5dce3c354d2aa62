import type {Trace} from '../services/traces/trace.ts'
import type {TraceReport} from '../services/traces/trace-report.ts'
import {cutAtEnd} from './columns.ts'
import {type Line, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'
import {isFunction} from './trace-names.ts'

/** What a trace was marked with, outermost first: annotations by key, then who it was for. */
export function marksOf({nodes}: Trace): ReadonlyMap<string, string> {
  const marks = new Map<string, string>()
  for (const {span} of nodes) {
    for (const [key, value] of Object.entries(span.annotations)) if (!marks.has(key)) marks.set(key, String(value))
  }
  const user = nodes.find(({span}) => span.user !== null)?.span.user
  if (user != null && !marks.has('user')) marks.set('user', user)
  return marks
}

const mostMarks = 8
const longestMark = 60

/** `order=ord_8c1 tier=gold user=cus_77`, or null where nothing was marked. */
export function marksLine(trace: Trace, terminal: Pick<Terminal, 'unicode'>): Line | null {
  const {ellipsis} = glyphsFor(terminal)
  const marks = Array.from(marksOf(trace), ([key, value]) =>
    cutAtEnd(span(`${key}=${value}`).text, longestMark, ellipsis),
  )
  if (marks.length === 0) return null
  const more = marks.length > mostMarks ? [`+${marks.length - mostMarks}`] : []
  return [span([...marks.slice(0, mostMarks), ...more].join(' '), 'dim')]
}

/** The request that was asked for, where the trace has executions of others, too; null where there is nothing to tell apart. */
export function askedFor({asked}: Pick<TraceReport, 'asked'>, {nodes}: Trace): string | null {
  const requestId = asked.requestId?.toLowerCase()
  const requests = new Set(nodes.filter(isFunction).map(({span}) => span.requestId?.toLowerCase()))
  return requestId !== undefined && requests.size > 1 && requests.has(requestId) ? requestId : null
}
