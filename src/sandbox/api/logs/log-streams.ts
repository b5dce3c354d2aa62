import type {DescribeLogStreamsCommandOutput} from '@aws-sdk/client-cloudwatch-logs'
import {ServiceError} from '../../wire/service-error.ts'
import type {SandboxLogStream} from '../../world/world.ts'
import type {Context} from '../context.ts'
import {pageAfter} from '../paging.ts'
import {
  invalidParameter,
  invalidToken,
  type LogGroupReference,
  logGroupArn,
  requireLogGroup,
} from './log-group-names.ts'

export type DescribeStreamsRequest = LogGroupReference & {
  readonly logStreamNamePrefix?: string | undefined
  readonly orderBy?: string | undefined
  readonly descending?: boolean | undefined
  readonly nextToken?: string | undefined
  readonly limit?: number | undefined
}

/** DescribeLogStreams: by name or by last event, streams without events first. */
export function describeLogStreams(
  input: DescribeStreamsRequest,
  context: Context,
): Omit<DescribeLogStreamsCommandOutput, '$metadata'> {
  const group = requireLogGroup(context, input)
  const byLastEvent = input.orderBy === 'LastEventTime'
  if (byLastEvent && input.logStreamNamePrefix !== undefined)
    throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.')
  const order = byLastEvent ? compareLastEvent : compareName
  const streams = context.world
    .logStreams(group.name)
    .filter(stream => stream.name.startsWith(input.logStreamNamePrefix ?? ''))
    .toSorted((a, b) => (input.descending ? order(b, a) : order(a, b)))
  const page = pageAfter(streams, stream => stream.name, {
    size: input.limit ?? 50,
    token: input.nextToken,
    invalid: invalidToken,
  })
  return {
    logStreams: page.items.map(stream => ({
      logStreamName: stream.name,
      creationTime: stream.createdAt,
      ...(stream.firstEventAt !== null && {firstEventTimestamp: stream.firstEventAt}),
      ...(stream.lastEventAt !== null && {lastEventTimestamp: stream.lastEventAt}),
      ...(stream.lastIngestedAt !== null && {lastIngestionTime: stream.lastIngestedAt}),
      arn: `${logGroupArn(context, group.name)}:log-stream:${stream.name}`,
      // Deprecated and always zero since 2019.
      storedBytes: 0,
    })),
    nextToken: page.next,
  }
}

export function createLogStream(
  input: {readonly logGroupName: string; readonly logStreamName: string},
  context: Context,
): Record<never, never> {
  const group = requireLogGroup(context, {logGroupName: input.logGroupName})
  if (context.world.logStreams(group.name).some(stream => stream.name === input.logStreamName))
    throw new ServiceError('ResourceAlreadyExistsException', 'The specified log stream already exists')
  context.world.createLogStream(group.name, input.logStreamName)
  return {}
}

const compareName = (a: SandboxLogStream, b: SandboxLogStream) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
const compareLastEvent = (a: SandboxLogStream, b: SandboxLogStream) =>
  (a.lastEventAt ?? 0) - (b.lastEventAt ?? 0) || compareName(a, b)
