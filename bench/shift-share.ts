/** 99 %, two-sided. */
const z = 2.5758293035489004

/** What the reference itself was simulated with: its figures have their own chance. */
const referenceRuns = 1000

type ShareInterval = {readonly share: number; readonly low: number; readonly high: number; readonly text: string}

/** The share of runs, and where that of the reference's runs lies in 99 % of cases if both simulate the same (Wilson's, with both errors). */
export function intervalOf(fired: number, runs: number): ShareInterval {
  const share = fired / runs
  const both = 1 / (1 / runs + 1 / referenceRuns)
  const scale = 1 / (1 + (z * z) / both)
  const middle = (share + (z * z) / (2 * both)) * scale
  const half = z * scale * Math.sqrt((share * (1 - share)) / both + (z * z) / (4 * both * both))
  const low = Math.max(0, middle - half)
  const high = Math.min(1, middle + half)
  return {share, low, high, text: `${percent(share).padStart(5)} | ${percent(low)}–${percent(high)}`}
}

/** Half of a per cent, to which figures of the reference are rounded at most. */
const rounding = 0.005

export function isWithin(reference: number, {low, high}: Pick<ShareInterval, 'low' | 'high'>): boolean {
  return low - rounding <= reference && reference <= high + rounding
}

/** The median minute, and where the reference's lies in 99 % of cases. */
export function minuteSpread(minutes: readonly number[]): {
  readonly median: number
  readonly low: number
  readonly high: number
} {
  const sorted = minutes.toSorted((a, b) => a - b)
  const half = (z / 2) * Math.sqrt(1 / Math.max(1, sorted.length) + 1 / referenceRuns)
  const quantile = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.max(0, Math.floor(share * sorted.length)))] ?? Number.NaN
  return {median: quantile(0.5), low: quantile(0.5 - half), high: quantile(0.5 + half)}
}

function percent(share: number): string {
  return (100 * share).toFixed(1)
}
