import {isKnown} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import {readMetricsOrWhyNot, sumOf} from '../../fleet/metric-reader.ts'
import {wanted} from '../../logs/attribute.ts'
import type {Report} from '../../logs/log-event.ts'
import {readMeaning} from '../../logs/message.ts'
import {readPages} from '../../logs/pages.ts'
import {isFailure} from '../../logs/report-line.ts'
import {explainedFailure} from '../../targets/refusal.ts'
import {logSourceOf} from '../history/history.ts'
import type {UsualInit} from '../race/cold-starts.ts'
import type {SourceFunction} from '../source/source-function.ts'
import {meanOf} from '../statistics/order.ts'
import type {ColdRatio} from '../tune-plan.ts'
import type {UsedMemory} from './used-memory.ts'

/** What is taken where nobody knows: AWS says that typically less than one invocation in a hundred is cold. */
const assumed: ColdRatio = {value: 0.01, source: 'assumed'}

/** Fewer invocations tell little of a share of some percent. */
const leastInvocations = 100

/** Of fewer inits the few of a run tell as much. */
const leastInits = 5

const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** CloudWatch has counted a minute, and the log has it all, when so much later */
const settledMs = 5 * minuteMs

/** The newest of the window is read where all of it takes too many pages. */
const spans: readonly number[] = [Number.POSITIVE_INFINITY, 24 * hourMs, hourMs]
const mostPages = 10

const coldPattern = '?"Init Duration: " ?"Restore Duration: " ?"initDurationMs" ?"restoreDurationMs"'
const reportPattern = '?"REPORT RequestId: " ?"platform.report"'

/** What a function's past reports tell of it. */
export type PastReports = {
  /** `assumed`, 1 %, where it cannot be told: too few invocations, a permission that is missing, reports that are hidden */
  readonly coldRatio: ColdRatio
  /** null where no report could be read */
  readonly used: UsedMemory | null
  /** null where there are too few */
  readonly usualInit: UsualInit | null
}

type Window = {readonly start: number; readonly end: number}

/**
 * Reads a function's past reports: those with an init or a restore, over CloudWatch's count of the same time, tell the share of
 * its invocations that were cold, and what an init takes; they and all of its last hour how much memory it uses. A few pages
 * are read, of the newest part of the window where all of it has more. Of none cold in n, half of one in n is told: it is
 * never nothing.
 * @param window epoch ms
 */
export async function readPastReports(
  aws: Aws,
  fn: SourceFunction,
  window: Window,
  signal: AbortSignal,
): Promise<PastReports> {
  const unknown: PastReports = {coldRatio: assumed, used: null, usualInit: null}
  if (fn.configuration.LoggingConfig?.SystemLogLevel === 'WARN') return unknown
  const wholeMinute = (at: number): number => Math.floor(at / minuteMs) * minuteMs
  const end = wholeMinute(Math.min(window.end, aws.clock.now() - settledMs))
  const starts = [...new Set(spans.map(span => wholeMinute(Math.max(window.start, end - span))))].filter(
    start => start < end,
  )
  const [cold, latest] = await Promise.all([
    readCold(aws, fn, {starts, end}, signal),
    starts.length === 0
      ? null
      : readReports(
          aws,
          fn,
          {start: Math.max(window.start, end - hourMs), end},
          {
            pattern: reportPattern,
            signal,
          },
        ),
  ])
  const all = [...cold.reports, ...(latest?.reports ?? [])]
  const mostMB = all.reduce((most, {maxMemoryUsedMB}) => Math.max(most, maxMemoryUsedMB), 0)
  return {
    coldRatio: cold.whole === null ? assumed : await ratioOf(aws, fn, cold.whole, signal),
    used: mostMB > 0 ? {mostMB, reports: all.length, spanMs: end - cold.start} : null,
    usualInit: usualInitOf(fn, cold.reports),
  }
}

type ColdReports = {
  /** the newest part of the window that could be read to its end; null: none could */
  readonly whole: (Window & {readonly cold: number}) | null
  readonly reports: readonly Report[]
  /** of the oldest that were looked for */
  readonly start: number
}

async function readCold(
  aws: Aws,
  fn: SourceFunction,
  {starts, end}: {readonly starts: readonly number[]; readonly end: number},
  signal: AbortSignal,
): Promise<ColdReports> {
  const first = starts[0] ?? end
  let reports: readonly Report[] = []
  for (const start of starts) {
    const read = await readReports(aws, fn, {start, end}, {pattern: coldPattern, signal})
    if (read === null) break
    reports = read.reports.filter(isCold)
    if (read.isWhole) return {whole: {start, end, cold: reports.length}, reports, start}
  }
  return {whole: null, reports, start: reports.length > 0 ? (starts.at(-1) ?? first) : Math.max(first, end - hourMs)}
}

const isCold = ({initDurationMs, restoreDurationMs}: Report): boolean =>
  initDurationMs !== undefined || restoreDurationMs !== undefined

async function ratioOf(
  aws: Aws,
  fn: SourceFunction,
  {cold, ...span}: Window & {readonly cold: number},
  signal: AbortSignal,
): Promise<ColdRatio> {
  const invocations = await countInvocations(aws, fn, span, signal)
  if (invocations === null || invocations < leastInvocations) return assumed
  return {value: Math.min(1, Math.max(cold, 0.5) / invocations), source: 'log'}
}

/** Of those that came to their end: an init that failed is none that traffic waits for every day. */
function usualInitOf({architecture, snapStart}: SourceFunction, reports: readonly Report[]): UsualInit | null {
  const inits = reports.flatMap(({status, durationMs, billedDurationMs, initDurationMs, restoreDurationMs}) => {
    const waitedMs = snapStart ? restoreDurationMs : initDurationMs
    if (waitedMs === undefined || isFailure(status)) return []
    return [{waitedMs, billedMs: Math.max(0, billedDurationMs - durationMs)}]
  })
  if (inits.length < leastInits) return null
  const waitedMs = meanOf(inits.map(each => each.waitedMs))
  const deviations = inits.map(each => (each.waitedMs - waitedMs) ** 2)
  const spread = Math.sqrt((meanOf(deviations) * inits.length) / (inits.length - 1))
  return {
    architecture,
    billedMs: meanOf(inits.map(({billedMs}) => billedMs)),
    waitedMs,
    error: waitedMs > 0 ? spread / waitedMs / Math.sqrt(inits.length) : 0,
  }
}

/** A few pages of reports; null where they cannot be read. */
async function readReports(
  aws: Aws,
  fn: SourceFunction,
  {start, end}: Window,
  {pattern, signal}: {readonly pattern: string; readonly signal: AbortSignal},
): Promise<{readonly reports: readonly Report[]; readonly isWhole: boolean} | null> {
  const source = logSourceOf(aws, fn)
  const isOwn = wanted(source)
  const request = {startTime: start, endTime: end - 1, filterPattern: pattern}
  const reports: Report[] = []
  let pages = 0
  try {
    for await (const page of readPages(source, request, {signal, firstPriority: 'small'})) {
      for (const {logStream, message} of page.events()) {
        const {report} = readMeaning(message)
        if (report && isOwn(logStream)) reports.push(report)
      }
      if (++pages >= mostPages && page.nextToken !== null) return {reports, isWhole: false}
    }
    return {reports, isWhole: true}
  } catch (error) {
    signal.throwIfAborted()
    explainedFailure(error, {doing: 'read reports', permission: 'logs:FilterLogEvents'})
    return null
  }
}

async function countInvocations(
  aws: Aws,
  fn: SourceFunction,
  span: Window,
  signal: AbortSignal,
): Promise<number | null> {
  const query = {
    namespace: 'AWS/Lambda',
    metricName: 'Invocations',
    dimensions: {FunctionName: fn.name},
    statistic: 'Sum',
    periodSeconds: 60,
  }
  const [series] = await readMetricsOrWhyNot(aws, [query], span, signal)
  signal.throwIfAborted()
  return series && isKnown(series) ? sumOf(series.value) : null
}
