import type {Scope} from '../services/aws/scope.ts'

import type {Gap} from '../services/receipt.ts'
import type {CleanedRun, LeftAlone, LeftRun} from '../services/tuning/undo/open-cleanup.ts'
import {isoClock} from './iso-clock.ts'

import {reportJson} from './report-json.ts'

export type TuneCleanupJsonOptions = {
  readonly scope: Scope
  /** who calls, as an ARN; null where nobody knows */
  readonly caller: string | null
  readonly leftAlone: readonly LeftAlone[]
  /** epoch ms */
  readonly startedAt: number
  readonly endedAt: number
}

/** What --cleanup would remove and restore, as one `slsops/tune-cleanup-plan@1` document. */
export function tuneLeftoversJson(
  found: readonly LeftRun[],
  {scope, caller, leftAlone, startedAt, endedAt}: TuneCleanupJsonOptions,
): string {
  const iso = isoClock()
  return reportJson(
    'tune-cleanup-plan',
    {window: {start: startedAt, end: endedAt}, scopes: [scope], gaps: gapsOf(leftAlone, scope)},
    {
      caller,
      found: found.map(({runId, functionName, what, since}) => ({
        runId,
        function: functionName,
        what,
        since: Number.isNaN(since) ? null : iso(since),
      })),
    },
  )
}

const gapsOf = (leftAlone: readonly LeftAlone[], {account, region}: Scope): readonly Gap[] =>
  leftAlone.map(({what, why}) => ({what, account, region, reason: 'failed', detail: `left alone: ${why}`}))

/** What was removed and restored, run by run, and what is left, as one `slsops/tune-cleanup@1` document. */
export function tuneCleanupJson(
  runs: readonly CleanedRun[],
  {scope, leftAlone, startedAt, endedAt}: TuneCleanupJsonOptions,
): string {
  const gaps = runs.flatMap(({cleanup, functionName, runId}) =>
    cleanup.left.map(detail => ({
      what: functionName ?? runId,
      account: scope.account,
      region: scope.region,
      reason: 'failed' as const,
      detail,
    })),
  )
  return reportJson(
    'tune-cleanup',
    {window: {start: startedAt, end: endedAt}, scopes: [scope], gaps: [...gaps, ...gapsOf(leftAlone, scope)]},
    {
      cleanedUp: runs.every(({cleanup}) => cleanup.cleanedUp),
      runs: runs.map(({runId, functionName, cleanup: {cleanedUp, done, left}}) => ({
        runId,
        function: functionName,
        account: scope.account,
        region: scope.region,
        cleanedUp,
        removed: done,
        left,
      })),
    },
  )
}
