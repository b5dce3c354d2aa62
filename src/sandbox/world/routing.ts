// Which version serves when: the history of an alias as steps.

/** Versions with their shares, which add up to 1; a version with share 0 is not listed. */
export type Weights = readonly (readonly [version: string, share: number])[]

export type RoutingStep = {readonly from: number; readonly weights: Weights}

/** What requests go by. */
export type Releases = {
  /** whether a function is released by alias */
  readonly hasAlias: (functionName: string) => boolean
  /** the version of the company's whose code a version has, itself where it has its own */
  readonly builtAs: (functionName: string, version: string) => string
}

/**
 * An alias write reaches the invoke path after this long. Requests that are being initialised when it is made go on to
 * the version they were routed to, so what has already been logged stays as it is: no init takes longer on a function
 * with an alias, nor on one that such a function calls.
 */
export const routingLagMs = 2000

export const unaliased: readonly RoutingStep[] = [{from: Number.NEGATIVE_INFINITY, weights: [['$LATEST', 1]]}]

/** Weights as an alias states them: the primary version has what the additional ones leave. */
export function weightsOf(version: string, additional: Readonly<Record<string, number>>): Weights {
  const others = Object.entries(additional).filter(([, share]) => share > 0)
  const rest = 1 - others.reduce((sum, [, share]) => sum + share, 0)
  const all: Weights = [[version, rest], ...others]
  return all.filter(([, share]) => share > 1e-9).map(([name, share]) => [name, share > 1 - 1e-9 ? 1 : share] as const)
}

export function weightsAt(steps: readonly RoutingStep[], at: number): Weights {
  return steps.findLast(step => step.from <= at)?.weights ?? []
}

/** The share of one version at a moment. */
export function shareAt(steps: readonly RoutingStep[], at: number, version: string): number {
  return weightsAt(steps, at).find(([name]) => name === version)?.[1] ?? 0
}

/** The pieces of [from, to) in which weights do not change. */
export function piecesOf(
  steps: readonly RoutingStep[],
  from: number,
  to: number,
): {readonly from: number; readonly to: number; readonly weights: Weights}[] {
  const [only, second] = steps
  // the most common case, asked for more often than anything else
  if (only && !second && only.from <= from) return from < to ? [{from, to, weights: only.weights}] : []
  const pieces = []
  for (const [i, step] of steps.entries()) {
    const start = Math.max(from, step.from)
    const end = Math.min(to, steps[i + 1]?.from ?? Number.POSITIVE_INFINITY)
    if (start < end) pieces.push({from: start, to: end, weights: step.weights})
  }
  return pieces
}

/** The version that a draw in [0, 1) falls on. */
export function versionFor(weights: Weights, u: number): string {
  for (const [version, share] of weights) {
    if (u < share) return version
    u -= share
  }
  return weights.at(-1)?.[0] ?? '$LATEST'
}
