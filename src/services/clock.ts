import {setTimeout as sleep} from 'node:timers/promises'

/** Time as services see it: passed in, so that tests decide what passes. */
export type Clock = {
  /** epoch milliseconds */
  now(): number
  /** resolves after `ms`; rejects with the signal's reason when it aborts first */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

const timer: Clock['sleep'] = (ms, signal) => sleep(ms, undefined, signal ? {signal} : {})

/** A clock whose sleep is a timer. */
export const clockFrom = (now: () => number, wait = timer): Clock => ({now, sleep: wait})

/**
 * A clock that begins at a moment and runs so many times as fast as another one.
 * @param beginsAt epoch ms
 */
export function fasterClock({now, sleep: wait}: Clock, beginsAt: number, speed: number): Clock {
  const begun = now()
  return clockFrom(
    // whole milliseconds, as a Date has them
    () => beginsAt + Math.floor((now() - begun) * speed),
    (ms, signal) => wait(ms / speed, signal),
  )
}
