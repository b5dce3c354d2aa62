// Metrics that clients put; they live as long as the process.

import type {SandboxDatapoint, SandboxMetric} from '../../world/metrics/metric.ts'
import {
  emptyTally,
  needsValues,
  parseStatistic,
  report,
  statisticOf,
  type Tally,
} from '../../world/metrics/statistics.ts'

/** What a client reported at a moment: values, each with how often. */
export type CustomDatum = {
  readonly metric: SandboxMetric
  readonly at: number
  readonly unit: string
  readonly values: readonly (readonly [value: number, times: number])[]
}

export type CustomMetrics = {
  put(region: string, data: readonly CustomDatum[]): void
  /** those that were put, in the order in which they first were */
  list(region: string): Iterable<SandboxMetric>
  /** of one unit, or of any */
  read(
    region: string,
    metric: SandboxMetric,
    of: {readonly statistic: string; readonly periodSeconds: number; readonly unit: string | undefined},
    window: {readonly from: number; readonly to: number},
  ): readonly (SandboxDatapoint & {readonly unit: string})[]
}

/** The newest of each metric are kept. */
const maxDataOfMetric = 10_000

export function createCustomMetrics(): CustomMetrics {
  const byKey = new Map<string, CustomDatum[]>()
  const keyOf = (region: string, {namespace, name, dimensions}: SandboxMetric) =>
    JSON.stringify([region, namespace, name, Object.entries(dimensions).sort(([x], [y]) => (x < y ? -1 : 1))])

  return {
    put(region, data) {
      for (const datum of data) {
        const key = keyOf(region, datum.metric)
        const known = byKey.get(key) ?? []
        byKey.set(key, known)
        known.push(datum)
        if (known.length > maxDataOfMetric) known.shift()
      }
    },
    *list(region) {
      for (const [key, [first]] of byKey) if (first && key === keyOf(region, first.metric)) yield first.metric
    },
    read(region, metric, {statistic, periodSeconds, unit}, {from, to}) {
      const parsed = parseStatistic(statistic)
      const periodMs = periodSeconds * 1000
      if (!parsed) return []
      const tallies = new Map<string, {readonly at: number; readonly unit: string; readonly tally: Tally}>()
      for (const datum of byKey.get(keyOf(region, metric)) ?? []) {
        if (datum.at < from || datum.at >= to || (unit !== undefined && unit !== datum.unit)) continue
        const at = from + Math.floor((datum.at - from) / periodMs) * periodMs
        const key = `${datum.unit} ${at}`
        const known = tallies.get(key) ?? {at, unit: datum.unit, tally: emptyTally(needsValues(parsed))}
        tallies.set(key, known)
        for (const [value, times] of datum.values) report(known.tally, value, times)
      }
      return [...tallies.values()]
        .map(({tally, ...of}) => ({...of, value: statisticOf(tally, parsed)}))
        .sort((x, y) => x.at - y.at)
    },
  }
}
