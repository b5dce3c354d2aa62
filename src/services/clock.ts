import {setTimeout as sleep} from 'node:timers/promises'

/** Time as services see it: passed in, so that tests decide what passes. */
export type Clock = {
  /** epoch milliseconds */
  now(): number
  /** resolves after `ms`; rejects with the signal's reason when it aborts first */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** A clock whose sleep is a timer. */
export const clockFrom = (now: () => number): Clock => ({
  now,
  sleep: (ms, signal) => sleep(ms, undefined, signal ? {signal} : {}),
})
