// Evidence kept over minutes. Multiplying what each minute says would let an old shared outage use up all of it; here a part of
// it begins anew with each minute (weights 1/(t(t+1)), the rest 1/(t+1)), a weighted Shiryaev–Roberts sum.
// Where each minute's E expects at most 1, so does the whole, and by Ville's inequality it ever reaches 1/α in at most a share α of
// shifts, however often one looks. In logarithms, for totals of 1e9 calls.

/** logarithms of what began before, one for each alternative; `minutes` is how many have said something */
export type Mixture = {readonly lnSums: readonly number[]; readonly minutes: number}

/** The largest logarithm that is made a number of: sums of many such stay finite. */
const largestLn = 600

export function emptyMixture(alternatives: number): Mixture {
  return {lnSums: new Array<number>(alternatives).fill(Number.NEGATIVE_INFINITY), minutes: 0}
}

/** @param lnE what the minute says, ln, for each alternative */
export function nextMixture(mixture: Mixture, lnE: readonly number[]): Mixture {
  const minutes = mixture.minutes + 1
  const lnStart = -Math.log(minutes * (minutes + 1))
  return {lnSums: mixture.lnSums.map((lnSum, index) => (lnE[index] ?? 0) + lnOfSum([lnSum, lnStart])), minutes}
}

/** ln of the mean over alternatives and of what has not begun yet; 0 (that is 1) before any minute. */
export function lnOfMixture(mixture: Mixture): number {
  if (mixture.minutes === 0) return 0

  return lnOfSum([lnOfMean(mixture.lnSums), -Math.log(mixture.minutes + 1)])
}

export function lnOfMean(lns: readonly number[]): number {
  return lnOfSum(lns) - Math.log(lns.length)
}

/** e to this, but finite. */
export function fromLn(ln: number): number {
  return Math.exp(Math.min(ln, largestLn))
}

function lnOfSum(lns: readonly number[]): number {
  const largest = Math.max(...lns)
  if (largest === Number.NEGATIVE_INFINITY) return largest

  return largest + Math.log(lns.reduce((sum, ln) => sum + Math.exp(ln - largest), 0))
}
