import {withoutQuota} from '../aws/quotas.ts'
import type {ReadLogsOptions} from './read-logs.ts'

/** How a read will go, by what is known before its first call. */
export type ReadPlan = {
  readonly engine: 'filter'
  readonly logGroups: number
  /** the quota; null for a server on this machine, which has none */
  readonly callsPerSecond: number | null
  /** what it takes to hear from every group once, before which nothing is in order */
  readonly firstEventsAfterMs: number
  readonly why: readonly string[]
}

const roundTripMs = 300

/** Plans a read by FilterLogEvents, the only engine there is yet: its quota bounds everything. It costs nothing but calls. */
export function planRead({sources, follow, tail}: Pick<ReadLogsOptions, 'sources' | 'follow' | 'tail'>): ReadPlan {
  const budgets = [...Map.groupBy(sources, ({aws}) => aws.budget)]
  const rates = budgets.map(([budget]) => budget.numbers('FilterLogEvents').ratePerSecond)
  const lowest = Math.min(withoutQuota, ...rates)
  const slowest = Math.max(0, ...budgets.map(([, {length}], i) => length / (rates[i] ?? withoutQuota)))
  const cycleS = Math.max(1, slowest / 0.7)
  return {
    engine: 'filter',
    logGroups: sources.length,
    callsPerSecond: lowest < withoutQuota ? lowest : null,
    firstEventsAfterMs: Math.round(slowest * 1000 + roundTripMs),
    why: [
      'FilterLogEvents reads every group of the Standard class, and costs nothing but calls',
      `each of ${sources.length} groups answers once before the first event is certain: about ${(slowest + roundTripMs / 1000).toFixed(1)} s`,
      ...(tail === null ? [] : ['the newest events are asked for newest first']),
      ...(follow ? [`following sweeps every group about every ${cycleS.toFixed(1)} s, within 70 % of the quota`] : []),
    ],
  }
}
