import type {Counts, MinuteCounts} from '../judge/judgement.ts'
import type {ByMinute} from './minute-book.ts'

const minuteMs = 60_000
/** nothing is reported of a minute when it is older than the function's timeout and this (reference: metrics are dated by the start) */
const lateMs = 120_000

/** What is counted of one version, by the minute in which invocations began. */
export type VersionMinutes = {
  readonly calls: ByMinute
  /** where a minute is not in it, none, unless it is untold */
  readonly bad: ByMinute
  /** minutes that cannot be told yet */
  readonly untold?: ReadonlySet<number>
}

/** How much later than its end a minute may still change, in ms. */
export const finalAfterMs = (timeoutSeconds: number): number => timeoutSeconds * 1000 + lateMs

export const isFinalAt = (minute: number, now: number, timeoutSeconds: number): boolean =>
  minute + minuteMs + finalAfterMs(timeoutSeconds) <= now

/**
 * Both versions beside each other, oldest first. A minute in which neither was invoked is none. One in which more failed than
 * were invoked, as far as is reported, is left out until it fits: errors may be visible before the invocations that they are of.
 */
export function minuteCounts(
  canary: VersionMinutes,
  baseline: VersionMinutes,
  {now, timeoutSeconds}: {readonly now: number; readonly timeoutSeconds: number},
): readonly MinuteCounts[] {
  const minutes = new Set([canary, baseline].flatMap(({calls, bad}) => [...calls.keys(), ...bad.keys()]))
  return [...minutes]
    .sort((a, b) => a - b)
    .filter(at => !canary.untold?.has(at) && !baseline.untold?.has(at))
    .map(at => ({
      at,
      canary: countsAt(canary, at),
      baseline: countsAt(baseline, at),
      isFinal: isFinalAt(at, now, timeoutSeconds),
    }))
    .filter(({canary, baseline}) => canary.calls + baseline.calls > 0 && isWhole(canary) && isWhole(baseline))
}

const countsAt = ({calls, bad}: VersionMinutes, at: number): Counts => ({
  calls: calls.get(at) ?? 0,
  bad: bad.get(at) ?? 0,
})

const isWhole = ({calls, bad}: Counts): boolean => bad <= calls

/**
 * Failures that are known by the time of a line, and not by that at which their invocation began: where a final minute has more
 * of them than invocations, the rest began before it, in a minute that has room for it.
 */
export function placedByStart(
  {calls, bad}: Pick<VersionMinutes, 'calls' | 'bad'>,
  {now, timeoutSeconds}: {readonly now: number; readonly timeoutSeconds: number},
): ByMinute {
  const placed = new Map(bad)
  const reach = Math.ceil((timeoutSeconds * 1000) / minuteMs)
  const roomAt = (minute: number): number => (calls.get(minute) ?? 0) - (placed.get(minute) ?? 0)
  for (const minute of [...bad.keys()].sort((a, b) => a - b)) {
    if (!isFinalAt(minute, now, timeoutSeconds)) continue
    for (let back = 1; back <= reach && roomAt(minute) < 0; back++) {
      const before = minute - back * minuteMs
      const moved = Math.min(-roomAt(minute), Math.max(0, roomAt(before)))
      if (moved === 0) continue
      placed.set(minute, (placed.get(minute) ?? 0) - moved)
      placed.set(before, (placed.get(before) ?? 0) + moved)
    }
  }
  return placed
}

export const sumByMinute = (minutes: ByMinute): number => [...minutes.values()].reduce((sum, value) => sum + value, 0)
