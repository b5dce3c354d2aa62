import {hash} from 'node:crypto'
import type {SourcedEvent} from './log-event.ts'

/**
 * How often each event of a group truly is. Frames of Live Tail carry no event id, sweeps do, and an application may log
 * the same line twice in a millisecond: so events are known as a multiset by all that both of them tell. What one session
 * brought n times, or sweeps brought under n event ids, is there n times at least.
 */
export type EventCopies = {
  /** Notes an event that a sweep brought under an id it had not brought before. True: it is one more than was known. */
  bySweep(event: SourcedEvent): boolean
  /** Notes an event that a frame of a session brought. True: it is one more than was known. */
  byFrame(event: SourcedEvent, session: number): boolean
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
  readonly bySessions: {readonly session: number; frames: number}[]
}

export function createEventCopies(): EventCopies {
  const events = new Map<string, Known>()

  const knownOf = (event: SourcedEvent): Known => {
    const {logStream, timestamp, ingestionTime, message} = event
    // a message may have a megabyte
    const key = hash('sha256', `${logStream}\n${timestamp}\n${ingestionTime}\n${message}`, 'base64url')
    let known = events.get(key)
    if (!known) {
      known = {timestamp, ingestionTime, copies: 0, bySweeps: 0, bySessions: []}
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
    byFrame(event, session) {
      const known = knownOf(event)
      let of = known.bySessions.find(of => of.session === session)
      if (!of) {
        of = {session, frames: 0}
        known.bySessions.push(of)
      }
      return raise(known, ++of.frames)
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
