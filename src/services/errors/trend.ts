export type Trend = 'new' | 'growing' | 'steady' | 'falling'

/** How often something came, and in how much of what it can come in: minutes, or invocations. */
export type Rate = {readonly count: number; readonly exposure: number}

/** Errors come in bursts, so that Poisson statistics find changes too readily: a ratio is asked for too. */
const significanceToShow = 0.01
/** A pipeline that stops needs more than a person who looks. */
export const significanceToAct = 0.001
/** A change that nobody would act on is none, however sure. */
const leastRatio = 1.5

/**
 * How a rate compares with an earlier one: `new` when it was not there at all, `growing` or `falling` when it changed by
 * half or more and chance is no explanation (one-sided p ≤ `significance`), else `steady`.
 *
 * The test is the exact conditional one for two Poisson rates (Przyborowski and Wilenski, Homogeneity of results in testing
 * samples from Poisson series, Biometrika 31, 1940; R's `poisson.test`): of the x₁ + x₀ that came, x₁ is binomial with
 * p = t₁ / (t₁ + t₀) if the rates are the same.
 */
export function trendOf(now: Rate, before: Rate, significance = significanceToShow): Trend {
  if (before.count === 0) return now.count === 0 ? 'steady' : 'new'
  if (now.exposure <= 0 || before.exposure <= 0) return 'steady'
  const ratio = now.count / now.exposure / (before.count / before.exposure)
  const total = now.count + before.count
  const share = now.exposure / (now.exposure + before.exposure)
  if (ratio >= leastRatio && atLeast(now.count, total, share) <= significance) return 'growing'
  if (ratio <= 1 / leastRatio && 1 - atLeast(now.count + 1, total, share) <= significance) return 'falling'
  return 'steady'
}

/** How likely it is that all of what came, came now, if it had been coming at the same rate before: for what is new. */
export function chanceOfNew(now: Rate, before: Rate): number {
  const exposure = now.exposure + before.exposure
  return exposure <= 0 ? 1 : (now.exposure / exposure) ** now.count
}

/** P(X ≥ k) of a binomial with n trials of probability p, as the regularised incomplete beta function I_p(k, n − k + 1). */
export function atLeast(k: number, n: number, p: number): number {
  if (k <= 0) return 1
  if (k > n || p <= 0) return 0
  if (p >= 1) return 1
  return incompleteBeta(p, k, n - k + 1)
}

/** I_x(a, b) by its continued fraction (DLMF 8.17.22, evaluated after Lentz); good to some 12 digits. */
function incompleteBeta(x: number, a: number, b: number): number {
  // the fraction converges fast on this side only
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b)) / a
  const tiny = 1e-300
  const away = (value: number): number => (Math.abs(value) < tiny ? tiny : value)
  let c = 1
  let d = 1 / away(1 - ((a + b) * x) / (a + 1))
  let fraction = d
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / away(1 + even * d)
    c = away(1 + even / c)
    fraction *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / away(1 + odd * d)
    c = away(1 + odd / c)
    fraction *= d * c
    if (Math.abs(d * c - 1) < 1e-13) break
  }
  return Math.min(1, Math.max(0, front * fraction))
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b)
}

/** Stirling's series (DLMF 5.11.1), shifted to where it is exact to a double. */
function logGamma(x: number): number {
  let shift = 0
  let at = x
  for (; at < 10; at++) shift += Math.log(at)
  const square = 1 / (at * at)
  const series = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680))) / at
  return (at - 0.5) * Math.log(at) - at + Math.log(2 * Math.PI) / 2 + series - shift
}
