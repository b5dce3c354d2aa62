import type {Clock} from '../clock.ts'
import {withoutQuota} from './quotas.ts'

/** Small requests (a first page, a single look-up) go ahead of bulk ones, and what takes a bad release back ahead of both. */
export type Priority = 'urgent' | 'small' | 'bulk'

/** One quota of calls a second: who may call when, and what was learnt of it from answers and throttles. */
export type RateBucket = {
  /** Resolves when a call may be made; rejects with the signal's reason when that aborts first. */
  turn(priority: Priority, signal: AbortSignal | undefined): Promise<void>
  /** Makes the call, and takes note of when and how it was answered. */
  made<T>(call: () => Promise<T>): Promise<T>
  /** Slows down after a throttle. @throws the throttle itself where there has been nothing else for too long */
  refused(throttle: unknown): void
  /** Waits for a while between both bounds of jitter before a call is made again. */
  backOff(ms: number, random: () => number, signal: AbortSignal | undefined): Promise<void>
  /** From now on a third of the quota is left to whoever has to undo: here, or in another terminal. */
  keepReserve(): void
  /** What is given up is asked now and then only: each of a thousand calls would take its turn to be refused. */
  isLeftAlone(): boolean
  /** what was thrown last of throttles that never ended */
  refusal(): unknown
  spare(): number
  numbers(): {
    readonly calls: number
    readonly throttles: number
    readonly retries: number
    readonly ratePerSecond: number
  }
}

/** an API of which nothing was accepted for so long, whatever was asked, is not there for us */
const patienceMs = 180_000
/** how often it is asked then whether it is again */
const probeMs = 5_000
/** keeps the account's own bucket half full, so that jitter on the way does not overdraw it */
const burstShare = 0.5
const floorPerSecond = 0.5
// 25 calls a second at half a second each: more only holds more pages in memory at a time (bench/README.md)
const maxInFlight = 12
/** of the quota, what all may use that is not urgent, once something is changed: 10 of the control plane's 15 calls a second */
const commonShare = 2 / 3
const timesKept = 512
const calmBeforeProbingMs = 10_000

type Waiter = {readonly start: () => void}
type Queues = Readonly<Record<Priority, Waiter[]>>

/** A token bucket that slows down by a third when throttled and recovers by steps (AIMD). What is urgent never slows down. */
export function createRateBucket(quota: number, clock: Clock): RateBucket {
  /** A server on this machine publishes no quota. */
  const isPublished = quota < withoutQuota
  const queues: Queues = {urgent: [], small: [], bulk: []}
  let rate = quota
  /** what the rate recovers to: the quota, or, where none is published, what was accepted before the last throttle */
  let ceiling = quota
  let tokens = Math.max(1, rate * burstShare)
  /** of the whole quota, one call at most: with a reserve, calls come evenly. Without one nobody counts them */
  let whole = 1
  let hasReserve = false
  let refilledAt = clock.now()
  const isPumping = {urgent: false, common: false}
  let inFlight = 0
  /** made and refused, and waiting to be made again */
  let backingOff = 0
  let roundTripMs = 300
  let calls = 0
  let throttles = 0
  let retries = 0
  let lastThrottleAt = Number.NEGATIVE_INFINITY
  /** since when all calls were throttled; null while any is accepted */
  let refusedSince: number | null = null
  let refusal: unknown = null
  let askedAt = Number.NEGATIVE_INFINITY
  const acceptedAt: number[] = []
  const startedAt: number[] = []

  const isGivenUp = (): boolean => refusedSince !== null && clock.now() - refusedSince >= patienceMs
  const isLeftAlone = (): boolean => isGivenUp() && clock.now() - askedAt < probeMs
  const commonRate = (): number => (hasReserve ? Math.min(rate, quota * commonShare) : rate)

  const refill = (): void => {
    const now = clock.now()
    const elapsedS = Math.max(0, now - refilledAt) / 1000
    const calmMs = now - lastThrottleAt
    refilledAt = now
    // what nobody publishes is felt for, slowly: more is asked for than was accepted, by 2 % a second
    if (ceiling < quota && calmMs > calmBeforeProbingMs) ceiling = Math.min(quota, ceiling * (1 + 0.02 * elapsedS))
    // additive increase: back in about twenty calm seconds
    if (rate < ceiling && calmMs > 1000) rate = Math.min(ceiling, rate + ceiling * 0.05 * elapsedS)
    const most = hasReserve ? 1 : Math.max(1, rate * burstShare)
    tokens = Math.min(most, tokens + elapsedS * commonRate())
    whole = Math.min(1, whole + elapsedS * quota)
  }

  /** How long until the next of a lane may start: 0 where it may now. */
  const waitMs = (isUrgent: boolean): number => {
    refill()
    // it is not going to ask
    if (isLeftAlone()) return 0
    const missing = (wanted: number, had: number, perSecond: number): number =>
      Math.max(0, Math.ceil(((wanted - had) / perSecond) * 1000))
    if (isUrgent) return missing(1, whole, quota)
    // all that is urgent goes first
    const ofWhole = hasReserve ? missing(1 + queues.urgent.length, whole, quota) : 0
    return Math.max(missing(1, tokens, commonRate()), ofWhole)
  }

  const take = (isUrgent: boolean): void => {
    whole = Math.max(0, whole - 1)
    if (!isUrgent) tokens = Math.max(0, tokens - 1)
  }

  const pump = async (lane: 'urgent' | 'common'): Promise<void> => {
    if (isPumping[lane]) return
    isPumping[lane] = true
    const isUrgent = lane === 'urgent'
    const waiting = (): Waiter[] => (isUrgent ? queues.urgent : queues.small.length > 0 ? queues.small : queues.bulk)
    try {
      while (waiting().length > 0) {
        const ms = waitMs(isUrgent)
        if (ms > 0) {
          await clock.sleep(ms)
          continue
        }
        take(isUrgent)
        waiting().shift()?.start()
      }
    } finally {
      isPumping[lane] = false
    }
  }

  const keepReserve = (): void => {
    if (hasReserve) return
    refill()
    hasReserve = true
    tokens = Math.min(1, tokens)
  }

  const slowDown = (): void => {
    const now = clock.now()
    throttles++
    tokens = Math.min(tokens, 0)
    whole = Math.min(whole, 0)
    // one burst of refusals is one signal, not ten
    if (now - lastThrottleAt < Math.max(500, roundTripMs)) return
    lastThrottleAt = now
    const lately = (times: readonly number[]): number => Math.max(1, times.filter(at => now - at < 1000).length)
    if (!isPublished) {
      ceiling = Math.min(ceiling, lately(acceptedAt))
      rate = Math.min(rate, ceiling)
    } else rate = Math.max(floorPerSecond, Math.min(rate, lately(startedAt)) * 0.7)
  }

  return {
    keepReserve,
    isLeftAlone,
    refusal: () => refusal,

    turn(priority, signal) {
      signal?.throwIfAborted()
      const isUrgent = priority === 'urgent'
      if (isUrgent) keepReserve()
      const queue = queues[priority]
      if (queue.length === 0 && (isUrgent || queues.small.length === 0) && waitMs(isUrgent) === 0) {
        take(isUrgent)
        return Promise.resolve()
      }
      return new Promise((resolve, reject) => {
        const onAbort = () => {
          const at = queue.indexOf(waiter)
          if (at >= 0) queue.splice(at, 1)
          reject(signal?.reason)
        }
        const waiter: Waiter = {
          start: () => {
            signal?.removeEventListener('abort', onAbort)
            resolve()
          },
        }
        signal?.addEventListener('abort', onAbort, {once: true})
        queue.push(waiter)
        void pump(isUrgent ? 'urgent' : 'common')
      })
    },

    async made(call) {
      const at = clock.now()
      askedAt = at
      calls++
      note(startedAt, at)
      inFlight++
      try {
        const answer = await call()
        note(acceptedAt, at)
        refusedSince = null
        roundTripMs += (clock.now() - at - roundTripMs) * 0.2
        return answer
      } finally {
        inFlight--
      }
    },

    refused(throttle) {
      slowDown()
      refusedSince ??= clock.now()
      refusal = throttle
      if (isGivenUp()) throw throttle
    },

    async backOff(ms, random, signal) {
      retries++
      backingOff++
      try {
        await clock.sleep(ms * (0.5 + random() / 2), signal)
      } finally {
        backingOff--
      }
    },

    spare() {
      const useful = Math.min(maxInFlight, Math.ceil((commonRate() * roundTripMs) / 1000) + 1)
      return useful - inFlight - backingOff - queues.urgent.length - queues.small.length - queues.bulk.length
    },

    numbers: () => ({calls, throttles, retries, ratePerSecond: rate}),
  }
}

function note(times: number[], at: number): void {
  times.push(at)
  if (times.length > 2 * timesKept) times.splice(0, timesKept)
}
