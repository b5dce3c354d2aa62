import quotas from '../../data/quotas.json' with {type: 'json'}
import {ask} from '../aws/ask.ts'
import type {Aws} from '../aws/connect.ts'
import {sdk} from '../aws/sdk.ts'
import {knownClass} from '../targets/list-log-groups.ts'
import type {LogGroupClass, LogSource} from './source.ts'

/** What is known of a log group's size. */
export type GroupSize = {
  /** all that it holds, as AWS stores it: what was sent may be more */
  readonly storedBytes: number
  /** epoch ms */
  readonly createdAt: number
  /** null: for ever */
  readonly retentionDays: number | null
  /** null where the answer does not tell it */
  readonly logGroupClass: LogGroupClass | null
}

const {queryLogGroups} = quotas.logs
const dayMs = 86_400_000

/** Sources with their class as far as it was told with their sizes. */
export function withClasses(
  sources: readonly LogSource[],
  sizes: readonly (GroupSize | null)[],
): readonly {readonly source: LogSource; readonly size: GroupSize | null}[] {
  return sources.map((source, i) => {
    const size = sizes[i] ?? null
    const logGroupClass = source.logGroupClass ?? size?.logGroupClass ?? null
    return {source: logGroupClass === source.logGroupClass ? source : {...source, logGroupClass}, size}
  })
}

/** From when on a group can hold events, in epoch ms: it was made then, or keeps them no longer. */
export function keptFrom({createdAt, retentionDays}: GroupSize, now: number): number {
  return retentionDays === null ? createdAt : Math.max(createdAt, now - retentionDays * dayMs)
}

/** What a group holds of a window, if it grew evenly, in bytes: for estimates only. */
export function bytesIn(
  size: GroupSize,
  {start, end}: {readonly start: number; readonly end: number},
  now: number,
): number {
  const kept = keptFrom(size, now)
  const heldMs = Math.max(1, now - kept)
  const overlapMs = Math.max(0, Math.min(end, now) - Math.max(start, kept))
  return size.storedBytes * Math.min(1, overlapMs / heldMs)
}

/** The sizes of log groups, in their order, 50 a call; null where AWS does not tell them, for want of a permission too. */
export async function groupSizes(
  sources: readonly LogSource[],
  signal: AbortSignal,
): Promise<readonly (GroupSize | null)[]> {
  const known = new Map<LogSource, GroupSize>()
  await Promise.all(
    [...Map.groupBy(sources, ({aws}) => aws)].flatMap(([aws, inAws]) =>
      Array.from({length: Math.ceil(inAws.length / queryLogGroups)}, async (_, i) => {
        const some = inAws.slice(i * queryLogGroups, (i + 1) * queryLogGroups)
        const sizes = await sizesOf(aws, some, signal).catch(() => {
          signal.throwIfAborted()
          return new Map<string, GroupSize>()
        })
        for (const source of some) {
          const size = sizes.get(source.logGroup)
          if (size) known.set(source, size)
        }
      }),
    ),
  )
  return sources.map(source => known.get(source) ?? null)
}

async function sizesOf(
  aws: Aws,
  sources: readonly LogSource[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, GroupSize>> {
  const client = await aws.logs()
  const {DescribeLogGroupsCommand} = sdk.logs()
  const command = new DescribeLogGroupsCommand({logGroupIdentifiers: sources.map(({logGroup}) => logGroup)})
  const {logGroups = []} = await ask(aws, 'DescribeLogGroups', options => client.send(command, options), signal)
  return new Map(
    logGroups.map(({logGroupName = '', storedBytes = 0, creationTime = 0, retentionInDays = null, logGroupClass}) => [
      logGroupName,
      {
        storedBytes,
        createdAt: creationTime,
        retentionDays: retentionInDays,
        logGroupClass: knownClass(logGroupClass),
      },
    ]),
  )
}
