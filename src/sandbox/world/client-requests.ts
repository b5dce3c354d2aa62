// What clients ask of functions, and what they are answered. Types only.
import type {VersionSettings} from '../changes.ts'
import type {Invocation} from './world.ts'

/** What a client says of a function that it makes. */
export type FunctionDraft = VersionSettings & {
  readonly name: string
  readonly tags: Readonly<Record<string, string>>
  readonly code: FunctionCode
}

/** Code as it was uploaded: its bytes as a zip file, or an image. What it does is what its bytes or digest say whose it is. */
export type FunctionCode =
  | {readonly kind: 'zip'; readonly bytes: Uint8Array}
  | {readonly kind: 'image'; readonly uri: string}

/** What can be changed of `$LATEST`; what is left out stays. */
export type ConfigurationChange = Partial<Omit<VersionSettings, 'architecture' | 'packageType'>>

/** Why Lambda refused an invocation. */
export type ThrottleReason = 'ReservedFunctionConcurrentInvocationLimitExceeded' | 'ConcurrentInvocationLimitExceeded'

/** How a client invokes. */
export type InvokeOptions = {
  /** the alias or version that it named; null for the unqualified function */
  readonly qualifier?: string | null
  /** it does not wait for the answer */
  readonly asynchronous?: boolean
  /** how many invocations of clients may run at once on functions without reserved concurrency; 1,000 when absent */
  readonly unreservedConcurrency?: number
}

/** An invocation that a client asked for: it has happened as far as the world is concerned, and is answered when it is over. */
export type Execution = {
  readonly invocation: Invocation
  /** from the request until its answer, init included, in ms */
  readonly tookMs: number
  /** what the function returned, or the error's JSON */
  readonly payload: string
  /** null where it returned */
  readonly functionError: 'Handled' | 'Unhandled' | null
  /** what it wrote to its log, START to REPORT, as the log group will have it */
  readonly log: readonly string[]
}
