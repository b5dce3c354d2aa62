import {isCredentialProblem, isMissing} from '../aws/failures.ts'
import {createLagWatch, type LagWatch} from './lag.ts'
import type {SourcedEvent} from './log-event.ts'
import {compareEvents} from './order.ts'
import {type Page, readPage} from './page.ts'
import {createPending} from './pending.ts'
import type {LogSource} from './source.ts'
import {addGap, gapAfter, type Tally} from './tally.ts'

export type Following = {
  /** epoch ms; nothing before it is asked for */
  readonly start: number
  /** epoch ms, inclusive; null goes on until aborted */
  readonly end: number | null
  readonly filterPattern?: string | undefined
  /** ends when nothing new came for so long */
  readonly idleExitMs?: number | undefined
  /** lists the groups anew, so that those made since are followed too */
  readonly sourcesAnew?: ((signal: AbortSignal) => Promise<readonly LogSource[]>) | undefined
}

export type FollowStep = {
  readonly events: readonly SourcedEvent[]
  readonly notices: readonly string[]
  /** how long events are held back for their neighbours */
  readonly holdMs: number
  /** false until every group has been swept once */
  readonly swept: boolean
}

const tickMs = 200
const shortestCycleMs = 1_000
/** of the quota, so that colleagues and dashboards have the rest */
const shareOfQuota = 0.7
const longestWaitMs = 10_000
const missingGroupEveryMs = 15_000
const listAnewEveryMs = 60_000
const retryAfterFailureMs = 5_000
/** a sweep over more pages than this looks back less for a while */
const denseSweepPages = 2
const denseLookBackMs = 20_000
const deepSweepEveryMs = 60_000

type Followed = {
  readonly source: LogSource
  /** event ids from `floor` on that have been taken in */
  readonly seen: Map<string, number>
  floor: number
  /** when the last sweep that ran to its end began, on AWS's clock */
  sweptAt: number | null
  deepSweptAt: number
  pages: number
  busy: boolean
  nextAt: number
  failed: string | null
}

/**
 * Follows groups by overlapping sweeps: each reads again from a look-back before the last finished one began, and event
 * ids tell what is new, so late events and those of one millisecond are neither lost nor doubled, and a laptop that
 * slept only makes one sweep longer. Events are merged up to a frontier that follows what has been swept:
 * max(start of the oldest finished sweep − hold, now − 10 s). What comes after its neighbours were shown is marked late.
 */
export async function* follow(
  sources: readonly LogSource[],
  {start, end, filterPattern, idleExitMs, sourcesAnew}: Following,
  tally: Tally,
  signal: AbortSignal,
): AsyncGenerator<FollowStep> {
  const clock = sources[0]?.aws.clock
  if (!clock) return
  const lag = createLagWatch()
  const pending = createPending()
  const stop = new AbortController()
  const stopped = AbortSignal.any([signal, stop.signal])
  let followed = sources.map(source => createFollowed(source, start))
  let notices: string[] = []
  let skewMs = 0
  let fatal: unknown
  let lastShown: SourcedEvent | null = null
  let lastNewsAt = clock.now()
  let listedAt = clock.now()
  let paused = false

  const now = (): number => clock.now() + skewMs

  const sweep = async (group: Followed): Promise<void> => {
    const began = now()
    const deep = group.pages <= denseSweepPages || began - group.deepSweptAt >= deepSweepEveryMs
    const lookBack = deep ? lag.lookBackMs() : Math.min(denseLookBackMs, lag.lookBackMs())
    const from = Math.max(group.floor, (group.sweptAt ?? start) - lookBack, start)
    let nextToken: string | undefined
    let pages = 0
    for (let repeats = 0; ; ) {
      const request = {startTime: from, filterPattern, nextToken, ...(end !== null && {endTime: end})}
      const page: Page = await readPage(group.source, request, {
        priority: pages === 0 ? 'small' : 'bulk',
        signal: stopped,
      })
      pages++
      tally.pages++
      tally.bytes += page.bytes
      if (page.lastTimestamp === null) tally.emptyPages++
      if (page.serverTime !== null) skewMs = skewOf(page.serverTime - clock.now(), skewMs)
      for (const event of page.events()) takeIn(group, event)
      if (page.nextToken === null) break
      repeats = page.nextToken === nextToken ? repeats + 1 : 0
      if (repeats > 5) throw new Error('AWS kept repeating the same page token')
      nextToken = page.nextToken
    }
    if (group.sweptAt === null) {
      tally.answered++
      tally.complete++
    }
    if (group.failed !== null) {
      notices.push(`${group.source.logGroup} answers again`)
      group.failed = null
    }
    group.pages = pages
    group.sweptAt = began
    if (deep) group.deepSweptAt = began
    forget(group, lag)
  }

  const takeIn = (group: Followed, event: SourcedEvent): void => {
    const id = event.eventId ?? `${event.logStream}\n${event.timestamp}\n${event.ingestionTime}\n${event.message}`
    if (group.seen.has(id)) return
    group.seen.set(id, event.timestamp)
    if (group.sweptAt !== null) lag.observe(event.ingestionTime - event.timestamp)
    lastNewsAt = clock.now()
    pending.add(event)
  }

  const run = async (group: Followed): Promise<void> => {
    group.busy = true
    try {
      await sweep(group)
      paused = false
      group.nextAt = clock.now() + cycleMs(group, followed)
    } catch (error) {
      if (stopped.aborted) return
      // an exhausted session of somebody who is following is waited for; one that never worked is an error
      if (isCredentialProblem(error) && group.sweptAt === null) fatal ??= error
      else if (isCredentialProblem(error)) {
        if (!paused)
          notices.push('the credentials have expired: sign in again in another terminal, following goes on by itself')
        paused = true
        group.nextAt = clock.now() + retryAfterFailureMs
      } else setBack(group, error)
    } finally {
      group.busy = false
    }
  }

  const setBack = (group: Followed, error: unknown): void => {
    const gap = gapAfter(group.source, error)
    const reason = gap?.detail ?? 'missing'
    group.nextAt = clock.now() + (isMissing(error) ? missingGroupEveryMs : retryAfterFailureMs)
    if (group.failed === reason) return
    if (group.sweptAt !== null)
      notices.push(`${group.source.logGroup}: ${isMissing(error) ? 'the log group was deleted' : reason}`)
    else if (group.failed === null) {
      tally.answered++
      if (gap === null) tally.missing++
      else addGap(tally, gap)
    }
    group.failed = reason
  }

  const frontier = (): number => {
    const swept = followed.filter(({failed}) => failed === null)
    if (swept.length === 0) return now() - longestWaitMs
    const oldest = Math.min(...swept.map(({sweptAt}) => sweptAt ?? Number.NEGATIVE_INFINITY))
    if (oldest === Number.NEGATIVE_INFINITY) return oldest
    return Math.max(oldest - lag.holdMs(), now() - longestWaitMs)
  }

  const show = (upTo: number): SourcedEvent[] =>
    pending.take(upTo).map(event => {
      const late = lastShown !== null && compareEvents(event, lastShown) < 0
      if (late) tally.late++
      // an event dated into the future is shown when it arrives, and does not make all others late
      else if (event.timestamp <= upTo) lastShown = event
      return late ? {...event, late} : event
    })

  const listAnew = async (): Promise<void> => {
    if (!sourcesAnew || clock.now() - listedAt < listAnewEveryMs) return
    listedAt = clock.now()
    const known = new Set(followed.map(({source}) => keyOf(source)))
    const listed = await sourcesAnew(stopped).catch(() => [])
    const fresh = listed.filter(source => !known.has(keyOf(source)))
    for (const {logGroup} of fresh) notices.push(`+ ${logGroup}`)
    tally.groups += fresh.length
    followed = [
      ...followed,
      ...fresh.map(source => createFollowed(source, Math.max(start, now() - 2 * listAnewEveryMs))),
    ]
  }

  const startSweeps = (): void => {
    const due = followed.filter(group => !group.busy && group.nextAt <= clock.now()).sort((a, b) => a.nextAt - b.nextAt)
    for (const group of due) if (group.source.aws.budget.spare('FilterLogEvents') > 0) void run(group)
  }

  let listing = Promise.resolve()
  try {
    for (;;) {
      signal.throwIfAborted()
      if (fatal) throw fatal
      startSweeps()
      listing = listing.then(listAnew)
      const upTo = frontier()
      const events = show(upTo)
      tally.events += events.length
      const swept = upTo > Number.NEGATIVE_INFINITY
      const news = notices
      notices = []
      yield {events, notices: news, holdMs: lag.holdMs(), swept}
      if (swept && end !== null && upTo > end) return
      if (swept && idleExitMs !== undefined && clock.now() - lastNewsAt > idleExitMs && pending.size === 0) return
      await clock.sleep(tickMs, stopped)
    }
  } finally {
    stop.abort()
  }
}

function createFollowed(source: LogSource, floor: number): Followed {
  return {
    source,
    seen: new Map(),
    floor,
    sweptAt: null,
    deepSweptAt: Number.NEGATIVE_INFINITY,
    pages: 0,
    busy: false,
    nextAt: 0,
    failed: null,
  }
}

/** Lets go of ids that no later sweep can bring again; the floor only rises, so a longer look-back later repeats nothing. */
function forget(group: Followed, lag: LagWatch): void {
  group.floor = Math.max(group.floor, (group.sweptAt ?? 0) - lag.lookBackMs())
  for (const [id, timestamp] of group.seen) if (timestamp < group.floor) group.seen.delete(id)
}

/** How often a group is swept: at the pace at which all that share its quota take no more than our share of it. */
function cycleMs({source}: Followed, followed: readonly Followed[]): number {
  const {budget} = source.aws
  const sharing = followed.filter(other => other.source.aws.budget === budget).length
  return Math.max(shortestCycleMs, (sharing / (budget.numbers('FilterLogEvents').ratePerSecond * shareOfQuota)) * 1000)
}

/** The Date header has whole seconds: only a difference beyond that is a clock that is off. */
function skewOf(differenceMs: number, current: number): number {
  const midpoint = differenceMs + 500
  if (Math.abs(midpoint) < 1500) return Math.abs(current) > 1500 ? 0 : current
  return Math.abs(midpoint - current) > 1500 ? midpoint : current
}

const keyOf = ({scope, logGroup}: LogSource): string => `${scope.account}\n${scope.region}\n${logGroup}`
