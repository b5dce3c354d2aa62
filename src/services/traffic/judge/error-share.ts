import type {Counts} from './judgement.ts'

/** How many times the rate that is allowed the alternatives suppose. */
const factors = [2, 5, 20, 100]

export const errorShareAlternatives = factors.length

export type Allowance = {
  /** harm: more than `times` the baseline's rate plus `margin` */
  readonly times: number
  readonly margin: number
}

/**
 * ln E of one minute against "canary's rate ≤ times · baseline's rate + margin", for each alternative; null where one of the
 * versions was not called. The baseline's rate is whatever it is in that minute, so that what makes both fail says nothing.
 *
 * Of the failures of a minute, θ0 = r·n_c/(r·n_c + n_b) are the canary's where it is r times as bad, and θ1 where it is ρ times.
 * With A = θ1/θ0 and B = (1 − θ1)/(1 − θ0), E = A^e_c · B^e_b · exp(−δ·n_c·(A − 1)), and since 1 + x ≤ exp(x)
 * E[E] ≤ exp(n_c·(A − 1)·(p_c − δ) + n_b·p_b·(B − 1)) ≤ exp(p_b·(r·n_c + n_b)·(θ0·A + (1 − θ0)·B − 1)) = 1.
 *
 * @param share what a failure counts, 1 ÷ how often it may be counted: E to a power below 1 expects at most 1 too (Jensen)
 * @param alternatives how many times the rate that is allowed
 */
export function lnErrorShare(
  canary: Counts,
  baseline: Counts,
  {times, margin}: Allowance,
  share: number,
  alternatives: readonly number[] = factors,
): number[] | null {
  if (canary.calls === 0 || baseline.calls === 0) return null

  return alternatives.map(factor => {
    const b = (times * canary.calls + baseline.calls) / (factor * times * canary.calls + baseline.calls)
    const a = factor * b
    return share * (canary.bad * Math.log(a) + baseline.bad * Math.log(b) - margin * canary.calls * (a - 1))
  })
}
