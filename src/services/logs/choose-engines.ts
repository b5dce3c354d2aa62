import {groupSizes} from './group-sizes.ts'
import {needsSizes, type PlanOptions, planRead, type ReadPlan} from './read-plan.ts'

/**
 * Plans a read, and asks how large the log groups are where that may change the plan.
 * @param options `explain`: the plan is to be shown, and is worth these calls in any case
 */
export async function chooseEngines(
  {explain = false, ...options}: Omit<PlanOptions, 'sizes'> & {readonly explain?: boolean},
  signal: AbortSignal,
): Promise<ReadPlan> {
  const {sources} = options
  const sizes = explain || needsSizes(options) ? await groupSizes(sources, signal) : []
  const known = sources.flatMap((source, i) => (sizes[i] ? [[source, sizes[i]] as const] : []))
  return planRead({...options, sizes: new Map(known)})
}
