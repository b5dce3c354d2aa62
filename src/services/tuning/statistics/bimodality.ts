import {binomialAtMost} from './binomial.ts'

const fewest = 10
/** Single values that are far off are outliers: a cluster has more of them than chance makes of this share, */
const usualOutliers = 0.05
/** but in so many cases. */
const surprising = 0.0025

/**
 * Whether values fall into two clusters, as with a cache that is hit or not: whether the best split into two explains far more
 * of their variance than the best split of a single cluster does (Engelman and Hartigan's test). In less than one of 1,000
 * normal samples of 10 to 40 values (simulated 40,000 times).
 */
export function isBimodal(values: readonly number[]): boolean {
  if (values.length < fewest) return false
  const sorted = values.toSorted((a, b) => a - b)
  const least = smallestCluster(sorted.length)
  const whole = squaresOf(sorted)
  if (whole === 0) return false
  let within = whole
  for (let split = least; split <= sorted.length - least; split++)
    within = Math.min(within, squaresOf(sorted.slice(0, split)) + squaresOf(sorted.slice(split)))
  return Math.log(whole / within) > 1.35 + 30 * sorted.length ** -1.25
}

function smallestCluster(n: number): number {
  let least = 1
  while (1 - binomialAtMost(least - 1, n, usualOutliers) > surprising) least++
  return least
}

function squaresOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
}
