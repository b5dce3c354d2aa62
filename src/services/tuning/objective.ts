/** What is best: the lowest mean cost, the lowest mean duration, or `weight · ln cost + (1 − weight) · ln duration`. */
export type Goal =
  | {readonly kind: 'cheapest'}
  | {readonly kind: 'fastest'}
  | {readonly kind: 'balanced'; readonly weight: number}

/** A latency objective: of so many percent of warm invocations, none takes longer. */
export type Slo = {readonly percentile: 50 | 90 | 95 | 99; readonly limitMs: number}

/** What a size is chosen by. */
export type Objective = {
  readonly goal: Goal
  /** sizes that do not meet it are out of the question; null: none was asked for */
  readonly slo: Slo | null
  /** with it the fastest of those that cost at most so much more than the cheapest is chosen, 0.05 for 5 %; null: not asked for */
  readonly costTolerance: number | null
  /** a difference that nobody cares about, 0.03 for 3 %: what lies within is a tie, decided by the other of cost and duration */
  readonly indifference: number
}
