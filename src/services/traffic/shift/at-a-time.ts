import {atATime} from '../../at-a-time.ts'

/** Calls of the control plane that are under way at a time: what is waited for is the rate, which the budget paces. */
const most = 10

/**
 * Does work for each item, ten at a time. After a failure nothing more is begun; what is under way is waited for.
 * @throws what the first failure threw
 */
export async function tenAtATime<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  await atATime(most, items, work)
}
