import {groupSizes, withClasses} from './group-sizes.ts'
import type {ReadLogsOptions} from './read-logs.ts'
import {liveHeadroom, needsSizes, type PlanOptions, planRead, type ReadPlan} from './read-plan.ts'
import type {LogSource} from './source.ts'

export type ChosenEngines = {
  readonly plan: ReadPlan
  /** what the plan is of: the sources, with their class where it was told meanwhile */
  readonly sources: readonly LogSource[]
  /** the plan, as reading takes it */
  readonly reading: Pick<ReadLogsOptions, 'byInsights' | 'maySwitch' | 'live'>
}

export type ChooseOptions = Omit<PlanOptions, 'sizes'> & {
  /** the plan is to be shown, and is worth the calls that it takes in any case; not by default */
  readonly explain?: boolean
  /** uniform in [0, 1), for jitter */
  readonly random: () => number
  /** how notices of following tell a time (epoch ms) */
  readonly timeOfDay?: ((at: number) => string) | undefined
}

/** Plans a read, and asks how large the log groups are, and of what class, where that may change the plan. */
export async function chooseEngines(
  {explain = false, random, timeOfDay, ...options}: ChooseOptions,
  signal: AbortSignal,
): Promise<ChosenEngines> {
  const isAsked = explain || needsSizes(options)
  const sized = withClasses(options.sources, isAsked ? await groupSizes(options.sources, signal) : [])
  const known = sized.flatMap(({source, size}) => (size ? [[source, size] as const] : []))
  const sources = sized.map(({source}) => source)
  const plan = planRead({...options, sources, sizes: new Map(known)})
  return {
    plan,
    sources,
    reading: {
      byInsights: plan.byInsights,
      maySwitch: !options.follow && options.engine !== 'filter',
      live: plan.liveSessions > 0 ? {headroom: liveHeadroom, random, timeOfDay} : undefined,
    },
  }
}
