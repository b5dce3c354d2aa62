import type {FilterLogEventsCommandOutput} from '@aws-sdk/client-cloudwatch-logs'
import type {RawPageOutput} from '../aws/lean-logs-protocol.ts'
import type {Priority} from '../aws/rate-budget.ts'
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
  /** of the first and last event as answered, null when empty */
  readonly firstTimestamp: number | null
  readonly lastTimestamp: number | null
  /** AWS's clock when it answered, epoch ms to the second */
  readonly serverTime: number | null
  /** reads the events out; the work is done at the first call */
  events(): SourcedEvent[]
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
    ...window,
    ...(logStreamNames && {logStreamNames: [...logStreamNames]}),
    ...(newestFirst && {startFromHead: false}),
  }
  const output = await source.aws.budget.read(
    'FilterLogEvents',
    signal => client.send(new FilterLogEventsCommand(input), {...(signal && {abortSignal: signal})}),
    options,
  )
  return 'rawPage' in output ? rawPage(source, output as unknown as RawPageOutput) : modelledPage(source, output)
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
  let read: SourcedEvent[] | undefined
  return {
    nextToken: nextToken ?? null,
    bytes: events.reduce((sum, {message}) => sum + (message?.length ?? 0) + 200, 0),
    firstTimestamp: events[0]?.timestamp ?? null,
    lastTimestamp: events.at(-1)?.timestamp ?? null,
    serverTime: null,
    events: () => {
      read ??= sourced(source, events)
      return read
    },
  }
}

/**
 * A page still in bytes. Inside a JSON string every quote is escaped, so a bare `"timestamp"` or `"nextToken"` before a
 * colon can only be a key: the few facts needed before the page's turn are found without parsing it.
 */
function rawPage(source: LogSource, {rawPage, serverDate}: RawPageOutput): Page {
  const bytes = Buffer.from(rawPage.buffer, rawPage.byteOffset, rawPage.byteLength)
  let read: SourcedEvent[] | undefined
  const parse = (): SourcedEvent[] =>
    sourced(source, (JSON.parse(bytes.toString('utf8')) as {events?: AnsweredEvent[] | null}).events ?? [])
  return {
    nextToken: tokenIn(bytes),
    bytes: bytes.length,
    firstTimestamp: numberIn(bytes, bytes.indexOf(timestampKey), from => bytes.indexOf(timestampKey, from + 1)),
    lastTimestamp: numberIn(bytes, bytes.lastIndexOf(timestampKey), from =>
      from === 0 ? -1 : bytes.lastIndexOf(timestampKey, from - 1),
    ),
    serverTime: serverDate ? Date.parse(serverDate) || null : null,
    events: () => {
      read ??= parse()
      return read
    },
  }
}

const timestampKey = Buffer.from('"timestamp"')
const tokenKey = Buffer.from('"nextToken"')
const farthestValue = 64

/** The number behind the first of these places where it is a key, and not a value that reads the same. */
function numberIn(bytes: Buffer, first: number, next: (from: number) => number): number | null {
  for (let at = first; at >= 0; at = next(at)) {
    const value = /^"timestamp"\s*:\s*(\d+)/.exec(bytes.toString('latin1', at, at + farthestValue))?.[1]
    if (value !== undefined) return Number(value)
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
