import {isCredentialProblem, isMissing} from '../aws/failures.ts'
import {stopSignal} from '../stop-signal.ts'
import {createEventCopies} from './event-copies.ts'
import {
  count,
  createFollowedGroup,
  deepStart,
  deepSweepEveryMs,
  type FollowedGroup,
  forgetOld,
  isNew,
  learnDensity,
} from './followed-group.ts'
import {createLagWatch} from './lag.ts'
import {createLiveSessions, type LiveOptions} from './live-sessions.ts'
import type {SourcedEvent} from './log-event.ts'
import {compareEvents} from './order.ts'
import {readPages} from './pages.ts'
import {createPending} from './pending.ts'
import {newSkew} from './server-clock.ts'
import type {LogSource} from './source.ts'
import {shortestCycleMs, slowestCycleMs, sweepCyclesMs} from './sweep-pace.ts'
import {countPage, gapAfter, type Tally} from './tally.ts'

export type Following = {
  /** epoch ms; nothing before it is asked for */
  readonly start: number
  /** epoch ms, inclusive; null goes on until aborted */
  readonly end: number | null
  readonly filterPattern?: string | undefined
  /** a group is swept no more often, save after a failure; a group that does not answer holds the others up so much longer */
  readonly leastCycleMs?: number | undefined
  /** ends when nothing new came for so long */
  readonly idleExitMs?: number | undefined
  /** lists the groups anew, so that those made since are followed too */
  readonly sourcesAnew?: ((signal: AbortSignal) => Promise<readonly LogSource[]>) | undefined
  /** what of a group was shown before, from a time on: events that came in since then and are not among it are late */
  readonly shownBefore?: ((source: LogSource) => ShownBefore | undefined) | undefined
  /** how far AWS's clock is ahead of this machine's, as far as it is known beforehand */
  readonly skewMs?: number | undefined
  /** Live Tail where it may stand for sweeps; undefined sweeps only */
  readonly live?: LiveOptions | undefined
}

/** Event ids, with their timestamps, of all events from `from` on; times are epoch ms. */
export type ShownBefore = {readonly from: number; readonly ids: ReadonlyMap<string, number>}

export type FollowStep = {
  readonly events: readonly SourcedEvent[]
  readonly notices: readonly string[]
  /** how long events are held back for their neighbours */
  readonly holdMs: number
  /** epoch ms up to which what has come was shown; null until every group has been swept once */
  readonly upTo: number | null
}

const tickMs = 200
/** a tick that took this long: the machine slept, or the consumer was slow */
const longTickMs = 5_000
const longestWaitMs = 10_000
const missingGroupEveryMs = 15_000
const listAnewEveryMs = 60_000
const retryAfterFailureMs = 5_000
const denseLookBackMs = 20_000
/** what Live Tail feeds is swept so seldom, for what came in by no frame: late events are found by deep sweeps alone */
const auditEveryMs = 180_000
const forgetEveryMs = 10_000
const frameEveryMs = 1_000
/** AWS's clock is known to the second and a half */
const clockMarginMs = 3_000

/**
 * Follows groups by overlapping sweeps: each reads again from a look-back before the last finished one began, and event
 * ids tell what is new, so late events and those of one millisecond are neither lost nor doubled, and a laptop that
 * slept only makes one sweep longer. Events are merged up to a frontier that follows what has been swept:
 * max(start of the oldest finished sweep − hold, now − 10 s − what it takes to come round to every group). What comes after
 * its neighbours were shown is marked late.
 * Where Live Tail may be used, its frames stand for the sweeps of a group as long as they bring everything.
 * All times are AWS's own, whatever this machine's clock says.
 */
export async function* follow(
  sources: readonly LogSource[],
  following: Following,
  tally: Tally,
  signal: AbortSignal,
): AsyncGenerator<FollowStep> {
  const {start, end, filterPattern, leastCycleMs = 0, idleExitMs, sourcesAnew} = following
  const clock = sources[0]?.aws.clock
  if (!clock) return
  const lag = createLagWatch()
  const pending = createPending()
  const {stopped, stop} = stopSignal(signal)
  let notices: string[] = []
  let skewMs = following.skewMs ?? 0
  let fatal: unknown
  let lastShown: SourcedEvent | null = null
  let paused = false

  const now = (): number => clock.now() + skewMs
  const followed = (source: LogSource, floor: number, seen?: ShownBefore['ids']): FollowedGroup =>
    createFollowedGroup(source, floor, now(), {seen, copies: following.live ? createEventCopies() : null})
  let groups = sources.map(source => {
    const before = following.shownBefore?.(source)
    return followed(source, before?.from ?? start, before?.ids)
  })
  let lastNewsAt = now()
  let listedAt = clock.now()
  // since when the time counts after which a group that does not answer holds nobody up
  let patientSince = clock.now()
  let tickedAt = clock.now()
  let forgotAt = clock.now()
  const begunAt = now()

  const sweep = async (group: FollowedGroup): Promise<void> => {
    const began = clock.now()
    const deep = group.sweptAt !== null && began + skewMs - group.deepSweptAt >= deepSweepEveryMs
    // also when it fails: a long sweep that never comes to its end must not keep short ones from theirs
    if (deep) group.deepSweptAt = began + skewMs
    const usualMs = lag.lookBackMs()
    const lookBackMs = group.dense ? Math.min(denseLookBackMs, usualMs) : usualMs
    const usualStart = Math.max(group.floor, group.sweptAt === null ? start : group.sweptAt - lookBackMs)
    const startTime = deep ? deepStart(group) : usualStart
    const request = {startTime, filterPattern, ...(end !== null && {endTime: end})}
    let pages = 0
    for await (const page of readPages(group.source, request, {firstPriority: 'small', signal: stopped})) {
      pages++
      countPage(tally, page)
      if (page.serverTime !== null) skewMs = newSkew(page.serverTime - clock.now(), skewMs)
      for (const event of page.events()) takeIn(group, event)
    }
    group.sweepBegan = began + skewMs
    // a frame may have come since
    group.sweptAt = Math.max(group.sweepBegan, Math.min(now(), group.sweptAt ?? Number.NEGATIVE_INFINITY))
    if (deep) group.deepDoneAt = group.sweepBegan
    if (deep || pages > 1) learnDensity(group, pages, group.sweepBegan - startTime, usualMs)
    // the next audit goes back to this one
    if (live) group.horizonMs = Math.max(group.horizonMs, auditEveryMs + 2 * patience())
    forgetOld(group)
  }

  const takeIn = (group: FollowedGroup, event: SourcedEvent): void => {
    if (!isNew(group, event)) return
    if (group.sweptAt !== null) lag.observe(event.ingestionTime - event.timestamp)
    lastNewsAt = now()
    pending.add(event)
  }

  const live = following.live
    ? createLiveSessions({
        ...following.live,
        clock,
        now,
        filterPattern,
        groups: () => groups,
        takeIn: (group, event, frame) => takeInLive(group, event, frame),
        notice: text => void notices.push(text),
        tally,
        signal: stopped,
      })
    : null
  const isFed = (group: FollowedGroup): boolean => live?.feeds(group) ?? false

  const takeInLive = (group: FollowedGroup, event: SourcedEvent, frame: number): void => {
    const {timestamp, ingestionTime} = event
    if (timestamp < group.from || (end !== null && timestamp > end)) return
    // it may have been shown before this began, under an id that no frame tells: sweeps know
    if (timestamp < start && ingestionTime < begunAt + clockMarginMs) return
    // also where a sweep was faster: soon there may be no sweeps
    lag.observe(Math.max(ingestionTime, now() - frameEveryMs) - timestamp)
    if (!group.copies?.byFrame(event, frame)) return
    lastNewsAt = now()
    pending.add(event)
  }

  const sweptSources = (): LogSource[] => groups.filter(group => !isFed(group)).map(({source}) => source)

  const run = async (group: FollowedGroup): Promise<void> => {
    group.busy = true
    try {
      await sweep(group)
      paused = false
      const cycleMs = sweepCyclesMs(sweptSources()).get(group.source.aws.budget) ?? shortestCycleMs
      group.nextAt = clock.now() + (isFed(group) ? auditEveryMs : Math.max(leastCycleMs, cycleMs))
      if (group.counted === 'missing' || group.failing === 'missing') notices.push(`+ ${group.source.logGroup}`)
      else if (group.failing !== null) notices.push(`${group.source.logGroup} answers again`)
      group.failing = null
      if (group.counted !== 'complete') count(tally, group, 'complete')
    } catch (error) {
      if (!stopped.aborted) setBack(group, error)
    } finally {
      group.busy = false
    }
  }

  const setBack = (group: FollowedGroup, error: unknown): void => {
    group.nextAt = clock.now() + (isMissing(error) ? missingGroupEveryMs : retryAfterFailureMs)
    if (isCredentialProblem(error)) {
      // a session that ran out while following is waited for; one that never worked is an error
      if (groups.every(({counted}) => counted === 'not yet')) fatal ??= error
      else if (!paused)
        notices.push('the credentials have expired: sign in again in another terminal, following goes on by itself')
      paused = true
      return
    }
    // an audit: nothing is missing for want of it
    if (isFed(group) && !isMissing(error)) return
    const gap = gapAfter(group.source, error)
    const failing = gap?.reason ?? 'missing'
    if (group.failing === failing) return
    group.failing = failing
    const {logGroup} = group.source
    if (group.sweptAt !== null && isMissing(error)) {
      // what it held until then has been read
      notices.push(`- ${logGroup}`)
      return
    }
    if (gap?.reason === 'missing') notices.push(`${logGroup}: no such log group yet, it is waited for`)
    else if (gap) notices.push(`${logGroup}: ${gap.detail ?? failing}`)
    count(tally, group, gap ?? 'missing')
  }

  /** when the oldest finished sweep of the groups that answer began; −∞ while one of them has not been swept */
  const sweptUpTo = (): number =>
    Math.min(
      now(),
      ...groups.filter(({failing}) => failing === null).map(({sweptAt}) => sweptAt ?? Number.NEGATIVE_INFINITY),
    )

  // a group that is not yet due is not one that does not answer
  const patience = (): number =>
    longestWaitMs + Math.max(leastCycleMs, slowestCycleMs(sweptSources()) - shortestCycleMs)

  const frontier = (swept: number): number => {
    const patienceMs = patience()
    if (swept === Number.NEGATIVE_INFINITY || clock.now() - patientSince < patienceMs) return swept - lag.holdMs()
    return Math.max(swept - lag.holdMs(), now() - patienceMs)
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
    const since = listedAt + skewMs
    listedAt = clock.now()
    const known = new Set(groups.map(({source}) => keyOf(source)))
    const listed = await sourcesAnew(stopped).catch(() => [])
    const fresh = listed.filter(source => !known.has(keyOf(source)))
    for (const {logGroup} of fresh) notices.push(`+ ${logGroup}`)
    tally.groups += fresh.length
    // made after it was last looked; a listing itself may lag behind
    groups = [...groups, ...fresh.map(source => followed(source, Math.max(start, since - listAnewEveryMs)))]
  }

  const startSweeps = (): void => {
    const due = groups.filter(({busy, nextAt}) => !busy && nextAt <= clock.now()).sort((a, b) => a.nextAt - b.nextAt)
    for (const [budget, waiting] of Map.groupBy(due, ({source}) => source.aws.budget))
      for (const group of waiting.slice(0, Math.max(0, budget.spare('FilterLogEvents')))) void run(group)
  }

  let listing = Promise.resolve()
  try {
    for (;;) {
      signal.throwIfAborted()
      if (fatal) throw fatal
      if (clock.now() - tickedAt > longTickMs) patientSince = clock.now()
      tickedAt = clock.now()
      live?.tick()
      startSweeps()
      if (clock.now() - forgotAt > forgetEveryMs) {
        forgotAt = clock.now()
        // a sweep under way may still bring what is older
        for (const group of groups) if (isFed(group) && !group.busy) forgetOld(group)
      }
      listing = listing.then(listAnew)
      const swept = sweptUpTo()
      const upTo = frontier(swept)
      const events = show(upTo)
      tally.events += events.length
      const news = notices
      notices = []
      yield {events, notices: news, holdMs: lag.holdMs(), upTo: swept > Number.NEGATIVE_INFINITY ? upTo : null}
      if (end !== null && swept - lag.holdMs() > end) return
      if (idleExitMs !== undefined && swept - lastNewsAt > idleExitMs && pending.size === 0) return
      await clock.sleep(tickMs, stopped)
    }
  } finally {
    live?.end()
    stop()
  }
}

const keyOf = ({scope, logGroup}: LogSource): string => `${scope.account}\n${scope.region}\n${logGroup}`
