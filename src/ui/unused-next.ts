import type {UnusedReport} from '../services/fleet/unused/unused-report.ts'
import {placeFlags, shellWord, spanFlags, wholeSecond} from './next-command.ts'

/**
 * The command that shows more of what is broken, or will be with the next call: its last log lines, or all that is known of it where it
 * never ran. Null where there is no such function. Nothing in it can be more than a word.
 */
export function nextUnusedCommand({functions, coverage: {scopes, window}, askedAt}: UnusedReport): string | null {
  const one =
    functions.find(({verdict}) => verdict === 'broken') ?? functions.find(({verdict}) => verdict === 'inactive')
  if (!one) return null
  const {fn, lastInvoked} = one
  const name = shellWord(fn.name)
  const command =
    lastInvoked === null
      ? `slsops unused ${name} ${spanFlags({start: window.start, end: window.end ?? askedAt}, askedAt)} --json`
      : `slsops logs ${name} --since ${wholeSecond(lastInvoked.at)}`
  return [command, ...placeFlags(fn, scopes)].join(' ')
}
