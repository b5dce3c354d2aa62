// The seam of the embedded AWS: what the world knows, and what the API asks of it. Types only.
import type {SandboxMetrics} from './metrics/metric.ts'
import type {SegmentDocument} from './segment-document.ts'

export type Outcome = 'ok' | 'error' | 'timeout' | 'oom' | 'init-error'

/** One execution of a function: the truth from which log events, REPORT lines, metrics and segments are derived. */
export type Invocation = {
  readonly requestId: string
  readonly functionName: string
  readonly version: string
  /** epoch ms of the START line */
  readonly at: number
  readonly durationMs: number
  readonly billedDurationMs: number
  readonly memorySizeMB: number
  readonly maxMemoryUsedMB: number
  readonly initDurationMs: number | null
  readonly restoreDurationMs: number | null
  readonly outcome: Outcome
  readonly logStream: string
  /** X-Ray form, `1-8-24` */
  readonly traceId: string
  readonly sampled: boolean
  /** the invocation that caused this one */
  readonly caller: {readonly functionName: string; readonly requestId: string} | null
}

/** The answer order of AWS within one group: timestamp, then ingestion time, then `order` (it stands for the PutLogEvents request). */
export type SandboxLogEvent = {
  readonly logStream: string
  readonly timestamp: number
  /** the event is visible to readers from this moment on */
  readonly ingestionTime: number
  readonly order: number
  readonly eventId: string
  readonly message: string
}

export type SandboxLogGroup = {
  readonly name: string
  readonly class: 'STANDARD' | 'INFREQUENT_ACCESS' | 'DELIVERY'
  readonly createdAt: number
  readonly retentionInDays: number | null
  readonly storedBytes: number
  readonly tags: Readonly<Record<string, string>>
}

export type SandboxLogStream = {
  readonly name: string
  readonly createdAt: number
  readonly firstEventAt: number | null
  readonly lastEventAt: number | null
  readonly lastIngestedAt: number | null
}

export type SandboxVersion = {
  /** `$LATEST` or a number */
  readonly version: string
  readonly description: string
  readonly publishedAt: number
  readonly memorySizeMB: number
  readonly timeoutSeconds: number
  readonly runtime: string
  readonly codeSize: number
  readonly codeSha256: string
  readonly revisionId: string
  readonly environment: Readonly<Record<string, string>>
}

export type SandboxAlias = {
  readonly name: string
  readonly description: string
  readonly version: string
  /** additional version → share, as in RoutingConfig; empty when all traffic goes to `version` */
  readonly weights: Readonly<Record<string, number>>
  readonly revisionId: string
}

export type SandboxFunction = {
  readonly name: string
  readonly handler: string
  readonly description: string
  readonly architecture: 'x86_64' | 'arm64'
  readonly logFormat: 'Text' | 'JSON'
  readonly applicationLogLevel: string | null
  /** `WARN` keeps the reports of invocations that went well out of the log; null with text logs */
  readonly systemLogLevel: string | null
  readonly logGroup: string
  readonly tracing: 'Active' | 'PassThrough'
  readonly snapStart: boolean
  readonly provisionedConcurrency: {readonly alias: string; readonly count: number} | null
  readonly reservedConcurrency: number | null
  readonly packageType: 'Zip' | 'Image'
  readonly roleArn: string
  readonly deadLetterArn: string | null
  readonly layers: readonly string[]
  readonly vpc: {
    readonly subnetIds: readonly string[]
    readonly securityGroupIds: readonly string[]
    readonly vpcId: string
  } | null
  readonly tags: Readonly<Record<string, string>>
  readonly stack: string
  readonly logicalId: string
  readonly state: 'Active' | 'Inactive' | 'Failed'
  readonly ephemeralStorageMB: number
  /** where it is a replica of Lambda@Edge: the unqualified ARN of its original; null else */
  readonly masterArn: string | null
  /** what its resource policy allows to invoke it */
  readonly grants: readonly SandboxGrant[]
  readonly urls: readonly SandboxFunctionUrl[]
  readonly eventInvokeConfigs: readonly SandboxEventInvokeConfig[]
  /** `$LATEST` first, then the published ones, oldest first */
  readonly versions: readonly SandboxVersion[]
  readonly aliases: readonly SandboxAlias[]
}

/** A statement of a function's resource policy. */
export type SandboxGrant = {
  readonly sid: string
  /** the alias or version it is about, null for the unqualified function */
  readonly qualifier: string | null
  /** a service, as `events.amazonaws.com`, or an account */
  readonly principal: string
  readonly sourceArn: string | null
}

export type SandboxFunctionUrl = {
  readonly qualifier: string | null
  readonly url: string
  readonly authType: 'NONE' | 'AWS_IAM'
  readonly createdAt: number
}

/** How events that wait for the function are dealt with. */
export type SandboxEventInvokeConfig = {
  readonly qualifier: string | null
  readonly maximumRetryAttempts: number
  readonly maximumEventAgeSeconds: number
  readonly onSuccess: string | null
  readonly onFailure: string | null
  readonly lastModified: number
}

/** An SQS queue as it stands at a moment. */
export type SandboxQueue = {
  readonly name: string
  readonly arn: string
  readonly visible: number
  readonly inFlight: number
  readonly delayed: number
  /** epoch ms at which the oldest message was sent; null for an empty queue */
  readonly oldestSentAt: number | null
  readonly visibilityTimeoutSeconds: number
  readonly retentionSeconds: number
  /** where a message goes that was received too often */
  readonly redrive: {readonly deadLetterArn: string; readonly maxReceiveCount: number} | null
  readonly createdAt: number
}

/** An EventBridge rule of the default bus; exactly one of pattern and schedule is there. */
export type SandboxRule = {
  readonly name: string
  readonly state: 'ENABLED' | 'DISABLED'
  readonly schedule: string | null
  readonly pattern: string | null
  readonly targetArns: readonly string[]
}

/** A schedule of EventBridge Scheduler. */
export type SandboxSchedule = {
  readonly name: string
  readonly group: string
  readonly state: 'ENABLED' | 'DISABLED'
  readonly expression: string
  readonly timezone: string
  readonly targetArn: string
  readonly createdAt: number
}

export type SandboxStack = {
  readonly name: string
  readonly id: string
  readonly description: string
  readonly status: string
  readonly createdAt: number
  readonly updatedAt: number
  readonly parent: string | null
  readonly tags: Readonly<Record<string, string>>
  readonly resources: readonly {
    readonly logicalId: string
    readonly physicalId: string
    readonly type: string
    readonly status: string
    readonly updatedAt: number
  }[]
}

export type SandboxEventSourceMapping = {
  readonly uuid: string
  readonly functionName: string
  /** the alias or version it invokes, null for the unqualified function */
  readonly qualifier: string | null
  readonly eventSourceArn: string
  readonly state: 'Enabled' | 'Disabled'
  readonly batchSize: number
  readonly lastModified: number
  readonly lastProcessingResult: string
}

export type SandboxAlarm = {
  readonly name: string
  readonly description: string
  readonly functionName: string
  readonly metricName: 'Errors' | 'Duration' | 'Throttles' | 'Invocations'
  readonly statistic: 'Sum' | 'Average' | 'Maximum'
  readonly periodSeconds: number
  readonly evaluationPeriods: number
  readonly threshold: number
  readonly comparisonOperator: 'GreaterThanThreshold' | 'GreaterThanOrEqualToThreshold' | 'LessThanThreshold'
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'
  readonly stateReason: string
  readonly stateUpdatedAt: number
}

/** What X-Ray was sent of one trace. */
export type SandboxTrace = {
  /** X-Ray form, `1-8-24` */
  readonly id: string
  /** epoch ms: the first start of its documents */
  readonly at: number
  /** as they were sent: what X-Ray infers is not among them */
  readonly documents: readonly SegmentDocument[]
}

/**
 * What a serverless company has in one region of its account, and its past: a pure function of seed, functions and time,
 * bent by what was changed since.
 */
export type World = {
  readonly account: string
  readonly region: string
  /** epoch ms */
  now(): number
  /** the control plane as it stands now, by name */
  functions(): readonly SandboxFunction[]
  /** one of them, or a replica */
  function(name: string): SandboxFunction | undefined
  /** what Lambda@Edge has put here of functions of other regions: they are listed only when they are asked for */
  replicas(): readonly SandboxFunction[]
  stacks(): readonly SandboxStack[]
  eventSourceMappings(): readonly SandboxEventSourceMapping[]
  alarms(): readonly SandboxAlarm[]
  /** as they stand at a moment, by name; now when none is given */
  queues(at?: number): readonly SandboxQueue[]
  rules(): readonly SandboxRule[]
  schedules(): readonly SandboxSchedule[]
  readonly metrics: SandboxMetrics

  /** log groups that exist now, by name; a function that was never invoked has none */
  logGroups(): readonly SandboxLogGroup[]
  logGroup(name: string): SandboxLogGroup | undefined
  /** events of a group with `from ≤ timestamp ≤ to`, in AWS's answer order, visible or not yet; streams narrow it */
  logEvents(
    group: string,
    from: number,
    to: number,
    streams?: {readonly names?: ReadonlySet<string>; readonly prefix?: string},
  ): readonly SandboxLogEvent[]
  /** events of a group with `from ≤ ingestionTime < to`, whenever they happened, in AWS's answer order */
  ingestedEvents(group: string, from: number, to: number): readonly SandboxLogEvent[]
  logStreams(group: string): readonly SandboxLogStream[]

  /** invocations that start in [from, to), by time */
  invocations(functionName: string, from: number, to: number): readonly Invocation[]
  /** how many invocations start in [from, to): equal to the length of `invocations` so filtered, without making them where it can */
  count(
    functionName: string,
    from: number,
    to: number,
    of?: {readonly version?: string; readonly outcome?: Outcome},
  ): number

  /** how many requests in [from, to) Lambda refused because as much of the function ran as may: they are no invocations */
  throttles(functionName: string, from: number, to: number): number

  /** where X-Ray keeps what it is sent here; `CloudWatchLogs` is Transaction Search */
  readonly traceDestination: 'XRay' | 'CloudWatchLogs'
  /**
   * Sampled traces that start in [from, to), by time, and those that clients sent: as much of each as has happened by now.
   * Of thirty days, and of a window the newest hundred thousand; their documents are made when they are looked at.
   */
  traces(from: number, to: number): readonly SandboxTrace[]
  /** one of them by its id, in X-Ray form */
  trace(id: string): SandboxTrace | undefined

  createLogGroup(
    name: string,
    options: {readonly class?: SandboxLogGroup['class']; readonly tags?: Readonly<Record<string, string>>},
  ): void
  createLogStream(group: string, name: string): void
  /** events a client wrote; they are visible at once and live as long as the process */
  putLogEvents(
    group: string,
    stream: string,
    events: readonly {readonly timestamp: number; readonly message: string}[],
  ): void
  /** segments a client sent; they live as long as the process, the newest twenty thousand */
  putSegments(documents: readonly SegmentDocument[]): void
  /** a control-plane write: kept in the state file, and it shapes what happens from now on */
  updateAlias(
    functionName: string,
    alias: string,
    change: {
      readonly version?: string
      readonly weights?: Readonly<Record<string, number>>
      readonly description?: string
    },
  ): SandboxAlias
}
