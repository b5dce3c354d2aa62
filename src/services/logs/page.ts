import type {FilterLogEventsCommandOutput} from '@aws-sdk/client-cloudwatch-logs'
import {UserError} from '../../errors.ts'
import type {RawPageOutput} from '../aws/lean-logs-protocol.ts'
import type {Priority} from '../aws/rate-bucket.ts'
import {sdk} from '../aws/sdk.ts'
import type {SourcedEvent} from './log-event.ts'
import type {LogSource} from './source.ts'

export type PageRequest = {
  /** epoch ms, both ends inclusive: FilterLogEvents' endTime is, GetLogEvents' is not */
  readonly startTime: number
  readonly endTime?: number | undefined
  readonly nextToken?: string | undefined
  readonly filterPattern?: string | undefined
  readonly logStreamNames?: readonly string[] | undefined
  /** 1 … 10,000 */
  readonly limit?: number | undefined
  /** newest first; refused by AWS for a startTime before 2024 and ignored by servers that do not know it */
  readonly newestFirst?: boolean | undefined
}

/** One answer of FilterLogEvents. It may be short or empty and still not be the last: only a null token ends a window. */
export type Page = {
  readonly nextToken: string | null
  /** size of the answer, which is what waiting for its turn costs */
  readonly bytes: number
  /** of the last event as answered, null when empty */
  readonly lastTimestamp: number | null
  /** AWS's clock when it answered, epoch ms to the second */
  readonly serverTime: number | null
  /** reads all events out; not to be asked for once `slices` has come to its end */
  events(): SourcedEvent[]
  /** the same, some at a time: what is not read yet stays bytes, and what is read can be gone before the rest */
  slices(): Iterator<SourcedEvent[]>
}

/** Reads one page of one log group under the rate budget. Throws what AWS said, untranslated. */
export async function readPage(
  source: LogSource,
  request: PageRequest,
  options: {readonly priority?: Priority; readonly signal: AbortSignal},
): Promise<Page> {
  const client = await source.aws.logs()
  const {FilterLogEventsCommand} = sdk.logs()
  const {newestFirst, logStreamNames, ...window} = request
  const input = {
    logGroupName: source.logGroup,
    // AWS does so anyway; servers that know an older AWS would answer stream by stream
    interleaved: true,
    ...window,
    ...(logStreamNames && {logStreamNames: [...logStreamNames]}),
    ...(newestFirst && {startFromHead: false}),
  }
  const output = await source.aws.budget.read(
    'FilterLogEvents',
    signal => client.send(new FilterLogEventsCommand(input), {...(signal && {abortSignal: signal})}),
    options,
  )
  const page = 'rawPage' in output ? rawPage(source, output as unknown as RawPageOutput) : modelledPage(source, output)
  await requireWhole(source, page, request, options)
  return page
}

/** FilterLogEvents answers at most so many events a page */
const mostEvents = 10_000
/** the least that so many events take */
const mostEventsBytes = mostEvents * 50

/**
 * A server that fills a page and gives no token for the rest would have it lost without a word.
 * @throws UserError when there is a rest
 */
async function requireWhole(
  source: LogSource,
  {nextToken, bytes, lastTimestamp, events}: Page,
  {endTime = Number.POSITIVE_INFINITY, ...request}: PageRequest,
  options: {readonly priority?: Priority; readonly signal: AbortSignal},
): Promise<void> {
  if (source.scope.endpoint !== 'custom' || nextToken !== null || request.limit !== undefined) return
  if (lastTimestamp === null || lastTimestamp >= endTime || bytes < mostEventsBytes) return
  if (events().length < mostEvents) return
  const behind = {...request, nextToken: undefined, startTime: lastTimestamp + 1, limit: 1}
  const rest = await readPage(source, Number.isFinite(endTime) ? {...behind, endTime} : behind, options)
  if (rest.lastTimestamp !== null)
    throw new UserError('the endpoint answered 10,000 events and no token for the rest', {
      hint: 'ask for a shorter time, or with --engine insights',
    })
}

type AnsweredEvent = NonNullable<FilterLogEventsCommandOutput['events']>[number]

function sourced(source: LogSource, events: readonly AnsweredEvent[]): SourcedEvent[] {
  return events.map(event => ({
    source,
    logStream: event.logStreamName ?? '',
    timestamp: event.timestamp ?? 0,
    ingestionTime: event.ingestionTime ?? event.timestamp ?? 0,
    eventId: event.eventId ?? null,
    message: event.message ?? '',
    late: false,
  }))
}

function modelledPage(source: LogSource, {events = [], nextToken}: FilterLogEventsCommandOutput): Page {
  return {
    nextToken: nextToken ?? null,
    bytes: events.reduce((sum, {message}) => sum + (message?.length ?? 0) + 200, 0),
    lastTimestamp: events.at(-1)?.timestamp ?? null,
    serverTime: null,
    events: () => sourced(source, events),
    *slices() {
      yield sourced(source, events)
    },
  }
}

/**
 * A page still in bytes. Inside a JSON string every quote is escaped, so a bare `"timestamp"` or `"nextToken"` before a
 * colon can only be a key: the few facts needed before the page's turn are found without parsing it.
 */
function rawPage(source: LogSource, {rawPage, release, serverDate}: RawPageOutput): Page {
  const bytes = Buffer.from(rawPage.buffer, rawPage.byteOffset, rawPage.byteLength)
  return {
    nextToken: tokenIn(bytes),
    bytes: rawPage.byteLength,
    lastTimestamp: lastTimestampIn(bytes)?.value ?? null,
    serverTime: serverDate ? Date.parse(serverDate) || null : null,
    events: () => sourced(source, eventsIn(bytes.toString('utf8'))),
    *slices() {
      try {
        for (const events of slicesOf(bytes)) yield sourced(source, events)
      } finally {
        release?.()
      }
    },
  }
}

const sliceBytes = 32 * 1024
const between = Buffer.from('},{"')

/**
 * The events of a page, some 32 kB at a time. `},{"` and a letter stand only between two objects: inside a string the
 * quote would be escaped, and behind a string's end comes no letter. What comes behind the last event's timestamp
 * (`searchedLogStreams` has objects too) is read as one piece, as is all of a page that is not written this way.
 */
function* slicesOf(bytes: Buffer): Generator<readonly AnsweredEvent[]> {
  const start = /^\s*\{\s*"events"\s*:\s*\[/.exec(bytes.toString('latin1', 0, farthestValue))?.[0].length
  if (start === undefined) {
    yield eventsIn(bytes.toString('utf8'))
    return
  }
  const lastTimestampAt = lastTimestampIn(bytes)?.at ?? -1
  let from = start
  for (;;) {
    let cut = bytes.indexOf(between, from + sliceBytes)
    while (cut >= 0 && !isLetter(bytes[cut + between.length])) cut = bytes.indexOf(between, cut + 1)
    if (cut < 0 || cut > lastTimestampAt) break
    yield JSON.parse(`[${bytes.toString('utf8', from, cut + 1)}]`) as AnsweredEvent[]
    from = cut + 2
  }
  yield eventsIn(`{"events":[${bytes.toString('utf8', from)}`)
}

const eventsIn = (text: string): readonly AnsweredEvent[] =>
  (JSON.parse(text) as {events?: AnsweredEvent[] | null}).events ?? []

const isLetter = (code = 0): boolean => (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a)

const timestampKey = Buffer.from('"timestamp"')
const tokenKey = Buffer.from('"nextToken"')
const farthestValue = 64

/** The number behind the last `"timestamp"` that is a key, and not a value that reads the same, and where that key is. */
function lastTimestampIn(bytes: Buffer): {readonly at: number; readonly value: number} | null {
  for (let at = bytes.lastIndexOf(timestampKey); at >= 0; ) {
    const value = /^"timestamp"\s*:\s*(\d+)/.exec(bytes.toString('latin1', at, at + farthestValue))?.[1]
    if (value !== undefined) return {at, value: Number(value)}
    at = at === 0 ? -1 : bytes.lastIndexOf(timestampKey, at - 1)
  }
  return null
}

function tokenIn(bytes: Buffer): string | null {
  for (let at = bytes.indexOf(tokenKey); at >= 0; at = bytes.indexOf(tokenKey, at + 1)) {
    const behind = /^"nextToken"\s*:\s*/.exec(bytes.toString('latin1', at, at + farthestValue))?.[0]
    if (behind === undefined) continue
    const open = at + behind.length
    const close = bytes.indexOf('"', open + 1)
    return bytes[open] === quote && close > 0 ? (JSON.parse(bytes.toString('utf8', open, close + 1)) as string) : null
  }
  return null
}

const quote = 0x22
