import {setTimeout as sleep} from 'node:timers/promises'
import type {Clock} from '../src/services/clock.ts'

export type Haste = {
  /** epoch ms at which it shows what any clock does */
  readonly origin: number
  /** how many times as fast it runs */
  readonly times: number
}

/** A clock that several processes can share, on which minutes pass in seconds. */
export function hastedClock({origin, times}: Haste): Clock {
  return {
    now: () => origin + (performance.timeOrigin + performance.now() - origin) * times,
    sleep: (ms, signal) => sleep(ms / times, undefined, signal ? {signal} : {}),
  }
}
