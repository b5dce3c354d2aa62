// The log group in which Transaction Search keeps the spans of a region.
import {stamp} from './log-events.ts'
import {otelSpans} from './otel-spans.ts'
import {textKey} from './random.ts'
import type {SandboxLogEvent, SandboxLogGroup, SandboxTrace} from './world.ts'

/** A log group that nothing of the company writes to: its events are derived from what else there is. */
export type DerivedGroup = {
  readonly group: SandboxLogGroup
  /** events with `from ≤ timestamp ≤ to` that have happened, in no order */
  events(from: number, to: number): readonly SandboxLogEvent[]
}

/** How long after a trace begins its last span can end. */
const longestTraceMs = 15 * 60_000

/** One event for each segment and subsegment, at the moment it ended; what never ends is not written. */
export function createSpanGroup(
  createdAt: number,
  tracesBetween: (from: number, to: number) => readonly SandboxTrace[],
): DerivedGroup {
  return {
    group: {name: 'aws/spans', class: 'STANDARD', createdAt, retentionInDays: 30, storedBytes: 4_812_390_417, tags: {}},
    events(from, to) {
      return tracesBetween(from - longestTraceMs, to + 1).flatMap(trace => eventsOf(trace, from, to))
    },
  }
}

function eventsOf({id, documents}: SandboxTrace, from: number, to: number): readonly SandboxLogEvent[] {
  return otelSpans(id, documents).flatMap(span =>
    span.endedAt === null || span.endedAt < from || span.endedAt > to
      ? []
      : stamp([{timestamp: span.endedAt, message: span.json}], 'default', textKey(span.id, textKey(id)), textKey(id)),
  )
}
