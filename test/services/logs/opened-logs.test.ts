import {describe, expect, test} from 'vitest'
import type {SourcedEvent} from '../../../src/services/logs/log-event.ts'
import {type LogViewOptions, openedLogs} from '../../../src/services/logs/opened-logs.ts'
import type {ReadPlan} from '../../../src/services/logs/read-plan.ts'
import {createTally} from '../../../src/services/logs/tally.ts'
import {checkout, first, line, nodeLine, second, trace} from './events.ts'
import {everything} from './views.ts'

const signal = new AbortController().signal
const plan: ReadPlan = {
  engine: 'filter',
  logGroups: 1,
  callsPerSecond: 10,
  firstEventsAfterMs: 700,
  why: [],
  estimate: {calls: 1, seconds: 1, costUSD: 0, costUSDPerHour: 0, scannedBytes: 0},
  byInsights: new Set(),
  liveSessions: 0,
}

/** What is noted of a read of some events. */
async function notesOf(events: readonly SourcedEvent[], view: Partial<LogViewOptions['view']>) {
  const tally = {...createTally(1), answered: 1, complete: 1, events: events.length}
  const steps = async function* () {
    yield {events, notices: [], following: null}
  }
  const logs = openedLogs(
    {
      stream: {tally, [Symbol.asyncIterator]: steps},
      sources: [checkout],
      scopes: [checkout.scope],
      neverInvoked: 0,
      plan,
      notices: [],
      gaps: [],
      whole: {complete: async invocations => invocations, cut: 0},
      openedAt: 0,
      calls: () => ({calls: 1, throttles: 0}),
      notes: [],
      noSuchGroup: () => null,
    },
    {...everything, start: 0, end: 10_000, now: 900_000, view: {...everything.view, ...view}},
    signal,
  )
  await Array.fromAsync(logs.steps)
  return logs.receipt(900_000, signal)?.notes
}

const many = Array.from({length: 5_236}, (_, i) => line(i, nodeLine(first, 'INFO', `line ${i}`)))

describe('what is noted where nothing was found', () => {
  test.each([
    [many, {traceId: trace}, 'none of 5,236 events is of that trace: check the id, or try a longer --since'],
    [many, {requestId: second}, 'none of 5,236 events is of that request: check the id, or try a longer --since'],
    [
      many.slice(0, 1),
      {requestId: second},
      'none of 1 event is of that request: check the id, or try a longer --since',
    ],
    [many, {include: [/refused/]}, 'none of 5,236 events matches: ask for less, or try a longer --since'],
    [[], {requestId: second}, 'nothing was found: try a longer --since, as in --since 24h'],
    [[], {}, 'nothing was found: try a longer --since, as in --since 24h'],
  ] as const)('is worded by what was read (%#)', async (events, view, note) => {
    expect(await notesOf(events, view)).toEqual([note])
  })

  test('is nothing where something was', async () => {
    expect(await notesOf(many, {requestId: first})).toEqual([])
  })
})
