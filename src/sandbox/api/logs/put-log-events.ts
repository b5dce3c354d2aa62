import type {PutLogEventsCommandOutput} from '@aws-sdk/client-cloudwatch-logs'
import type {Context} from '../context.ts'
import {day, hour, retainedFrom} from './event-scan.ts'
import {eventOverheadBytes} from './filter-log-events.ts'
import {invalidParameter, noSuchStream, requireLogGroup} from './log-group-names.ts'

export type PutRequest = {
  readonly logGroupName: string
  readonly logStreamName: string
  readonly logEvents: readonly {readonly timestamp: number; readonly message: string}[]
}

const maxBatchBytes = 1024 * 1024

/** PutLogEvents: keeps what is neither too old, too new nor past the group's retention, and says what it refused. */
export function putLogEvents(input: PutRequest, context: Context): Omit<PutLogEventsCommandOutput, '$metadata'> {
  const group = requireLogGroup(context, {logGroupName: input.logGroupName})
  if (!context.world.logStreams(group.name).some(stream => stream.name === input.logStreamName)) throw noSuchStream()
  checkBatch(input.logEvents)

  const expiry = retainedFrom(group, context.now)
  const isTooOld = (time: number) => time < context.now - 14 * day
  const isTooNew = (time: number) => time > context.now + 2 * hour
  const isExpired = (time: number) => time < expiry
  const times = input.logEvents.map(event => event.timestamp)
  // Both end indexes are exclusive, the start index is not (API reference, RejectedLogEventsInfo).
  const [oldEnd, expiredEnd, newStart] = [
    times.findLastIndex(isTooOld) + 1,
    times.findLastIndex(isExpired) + 1,
    times.findIndex(isTooNew),
  ]
  const accepted = input.logEvents.filter(
    ({timestamp}) => !(isTooOld(timestamp) || isTooNew(timestamp) || isExpired(timestamp)),
  )
  if (accepted.length > 0) context.world.putLogEvents(group.name, input.logStreamName, accepted)

  const rejected = {
    ...(oldEnd > 0 && {tooOldLogEventEndIndex: oldEnd}),
    ...(expiredEnd > 0 && {expiredLogEventEndIndex: expiredEnd}),
    ...(newStart >= 0 && {tooNewLogEventStartIndex: newStart}),
  }
  return {
    // Sequence tokens mean nothing since 2023, yet AWS still hands them out.
    nextSequenceToken: `4964${String(context.now).padStart(52, '0')}`,
    ...(Object.keys(rejected).length > 0 && {rejectedLogEventsInfo: rejected}),
  }
}

function checkBatch(events: PutRequest['logEvents']): void {
  const bytes = events.reduce((sum, {message}) => sum + Buffer.byteLength(message) + eventOverheadBytes, 0)
  if (bytes > maxBatchBytes)
    throw invalidParameter(`Upload too large: ${bytes} bytes exceeds limit of ${maxBatchBytes}`)
  if (events.some((event, index) => event.timestamp < (events[index - 1]?.timestamp ?? 0)))
    throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.')
  const [first, last] = [events.at(0), events.at(-1)]
  if (first && last && last.timestamp - first.timestamp > day)
    throw invalidParameter('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.')
}
