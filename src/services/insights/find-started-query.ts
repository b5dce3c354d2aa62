import {ask} from '../aws/ask.ts'
import {sdk} from '../aws/sdk.ts'
import type {InsightsQuery} from './start-query.ts'

/** AWS's clock and this one may differ by so much */
const clockSlackMs = 60_000

/** `unclear`: one runs that may be ours as well as somebody else's */
type Found = {readonly queryId: string} | 'unclear' | null

/**
 * A query that was started although its answer was lost; null where none runs. It is known by its mark, text and times:
 * DescribeQueries shows it as `SOURCE "group" START=… END=… | <the query>`. In an account of AWS, one that has no mark may be
 * a colleague's, which is not to be stopped with ours.
 * @param mark what was put behind the query
 * @throws what AWS said
 */
export async function findStartedQuery(
  query: InsightsQuery,
  {
    mark,
    askedAt,
    ours,
    signal,
  }: {
    readonly mark: string
    readonly askedAt: number
    readonly ours: ReadonlySet<string>
    readonly signal: AbortSignal
  },
): Promise<Found> {
  const {aws, queryString} = query
  const client = await aws.logs()
  const {DescribeQueriesCommand} = sdk.logs()
  let isUnclear = false
  for (const status of ['Running', 'Scheduled', 'Complete'] as const) {
    const command = new DescribeQueriesCommand({status, maxResults: 1000})
    const {queries = []} = await ask(aws, 'DescribeQueries', options => client.send(command, options), signal)
    const recent = queries.filter(
      ({queryId, createTime = 0}) => queryId && !ours.has(queryId) && createTime >= askedAt - clockSlackMs,
    )
    const same = (text: string) => recent.find(({queryString = ''}) => isQuery(queryString, text, query))?.queryId
    const queryId = mark !== '' || aws.scope.endpoint !== 'aws' ? same(queryString + mark) : undefined
    if (queryId) return {queryId}
    isUnclear ||= same(queryString) !== undefined
  }
  return isUnclear ? 'unclear' : null
}

/** Whether what DescribeQueries shows is this text over a query's log groups and times. */
function isQuery(shown: string, text: string, {logGroups, startTime, endTime}: InsightsQuery): boolean {
  if (!shown.endsWith(text)) return false
  const head = shown.slice(0, shown.length - text.length)
  const [first] = logGroups ?? []
  if (first !== undefined && head.includes('"') && !head.includes(first)) return false
  const times = /\bSTART=(\d+) END=(\d+)/.exec(head)
  return times === null || (secondsOf(times[1]) === startTime && secondsOf(times[2]) === endTime)
}

const secondsOf = (ms: string | undefined): number => Math.floor(Number(ms) / 1000)
