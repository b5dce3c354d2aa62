import type {
  GateMetric,
  JudgeInput,
  JudgeSettings,
  MetricCounts,
} from '../../../../src/services/traffic/judge/judgement.ts'

/** calls and failures of the canary, calls and failures of the baseline */
export type Minute = readonly [number, number, number, number]

export const settings: JudgeSettings = {alpha: 0.01, beta: 0.05, times: 1.5, margin: 0.005, worseBy: 0.02}

export function metricOf(minutes: readonly Minute[], metric: GateMetric = 'errors'): MetricCounts {
  return {
    metric,
    minutes: minutes.map(([calls, bad, baselineCalls, baselineBad], index) => ({
      at: index * 60_000,
      canary: {calls, bad},
      baseline: {calls: baselineCalls, bad: baselineBad},
      isFinal: true,
    })),
  }
}

export function inputOf(minutes: readonly Minute[]): JudgeInput {
  return {metrics: [metricOf(minutes)], hasControl: true, stageAt: 0, repeats: 1, usualErrorRate: null}
}
