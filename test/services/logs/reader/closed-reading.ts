import {type ClosedWindow, readClosedWindow} from '../../../../src/services/logs/closed-window.ts'
import type {LogSource} from '../../../../src/services/logs/source.ts'
import {createTally} from '../../../../src/services/logs/tally.ts'
import {createFakeClock} from './fake-clock.ts'
import {type FakeAws, type FakeGroup, type FakeOptions, fakeAws, openBudget, told} from './fake-log-groups.ts'

export const start = Date.UTC(2026, 10, 20, 12)
export const minute = 60_000
export const tenMinutes = {start, end: start + 10 * minute}
/** never has room for another request, so nothing is split */
export const busy = openBudget(0)
/** always has room for many more, so everything is split */
export const idle = openBudget(24)

/** AWS with these groups, some time after the window is over. */
export function given(groups: Readonly<Record<string, FakeGroup>>, options: Partial<FakeOptions> = {}): FakeAws {
  return fakeAws(groups, {clock: createFakeClock(tenMinutes.end + 5 * minute), budget: busy, ...options})
}

/** Reads the window to its end; rejects when it would wait for ever. */
export async function read(
  aws: FakeAws,
  window: Partial<ClosedWindow> = {},
  sources: readonly LogSource[] = aws.sources,
) {
  const tally = createTally(sources.length)
  const reading = readClosedWindow(sources, {...tenMinutes, ...window}, tally, AbortSignal.any([]))
  const events = (await aws.fakeClock.outcome(Array.fromAsync(reading))).flat()
  return {events: told(events), all: events, tally, calls: aws.calls.length}
}
