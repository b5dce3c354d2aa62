import type {PeerEvent} from './peer-log.ts'
import {spread} from './spread.ts'

/** What was printed first to last: which event, and in epoch ms when, where that was watched. */
export type Printed = {readonly id: number; readonly at: number | null}

export type Verdict = {
  readonly events: number
  readonly lateEvents: number
  /** of those that came in time, and of those that came 20–90 s late */
  readonly lost: number
  readonly lostLate: number
  /** printings beyond the first */
  readonly doubled: number
  /** events that came in time, but were printed after one with a later timestamp that did, too, of any group */
  readonly outOfOrder: number
  /** ms from when the server had it to when it was printed, of those that came in time; null where nobody watched */
  readonly shownAfterMs: {readonly median: number; readonly p95: number} | null
}

/** Compares what a tool printed with the truth. @throws when it printed what is not there */
export function judge(truth: readonly PeerEvent[], printed: readonly Printed[]): Verdict {
  const seen = new Set<number>()
  const shownAfter: number[] = []
  let doubled = 0
  let outOfOrder = 0
  let newest = Number.NEGATIVE_INFINITY
  for (const {id, at} of printed) {
    const event = truth[id]
    if (!event) throw new Error(`event ${id} was printed, and there is none`)
    if (seen.has(id)) {
      doubled++
      continue
    }
    seen.add(id)
    if (event.late) continue
    if (event.timestamp < newest) outOfOrder++
    newest = Math.max(newest, event.timestamp)
    if (at !== null) shownAfter.push(Math.max(0, at - event.ingestionTime))
  }
  const late = truth.filter(event => event.late)
  const lostLate = late.filter(({id}) => !seen.has(id)).length
  return {
    events: truth.length - late.length,
    lateEvents: late.length,
    lost: truth.length - seen.size - lostLate,
    lostLate,
    doubled,
    outOfOrder,
    shownAfterMs:
      shownAfter.length === 0
        ? null
        : {
            median: spread(shownAfter).median,
            p95: shownAfter.sort((a, b) => a - b)[Math.floor(shownAfter.length * 0.95)] ?? 0,
          },
  }
}
