import type {TraceGroup} from '../services/traces/group-traces.ts'
import type {ListedTrace} from '../services/traces/trace-summary.ts'
import type {TracesReport} from '../services/traces/traces-report.ts'
import {isoClock} from './iso-clock.ts'
import {reportJson} from './report-json.ts'

/** The report as one `slsops/traces@1` document. */
export function tracesJson(report: TracesReport): string {
  const {coverage, traces, hasMore, since, groups, scanned, matched, costUSD, notes} = report
  const iso = isoClock()
  return reportJson('traces', coverage, {
    scanned,
    matched,
    hasMore,
    since: since === null ? null : iso(since),
    costUSD,
    ...(groups && {by: groups.by, groups: groups.groups.map(group => groupObject(group, iso))}),
    traces: traces.map(trace => traceObject(trace, iso)),
    notes,
  })
}

/** A trace a line. */
export function tracesNdjson({traces}: TracesReport): string {
  const iso = isoClock()
  return traces.map(trace => `${JSON.stringify(traceObject(trace, iso))}\n`).join('')
}

function traceObject(trace: ListedTrace, iso: (ms: number) => string) {
  const {start, id, revision: _, durationMs, responseTimeMs, outcome, server: _server, cause: _cause, ...told} = trace
  const time = start === null ? null : iso(start)
  const services = told.services.map(({name, type, account}) => ({name, type, account}))
  // names keep their order: what is told of services stands where they do
  return {id, start: time, durationMs, responseTimeMs, outcome, ...told, services}
}

function groupObject({health: _, firstSeen, lastSeen, ...told}: TraceGroup, iso: (ms: number) => string) {
  return {
    ...told,
    firstSeen: firstSeen === null ? null : iso(firstSeen),
    lastSeen: lastSeen === null ? null : iso(lastSeen),
  }
}
