import type {Counts} from './judgement.ts'

/** How many times the rate that is allowed the alternatives suppose. */
const factors = [2, 5, 20]

export const absoluteAlternatives = factors.length

/**
 * ln E of one minute against "its rate ≤ allowed", for each alternative, where nothing serves beside it; null where it was not called.
 * E = A^e · exp(−n·p0·(A − 1)), and E[E] = (1 + p·(A − 1))^n · exp(−n·p0·(A − 1)) ≤ exp(n·(A − 1)·(p − p0)) ≤ 1.
 */
export function lnAbsolute(counts: Counts, allowed: number, share: number): number[] | null {
  if (counts.calls === 0) return null

  return factors.map(factor => share * (counts.bad * Math.log(factor) - allowed * counts.calls * (factor - 1)))
}
