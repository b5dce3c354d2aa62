import type {FilterLogEventsCommandOutput} from '@aws-sdk/client-cloudwatch-logs'
import type {RawPageOutput} from '../aws/lean-logs-protocol.ts'
import type {Priority} from '../aws/rate-budget.ts'
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
  const [client, {FilterLogEventsCommand}] = await Promise.all([
    source.aws.logs(),
    import('@aws-sdk/client-cloudwatch-logs'),
  ])
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
 * A page still in bytes. Inside a JSON string every quote is escaped, so `"timestamp":` and `"nextToken":` with bare
 * quotes can only be keys: the few facts needed before the page's turn are found without parsing it.
 */
function rawPage(source: LogSource, {rawPage, serverDate}: RawPageOutput): Page {
  const bytes = Buffer.from(rawPage.buffer, rawPage.byteOffset, rawPage.byteLength)
  let read: SourcedEvent[] | undefined
  const parse = (): SourcedEvent[] =>
    sourced(source, (JSON.parse(bytes.toString('utf8')) as {events?: AnsweredEvent[]}).events ?? [])
  return {
    nextToken: tokenIn(bytes),
    bytes: bytes.length,
    firstTimestamp: numberAfter(bytes, bytes.indexOf(timestampKey)),
    lastTimestamp: numberAfter(bytes, bytes.lastIndexOf(timestampKey)),
    serverTime: serverDate ? Date.parse(serverDate) || null : null,
    events: () => {
      read ??= parse()
      return read
    },
  }
}

const timestampKey = Buffer.from('"timestamp"')
const tokenKey = Buffer.from('"nextToken"')

function numberAfter(bytes: Buffer, key: number): number | null {
  if (key < 0) return null
  const value = /^"\w+"\s*:\s*(\d+)/.exec(bytes.toString('latin1', key, key + 64))?.[1]
  return value === undefined ? null : Number(value)
}

function tokenIn(bytes: Buffer): string | null {
  const key = bytes.indexOf(tokenKey)
  if (key < 0) return null
  const open = bytes.indexOf('"', key + tokenKey.length)
  const between = bytes.toString('latin1', key + tokenKey.length, open < 0 ? bytes.length : open)
  if (open < 0 || !/^\s*:\s*$/.test(between)) return null
  const close = bytes.indexOf('"', open + 1)
  return JSON.parse(bytes.toString('utf8', open, close + 1)) as string
}
