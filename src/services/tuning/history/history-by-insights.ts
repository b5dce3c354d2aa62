import {UserError} from '../../../errors.ts'
import {createUse} from '../../insights/insights-use.ts'
import {isAnswerTo} from '../../insights/is-answer-to.ts'
import {planQuery} from '../../insights/plan-query.ts'
import {reportsOfFunctions} from '../../insights/report-lines.ts'
import {numberOf} from '../../insights/rows.ts'
import {runParts} from '../../insights/run-parts.ts'
import type {Architecture} from '../../pricing.ts'
import type {Candidate} from '../candidate.ts'
import type {SourceFunction} from '../source/source-function.ts'
import type {History, HistoryPlan, HistoryRow} from './history.ts'
import type {PastVersions} from './past-versions.ts'

/** One row for each size, of warm, cold and failed invocations; text and JSON reports have fields of their own. */
const stages: readonly string[] = [
  String.raw`parse @message /\tMemory Size: (?<textSize>\d+) MB/`,
  String.raw`parse @message /\tDuration: (?<textMs>[0-9.]+) ms/`,
  String.raw`parse @message /\tBilled Duration: (?<textBilled>\d+) ms/`,
  String.raw`parse @message /\tMax Memory Used: (?<textUsed>\d+) MB/`,
  String.raw`parse @message /\tInit Duration: (?<textInit>[0-9.]+) ms/`,
  String.raw`parse @message /\tRestore Duration: (?<textRestore>[0-9.]+) ms/`,
  // only a failure has a status in text
  String.raw`parse @message /\tStatus: (?<textStatus>\w+)/`,
  'parse @message /"status":"(?<jsonStatus>error|timeout|failure)"/',
  'fields coalesce(textSize, record.metrics.memorySizeMB) as size, coalesce(textMs, record.metrics.durationMs) as ms',
  'fields coalesce(textBilled, record.metrics.billedDurationMs) as billed, coalesce(textUsed, record.metrics.maxMemoryUsedMB) as used',
  'fields coalesce(textInit, textRestore, record.metrics.initDurationMs, record.metrics.restoreDurationMs) as begun, coalesce(textStatus, jsonStatus) as failure',
  'fields ispresent(begun) as cold, ispresent(failure) as failed, billed * billed as square',
  'stats count(*) as n, sum(billed) as billedMs, sum(square) as squares, sum(ms) as durationMs, pct(ms, 50) as p50, pct(ms, 90) as p90, pct(ms, 95) as p95, pct(ms, 99) as p99, max(used) as usedMB by size, cold, failed',
]

/** The function's own streams in a group that several may share, and the versions of one architecture. */
function queryOf(fn: SourceFunction, plan: HistoryPlan, ours: readonly string[], versions: string | null): string {
  return [
    ...reportsOfFunctions,
    ...(plan.source.only === null ? [] : [`filter owner = ${JSON.stringify(fn.name)}`]),
    ...(ours.length === 0 ? [] : [`filter @logStream not like ${streamsOf(ours)}`]),
    ...(versions === null ? [] : [`filter @logStream ${versions}`]),
    ...stages,
  ].join(' | ')
}

/** The names of versions' streams, as a regular expression. */
const streamsOf = (versions: readonly string[]): string =>
  String.raw`/\[(${versions.join('|').replaceAll('$', String.raw`\$`)})\]/`

/** What of one architecture is told by the version that a stream's name has. */
function queriesOf(
  fn: SourceFunction,
  plan: HistoryPlan,
  {others, ours}: PastVersions,
): readonly (readonly [Architecture, string])[] {
  if (others.size === 0) return [[fn.architecture, queryOf(fn, plan, ours, null)]]
  const pattern = streamsOf([...others.keys()])
  const other = fn.architecture === 'arm64' ? 'x86_64' : 'arm64'
  return [
    [fn.architecture, queryOf(fn, plan, ours, `not like ${pattern}`)],
    [other, queryOf(fn, plan, ours, `like ${pattern}`)],
  ]
}

/**
 * Sums a function's reports up by Logs Insights, one query for each architecture that it had.
 * @param mostUSD queries are stopped where they have scanned more than this pays for
 * @throws UserError (exit 4) where a query is refused, which names the permission
 */
export async function readByInsights(
  fn: SourceFunction,
  plan: HistoryPlan,
  {versions, mostUSD}: {readonly versions: PastVersions; readonly mostUSD: number},
  signal: AbortSignal,
): Promise<History> {
  const {source, start, end} = plan
  const use = createUse()
  const notes: string[] = []
  const found = await Promise.all(
    queriesOf(fn, plan, versions).map(async ([architecture, query]) => {
      const parts = await planQuery({query, all: [source.aws], sources: [source], mostRows: 10_000}, signal)
      const runs = runParts(
        parts,
        {start, end, limit: null, maxCostUSD: mostUSD, use, found: {gaps: []}, onNotice: notice => notes.push(notice)},
        signal,
      )
      const {rows} = await runs.run()
      if (source.aws.scope.endpoint === 'custom' && !isAnswerTo(query, rows)) throw notUnderstood()
      return {
        rows: rows.flatMap(row => rowOf(row, architecture) ?? []),
        gaps: [
          ...runs.gaps.map(({what, detail, reason}) => `${what}: ${detail ?? reason}`),
          ...(runs.missing > 0 ? [`log group ${source.logGroup} is not there`] : []),
        ],
      }
    }),
  )
  return {rows: found.flatMap(({rows}) => rows), gaps: [...new Set(found.flatMap(({gaps}) => gaps))], notes}
}

/** Null for a report that tells no size, as those of Managed Instances. */
function rowOf(row: ReadonlyMap<string, string>, architecture: Architecture): HistoryRow | null {
  const of = (field: string): number => numberOf(row.get(field) ?? '') ?? 0
  const candidate: Candidate = {memorySizeMB: of('size'), architecture}
  const invocations = of('n')
  if (candidate.memorySizeMB <= 0 || invocations <= 0) return null
  return {
    ...candidate,
    isCold: isTrue(row.get('cold')),
    isFailed: isTrue(row.get('failed')),
    invocations,
    billedMs: of('billedMs'),
    billedSquares: of('squares'),
    durationMs: of('durationMs'),
    p50Ms: of('p50'),
    p90Ms: of('p90'),
    p95Ms: of('p95'),
    p99Ms: of('p99'),
    maxMemoryUsedMB: of('usedMB') || null,
  }
}

/** Insights answers booleans as numbers. */
const isTrue = (text: string | undefined): boolean => text === 'true' || Number(text) === 1

const notUnderstood = (): UserError =>
  new UserError('the endpoint passed over the query’s stats and answered something else')
