import quotas from '../../data/quotas.json' with {type: 'json'}
import {ServiceError} from '../wire/service-error.ts'

export type LiveSessions = {
  /**
   * Takes one of the account's sessions in a region, and gives it back when the client's connection ends.
   * @throws ServiceError LimitExceededException when all are taken
   */
  readonly open: (region: string, signal: AbortSignal) => void
}

/** Counts the Live Tail sessions of each region; AWS allows an account so many at a time (src/data/quotas.json). */
export function createLiveSessions(limit: number = quotas.logs.liveTailSessions): LiveSessions {
  const running = new Map<string, number>()
  const count = (region: string, by: number) => running.set(region, (running.get(region) ?? 0) + by)
  return {
    open(region, signal) {
      signal.throwIfAborted()
      if ((running.get(region) ?? 0) >= limit)
        throw new ServiceError(
          'LimitExceededException',
          `You have reached the maximum number of concurrent Live Tail sessions, which is ${limit}.`,
        )
      count(region, 1)
      signal.addEventListener('abort', () => count(region, -1), {once: true})
    },
  }
}
