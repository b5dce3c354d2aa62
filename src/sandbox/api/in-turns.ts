import {setImmediate as turn} from 'node:timers/promises'

/** so many traces take some milliseconds */
const perTurn = 20

/**
 * One after the other, and now and then all else that waits in the process: the embedded AWS may live in that of its client,
 * where a long answer must not keep Ctrl-C waiting.
 * @throws AbortError when the client is gone
 */
export async function* inTurns<T>(items: Iterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  let taken = 0
  for (const item of items) {
    if (taken++ % perTurn === 0) await turn(undefined, {signal})
    yield item
  }
}
