import type {
  DescribeQueriesCommandOutput,
  GetLogRecordCommandOutput,
  GetQueryResultsCommandOutput,
  QueryInfo,
  StopQueryCommandOutput,
} from '@aws-sdk/client-cloudwatch-logs'
import quotas from '../../../../data/quotas.json' with {type: 'json'}
import {ServiceError} from '../../../wire/service-error.ts'
import {callerArn} from '../../caller.ts'
import type {Context} from '../../context.ts'
import {pageAfter} from '../../paging.ts'
import {invalidParameter, invalidToken} from '../log-group-names.ts'
import type {QueryJob} from './query-jobs.ts'
import {resultRow} from './results.ts'
import {discoveredIn, fieldOf, readPointer, rowOf} from './rows.ts'
import {textOf} from './values.ts'

type QueryReference = {readonly queryId: string}
type ResultsRequest = QueryReference & {readonly nextToken?: string | undefined; readonly maxItems?: number | undefined}
type ListRequest = {
  readonly logGroupName?: string | undefined
  readonly status?: string | undefined
  readonly queryLanguage?: string | undefined
  readonly maxResults?: number | undefined
  readonly nextToken?: string | undefined
}

const pageRows = quotas.logs.queryResultPageRows
const tokenLifeMs = 60 * 60 * 1000
const maxListed = 1000

/** GetQueryResults: what a query has found by now; pages follow each other only once it is complete. */
export async function getQueryResults(
  {queryId, nextToken, maxItems}: ResultsRequest,
  context: Context,
): Promise<Omit<GetQueryResultsCommandOutput, '$metadata'>> {
  const job = requireQuery(queryId, context)
  const offset = nextToken === undefined ? 0 : readToken(nextToken, job, context.now)
  const {status, rows, statistics} = await job.look()
  // The model allows zero, which would never come to an end.
  const end = offset + (maxItems || pageRows)
  return {
    queryLanguage: 'CWLI',
    status,
    results: rows.slice(offset, end).map(row => resultRow(row, job.shown)),
    statistics: {...statistics, estimatedRecordsSkipped: 0, estimatedBytesSkipped: 0, resultCount: rows.length},
    nextToken: status === 'Complete' && end < rows.length ? writeToken(job, end, context.now) : undefined,
  }
}

export function stopQuery({queryId}: QueryReference, context: Context): Omit<StopQueryCommandOutput, '$metadata'> {
  const job = requireQuery(queryId, context)
  const status = job.status()
  if (status !== 'Scheduled' && status !== 'Running')
    throw invalidParameter('Query is not in Running or Scheduled state')
  job.stop()
  return {success: true}
}

/** DescribeQueries: newest first. */
export function describeQueries(input: ListRequest, context: Context): Omit<DescribeQueriesCommandOutput, '$metadata'> {
  const {logGroupName, status, queryLanguage = 'CWLI'} = input
  const found = context.queries
    .list(context.region)
    .filter(
      job =>
        queryLanguage === 'CWLI' &&
        (status === undefined || job.status() === status) &&
        (logGroupName === undefined || job.groups.some(group => group.name === logGroupName)),
    )
  const page = pageAfter(found, job => job.id, {
    size: input.maxResults ?? maxListed,
    token: input.nextToken,
    invalid: invalidToken,
  })
  return {queries: page.items.map(job => describe(job, context)), nextToken: page.next}
}

/** GetLogRecord: the event a `@ptr` leads to, with everything that is discovered in it. */
export function getLogRecord(
  {logRecordPointer}: {readonly logRecordPointer: string},
  {world, now}: Context,
): Omit<GetLogRecordCommandOutput, '$metadata'> {
  const pointer = readPointer(logRecordPointer)
  if (!pointer) throw invalidParameter('The specified logRecordPointer is invalid.')
  const {group, timestamp, eventId} = pointer
  const event = world.logGroup(group)
    ? world
        .logEvents(group, timestamp, timestamp)
        .find(candidate => candidate.eventId === eventId && candidate.ingestionTime <= now)
    : undefined
  if (!event) throw new ServiceError('ResourceNotFoundException', 'The specified log record does not exist.')
  const row = rowOf(event, group, world.account)
  const own = ['@log', '@logStream', '@message', '@ptr'].map(name => [name, textOf(fieldOf(row, name) ?? '')])
  return {
    logRecord: {
      ...Object.fromEntries(own),
      '@timestamp': String(event.timestamp),
      '@ingestionTime': String(event.ingestionTime),
      ...(row.source && Object.fromEntries(discoveredIn(row.source))),
    },
  }
}

function requireQuery(id: string, {queries, region, world}: Context): QueryJob {
  const job = queries.find(region, id)
  if (!job)
    throw new ServiceError(
      'ResourceNotFoundException',
      `Query '${id}' does not exist for account ID '${world.account}'`,
    )
  return job
}

function describe(job: QueryJob, {world}: Context): QueryInfo {
  const {id, groups, window, queryString, schedule} = job
  const status = job.status()
  const sources = groups.map(({name}) => `SOURCE "${name}"`).join(' | ')
  return {
    queryId: id,
    queryLanguage: 'CWLI',
    // As recorded: AWS tells the window in ms, and the end with the last of its second.
    queryString: /^\s*source\b/i.test(queryString)
      ? queryString
      : `${sources} START=${window.from} END=${window.to} | ${queryString}`,
    status,
    createTime: job.createdAt,
    ...(groups[0] && {logGroupName: groups[0].name}),
    userIdentity: callerArn(world.account),
    ...(status === 'Complete' && {queryDuration: Math.round(schedule.ends)}),
  }
}

function writeToken(job: QueryJob, offset: number, now: number): string {
  return Buffer.from(`${job.id}/${offset}/${now.toString(36)}`).toString('base64url')
}

function readToken(token: string, job: QueryJob, now: number): number {
  const [id, offset = '', issued = ''] = Buffer.from(token, 'base64url').toString().split('/')
  const isAlive = now - Number.parseInt(issued, 36) <= tokenLifeMs
  if (id !== job.id || !/^\d+$/.test(offset) || !isAlive) throw invalidToken()
  return Number(offset)
}
