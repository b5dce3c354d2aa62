import {ask} from '../aws/ask.ts'
import {sdk} from '../aws/sdk.ts'
import type {InsightsQuery} from './start-query.ts'

/** AWS's clock and this one may differ by so much */
const clockSlackMs = 60_000

/**
 * The id of a query that was started although its answer was lost; null where none runs. It is known by its text and
 * times: DescribeQueries shows it as `SOURCE "group" START=… END=… | <the query>`.
 * @throws what AWS said
 */
export async function findStartedQuery(
  query: InsightsQuery,
  {askedAt, ours, signal}: {readonly askedAt: number; readonly ours: ReadonlySet<string>; readonly signal: AbortSignal},
): Promise<string | null> {
  const {aws, queryString, logGroups, startTime, endTime} = query
  const client = await aws.logs()
  const {DescribeQueriesCommand} = sdk.logs()
  for (const status of ['Running', 'Scheduled', 'Complete'] as const) {
    const command = new DescribeQueriesCommand({status, maxResults: 1000})
    const {queries = []} = await ask(aws, 'DescribeQueries', options => client.send(command, options), signal)
    const found = queries.find(({queryId, queryString: text = '', createTime = 0}) => {
      if (!queryId || ours.has(queryId) || createTime < askedAt - clockSlackMs) return false
      if (!text.endsWith(queryString)) return false
      const head = text.slice(0, text.length - queryString.length)
      const [first] = logGroups ?? []
      if (first !== undefined && head.includes('"') && !head.includes(first)) return false
      const times = /\bSTART=(\d+) END=(\d+)/.exec(head)
      return times === null || (secondsOf(times[1]) === startTime && secondsOf(times[2]) === endTime)
    })
    if (found?.queryId) return found.queryId
  }
  return null
}

const secondsOf = (ms: string | undefined): number => Math.floor(Number(ms) / 1000)
