import type {StartQueryCommandOutput} from '@aws-sdk/client-cloudwatch-logs'
import quotas from '../../../../data/quotas.json' with {type: 'json'}
import {ServiceError} from '../../../wire/service-error.ts'
import type {SandboxLogGroup} from '../../../world/world.ts'
import type {Context} from '../../context.ts'
import {unimplemented} from '../../unimplemented.ts'
import {retainedFrom, type Window} from '../event-scan.ts'
import {invalidParameter, logGroupArn, logGroupNameOf, noSuchGroupToQuery} from '../log-group-names.ts'
import {parseQuery} from './parse-query.ts'
import {createPipeline} from './pipeline.ts'
import {createRun} from './query-run.ts'
import {shownFields} from './results.ts'
import {QuerySyntaxError} from './syntax-error.ts'
import type {Source} from './syntax-tree.ts'

export type StartRequest = {
  readonly queryLanguage?: string | undefined
  readonly logGroupName?: string | undefined
  readonly logGroupNames?: readonly string[] | undefined
  readonly logGroupIdentifiers?: readonly string[] | undefined
  /** epoch seconds; the end's whole second is included, as `END=…999` in what DescribeQueries tells of a query */
  readonly startTime: number
  readonly endTime: number
  readonly queryString: string
  readonly limit?: number | undefined
}

/** The most log groups that `SOURCE` may pick; user guide, page on SOURCE. */
const maxSourceGroups = 10_000

/** StartQuery: everything that is wrong with a query is said here; what it finds is worked out as GetQueryResults asks for it. */
export function startQuery(input: StartRequest, context: Context): Omit<StartQueryCommandOutput, '$metadata'> {
  const {queryLanguage = 'CWLI', queryString, limit} = input
  if (queryLanguage !== 'CWLI') throw unimplemented(`Logs Insights queries in ${queryLanguage}`)
  if (input.startTime > input.endTime)
    throw invalidParameter('The start time of a query must not be after its end time.')
  const window = {from: input.startTime * 1000, to: input.endTime * 1000 + 999}
  const {query, pipeline} = understood(() => {
    const query = parseQuery(queryString)
    return {query, pipeline: createPipeline(query, limit)}
  })
  const groups = groupsOf(input, query.source, context)
  refuseForgotten(groups, window, queryString, context.now)
  const {queries, world, region, now} = context
  if (!queries.hasRoom(region))
    throw new ServiceError(
      'LimitExceededException',
      `Account maximum query concurrency limit of [${queries.concurrentQueries}] reached.`,
    )
  const job = queries.start({
    region,
    queryString,
    groups,
    window,
    createdAt: now,
    shown: shownFields(query),
    run: createRun({world, groups, window, now, pipeline}),
    fault: context.queryFault,
  })
  return {queryId: job.id}
}

/** @throws ServiceError MalformedQueryException for a query that is not one */
function understood<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof QuerySyntaxError ? malformed(error.message, error.start, error.end) : error
  }
}

function malformed(message: string, startCharOffset: number, endCharOffset: number): ServiceError {
  return new ServiceError('MalformedQueryException', message, {
    members: {queryCompileError: {location: {startCharOffset, endCharOffset}, message}},
  })
}

function groupsOf(input: StartRequest, source: Source | undefined, context: Context): readonly SandboxLogGroup[] {
  const {logGroupName, logGroupNames, logGroupIdentifiers} = input
  const given = [logGroupName === undefined ? undefined : [logGroupName], logGroupNames, logGroupIdentifiers].filter(
    list => list !== undefined,
  )
  if (given.length + Number(source !== undefined) !== 1)
    throw invalidParameter(
      'Exactly one of logGroupName, logGroupNames, logGroupIdentifiers and a SOURCE command in the query must be specified.',
    )
  const groups = source
    ? groupsOfSource(source, context)
    : [...new Set(given[0])].map(name => requireGroup(name, context))
  const unread = groups.find(group => group.class === 'DELIVERY')
  if (unread)
    throw invalidParameter(
      `The log group ${unread.name} is of log-group-class ${unread.class}. StartQuery is not supported for this log class.`,
    )
  return [...new Set(groups)]
}

function requireGroup(identifier: string, context: Context): SandboxLogGroup {
  if (identifier.endsWith('*')) throw invalidParameter(`Log group identifiers end without an asterisk: ${identifier}`)
  const name = logGroupNameOf(identifier)
  const isElsewhere = identifier.startsWith('arn:') && identifier !== logGroupArn(context, name)
  const group = isElsewhere ? undefined : context.world.logGroup(name)
  if (!group) throw noSuchGroupToQuery(name, context)
  return group
}

function groupsOfSource({namePrefixes, accounts, classes}: Source, {world}: Context): readonly SandboxLogGroup[] {
  if (accounts.length > 0 && !accounts.includes(world.account)) return []
  const wanted = classes.length > 0 ? classes : ['STANDARD']
  const groups = world
    .logGroups()
    .filter(
      ({name, class: ownClass}) =>
        wanted.includes(ownClass) &&
        (namePrefixes.length === 0 || namePrefixes.some(prefix => name.startsWith(prefix))),
    )
  if (groups.length > maxSourceGroups)
    throw invalidParameter(`The SOURCE command selects more than ${maxSourceGroups} log groups.`)
  return groups
}

/** A window that ended before any of the groups began, or that all of them have forgotten, is an error to AWS, not an empty answer. */
function refuseForgotten(groups: readonly SandboxLogGroup[], window: Window, query: string, now: number): void {
  const isForgotten = (group: SandboxLogGroup) => window.to < Math.max(group.createdAt, retainedFrom(group, now))
  if (groups.length === 0 || !groups.every(isForgotten)) return
  const message = `Query's end date and time is either before the log groups creation time or exceeds the log groups log retention settings ([0,${query.length}])`
  throw malformed(message, 0, query.length)
}

export const maxQueryGroups = quotas.logs.queryLogGroups
