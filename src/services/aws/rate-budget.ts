import type {Clock} from '../clock.ts'
import {isClockCorrected, isPassingFault, isThrottle} from './failures.ts'
import {withoutQuota} from './quotas.ts'

/** Small requests (a first page, a single look-up) go ahead of bulk ones. */
export type Priority = 'small' | 'bulk'

type BudgetNumbers = {
  readonly calls: number
  readonly throttles: number
  /** calls made again after a throttle or a passing fault */
  readonly retries: number
  /** requests a second that the budget allows now */
  readonly ratePerSecond: number
}

type ReadOptions = {readonly signal?: AbortSignal | undefined; readonly priority?: Priority}

/**
 * The calls a second that one account and region may make, shared by everything in this process.
 * It is the one owner of retries: reads that were throttled or met a passing fault, and writes that were throttled, are made
 * again here, nowhere else.
 */
export type RateBudget = {
  /** Makes a read call when its API's turn has come. Throws what AWS said when that is final, the signal's reason on abort. */
  read<T>(api: string, call: (signal: AbortSignal | undefined) => Promise<T>, options?: ReadOptions): Promise<T>
  /**
   * Makes a call that changes something when its API's turn has come. It is made again only where AWS said that it was one too
   * many, and so was not made at all; whatever else is thrown may have been done, and is for the caller to find out.
   * @param options the signal ends the waiting for a turn, never a call that is under way
   */
  write<T>(api: string, call: () => Promise<T>, options?: Pick<ReadOptions, 'signal'>): Promise<T>
  /** How many more requests could start now to good use: ⌈rate × round trip⌉ and one in reserve, less those queued, in flight or backing off. */
  spare(api: string): number
  numbers(api: string): BudgetNumbers
  /** the sum over all APIs */
  total(): Omit<BudgetNumbers, 'ratePerSecond'>
}

export type RateBudgetOptions = {
  readonly clock: Clock
  /** uniform in [0, 1), for jitter */
  readonly random: () => number
  /** APIs that share a quota share a name; by default each has its own */
  readonly nameOf?: (api: string) => string
  /** the published quota of an API in calls a second; what the budget starts from and never exceeds */
  readonly quota: (api: string) => number
}

const passingFaultAttempts = 6
/** an API of which nothing was accepted for so long, whatever was asked, is not there for us */
const patienceMs = 180_000
/** how often it is asked then whether it is again */
const probeMs = 5_000
const maxBackOffMs = 20_000
/** keeps the account's own bucket half full, so that jitter on the way does not overdraw it */
const burstShare = 0.5
const floorPerSecond = 0.5
// 25 calls a second at half a second each: more only holds more pages in memory at a time (bench/README.md)
const maxInFlight = 12

/** Silence takes half a minute each time: it is borne twice. */
const costOf = (failure: unknown): number =>
  failure instanceof Error && failure.name === 'TimeoutError' ? passingFaultAttempts / 2 : 1

type Waiter = {readonly start: () => void}

const timesKept = 512
const calmBeforeProbingMs = 10_000

/** A server on this machine publishes no quota. */
const isPublished = ({quota}: Bucket): boolean => quota < withoutQuota

type Bucket = {
  readonly quota: number
  rate: number
  tokens: number
  refilledAt: number
  queues: {small: Waiter[]; bulk: Waiter[]}
  pumping: boolean
  inFlight: number
  /** made and refused, and waiting to be made again */
  backingOff: number
  roundTripMs: number
  calls: number
  throttles: number
  retries: number
  lastThrottleAt: number
  /** since when all calls were throttled; null while any is accepted */
  refusedSince: number | null
  /** what was thrown last of them */
  refusal: unknown
  askedAt: number
  /** what the rate recovers to: the quota, or, where none is published, what was accepted before the last throttle */
  ceiling: number
  acceptedAt: number[]
  startedAt: number[]
}

/** One budget for one account and region: a token bucket an API that slows down by a third when throttled and recovers by steps (AIMD). */
export function createRateBudget({clock, random, nameOf = api => api, quota}: RateBudgetOptions): RateBudget {
  const buckets = new Map<string, Bucket>()

  const bucketOf = (api: string): Bucket => {
    const name = nameOf(api)
    let bucket = buckets.get(name)
    if (!bucket) {
      const rate = quota(api)
      bucket = {
        quota: rate,
        rate,
        tokens: Math.max(1, rate * burstShare),
        refilledAt: clock.now(),
        queues: {small: [], bulk: []},
        pumping: false,
        inFlight: 0,
        backingOff: 0,
        roundTripMs: 300,
        calls: 0,
        throttles: 0,
        retries: 0,
        lastThrottleAt: Number.NEGATIVE_INFINITY,
        refusedSince: null,
        refusal: null,
        askedAt: Number.NEGATIVE_INFINITY,
        ceiling: rate,
        acceptedAt: [],
        startedAt: [],
      }
      buckets.set(name, bucket)
    }
    return bucket
  }

  const isGivenUp = ({refusedSince}: Bucket): boolean =>
    refusedSince !== null && clock.now() - refusedSince >= patienceMs

  /** What is given up is asked now and then only: each of a thousand calls would take its turn to be refused. */
  const isLeftAlone = (bucket: Bucket): boolean => isGivenUp(bucket) && clock.now() - bucket.askedAt < probeMs

  const refill = (bucket: Bucket): void => {
    const now = clock.now()
    const elapsedS = Math.max(0, now - bucket.refilledAt) / 1000
    const calmMs = now - bucket.lastThrottleAt
    bucket.refilledAt = now
    // what nobody publishes is felt for, slowly: more is asked for than was accepted, by 2 % a second
    if (bucket.ceiling < bucket.quota && calmMs > calmBeforeProbingMs)
      bucket.ceiling = Math.min(bucket.quota, bucket.ceiling * (1 + 0.02 * elapsedS))
    // additive increase: back in about twenty calm seconds
    if (bucket.rate < bucket.ceiling && calmMs > 1000)
      bucket.rate = Math.min(bucket.ceiling, bucket.rate + bucket.ceiling * 0.05 * elapsedS)
    bucket.tokens = Math.min(Math.max(1, bucket.rate * burstShare), bucket.tokens + elapsedS * bucket.rate)
  }

  const pump = async (bucket: Bucket): Promise<void> => {
    if (bucket.pumping) return
    bucket.pumping = true
    try {
      while (bucket.queues.small.length + bucket.queues.bulk.length > 0) {
        refill(bucket)
        // it is not going to ask
        if (isLeftAlone(bucket)) bucket.tokens = Math.max(1, bucket.tokens)
        if (bucket.tokens < 1) {
          await clock.sleep(Math.ceil(((1 - bucket.tokens) / bucket.rate) * 1000))
          continue
        }
        bucket.tokens--
        const next = bucket.queues.small.shift() ?? bucket.queues.bulk.shift()
        next?.start()
      }
    } finally {
      bucket.pumping = false
    }
  }

  const turn = (bucket: Bucket, priority: Priority, signal: AbortSignal | undefined): Promise<void> => {
    signal?.throwIfAborted()
    const queue = bucket.queues[priority]
    if (queue.length === 0 && bucket.queues.small.length === 0) {
      refill(bucket)
      if (bucket.tokens >= 1) {
        bucket.tokens--
        return Promise.resolve()
      }
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
      void pump(bucket)
    })
  }

  const slowDown = (bucket: Bucket): void => {
    const now = clock.now()
    bucket.throttles++
    bucket.tokens = Math.min(bucket.tokens, 0)
    // one burst of refusals is one signal, not ten
    if (now - bucket.lastThrottleAt < Math.max(500, bucket.roundTripMs)) return
    bucket.lastThrottleAt = now
    const lately = (times: readonly number[]): number => Math.max(1, times.filter(at => now - at < 1000).length)
    if (!isPublished(bucket)) {
      bucket.ceiling = Math.min(bucket.ceiling, lately(bucket.acceptedAt))
      bucket.rate = Math.min(bucket.rate, bucket.ceiling)
    } else bucket.rate = Math.max(floorPerSecond, Math.min(bucket.rate, lately(bucket.startedAt)) * 0.7)
  }

  const note = (times: number[], at: number): void => {
    times.push(at)
    if (times.length > 2 * timesKept) times.splice(0, timesKept)
  }

  /** Makes the call, and takes note of when and how it was answered. */
  const made = async <T>(bucket: Bucket, call: () => Promise<T>): Promise<T> => {
    const startedAt = clock.now()
    bucket.askedAt = startedAt
    bucket.calls++
    note(bucket.startedAt, startedAt)
    bucket.inFlight++
    try {
      const answer = await call()
      note(bucket.acceptedAt, startedAt)
      bucket.refusedSince = null
      bucket.roundTripMs += (clock.now() - startedAt - bucket.roundTripMs) * 0.2
      return answer
    } finally {
      bucket.inFlight--
    }
  }

  /** @throws the throttle itself where there has been nothing else for too long */
  const refused = (bucket: Bucket, throttle: unknown): void => {
    slowDown(bucket)
    bucket.refusedSince ??= clock.now()
    bucket.refusal = throttle
    if (isGivenUp(bucket)) throw throttle
  }

  const backOff = async (bucket: Bucket, times: number, signal: AbortSignal | undefined): Promise<void> => {
    bucket.retries++
    const ceiling = Math.min(maxBackOffMs, 100 * 2 ** times)
    bucket.backingOff++
    try {
      await clock.sleep(ceiling * (0.5 + random() / 2), signal)
    } finally {
      bucket.backingOff--
    }
  }

  return {
    async read(api, call, {signal, priority = 'bulk'} = {}) {
      const bucket = bucketOf(api)
      let faults = 0
      for (let attempt = 0; ; attempt++) {
        if (!isLeftAlone(bucket)) await turn(bucket, attempt > 0 ? 'small' : priority, signal)
        signal?.throwIfAborted()
        if (isLeftAlone(bucket)) throw bucket.refusal
        let failure: unknown
        try {
          return await made(bucket, () => call(signal))
        } catch (error) {
          failure = error
        }
        signal?.throwIfAborted()
        const throttled = isThrottle(failure)
        if (throttled) refused(bucket, failure)
        else if (!(isPassingFault(failure) || isClockCorrected(failure))) throw failure
        else {
          faults += costOf(failure)
          if (faults >= passingFaultAttempts) throw failure
        }
        await backOff(bucket, throttled ? Math.min(attempt, 5) : faults, signal)
      }
    },

    async write(api, call, {signal} = {}) {
      const bucket = bucketOf(api)
      for (let attempt = 0; ; attempt++) {
        await turn(bucket, 'small', signal)
        signal?.throwIfAborted()
        try {
          return await made(bucket, call)
        } catch (error) {
          if (!isThrottle(error)) throw error
          refused(bucket, error)
        }
        await backOff(bucket, Math.min(attempt, 5), signal)
      }
    },

    spare(api) {
      const bucket = bucketOf(api)
      const useful = Math.min(maxInFlight, Math.ceil((bucket.rate * bucket.roundTripMs) / 1000) + 1)
      const {inFlight, backingOff, queues} = bucket
      return useful - inFlight - backingOff - queues.small.length - queues.bulk.length
    },

    numbers(api) {
      const {calls, throttles, retries, rate} = bucketOf(api)
      return {calls, throttles, retries, ratePerSecond: rate}
    },

    total() {
      let calls = 0
      let throttles = 0
      let retries = 0
      for (const bucket of buckets.values()) {
        calls += bucket.calls
        throttles += bucket.throttles
        retries += bucket.retries
      }
      return {calls, throttles, retries}
    },
  }
}
