import type {Gap} from '../receipt.ts'
import type {LagWatch} from './lag.ts'
import type {SourcedEvent} from './log-event.ts'
import type {LogSource} from './source.ts'
import {addGap, type Tally} from './tally.ts'

/** One group that is followed; its times are AWS's, save `nextAt`. */
export type FollowedGroup = {
  readonly source: LogSource
  /** event ids from `floor` on that have been taken in, with their timestamps */
  readonly seen: Map<string, number>
  /** nothing before it is asked for; it only rises */
  floor: number
  /** when the last sweep that ran to its end began; null before the first */
  sweptAt: number | null
  /** a sweep over the whole look-back takes many pages, so most sweeps look back less */
  dense: boolean
  deepSweptAt: number
  busy: boolean
  /** when it is to be swept again, on this machine's clock */
  nextAt: number
  /** why it does not answer now, in a word; null while it does */
  failing: string | null
  /** how the tally counts it */
  counted: 'not yet' | 'complete' | 'missing' | 'gap'
  gap: Gap | null
}

export function createFollowedGroup(source: LogSource, floor: number): FollowedGroup {
  return {
    source,
    seen: new Map(),
    floor,
    sweptAt: null,
    dense: false,
    deepSweptAt: Number.NEGATIVE_INFINITY,
    busy: false,
    nextAt: Number.NEGATIVE_INFINITY,
    failing: null,
    counted: 'not yet',
    gap: null,
  }
}

/** Whether an event is new to the group; it is not the next time. */
export function isNew({seen}: FollowedGroup, event: SourcedEvent): boolean {
  const id = event.eventId ?? `${event.logStream}\n${event.timestamp}\n${event.ingestionTime}\n${event.message}`
  if (seen.has(id)) return false
  seen.set(id, event.timestamp)
  return true
}

/** Lets go of ids that no later sweep can bring again: the floor only rises, so a longer look-back later repeats nothing. */
export function forgetOld(group: FollowedGroup, lag: LagWatch): void {
  group.floor = Math.max(group.floor, (group.sweptAt ?? Number.NEGATIVE_INFINITY) - lag.lookBackMs())
  for (const [id, timestamp] of group.seen) if (timestamp < group.floor) group.seen.delete(id)
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
