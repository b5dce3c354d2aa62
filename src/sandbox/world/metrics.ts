// What CloudWatch counts, made of the same invocations as the logs.
import {listMetrics} from './metrics/list-metrics.ts'
import type {SandboxDatapoint, SandboxMetrics} from './metrics/metric.ts'
import {type MetricSource, metricLagMs} from './metrics/source.ts'
import {emptyTally, needsValues, parseStatistic, statisticOf} from './metrics/statistics.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** What reported once is listed so long. */
const listedMs = 14 * dayMs
const recentlyMs = 3 * hourMs

/** How long CloudWatch keeps datapoints of a period, and that it merges them to longer ones then. */
const kept: readonly (readonly [ageMs: number, seconds: number])[] = [
  [455 * dayMs, Number.POSITIVE_INFINITY],
  [63 * dayMs, 3600],
  [15 * dayMs, 300],
  [3 * hourMs, 60],
]

export const noMetrics: SandboxMetrics = {list: () => [], read: () => []}

export function createMetrics(sources: readonly MetricSource[], now: () => number): SandboxMetrics {
  return {
    list(recentlyActive, of = {}) {
      return listMetrics(sources, now() - (recentlyActive ? recentlyMs : listedMs), of)
    },
    read(metric, statistic, periodSeconds, from, to) {
      const parsed = parseStatistic(statistic)
      const reports = sources.find(({namespace}) => namespace === metric.namespace)?.reports(metric)
      if (!parsed || !reports) return []
      const time = now()
      const end = Math.min(to, time - metricLagMs)
      const periodMs = periodSeconds * 1000
      const found: SandboxDatapoint[] = []
      for (let at = from; at < end; at += periodMs) {
        if (!isKept(time - at, periodSeconds)) continue
        const tally = emptyTally(needsValues(parsed))
        reports(at, Math.min(at + periodMs, end), tally)
        if (tally.samples > 0) found.push({at, value: statisticOf(tally, parsed)})
      }
      return found
    },
  }
}

function isKept(ageMs: number, periodSeconds: number): boolean {
  for (const [age, seconds] of kept) if (ageMs > age) return periodSeconds % seconds === 0
  return true
}
