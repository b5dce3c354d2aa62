import {createHash} from 'node:crypto'
import type {
  LiveTailSessionLogEvent,
  LiveTailSessionStart,
  LiveTailSessionUpdate,
} from '@aws-sdk/client-cloudwatch-logs'
import quotas from '../../../data/quotas.json' with {type: 'json'}
import {ServiceError} from '../../wire/service-error.ts'
import type {SandboxLogEvent} from '../../world/world.ts'
import type {Context} from '../context.ts'
import {matcherOf} from './filter-log-events.ts'
import {exceptionTexts, type LiveFaults, liveFaultsOf} from './live-faults.ts'
import {
  invalidParameter,
  logGroupArn,
  logGroupNameOf,
  requireLogGroup,
  requireStandardClass,
} from './log-group-names.ts'

export type LiveTailRequest = {
  readonly logGroupIdentifiers: readonly string[]
  readonly logStreamNames?: readonly string[] | undefined
  readonly logStreamNamePrefixes?: readonly string[] | undefined
  readonly logEventFilterPattern?: string | undefined
}

/** How results name their group: AWS's documentation says name or ARN, and what it sends is `account:name`. */
export type LogGroupForm = 'account-name' | 'arn' | 'name'

type LiveTailEvent = {readonly sessionStart: LiveTailSessionStart} | {readonly sessionUpdate: LiveTailSessionUpdate}

type Session = {
  readonly start: LiveTailSessionStart
  /** names of log groups, each once */
  readonly groups: readonly string[]
  readonly matches: (event: SandboxLogEvent) => boolean
  readonly faults: LiveFaults
}

const {liveTailEventsPerSecond: mostEvents, liveTailSessionMinutes} = quotas.logs
const updateMs = 1000
// What a client does not fetch in time is kept for it this long, and then lost, the oldest first.
const keptUpdates = 10

/**
 * StartLiveTail: what is ingested into up to ten groups from now on, an update a second, empty ones too.
 * An update holds at most 500 events, else an even choice of 500; after three hours the session ends.
 * @throws ServiceError before the stream begins for a request AWS would refuse; from the stream SessionTimeoutException
 */
export async function startLiveTail(
  input: LiveTailRequest,
  context: Context,
): Promise<{responseStream: AsyncIterable<LiveTailEvent>}> {
  const groups = new Set(input.logGroupIdentifiers.map(identifier => tailedGroup(identifier, context)))
  checkStreams(input, groups.size)
  const matchesText = await matcherOf(input.logEventFilterPattern ?? '')
  const {region, requestId, ongoing} = context
  ongoing.sessions.open(region, ongoing.signal)
  const session: Session = {
    start: {
      requestId,
      sessionId: sessionIdOf(requestId),
      logGroupIdentifiers: [...input.logGroupIdentifiers],
      logStreamNames: [...(input.logStreamNames ?? [])],
      logStreamNamePrefixes: [...(input.logStreamNamePrefixes ?? [])],
      ...(input.logEventFilterPattern !== undefined && {logEventFilterPattern: input.logEventFilterPattern}),
    },
    groups: [...groups],
    matches: event => isInStreams(input, event.logStream) && matchesText(event.message),
    faults: liveFaultsOf(ongoing.faults),
  }
  return {responseStream: runSession(session, context)}
}

async function* runSession(session: Session, context: Context): AsyncGenerator<LiveTailEvent> {
  const {clock, tick} = context.ongoing
  const {faults} = session
  const startedAt = clock()
  yield {sessionStart: session.start}
  let since = startedAt
  for (let number = 1; ; number++) {
    const early = since + updateMs - clock()
    if (early > 0) await tick(early)
    await faults.before(number, context.ongoing)
    const now = clock()
    if (now - startedAt >= liveTailSessionMinutes * 60_000)
      throw new ServiceError('SessionTimeoutException', exceptionTexts.SessionTimeoutException)
    since = Math.max(since, now - keptUpdates * updateMs)
    // The millisecond that is not over yet belongs to the next update.
    const until = Math.max(since, Math.min(now, since + updateMs))
    const events = ingested(session, context, since, until)
    since = until
    const update = {sessionUpdate: updateOf(events, faults.kept(number))}
    for (let copies = faults.copies(number); copies > 0; copies--) yield update
  }
}

/** Matching events that were ingested in [since, until), as the session's results, in that order. */
function ingested(session: Session, context: Context, since: number, until: number): LiveTailSessionLogEvent[] {
  const results = session.groups.flatMap(group => {
    const logGroupIdentifier = identifierOf(context, group)
    return context.world
      .ingestedEvents(group, since, until)
      .filter(session.matches)
      .map(({logStream, message, timestamp, ingestionTime}) => ({
        logStreamName: logStream,
        logGroupIdentifier,
        message,
        timestamp,
        ingestionTime,
      }))
  })
  return results.sort((a, b) => a.ingestionTime - b.ingestionTime)
}

/** @param kept how many events are kept at most where a fault says so; sampled then in any case */
function updateOf(events: LiveTailSessionLogEvent[], kept: number | undefined): LiveTailSessionUpdate {
  const most = Math.min(kept ?? mostEvents, mostEvents)
  return {
    sessionMetadata: {sampled: kept !== undefined || events.length > most},
    sessionResults:
      events.length > most
        ? events.filter(
            (_, place) => Math.floor((place * most) / events.length) < Math.floor(((place + 1) * most) / events.length),
          )
        : events,
  }
}

/** The name of a group that is asked for by ARN. */
function tailedGroup(identifier: string, context: Context): string {
  if (!identifier.startsWith('arn:') || identifier.endsWith('*'))
    throw invalidParameter(
      `The log group identifier '${identifier}' is invalid: it must be the ARN of a log group, and must not end with an asterisk.`,
    )
  const group = requireLogGroup(context, {logGroupIdentifier: identifier})
  requireStandardClass(group, 'StartLiveTail')
  return logGroupNameOf(identifier)
}

function checkStreams({logStreamNames, logStreamNamePrefixes}: LiveTailRequest, groups: number): void {
  if (logStreamNames && logStreamNamePrefixes)
    throw invalidParameter('LogStreamNames and LogStreamNamePrefixes are mutually exclusive parameters.')
  if ((logStreamNames ?? logStreamNamePrefixes) && groups !== 1)
    throw invalidParameter('Log streams can be specified only together with exactly one log group.')
}

function isInStreams({logStreamNames, logStreamNamePrefixes}: LiveTailRequest, stream: string): boolean {
  if (logStreamNames) return logStreamNames.includes(stream)
  return logStreamNamePrefixes?.some(prefix => stream.startsWith(prefix)) ?? true
}

function identifierOf(context: Context, group: string): string {
  switch (context.ongoing.logGroupForm) {
    case 'account-name':
      return `${context.world.account}:${group}`
    case 'arn':
      return logGroupArn(context, group)
    case 'name':
      return group
  }
}

function sessionIdOf(requestId: string): string {
  const hex = createHash('sha256').update(requestId).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `b${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}
