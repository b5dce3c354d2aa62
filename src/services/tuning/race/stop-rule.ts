import {studentUpperQuantile, studentUpperTail} from '../statistics/student-t.ts'

/** The probability, over a whole run, that a size is lost that is better than the chosen one by more than the indifference. */
export const alpha = 0.05

/**
 * One looks after every few invocations, so a fixed quantile would be exceeded by chance in far more than α of all runs.
 * The bound falls with information as t^(−0.15), t being the share of what would be known at the cap: between Pocock's (t⁰,
 * generous early and strict late) and O'Brien and Fleming's (t^(−½), nothing early). A Brownian motion that is looked at after
 * each of 3–40 invocations stays below z(α/κ) · t^(−0.15) with probability 1 − α: κ is 3.0 for all α of 0.001–0.05
 * (simulated 300,000 times; bench/tune-replay.ts does so again).
 */
const decline = 0.15
const looks = 3

/** The probability that a comparison is allowed at a single look: α shared by the rivals, and by the looks. */
const levelOf = (rivals: number): number => alpha / Math.max(1, rivals) / looks

const quantiles = new Map<string, number>()

/**
 * What a difference ÷ its standard error has to exceed.
 * @param rivals comparisons in which the best could lose
 * @param freedom degrees of freedom of the standard error
 * @param information share of what would be known when both were measured as often as the cap allows, 0–1
 */
export function bound(rivals: number, freedom: number, information: number): number {
  const whole = Math.max(1, Math.floor(Math.min(freedom, 200)))
  const key = `${rivals}/${whole}`
  let quantile = quantiles.get(key)
  if (quantile === undefined) {
    quantile = studentUpperQuantile(levelOf(rivals), whole)
    quantiles.set(key, quantile)
  }
  return quantile / atCap(information)
}

/**
 * The probability that chance makes so much evidence, at this look or at one before, where there is nothing to it: what α would
 * have to be for the bound to be reached here.
 * @param evidence a difference ÷ its standard error
 */
export const chanceOf = (evidence: number, freedom: number, information: number): number =>
  Math.min(1, looks * studentUpperTail(evidence * atCap(information), Math.max(1, Math.floor(freedom))))

/** What evidence counts for that comes before the cap, ÷ what it does there. */
const atCap = (information: number): number => Math.min(1, Math.max(0.01, information)) ** decline
