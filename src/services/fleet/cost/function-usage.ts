import type {Known} from '../../../known.ts'
import type {Architecture} from '../../pricing.ts'

/** What a function used in a window, as far as anybody knows. */
export type FunctionUsage = {
  readonly architecture: Architecture
  /** of the window; the mean by running time where it was changed */
  readonly memorySizeMB: number
  readonly ephemeralStorageMB: number
  readonly windowMs: number
  readonly calls: Known<number>
  /** the sum of all invocations' durations, without init */
  readonly durationMs: Known<number>
  /** calls that ran on provisioned concurrency, of `calls` */
  readonly provisionedCalls: Known<number>
  /** environments that were kept ready, on the average */
  readonly provisionedCount: Known<number>
  /** of billed inits */
  readonly initMs: Known<number>
  readonly snapStart: Known<SnapStartUsage>
  readonly logs: Known<LogUsage>
}

export type SnapStartUsage = {
  /** published versions whose snapshot is kept, and paid for: of Python and .NET */
  readonly cachedVersions: number
  readonly restores: number
}

/** Of a log group that is this function's alone. */
type LogUsage = {readonly bytes: number; readonly logClass: 'STANDARD' | 'INFREQUENT_ACCESS'}
