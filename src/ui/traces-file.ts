import {stringify} from 'csv-stringify/sync'
import type {TraceGroup, TraceGrouping} from '../services/traces/group-traces.ts'
import type {TraceOutcome} from '../services/traces/trace-outcome.ts'
import type {ListedTrace} from '../services/traces/trace-summary.ts'
import type {TracesReport} from '../services/traces/traces-report.ts'
import {isoClock} from './iso-clock.ts'
import {markdownGaps, markdownRow, markdownText} from './markdown.ts'
import {count, counted, duration} from './numbers.ts'
import {causeText, failedOutcomes, kindSign, outcomeSign, tookText} from './trace-words.ts'

const columns =
  'id start durationMs responseTimeMs outcome fault error throttle method url status entry partial account region services cause users'.split(
    ' ',
  )

const groupColumns =
  'count share failed faults throttled errors handled p50Ms p95Ms maxMs firstSeen lastSeen kind title sampleId'.split(
    ' ',
  )

/** RFC 4180, with a heading; a trace a row, or a group. Of several causes the one that made it fail; several names are parted by semicolons. */
export function tracesCsv({traces, groups}: TracesReport): string {
  const iso = isoClock()
  if (groups) return csv([groupColumns, ...groups.groups.map(group => groupRow(group, iso))])
  const rows = traces.map(trace => [
    trace.id,
    trace.start === null ? null : iso(trace.start),
    trace.durationMs,
    trace.responseTimeMs,
    trace.outcome,
    ...[trace.fault, trace.error, trace.throttle].map(String),
    trace.method,
    trace.url,
    trace.status,
    trace.entry,
    String(trace.partial),
    trace.account,
    trace.region,
    [...new Set(trace.services.map(({name}) => name))].join('; '),
    causeText(trace) ?? '',
    trace.users.join('; '),
  ])
  return csv([columns, ...rows])
}

const csv = (rows: readonly (readonly (string | number | null)[])[]): string =>
  stringify(rows as (string | number | null)[][], {record_delimiter: 'windows', quoted_match: /[\r\n]/})

function groupRow(group: TraceGroup, iso: (ms: number) => string): readonly (string | number | null)[] {
  const {count, share, failed, outcomes, durationMs, firstSeen, lastSeen, kind, title, sampleId} = group
  return [
    ...[count, share, failed],
    ...failedOutcomes.map(outcome => outcomes[outcome]),
    ...[durationMs?.p50 ?? null, durationMs?.p95 ?? null, durationMs?.max ?? null],
    ...[firstSeen, lastSeen].map(ms => (ms === null ? null : iso(ms))),
    ...[kind, title, sampleId],
  ]
}

/** The report for a ticket or a post-mortem, in Markdown. */
export function tracesMarkdown({coverage, traces, groups, since, scanned, notes}: TracesReport): string {
  const iso = isoClock()
  const {window, gaps} = coverage
  const until = window.end === null ? 'now' : iso(window.end)
  const rows = groups
    ? groups.groups.map(group => markdownRow(groupCells(group, groups.by)))
    : traces.map(trace => markdownRow(cellsOf(trace, iso)))
  const columns = groups ? groupHeadings(groups.by) : traceHeadings
  return [
    '# Traces\n\n',
    `${iso(window.start)} to ${until}: ${counted(traces.length, 'trace')} of ${count(scanned)} scanned${since === null ? '' : `, the newest, since ${iso(since)}`}.\n\n`,
    ...(rows.length === 0
      ? []
      : [markdownRow(columns.map(({name}) => name)), markdownRow(columns.map(({align}) => align)), ...rows, '\n']),
    ...markdownGaps(gaps).map(line => `${line}\n`),
    ...notes.map(note => `- ${markdownText(note)}\n`),
  ].join('')
}

const left = (name: string) => ({name, align: '---'})
const right = (name: string) => ({name, align: '--:'})

const traceHeadings = [left(''), left('start'), right('took'), ...['request', 'service', 'cause', 'id'].map(left)]

const groupHeadings = (by: TraceGrouping) => [
  left(''),
  ...['traces', 'faults', 'throttled', 'errors', 'handled', 'p50', 'p95'].map(right),
  left(by),
  left('a sample'),
]

/** Anybody's Markdown is Unicode. */
const signIn = (outcome: TraceOutcome): string => markdownText(outcomeSign(outcome, {unicode: true}).sign.trim())

function groupCells(group: TraceGroup, by: TraceGrouping): readonly string[] {
  const {kind, title, count: traces, outcomes, durationMs, sampleId} = group
  const of = title ?? `no ${by} told`
  return [
    markdownText(kindSign(group, true).trim()),
    count(traces),
    ...failedOutcomes.map(outcome => count(outcomes[outcome])),
    durationMs === null ? '' : duration(durationMs.p50),
    durationMs === null ? '' : duration(durationMs.p95),
    markdownText(kind === 'slow' ? `time went to ${of}` : of),
    markdownText(sampleId),
  ]
}

function cellsOf(trace: ListedTrace, iso: (ms: number) => string): readonly string[] {
  const {start, outcome, method, url, status, server, id} = trace
  const request = [method, url].filter(Boolean).join(' ')
  return [
    signIn(outcome),
    start === null ? '' : iso(start),
    markdownText(tookText(trace, true)),
    // of what was not called by HTTP it says nothing
    markdownText(request === '' ? '' : [request, status].filter(part => part !== null).join(' ')),
    markdownText(server?.name ?? ''),
    markdownText(outcome === 'ok' ? '' : (causeText(trace, server?.name) ?? '')),
    markdownText(id),
  ]
}
