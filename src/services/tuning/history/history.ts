import type {Aws} from '../../aws/connect.ts'
import {estimateInsights} from '../../insights/estimate.ts'
import {groupSizes, withClasses} from '../../logs/group-sizes.ts'
import {planRead} from '../../logs/read-plan.ts'
import type {LogSource} from '../../logs/source.ts'
import type {Candidate} from '../candidate.ts'
import type {SourceFunction} from '../source/source-function.ts'

/** What past invocations of a size came to: of the warm, the cold or the failed ones. */
export type HistoryRow = Candidate & {
  readonly isCold: boolean
  readonly isFailed: boolean
  readonly invocations: number
  /** sums over all of them, in ms; of squares for their spread */
  readonly billedMs: number
  readonly billedSquares: number
  readonly durationMs: number
  /** of durations, in ms */
  readonly p50Ms: number
  readonly p90Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  /** null where no report tells */
  readonly maxMemoryUsedMB: number | null
}

/** What the log tells of past invocations. */
export type History = {
  readonly rows: readonly HistoryRow[]
  /** what could not be read, one sentence each */
  readonly gaps: readonly string[]
  readonly notes: readonly string[]
}

/** How the log of a function is about to be read. */
export type HistoryPlan = {
  readonly source: LogSource
  /** FilterLogEvents where that takes some seconds, for it costs nothing; else Logs Insights */
  readonly engine: 'filter' | 'insights'
  /** null where AWS does not tell how large the log group is; 0 by FilterLogEvents */
  readonly costUSD: number | null
  /** epoch ms, both inclusive */
  readonly start: number
  readonly end: number
}

/** What takes FilterLogEvents longer is worth a query. */
const quickSeconds = 10

/** Where a function's reports are, and how to read them: asks how large the log group is. */
export async function planHistory(
  aws: Aws,
  fn: SourceFunction,
  window: {readonly start: number; readonly end: number},
  signal: AbortSignal,
): Promise<HistoryPlan> {
  const unsized = logSourceOf(aws, fn)
  const [size = null] = await groupSizes([unsized], signal)
  const [sized] = withClasses([unsized], [size])
  const source = sized?.source ?? unsized
  const now = aws.clock.now()
  const plan = planRead({
    ...window,
    now,
    sources: [source],
    sizes: new Map(size ? [[source, size]] : []),
    engine: 'auto',
    follow: false,
    tail: null,
    // reports are a good part of most logs
    isSelective: false,
    maxUSDPerHour: null,
  })
  const isQuick = size !== null && plan.byInsights.size === 0 && plan.estimate.seconds <= quickSeconds
  if (isQuick) return {source, engine: 'filter', costUSD: 0, ...window}
  const {costUSD} = estimateInsights({groups: [size], window, now, queries: 1, concurrency: 1})
  return {source, engine: 'insights', costUSD, ...window}
}

/** Where a function logs, and its own streams there where others may log too. */
export function logSourceOf(aws: Aws, {name, arn, configuration}: SourceFunction): LogSource {
  const ownGroup = `/aws/lambda/${name}`
  const logGroup = configuration.LoggingConfig?.LogGroup ?? ownGroup
  return {
    aws,
    scope: {...aws.scope, account: arn.split(':')[4] ?? aws.scope.account},
    logGroup,
    logGroupClass: null,
    functions: [{name, arn}],
    only: logGroup === ownGroup ? null : [{function: name, version: null}],
    mayBeMissing: true,
  }
}
