import type {Clock} from '../clock.ts'
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
