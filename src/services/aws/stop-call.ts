import type {Clock} from '../clock.ts'
import {unlessAborted} from '../stop-signal.ts'
import {isThrottle} from './failures.ts'

/** Ctrl-C ends within a second, the receipt included. */
const stopMs = 500
const againAfterMs = 100

/**
 * Makes a call that ends at AWS what this process began there. It does not wait for its turn in the rate budget: it would
 * come too late. Says nothing of failures: most are that the work has ended by itself.
 */
export async function stopCall(clock: Clock, call: () => Promise<unknown>): Promise<void> {
  const deadline = clock.now() + stopMs
  for (;;) {
    try {
      await call()
      return
    } catch (error) {
      if (!isThrottle(error) || clock.now() + againAfterMs > deadline) return
      await clock.sleep(againAfterMs)
    }
  }
}

/**
 * What was begun at AWS, or the signal's reason as soon as it aborts. The call that begins it may be on its way there then: only with
 * its answer can it be stopped, which is waited for, but not for long.
 * @param starting goes on without the signal
 */
export function begunUnlessAborted<T>(
  clock: Clock,
  starting: Promise<T>,
  stop: (begun: T) => Promise<void>,
  signal: AbortSignal,
): Promise<T> {
  return unlessAborted(starting, signal).catch(async error => {
    if (signal.aborted) await withinStopTime(clock, starting.then(stop))
    throw error
  })
}

/** Waits for work that undoes something, but not for long. Never rejects. */
export async function withinStopTime(clock: Clock, work: Promise<unknown>): Promise<void> {
  const over = new AbortController()
  const done = work.then(
    () => {},
    () => {},
  )
  await Promise.race([done, clock.sleep(stopMs, over.signal).catch(() => {})])
  over.abort()
}
