/** Durations by how often they occurred, to the percent: what it takes does not grow with their number. */
export type DurationTally = Map<number, number>

/** neighbours differ by so much: a percentile is right to half of it */
const step = Math.log(1.01)
/** ms */
const least = 0.01

export function addDuration(tally: DurationTally, durationMs: number): void {
  const place = Math.round(Math.log(Math.max(durationMs, least)) / step)
  tally.set(place, (tally.get(place) ?? 0) + 1)
}

export function addTally(into: DurationTally, other: DurationTally): void {
  for (const [place, times] of other) into.set(place, (into.get(place) ?? 0) + times)
}

/** The p95 in ms, by nearest rank; null of none. */
export function p95Of(tally: DurationTally): number | null {
  const count = [...tally.values()].reduce((sum, times) => sum + times, 0)
  let below = 0
  for (const [place, times] of [...tally].sort(([a], [b]) => a - b)) {
    below += times
    if (below >= 0.95 * count) return Math.exp(place * step)
  }
  return null
}
