import {type Answer, failure, json} from './aws-answers.ts'
import type {PeerEvent} from './peer-log.ts'

/** An event as the peer server holds it: with what FilterLogEvents says of it, already written. */
export type ServedEvent = PeerEvent & {readonly text: string}

type StreamsInput = {
  readonly orderBy?: string
  readonly descending?: boolean
  readonly logStreamNamePrefix?: string
  readonly nextToken?: string
  readonly limit?: number
}

/**
 * DescribeLogStreams over what of a group is to be seen. AWS's last times lag behind by up to an hour; these do not, and
 * every stream has an upload sequence token, which AWS does not promise: both are to the good of those who go by it.
 */
export function describeLogStreams(visible: readonly ServedEvent[], input: StreamsInput): Answer {
  if (input.orderBy === 'LastEventTime' && input.logStreamNamePrefix)
    return failure('InvalidParameterException', 'Cannot order by LastEventTime with a logStreamNamePrefix.')
  const streams = [...Map.groupBy(visible, ({stream}) => stream)]
    .filter(([name]) => name.startsWith(input.logStreamNamePrefix ?? ''))
    .map(([logStreamName, events]) => ({
      logStreamName,
      creationTime: Math.min(...events.map(({ingestionTime}) => ingestionTime)),
      firstEventTimestamp: events[0]?.timestamp,
      lastEventTimestamp: events.at(-1)?.timestamp ?? 0,
      lastIngestionTime: Math.max(...events.map(({ingestionTime}) => ingestionTime)),
      uploadSequenceToken: '49000000000000000000000000000000000000000000000000000000',
      arn: `arn:aws:logs:eu-west-1:123456789012:log-group:peers:log-stream:${logStreamName}`,
      storedBytes: 0,
    }))
  streams.sort((a, b) =>
    input.orderBy === 'LastEventTime'
      ? a.lastEventTimestamp - b.lastEventTimestamp
      : a.logStreamName < b.logStreamName
        ? -1
        : 1,
  )
  if (input.descending) streams.reverse()
  const from = Number(input.nextToken ?? 0)
  const to = Math.min(streams.length, from + (input.limit ?? 50))
  return json({logStreams: streams.slice(from, to), ...(to < streams.length && {nextToken: String(to)})})
}

type GetInput = {
  readonly logStreamName?: string
  readonly startTime?: number
  readonly endTime?: number
  readonly limit?: number
  readonly startFromHead?: boolean
  readonly nextToken?: string
}

/** GetLogEvents: its end is exclusive, it has no event ids, and its tokens never run out. */
export function getLogEvents(visible: readonly ServedEvent[], input: GetInput): Answer {
  const {startTime = 0, endTime = Number.POSITIVE_INFINITY, limit = 10_000} = input
  const events = visible.filter(
    ({stream, timestamp}) => stream === input.logStreamName && timestamp >= startTime && timestamp < endTime,
  )
  const [direction, place] = input.nextToken?.split('/') ?? [input.startFromHead ? 'f' : 'b', undefined]
  const at = place === undefined ? (direction === 'f' ? 0 : events.length) : Number(place)
  const [from, to] = direction === 'f' ? [at, Math.min(events.length, at + limit)] : [Math.max(0, at - limit), at]
  return json({
    events: events.slice(from, to).map(({timestamp, message, ingestionTime}) => ({timestamp, message, ingestionTime})),
    nextForwardToken: `f/${to}`,
    nextBackwardToken: `b/${from}`,
  })
}
