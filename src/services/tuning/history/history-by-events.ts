import {ExitCode, UserError} from '../../../errors.ts'
import {attribute} from '../../logs/attribute.ts'
import type {Report} from '../../logs/log-event.ts'
import {readMeaning} from '../../logs/message.ts'
import {readLogs} from '../../logs/read-logs.ts'
import {isFailure} from '../../logs/report-line.ts'
import type {Architecture} from '../../pricing.ts'
import {candidateKey} from '../candidate.ts'
import type {SourceFunction} from '../source/source-function.ts'
import {percentileOf} from '../statistics/order.ts'
import type {History, HistoryPlan, HistoryRow} from './history.ts'
import type {PastVersions} from './past-versions.ts'

type Met = {
  readonly of: Pick<HistoryRow, 'memorySizeMB' | 'architecture' | 'isCold' | 'isFailed'>
  readonly reports: Report[]
}

/**
 * Sums a function's reports up as FilterLogEvents brings them.
 * @throws UserError (exit 4) where that is refused, which names the permission
 */
export async function readByEvents(
  fn: SourceFunction,
  {source, start, end}: HistoryPlan,
  {versions}: {readonly versions: PastVersions},
  signal: AbortSignal,
): Promise<History> {
  const stream = readLogs(
    {
      sources: [source],
      start,
      end,
      follow: false,
      tail: null,
      filterPattern: '?"REPORT RequestId: " ?"platform.report"',
    },
    signal,
  )
  const ours = new Set(versions.ours)
  const met = new Map<string, Met>()
  const notes: string[] = []
  for await (const {events, notices} of stream) {
    notes.push(...notices)
    for (const {source, logStream, message} of events) {
      const {report} = readMeaning(message)
      const {function: owner, version} = attribute(source, logStream)
      if (version !== null && ours.has(version)) continue
      if (report && report.memorySizeMB > 0 && (source.only === null || owner?.name === fn.name))
        note(report, versions.others.get(version ?? '') ?? fn.architecture)
    }
  }
  const {gaps, missing} = stream.tally
  const refused = gaps.find(({reason}) => reason === 'denied')
  if (refused)
    throw new UserError(`AWS refused to read log group ${refused.what}`, {
      code: 'AccessDeniedException',
      exitCode: ExitCode.refused,
      hint: 'this needs logs:FilterLogEvents',
    })
  return {
    rows: Array.from(met.values(), rowOf),
    gaps: [
      ...gaps.map(({what, detail, reason}) => `${what}: ${detail ?? reason}`),
      ...(missing > 0 ? [`log group ${source.logGroup} is not there`] : []),
    ],
    notes,
  }

  function note(report: Report, architecture: Architecture): void {
    const {memorySizeMB, initDurationMs, restoreDurationMs, status} = report
    const isCold = initDurationMs !== undefined || restoreDurationMs !== undefined
    const of = {memorySizeMB, architecture, isCold, isFailed: isFailure(status)}
    const key = [candidateKey(of), of.isCold, of.isFailed].join(' ')
    const known = met.get(key)
    if (known) known.reports.push(report)
    else met.set(key, {of, reports: [report]})
  }
}

function rowOf({of, reports}: Met): HistoryRow {
  const durations = reports.map(({durationMs}) => durationMs).sort((a, b) => a - b)
  const sum = (value: (report: Report) => number): number => reports.reduce((total, each) => total + value(each), 0)
  return {
    ...of,
    invocations: reports.length,
    billedMs: sum(({billedDurationMs}) => billedDurationMs),
    billedSquares: sum(({billedDurationMs}) => billedDurationMs ** 2),
    durationMs: sum(({durationMs}) => durationMs),
    p50Ms: percentileOf(durations, 50),
    p90Ms: percentileOf(durations, 90),
    p95Ms: percentileOf(durations, 95),
    p99Ms: percentileOf(durations, 99),
    maxMemoryUsedMB: reports.reduce((most, each) => Math.max(most, each.maxMemoryUsedMB), 0) || null,
  }
}
