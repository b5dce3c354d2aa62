import type {Architecture} from '../../pricing.ts'

/** How a function takes to memory. */
type CurveClass = 'cpu-bound' | 'io-bound' | 'mixed' | 'multi-threaded' | 'memory-starved'

/**
 * `a + b · (1000 / min(m, knee))^c` in ms, fitted to what was measured: it proposes sizes and is drawn, and never recommends.
 */
export type CurveFit = {
  readonly architecture: Architecture
  readonly a: number
  readonly b: number
  readonly c: number
  /** 1,769 MB, where a function has one vCPU; more for one with several threads */
  readonly kneeMB: number
  /** root mean square of relative residuals */
  readonly error: number
  readonly class: CurveClass
}

type Measured = {readonly memorySizeMB: number; readonly durationMs: number}
type Shape = Pick<CurveFit, 'a' | 'b' | 'c' | 'kneeMB'>

/** Where a function has one vCPU (Lambda developer guide, "Configure Lambda function memory"). */
const oneCpuMB = 1769

/**
 * Fits the curve to what was measured on one architecture; null below three sizes.
 * @param least history has often two sizes only: a curve with the exponent 1 goes through both
 */
export function fitCurve(architecture: Architecture, points: readonly Measured[], least = 3): CurveFit | null {
  const usable = points.filter(({durationMs}) => durationMs > 0 && Number.isFinite(durationMs))
  if (new Set(usable.map(({memorySizeMB}) => memorySizeMB)).size < least) return null
  const shape = bestShape(usable)
  const squares = usable.map(point => residual(shape, point) ** 2)
  const error = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / usable.length)
  return {architecture, ...shape, error, class: classOf(shape, usable)}
}

/** The curve's duration at a size, in ms. */
export const curveMs = ({a, b, c, kneeMB}: Shape, memorySizeMB: number): number =>
  a + b * (1000 / Math.min(memorySizeMB, kneeMB)) ** c

/** As a share of what was measured: slow sizes count as much as fast ones. */
const residual = (shape: Shape, {memorySizeMB, durationMs}: Measured): number =>
  (curveMs(shape, memorySizeMB) - durationMs) / durationMs

/** More CPU than one is of use where sizes above it are faster by more. */
const clearlyFaster = 1.05

/** A larger knee has to explain what was measured so much better, for it is one more thing to fit. */
const worthAnotherKnee = 0.6
const enoughForAnotherKnee = 5

/** The curve with the knee at one vCPU; with a larger one where that explains clearly more. */
function bestShape(points: readonly Measured[]): Shape {
  const usual = fitWithKnee(points, oneCpuMB)
  const sizes = [...new Set(points.map(({memorySizeMB}) => memorySizeMB))]
  const larger = sizes.length < enoughForAnotherKnee ? [] : sizes.filter(size => size > oneCpuMB * 1.1)
  let best = usual
  for (const kneeMB of larger) {
    const tried = fitWithKnee(points, kneeMB)
    const isFaster = curveMs(tried.shape, oneCpuMB) > clearlyFaster * curveMs(tried.shape, kneeMB)
    if (isFaster && tried.loss < worthAnotherKnee * usual.loss && tried.loss < best.loss) best = tried
  }
  return best.shape
}

const exponents = Array.from({length: 55}, (_, index) => 0.3 + index * 0.05)

function fitWithKnee(points: readonly Measured[], kneeMB: number): {readonly shape: Shape; readonly loss: number} {
  const fits = exponents.map(c => {
    const shape = fitWithExponent(points, kneeMB, c)
    // few sizes say little of the exponent: then it is 1, as for plain CPU work
    const doubt = (0.01 * Math.log(c)) ** 2
    return {shape, loss: doubt + points.reduce((sum, point) => sum + cauchy(residual(shape, point)), 0)}
  })
  return fits.reduce((best, fit) => (fit.loss < best.loss ? fit : best))
}

/** What a residual of so much counts for: one far off hardly more than one that is merely off. */
const usualScatter = 0.05
const cauchy = (r: number): number => usualScatter ** 2 * Math.log1p((r / usualScatter) ** 2)
const weightOf = (r: number): number => 1 / (1 + (r / usualScatter) ** 2)

/** `a` and `b`, neither below zero, by reweighted least squares: begun with absolute residuals, which single ones hardly move. */
function fitWithExponent(points: readonly Measured[], kneeMB: number, c: number): Shape {
  let shape = weightedFit(points, () => 1, kneeMB, c)
  for (let turn = 0; turn < 24; turn++) {
    const last = shape
    const weigh = (point: Measured): number => {
      const r = Math.abs(residual(last, point))
      return turn < 12 ? 1 / Math.max(r, 1e-4) : weightOf(r)
    }
    shape = weightedFit(points, weigh, kneeMB, c)
  }
  return shape
}

function weightedFit(
  points: readonly Measured[],
  weigh: (point: Measured) => number,
  kneeMB: number,
  c: number,
): Shape {
  let [ww, wx, xx, wy, xy] = [0, 0, 0, 0, 0]
  for (const point of points) {
    const weight = weigh(point)
    const one = 1 / point.durationMs
    const x = (1000 / Math.min(point.memorySizeMB, kneeMB)) ** c / point.durationMs
    ww += weight * one * one
    wx += weight * one * x
    xx += weight * x * x
    wy += weight * one
    xy += weight * x
  }
  const determinant = ww * xx - wx * wx
  const a = determinant > 1e-12 * ww * xx ? (wy * xx - xy * wx) / determinant : 0
  const b = determinant > 1e-12 * ww * xx ? (ww * xy - wx * wy) / determinant : -1
  if (b <= 0) return {a: wy / ww, b: 0, c: 1, kneeMB}
  if (a < 0) return {a: 0, b: xy / xx, c, kneeMB}
  return {a, b, c, kneeMB}
}

/** Steeper than CPU alone: there is too little memory at the small end. */
const starvedExponent = 1.3
/** So much faster over the sizes that were measured is no chance, although there may be no trend but at the small end. */
const beyondNoise = 2
/** Of the duration at one vCPU, what memory does not change, up to which it is CPU work. */
const waitsAtMost = 0.2

function classOf(shape: Shape, points: readonly Measured[]): CurveClass {
  const sizes = points.map(({memorySizeMB}) => memorySizeMB)
  const gain = curveMs(shape, Math.min(...sizes)) / curveMs(shape, Math.max(...sizes))
  if (gain < 1.1 || (gain < beyondNoise && !hasTrend(points, shape.kneeMB))) return 'io-bound'
  if (shape.kneeMB > oneCpuMB) return 'multi-threaded'
  if (shape.c > starvedExponent) return 'memory-starved'
  return shape.a < waitsAtMost * curveMs(shape, oneCpuMB) ? 'cpu-bound' : 'mixed'
}

/** z of a one-sided test at 10 %. */
const trendZ = 1.2816

/** Whether durations fall with memory up to the knee (Mann–Kendall, one-sided, p < .1); few sizes are given the benefit. */
function hasTrend(points: readonly Measured[], kneeMB: number): boolean {
  if (points.length < 5) return true
  let falling = 0
  points.forEach((one, index) => {
    for (const other of points.slice(index + 1)) {
      const more = Math.min(other.memorySizeMB, kneeMB) - Math.min(one.memorySizeMB, kneeMB)
      falling += Math.sign(more) * Math.sign(one.durationMs - other.durationMs)
    }
  })
  const spread = (n: number): number => (n * (n - 1) * (2 * n + 5)) / 18
  const beyond = points.filter(({memorySizeMB}) => memorySizeMB >= kneeMB).length
  return (falling - 1) / Math.sqrt(spread(points.length) - spread(beyond)) > trendZ
}
