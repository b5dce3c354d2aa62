import quotas from '../../../data/quotas.json' with {type: 'json'}
import {isKnown} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import {metricCost} from '../metric-batches.ts'
import {type PlannedStep, stepsIn} from '../scan-plan.ts'
import {isListedFirst, type ListedMetrics, listedMetrics, metricsToRead} from './read-invocation-metrics.ts'
import {eachFunctionAtMost} from './who-is-asked.ts'

/** queries for memory name each log group, so many; of larger fleets they are left out where nobody asks for them */
export const memoryAtMost = 1_000

/** until a query is done, and its rows */
const pollsEach = 4
/** series of a function that CloudWatch lists: by itself, and by what it was called as */
const seriesEach = 2

type Planned = {
  readonly aws: Aws
  readonly functions: number
  readonly window: {readonly start: number; readonly end: number}
  readonly periodSeconds: number
  readonly now: number
  readonly readsMemory: boolean
  /** what CloudWatch lists of them; empty where it was not asked */
  readonly listed: ListedMetrics
  /** what the queries for memory cost */
  readonly memoryUSD: number
}

/** Queries for memory that so many log groups take. */
export const queriesOf = (groups: number): number => Math.ceil(groups / quotas.logs.queryLogGroups)

/** What it takes, before all else, to list what was reported of the functions of a region: of few, nothing. */
export function listingSteps({
  aws,
  functions,
  window,
  now,
}: Omit<Planned, 'readsMemory' | 'listed' | 'periodSeconds' | 'memoryUSD'>): readonly PlannedStep[] {
  if (!isListedFirst(functions, window, now)) return []
  const {pages} = stepsIn(aws)
  return listedMetrics.map(() => pages('which functions ran', 'ListMetrics', functions * seriesEach))
}

/** What an inventory of a region takes at most, cheap calls first. */
export function inventorySteps({
  aws,
  functions,
  window,
  periodSeconds,
  now,
  readsMemory,
  listed,
  memoryUSD,
}: Planned): readonly PlannedStep[] {
  const {step, pages} = stepsIn(aws)
  const metrics = metricCost(metricsToRead(functions, listed) + 2, periodSeconds, window, now)
  const groups = readsMemory ? functions : 0
  const atMost = (metricName: string): number => {
    const reported = listed.get(metricName)
    return Math.min(functions, eachFunctionAtMost, reported && isKnown(reported) ? reported.value.size : functions)
  }
  // of fewer, all are asked
  const reserved = functions <= eachFunctionAtMost ? functions : atMost('Throttles')
  return [
    step('metrics', 'GetMetricData', metrics.calls, metrics.costUSD),
    pages('tags', 'GetResources', functions),
    pages('event sources', 'ListEventSourceMappings', functions),
    step('limits', 'GetAccountSettings', 1),
    step('reserved concurrency', 'GetFunction', reserved),
    step('destinations of asynchronous events', 'GetFunctionEventInvokeConfig', atMost('AsyncEventsReceived')),
    pages('sizes of log groups', 'DescribeLogGroups', groups),
    step('memory used', 'StartQuery', queriesOf(groups), memoryUSD),
    step('answers of the queries', 'GetQueryResults', pollsEach * queriesOf(groups)),
  ]
}
