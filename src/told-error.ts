import {ExitCode, UserError} from './errors.ts'
import {usageErrorOf} from './flags/usage-error.ts'
import {translateAwsError} from './services/aws/failures.ts'
import {errorText} from './ui/error-text.ts'
import {errorJson} from './ui/json-lines.ts'
import type {Terminal} from './ui/terminal.ts'

/**
 * An error as a person can use it: oclif's about flags, AWS's, or ours. Whatever else it is, is a bug.
 * @param id of the command
 */
export function toldError(error: Error, id: string | undefined): unknown {
  if (error instanceof UserError) return error
  return usageErrorOf(error, id) ?? translateAwsError(error, 'finish')
}

export type FailureOptions = {readonly json: boolean; readonly debug: boolean; readonly terminal: Terminal}

/** What is said of a failure: for people, or as `slsops/error@1`. */
export function failureText(told: unknown, {json, debug, terminal}: FailureOptions): string {
  if (!json) return errorText(told, terminal, debug)
  const bug = {code: 'Bug', message: String(told), hint: undefined, exitCode: ExitCode.failed}
  return errorJson(told instanceof UserError ? told : bug)
}
