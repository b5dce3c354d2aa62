import {incompleteBeta} from './student-t.ts'

/** The probability of at most k hits in n tries that each hit with probability p. */
export function binomialAtMost(k: number, n: number, p: number): number {
  if (k < 0) return 0
  return k >= n ? 1 : incompleteBeta(1 - p, n - k, k + 1)
}

/** How many may exceed a limit at most, of how many, for the limit to be certified. */
export type Allowance = {readonly invocations: number; readonly exceeding: number}

const known = new Map<string, readonly Allowance[]>()

/**
 * The fewest invocations, for each number that exceed a limit from 0 to `most`, by which at most 1 − percentile/100 of all
 * exceed it with 95 % confidence: of p95 59 and none, 93 and one, 124 and two, 153 and three.
 */
export function allowances(percentile: number, most: number): readonly Allowance[] {
  const key = `${percentile}/${most}`
  const table = known.get(key) ?? allowancesOf(1 - percentile / 100, most)
  known.set(key, table)
  return table
}

function allowancesOf(share: number, most: number): readonly Allowance[] {
  let invocations = 1
  return Array.from({length: most + 1}, (_, exceeding) => {
    while (binomialAtMost(exceeding, invocations, share) > 0.05) invocations++
    return {invocations, exceeding}
  })
}
