import {invalidRequest} from './invalid-request.ts'

/** Epoch ms, `from ≤ t < to`. */
export type TimeWindow = {readonly from: number; readonly to: number}

/** The longest span of summaries and service graphs; seen in AWS's answers, documented nowhere. */
const longest = 6 * 60 * 60_000

/** @throws ServiceError for a window that X-Ray does not search */
export function timeWindow({StartTime, EndTime}: {readonly StartTime: Date; readonly EndTime: Date}): TimeWindow {
  const window = {from: StartTime.getTime(), to: EndTime.getTime()}
  if (!(window.from < window.to)) throw invalidRequest('Start time must be before end time')
  if (window.to - window.from > longest) throw invalidRequest('Time range cannot be longer than 6 hours')
  return window
}
