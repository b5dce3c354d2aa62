// What an alias serves. Weights are AWS's own doubles, 0–1; what slsops writes is made of whole basis points (1/10,000).

/** One alias of one function. */
export type AliasRef = {
  readonly functionName: string
  /** unqualified */
  readonly functionArn: string
  readonly alias: string
}

/** An alias as command lines name it: `checkout-api:live`. */
export const aliasName = ({functionName, alias}: Pick<AliasRef, 'functionName' | 'alias'>): string =>
  `${functionName}:${alias}`

/** Which versions an alias serves: the additional one has its weight, the main one what that leaves. */
export type Routing = {
  readonly version: string
  readonly additional: {readonly version: string; readonly weight: number} | null
}

/** An alias as AWS describes it at a moment. */
export type AliasState = Routing & {
  readonly description: string
  /** changes with every write of the alias, also with one that changes nothing */
  readonly revisionId: string
}

export const wholeBasisPoints = 10_000

/** As AWS wants it: one division of whole numbers, so that no noise of sums is in it. */
export const weightOf = (basisPoints: number): number => basisPoints / wholeBasisPoints

/** Basis points as people say them: `12.5 %`. */
export const percentText = (basisPoints: number): string => `${basisPoints / 100} %`

const tolerance = 1e-9

/** Whether two routings send the same traffic to the same versions; a weight of 0 is no additional version. */
export function isSameRouting(one: Routing, other: Routing): boolean {
  const [a, b] = [additionalOf(one), additionalOf(other)]
  return (
    one.version === other.version &&
    a?.version === b?.version &&
    Math.abs((a?.weight ?? 0) - (b?.weight ?? 0)) <= tolerance
  )
}

const additionalOf = ({additional}: Routing): Routing['additional'] =>
  additional !== null && additional.weight > tolerance ? additional : null

/** The share of an alias's traffic that a version has, 0–1. */
export function shareOf({version, additional}: Routing, wanted: string): number {
  const weight = additional?.weight ?? 0
  if (version === wanted) return 1 - weight
  return additional?.version === wanted ? weight : 0
}
