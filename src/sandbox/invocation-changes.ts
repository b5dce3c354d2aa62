// What clients invoked in the embedded AWS, as the state file keeps it.
import type {VersionSettings} from './changes.ts'

/** An invocation that a client asked for, as it was decided when it began. */
export type InvocationChange = {
  readonly kind: 'invocation'
  readonly region?: string
  /** epoch ms of its START */
  readonly at: number
  readonly functionName: string
  readonly version: string
  /** as the client named what it invokes; null for the unqualified function */
  readonly qualifier: string | null
  /** what its ids and facts follow from */
  readonly key: number
  /** the function of the company whose code it ran; null for code of nobody's */
  readonly code: string | null
  readonly settings: InvokedSettings
  readonly story: string
  readonly outcome: 'ok' | 'error' | 'timeout' | 'oom'
  readonly durationMs: number
  readonly maxMemoryUsedMB: number
  /** nobody waited for its answer */
  readonly asynchronous: boolean
  /** its trace is sampled */
  readonly sampled: boolean
  /** it waited for the init of its environment */
  readonly first: boolean
  readonly environment: {readonly key: number; readonly bornAt: number; readonly initMs: number}
}

/** What an invocation has of its function's configuration, for it may be another one later, or gone. */
export type InvokedSettings = Pick<
  VersionSettings,
  | 'memorySizeMB'
  | 'timeoutSeconds'
  | 'runtime'
  | 'architecture'
  | 'packageType'
  | 'snapStart'
  | 'logFormat'
  | 'systemLogLevel'
  | 'logGroup'
  | 'tracing'
>

/** An invocation that a client asked for and Lambda refused for want of concurrency. */
export type ThrottleChange = {
  readonly kind: 'throttle'
  readonly region?: string
  /** epoch ms */
  readonly at: number
  readonly functionName: string
  readonly qualifier: string | null
}
