import {UserError} from '../../errors.ts'
import {isDenied, missingPermission, translateAwsError} from '../aws/failures.ts'

/** What a call is for, so that a refusal can say which permission is missing and what would do without it. */
type Purpose = {
  /** as in "AWS refused to …" */
  readonly doing: string
  /** as in a policy: `lambda:ListFunctions` */
  readonly permission: string
  readonly instead?: string
}

/** What the SDK threw, as what a person can act on; a refusal names the permission (exit 4). */
export function explained(error: unknown, {doing, permission, instead}: Purpose): unknown {
  const told = translateAwsError(error, doing)
  if (!isDenied(error) || !(told instanceof UserError)) return told
  return new UserError(told.message, {
    code: told.code,
    exitCode: told.exitCode,
    cause: error,
    hint: `this needs ${missingPermission(error, permission)}${instead ? `; without it, ${instead}` : ''}`,
    ...(told.requestId && {requestId: told.requestId}),
  })
}

/**
 * The same for what becomes a gap, or goes unsaid.
 * @throws the error itself where it is no failure of AWS or of the way to it: that is a bug, and to be seen
 */
export function explainedFailure(error: unknown, purpose: Purpose): UserError {
  const told = explained(error, purpose)
  if (told instanceof UserError) return told
  throw error
}
