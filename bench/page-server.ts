import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import {setTimeout as delay} from 'node:timers/promises'
import {parseArgs} from 'node:util'
import {
  type Answer,
  callerIdentity,
  type FilterInput,
  failure,
  json,
  listFunctions,
  logGroups,
  serveForStarter,
  textOf,
  tokenBucket,
} from './aws-answers.ts'
import {groupName, type LogShape, syntheticLog} from './synthetic-log.ts'

/** What the server has seen since it was last asked; times in epoch ms with fractions. */
export type Seen = {
  readonly firstRequestAt: number | null
  readonly requests: number
  readonly pages: number
  readonly events: number
  readonly bytes: number
  /** FilterLogEvents asked in each second after the first, and how many of them were refused */
  readonly calls: readonly number[]
  readonly throttles: readonly number[]
  readonly firstPageAskedAt: number | null
  readonly lastAnswerAt: number | null
  /** CPU time that the server itself took */
  readonly cpuMs: number
}

export type ServerOptions = LogShape & {
  readonly latencyMs: number
  /** FilterLogEvents a second; null: as many as come */
  readonly callsPerSecond: number | null
}

/**
 * Answers FilterLogEvents over a synthetic log, as far as a reader can tell like CloudWatch Logs, and the few listings
 * a reader needs before it. `GET /seen` tells what it saw and starts counting anew. Prints its port when it listens.
 */
function serve({sizes, start, end, latencyMs, callsPerSecond}: ServerOptions): void {
  const log = syntheticLog({sizes, start, end})
  const groups = new Map(sizes.map((_, group) => [groupName(group), group]))
  const takesTurn = tokenBucket(callsPerSecond)
  let seen = emptySeen()

  const filterLogEvents = (input: FilterInput): Answer => {
    const group = groups.get(input.logGroupName ?? '')
    if (group === undefined) return failure('ResourceNotFoundException', 'The specified log group does not exist.')
    if (input.filterPattern || input.logStreamNames || input.startFromHead === false)
      return failure('InvalidParameterException', 'The page server knows no filters and no newest-first order.')
    // both ends inclusive; a token is good for its own group and window only
    const window = `${group}.${input.startTime ?? 0}.${input.endTime ?? ''}`
    let from: number
    if (input.nextToken) {
      const cut = input.nextToken.lastIndexOf('.')
      if (input.nextToken.slice(0, cut) !== window)
        return failure('InvalidParameterException', 'The specified nextToken is invalid.')
      from = Number(input.nextToken.slice(cut + 1))
    } else from = log.indexAt(group, input.startTime ?? 0)
    const to = input.endTime === undefined ? (sizes[group] ?? 0) : log.indexAt(group, input.endTime + 1)
    const page = log.page(group, {from, to, limit: input.limit ?? 10_000}, index => `${window}.${index}`)
    seen.pages++
    seen.events += page.events
    seen.bytes += page.body.length
    return {status: 200, body: page.body}
  }

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const {pathname, searchParams} = new URL(request.url ?? '/', 'http://localhost')
    const target = String(request.headers['x-amz-target'] ?? '')
    const body = await textOf(request)
    if (pathname === '/2015-03-31/functions' || pathname === '/2015-03-31/functions/')
      return json(listFunctions(sizes.length, searchParams.get('Marker')))
    if (target === 'Logs_20140328.DescribeLogGroups') return json(logGroups(sizes.length, JSON.parse(body)))
    if (target === 'Logs_20140328.ListLogGroups') return json(logGroups(sizes.length, JSON.parse(body)))
    if (body.includes('Action=GetCallerIdentity')) return {status: 200, body: callerIdentity}
    if (target !== 'Logs_20140328.FilterLogEvents')
      return failure('UnknownOperationException', `The page server does not know ${target || pathname}.`)

    const askedAt = now()
    seen.firstPageAskedAt ??= askedAt
    const second = Math.floor((askedAt - seen.firstPageAskedAt) / 1000)
    for (const counts of [seen.calls, seen.throttles]) while (counts.length <= second) counts.push(0)
    seen.calls[second] = (seen.calls[second] ?? 0) + 1
    const allowed = takesTurn(askedAt)
    if (latencyMs > 0) await delay(latencyMs)
    if (allowed) return filterLogEvents(JSON.parse(body) as FilterInput)
    seen.throttles[second] = (seen.throttles[second] ?? 0) + 1
    return failure('ThrottlingException', 'Rate exceeded')
  }

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const arrivedAt = now()
    if (request.url === '/seen') {
      const {user, system} = process.cpuUsage()
      const cpuMs = (user + system) / 1000
      response.end(JSON.stringify({...seen, cpuMs: cpuMs - seen.cpuMs}))
      seen = {...emptySeen(), cpuMs}
      return
    }
    seen.requests++
    seen.firstRequestAt ??= arrivedAt
    answer(request).then(
      ({status, body}) => {
        response.writeHead(status, {
          'content-type': 'application/x-amz-json-1.1',
          'content-length': Buffer.byteLength(body),
        })
        response.end(body)
        seen.lastAnswerAt = now()
      },
      error => response.writeHead(500).end(String(error)),
    )
  })
  server.keepAliveTimeout = 60_000
  serveForStarter(server)
}

const now = (): number => performance.timeOrigin + performance.now()
const emptySeen = (): {-readonly [Key in keyof Seen]: Seen[Key]} & {calls: number[]; throttles: number[]} => ({
  firstRequestAt: null,
  requests: 0,
  pages: 0,
  events: 0,
  bytes: 0,
  calls: [],
  throttles: [],
  firstPageAskedAt: null,
  lastAnswerAt: null,
  cpuMs: 0,
})

serve(JSON.parse(parseArgs({allowPositionals: true}).positionals[0] ?? '') as ServerOptions)
