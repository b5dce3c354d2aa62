import type {GetQueryResultsCommandOutput} from '@aws-sdk/client-cloudwatch-logs'
import {repeatedToken} from '../aws/ask.ts'
import type {Aws} from '../aws/connect.ts'
import {isMissing, isStaleToken} from '../aws/failures.ts'
import {sdk} from '../aws/sdk.ts'
import {begunUnlessAborted, withinStopTime} from '../aws/stop-call.ts'
import {countScan, type InsightsUse} from './insights-use.ts'
import {type QuerySlots, querySlots} from './query-slots.ts'
import type {ResultRow} from './rows.ts'
import {type InsightsQuery, startQuery} from './start-query.ts'
import {stopQuery} from './stop-query.ts'

type QueryStatistics = {
  readonly recordsMatched: number
  readonly recordsScanned: number
  readonly bytesScanned: number
  readonly logGroupsScanned: number
}

export type RunOptions = {
  readonly signal: AbortSignal
  /** is counted up while the query runs */
  readonly use: InsightsUse
  /** is told when the account runs as many queries as it may; the query waits */
  readonly onRefused?: (() => void) | undefined
  /** is told when `use` has moved */
  readonly onProgress?: (() => void) | undefined
}

/** A query that AWS has finished; its rows stay there, for days, until they are asked for. */
export type CompletedQuery = {
  readonly statistics: QueryStatistics
  /**
   * The rows, up to so many at a time (AWS gives at most 10,000), as AWS sorted them.
   * @throws what AWS said
   */
  pages(pageRows: number, signal: AbortSignal): AsyncGenerator<readonly ResultRow[]>
}

/** AWS ended a query without an answer. */
export class QueryEnded extends Error {
  override readonly name = 'QueryEnded'
  readonly status: string
  constructor(status: string) {
    super(
      status === 'Timeout'
        ? 'the query ran into AWS’s limit of 60 minutes'
        : status === 'Cancelled'
          ? 'the query was cancelled by somebody'
          : `AWS ended the query as ${status}`,
    )
    this.status = status
  }
}

const firstPollMs = 200
const mostPollMs = 3_000
/** a query is not known everywhere the moment it is started */
const unknownAtFirstMs = 5_000
const mostUnknownMs = 60_000

/**
 * Runs one query to its end. Whatever ends the waiting, the abort of the signal above all, also ends the query at AWS:
 * that is asked for with a deadline of its own.
 * @throws what AWS said, untranslated; QueryEnded; the signal's reason on abort
 */
export async function runQuery(query: InsightsQuery, options: RunOptions): Promise<CompletedQuery> {
  const {aws} = query
  const {signal, use} = options
  const slots = querySlots(aws)
  const release = await slots.take(signal)
  try {
    const starting = startQuery(query, options)
    const queryId = await begunUnlessAborted(aws.clock, starting, id => stopQuery(aws, id), signal)
    use.queries++
    try {
      const statistics = await untilComplete(aws, queryId, slots, options)
      return {statistics, pages: (pageRows, signal) => pagesOf(aws, queryId, pageRows, signal)}
    } catch (error) {
      if (!(error instanceof QueryEnded)) await withinStopTime(aws.clock, stopQuery(aws, queryId))
      throw error
    }
  } finally {
    release()
  }
}

async function untilComplete(
  aws: Aws,
  queryId: string,
  slots: QuerySlots,
  {signal, use, onProgress}: RunOptions,
): Promise<QueryStatistics> {
  const {clock, budget} = aws
  const startedAt = clock.now()
  let statistics: QueryStatistics = {recordsMatched: 0, recordsScanned: 0, bytesScanned: 0, logGroupsScanned: 0}
  for (;;) {
    const elapsedMs = clock.now() - startedAt
    const ownMs = Math.min(mostPollMs, firstPollMs + elapsedMs / 4)
    // all that run are asked after in turn, and pages of results are fetched by the same calls
    const sharedMs = (slots.running * 1_250) / Math.max(1, budget.numbers('GetQueryResults').ratePerSecond)
    await clock.sleep(Math.max(ownMs, slots.running > 1 ? sharedMs : 0), signal)
    const output = await results(aws, queryId, {maxItems: 1}, signal).catch(error => {
      if (isMissing(error) && elapsedMs < unknownAtFirstMs) return null
      throw error
    })
    if (output === null) continue
    const now = statisticsIn(output)
    countScan(use, statistics, now)
    statistics = now
    onProgress?.()
    if (output.status === 'Complete') return statistics
    const isOver = output.status === 'Unknown' ? elapsedMs > mostUnknownMs : !isUnderWay(output.status)
    if (isOver) throw new QueryEnded(output.status ?? 'Unknown')
  }
}

const isUnderWay = (status: string | undefined): boolean => status === 'Scheduled' || status === 'Running'

/** A token that has grown old, after an hour, is made anew by asking from the start; what was given already is passed over. */
async function* pagesOf(
  aws: Aws,
  queryId: string,
  pageRows: number,
  signal: AbortSignal,
): AsyncGenerator<readonly ResultRow[]> {
  let nextToken: string | undefined
  let given = 0
  let passed = 0
  for (let stale = 0; ; ) {
    const output = await results(aws, queryId, {maxItems: pageRows, nextToken}, signal).catch(error => {
      if (nextToken === undefined || !isStaleToken(error) || stale >= mostStale) throw error
      return null
    })
    if (output === null) {
      stale++
      nextToken = undefined
      passed = 0
      continue
    }
    const rows = output.results ?? []
    const known = Math.min(rows.length, given - passed)
    passed += rows.length
    given = Math.max(given, passed)
    yield known > 0 ? rows.slice(known) : rows
    if (!output.nextToken) return
    if (output.nextToken === nextToken) throw repeatedToken()
    nextToken = output.nextToken
  }
}

const mostStale = 3

async function results(
  aws: Aws,
  queryId: string,
  {maxItems, nextToken}: {readonly maxItems: number; readonly nextToken?: string | undefined},
  signal: AbortSignal,
): Promise<GetQueryResultsCommandOutput> {
  const client = await aws.logs()
  const {GetQueryResultsCommand} = sdk.logs()
  const command = new GetQueryResultsCommand({queryId, maxItems, ...(nextToken && {nextToken})})
  return aws.budget.read('GetQueryResults', signal => client.send(command, {...(signal && {abortSignal: signal})}), {
    signal,
  })
}

function statisticsIn({statistics = {}}: GetQueryResultsCommandOutput): QueryStatistics {
  const {recordsMatched = 0, recordsScanned = 0, bytesScanned = 0, logGroupsScanned = 0} = statistics
  return {recordsMatched, recordsScanned, bytesScanned, logGroupsScanned}
}
