import type {CloudWatchLogsClient} from '@aws-sdk/client-cloudwatch-logs'
import type {Aws} from '../../../src/services/aws/connect.ts'
import {noClients} from '../../../src/services/aws/no-clients.ts'
import {createRateBudget} from '../../../src/services/aws/rate-budget.ts'
import type {LogSource} from '../../../src/services/logs/source.ts'
import {createFakeClock, type FakeClock} from '../logs/reader/fake-clock.ts'
import {awsError, sourceOf} from '../logs/reader/fake-log-groups.ts'

export type StoredEvent = {readonly timestamp: number; readonly message: string; readonly logStream?: string}

type Asked = {
  readonly operation: string
  readonly input: Record<string, unknown>
  readonly at: number
}

type Started = {
  readonly id: string
  readonly queryString: string
  readonly logGroups: readonly string[]
  readonly startTime: number
  readonly endTime: number
  readonly createTime: number
  readonly doneAt: number
  status: string
}

type Answered = {
  readonly fields: readonly {field: string; value: string}[][]
  readonly matched: number
  readonly scanned: number
}

export type FakeInsightsOptions = {
  readonly clock?: FakeClock
  /** how long a query runs */
  readonly runMs?: number
  readonly latencyMs?: number
  readonly quota?: number
  /** how many rows a query answers at most, whatever its limit */
  readonly mostRows?: number
  /** the last second of a query includes its milliseconds */
  readonly endIncludesMs?: boolean
  /** what happens to a call before it is looked at; an error with `after` is thrown although the query was started */
  readonly quirk?: (asked: Asked, nth: number) => (Error & {readonly after?: boolean}) | undefined
  /** what a query ends as */
  readonly statusOf?: (query: Started) => string
  /** what a query answers, when it does not ask for events */
  readonly answer?: (query: Started) => readonly Record<string, string>[]
}

export type FakeInsights = Aws & {
  readonly fakeClock: FakeClock
  readonly asked: readonly Asked[]
  readonly queries: readonly Started[]
  /** queries that run at AWS now */
  readonly running: readonly Started[]
  readonly mostRunning: number
  source(logGroup: string, differing?: Partial<LogSource>): LogSource
  readonly sources: readonly LogSource[]
}

const account = '123456789012'

/** AWS with these log groups, as far as Logs Insights goes. */
export function fakeInsights(
  groups: Readonly<Record<string, readonly StoredEvent[]>>,
  options: FakeInsightsOptions = {},
): FakeInsights {
  const {clock = createFakeClock(Date.UTC(2026, 10, 20, 14)), runMs = 900, latencyMs = 20} = options
  const asked: Asked[] = []
  const queries: Started[] = []
  const answers = new Map<string, Answered>()
  const counts = new Map<string, number>()
  let mostRunning = 0

  const isRunning = (query: Started): boolean => query.status === 'Running' && query.doneAt > clock.now()
  const running = (): Started[] => queries.filter(isRunning)
  const statusOf = (query: Started): string =>
    query.status !== 'Running' || isRunning(query) ? query.status : (options.statusOf?.(query) ?? 'Complete')

  const start = (input: Record<string, unknown>): {queryId: string} => {
    const logGroups = (input['logGroupNames'] as string[] | undefined) ?? Object.keys(groups)
    const missing = logGroups.find(name => !groups[name])
    if (missing !== undefined)
      throw awsError('ResourceNotFoundException', `Log group '${missing}' does not exist for account ID '${account}'`)
    if (logGroups.length > 50) throw awsError('InvalidParameterException', 'too many log groups')
    const query: Started = {
      id: `query-${queries.length + 1}`,
      queryString: String(input['queryString']),
      logGroups,
      startTime: Number(input['startTime']),
      endTime: Number(input['endTime']),
      createTime: clock.now(),
      doneAt: clock.now() + runMs,
      status: 'Running',
    }
    queries.push(query)
    mostRunning = Math.max(mostRunning, running().length)
    return {queryId: query.id}
  }

  const events = (query: Started): Answered => {
    const {queryString, startTime, endTime} = query
    const from = startTime * 1000
    const to = endTime * 1000 + (options.endIncludesMs === false ? 0 : 999)
    const [, low = '0', high = '1e15'] =
      /toMillis\(@timestamp\) >= (\d+) \| filter toMillis\(@timestamp\) <= (\d+)/.exec(queryString) ?? []
    const likes = [...queryString.matchAll(/@message (not )?like "([^"]*)"/g)]
    const isOr = / or @message/.test(queryString)
    const has = (message: string, like: RegExpExecArray): boolean =>
      message.includes(like[2] ?? '') !== (like[1] !== undefined)
    const inWindow = query.logGroups.flatMap(name =>
      (groups[name] ?? [])
        .map(event => ({name, ...event}))
        .filter(({timestamp}) => timestamp >= from && timestamp <= to),
    )
    const matched = inWindow
      .filter(({timestamp}) => timestamp >= Number(low) && timestamp <= Number(high))
      .filter(({message}) => (isOr ? likes.some(like => has(message, like)) : likes.every(like => has(message, like))))
      .sort((a, b) => a.timestamp - b.timestamp)
    const limit = Math.min(Number(/limit (\d+)/.exec(queryString)?.[1] ?? 10_000), options.mostRows ?? 100_000)
    const fields = matched.slice(0, limit).map(({name, timestamp, message, logStream = 's'}, i) => [
      {field: '@timestamp', value: insightsTime(timestamp)},
      {field: '@ingestionTime', value: insightsTime(timestamp)},
      {field: '@message', value: message},
      {field: '@logStream', value: logStream},
      {field: '@log', value: `${account}:${name}`},
      {field: '@ptr', value: `ptr-${name}-${i}`},
    ])
    return {fields, matched: matched.length, scanned: inWindow.length}
  }

  const answered = (query: Started): Answered => {
    const known = answers.get(query.id)
    if (known) return known
    const rows = options.answer?.(query)
    const made = rows
      ? {
          fields: rows.map(row => Object.entries(row).map(([field, value]) => ({field, value}))),
          matched: rows.length,
          scanned: rows.length,
        }
      : events(query)
    answers.set(query.id, made)
    return made
  }

  const results = (input: Record<string, unknown>) => {
    const query = queries.find(({id}) => id === input['queryId'])
    if (!query) throw awsError('ResourceNotFoundException', 'no such query')
    const status = statusOf(query)
    if (status !== 'Complete')
      return {status, results: [], statistics: {recordsMatched: 0, recordsScanned: 0, bytesScanned: 0}}
    const {fields, matched, scanned} = answered(query)
    const from = Number(input['nextToken'] ?? 0)
    const to = from + Math.min(10_000, Number(input['maxItems'] ?? 10_000))
    return {
      status,
      results: fields.slice(from, to),
      statistics: {
        recordsMatched: matched,
        recordsScanned: scanned,
        bytesScanned: scanned * 1000,
        logGroupsScanned: query.logGroups.length,
      },
      ...(to < fields.length && {nextToken: String(to)}),
    }
  }

  const stop = (input: Record<string, unknown>) => {
    const query = queries.find(({id}) => id === input['queryId'])
    if (!query || !isRunning(query)) throw awsError('InvalidParameterException', 'the query is not running')
    query.status = 'Cancelled'
    return {success: true}
  }

  const describe = (input: Record<string, unknown>) => ({
    queries: queries
      .filter(query => statusOf(query) === input['status'])
      .map(query => ({
        queryId: query.id,
        createTime: query.createTime,
        logGroupName: query.logGroups[0],
        queryString: `SOURCE ${query.logGroups.map(name => `"${name}"`).join(' ')} START=${query.startTime}000 END=${query.endTime}999 | ${query.queryString}`,
      })),
  })

  const operations: Record<string, (input: Record<string, unknown>) => unknown> = {
    StartQueryCommand: start,
    GetQueryResultsCommand: results,
    StopQueryCommand: stop,
    DescribeQueriesCommand: describe,
  }

  const send = async (
    command: {readonly input: Record<string, unknown>},
    {abortSignal}: {readonly abortSignal?: AbortSignal} = {},
  ): Promise<unknown> => {
    const operation = command.constructor.name
    const call = {operation: operation.replace('Command', ''), input: command.input, at: clock.now()}
    const nth = (counts.get(operation) ?? 0) + 1
    counts.set(operation, nth)
    asked.push(call)
    await clock.sleep(latencyMs, abortSignal).catch(() => {
      throw Object.assign(new Error('Request aborted'), {name: 'AbortError'})
    })
    const quirk = options.quirk?.(call, nth)
    if (quirk && !quirk.after) throw quirk
    const answer = operations[operation]?.(command.input)
    if (quirk) throw quirk
    if (!answer) throw awsError('UnknownOperationException', operation)
    return answer
  }

  const scope = {account, region: 'eu-west-1', profile: null, endpoint: 'custom'} as const
  const budget = createRateBudget({clock, random: () => 0.5, quota: () => options.quota ?? 100})
  const aws: FakeInsights = {
    ...noClients('only CloudWatch Logs is here'),
    scope,
    foreignOrigins: [],
    clock,
    fakeClock: clock,
    budget,
    logs: async () => ({send}) as unknown as CloudWatchLogsClient,
    asked,
    queries,
    get running() {
      return running()
    },
    get mostRunning() {
      return mostRunning
    },
    source: (logGroup, differing) => sourceOf(aws, logGroup, differing),
    get sources() {
      return Object.keys(groups).map(name => aws.source(name))
    },
  }
  return aws
}

/** `2026-11-20 14:02:11.482` */
const insightsTime = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').replace('Z', '')
