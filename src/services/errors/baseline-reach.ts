import {ask} from '../aws/ask.ts'
import {sdk} from '../aws/sdk.ts'
import type {LogSource} from '../logs/source.ts'

const dayMs = 86_400_000

/**
 * From when on a log group can hold events, in epoch ms: it was made then, or keeps them no longer. Null where AWS does
 * not say or may not be asked (logs:DescribeLogGroups): that is no reason to go without the rest.
 * @param now epoch ms
 */
export async function reachOf(source: LogSource, now: number, signal: AbortSignal): Promise<number | null> {
  const client = await source.aws.logs()
  const {DescribeLogGroupsCommand} = sdk.logs()
  const command = new DescribeLogGroupsCommand({logGroupNamePrefix: source.logGroup, limit: 1})
  try {
    const {logGroups} = await ask(source.aws, 'DescribeLogGroups', options => client.send(command, options), signal)
    // a prefix finds the shortest name first
    const group = logGroups?.find(({logGroupName}) => logGroupName === source.logGroup)
    if (!group) return null
    const keptFrom = group.retentionInDays === undefined ? 0 : now - group.retentionInDays * dayMs
    return Math.max(group.creationTime ?? 0, keptFrom)
  } catch {
    signal.throwIfAborted()
    return null
  }
}
