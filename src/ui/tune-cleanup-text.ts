import type {Scope} from '../services/aws/scope.ts'

import type {CleanedRun, LeftAlone, LeftRun} from '../services/tuning/undo/open-cleanup.ts'

import {paintedRows} from './layout.ts'
import {nextLine, placeFlags, shellWord} from './next-command.ts'
import {counted} from './numbers.ts'
import {type Line, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'

export type TuneLeftoversOptions = {
  readonly scope: Scope
  /** who calls, as an ARN; null where nobody knows */
  readonly caller: string | null
  readonly isDryRun: boolean
  readonly leftAlone: readonly LeftAlone[]
  readonly terminal: Terminal
}

/** What is left of runs, before it is removed, a line each: shown before it is asked about. */
export function tuneLeftoversText(
  found: readonly LeftRun[],
  {scope, caller, isDryRun, leftAlone, terminal}: TuneLeftoversOptions,
): string {
  if (found.length === 0) return nothingRemoved(leftAlone, scope, terminal)
  const where = [scope.account, scope.region].filter(Boolean).join(' ')
  const rows = paintedRows(
    [
      [span('clean up ', 'dim'), span(counted(found.length, 'run'), 'strong'), span(` in ${where}`)],
      ...(caller === null ? [] : [[span('  as      ', 'dim'), span(caller, 'dim')]]),
      ...found.map(({runId, functionName, what}) => [
        span(`  run ${runId} of ${functionName ?? unknownFunction}: ${what.join(', ')}`),
      ]),
      ...leftAloneLines(leftAlone),
      ...(isDryRun ? [[span('--dry-run: nothing was removed', 'dim')]] : []),
    ],
    terminal,
  )
  return rows + nextLine(namingThem(leftAlone, scope), terminal)
}

const unknownFunction = 'a function that is not known'

/** That there is nothing, or what there is that was left alone, and what to type about it. */
function nothingRemoved(leftAlone: readonly LeftAlone[], scope: Scope, terminal: Terminal): string {
  if (leftAlone.length === 0) return paintedRows([[span('nothing to clean up')]], terminal)
  return (
    paintedRows(leftAloneLines(leftAlone, 'nothing was removed; '), terminal) +
    nextLine(namingThem(leftAlone, scope), terminal)
  )
}

function leftAloneLines(leftAlone: readonly LeftAlone[], before = ''): readonly Line[] {
  if (leftAlone.length === 0) return []
  const were = leftAlone.length === 1 ? 'was' : 'were'
  return [
    [span(`${before}${counted(leftAlone.length, 'thing')} ${were} left alone:`, 'look')],
    ...leftAlone.map(({what, why}) => [span(`  ${what}: ${why}`)]),
  ]
}

/** Null where naming them here changes nothing. */
function namingThem(leftAlone: readonly LeftAlone[], scope: Scope): string | null {
  const runIds = new Set(leftAlone.filter(({isHere}) => isHere).map(({runId}) => runId))
  return runIds.size === 0 ? null : cleanupAgain([...runIds], scope)
}

/** What was removed and restored, and exactly what is left, run by run; and what was left alone. */
export function tuneCleanupText(
  runs: readonly CleanedRun[],
  leftAlone: readonly LeftAlone[],
  scope: Scope,
  terminal: Terminal,
): string {
  const {ok, fail} = glyphsFor(terminal)
  if (runs.length === 0) return nothingRemoved(leftAlone, scope, terminal)
  const lines = runs.flatMap(({runId, functionName, cleanup: {cleanedUp, done, left}}): readonly Line[] => [
    [
      span(cleanedUp ? `${ok} ` : `${fail} `, cleanedUp ? 'good' : 'bad'),
      span(`${functionName ?? unknownFunction}`, 'strong'),
      span(`, run ${runId}: `),
      cleanedUp
        ? span('nothing of it is left, read back from AWS')
        : span(`${counted(left.length, 'thing')} left in AWS`, 'bad'),
    ],
    ...left.map(what => [span(`  left: ${what}`, 'bad')]),
    ...done.map(what => [span(`  ${what}`, 'dim')]),
  ])
  const [unfinished] = runs.filter(({cleanup}) => !cleanup.cleanedUp)
  return (
    paintedRows([...lines, ...leftAloneLines(leftAlone)], terminal) +
    nextLine(
      unfinished === undefined ? namingThem(leftAlone, scope) : cleanupAgain([unfinished.runId], scope),
      terminal,
    )
  )
}

/** The command that goes on with cleaning up. @param runIds none: of all runs */
export const cleanupAgain = (runIds: readonly string[], scope: Scope): string =>
  ['slsops tune --cleanup', ...runIds.map(shellWord), ...placeFlags(scope, [scope])].join(' ')
