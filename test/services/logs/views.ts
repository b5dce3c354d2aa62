import type {LogViewOptions} from '../../../src/services/logs/opened-logs.ts'

/** Everything is to be seen, of what is past, and nothing ends it early. */
export const everything: Omit<LogViewOptions, 'start' | 'end' | 'now'> = {
  follow: false,
  view: {
    level: null,
    include: [],
    exclude: [],
    requestId: null,
    traceId: null,
    matches: null,
    pick: null,
    context: 0,
    framing: true,
    following: false,
  },
  stop: {limit: null, untilMatch: null, failOn: null, following: false, context: 0},
  byRequest: false,
  failed: false,
  tail: null,
}
