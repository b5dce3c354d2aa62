import {hash} from 'node:crypto'
import type {SourcedEvent} from './log-event.ts'

/**
 * How often each event of a group truly is. Frames of Live Tail carry no event id, sweeps do, and an application may log
 * the same line twice in a millisecond: so events are known as a multiset by all that both of them tell. What one frame
 * brought n times, or sweeps brought under n event ids, is there n times at least. Not what several frames brought:
 * sessions overlap, events of one ingestion come in one frame, and where they do not, sweeps tell.
 */
export type EventCopies = {
  /** Notes an event that a sweep brought under an id it had not brought before. True: it is one more than was known. */
  bySweep(event: SourcedEvent): boolean
  /** Notes an event that a frame brought, by the frame's number. True: it is one more than was known. */
  byFrame(event: SourcedEvent, frame: number): boolean
  /** Lets go of events dated before `floor` that came in before `ingestedBefore`; both are epoch ms. */
  forget(floor: number, ingestedBefore: number): void
  readonly size: number
}

type Known = {
  readonly timestamp: number
  readonly ingestionTime: number
  /** of how many it was told that they are there */
  copies: number
  bySweeps: number
  lastFrame: number
  inLastFrame: number
}

export function createEventCopies(): EventCopies {
  const events = new Map<string, Known>()

  const knownOf = (event: SourcedEvent): Known => {
    const {logStream, timestamp, ingestionTime, message} = event
    // a message may have a megabyte
    const key = hash('sha256', `${logStream}\n${timestamp}\n${ingestionTime}\n${message}`, 'base64url')
    let known = events.get(key)
    if (!known) {
      known = {timestamp, ingestionTime, copies: 0, bySweeps: 0, lastFrame: 0, inLastFrame: 0}
      events.set(key, known)
    }
    return known
  }

  const raise = (known: Known, copies: number): boolean => {
    if (copies <= known.copies) return false
    known.copies = copies
    return true
  }

  return {
    bySweep(event) {
      const known = knownOf(event)
      return raise(known, ++known.bySweeps)
    },
    byFrame(event, frame) {
      const known = knownOf(event)
      known.inLastFrame = known.lastFrame === frame ? known.inLastFrame + 1 : 1
      known.lastFrame = frame
      return raise(known, known.inLastFrame)
    },
    forget(floor, ingestedBefore) {
      for (const [key, {timestamp, ingestionTime}] of events)
        if (timestamp < floor && ingestionTime < ingestedBefore) events.delete(key)
    },
    get size() {
      return events.size
    },
  }
}
