import type {Scope} from '../services/aws/scope.ts'

import type {CleanedRun, LeftAlone, LeftRun} from '../services/tuning/undo/open-cleanup.ts'

import type {Terminal} from './terminal.ts'
import {tuneCleanupJson, tuneLeftoversJson} from './tune-cleanup-json.ts'
import {cleanupAgain, tuneCleanupText, tuneLeftoversText} from './tune-cleanup-text.ts'
import {lastWords} from './tune-last-words.ts'

export type TuneCleanupScreenOptions = {
  readonly json: boolean
  readonly scope: Scope
  /** who calls, as an ARN; null where nobody knows */
  readonly caller: string | null
  /** what was found and is not removed: told with the answer */
  readonly leftAlone: readonly LeftAlone[]
  /** epoch ms */
  readonly startedAt: number
  readonly now: () => number
}

/** Everything that is seen of `--cleanup`. */
export type TuneCleanupScreen = {
  /** what would be removed and restored, a line each, before it is asked about */
  leftovers(found: readonly LeftRun[], terminal: Terminal): string
  /** the same as the answer to --dry-run, where it ends */
  planned(found: readonly LeftRun[], terminal: Terminal): string
  /** what was done */
  cleaned(runs: readonly CleanedRun[], terminal: Terminal): string
  /** the last words of who leaves before all is cleaned up: how to go on with it. @param runIds that were named; none: all */
  leftUncleaned(runIds: readonly string[], terminal: Terminal): string
}

export function tuneCleanupScreen(options: TuneCleanupScreenOptions): TuneCleanupScreen {
  const {json, scope, leftAlone, now} = options
  return {
    leftovers: (found, terminal) => tuneLeftoversText(found, {...options, terminal, leftAlone: [], isDryRun: false}),
    planned: (found, terminal) =>
      json
        ? tuneLeftoversJson(found, {...options, endedAt: now()})
        : tuneLeftoversText(found, {...options, terminal, isDryRun: true}),
    cleaned: (runs, terminal) =>
      json ? tuneCleanupJson(runs, {...options, endedAt: now()}) : tuneCleanupText(runs, leftAlone, scope, terminal),
    leftUncleaned: (runIds, terminal) =>
      lastWords(`not all was cleaned up; this goes on with it: ${cleanupAgain(runIds, scope)}`, json, terminal),
  }
}
