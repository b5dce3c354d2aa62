import {setImmediate} from 'node:timers/promises'
import type {Clock} from '../../../../src/services/clock.ts'

/** A clock on which hours pass in milliseconds, and always in the same way. */
export type FakeClock = Clock & {
  /** does something when that time has come */
  at(ms: number, action: () => void): void
  /** the laptop's lid is closed: the time of day goes on, running timers do not */
  suspend(ms: number): void
  /** tells of work that no timer stands for; time stands still until the returned function was called */
  begin(): () => void
  /** how many sleep now */
  readonly sleeping: number
  /** What the work resolves to; rejects when it waits although nothing runs or sleeps any more, which would be for ever. */
  outcome<T>(work: Promise<T>): Promise<T>
}

type Timer = {readonly at: number; readonly fire: () => void}

/** Time moves to the next timer whenever everything that could run has run. */
export function createFakeClock(start: number): FakeClock {
  let elapsed = 0
  let offset = start
  let working = 0
  let running = false
  const timers: Timer[] = []

  const everythingHasRun = async (): Promise<void> => {
    do {
      await setImmediate()
      await setImmediate()
    } while (working > 0)
  }

  const run = async (): Promise<void> => {
    if (running) return
    running = true
    for (;;) {
      await everythingHasRun()
      if (timers.length === 0) break
      const next = timers.reduce((earliest, timer) => (timer.at < earliest.at ? timer : earliest))
      elapsed = Math.max(elapsed, next.at)
      timers.splice(timers.indexOf(next), 1)
      next.fire()
    }
    running = false
  }

  const set = (timer: Timer): void => {
    timers.push(timer)
    void run()
  }

  return {
    now: () => offset + elapsed,
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const onAbort = () => {
          timers.splice(timers.indexOf(timer), 1)
          reject(signal?.reason)
        }
        const timer: Timer = {
          at: elapsed + ms,
          fire: () => {
            signal?.removeEventListener('abort', onAbort)
            resolve()
          },
        }
        signal?.addEventListener('abort', onAbort, {once: true})
        set(timer)
      })
    },
    at: (ms, action) => set({at: ms - offset, fire: action}),
    suspend(ms) {
      offset += ms
    },
    begin() {
      working++
      return () => {
        working--
      }
    },
    get sleeping() {
      return timers.length
    },
    async outcome(work) {
      let settled = false
      const done = () => {
        settled = true
      }
      work.then(done, done)
      for (let still = 0; !settled; still = timers.length + working > 0 ? 0 : still + 1) {
        if (still > 20) throw new Error('stuck: it waits, and nothing is under way')
        await setImmediate()
      }
      return work
    },
  }
}
