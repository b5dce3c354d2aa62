import type {ShownBefore} from './follow.ts'
import {farthestLookBackMs, identityOf} from './followed-group.ts'
import type {SourcedEvent} from './log-event.ts'
import type {LogSource} from './source.ts'

const mostRemembered = 300_000

/** Remembers which events of the last minutes were shown, so that following can tell those that come in late. */
export type Memory = {
  add(events: readonly SourcedEvent[]): void
  of(source: LogSource): ShownBefore
}

/**
 * Memory of the events from a look-back before `now` on. When they are too many to remember, only those after them are:
 * following then looks back no further.
 * @param start epoch ms; nothing before was read
 */
export function rememberShown(start: number, now: number): Memory {
  const ids = new Map<LogSource, Map<string, number>>()
  let from = Math.max(start, now - farthestLookBackMs)
  let remembered = 0
  return {
    add(events) {
      for (const event of events) {
        if (event.timestamp < from) continue
        if (++remembered > mostRemembered) {
          ids.clear()
          remembered = 0
          from = event.timestamp + 1
          continue
        }
        let ofSource = ids.get(event.source)
        if (!ofSource) {
          ofSource = new Map()
          ids.set(event.source, ofSource)
        }
        ofSource.set(identityOf(event), event.timestamp)
      }
    },
    of: source => ({from, ids: ids.get(source) ?? new Map()}),
  }
}
