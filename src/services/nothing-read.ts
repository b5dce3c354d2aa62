import {ExitCode} from '../errors.ts'
import type {Gap} from './receipt.ts'

/** What it says to a script that nothing at all could be read, by exit codes; none where something was. */
export function verdictsOnNothing(gaps: readonly Gap[], read: number): readonly ExitCode[] {
  if (read > 0 || gaps.length === 0) return []
  if (gaps.every(({reason}) => reason === 'denied')) return [ExitCode.refused]
  return gaps.every(({reason}) => reason === 'failed') ? [ExitCode.failed] : []
}
