import type {LogEvent} from '../services/logs/log-event.ts'
import type {TraceDiff} from '../services/traces/diff-traces.ts'
import type {Span} from '../services/traces/span.ts'
import type {Trace, TraceNode} from '../services/traces/trace.ts'
import type {LinkedTrace, TraceReport} from '../services/traces/trace-report.ts'
import {isoClock} from './iso-clock.ts'
import {logJsonLines} from './json-lines.ts'
import {microseconds} from './numbers.ts'
import {reportJson} from './report-json.ts'
import {traceDiffJson} from './trace-diff-json.ts'
import {linesOf, versionBy} from './trace-logs.ts'
import {functionNameOf, isFunction, qualifierOf} from './trace-names.ts'

/**
 * A trace as `slsops/trace@1`; with what it is compared with as `diff`. Nothing is folded or shortened.
 * @param areLogsWanted each function's node then has the lines it wrote as `logs`
 */
export function traceJson(report: TraceReport, diff: TraceDiff | null, areLogsWanted = false): string {
  const {asked, trace, linked, notes, coverage} = report
  const draw = {report, areLogsWanted, iso: isoClock(), logLine: logJsonLines()}
  const body = {
    asked: {text: asked.text, traceId: asked.traceId, requestId: asked.requestId, sampled: asked.sampled},
    ...traceBody(trace, draw),
    linked: linked.map(link => linkedJson(link, draw)),
    notes,
    ...(diff && {diff: traceDiffJson(diff)}),
  }
  return reportJson('trace', coverage, body)
}

type Drawing = {
  readonly report: TraceReport
  readonly areLogsWanted: boolean
  readonly iso: (ms: number) => string
  readonly logLine: (event: LogEvent) => string
}

function traceBody(trace: Trace, draw: Drawing) {
  const {id, source, start, end, durationMs, isPartial, nodes, links, coldStarts, warnings} = trace
  return {
    id,
    source,
    start: draw.iso(start),
    end: draw.iso(end),
    durationMs,
    partial: isPartial,
    nodes: nodes.map(node => nodeJson(node, trace, draw)),
    links: links.map(link => ({...link, ...linkTimes(link, draw)})),
    coldStarts: coldStarts.map(({isDetached, ...start}) => ({...start, detached: isDetached})),
    warnings,
  }
}

function linkTimes({dwellEnd, receivedEnd}: Trace['links'][number], {iso}: Drawing) {
  return {
    dwellEnd: dwellEnd === null ? null : iso(dwellEnd),
    receivedEnd: receivedEnd === null ? null : iso(receivedEnd),
  }
}

function linkedJson(link: LinkedTrace, draw: Drawing) {
  const {trace, dwellMs, delivery, ...rest} = link
  return {
    ...rest,
    delivery: delivery ?? null,
    dwellMs: dwellMs === null ? null : microseconds(dwellMs),
    trace: trace && traceBody(trace, draw),
  }
}

function nodeJson(node: TraceNode, trace: Trace, draw: Drawing) {
  const {id, parentId, role, span, durationMs, selfMs, isInProgress, isCutOff, criticalMs, detached, isOrphan} = node
  const version = versionBy(draw.report, trace.id)(node) ?? qualifierOf(node)
  return {
    id,
    parentId,
    spanId: span.id,
    name: span.name,
    origin: span.origin,
    namespace: span.namespace,
    kind: span.kind,
    role,
    start: draw.iso(span.start),
    end: span.end === null ? null : draw.iso(span.end),
    offsetMs: microseconds(span.start - trace.start),
    durationMs,
    selfMs,
    onCriticalPath: criticalMs !== null,
    criticalMs,
    status: span.status,
    cause: node.cause,
    inProgress: isInProgress,
    cutOff: isCutOff,
    orphan: isOrphan,
    detached,
    account: span.account,
    region: span.region,
    function: isFunction(node) ? functionNameOf(node) : null,
    functionArn: span.functionArn,
    version: isFunction(node) ? version : null,
    requestId: span.requestId,
    logGroup: span.logGroup,
    ...calledJson(span),
    annotations: span.annotations,
    metadata: span.metadata ?? null,
    user: span.user,
    ...(draw.areLogsWanted && isFunction(node) && {logs: logsJson(linesOf(draw.report, trace.id, id), draw)}),
  }
}

function calledJson({http, operation, resource, resourceArn, retries}: Span) {
  return {http, operation, resource, resourceArn, retries}
}

/** As `slsops/log@1` objects: the line of each as it is written everywhere, read back. */
function logsJson(events: readonly LogEvent[], {logLine}: Drawing): readonly unknown[] {
  return events.map(event => JSON.parse(logLine(event)))
}
