import type {Counts, Effect, MetricCounts, MinuteCounts, Rate} from './judgement.ts'

const z = 1.959963984540054

/** Shrunk to a half, with Wilson's score interval (Wilson 1927, as Brown, Cai and DasGupta 2001 recommend it for few calls). */
export function rateOf({calls, bad}: Counts): Rate {
  const rate = (bad + 0.5) / (calls + 1)
  if (calls === 0) return {calls, bad, rate, low: 0, high: 1}

  const share = bad / calls
  const scale = 1 / (1 + (z * z) / calls)
  const middle = (share + (z * z) / (2 * calls)) * scale
  const half = z * scale * Math.sqrt((share * (1 - share)) / calls + (z * z) / (4 * calls * calls))
  return {
    calls,
    bad,
    rate,
    // exactly 0 and 1 where all are alike, which rounding misses by little
    low: bad === 0 ? 0 : Math.max(0, middle - half),
    high: bad === calls ? 1 : Math.min(1, middle + half),
  }
}

export function effectOf({metric, minutes}: MetricCounts, harm: number): Effect {
  return {metric, harm, canary: rateOf(totalOf(minutes, 'canary')), baseline: rateOf(totalOf(minutes, 'baseline'))}
}

export function totalOf(minutes: readonly MinuteCounts[], version: 'canary' | 'baseline'): Counts {
  return minutes.reduce(
    (sum, minute) => ({calls: sum.calls + minute[version].calls, bad: sum.bad + minute[version].bad}),
    {calls: 0, bad: 0},
  )
}
