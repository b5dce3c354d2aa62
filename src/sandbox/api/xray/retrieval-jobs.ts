import {createHash} from 'node:crypto'

type RetrievalStatus = 'SCHEDULED' | 'RUNNING' | 'COMPLETE' | 'FAILED' | 'CANCELLED' | 'TIMEOUT'

/** How a retrieval is to go wrong; tests ask for it by fault. */
export type RetrievalFault =
  | {readonly kind: 'retrieval-failed'}
  | {readonly kind: 'retrieval-timeout'}
  | {readonly kind: 'retrieval-slow'; readonly ms: number}

type RetrievalOrder = {
  readonly region: string
  readonly traceIds: readonly string[]
  /** epoch ms; both ends are included */
  readonly window: {readonly from: number; readonly to: number}
  readonly fault: RetrievalFault | undefined
}

export type RetrievalJob = Omit<RetrievalOrder, 'fault'> & {
  readonly token: string
  /** How far it is by now: it goes on with each look, also for a clock that stands still. */
  look(): RetrievalStatus
  cancel(): void
}

export type RetrievalJobs = {
  start(order: RetrievalOrder): RetrievalJob
  find(region: string, token: string): RetrievalJob | undefined
}

const keptJobs = 500
const msPerLook = 100
const runsAfter = 80

/**
 * The trace retrievals of a server; the oldest go when there are too many.
 * @param clock ms of a clock that runs: retrievals go on by it
 */
export function createRetrievalJobs({
  clock,
  seed,
}: {
  readonly clock: () => number
  readonly seed: number
}): RetrievalJobs {
  const jobs = new Map<string, RetrievalJob>()
  let started = 0
  return {
    start: order => {
      const token = createHash('sha256').update(`retrieval/${seed}/${++started}`).digest('base64url')
      const job = createJob(order, token, clock)
      const [oldest] = jobs.keys()
      if (oldest !== undefined && jobs.size >= keptJobs) jobs.delete(oldest)
      jobs.set(token, job)
      return job
    },
    find: (region, token) => {
      const job = jobs.get(token)
      return job?.region === region ? job : undefined
    },
  }
}

function createJob({fault, ...order}: RetrievalOrder, token: string, clock: () => number): RetrievalJob {
  const startedAt = clock()
  const endsAfter = runsAfter + 150 + 10 * order.traceIds.length + (fault?.kind === 'retrieval-slow' ? fault.ms : 0)
  const end =
    fault?.kind === 'retrieval-failed' ? 'FAILED' : fault?.kind === 'retrieval-timeout' ? 'TIMEOUT' : 'COMPLETE'
  let looks = 0
  let isCancelled = false
  function status(): RetrievalStatus {
    if (isCancelled) return 'CANCELLED'
    const ms = Math.max(clock() - startedAt, looks * msPerLook)
    return ms >= endsAfter ? end : ms >= runsAfter ? 'RUNNING' : 'SCHEDULED'
  }
  return {
    ...order,
    token,
    look: () => {
      const now = status()
      looks++
      return now
    },
    cancel: () => {
      const now = status()
      if (now === 'SCHEDULED' || now === 'RUNNING') isCancelled = true
    },
  }
}
