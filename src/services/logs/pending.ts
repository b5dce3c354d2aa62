import type {SourcedEvent} from './log-event.ts'
import {compareEvents} from './order.ts'

/** Events that have arrived and wait for their neighbours. */
export type Pending = {
  add(event: SourcedEvent): void
  /** Those up to a time, in order. One dated later than it was ingested waits for its ingestion only. */
  take(upTo: number): SourcedEvent[]
  readonly size: number
}

export function createPending(): Pending {
  let events: SourcedEvent[] = []
  let earliest = Number.POSITIVE_INFINITY
  const due = (event: SourcedEvent): number => Math.min(event.timestamp, event.ingestionTime)
  return {
    add(event) {
      events.push(event)
      earliest = Math.min(earliest, due(event))
    },
    take(upTo) {
      if (earliest > upTo) return []
      const ready: SourcedEvent[] = []
      const rest: SourcedEvent[] = []
      earliest = Number.POSITIVE_INFINITY
      for (const event of events) {
        if (due(event) <= upTo) ready.push(event)
        else {
          rest.push(event)
          earliest = Math.min(earliest, due(event))
        }
      }
      events = rest
      return ready.sort(compareEvents)
    },
    get size() {
      return events.length
    },
  }
}
