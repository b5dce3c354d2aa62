/** What a run may take at most; each holds exactly: what might go beyond is not begun. */
export type Limits = {
  /** US dollars for all invocations, each at the most that it can cost before it is made */
  readonly maxCostUSD: number
  readonly maxInvocations: number
  /** ms from the first invocation */
  readonly maxTimeMs: number
}

/** What a run has taken so far. */
export type Spent = {
  /** made, reported or not */
  readonly invocations: number
  /** of reported ones as billed, of the others what they can cost at most; requests included */
  readonly costUSD: number
  /** invocations of which nobody knows what became: their answer was lost */
  readonly unknown: number
}
