import {settledAfterMs} from '../logs/settled.ts'

/** Epoch ms; the end is not in it. */
export type TraceWindow = {readonly start: number; readonly end: number}

// "Time range cannot be longer than 6 hours", as X-Ray refuses longer ones; documented nowhere
const longestMs = 6 * 3_600_000
const minuteMs = 60_000
/** X-Ray keeps traces for 30 days (AWS X-Ray endpoints and quotas) */
const keptMs = 30 * 24 * 3_600_000

/** A window in parts that X-Ray answers, newest first; they meet at whole minutes, as which it sums up. */
export function traceWindows({start, end}: TraceWindow): readonly TraceWindow[] {
  const windows: TraceWindow[] = []
  for (let to = end; to > start; to = windows.at(-1)?.start ?? start) {
    const from = Math.ceil((to - longestMs) / minuteMs) * minuteMs
    windows.push({start: Math.max(start, from), end: to})
  }
  return windows
}

/** That traces of a window may still come, where it ends so late; else nothing. */
export const freshNotes = (end: number, now: number): readonly string[] =>
  end > now - settledAfterMs ? ['the window ended less than a minute ago: traces may still arrive'] : []

/**
 * What to say of a window without traces.
 * @param isCut it begins before X-Ray's memory does, so that looking further back finds nothing
 */
export function nothingTraced(isCut: boolean): string {
  const further = isCut ? '' : '; a longer --since looks further back'
  return `X-Ray has no traces of this window: functions write them when active tracing is on, and requests come${further}`
}

/** What of a window X-Ray may still have; null where it is all too long ago. */
export function keptPart({start, end}: TraceWindow, now: number): TraceWindow | null {
  const kept = Math.max(start, now - keptMs)
  return kept < end ? {start: kept, end} : null
}
