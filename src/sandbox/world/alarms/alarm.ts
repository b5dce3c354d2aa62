// CloudWatch alarms. Types only.

export type AlarmValue = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'

/** What a metric alarm is made of. */
export type AlarmDefinition = {
  readonly name: string
  readonly description: string
  readonly namespace: string
  readonly metricName: string
  readonly dimensions: Readonly<Record<string, string>>
  /** as GetMetricData spells it: `Sum`, `p95`, `TC(100:)` */
  readonly statistic: string
  readonly periodSeconds: number
  readonly evaluationPeriods: number
  readonly datapointsToAlarm: number
  readonly threshold: number
  readonly comparisonOperator:
    | 'GreaterThanThreshold'
    | 'GreaterThanOrEqualToThreshold'
    | 'LessThanThreshold'
    | 'LessThanOrEqualToThreshold'
  readonly treatMissingData: 'missing' | 'notBreaching' | 'breaching' | 'ignore'
}

/** How an alarm stands; moments in epoch ms. */
export type AlarmStanding = {
  readonly state: AlarmValue
  readonly stateReason: string
  /** when its state was said for the last time, anew or again */
  readonly stateUpdatedAt: number
  /** when it took its state */
  readonly stateTransitionedAt: number
  /** when it was made, or changed for the last time */
  readonly configuredAt: number
}

export type SandboxAlarm = AlarmDefinition & AlarmStanding

/** An alarm that is in ALARM when one of some others is. */
export type CompositeDefinition = {
  readonly name: string
  readonly description: string
  readonly anyOf: readonly [string, ...string[]]
}

export type SandboxCompositeAlarm = CompositeDefinition & AlarmStanding

/** What clients make of alarms; whether they may is the API's to say. */
export type AlarmWrites = {
  /** makes an alarm, or takes the place of the one of that name */
  put(alarm: AlarmDefinition): void
  remove(name: string): void
  /** says a state, which lasts until the alarm is evaluated again */
  setState(name: string, state: AlarmValue, reason: string): void
}
