import {readFileSync} from 'node:fs'
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import {createServer as createSecureServer} from 'node:https'
import type {Socket} from 'node:net'
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
import {eventsOfGroup, type PeerLogShape, peerLog} from './peer-log.ts'
import {describeLogStreams, getLogEvents, type ServedEvent} from './peer-streams.ts'
import {groupName} from './synthetic-log.ts'

/** What the peer server has seen since it was last asked. */
export type PeersSeen = {
  readonly filterCalls: number
  readonly listings: number
  readonly throttles: number
}

export type PeerServerOptions = PeerLogShape & {
  readonly latencyMs: number
  /** FilterLogEvents a second; null: as many as come */
  readonly callsPerSecond: number | null
  /** a token shows only what was there when its read began, as awslogs' users report; else what is there now */
  readonly spentTokens: boolean
  /** where the certificate of logs.eu-west-1.amazonaws.com lies, for those who come by CONNECT */
  readonly tls: {readonly key: string; readonly cert: string} | null
}

/** FilterLogEvents answers at most 10,000 events and 1 MB a page; AWS counts 26 bytes for each event beside its message. */
const mostEvents = 10_000
const mostBytes = 2 ** 20
/** of the reads that begin, each so-manieth gets an empty page with a token first, as AWS gives them */
const emptyPageEvery = 5

/**
 * Answers what tools that read logs ask of CloudWatch Logs, over a log whose truth is known; an event is shown from its
 * ingestion time on. `GET /seen` tells what it saw and starts counting anew. Prints its port when it listens.
 */
function serve({latencyMs, callsPerSecond, spentTokens, tls, ...shape}: PeerServerOptions): void {
  const log = peerLog(shape)
  const groups = new Map(
    Array.from({length: shape.groups}, (_, group) => [
      groupName(group),
      eventsOfGroup(log, group).map(event => ({...event, text: textOfEvent(event)})),
    ]),
  )
  const takesTurn = tokenBucket(callsPerSecond)
  let seen = {filterCalls: 0, listings: 0, throttles: 0}
  let readsBegun = 0

  const filterLogEvents = (input: FilterInput, events: readonly ServedEvent[]): Answer => {
    if (input.filterPattern || input.startFromHead === false)
      return failure('InvalidParameterException', 'The peer server knows no patterns and no newest-first order.')
    const {startTime = 0, endTime = Number.POSITIVE_INFINITY, logStreamNames, logStreamNamePrefix = ''} = input
    if ((logStreamNames?.length ?? 0) > 100)
      return failure('InvalidParameterException', 'At most 100 log stream names are allowed.')
    const streams = logStreamNames && new Set(logStreamNames)
    const now = Date.now()
    // a token tells where to go on, and when its read began
    const [place, begunAt = now] = input.nextToken?.split('.').map(Number) ?? []
    let at = place ?? indexAt(events, startTime)
    const shownUpTo = spentTokens ? begunAt : now
    if (input.nextToken === undefined && readsBegun++ % emptyPageEvery === emptyPageEvery - 1)
      return json({events: [], nextToken: `${at}.${begunAt}`, searchedLogStreams: []})

    const texts: string[] = []
    const most = Math.min(input.limit ?? mostEvents, mostEvents)
    let bytes = 0
    let nextToken = ''
    for (; at < events.length; at++) {
      const event = events[at] as ServedEvent
      if (event.timestamp > endTime) break
      // both ends are inclusive
      if (event.timestamp < startTime || event.ingestionTime > shownUpTo) continue
      if ((streams && !streams.has(event.stream)) || !event.stream.startsWith(logStreamNamePrefix)) continue
      if (texts.length === most || bytes + event.text.length > mostBytes) {
        nextToken = `"nextToken":"${at}.${begunAt}",`
        break
      }
      bytes += event.text.length
      texts.push(event.text)
    }
    return {status: 200, body: `{"events":[${texts.join(',')}],${nextToken}"searchedLogStreams":[]}`}
  }

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const {pathname, searchParams} = new URL(request.url ?? '/', 'http://localhost')
    const operation = String(request.headers['x-amz-target'] ?? '').replace('Logs_20140328.', '')
    const body = await textOf(request)
    if (latencyMs > 0) await delay(latencyMs)
    if (pathname.startsWith('/2015-03-31/functions'))
      return json(listFunctions(shape.groups, searchParams.get('Marker')))
    if (body.includes('Action=GetCallerIdentity')) return {status: 200, body: callerIdentity}
    if (operation === 'FilterLogEvents') seen.filterCalls++
    else seen.listings++
    if (operation === 'DescribeLogGroups' || operation === 'ListLogGroups')
      return json(logGroups(shape.groups, JSON.parse(body)))
    if (operation === 'FilterLogEvents' && !takesTurn(Date.now())) {
      seen.throttles++
      return failure('ThrottlingException', 'Rate exceeded')
    }
    const input = JSON.parse(body || '{}') as FilterInput
    const events = groups.get(input.logGroupName ?? '')
    if (!events) return failure('ResourceNotFoundException', 'The specified log group does not exist.')
    if (operation === 'FilterLogEvents') return filterLogEvents(input, events)
    const now = Date.now()
    const visible = events.filter(({ingestionTime}) => ingestionTime <= now)
    if (operation === 'DescribeLogStreams') return describeLogStreams(visible, input)
    if (operation === 'GetLogEvents') return getLogEvents(visible, input)
    return failure('UnknownOperationException', `The peer server does not know ${operation || pathname}.`)
  }

  const respond = (request: IncomingMessage, response: ServerResponse): void => {
    if (request.url === '/seen') {
      response.end(JSON.stringify(seen))
      seen = {filterCalls: 0, listings: 0, throttles: 0}
      return
    }
    answer(request).then(
      ({status, body}) => {
        const type = body === callerIdentity ? 'text/xml' : 'application/x-amz-json-1.1'
        response.writeHead(status, {'content-type': type, 'content-length': Buffer.byteLength(body)})
        response.end(body)
      },
      error => response.writeHead(500).end(String(error)),
    )
  }

  const server = createServer(respond)
  server.keepAliveTimeout = 60_000
  if (tls) {
    const secure = createSecureServer({key: readFileSync(tls.key), cert: readFileSync(tls.cert)}, respond)
    secure.keepAliveTimeout = 60_000
    // whatever is asked for, it is answered here
    server.on('connect', (_request: IncomingMessage, socket: Socket) => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      secure.emit('connection', socket)
    })
  }
  serveForStarter(server)
}

function textOfEvent({id, stream, timestamp, message, ingestionTime}: Omit<ServedEvent, 'text'>): string {
  const eventId = `38${timestamp}${String(id).padStart(41, '7')}`
  return JSON.stringify({logStreamName: stream, timestamp, message, ingestionTime, eventId})
}

/** Index of the first event at or after a time. */
function indexAt(events: readonly ServedEvent[], time: number): number {
  let low = 0
  let high = events.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((events[middle] as ServedEvent).timestamp < time) low = middle + 1
    else high = middle
  }
  return low
}

serve(JSON.parse(parseArgs({allowPositionals: true}).positionals[0] ?? '') as PeerServerOptions)
