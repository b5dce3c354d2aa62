import {type EventStage, type Held, heldEvents} from './held-events.ts'
import type {LogEvent} from './log-event.ts'
import {perStream} from './streams.ts'

type StreamState = {
  before: Held[]
  after: number
  hasShown: boolean
  /** something was left out since the last event that is shown */
  hasGap: boolean
}

export type ContextOptions = {
  /** how many events before and after each match */
  readonly lines: number
  /** how many events may wait together */
  readonly maxHeld: number
  /** whether something is missing where an event is left out; of each by default */
  readonly isMissed?: (event: LogEvent) => boolean
  /** told of an event before which its stream goes on after a gap, before it is shown */
  readonly onGap?: (event: LogEvent) => void
}

/**
 * Shows each matching event with up to `lines` events of its stream before and after it, each event once, in order.
 * An event waits until it is known whether a match follows it: up to `maxHeld` events wait together (a closed window
 * stays in the order of time); with `maxHeld: 0` a match is shown at once, the events before it right above it.
 */
export function withContext(
  isMatch: (event: LogEvent) => boolean,
  {lines, maxHeld, isMissed = () => true, onGap = () => {}}: ContextOptions,
): EventStage {
  const events = heldEvents(maxHeld)
  const streams = perStream<StreamState>(
    () => ({before: [], after: 0, hasShown: false, hasGap: false}),
    ({before}) => decide(before, false),
  )

  function decide(held: readonly Held[], shown: boolean): void {
    for (const one of held) events.decide(one, shown)
  }

  return {
    push(event) {
      const stream = streams.get(event.source, event.logStream)
      const held = events.hold(event)
      if (isMatch(event)) {
        if (stream.hasShown && stream.hasGap) onGap((stream.before[0] ?? held).event)
        stream.hasShown = true
        stream.hasGap = false
        decide(stream.before, true)
        stream.before = []
        events.decide(held, true)
        stream.after = lines
      } else if (stream.after > 0) {
        stream.after--
        events.decide(held, true)
      } else {
        stream.before.push(held)
        if (stream.before.length > lines) {
          const dropped = stream.before.splice(0, 1)
          if (dropped.some(({event}) => isMissed(event))) stream.hasGap = true
          decide(dropped, false)
        }
      }
      return events.take()
    },
    flush: () => events.takeAll(),
  }
}
