import {groupSizes, withClasses} from './group-sizes.ts'
import {needsSizes, type PlanOptions, planRead, type ReadPlan} from './read-plan.ts'
import type {LogSource} from './source.ts'

export type ChosenEngines = {
  readonly plan: ReadPlan
  /** what the plan is of: the sources, with their class where it was told meanwhile */
  readonly sources: readonly LogSource[]
}

/**
 * Plans a read, and asks how large the log groups are, and of what class, where that may change the plan.
 * @param options `explain`: the plan is to be shown, and is worth these calls in any case
 */
export async function chooseEngines(
  {explain = false, ...options}: Omit<PlanOptions, 'sizes'> & {readonly explain?: boolean},
  signal: AbortSignal,
): Promise<ChosenEngines> {
  const isAsked = explain || needsSizes(options)
  const sized = withClasses(options.sources, isAsked ? await groupSizes(options.sources, signal) : [])
  const known = sized.flatMap(({source, size}) => (size ? [[source, size] as const] : []))
  const sources = sized.map(({source}) => source)
  return {plan: planRead({...options, sources, sizes: new Map(known)}), sources}
}
