import type {SourcedEvent} from '../../../../src/services/logs/log-event.ts'
import type {Page} from '../../../../src/services/logs/page.ts'
import type {LogSource} from '../../../../src/services/logs/source.ts'
import {createFakeClock} from './fake-clock.ts'
import {fakeAws, openBudget} from './fake-log-groups.ts'

const source = fakeAws({g: {events: []}}, {clock: createFakeClock(0), budget: openBudget(0)}).source('g')

/** An event of which only the timestamp and the id matter, with whatever else a test says of it. */
export function sourcedEvent(
  timestamp: number,
  eventId: string | null,
  {logGroup = 'g', ...differing}: Partial<SourcedEvent> & {readonly logGroup?: string} = {},
): SourcedEvent {
  const inGroup: LogSource = {...source, logGroup}
  return {
    source: inGroup,
    timestamp,
    eventId,
    logStream: 's',
    ingestionTime: timestamp,
    message: '',
    late: false,
    ...differing,
  }
}

/** A page of these events, as answered: a hundred bytes each. */
export function pageOf(events: readonly SourcedEvent[], nextToken: string | null): Page {
  return {
    nextToken,
    bytes: events.length * 100,
    lastTimestamp: events.at(-1)?.timestamp ?? null,
    serverTime: null,
    events: () => [...events],
    *slices() {
      yield [...events]
    },
  }
}

export const idsOf = (events: Iterable<SourcedEvent>): (string | null)[] => [...events].map(({eventId}) => eventId)
