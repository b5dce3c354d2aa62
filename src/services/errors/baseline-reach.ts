import {groupSizes, keptFrom} from '../logs/group-sizes.ts'
import type {LogSource} from '../logs/source.ts'

/**
 * From when on a log group can hold events, in epoch ms. Null where AWS does not say or may not be asked
 * (logs:DescribeLogGroups): that is no reason to go without the rest.
 * @param now epoch ms
 */
export async function reachOf(source: LogSource, now: number, signal: AbortSignal): Promise<number | null> {
  const [size] = await groupSizes([source], signal)
  return size ? keptFrom(size, now) : null
}
