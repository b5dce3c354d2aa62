import type {Level, LogEvent, SourcedEvent} from '../logs/log-event.ts'
import {understanding} from '../logs/view.ts'
import {countErrors, type ErrorCounter} from './count-errors.ts'
import type {Side} from './leaf.ts'
import {type Occurrence, occurrences} from './occurrences.ts'

/** Counts the errors among events as they are read. */
export type ErrorTally = {
  push(events: readonly SourcedEvent[]): void
  /** what can be settled when all events up to `time` (epoch ms) have come */
  passTime(time: number): void
  flush(): void
  readonly counter: ErrorCounter
}

export type ErrorTallyOptions = {
  readonly level: Level
  readonly buckets: number
  /** null: it is in neither of the two that are compared */
  readonly sideOf: (event: LogEvent) => Side | null
}

export function errorTally({level, buckets, sideOf}: ErrorTallyOptions): ErrorTally {
  const understand = understanding()
  const errors = occurrences(level)
  const counter = countErrors({buckets})
  const count = (settled: readonly Occurrence[]): void => {
    for (const occurrence of settled) {
      const side = sideOf(occurrence.event)
      if (side) counter.add(occurrence, side)
    }
  }
  return {
    counter,
    push(events) {
      for (const event of understand(events)) count(errors.push(event))
    },
    passTime: time => count(errors.passTime(time)),
    flush: () => count(errors.flush()),
  }
}
