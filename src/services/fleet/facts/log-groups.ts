import type {LogGroup} from '@aws-sdk/client-cloudwatch-logs'
import type {Known} from '../../../known.ts'
import {ask, paged} from '../../aws/ask.ts'
import type {Aws} from '../../aws/connect.ts'
import {isMissing} from '../../aws/failures.ts'
import {sdk} from '../../aws/sdk.ts'
import {inBatches} from '../../batches.ts'
import type {GroupSize} from '../../logs/group-sizes.ts'
import {knownClass} from '../../targets/list-log-groups.ts'
import type {LogGroupFacts} from '../facts.ts'
import {known} from '../why-unknown.ts'

const asked = {doing: 'describe log groups', permission: 'logs:DescribeLogGroups'}
/** by DescribeLogGroups' model, listed and named alike */
const perCall = 50

/**
 * Log groups by name, 50 a call.
 * @param names null: all of the region; else these, and one that is not there is not in the answer
 */
export function readLogGroups(
  aws: Aws,
  names: readonly string[] | null,
  signal: AbortSignal,
): Promise<Known<ReadonlyMap<string, LogGroupFacts>>> {
  return known(asked, signal, async () => {
    const byName = new Map<string, LogGroupFacts>()
    for await (const page of names === null ? allGroups(aws, signal) : namedGroups(aws, names, signal))
      for (const group of page) if (group.logGroupName) byName.set(group.logGroupName, factsOf(group))
    return byName
  })
}

function factsOf(group: LogGroup): LogGroupFacts {
  return {
    name: group.logGroupName ?? '',
    storedBytes: group.storedBytes ?? 0,
    retentionInDays: group.retentionInDays ?? null,
    createdAt: group.creationTime ?? null,
    logClass: group.logGroupClass ?? 'STANDARD',
  }
}

/** The size and class that AWS told of a log group, as plans of reading it take them. */
export const groupSizeOf = ({storedBytes, createdAt, retentionInDays, logClass}: LogGroupFacts): GroupSize => ({
  storedBytes,
  createdAt: createdAt ?? 0,
  retentionDays: retentionInDays,
  logGroupClass: knownClass(logClass),
})

async function* allGroups(aws: Aws, signal: AbortSignal): AsyncGenerator<readonly LogGroup[]> {
  const client = await aws.logs()
  const {DescribeLogGroupsCommand} = sdk.logs()
  yield* paged(async nextToken => {
    const command = new DescribeLogGroupsCommand({limit: perCall, nextToken})
    const page = await ask(aws, 'DescribeLogGroups', options => client.send(command, options), signal)
    return {items: page.logGroups, next: page.nextToken}
  })
}

async function* namedGroups(
  aws: Aws,
  names: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<readonly LogGroup[]> {
  const client = await aws.logs()
  const {DescribeLogGroupsCommand} = sdk.logs()
  for (const some of inBatches(names, perCall)) {
    const command = new DescribeLogGroupsCommand({logGroupIdentifiers: [...some]})
    const page = await ask(aws, 'DescribeLogGroups', options => client.send(command, options), signal)
    yield page.logGroups ?? []
  }
}

/**
 * Epoch ms of the newest event of a log group, as its streams tell: CloudWatch Logs notices it within an hour as a rule,
 * sometimes later (API reference of DescribeLogStreams). Null where the group is empty or not there.
 */
export function readLastLogEvent(aws: Aws, logGroup: string, signal: AbortSignal): Promise<Known<number | null>> {
  return known({doing: 'list log streams', permission: 'logs:DescribeLogStreams'}, signal, async () => {
    const client = await aws.logs()
    const {DescribeLogStreamsCommand} = sdk.logs()
    const command = new DescribeLogStreamsCommand({
      logGroupName: logGroup,
      orderBy: 'LastEventTime',
      descending: true,
      limit: 1,
    })
    try {
      const {logStreams = []} = await ask(aws, 'DescribeLogStreams', options => client.send(command, options), signal)
      return logStreams[0]?.lastEventTimestamp ?? null
    } catch (error) {
      if (isMissing(error)) return null
      throw error
    }
  })
}
