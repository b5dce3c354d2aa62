// What the API asks of CloudWatch's metrics. Types only.

/** A metric by its namespace, name and dimensions, as CloudWatch knows it. */
export type SandboxMetric = {
  readonly namespace: string
  readonly name: string
  readonly dimensions: Readonly<Record<string, string>>
}

export type SandboxMetricChoice = {
  readonly namespace?: string | undefined
  readonly name?: string | undefined
  /** what they must have: a name with a value, or with any where it is null */
  readonly dimensions?: ReadonlyMap<string, string | null>
  /** where an earlier listing ended */
  readonly after?: SandboxMetric | undefined
}

/** What CloudWatch has of one metric in one period, of which a statistic is made. */
export type SandboxDatapoint = {
  /** epoch ms: the start of the period */
  readonly at: number
  readonly value: number
}

/** CloudWatch's metrics, made of the same invocations as the logs. */
export type SandboxMetrics = {
  /**
   * Metrics that have reported in the last two weeks, or in the last three hours, always in the same order; made one by one,
   * so that what is not looked at costs nothing.
   * @param of only those of a namespace, of a name, of a function or other thing that a dimension names, and behind one
   */
  list(recentlyActive: boolean, of?: SandboxMetricChoice): Iterable<SandboxMetric>
  /**
   * A statistic of a metric by periods that start in [from, to), oldest first; periods without data are left out.
   * @param statistic as CloudWatch spells it: `Sum`, `SampleCount`, `Average`, `Minimum`, `Maximum`, `p99`
   */
  read(
    metric: SandboxMetric,
    statistic: string,
    periodSeconds: number,
    from: number,
    to: number,
  ): readonly SandboxDatapoint[]
}
