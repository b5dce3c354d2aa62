import type {Clock} from '../clock.ts'
import {isClockCorrected, isPassingFault, isThrottle} from './failures.ts'
import {createRateBucket, type Priority, type RateBucket} from './rate-bucket.ts'

type BudgetNumbers = {
  readonly calls: number
  readonly throttles: number
  /** calls made again after a throttle or a passing fault */
  readonly retries: number
  /** requests a second that the budget allows now */
  readonly ratePerSecond: number
}

type ReadOptions = {readonly signal?: AbortSignal | undefined; readonly priority?: Priority}

type WriteOptions = {
  readonly signal?: AbortSignal | undefined
  /** `urgent` goes ahead of everything that waits, and may use the whole quota: for taking a bad release back */
  readonly priority?: Exclude<Priority, 'bulk'>
}

/**
 * The calls a second that one account and region may make, shared by everything in this process.
 * It is the one owner of retries: reads that were throttled or met a passing fault, and writes that were throttled, are made
 * again here, nowhere else. Of a quota that writes count against, a third is kept for what is urgent.
 */
export type RateBudget = {
  /** Makes a read call when its API's turn has come. Throws what AWS said when that is final, the signal's reason on abort. */
  read<T>(api: string, call: (signal: AbortSignal | undefined) => Promise<T>, options?: ReadOptions): Promise<T>
  /**
   * Makes a call that changes something when its API's turn has come. It is made again only where AWS said that it was one too
   * many, and so was not made at all; whatever else is thrown may have been done, and is for the caller to find out.
   * @param options the signal ends the waiting for a turn, never a call that is under way
   */
  write<T>(api: string, call: () => Promise<T>, options?: WriteOptions): Promise<T>
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
const maxBackOffMs = 20_000
/** what is urgent is asked for again while others still wait */
const urgentBackOffMs = 400

/** Silence takes half a minute each time: it is borne twice. */
const costOf = (failure: unknown): number =>
  failure instanceof Error && failure.name === 'TimeoutError' ? passingFaultAttempts / 2 : 1

/** One budget for one account and region: a bucket for each quota. */
export function createRateBudget({clock, random, nameOf = api => api, quota}: RateBudgetOptions): RateBudget {
  const buckets = new Map<string, RateBucket>()

  const bucketOf = (api: string): RateBucket => {
    const name = nameOf(api)
    let bucket = buckets.get(name)
    if (!bucket) {
      bucket = createRateBucket(quota(api), clock)
      buckets.set(name, bucket)
    }
    return bucket
  }

  const backOff = (
    bucket: RateBucket,
    times: number,
    {signal, priority}: {readonly signal: AbortSignal | undefined; readonly priority: Priority},
  ): Promise<void> => {
    const most = priority === 'urgent' ? urgentBackOffMs : maxBackOffMs
    return bucket.backOff(Math.min(most, 100 * 2 ** times), random, signal)
  }

  return {
    async read(api, call, {signal, priority = 'bulk'} = {}) {
      const bucket = bucketOf(api)
      let faults = 0
      for (let attempt = 0; ; attempt++) {
        const again = attempt > 0 && priority === 'bulk' ? 'small' : priority
        if (!bucket.isLeftAlone()) await bucket.turn(again, signal)
        signal?.throwIfAborted()
        if (bucket.isLeftAlone()) throw bucket.refusal()
        let failure: unknown
        try {
          return await bucket.made(() => call(signal))
        } catch (error) {
          failure = error
        }
        signal?.throwIfAborted()
        const throttled = isThrottle(failure)
        if (throttled) bucket.refused(failure)
        else if (!(isPassingFault(failure) || isClockCorrected(failure))) throw failure
        else {
          faults += costOf(failure)
          if (faults >= passingFaultAttempts) throw failure
        }
        const patience = throttled
          ? {times: Math.min(attempt, 5), priority}
          : {times: faults, priority: 'small' as const}
        await backOff(bucket, patience.times, {signal, priority: patience.priority})
      }
    },

    async write(api, call, {signal, priority = 'small'} = {}) {
      const bucket = bucketOf(api)
      bucket.keepReserve()
      for (let attempt = 0; ; attempt++) {
        await bucket.turn(priority, signal)
        signal?.throwIfAborted()
        try {
          return await bucket.made(call)
        } catch (error) {
          if (!isThrottle(error)) throw error
          bucket.refused(error)
        }
        await backOff(bucket, Math.min(attempt, 5), {signal, priority})
      }
    },

    spare: api => bucketOf(api).spare(),
    numbers: api => bucketOf(api).numbers(),

    total() {
      const all = [...buckets.values()].map(bucket => bucket.numbers())
      const sum = (of: (numbers: BudgetNumbers) => number): number => all.reduce((total, each) => total + of(each), 0)
      return {
        calls: sum(each => each.calls),
        throttles: sum(each => each.throttles),
        retries: sum(each => each.retries),
      }
    },
  }
}
