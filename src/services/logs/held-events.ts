import type {LogEvent} from './log-event.ts'

/** A step between the reader and what draws: it takes events in order, and gives those that go on, in order. */
export type EventStage = {
  push(event: LogEvent): readonly LogEvent[]
  /** the rest, when no more events come */
  flush(): readonly LogEvent[]
}

/** An event of which a later one decides whether it is shown. */
export type Held = {readonly event: LogEvent; shown: boolean | null; passed: boolean}

export type HeldEvents = {
  hold(event: LogEvent): Held
  /** decides; an event that is decided already stays as it is */
  decide(held: Held, shown: boolean): void
  /** what can be shown now */
  take(): LogEvent[]
  /** what can be shown when no more events come: the undecided are not */
  takeAll(): LogEvent[]
}

/**
 * Keeps events in their order while it is not known whether they are shown. At most `maxHeld` wait: beyond that the oldest
 * undecided one lets the others pass, and if it is shown after all, it comes just before what decided it. Nothing is lost,
 * only order gives way. With 0, nothing ever waits: what a follower of a quiet log needs.
 */
export function heldEvents(maxHeld: number): HeldEvents {
  let queue: Held[] = []
  let head = 0
  let ready: LogEvent[] = []

  function release(most: number): LogEvent[] {
    for (let held = queue[head]; held; held = queue[++head]) {
      if (held.shown === null) {
        if (queue.length - head <= most) break
        held.passed = true
      } else if (held.shown) ready.push(held.event)
    }
    if (head > 1_000 && head * 2 > queue.length) {
      queue = queue.slice(head)
      head = 0
    }
    const taken = ready
    ready = []
    return taken
  }

  return {
    hold(event) {
      const held: Held = {event, shown: null, passed: false}
      queue.push(held)
      return held
    },
    decide(held, shown) {
      if (held.shown !== null) return
      held.shown = shown
      if (shown && held.passed) ready.push(held.event)
    },
    take: () => release(maxHeld),
    takeAll: () => release(0),
  }
}
