import type {Draft} from './draft.ts'

export type Interval = {readonly start: number; readonly end: number}

/** The last time that any of them tells: what is in progress has run at least until then. 0 for none. */
export function lastTime(drafts: readonly Draft[]): number {
  return drafts.reduce((last, {span}) => Math.max(last, span.start, span.end ?? 0), 0)
}

/**
 * When each ended. A subsegment in progress within what is over lost its end: Step Functions does that to steps of a map. It did
 * not go on for longer than what it is in.
 * @param drafts each before its children
 */
export function giveEnds(drafts: readonly Draft[], measuredTo: number): void {
  for (const draft of drafts) {
    const {span, parent} = draft
    const latest = parent && span.kind === 'subsegment' ? parent.end : measuredTo
    draft.end = Math.max(span.start, span.end ?? latest)
    draft.isCutOff =
      span.end === null &&
      span.kind === 'subsegment' &&
      parent !== null &&
      (parent.span.end !== null || parent.isCutOff)
  }
}

/**
 * An init or restore that starts before its own segment, as they do with Lambda: its time is that of the segment above.
 * @returns the part of it before the segment, null where there is none
 */
export function partBefore(segment: Draft, init: Draft): Interval | null {
  if (init.detached || (init.role !== 'init' && init.role !== 'restore')) return null
  const {start} = init.span
  return start < segment.span.start ? {start, end: Math.min(init.end, segment.span.start)} : null
}

/** Gives each the time in which nothing below it ran. @param away what is not on the trace's axis */
export function giveSelfTimes(drafts: readonly Draft[], away: ReadonlySet<Draft>): void {
  for (const draft of drafts) {
    const busy: Interval[] = []
    for (const child of draft.children) {
      if (away.has(child) !== away.has(draft)) continue
      busy.push({start: child.span.start, end: child.end})
      for (const below of child.children) {
        const part = partBefore(child, below)
        if (part) busy.push(part)
      }
    }
    const {start} = draft.span
    draft.selfMs = Math.max(0, draft.end - start - covered(busy, start, draft.end))
  }
}

/** How much of [from, to) any of the intervals covers. */
function covered(intervals: Interval[], from: number, to: number): number {
  let total = 0
  let reached = from
  for (const {start, end} of intervals.sort((a, b) => a.start - b.start)) {
    const since = Math.max(start, reached)
    const until = Math.min(end, to)
    if (until <= since) continue
    total += until - since
    reached = until
  }
  return total
}
