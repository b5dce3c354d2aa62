// The seam of the embedded AWS: what the world knows, and what the API asks of it. Types only.
import type {AlarmWrites, SandboxAlarm, SandboxCompositeAlarm} from './alarms/alarm.ts'
import type {
  ConfigurationChange,
  Execution,
  FunctionCode,
  FunctionDraft,
  InvokeOptions,
  ThrottleReason,
} from './client-requests.ts'
import type {CodeDeploy} from './code-deploy/deployment.ts'
import type {SandboxDurableExecution} from './durable-executions.ts'
import type {SandboxMetrics} from './metrics/metric.ts'
import type {SandboxAlias, SandboxFunction, SandboxVersion} from './sandbox-function.ts'
import type {SandboxEventSourceMapping, SandboxQueue, SandboxRule, SandboxStack} from './sandbox-resources.ts'
import type {SandboxSchedule, ScheduleWrites} from './schedules/schedules.ts'
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
  /** one of them as it serves invocations now: while an update is in progress, as it was before it */
  servingFunction(name: string): SandboxFunction | undefined
  /** what Lambda@Edge has put here of functions of other regions: they are listed only when they are asked for */
  replicas(): readonly SandboxFunction[]
  stacks(): readonly SandboxStack[]
  eventSourceMappings(): readonly SandboxEventSourceMapping[]
  alarms(): readonly SandboxAlarm[]
  compositeAlarms(): readonly SandboxCompositeAlarm[]
  /** as they stand at a moment, by name; now when none is given */
  queues(at?: number): readonly SandboxQueue[]
  rules(): readonly SandboxRule[]
  schedules(): readonly SandboxSchedule[]
  /** those that a function began in the last day, the newest first */
  durableExecutions(functionName: string): readonly SandboxDurableExecution[]
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
  /** Does something while no other process writes: what it reads is so until it is done. */
  alone<Result>(act: () => Result): Result
  // control-plane writes: kept in the state file, and they shape what happens from now on. Whether they may be made is the API's to say.
  createFunction(draft: FunctionDraft): SandboxFunction
  /** with all its versions and aliases; its log group stays */
  deleteFunction(name: string): void
  deleteVersion(name: string, version: string): void
  updateConfiguration(name: string, change: ConfigurationChange): SandboxFunction
  updateCode(name: string, code: FunctionCode): SandboxFunction
  /** the last one again where nothing was changed since it was published */
  publishVersion(name: string, description: string | null): SandboxVersion
  /** null takes the reservation away */
  putReservedConcurrency(name: string, count: number | null): void
  /** of an alias; null takes it away */
  putProvisionedConcurrency(name: string, alias: string, count: number | null): void
  tagFunction(name: string, tags: Readonly<Record<string, string>>): void
  untagFunction(name: string, keys: readonly string[]): void
  /** the code of a version as a zip file, always the same bytes for the same CodeSha256; undefined for an image */
  functionCode(name: string, version: string): Uint8Array | undefined
  deleteLogGroup(name: string): void
  putRetention(name: string, days: number | null): void
  tagLogGroup(name: string, tags: Readonly<Record<string, string>>): void
  untagLogGroup(name: string, keys: readonly string[]): void
  /** an invocation of a version, begun now; or why there is none */
  invoke(
    functionName: string,
    version: string,
    payload: string,
    options?: InvokeOptions,
  ): Execution | {readonly throttled: ThrottleReason}
  readonly alarmWrites: AlarmWrites
  readonly scheduleWrites: ScheduleWrites
  readonly codeDeploy: CodeDeploy
  createAlias(
    functionName: string,
    alias: Pick<SandboxAlias, 'name' | 'version' | 'weights' | 'description'>,
  ): SandboxAlias
  deleteAlias(functionName: string, alias: string): void
  /** what is not given stays; the revision changes all the same */
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
