import {createHash} from 'node:crypto'
import quotas from '../../../../data/quotas.json' with {type: 'json'}
import type {SandboxLogGroup} from '../../../world/world.ts'
import {day, readableWindow, type Window} from '../event-scan.ts'
import type {QueryRun, RunStatistics} from './query-run.ts'
import type {Row} from './rows.ts'

type QueryStatus = 'Scheduled' | 'Running' | 'Complete' | 'Failed' | 'Cancelled' | 'Timeout'

/** How a query is to go wrong; tests ask for it by fault. */
export type QueryFault =
  | {readonly kind: 'query-failed'}
  | {readonly kind: 'query-timeout'}
  | {readonly kind: 'query-slow'; readonly ms: number}

type QueryOrder = {
  readonly region: string
  readonly queryString: string
  readonly groups: readonly SandboxLogGroup[]
  readonly window: Window
  /** epoch ms: when it was asked for, as the server believes */
  readonly createdAt: number
  /** the fields its rows show */
  readonly shown: readonly string[]
  readonly run: QueryRun
  readonly fault: QueryFault | undefined
}

type QueryLook = {
  readonly status: QueryStatus
  readonly rows: readonly Row[]
  readonly statistics: RunStatistics
}

export type QueryJob = Omit<QueryOrder, 'run' | 'fault'> & {
  readonly id: string
  /** ms from its start until it runs, and until it ends */
  readonly schedule: {readonly runs: number; readonly ends: number}
  status(): QueryStatus
  /** What there is of it by now; the work that takes is done here, so that a query nobody looks at costs nothing. */
  look(): Promise<QueryLook>
  stop(): void
  /** how many rows it keeps; 0 while it runs */
  keptRows(): number
}

export type QueryJobs = {
  start(order: QueryOrder): QueryJob
  find(region: string, id: string): QueryJob | undefined
  /** newest first */
  list(region: string): readonly QueryJob[]
  /** whether one more query may run at once in a region */
  hasRoom(region: string): boolean
  /** how many may run at once in a region */
  readonly concurrentQueries: number
}

const keptJobs = 500
const keptRows = 300_000

/**
 * The queries of a server. AWS keeps results for seven days; here the oldest finished ones go when there are too many.
 * @param clock ms of a clock that runs: queries go on by it
 */
export function createQueryJobs(options: {
  readonly clock: () => number
  readonly seed: number
  readonly concurrentQueries?: number
}): QueryJobs {
  const {clock, seed, concurrentQueries = quotas.logs.concurrentQueries} = options
  const jobs = new Map<string, QueryJob>()
  let started = 0
  const list = (region: string) => [...jobs.values()].filter(job => job.region === region).reverse()

  function dropOldest(): void {
    let rows = [...jobs.values()].reduce((sum, job) => sum + job.keptRows(), 0)
    for (const job of jobs.values()) {
      if (jobs.size <= keptJobs && rows <= keptRows) return
      if (isUnderWay(job)) continue
      rows -= job.keptRows()
      jobs.delete(job.id)
    }
  }

  return {
    concurrentQueries,
    list,
    find: (region, id) => {
      const job = jobs.get(id)
      return job?.region === region ? job : undefined
    },
    hasRoom: region => list(region).filter(isUnderWay).length < concurrentQueries,
    start: order => {
      const job = createJob(order, queryId(`${seed}/${++started}`), clock)
      jobs.set(job.id, job)
      dropOldest()
      return job
    },
  }
}

const isUnderWay = (job: QueryJob) => job.status() === 'Scheduled' || job.status() === 'Running'

// For a clock that stands still, as a test's may: each look passes at least so much time.
const msPerLook = 100
// A look at weeks of a company would take minutes, and no client waits so long for an answer: it goes on at the next one.
const longestLookMs = 3_000

function createJob({run, fault, ...order}: QueryOrder, id: string, clock: () => number): QueryJob {
  const startedAt = clock()
  const schedule = scheduleOf(order, fault)
  const end = fault?.kind === 'query-failed' ? 'Failed' : fault?.kind === 'query-timeout' ? 'Timeout' : 'Complete'
  let looks = 0
  let isCancelled = false
  // Its results stay, what they were worked out from need not.
  let state: {readonly run: QueryRun} | {readonly result: QueryLook} = {run}
  const elapsed = () => Math.max(clock() - startedAt, looks * msPerLook)

  function status(): QueryStatus {
    if (isCancelled) return 'Cancelled'
    const ms = elapsed()
    return ms >= schedule.ends ? end : ms >= schedule.runs ? 'Running' : 'Scheduled'
  }

  /** How far back it has read by now, epoch ms; one that goes wrong comes half the way. */
  function boundary(): number {
    const share = Math.min(1, (elapsed() - schedule.runs) / (schedule.ends - schedule.runs))
    if (share === 1 && end === 'Complete') return Number.NEGATIVE_INFINITY
    const [from, to] = [oldestOf(order), Math.min(order.window.to, order.createdAt)]
    return to - (to - from) * (end === 'Complete' ? share : share / 2)
  }

  return {
    ...order,
    id,
    schedule,
    status,
    look: async () => {
      if ('result' in state) return state.result
      const {run} = state
      const before = status()
      const lateAt = clock() + longestLookMs
      const isDue = before !== 'Scheduled' && before !== 'Cancelled'
      const isThere = !isDue || (await run.advanceTo(boundary(), () => clock() > lateAt))
      looks++
      // It may have been stopped while it was waited for.
      const now = isCancelled ? 'Cancelled' : isThere ? before : 'Running'
      const look = {status: now, rows: now === 'Failed' ? [] : run.rows(), statistics: run.statistics()}
      if (now !== 'Scheduled' && now !== 'Running') state = {result: look}
      return look
    },
    stop: () => {
      isCancelled = true
      if ('run' in state) state.run.stop()
    },
    keptRows: () => ('result' in state ? state.result.rows.length : 0),
  }
}

const longestMs = 20_000
const bytesPerMs = 1_000_000

/** Some hundred ms, and more the more its groups hold of its window; the same for the same query. */
function scheduleOf(order: Omit<QueryOrder, 'run' | 'fault'>, fault: QueryFault | undefined): QueryJob['schedule'] {
  const {queryString, groups, window} = order
  const bytes = groups.reduce((sum, group) => sum + bytesWithin(group, window, order.createdAt), 0)
  const names = groups.map(({name}) => name)
  const dice = createHash('sha256')
    .update(JSON.stringify([queryString, names, window]))
    .digest()
  const runs = 30 + dice.readUInt8(0) / 4
  const slowness = fault?.kind === 'query-slow' ? fault.ms : 0
  return {runs, ends: runs + 200 + dice.readUInt8(1) + Math.min(longestMs, bytes / bytesPerMs) + slowness}
}

function bytesWithin(group: SandboxLogGroup, window: Window, now: number): number {
  const {from, to} = readableWindow(group, now, window)
  const life = group.retentionInDays === null ? now - group.createdAt : group.retentionInDays * day
  return life > 0 ? (group.storedBytes * Math.max(0, Math.min(to, now) - from)) / life : 0
}

const oldestOf = ({groups, window, createdAt}: Pick<QueryOrder, 'groups' | 'window' | 'createdAt'>) =>
  groups.reduce((oldest, group) => Math.min(oldest, readableWindow(group, createdAt, window).from), createdAt)

/** In the form of a UUID. */
function queryId(of: string): string {
  const hex = createHash('sha256').update(`query/${of}`).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `b${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}
