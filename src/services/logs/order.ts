import type {SourcedEvent} from './log-event.ts'

/**
 * The contract's order: timestamp, ingestion time, log group, log stream, event id. AWS answers by timestamp, ingestion
 * time and PutLogEvents request, so only events of one millisecond can stand otherwise than here.
 */
export function compareEvents(a: SourcedEvent, b: SourcedEvent): number {
  if (a.timestamp !== b.timestamp) return a.timestamp - b.timestamp
  if (a.ingestionTime !== b.ingestionTime) return a.ingestionTime - b.ingestionTime
  return (
    compareText(a.source.logGroup, b.source.logGroup) ||
    compareText(a.logStream, b.logStream) ||
    compareText(a.eventId ?? '', b.eventId ?? '') ||
    compareText(a.source.scope.region, b.source.scope.region) ||
    compareText(a.source.scope.account ?? '', b.source.scope.account ?? '') ||
    compareText(a.message, b.message)
  )
}

/** by code unit, the same on every machine */
function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}

/**
 * Puts events that stand in timestamp order, as AWS answers, into the contract's order, in place: only runs of one
 * millisecond need sorting. An event that stands twice in a run (the same event id) is kept once.
 * Events that are not in timestamp order, which AWS promises not to happen, are sorted as well.
 */
export function settle(events: SourcedEvent[]): SourcedEvent[] {
  let ascending = true
  let runs = false
  for (let i = 1; i < events.length && ascending; i++) {
    const step = (events[i] as SourcedEvent).timestamp - (events[i - 1] as SourcedEvent).timestamp
    if (step < 0) ascending = false
    else if (step === 0) runs = true
  }
  if (ascending && !runs) return events
  events.sort(compareEvents)
  return events.filter(
    (event, i) =>
      event.eventId === null ||
      event.eventId !== events[i - 1]?.eventId ||
      event.timestamp !== events[i - 1]?.timestamp,
  )
}
