import {mostVersionPages} from '../facts/published.ts'
import {metricCost} from '../metric-batches.ts'
import {type PlannedStep, stepsIn} from '../scan-plan.ts'
import type {CostWindow} from './cost-window.ts'
import {metricsWhereCalled, type RegionFunctions} from './read-usage.ts'

/** of a larger fleet, provisioned concurrency is read only where somebody asks: half a minute at 15 calls a second */
export const mostAskedForProvisioned = 450

/** of a fleet up to this, those are asked that have a published version, without which there is none, where they are few */
const mostSweptForVersions = 5_000

/** Of which functions provisioned concurrency is read: of all, of those with a published version, where they are few, or of none. */
export type ProvisionedReading = 'all' | 'published' | 'none'

/** @param asked by a flag; null: by the number of functions */
export function provisionedReading(asked: boolean | null, functions: number): ProvisionedReading {
  if (asked !== null) return asked ? 'all' : 'none'
  if (functions <= mostAskedForProvisioned) return 'all'
  return functions <= mostSweptForVersions ? 'published' : 'none'
}

/** of so many functions that were changed in the window, those that ran longest, versions are asked for what memory they had */
export const mostAskedForMemory = 100

/** of a larger fleet, inits are read only where somebody asks: a query for each 50 log groups */
const mostAskedForInits = 1_000
const groupsPerQuery = 50

/** Whether inits are read, where that costs next to nothing. */
export const readsInits = (asked: boolean | null, functions: number): boolean => asked ?? functions <= mostAskedForInits

export type PlanCostOptions = {
  readonly provisioned: ProvisionedReading
  readonly byTag: boolean
  /** as asked for; null: of a fleet that is not too large */
  readonly init: boolean | null
}

/** What it takes, at most, to know what the functions of one region cost. */
export function planCost(
  {aws, functions}: RegionFunctions,
  window: CostWindow,
  {provisioned, byTag, init}: PlanCostOptions,
): readonly PlannedStep[] {
  const count = functions.length
  const {now, before, periodSeconds} = window
  const kinds = 1 + metricsWhereCalled
  const ofEach = metricCost(count, periodSeconds, {start: (before ?? now).start, end: now.end}, now.end)
  const {step, pages} = stepsIn(aws)
  return [
    step('metrics', 'GetMetricData', kinds * ofEach.calls, kinds * ofEach.costUSD),
    pages('log groups', 'DescribeLogGroups', count),
    step('versions', 'ListVersionsByFunction', Math.min(count, mostAskedForMemory)),
    step('aliases', 'ListAliases', Math.min(count, mostAskedForMemory)),
    ...(readsInits(init, count) ? [step('inits', 'StartQuery', Math.ceil(count / groupsPerQuery))] : []),
    ...(provisioned === 'published' ? [step('published versions', 'ListFunctions', mostVersionPages)] : []),
    ...(provisioned === 'none'
      ? []
      : [
          step(
            'provisioned concurrency',
            'ListProvisionedConcurrencyConfigs',
            provisioned === 'all' ? count : Math.min(count, mostAskedForProvisioned),
          ),
        ]),
    ...(byTag ? [pages('tags', 'GetResources', count)] : []),
  ]
}
