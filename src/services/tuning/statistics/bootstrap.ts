import type {Interval} from '../standing.ts'
import {seededRandom} from './seeded-random.ts'

const resamples = 2_000

/**
 * Means of resamples, sorted: drawn with replacement, the same for the same values and seed.
 * Below two values they all are the same, which says nothing: ask for no interval then.
 */
function resampledMeans(values: readonly number[], weights: readonly number[], seed: number): Float64Array {
  const random = seededRandom(seed)
  const means = new Float64Array(resamples)
  for (let i = 0; i < resamples; i++) {
    let sum = 0
    let whole = 0
    for (let j = 0; j < values.length; j++) {
      const at = Math.floor(random() * values.length)
      sum += (weights[at] ?? 0) * (values[at] ?? 0)
      whole += weights[at] ?? 0
    }
    means[i] = whole > 0 ? sum / whole : (values[0] ?? 0)
  }
  return means.sort()
}

/**
 * The 95 % interval of the mean by 2,000 resamples; null below three values, which bound nothing.
 * @param weights what each value counts for
 */
export function bootstrapInterval(
  values: readonly number[],
  seed: number,
  weights: readonly number[] = values.map(() => 1),
): Interval | null {
  const counting = values.flatMap((value, i) => ((weights[i] ?? 0) > 0 ? [{value, weight: weights[i] ?? 0}] : []))
  if (counting.length < 3) return null
  const kept = counting.map(({value}) => value)
  const keptWeights = counting.map(({weight}) => weight)
  const means = resampledMeans(kept, keptWeights, seed)
  const mean = kept.reduce((sum, value, i) => sum + value * (keptWeights[i] ?? 0), 0) / sumOf(keptWeights)
  // resampling makes variances too small by 1 − 1/n
  const widen = Math.sqrt(kept.length / (kept.length - 1))
  const at = (share: number): number => mean + ((means[Math.round(share * (resamples - 1))] ?? mean) - mean) * widen
  return [at(0.025), at(0.975)]
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)
