import {setImmediate as turn} from 'node:timers/promises'

/** so many traces take some milliseconds */
const perTurn = 20

/**
 * Lets all else that waits in the process have its turn: the embedded AWS may live in that of its client, where a long answer
 * must not keep Ctrl-C waiting. To be called before each part of the work that takes some milliseconds.
 * @throws AbortError when the client is gone
 */
export const giveWay = (signal: AbortSignal): Promise<void> => turn(undefined, {signal})

/**
 * One after the other, and now and then all else that waits in the process.
 * @throws AbortError when the client is gone
 */
export async function* inTurns<T>(items: Iterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  let taken = 0
  for (const item of items) {
    if (taken++ % perTurn === 0) await giveWay(signal)
    yield item
  }
}
