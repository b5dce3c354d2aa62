const samplesKept = 512
const smallestHoldMs = 2_000
const largestHoldMs = 10_000
const smallestLookBackMs = 120_000
const largestLookBackMs = 900_000

export type LagWatch = {
  /** an event that was new: how long after its timestamp AWS had it */
  observe(lagMs: number): void
  /** how long events are held back so that their neighbours can arrive: the 95th percentile of lag, from 2 to 10 s */
  holdMs(): number
  /** how far back each sweep reads again: twice the longest lag lately seen, from 2 to 15 min */
  lookBackMs(): number
}

/** Watches how late events come in, over the last 512 of them. */
export function createLagWatch(): LagWatch {
  const samples: number[] = []
  let at = 0
  let hold: number | undefined
  return {
    observe(lagMs) {
      samples[at++ % samplesKept] = Math.max(0, lagMs)
      hold = undefined
    },
    holdMs() {
      if (hold === undefined) {
        const sorted = samples.toSorted((a, b) => a - b)
        const p95 = sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0
        hold = Math.min(largestHoldMs, Math.max(smallestHoldMs, p95))
      }
      return hold
    },
    lookBackMs() {
      const longest = samples.reduce((most, lag) => Math.max(most, lag), 0)
      return Math.min(largestLookBackMs, Math.max(smallestLookBackMs, 2 * longest))
    },
  }
}
