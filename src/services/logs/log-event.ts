import type {FunctionRef, LogSource} from './source.ts'

export type Kind = 'app' | 'start' | 'end' | 'report' | 'init' | 'restore' | 'runtime' | 'extension' | 'metric'

/** From least to most severe. */
export const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const
export type Level = (typeof levels)[number]

/** The numbers of a REPORT line or a platform.report record. */
export type Report = {
  readonly durationMs: number
  readonly billedDurationMs: number
  readonly memorySizeMB: number
  readonly maxMemoryUsedMB: number
  readonly initDurationMs?: number
  readonly restoreDurationMs?: number
  readonly billedRestoreDurationMs?: number
  readonly status?: string
  readonly errorType?: string
}

/** How an invocation ended; `unknown` where neither a report nor a line tells. */
export type Outcome = 'ok' | 'error' | 'timeout' | 'oom' | 'init-error' | 'unknown'

/** One event as a log group holds it; times are epoch milliseconds, the message is the event's text exactly. */
export type SourcedEvent = {
  readonly source: LogSource
  readonly logStream: string
  readonly timestamp: number
  readonly ingestionTime: number
  readonly eventId: string | null
  readonly message: string
  /** it arrived after events that come after it had been shown */
  readonly late: boolean
}

/** What a message says of itself, by its text alone. */
export type Meaning = {
  readonly kind: Kind
  readonly level: Level | null
  readonly requestId: string | null
  readonly traceId: string | null
  readonly report?: Report
}

/** An event with its meaning; see `slsops/log@1` in the docs for the JSON form. */
export type LogEvent = SourcedEvent &
  Meaning & {
    readonly function: FunctionRef | null
    readonly version: string | null
    /** of a report: how the invocation ended, by the report and by what the lines before it prove; not part of the JSON form */
    readonly outcome?: Outcome
  }
