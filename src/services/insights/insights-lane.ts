import type {SourcedEvent} from '../logs/log-event.ts'
import type {Lane} from '../logs/merge.ts'
import {settle} from '../logs/order.ts'
import type {LogSource} from '../logs/source.ts'
import type {CompletedQuery} from './run-query.ts'
import {type Lot, type Span, slicesOf} from './split.ts'

/** A part of a lot's window that one query answers. */
export type Slice = Span & {
  /** `unplanned`: how it is to be cut is not known before an earlier one has told how much there is */
  state: 'unplanned' | 'waiting' | 'running' | 'complete'
  /** finer than the seconds that StartQuery takes: a filter cuts it out */
  readonly byMs: boolean
  /** how often AWS ended its query, or one that it is a part of, without an answer */
  readonly failures: number
  query: CompletedQuery | null
}

/** The events of a lot's log groups as one lane of the merge: slice after slice, a page at a time. */
export type InsightsLane = Lane & {
  readonly lot: Lot
  /** by name; those that cannot be read are taken out */
  readonly sources: Map<string, LogSource>
  /** in order of time; the first is the one that the merge is at */
  readonly slices: readonly Slice[]
  readonly slice: Slice | undefined
  /** events that are ready for the merge */
  readonly ready: number
  /** Puts parts in the place of a slice. */
  replace(slice: Slice, parts: readonly Slice[]): void
  /** Makes one of a slice and the next, or drops the last one. */
  join(slice: Slice): void
  /** Takes a page of the first slice. */
  accept(events: readonly SourcedEvent[]): void
  /** The first slice is over. `from`: AWS did not give its rows from that ms on; they are a slice of their own. */
  finish(from: number | null): void
  answered: boolean
  fetching: boolean
}

/** @param probes how many times as long as its first slice the window is; what is behind it is planned by what it tells */
export function createLane(lot: Lot, window: Span, probes: number): InsightsLane {
  const [first = window] = slicesOf(window, probes)
  const rest = {start: first.end + 1, end: window.end}
  const waiting: Slice[] = [newSlice(first)]
  if (rest.start <= rest.end) waiting.push({...newSlice(rest), state: 'unplanned'})
  let ready: SourcedEvent[] = []
  let at = 0
  /** events of a page's last millisecond: the next page may hold more of it, which come before */
  let held: SourcedEvent[] = []

  return {
    lot,
    sources: new Map(lot.sources.map(source => [source.logGroup, source])),
    get slices() {
      return waiting
    },
    get slice() {
      return waiting[0]
    },
    get ready() {
      return ready.length - at
    },
    head() {
      const event = ready[at]
      if (event) return event
      return waiting.length === 0 ? null : undefined
    },
    step() {
      at++
    },
    replace(slice, parts) {
      const index = waiting.indexOf(slice)
      if (index >= 0) waiting.splice(index, 1, ...parts)
    },
    join(slice) {
      const index = waiting.indexOf(slice)
      const next = waiting[index + 1]
      const joined = next && newSlice({start: slice.start, end: next.end}, {failures: slice.failures, byMs: slice.byMs})
      if (index >= 0) waiting.splice(index, 2, ...(joined ? [joined] : []))
    },
    accept(events) {
      const all = [...held, ...events]
      const last = all.reduce((latest, {timestamp}) => Math.max(latest, timestamp), 0)
      held = all.filter(({timestamp}) => timestamp === last)
      const settled = settle(all.filter(({timestamp}) => timestamp < last))
      ready = [...ready.slice(at), ...settled]
      at = 0
    },
    finish(from) {
      const rest = settle(held.filter(({timestamp}) => from === null || timestamp < from))
      held = []
      ready = [...ready.slice(at), ...rest]
      at = 0
      const [over] = waiting.splice(0, 1)
      if (over && from !== null) waiting.unshift(newSlice({start: from, end: over.end}, {byMs: true}))
    },
    answered: false,
    fetching: false,
  }
}

/** Cuts what is not planned yet into so many slices. */
export function planRest(lane: InsightsLane, parts: number): void {
  const rest = lane.slices.find(({state}) => state === 'unplanned')
  if (!rest) return
  const planned = parts > 1 ? partsOf(rest, parts) : []
  if (planned.length > 0) lane.replace(rest, planned)
  else rest.state = 'waiting'
}

/** The parts of a slice that holds more than a query may answer, or that AWS could not do; none when it is as fine as can be. */
export function partsOf(slice: Slice, parts: number, failures = slice.failures): readonly Slice[] {
  const spans = slicesOf(slice, Math.max(2, parts))
  if (spans.length < 2) return []
  return spans.map(span => newSlice(span, {byMs: slice.byMs || !isWhole(span), failures}))
}

/** Whether no part of a second at its start is left to another slice. */
const isWhole = ({start, end}: Span): boolean => end - start >= 999 && start % 1000 === 0

function newSlice(
  {start, end}: Span,
  {byMs = false, failures = 0}: {readonly byMs?: boolean; readonly failures?: number} = {},
): Slice {
  return {start, end, state: 'waiting', byMs, failures, query: null}
}
