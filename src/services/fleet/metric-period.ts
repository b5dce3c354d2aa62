/** Epoch ms; its end is no longer part of it. */
export type MetricWindow = {readonly start: number; readonly end: number}

const dayMs = 86_400_000
/** CloudWatch takes age by its own clock, and a call is under way for a while: nothing is asked for at the very edge */
const marginMs = 3_600_000
/** Datapoints older than this are gone (CloudWatch's documentation of metrics retention). */
export const metricsKeptMs = 455 * dayMs
const minute = 60

/** What CloudWatch still has of metrics that are so old: 1 minute for 15 days, 5 minutes for 63, 1 hour after that. */
const finestSeconds = (ageMs: number): number => {
  if (ageMs + marginMs < 15 * dayMs) return minute
  return ageMs + marginMs < 63 * dayMs ? 5 * minute : 60 * minute
}

/**
 * The period that a window can be read with: the one that was asked for, or the next multiple of what CloudWatch keeps of
 * the window's start. A shorter one gets no datapoints from it, and no error.
 */
export function readablePeriod(periodSeconds: number, start: number, now: number): number {
  const finest = finestSeconds(now - start)
  return Math.max(1, Math.ceil(periodSeconds / finest)) * finest
}

/**
 * The whole periods that stand for a window: all that it touches, as far back as CloudWatch keeps anything (455 days). So
 * nothing of the window is left out of a count or a maximum, and at either end less than a period is added; who reads windows
 * one after the other cuts them where a period begins. What is shown is said to be of these periods (measuredWindow).
 *
 * Periods start at whole multiples: CloudWatch's start where a request's window does, other servers' where they please, and
 * what is kept of an answer is to be found again a minute later.
 */
export function wholePeriods({start, end}: MetricWindow, periodSeconds: number, now: number): MetricWindow {
  const periodMs = periodSeconds * 1000
  const oldest = Math.ceil((now - metricsKeptMs + marginMs) / periodMs) * periodMs
  const from = Math.max(Math.floor(start / periodMs) * periodMs, oldest)
  const to = Math.ceil(end / periodMs) * periodMs
  return from < to ? {start: from, end: to} : {start: to - periodMs, end: to}
}

/** The window that a reading by such periods is really of: those it touches, and nothing that is yet to come. */
export function measuredWindow(window: MetricWindow, periodSeconds: number, now: number): MetricWindow {
  const {start, end} = wholePeriods(window, readablePeriod(periodSeconds, window.start, now), now)
  return {start, end: Math.min(end, Math.max(now, window.end))}
}

/** CloudWatch has counted all of a minute when so much later */
const settledMs = 3 * minute * 1000
/** of what share of a window those minutes are worth a word */
const noticeableShare = 0.01

/** That the newest minutes are not all counted yet, where the window ends in them and is not so long that they hardly weigh. */
export function newestMinutesNotes({start, end}: MetricWindow, now: number): readonly string[] {
  const isOpen = end > now - settledMs && settledMs > (end - start) * noticeableShare
  return isOpen
    ? ['CloudWatch counts the newest 3 minutes late: the window ends in them, and its numbers may still rise']
    : []
}
