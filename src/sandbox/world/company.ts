// What a company is made of, as data. The files in larder/ are written in these words.
import type {Resized} from './invocations.ts'
import type {Work} from './work.ts'
import type {Outcome, SandboxLogGroup} from './world.ts'

/** PRINT is a bare line on standard output; METRIC an embedded metric (EMF) record. */
export type LineLevel = 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL' | 'PRINT' | 'METRIC'

/**
 * One log line of an invocation. `at` is its place in the duration (0 start, 1 end). Message and fields may hold
 * `{facts}` (see facts.ts). Fields are keys of JSON loggers and `key=value` in text. For METRIC the message is the
 * namespace and the fields are its metrics.
 */
export type Line = readonly [at: number, level: LineLevel, message: string, fields?: Readonly<Record<string, string>>]

/** What a function throws; stack frames are written as its runtime writes them. */
export type Failure = {
  readonly type: string
  readonly message: string
  readonly stack: readonly [string, ...string[]]
}

/** A call of another service that an invocation makes, as its tracer sees it. Texts may hold `{facts}`. */
export type Use = {
  /** as tracers name AWS's services; `http` for one that is not AWS's */
  readonly service: 'DynamoDB' | 'S3' | 'SNS' | 'SES' | 'Events' | 'http'
  /** `GetItem`, or an HTTP method */
  readonly operation: string
  /** a table, bucket, topic, bus or address, or a URL */
  readonly resource: string
  /** its start as a share of the duration; `last` is when nothing is waited for any more */
  readonly at: number | 'last'
  /** median and 99th percentile */
  readonly ms: readonly [p50: number, p99: number]
  /** how many of them, spread over the duration up to `until` */
  readonly times?: string
  readonly until?: number
  /** of the answer; 200 when absent */
  readonly status?: number
  /** what the client throws for that answer */
  readonly throws?: {readonly type: string; readonly message: string}
}

/** A request as who answers it sees it. */
export type HttpStory = {
  readonly method: string
  /** one of them, with its query, is asked for; may hold `{facts}` */
  readonly paths: readonly [string, ...string[]]
  /** null where the client goes before there is an answer */
  readonly status: number | null
  /** who asks, where that is known */
  readonly user?: string
}

/** What an invocation says in its log, and what its tracer says. */
export type Story = {
  readonly lines: readonly Line[]
  readonly failure?: Failure
  readonly uses?: readonly Use[]
  readonly http?: HttpStory
  readonly annotations?: Readonly<Record<string, string>>
  readonly metadata?: Readonly<Record<string, string>>
}

/** How a function writes application lines; together with `logFormat` it decides their form. */
export type Logger = 'console' | 'powertools' | 'logging' | 'log4j' | 'dotnet' | 'slog' | 'go-log'

type Release = {
  readonly version: number
  readonly daysAgo: number
  /** where it was published with another size than the function has now */
  readonly memorySizeMB?: number
}

/** A version that was published since the last release, and that nobody serves. */
type Waiting = {
  readonly version: number
  readonly daysAgo: number
  /** the role and the queue of what could not be delivered that it was published with, where they are not the function's */
  readonly role?: string
  readonly deadLetterQueue?: string
}

export type CompanyFunction = {
  readonly name: string
  readonly description: string
  /** the day it was created, as ISO 8601, or how many days before the sandbox was first used */
  readonly created: string | {readonly daysAgo: number}
  readonly runtime: string
  readonly handler: string
  readonly architecture: 'x86_64' | 'arm64'
  readonly memorySizeMB: number
  readonly memoryUsedMB: readonly [low: number, high: number]
  readonly timeoutSeconds: number
  readonly codeSizeMB: number
  /** median and 99th percentile of Init Duration, or of Restore Duration with SnapStart */
  readonly initMs: readonly [p50: number, p99: number]
  readonly logger: Logger
  readonly logFormat?: 'JSON'
  /** with JSON logs: Lambda's own lines are left out where nothing went wrong */
  readonly systemLogLevel?: 'WARN'
  /** where it is not `/aws/lambda/<name>` */
  readonly logGroup?: string
  readonly retentionInDays?: number | null
  readonly logGroupClass?: SandboxLogGroup['class']
  /** of its log group, where that is to be known */
  readonly storedBytes?: number
  readonly tracing?: 'Active'
  readonly snapStart?: true
  readonly provisionedConcurrency?: number
  readonly reservedConcurrency?: number
  /** environments that Lambda has ready before a call needs them, so that a synchronous caller feels no init */
  readonly proactive?: number
  readonly packageType?: 'Image'
  readonly deadLetterQueue?: string
  readonly layers?: readonly string[]
  readonly vpc?: true
  readonly ephemeralStorageMB?: number
  /** what else than its stack makes it, and says so in its tags */
  readonly managedBy?: 'terraform'
  /** it has a URL of its own, for everybody or for who signs his requests */
  readonly url?: 'NONE' | 'AWS_IAM'
  /** who may invoke it beside its API, URL, rules and queues: an account, or a service and the ARN of what it does it for */
  readonly invokedBy?: readonly (readonly [principal: string, source?: string])[]
  /** how events that wait for it are dealt with, where that is not Lambda's own way; `onFailure` is a queue */
  readonly waitingEvents?: {readonly retries: number; readonly maximumAgeSeconds: number; readonly onFailure?: string}
  /** Lambda@Edge keeps replicas of it where its viewers are */
  readonly replicatedTo?: readonly string[]
  readonly state?: 'Inactive'
  /** invoked in the past, though no entry reaches it now: it has a log group */
  readonly formerlyInvoked?: true
  /** when that was for the last time, where its log still has it */
  readonly lastEvent?: string
  readonly environment?: Readonly<Record<string, string>>
  /** what alias `live` served, oldest first; without it everything runs on $LATEST */
  readonly releases?: readonly [Release, ...Release[]]
  /** oldest first */
  readonly waiting?: readonly Waiting[]
  /** versions that nobody has deleted, older than what `releases` tell */
  readonly olderVersions?: number
  /** the version that was released some minutes before the sandbox was first used */
  readonly incidentVersion?: number
  /** how it takes its time when a client invokes it, where its past is not enough to tell */
  readonly work?: Work
  /** so many of the invocations of a story go on as durable executions, for so many minutes (median and 99th percentile) */
  readonly durable?: {
    readonly story: string
    readonly share: number
    readonly minutes: readonly [p50: number, p99: number]
  }
  /** a member that it needs in its payload, and what it does without */
  readonly expects?: {readonly member: string; readonly otherwise: 'statusCode400' | 'throws'}
  /** what clients made of its memory */
  readonly resized?: Resized
  readonly stories: Readonly<Record<string, Story>>
}

/** How X-Ray sees what writes to a log group that is no function's. */
export type Traced =
  /** a stage of an API Gateway REST API with tracing */
  | {readonly as: 'stage'; readonly name: string; readonly apiId: string; readonly stage: string}
  | {readonly as: 'state-machine'; readonly name: string}
  /** it sends nothing itself: only its callers tell of it */
  | {readonly as: 'remote'; readonly url: string}

/** A log group that is no function's; a step can be in it as if it were one. Its lines are written bare. */
export type CompanyLogGroup = {
  readonly name: string
  readonly created: string
  readonly retentionInDays: number | null
  readonly logGroupClass?: SandboxLogGroup['class']
  /** how its streams are named */
  readonly streams: 'api-gateway' | 'ecs' | 'step-functions'
  readonly traced?: Traced
  readonly stories: Readonly<Record<string, Story>>
}

/** One execution of a function, or one entry of another log group. */
export type Step = {
  /** a function's name, or a log group's, which begins with `/` */
  readonly in: string
  readonly story: string
  /** median and 99th percentile of its own work; a timeout lasts as long as the function's timeout */
  readonly ms: readonly [p50: number, p99: number]
  readonly outcome?: Outcome
  /** the init failed once and was run again inside the invocation, so REPORT shows no Init Duration */
  readonly suppressedInit?: true
  readonly calls?: readonly Call[]
}

/**
 * What a step causes. The delay is from START to START and the same for every invocation, so that
 * count(callee, window) = Σ count(caller, window − delay).
 * sync: inside the caller's duration. event: asynchronous, in the same trace. queue: through a queue or a stream, in a
 * trace of its own. retry: Lambda's retry of the step above, with its request id. redelivery: the queue hands the same
 * message out again.
 */
export type Call = Step & {
  readonly via: 'sync' | 'event' | 'queue' | 'retry' | 'redelivery'
  readonly afterMs: number
}

/** One way in which a request can go. Shares are relative to each other; `shareOn` holds for one version. */
export type Scenario = {
  readonly name: string
  readonly share: number
  readonly shareOn?: Readonly<Record<string, number>>
  readonly start: Step
}

export type Shape = 'shop' | 'office' | 'flat'

export type Schedule =
  | {readonly everyMinutes: number; readonly atMinute: number}
  | {readonly yearlyOn: readonly [month: number, day: number, hour: number]}

/** Where requests come in. */
export type Entry = {
  readonly name: string
  readonly scenarios: readonly [Scenario, ...Scenario[]]
  /** nobody waits for an answer: Lambda queues the events. Schedules are always so. */
  readonly asynchronous?: true
} & ({readonly perDay: number; readonly shape: Shape} | ({readonly schedule: Schedule} & Trigger))

/** What keeps a schedule: a rule of EventBridge's default bus, or EventBridge Scheduler. */
type Trigger = {
  readonly scheduledBy?: 'scheduler'
  /** where it is not called as the function it starts */
  readonly triggerName?: string
}

/** Requests that a function is never started for, because as much of it runs as may: Lambda refuses them. */
type RefusedRequests = {readonly functionName: string; readonly perDay: number; readonly shape: Shape}

/** A rule that starts a function on events. */
type EventRule = {readonly name: string; readonly pattern: object; readonly functionName: string}

/** A log group whose function was deleted. */
type LeftLogGroup = {
  readonly name: string
  readonly created: string
  readonly lastEvent: string
  readonly storedBytes: number
}

export type CompanyMapping = {
  readonly functionName: string
  /** service and resource of the ARN: `sqs:orders-billing`, `dynamodb:table/orders/stream/…` */
  readonly source: string
  readonly batchSize: number
  readonly state?: 'Disabled'
  readonly lastProcessingResult?: string
  /** of a queue: how long a message is hidden while it is worked on; six times the function's timeout when absent */
  readonly visibilitySeconds?: number
  /** of a queue: where a message goes that was received too often */
  readonly redrive?: {readonly to: string; readonly maxReceiveCount: number}
  /** of a queue: what nobody has taken from it in the days before the sandbox was first used; it goes on at that pace */
  readonly backlog?: {readonly messages: number; readonly days: number}
}

export type CompanyStack = {
  readonly name: string
  readonly description: string
  readonly created: string
  readonly parent?: string
  readonly tags: Readonly<Record<string, string>>
  readonly functions: readonly CompanyFunction[]
  readonly logGroups?: readonly CompanyLogGroup[]
  readonly entries?: readonly Entry[]
  readonly mappings?: readonly CompanyMapping[]
  readonly rules?: readonly EventRule[]
  readonly refused?: readonly RefusedRequests[]
  readonly leftLogGroups?: readonly LeftLogGroup[]
  /** further resources: logical id, type, physical id */
  readonly resources?: readonly (readonly [logicalId: string, type: string, physicalId: string])[]
}
