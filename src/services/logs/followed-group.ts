import type {Gap} from '../receipt.ts'
import type {EventCopies} from './event-copies.ts'
import type {SourcedEvent} from './log-event.ts'
import type {LogSource} from './source.ts'
import {addGap, type Tally} from './tally.ts'

/** an event that comes in later than this is not looked for: CloudWatch Logs takes events of up to 14 days ago */
export const farthestLookBackMs = 900_000

export const deepSweepEveryMs = 60_000

/** usual sweeps over more pages than this look back less */
const denseSweepPages = 2
/** a deep sweep goes as far back as about so many pages reach */
const deepSweepPages = 3
/** so many ids of a group are no matter: FilterLogEvents may answer as many in a page */
const fewIds = 10_000
/** how long frames may still bring what came in before */
const framesBehindMs = 300_000

/** One group that is followed; its times are AWS's, save `nextAt`. */
export type FollowedGroup = {
  readonly source: LogSource
  /** nothing before it belongs to what is followed */
  readonly from: number
  /** what frames of Live Tail are told apart by, where it may be used */
  readonly copies: EventCopies | null
  /** event ids from `floor` on that have been taken in, with their timestamps */
  readonly seen: Map<string, number>
  /** nothing before it is asked for; it only rises */
  floor: number
  /** up to when what came in is known: when the last sweep that ran to its end began, or Live Tail's last frame; null before the first sweep */
  sweptAt: number | null
  /** when the last sweep that ran to its end began */
  sweepBegan: number | null
  /** a sweep over the whole look-back takes many pages, so most sweeps look back less */
  dense: boolean
  /** how far back deep sweeps go: as far as a few pages reach */
  horizonMs: number
  deepSweptAt: number
  /** when the last deep sweep that ran to its end began: what came in since is still to be looked for */
  deepDoneAt: number
  busy: boolean
  /** when it is to be swept again, on this machine's clock */
  nextAt: number
  /** why it does not answer now, in a word; null while it does */
  failing: string | null
  /** how the tally counts it */
  counted: 'not yet' | 'complete' | 'missing' | 'gap'
  gap: Gap | null
}

/** @param seen ids of events from `floor` on that were shown before following began */
export function createFollowedGroup(
  source: LogSource,
  floor: number,
  now: number,
  {
    seen,
    copies = null,
  }: {readonly seen?: ReadonlyMap<string, number> | undefined; readonly copies?: EventCopies | null},
): FollowedGroup {
  return {
    source,
    from: floor,
    copies,
    seen: new Map(seen),
    floor,
    sweptAt: null,
    sweepBegan: null,
    dense: false,
    horizonMs: farthestLookBackMs,
    deepSweptAt: now,
    deepDoneAt: now,
    busy: false,
    nextAt: Number.NEGATIVE_INFINITY,
    failing: null,
    counted: 'not yet',
    gap: null,
  }
}

/** What tells an event from every other of its group; servers that give no event ids are told by all that they give. */
export function identityOf({eventId, logStream, timestamp, ingestionTime, message}: SourcedEvent): string {
  return eventId ?? `${logStream}\n${timestamp}\n${ingestionTime}\n${message}`
}

/** Whether an event that a sweep brought is new to the group; it is not the next time. */
export function isNew({seen, copies}: FollowedGroup, event: SourcedEvent): boolean {
  const id = identityOf(event)
  if (seen.has(id)) return false
  seen.set(id, event.timestamp)
  return copies?.bySweep(event) ?? true
}

/**
 * Learns from a deep sweep how far back the next may go, and whether sweeps over the usual look-back would be too much.
 * @param covered ms that the sweep read
 */
export function learnDensity(group: FollowedGroup, pages: number, covered: number, lookBackMs: number): void {
  group.dense = (pages / Math.max(1, covered)) * lookBackMs > denseSweepPages
  group.horizonMs =
    pages > deepSweepPages
      ? Math.max(lookBackMs, (covered * deepSweepPages) / pages)
      : Math.min(farthestLookBackMs, group.horizonMs * 2)
}

/** From when on a deep sweep reads: where others failed before it, so much further back. */
export function deepStart({sweptAt, deepDoneAt, horizonMs, floor}: FollowedGroup): number {
  const now = sweptAt ?? Number.NEGATIVE_INFINITY
  const missedMs = Math.max(0, now - deepDoneAt - deepSweepEveryMs)
  return Math.max(floor, now - Math.min(farthestLookBackMs, horizonMs + missedMs))
}

/**
 * Lets go of ids that no later sweep can bring again: the floor only rises, so a longer look-back later repeats nothing.
 * Where they are few they are kept as far back as ever is looked, since a group may take many pages for once.
 */
export function forgetOld(group: FollowedGroup): void {
  const {sweptAt, copies, seen} = group
  if (sweptAt === null) return
  const areMany = Math.max(seen.size, copies?.size ?? 0) > fewIds
  group.floor = areMany ? deepStart(group) : Math.max(group.floor, sweptAt - farthestLookBackMs)
  copies?.forget(group.floor, sweptAt - framesBehindMs)
  for (const [id, timestamp] of seen) if (timestamp < group.floor) seen.delete(id)
}

/** Counts a group as read to its end, as not there, or as a gap; what it was counted as before no longer holds. */
export function count(tally: Tally, group: FollowedGroup, as: 'complete' | 'missing' | Gap): void {
  if (group.counted === 'not yet') tally.answered++
  if (group.counted === 'complete') tally.complete--
  if (group.counted === 'missing') tally.missing--
  if (group.gap) tally.gaps = tally.gaps.filter(gap => gap !== group.gap)
  group.gap = null
  if (as === 'complete') tally.complete++
  else if (as === 'missing') tally.missing++
  else {
    addGap(tally, as)
    group.gap = as
  }
  group.counted = typeof as === 'string' ? as : 'gap'
}
