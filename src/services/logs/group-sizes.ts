import {ask} from '../aws/ask.ts'
import {sdk} from '../aws/sdk.ts'
import type {LogSource} from './source.ts'

/** What log groups take in a day on average, in bytes; those AWS would not tell of are not there. */
export type GroupSizes = ReadonlyMap<LogSource, number>

const groupsPerCall = 50
const dayMs = 86_400_000

/**
 * Asks how large log groups are: `storedBytes` by the days that are kept (DescribeLogGroups, 50 groups a call). An
 * average, and of what AWS stores, which may be less than what was sent: for estimates only. Never fails: who may not
 * describe groups estimates without.
 */
export async function groupSizes(sources: readonly LogSource[], now: number, signal: AbortSignal): Promise<GroupSizes> {
  const sizes = new Map<LogSource, number>()
  const lots = [...Map.groupBy(sources, ({aws}) => aws)].flatMap(([, ofOne]) => lotsOf(ofOne, groupsPerCall))
  await Promise.all(
    lots.map(async lot => {
      for (const [source, bytes] of await sizesOf(lot, now, signal)) sizes.set(source, bytes)
    }),
  )
  return sizes
}

async function sizesOf(
  lot: readonly LogSource[],
  now: number,
  signal: AbortSignal,
): Promise<readonly (readonly [LogSource, number])[]> {
  const [first] = lot
  if (!first) return []
  try {
    const client = await first.aws.logs()
    const {DescribeLogGroupsCommand} = sdk.logs()
    const command = new DescribeLogGroupsCommand({logGroupIdentifiers: lot.map(({logGroup}) => logGroup), limit: 50})
    const {logGroups = []} = await ask(first.aws, 'DescribeLogGroups', options => client.send(command, options), signal)
    const byName = new Map(logGroups.map(group => [group.logGroupName, group]))
    return lot.flatMap(source => {
      const group = byName.get(source.logGroup)
      if (group?.storedBytes === undefined) return []
      const ageDays = Math.max(1, (now - (group.creationTime ?? now)) / dayMs)
      return [[source, group.storedBytes / Math.min(ageDays, group.retentionInDays ?? ageDays)] as const]
    })
  } catch {
    signal.throwIfAborted()
    return []
  }
}

function lotsOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({length: Math.ceil(items.length / size)}, (_, i) => items.slice(i * size, (i + 1) * size))
}
