import type {CloudWatchLogsClient, FilterLogEventsCommandInput} from '@aws-sdk/client-cloudwatch-logs'
import type {Aws} from '../../../../src/services/aws/connect.ts'
import {noClients} from '../../../../src/services/aws/no-clients.ts'
import {createRateBudget, type RateBudget} from '../../../../src/services/aws/rate-budget.ts'
import type {SourcedEvent} from '../../../../src/services/logs/log-event.ts'
import type {LogSource} from '../../../../src/services/logs/source.ts'
import type {FakeClock} from './fake-clock.ts'
import type {FakeLiveTail} from './fake-live-tail.ts'

export type FakeEvent = {
  readonly timestamp: number
  readonly eventId: string
  /** the event's timestamp, where not given */
  readonly ingestionTime?: number
  /** from when on the server shows it; its ingestion time, where not given */
  readonly visibleAt?: number
  readonly logStream?: string
  readonly message?: string
}

type Call = {
  readonly logGroup: string
  readonly input: FilterLogEventsCommandInput
  /** epoch ms on the reader's clock, when it was sent */
  readonly at: number
  /** which of the group's calls it is, from 1 */
  readonly nth: number
}

/**
 * What a group does with a call before it looks at its events: nothing, an error, a short page, or the token it was sent,
 * with no events or with those that it would have answered.
 */
type Quirk = Error | {readonly atMost: number} | 'repeat token' | 'repeat page' | undefined

export type FakeGroup = {
  /** events of one timestamp and ingestion time come in this order, which stands for that of their PutLogEvents requests */
  readonly events: readonly FakeEvent[]
  readonly quirk?: (call: Call) => Quirk
  /** how long the answer takes */
  readonly latencyMs?: (call: Call) => number
}

export type FakeOptions = {
  readonly clock: FakeClock
  readonly budget: RateBudget
  readonly pageEvents?: number
  readonly pageBytes?: number
  readonly latencyMs?: number
  /** how far AWS's clock is ahead of the reader's */
  readonly serverAheadMs?: number
  readonly ignoresStartFromHead?: boolean
  /** what answers StartLiveTail */
  readonly live?: FakeLiveTail
  /** answers as objects, as the SDK's own protocol would, and not as bytes */
  readonly modelled?: boolean
}

export type FakeAws = Aws & {
  readonly fakeClock: FakeClock
  readonly calls: readonly Call[]
  /** operations asked for, other than FilterLogEvents */
  readonly otherOperations: readonly string[]
  readonly inFlight: number
  source(logGroup: string, differing?: Partial<LogSource>): LogSource
  readonly sources: readonly LogSource[]
}

type Token = {readonly request: string; readonly next: number; readonly madeAt: number}
export type Stored = Required<FakeEvent>

const dayMs = 86_400_000
const newestFirstSince = Date.UTC(2024, 0, 1)

export function awsError(name: string, message: string, httpStatusCode = 400): Error {
  errors++
  return Object.assign(new Error(message), {name, $metadata: {httpStatusCode, requestId: `request-${errors}`}})
}
let errors = 0

export const expiredCredentials = (): Error => awsError('ExpiredTokenException', 'The security token is expired', 400)
export const rateExceeded = (): Error => awsError('ThrottlingException', 'Rate exceeded')
export const noSuchGroup = (): Error => awsError('ResourceNotFoundException', 'The specified log group does not exist.')
export const accessDenied = (): Error =>
  awsError('AccessDeniedException', 'User: … is not authorized to perform: logs:FilterLogEvents')

/** AWS with these log groups, as far as FilterLogEvents goes. */
export function fakeAws(groups: Readonly<Record<string, FakeGroup>>, options: FakeOptions): FakeAws {
  const {clock, budget, pageEvents = 10_000, pageBytes = 2 ** 20, latencyMs = 20, serverAheadMs = 0} = options
  const stored = new Map(Object.entries(groups).map(([name, {events}]) => [name, inAwsOrder(events)]))
  const tokens = new Map<string, Token>()
  const calls: Call[] = []
  const counts = new Map<string, number>()
  const otherOperations: string[] = []
  let inFlight = 0
  const serverNow = (): number => clock.now() + serverAheadMs

  const answer = (call: Call): {events: readonly Stored[]; nextToken: string | undefined} => {
    const {input, logGroup} = call
    const quirk = groups[logGroup]?.quirk?.(call)
    if (quirk instanceof Error) throw quirk
    const events = stored.get(logGroup)
    if (!events) throw noSuchGroup()
    const descending = input.startFromHead === false && !options.ignoresStartFromHead
    const start = input.startTime ?? 0
    if (descending && start < newestFirstSince)
      throw awsError('InvalidParameterException', 'startFromHead=false needs a startTime from 2024-01-01 on')
    const end = input.endTime ?? Number.POSITIVE_INFINITY
    const request = JSON.stringify({...input, nextToken: undefined})
    const token = input.nextToken === undefined ? undefined : tokens.get(input.nextToken)
    if (input.nextToken !== undefined && (token?.request !== request || serverNow() - token.madeAt > dayMs))
      throw awsError('InvalidParameterException', 'The specified nextToken is invalid.')
    if (quirk === 'repeat token' && input.nextToken !== undefined) return {events: [], nextToken: input.nextToken}

    const wanted = (event: Stored): boolean =>
      event.visibleAt <= serverNow() &&
      (!input.filterPattern || event.message.includes(input.filterPattern)) &&
      (!input.logStreamNames || input.logStreamNames.includes(event.logStream))
    const most = Math.min(pageEvents, input.limit ?? 10_000, typeof quirk === 'object' ? quirk.atMost : 10_000)
    const page: Stored[] = []
    let bytes = 0
    let at = token?.next ?? (descending ? firstAfter(events, end) - 1 : firstAfter(events, start - 1))
    let full = most === 0
    for (; !full; at += descending ? -1 : 1) {
      const event = events[at]
      if (!event || event.timestamp > end || event.timestamp < start) break
      if (!wanted(event)) continue
      bytes += event.message.length + 26
      if (bytes > pageBytes && page.length > 0) {
        full = true
        break
      }
      page.push(event)
      full = page.length >= most
    }
    if (quirk === 'repeat page' && input.nextToken !== undefined) return {events: page, nextToken: input.nextToken}
    if (!full) return {events: page, nextToken: undefined}
    const nextToken = `token/${tokens.size + 1}=`
    tokens.set(nextToken, {request, next: at, madeAt: serverNow()})
    return {events: page, nextToken}
  }

  const send = async (
    command: {readonly input: FilterLogEventsCommandInput},
    {abortSignal}: {readonly abortSignal?: AbortSignal} = {},
  ): Promise<unknown> => {
    const logGroup = command.input.logGroupName ?? ''
    if (command.constructor.name === 'StartLiveTailCommand' && options.live)
      return options.live.start(command.input, stored, serverNow, abortSignal)
    if (command.constructor.name !== 'FilterLogEventsCommand') {
      otherOperations.push(command.constructor.name)
      throw awsError('UnknownOperationException', command.constructor.name)
    }
    const nth = (counts.get(logGroup) ?? 0) + 1
    counts.set(logGroup, nth)
    const call = {logGroup, input: command.input, at: clock.now(), nth}
    calls.push(call)
    inFlight++
    try {
      await clock.sleep(groups[logGroup]?.latencyMs?.(call) ?? latencyMs, abortSignal).catch(() => {
        throw Object.assign(new Error('Request aborted'), {name: 'AbortError'})
      })
      const {events, nextToken} = answer(call)
      const output = {events: events.map(asAnswered), nextToken, searchedLogStreams: []}
      if (options.modelled) return {...output, $metadata: {}}
      return {
        rawPage: Buffer.from(JSON.stringify(output)),
        serverDate: new Date(serverNow()).toUTCString(),
        $metadata: {},
      }
    } finally {
      inFlight--
    }
  }

  // a page that is asked for passes here, then through the budget: in between there is work that time waits for
  const begun: (() => void)[] = []
  const scope = {account: '123456789012', region: 'eu-west-1', profile: null, endpoint: 'custom'} as const
  const aws: FakeAws = {
    ...noClients('only CloudWatch Logs is here'),
    scope,
    foreignOrigins: [],
    clock,
    fakeClock: clock,
    budget: {
      ...budget,
      read(api, call, readOptions) {
        begun.shift()?.()
        return budget.read(api, call, readOptions)
      },
    },
    async logs() {
      begun.push(clock.begin())
      return {send} as unknown as CloudWatchLogsClient
    },
    calls,
    otherOperations,
    get inFlight() {
      return inFlight
    },
    source: (logGroup, differing) => sourceOf(aws, logGroup, differing),
    get sources() {
      return Object.keys(groups).map(name => aws.source(name))
    },
  }
  return aws
}

/** A Standard log group of this account, read whole. */
export function sourceOf(aws: Aws, logGroup: string, differing: Partial<LogSource> = {}): LogSource {
  return {
    aws,
    scope: aws.scope,
    logGroup,
    logGroupClass: 'STANDARD',
    functions: [],
    only: null,
    mayBeMissing: false,
    ...differing,
  }
}

/** A budget that lets everything pass at once and says how much more it would like. */
export function openBudget(spare: number): RateBudget {
  const none = {calls: 0, throttles: 0, retries: 0}
  return {
    async read(_api, call, {signal} = {}) {
      signal?.throwIfAborted()
      return call(signal)
    },
    async write(_api, call, {signal} = {}) {
      signal?.throwIfAborted()
      return call()
    },
    spare: () => spare,
    numbers: () => ({...none, ratePerSecond: 100}),
    total: () => none,
  }
}

/** The real budget, for this quota. */
export function quotaBudget(clock: FakeClock, quota: number): RateBudget {
  return createRateBudget({clock, random: () => 0.5, quota: () => quota})
}

/** What a reader has to give for these groups, by brute force: `timestamp id` in the contract's order. */
export function expected(
  groups: Readonly<Record<string, FakeGroup>>,
  {start = 0, end = Number.POSITIVE_INFINITY}: {readonly start?: number; readonly end?: number} = {},
): string[] {
  return Object.entries(groups)
    .flatMap(([name, {events}]) => inAwsOrder(events).map(event => ({name, ...event})))
    .filter(({timestamp}) => timestamp >= start && timestamp <= end)
    .sort(
      (a, b) =>
        a.timestamp - b.timestamp ||
        a.ingestionTime - b.ingestionTime ||
        byText(a.name, b.name) ||
        byText(a.logStream, b.logStream) ||
        byText(a.eventId, b.eventId),
    )
    .map(({timestamp, eventId}) => `${timestamp} ${eventId}`)
}

/** Events as `timestamp id`, to compare with `expected`. */
export const told = (events: Iterable<SourcedEvent>): string[] =>
  [...events].map(({timestamp, eventId}) => `${timestamp} ${eventId}`)

/** The same uniform numbers in [0, 1) for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** `count` events at even distances. */
export function evenly(
  count: number,
  {from, stepMs, id = 'e'}: {from: number; stepMs: number; id?: string},
): FakeEvent[] {
  return Array.from({length: count}, (_, i) => ({timestamp: from + i * stepMs, eventId: `${id}${i}`}))
}

function inAwsOrder(events: readonly FakeEvent[]): Stored[] {
  return events
    .map(event => ({
      ingestionTime: event.timestamp,
      visibleAt: event.ingestionTime ?? event.timestamp,
      logStream: 'stream',
      message: `message of ${event.eventId}`,
      ...event,
    }))
    .sort((a, b) => a.timestamp - b.timestamp || a.ingestionTime - b.ingestionTime)
}

function firstAfter(events: readonly Stored[], time: number): number {
  let low = 0
  let high = events.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((events[middle] as Stored).timestamp <= time) low = middle + 1
    else high = middle
  }
  return low
}

const asAnswered = ({logStream, timestamp, message, ingestionTime, eventId}: Stored) => ({
  logStreamName: logStream,
  timestamp,
  message,
  ingestionTime,
  eventId,
})

const byText = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1)
