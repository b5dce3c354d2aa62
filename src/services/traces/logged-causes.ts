import type {LogEvent} from '../logs/log-event.ts'
import {causeInLogs} from './cause-in-logs.ts'
import {type Redaction, redactExceptions} from './redact.ts'
import {remade} from './remade-trace.ts'
import type {Trace, TraceNode} from './trace.ts'
import {logsKey} from './trace-report.ts'

/**
 * The trace with what log lines tell of failed executions of which no span says why: a timeout, or a runtime that was killed,
 * leaves nothing in the segment.
 */
export function withLoggedCauses(
  trace: Trace,
  logs: ReadonlyMap<string, readonly LogEvent[]>,
  redaction: Redaction,
): Trace {
  const causes = new Map<TraceNode, TraceNode['cause']>()
  const explained = new Set<TraceNode>()
  // each node is before its children
  for (const node of trace.nodes.toReversed()) {
    if (node.cause !== null || node.children.some(child => explained.has(child))) explained.add(node)
    const events = logs.get(logsKey(trace.id, node.id))
    if (node.span.status === 'ok' || explained.has(node) || !events) continue
    const cause = causeInLogs(events)
    if (cause === null) continue
    causes.set(node, {exceptions: redactExceptions(cause.exceptions, redaction), missingId: null})
    explained.add(node)
  }
  if (causes.size === 0) return trace
  return remade(trace, node => ({...node, cause: causes.get(node) ?? node.cause}))
}
