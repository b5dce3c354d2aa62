import {identityOf} from './followed-group.ts'
import type {SourcedEvent} from './log-event.ts'
import {compareEvents, settle} from './order.ts'
import type {Page} from './page.ts'

/** What a shard has received: everything before a time, and at that time these, told by `identityOf`. */
type Received = {readonly upTo: number; readonly atLast: ReadonlySet<string>}

/**
 * A stretch of one group's time, read page by page. Its pages wait unread until the merge wants their events;
 * of those, the last run of equal timestamps is held back, since the next page may bring more of the same millisecond.
 */
export type Shard = {
  readonly start: number
  /** inclusive; moves back when the rest is split off */
  end: number
  /** start of the request that the token belongs to, or of the next one when there is none */
  askFrom: number
  token: string | null
  /** what was received before the same was asked for anew, which may come again */
  known: Received | null
  complete: boolean
  inFlight: boolean
  answers: number
  /** answers in a row that brought back the token they were asked with */
  repeats: number
  lastTimestamp: number | null
  waiting: {
    readonly page: Page
    readonly slices: Iterator<SourcedEvent[]>
    readonly known: Received | null
  }[]
  /** settled events; from `at` on they are still to be merged */
  settled: SourcedEvent[]
  at: number
  held: SourcedEvent[]
}

export function createShard(start: number, end: number): Shard {
  return {
    start,
    end,
    askFrom: start,
    token: null,
    known: null,
    complete: false,
    inFlight: false,
    answers: 0,
    repeats: 0,
    lastTimestamp: null,
    waiting: [],
    settled: [],
    at: 0,
    held: [],
  }
}

/** Takes in an answer to the request made with `token`. */
export function accept(shard: Shard, page: Page, token: string | null): void {
  shard.answers++
  // the same request once more, and what follows it, may bring the same events once more
  if (shard.repeats > 0) shard.known = received(shard)
  if (page.lastTimestamp !== null) {
    shard.waiting.push({page, slices: page.slices(), known: shard.known})
    shard.lastTimestamp = Math.max(page.lastTimestamp, shard.lastTimestamp ?? page.lastTimestamp)
  }
  shard.repeats = page.nextToken !== null && page.nextToken === token ? shard.repeats + 1 : 0
  shard.token = page.nextToken
  shard.complete = page.nextToken === null
}

/** The next event in order; undefined while it is not known yet, null when there will be none. */
export function head(shard: Shard): SourcedEvent | undefined | null {
  while (shard.at >= shard.settled.length) {
    if (!readNext(shard)) return shard.complete ? null : undefined
  }
  return shard.settled[shard.at]
}

/** What the shard keeps in memory, as bytes of AWS's answers. */
export function bytesKept(shard: Shard): number {
  let bytes = 0
  for (const {page} of shard.waiting) bytes += page.bytes
  return bytes
}

/**
 * Drops the token, which keeps the window it was made for, and asks anew from the last timestamp seen. The events of
 * that millisecond come again, so it is remembered which they were.
 */
export function restart(shard: Shard): void {
  shard.token = null
  shard.repeats = 0
  if (shard.lastTimestamp === null) return
  shard.known = received(shard)
  shard.askFrom = shard.lastTimestamp
}

/**
 * Gives the time from `cuts` on to shards of their own and goes on with the rest.
 * @param cuts ascending, each later than what was read and not later than the shard's end
 */
export function split(shard: Shard, cuts: readonly number[]): Shard[] {
  const ends = [...cuts.slice(1).map(cut => cut - 1), shard.end]
  const rest = cuts.map((cut, i) => createShard(cut, ends[i] ?? shard.end))
  shard.end = (cuts[0] ?? shard.end + 1) - 1
  restart(shard)
  return rest
}

function readNext(shard: Shard): boolean {
  const next = shard.waiting[0]
  if (!next) {
    if (!shard.complete || shard.held.length === 0) return false
    settleAs(shard, shard.held)
    shard.held = []
    return true
  }
  const {known, slices} = next
  const slice = slices.next()
  if (slice.done) {
    shard.waiting.shift()
    return readNext(shard)
  }
  const fresh = (events: SourcedEvent[]): SourcedEvent[] =>
    known ? events.filter(event => !isAmong(known, event)) : events
  let events = shard.held.length > 0 ? shard.held.concat(fresh(slice.value)) : fresh(slice.value)
  if (!isInTimeOrder(events)) {
    // AWS promises order; a server that answers stream by stream is put right, a page at a time
    for (let rest = slices.next(); !rest.done; rest = slices.next()) events = events.concat(fresh(rest.value))
    // its memory is another page's from here on
    shard.waiting.shift()
    events.sort(compareEvents)
  }
  const keep = startOfLastRun(events)
  shard.held = events.slice(keep)
  settleAs(shard, events.slice(0, keep))
  return true
}

function isInTimeOrder(events: readonly SourcedEvent[]): boolean {
  return events.every((event, i) => event.timestamp >= (events[i - 1]?.timestamp ?? event.timestamp))
}

function settleAs(shard: Shard, events: SourcedEvent[]): void {
  shard.settled = settle(events)
  shard.at = 0
}

function startOfLastRun(events: readonly SourcedEvent[]): number {
  const last = events.at(-1)?.timestamp
  let at = events.length
  while (at > 0 && events[at - 1]?.timestamp === last) at--
  return at
}

/** What has been received so far; of the last timestamp seen, all is still unread or held while the shard goes on. */
function received({lastTimestamp: upTo, known, held, waiting}: Shard): Received | null {
  if (upTo === null) return null
  const atLast = new Set<string>(known?.upTo === upTo ? known.atLast : null)
  const kept = [held, ...waiting.filter(({page}) => page.lastTimestamp === upTo).map(({page}) => page.events())]
  for (const event of kept.flat()) if (event.timestamp === upTo) atLast.add(identityOf(event))
  return {upTo, atLast}
}

function isAmong({upTo, atLast}: Received, event: SourcedEvent): boolean {
  return event.timestamp < upTo || (event.timestamp === upTo && atLast.has(identityOf(event)))
}
