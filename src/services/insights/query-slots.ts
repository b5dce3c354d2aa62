import quotas from '../../data/quotas.json' with {type: 'json'}
import type {Aws} from '../aws/connect.ts'
import type {RateBudget} from '../aws/rate-budget.ts'

/** How many queries may run at a time in one account and region, out of those that AWS allows everybody in it together. */
export type QuerySlots = {
  /** Waits for room; resolves to what gives it back. Rejects with the signal's reason on abort. */
  take(signal: AbortSignal): Promise<() => void>
  /** AWS runs no more queries just now: others use its rest, and fewer are run from here on */
  refused(): void
  /** ids of the queries that were started here */
  readonly ours: Set<string>
  readonly running: number
  readonly capacity: number
}

/** dashboards, scheduled queries and colleagues share the account's 100 */
const share = 0.25
const calmBeforeGrowingMs = 30_000

const known = new WeakMap<RateBudget, QuerySlots>()

/** The slots of an account and region, as one profile sees it: everything in this process shares them. */
export function querySlots({budget, clock}: Pick<Aws, 'budget' | 'clock'>): QuerySlots {
  const slots = known.get(budget) ?? createQuerySlots(() => clock.now())
  known.set(budget, slots)
  return slots
}

function createQuerySlots(now: () => number): QuerySlots {
  const most = Math.floor(quotas.logs.concurrentQueries * share)
  const waiting: (() => void)[] = []
  let capacity = most
  let running = 0
  let refusedAt = Number.NEGATIVE_INFINITY

  const admit = (): void => {
    while (running < capacity) {
      const next = waiting.shift()
      if (!next) return
      running++
      next()
    }
  }
  const release = (): void => {
    running--
    if (capacity < most && now() - refusedAt > calmBeforeGrowingMs) capacity++
    admit()
  }
  const once = (): (() => void) => {
    let held = true
    return () => {
      if (held) release()
      held = false
    }
  }

  return {
    take(signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason)
        const onAbort = (): void => {
          const at = waiting.indexOf(start)
          if (at >= 0) waiting.splice(at, 1)
          reject(signal.reason)
        }
        const start = (): void => {
          signal.removeEventListener('abort', onAbort)
          resolve(once())
        }
        signal.addEventListener('abort', onAbort, {once: true})
        waiting.push(start)
        admit()
      })
    },
    refused() {
      refusedAt = now()
      // the one that was refused holds a slot too
      capacity = Math.max(1, Math.min(capacity, running - 1))
    },
    ours: new Set(),
    get running() {
      return running
    },
    get capacity() {
      return capacity
    },
  }
}
