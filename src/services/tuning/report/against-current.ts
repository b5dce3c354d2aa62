import type {Sample} from '../sample.ts'
import type {Interval, Standing} from '../standing.ts'
import {meanOf} from '../statistics/order.ts'
import {seededRandom} from '../statistics/seeded-random.ts'
import type {Change, Recommendation} from '../tune-report.ts'

const resamples = 2000
/** fewer bound nothing */
const leastToResample = 3
/** below it, a p95 is the slowest there was, and its interval a guess */
const enoughForP95 = 20

const p95 = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.max(Math.ceil(values.length * 0.95) - 1, 0)] ?? Number.NaN

/** The change of a statistic from one set of values to another, with the interval that the bootstrap gives it. */
function bootstrapChange(
  from: readonly number[],
  to: readonly number[],
  statistic: (values: readonly number[]) => number,
  seed: number,
): Change {
  const share = statistic(to) / statistic(from) - 1
  if (from.length < leastToResample || to.length < leastToResample) return {share, ci95: null}
  const random = seededRandom(seed)
  const drawn = (values: readonly number[]): number =>
    statistic(values.map(() => values[Math.floor(random() * values.length)] ?? 0))
  const changes = Array.from({length: resamples}, () => drawn(to) / drawn(from) - 1).sort((a, b) => a - b)
  const at = (quantile: number): number => changes[Math.round(quantile * (resamples - 1))] ?? share
  return {share, ci95: [at(0.025), at(0.975)]}
}

/** The change between two figures with intervals of their own: as wide as these allow, which is wider than 95 %. */
function conservativeChange(from: number, fromCi: Interval | null, to: number, toCi: Interval | null): Change {
  const share = to / from - 1
  if (fromCi === null || toCi === null || fromCi[0] <= 0) return {share, ci95: null}
  return {share, ci95: [toCi[0] / fromCi[1] - 1, toCi[1] / fromCi[0] - 1]}
}

/** The change of the means that are shown, which single slow invocations do not move, and as wide as the samples' own. */
function asShown({meanDurationMs: to}: Standing, {meanDurationMs: from}: Standing, {share, ci95}: Change): Change {
  if (to === null || from === null) return {share, ci95}
  const moved = (own: number): number => ((1 + own) / (1 + share)) * (to / from) - 1
  return {share: moved(share), ci95: ci95 && [moved(ci95[0]), moved(ci95[1])]}
}

/**
 * What a size changes against the one that the function has: cost by both of their intervals, durations of warm invocations by a
 * bootstrap of 2,000, always the same for the same samples.
 * @param warm durations in ms of warm invocations by size
 * @returns null where one of the two was not measured
 */
export function againstCurrent(
  size: Standing,
  current: Standing | null,
  warm: (of: Standing) => readonly number[],
): Recommendation['againstCurrent'] {
  if (current === null || size.costPerMillionUSD === null || current.costPerMillionUSD === null) return null
  if (size === current) {
    const none: Change = {share: 0, ci95: [0, 0]}
    return {cost: none, duration: none, p95: none}
  }
  const [from, to] = [warm(current), warm(size)]
  if (from.length === 0 || to.length === 0) return null
  return {
    cost: conservativeChange(
      current.costPerMillionUSD,
      current.ci95CostPerMillionUSD,
      size.costPerMillionUSD,
      size.ci95CostPerMillionUSD,
    ),
    duration: asShown(size, current, bootstrapChange(from, to, meanOf, size.memorySizeMB)),
    p95: Math.min(from.length, to.length) < enoughForP95 ? null : bootstrapChange(from, to, p95, size.memorySizeMB + 1),
  }
}

/** Durations in ms of the warm invocations of a size that came to a good end, or to one that is allowed. */
export const warmDurations = (
  samples: readonly Sample[],
  {memorySizeMB, architecture}: Standing,
  allowErrors: readonly string[],
): readonly number[] =>
  samples.flatMap(sample =>
    sample.memorySizeMB === memorySizeMB &&
    sample.architecture === architecture &&
    !sample.isCold &&
    (sample.outcome === 'ok' || (sample.errorType !== null && allowErrors.includes(sample.errorType)))
      ? [sample.durationMs]
      : [],
  )
