import type {Aws} from '../aws/connect.ts'
import type {SelectionWords} from '../targets/parse-target.ts'
import type {OpenedErrors} from './errors-report.ts'
import {openWindowErrors, type WindowErrorsOptions} from './read-errors.ts'

export type OpenErrorsOptions = WindowErrorsOptions & {
  /** null: a window is compared with what was before it; else the version that serves now with the one before */
  readonly gate: {readonly forMs: number | null; readonly minInvocations: number} | null
  readonly failOn: 'new' | 'growing' | null
}

/**
 * Makes ready to read the errors of what the words of a command line mean.
 * @throws UserError as parseSelection and findLogSources do; of a gate, also where it is not clear what serves
 */
export async function openErrors(
  all: readonly Aws[],
  words: SelectionWords,
  {gate, ...options}: OpenErrorsOptions,
  signal: AbortSignal,
): Promise<OpenedErrors> {
  if (gate === null) return openWindowErrors(all, words, options, signal)
  const {openDeployErrors} = await import('./read-deploy-errors.ts')
  return openDeployErrors(all, words, {...options, ...gate}, signal)
}
