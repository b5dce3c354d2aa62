import {setImmediate} from 'node:timers/promises'
import type {Clock} from '../src/services/clock.ts'

type Timer = {readonly at: number; readonly order: number; readonly fire: () => void}

/** A clock on which hours pass in seconds: it goes to the next timer once all that could run has run, and the disk is at rest. */
export type SimulatedClock = Clock & {
  /** What the work resolves to. @throws where it waits for what never comes */
  outcome<T>(work: Promise<T>): Promise<T>
}

/** between two requests of one file the disk seems at rest */
const restMs = 8
/** locks of files wait by timers of their own */
const patienceMs = 10_000

export function simulatedClock(start: number): SimulatedClock {
  let now = start
  let order = 0
  const timers = new Set<Timer>()

  const next = (): Timer | undefined => {
    let first: Timer | undefined
    for (const timer of timers)
      if (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) first = timer
    return first
  }

  return {
    now: () => now,
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const onAbort = (): void => {
          timers.delete(timer)
          reject(signal?.reason)
        }
        const timer: Timer = {
          at: now + ms,
          order: order++,
          fire: () => {
            signal?.removeEventListener('abort', onAbort)
            resolve()
          },
        }
        signal?.addEventListener('abort', onAbort, {once: true})
        timers.add(timer)
      })
    },
    async outcome(work) {
      let isSettled = false
      const settle = (): void => {
        isSettled = true
      }
      work.then(settle, settle)
      let busyAt = Number.NEGATIVE_INFINITY
      for (let stillSince = performance.now(); !isSettled; ) {
        await setImmediate()
        if (isDiskBusy()) busyAt = performance.now()
        if (isSettled || performance.now() - busyAt < restMs) continue
        const timer = next()
        if (!timer) {
          if (performance.now() - stillSince > patienceMs) throw new Error('it waits, and nothing is under way')
          continue
        }
        stillSince = performance.now()
        timers.delete(timer)
        now = Math.max(now, timer.at)
        timer.fire()
      }
      return work
    },
  }
}

const isDiskBusy = (): boolean =>
  process.getActiveResourcesInfo().some(resource => resource.startsWith('FS') || resource.startsWith('FileHandle'))
