import type {SourcedEvent} from './log-event.ts'
import {compareEvents} from './order.ts'

/** Something that gives events in order: undefined while the next is not known yet, null when there will be none. */
export type Lane = {
  head(): SourcedEvent | undefined | null
  /** moves past the head */
  step(): void
}

export type Merge = {
  /** Events that are certainly next, up to a number; none while any lane's next is not known. */
  take(limit: number): SourcedEvent[]
  /** lanes whose next event is not known yet */
  readonly unknown: ReadonlySet<Lane>
  readonly finished: boolean
}

type Entry = {readonly lane: Lane; head: SourcedEvent}

/** Merges lanes by the contract's order (a binary heap of their heads). */
export function createMerge(lanes: readonly Lane[]): Merge {
  const heap: Entry[] = []
  const unknown = new Set<Lane>(lanes)

  const less = (i: number, j: number): boolean => compareEvents((heap[i] as Entry).head, (heap[j] as Entry).head) < 0
  const swap = (i: number, j: number): void => {
    const entry = heap[i] as Entry
    heap[i] = heap[j] as Entry
    heap[j] = entry
  }
  const rise = (i: number): void => {
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (!less(i, parent)) return
      swap(i, parent)
      i = parent
    }
  }
  const sink = (): void => {
    for (let i = 0; ; ) {
      const left = 2 * i + 1
      if (left >= heap.length) return
      const least = left + 1 < heap.length && less(left + 1, left) ? left + 1 : left
      if (!less(least, i)) return
      swap(i, least)
      i = least
    }
  }
  const drop = (): void => {
    const last = heap.pop()
    if (last && heap.length > 0) {
      heap[0] = last
      sink()
    }
  }

  const learn = (): void => {
    for (const lane of unknown) {
      const head = lane.head()
      if (head === undefined) continue
      unknown.delete(lane)
      if (head === null) continue
      heap.push({lane, head})
      rise(heap.length - 1)
    }
  }

  return {
    take(limit) {
      learn()
      const events: SourcedEvent[] = []
      while (events.length < limit && unknown.size === 0) {
        const first = heap[0]
        if (!first) break
        events.push(first.head)
        first.lane.step()
        const next = first.lane.head()
        if (next) {
          first.head = next
          sink()
        } else {
          drop()
          if (next === undefined) unknown.add(first.lane)
        }
      }
      return events
    },
    unknown,
    get finished() {
      return heap.length === 0 && unknown.size === 0
    },
  }
}
