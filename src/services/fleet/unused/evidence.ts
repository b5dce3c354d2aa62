import type {Known, Unknown} from '../../../known.ts'
import type {
  EventSource,
  FunctionDetails,
  FunctionUrl,
  LogGroupFacts,
  PolicyGrant,
  ProvisionedConcurrency,
  PublishedVersion,
  QueueState,
  Rule,
} from '../facts.ts'

/** What was not asked, for the verdict does not rest on it. It is told apart from an `Unknown` that somebody wanted to know. */
export const notAsked: Unknown = {unknown: 'not-read', detail: 'the verdict does not rest on it'}

/** How much a function was called in the window, and how much was refused. */
export type Usage = {
  readonly invocations: number
  /** calls that Lambda refused: they are no invocations */
  readonly throttles: number
  /** epoch ms: the last period of the metric with an invocation; null for none */
  readonly lastPeriod: {readonly start: number; readonly end: number} | null
}

/** What a poller reads from. */
export type WatchedSource = {
  readonly source: EventSource
  /** null where it is no queue */
  readonly queue: WatchedQueue | null
}

export type WatchedQueue = {
  /** null: there is no such queue */
  readonly state: Known<QueueState | null>
  /** messages that were sent to it in the window */
  readonly sent: Known<number>
  /** null: CloudWatch has nothing of the last hours, as of a queue that nobody uses */
  readonly oldestAgeSeconds: Known<number | null>
}

/** Messages that wait or are being worked on. */
export const messagesIn = (queue: QueueState | null): number => (queue === null ? 0 : queue.visible + queue.inFlight)

/** A rule, and how often it was matched in the window: null where it has a schedule, which tells that. */
export type WatchedRule = {readonly rule: Rule; readonly matched: Known<number> | null}

/** What is known of a function's use: all that a verdict rests on. What was not asked is {@link notAsked}. */
export type Evidence = {
  readonly usage: Known<Usage>
  /** what CloudWatch lists of the last two weeks; null: it lists nothing */
  readonly listed: Known<{readonly resources: ReadonlySet<string>; readonly versions: ReadonlySet<string>} | null>
  readonly eventSources: Known<readonly WatchedSource[]>
  /** of EventBridge Scheduler */
  readonly schedules: Known<readonly Rule[]>
  /** of EventBridge */
  readonly rules: Known<readonly WatchedRule[]>
  readonly policy: Known<readonly PolicyGrant[]>
  readonly urls: Known<readonly FunctionUrl[]>
  readonly details: Known<FunctionDetails>
  readonly provisioned: Known<readonly ProvisionedConcurrency[]>
  readonly versions: Known<readonly PublishedVersion[]>
  /** epoch ms */
  readonly lastLogEvent: Known<number | null>
  /** null: there is none */
  readonly logGroup: Known<LogGroupFacts | null>
  /** of messages that the function's asynchronous calls left behind; null where there is none */
  readonly deadLetters: Known<QueueState | null>
}

export type EvidenceName = keyof Evidence

/** EventBridge's rules invoke by the resource policy. */
export const letsRulesIn = (policy: readonly PolicyGrant[]): boolean =>
  policy.some(({principal}) => principal === 'events.amazonaws.com' || principal === '*')

export const nothingAsked: Evidence = {
  usage: notAsked,
  listed: notAsked,
  eventSources: notAsked,
  schedules: notAsked,
  rules: notAsked,
  policy: notAsked,
  urls: notAsked,
  details: notAsked,
  provisioned: notAsked,
  versions: notAsked,
  lastLogEvent: notAsked,
  logGroup: notAsked,
  deadLetters: notAsked,
}
