import {createHash} from 'node:crypto'
import type {GetLogEventsCommandOutput} from '@aws-sdk/client-cloudwatch-logs'
import type {SandboxLogEvent} from '../../world/world.ts'
import type {Context} from '../context.ts'
import {readableWindow, scanEvents} from './event-scan.ts'
import {eventOverheadBytes, maxPageBytes, maxPageEvents} from './filter-log-events.ts'
import {
  invalidToken,
  type LogGroupReference,
  noSuchStream,
  requireLogGroup,
  requireStandardClass,
} from './log-group-names.ts'
import {type Position, positionBefore, positionFromDigits, positionOf, positionToDigits} from './position.ts'

export type GetRequest = LogGroupReference & {
  readonly logStreamName: string
  readonly startTime?: number | undefined
  readonly endTime?: number | undefined
  readonly nextToken?: string | undefined
  readonly limit?: number | undefined
  readonly startFromHead?: boolean | undefined
}

/**
 * GetLogEvents: one page of one stream in [startTime, endTime), oldest first whichever way it is read.
 * There is always a token both ways; the end is where the token that was sent comes back.
 */
export function getLogEvents(input: GetRequest, context: Context): Omit<GetLogEventsCommandOutput, '$metadata'> {
  const group = requireLogGroup(context, input)
  requireStandardClass(group, 'GetLogEvents')
  const {logStreamName} = input
  const checksum = checksumOf(group.name, logStreamName)
  const token = input.nextToken === undefined ? undefined : readToken(input.nextToken, checksum)
  const newestFirst = token ? token.newestFirst : input.startFromHead !== true
  const {from, to} = readableWindow(group, context.now, {
    from: input.startTime,
    to: input.endTime === undefined ? undefined : input.endTime - 1,
  })

  const events: SandboxLogEvent[] = []
  let bytes = 0
  const scan = {
    from,
    to,
    group: group.name,
    streams: {names: new Set([logStreamName])},
    newestFirst,
    after: token?.position,
    now: context.now,
  }
  reading: for (const step of scanEvents(context.world, scan)) {
    for (const event of step.events) {
      bytes += Buffer.byteLength(event.message) + eventOverheadBytes
      if (events.length === (input.limit ?? maxPageEvents) || (events.length > 0 && bytes > maxPageBytes)) break reading
      events.push(event)
    }
  }
  if (events.length === 0 && !token && !hasStream(context, group.name, logStreamName)) throw noSuchStream()
  if (newestFirst) events.reverse()

  const [first, last] = [events.at(0), events.at(-1)]
  const standstill = token?.position ?? positionBefore(Math.max(0, from), false)
  return {
    events: events.map(({timestamp, message, ingestionTime}) => ({timestamp, message, ingestionTime})),
    nextForwardToken: writeToken('f', last ? positionOf(last) : standstill, checksum),
    nextBackwardToken: writeToken('b', first ? positionOf(first) : standstill, checksum),
  }
}

const hasStream = ({world}: Context, group: string, name: string) =>
  world.logStreams(group).some(stream => stream.name === name)

const writeToken = (direction: 'f' | 'b', position: Position, checksum: string) =>
  `${direction}/${positionToDigits(position)}${checksum}/s`

function readToken(token: string, checksum: string): {readonly newestFirst: boolean; readonly position: Position} {
  const parts = /^([fb])\/(\d{52})(\d{4})\/s$/.exec(token)
  const position = positionFromDigits(parts?.[2] ?? '')
  if (!position || parts?.[3] !== checksum) throw invalidToken()
  return {newestFirst: parts[1] === 'b', position}
}

/** Four digits that bind a token to its stream. */
function checksumOf(group: string, stream: string): string {
  const hash = createHash('sha256').update(`${group}:${stream}`).digest()
  return String(hash.readUInt32BE(0) % 10_000).padStart(4, '0')
}
