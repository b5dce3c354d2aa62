import {setImmediate} from 'node:timers/promises'
import {isCredentialProblem, isStaleToken} from '../aws/failures.ts'
import {stopSignal} from '../stop-signal.ts'
import type {SourcedEvent} from './log-event.ts'
import {createMerge, type Lane} from './merge.ts'
import {type BatchLane, laneOfBatches} from './merge-batches.ts'
import {type Page, type PageRequest, readPage} from './page.ts'
import {accept, bytesKept, createShard, head, restart, type Shard, split} from './shard.ts'
import type {LogSource} from './source.ts'
import {cutsFor, pageBytes} from './split-plan.ts'
import {countFailure, countPage, isOfOtherClass, type Tally} from './tally.ts'

export type ClosedWindow = {
  /** epoch ms, both ends inclusive */
  readonly start: number
  readonly end: number
  readonly filterPattern?: string | undefined
  readonly logStreamNames?: readonly string[] | undefined
  /** answers that may wait for their turn in the merge, in bytes; what the merge needs to go on is exempt */
  readonly keepBytes?: number | undefined
  /** reads a group of a class that FilterLogEvents turns out not to read; without it, that is a gap */
  readonly elsewhere?: ((source: LogSource, signal: AbortSignal) => AsyncIterable<SourcedEvent[]>) | undefined
}

export const defaultKeepBytes = 24 * 2 ** 20
/** so many of the next shards of groups that the merge waits for are read at a time although the memory is full */
const nearShards = 3
/** but not beyond so many times of it */
const nearFactor = 2
// drawn and joined, more of them would make strings so large that the collector keeps them
const batchSize = 128
/** with more groups than this, pages are asked smaller, so that one page of each still fits in memory */
const groupsWithFullPages = 256
const smallestPageLimit = 1000
const repeatsBeforeRestart = 3
const restartsBeforeGap = 8

type Group = {
  readonly source: LogSource
  readonly lane: Lane
  /** in order of time; the first is the one the merge is at */
  shards: Shard[]
  restarts: number
  answered: boolean
  failed: boolean
  /** what it is read by instead, when FilterLogEvents cannot */
  elsewhere: BatchLane | null
}

/**
 * Reads a window that is over: every group from its start, groups in parallel under the rate budget, a group's rest in
 * parallel shards while the budget would idle. Yields batches in the contract's order; an empty batch tells that the
 * tally moved. Groups that fail become gaps in the tally; only a credential problem or an abort ends the whole read.
 */
export async function* readClosedWindow(
  sources: readonly LogSource[],
  window: ClosedWindow,
  tally: Tally,
  signal: AbortSignal,
): AsyncGenerator<SourcedEvent[]> {
  const keepBytes = window.keepBytes ?? defaultKeepBytes
  const limit = pageLimit(sources.length)
  const groups = sources.map(source => createGroup(source, window, tally, (group, error) => giveUp(group, error)))
  const byBudget = [...Map.groupBy(groups, ({source}) => source.aws.budget)]
  const merge = createMerge(groups.map(({lane}) => lane))
  const {stopped, stop} = stopSignal(signal)
  let inFlight = 0
  /** of those in flight, the ones that were asked although the memory was full */
  let exempt = 0
  let fatal: unknown
  let moved = Promise.withResolvers<void>()
  let stale = true

  const ask = async (group: Group, shard: Shard): Promise<void> => {
    const {token} = shard
    const request: PageRequest = {
      startTime: shard.askFrom,
      endTime: shard.end,
      ...(token !== null && {nextToken: token}),
      ...(window.filterPattern && {filterPattern: window.filterPattern}),
      ...(window.logStreamNames && {logStreamNames: window.logStreamNames}),
      ...(limit && {limit}),
    }
    shard.inFlight = true
    inFlight++
    try {
      const page = await readPage(group.source, request, {priority: group.answered ? 'bulk' : 'small', signal: stopped})
      if (!group.failed) take(group, shard, page, token)
    } catch (error) {
      if (isCredentialProblem(error) || stopped.aborted) fatal ??= error
      else if (token !== null && isStaleToken(error)) startAnew(group, shard, error)
      else if (window.elsewhere && !group.answered && isOfOtherClass(error)) readElsewhere(group, window.elsewhere)
      else giveUp(group, error)
    } finally {
      shard.inFlight = false
      inFlight--
      stale = true
      moved.resolve()
    }
  }

  const take = (group: Group, shard: Shard, page: Page, token: string | null): void => {
    answered(group)
    countPage(tally, page)
    accept(shard, page, token)
    if (shard.complete) return
    if (shard.repeats >= repeatsBeforeRestart) {
      startAnew(group, shard, new Error('AWS kept repeating the same page token'))
      return
    }
    const {budget} = group.source.aws
    const full = expected() >= keepBytes
    const waiting = groups.reduce(
      (sum, other) =>
        sum + (other.source.aws.budget === budget ? (full ? near(other) : other.shards).filter(isWaiting).length : 0),
      1,
    )
    const cuts = cutsFor(shard, {idle: budget.spare('FilterLogEvents') - waiting, keepBytes})
    if (cuts.length > 0) group.shards.splice(group.shards.indexOf(shard) + 1, 0, ...split(shard, cuts))
  }

  const startAnew = (group: Group, shard: Shard, because: unknown): void => {
    if (group.restarts++ >= restartsBeforeGap) {
      giveUp(group, because)
      return
    }
    try {
      restart(shard)
    } catch (error) {
      // an answer that waits broke off in its middle
      giveUp(group, error)
    }
  }

  const readElsewhere = (group: Group, elsewhere: NonNullable<ClosedWindow['elsewhere']>): void => {
    group.failed = true
    for (const shard of group.shards) shard.complete = true
    const onMove = (): void => moved.resolve()
    group.elsewhere = laneOfBatches(elsewhere(group.source, stopped), onMove, error => {
      fatal ??= error
    })
  }

  const answered = (group: Group): void => {
    if (!group.answered) tally.answered++
    group.answered = true
  }

  const giveUp = (group: Group, error: unknown): void => {
    if (group.failed) return
    group.failed = true
    answered(group)
    countFailure(tally, group.source, error)
    for (const shard of group.shards) shard.complete = true
  }

  /** kept, and about to be */
  const expected = (): number =>
    groups.reduce((sum, {shards}) => sum + shards.reduce((bytes, shard) => bytes + bytesKept(shard), 0), 0) +
    inFlight * pageBytes

  /** the shards that the merge will be at next, if it waits for the group */
  const near = (group: Group): Shard[] =>
    merge.unknown.has(group.lane) ? group.shards.filter(({complete}) => !complete).slice(0, nearShards) : []

  const fill = (): void => {
    let bytes = expected()
    stale = bytes >= keepBytes
    for (const [budget, groups] of byBudget) {
      // with nothing of ours in flight nobody would wake us, whatever others do with the budget
      const spare = Math.max(budget.spare('FilterLogEvents'), inFlight === 0 ? 1 : 0)
      if (spare <= 0) continue
      const candidates = groups.flatMap(group => {
        const [earliest, ...next] = near(group)
        return group.shards
          .filter(isWaiting)
          .map(shard => ({group, shard, wanted: shard === earliest, isNear: next.includes(shard)}))
      })
      candidates.sort((a, b) => Number(b.wanted) - Number(a.wanted) || position(a.shard) - position(b.shard))
      let asked = 0
      for (const {group, shard, wanted, isNear} of candidates) {
        if (asked >= spare) break
        const isExempt = !wanted && bytes >= keepBytes
        if (isExempt && !(isNear && exempt < nearShards && bytes < nearFactor * keepBytes)) continue
        asked++
        bytes += pageBytes
        if (isExempt) exempt++
        void ask(group, shard).finally(() => {
          if (isExempt) exempt--
        })
      }
    }
  }

  try {
    for (;;) {
      signal.throwIfAborted()
      if (fatal) throw fatal
      if (stale) fill()
      moved = Promise.withResolvers()
      const events = merge.take(batchSize)
      if (events.length > 0) {
        tally.events += events.length
        yield events
        // the sockets' turn: a consumer that never waits would starve what is in flight
        if (inFlight > 0) await setImmediate()
      } else if (merge.finished) return
      else {
        yield events
        await moved.promise
      }
    }
  } finally {
    stop()
    await Promise.allSettled(groups.map(({elsewhere}) => elsewhere?.end()))
  }
}

function createGroup(
  source: LogSource,
  {start, end}: ClosedWindow,
  tally: Tally,
  giveUp: (group: Group, error: unknown) => void,
): Group {
  let current: Shard = createShard(start, end)
  let finished = false
  // that an answer broke off in its middle shows only when its turn comes
  const headOrNone = (): ReturnType<typeof head> => {
    for (;;) {
      try {
        return head(current)
      } catch (error) {
        giveUp(group, error)
      }
    }
  }
  const lane: Lane = {
    head() {
      if (group.elsewhere) return group.elsewhere.head()
      for (;;) {
        const event = headOrNone()
        if (event !== null) return event
        if (group.shards.length > 1) {
          group.shards.shift()
          current = group.shards[0] as Shard
          continue
        }
        if (!finished && !group.failed) tally.complete++
        finished = true
        return null
      }
    },
    step() {
      if (group.elsewhere) group.elsewhere.step()
      else current.at++
    },
  }
  const group: Group = {source, lane, shards: [current], restarts: 0, answered: false, failed: false, elsewhere: null}
  return group
}

const isWaiting = (shard: Shard): boolean => !shard.complete && !shard.inFlight

const position = (shard: Shard): number => shard.lastTimestamp ?? shard.askFrom

/** With very many groups, smaller pages: the merge needs one page of each before it can begin. */
const pageLimit = (groups: number): number | undefined =>
  groups > groupsWithFullPages
    ? Math.max(smallestPageLimit, Math.floor((groupsWithFullPages * 10_000) / groups / 4))
    : undefined
