import quotas from '../../data/quotas.json' with {type: 'json'}
import {ExitCode, UserError, usageError} from '../../errors.ts'
import type {Aws} from '../aws/connect.ts'
import type {Scope} from '../aws/scope.ts'
import {totalCalls} from '../aws/total-calls.ts'
import type {Coverage} from '../coverage.ts'
import {groupSizes} from '../logs/group-sizes.ts'
import {settledAfterMs} from '../logs/settled.ts'
import {gapByClass, isGapOf} from '../logs/tally.ts'
import type {Gap, Receipt} from '../receipt.ts'
import {findLogSources} from '../targets/find-log-sources.ts'
import {isPointed, parseSelection, type SelectionWords} from '../targets/parse-target.ts'
import {eachAccountOnce} from './each-account-once.ts'
import {costToAllow, estimateInsights, type InsightsEstimate} from './estimate.ts'
import {createUse, type InsightsUse} from './insights-use.ts'
import {isAnswerTo} from './is-answer-to.ts'
import {rowsByDefault} from './pipeline/merge-plan.ts'
import {stagesOf} from './pipeline/stages.ts'
import {planQuery, type QueryPlan, selectsItself} from './plan-query.ts'
import {querySlots} from './query-slots.ts'
import {type QueryTable, tableOf} from './query-table.ts'
import {runParts} from './run-parts.ts'

export type OpenQueryOptions = {
  /** in Logs Insights' query language */
  readonly query: string
  /** epoch ms */
  readonly start: number
  readonly end: number
  readonly now: number
  /** rows of the answer; null: as the query or AWS has it */
  readonly limit: number | null
  /** queries are stopped where they have scanned more than this pays for */
  readonly maxCostUSD: number | null
  /** something to be said at once */
  readonly onNotice: (notice: string) => void
}

export type QueryAnswer = QueryTable & {
  readonly statistics: {
    readonly recordsMatched: number
    readonly recordsScanned: number
    readonly bytesScanned: number
    readonly logGroups: number
    readonly queries: number
    readonly costUSD: number
  }
}

type QueryProgress = {
  readonly done: number
  readonly total: number
  readonly use: Readonly<InsightsUse>
  readonly startedAt: number
}

/** A query that is about to be run: nothing has been scanned yet. */
export type OpenedQuery = {
  readonly scopes: readonly Scope[]
  readonly notices: readonly string[]
  /** log groups that are read, those of functions that were never invoked included; null where the query selects them */
  readonly groups: number | null
  readonly plan: QueryPlan
  readonly estimate: InsightsEstimate
  /** USD; null where nobody knows and it may be much */
  readonly costToAllow: number | null
  readonly progress: QueryProgress
  /** @throws UserError: a fault in the query (exit 2), or what ended all of the queries */
  run(): Promise<QueryAnswer>
  coverage(): Coverage
  /** null when there is nothing to account for: the error says it all */
  receipt(now: number, signal: AbortSignal): Receipt | null
  verdicts(): readonly ExitCode[]
}

/**
 * Finds what a query is to read, and how it is to be run.
 * @param words `targetsElse` is what is meant where nothing is pointed at: a scope's
 * @throws UserError as parseSelection, findLogSources and planQuery do; exit 2 for a SOURCE beside targets
 */
export async function openQuery(
  given: readonly Aws[],
  {targetsElse = [], ...words}: SelectionWords & {readonly targetsElse?: readonly string[]},
  options: OpenQueryOptions,
  signal: AbortSignal,
): Promise<OpenedQuery> {
  const {query, start, end, now, limit} = options
  const isOwn = selectsItself(query)
  const pointed = parseSelection(words)
  if (isOwn && isPointed(pointed))
    throw usageError('the query says by SOURCE what it reads, and targets say it too', 'leave one of them out')

  const selection = isPointed(pointed) ? pointed : parseSelection({targets: targetsElse})
  const once = isOwn ? await eachAccountOnce(given, signal) : {all: given, scopes: []}
  const {all} = once
  const nothing = {sources: [], absent: [], notices: all.length < given.length ? [readOnce] : [], gaps: []}
  const found = isOwn ? {...nothing, scopes: once.scopes} : await findLogSources(all, selection, signal)
  const unread = found.sources
    .filter(({logGroupClass}) => logGroupClass === 'DELIVERY')
    .flatMap(source => gapByClass(source) ?? [])
  const sources = found.sources.filter(({logGroupClass}) => logGroupClass !== 'DELIVERY')
  const [plan, sizes] = await Promise.all([
    planQuery({query, all, sources, mostRows: limit ?? rowsByDefault}, signal),
    groupSizes(sources, signal),
  ])
  const [first] = all
  const use = createUse()
  const runs = runParts(plan, {...options, use, found: {gaps: [...found.gaps, ...unread]}}, signal)
  const groups = isOwn ? null : sources.length + found.absent.length
  const estimate = estimateInsights({
    groups: sizes,
    window: {start, end},
    now,
    queries: plan.parts.length,
    concurrency: first ? querySlots(first).capacity : quotas.logs.concurrentQueries,
  })

  const notesAt = (finishedAt: number): readonly string[] => {
    const answer = runs.answer
    const isYoung = end > finishedAt - settledAfterMs
    return [
      ...runs.notes,
      ...(answer && isCutByDefault(query, limit, answer.rows.length) ? [cutByDefault] : []),
      ...(answer?.rows.length === 0 && plan.parts.length > 0 ? [nothingFound(answer.matched, use.recordsScanned)] : []),
      ...(isYoung ? ['the window ended less than a minute ago: events may still arrive'] : []),
    ]
  }

  return {
    scopes: found.scopes,
    notices: found.notices,
    groups,
    plan,
    estimate,
    costToAllow: costToAllow(estimate, {start, end}, groups),
    progress: {
      get done() {
        return runs.done
      },
      total: plan.parts.length,
      use,
      get startedAt() {
        return runs.startedAt ?? now
      },
    },
    async run() {
      const {rows, matched} = await runs.run()
      if (first?.scope.endpoint === 'custom' && !isAnswerTo(query, rows)) throw notUnderstood()
      return {
        ...tableOf(query, rows),
        statistics: {
          recordsMatched: matched,
          recordsScanned: use.recordsScanned,
          bytesScanned: use.bytesScanned,
          logGroups: runs.groupsScanned,
          queries: use.queries,
          costUSD: use.costUSD,
        },
      }
    },
    coverage: () => ({window: {start, end}, scopes: found.scopes, gaps: runs.gaps}),
    receipt: (finishedAt, {aborted}) => {
      if (!aborted && runs.answer === null) return null
      const gaps = [...runs.gaps, ...(aborted ? [interruptedGap(plan, runs.done, found.scopes)] : [])]
      const {calls, throttles} = totalCalls(given)
      const known = sources.filter(source => !gaps.some(gap => isGapOf(gap, source)))
      const absent = found.absent.length + runs.missing
      return {
        complete: gaps.length === 0,
        window: {start, end},
        sources: {
          total: groups ?? runs.groupsScanned,
          complete: aborted ? 0 : groups === null ? runs.groupsScanned : known.length + found.absent.length,
          empty: absent,
        },
        events: use.recordsScanned,
        shown: runs.answer?.rows.length ?? 0,
        pages: runs.pages,
        emptyPages: 0,
        calls,
        throttles,
        lateEvents: 0,
        gaps,
        notes: notesAt(finishedAt),
        durationMs: finishedAt - now,
        insights: {...use},
      }
    },
    verdicts: () => (runs.gaps.length > 0 ? [ExitCode.partial] : []),
  }
}

/** Whether AWS, which was not told how many rows are wanted, stopped at its own number. */
const isCutByDefault = (query: string, limit: number | null, rows: number): boolean =>
  limit === null && rows >= rowsByDefault && !stagesOf(query).some(({name}) => name === 'limit')

const cutByDefault = `cut at ${rowsByDefault} rows, as AWS does where nobody says: --limit N gives up to ${quotas.logs.queryResultRows}`

const notUnderstood = (): UserError =>
  new UserError('the endpoint passed over the query’s stats and answered something else', {
    hint: 'an AWS-compatible server may know a part of Logs Insights only: fields, sort and limit, for one',
  })

const readOnce = 'several profiles see the same account: it is queried once'

function interruptedGap({parts}: QueryPlan, done: number, scopes: readonly Scope[]): Gap {
  return {
    what: `${parts.length - done} of ${parts.length} queries`,
    account: scopes.length === 1 ? (scopes[0]?.account ?? null) : null,
    region: [...new Set(scopes.map(({region}) => region))].join(', '),
    reason: 'interrupted',
    detail: 'they were stopped at AWS',
  }
}

function nothingFound(matched: number, scanned: number): string {
  if (scanned === 0)
    return 'nothing was found: there are no events in this window; try a longer --since, as in --since 24h'
  return matched === 0
    ? 'nothing was found: there are events in this window, and none of them matches'
    : 'nothing was found: what matches gave no rows'
}
