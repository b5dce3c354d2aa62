// What the judge is given, and what it says. Types only.

/** What is counted: errors as Lambda counts them, log lines that `--gate-filter` finds, invocations above the latency threshold. */
export type GateMetric = 'errors' | 'logged' | 'slow'

/** What is not known yet is NaN, never 0: a minute of which anything is says nothing so far. */
export type Counts = {readonly calls: number; readonly bad: number}

/** One minute of one metric, both versions beside each other. */
export type MinuteCounts = {
  /** epoch ms of its start */
  readonly at: number
  /** the version that comes in */
  readonly canary: Counts
  /** the version that it replaces */
  readonly baseline: Counts
  /** whether nothing more is going to be reported of it: older than the function's timeout and two minutes */
  readonly isFinal: boolean
}

export type MetricCounts = {
  readonly metric: GateMetric
  /** oldest first; from the beginning of the shift */
  readonly minutes: readonly MinuteCounts[]
}

export type JudgeSettings = {
  /** how often a release that is no worse is sent back at most, over the whole shift (0.01) */
  readonly alpha: number
  /** how often one that is worse by `worseBy` is called healthy at most (0.05) */
  readonly beta: number
  /** harm: more than `times` the baseline's rate plus `margin` (1.5, 0.005) */
  readonly times: number
  readonly margin: number
  /** health: errors, and what the filter finds, not more than the baseline's by this (0.02); for latency see slowerBy */
  readonly worseBy: number
}

export type JudgeInput = {
  readonly metrics: readonly MetricCounts[]
  /** whether the baseline serves beside it; false at a weight of 1.0 */
  readonly hasControl: boolean
  /** epoch ms at which the stage began that is judged: health is shown anew in each */
  readonly stageAt: number
  /** how often one failure may be counted, 1 + retries of its sources; evidence counts by its inverse */
  readonly repeats: number
  /** share of invocations that failed, of the version before, over the last day; null where nobody knows */
  readonly usualErrorRate: number | null
  /** the version that is replaced, as `why` calls it; `the old version` without */
  readonly baselineVersion?: string
}

export type Verdict = 'healthy' | 'unhealthy' | 'inconclusive'

/** Rates of one metric as they are shown beside the verdict. */
export type Effect = {
  readonly metric: GateMetric
  readonly canary: Rate
  readonly baseline: Rate
  /** its own evidence of harm so far: the verdict's is the mean of them */
  readonly harm: number
}

/** (bad + ½) / (calls + 1), and an interval that holds the true rate in 95 % of cases. */
export type Rate = Counts & {readonly rate: number; readonly low: number; readonly high: number}

export type Judgement = {
  readonly verdict: Verdict
  /** evidence of harm so far; unhealthy from `harmAt` on */
  readonly harm: number
  readonly harmAt: number
  /** its course, a value a minute, oldest first */
  readonly harmByMinute: readonly number[]
  /** evidence of health in this stage; healthy from `healthAt` on */
  readonly health: number
  readonly healthAt: number
  readonly effects: readonly Effect[]
  /** about how many more invocations of the canary, all as well as usual, would show health; null where there is a verdict, or nothing would */
  readonly callsToHealthy: number | null
  /** in a few words: `20 of 100 failed; of 41 2 of 900`, `too few calls: 8 so far`, `no traffic yet` */
  readonly why: string
}
