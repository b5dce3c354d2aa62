import {UserError} from '../../errors.ts'
import type {Known, Unknown} from '../../known.ts'
import {firstLine, isCredentialProblem, isDenied, isMissing, isThrottle, missingPermission} from '../aws/failures.ts'
import {explainedFailure} from '../targets/refusal.ts'

/** What was tried, and with which permission. */
export type Attempt = {
  /** as in "could not …" */
  readonly doing: string
  /** as in a policy: `lambda:GetPolicy` */
  readonly permission: string
}

/** of whoever reads metrics */
export const readingMetrics: Attempt = {doing: 'read metrics', permission: 'cloudwatch:GetMetricData'}

export const interrupted: Unknown = {unknown: 'interrupted', detail: 'it was stopped before this was read'}

/**
 * Why a call gave no answer: by what AWS said, or by the UserError that it was made into.
 * @throws the error itself where it is no failure of AWS or of the way to it: that is a bug, and to be seen
 */
export function whyUnknown(error: unknown, attempt: Attempt, signal: AbortSignal): Unknown {
  if (signal.aborted) return interrupted
  const {message, cause} = explainedFailure(error, attempt)
  if (error instanceof UserError && cause instanceof Error) error = cause
  if (isDenied(error)) return {unknown: 'denied', detail: `needs ${missingPermission(error, attempt.permission)}`}
  const detail = firstLine(message).replace(`could not ${attempt.doing}: `, '')
  if (isCredentialProblem(error)) return {unknown: 'denied', detail}
  if (isMissing(error)) return {unknown: 'missing', detail}
  return {unknown: isThrottle(error) ? 'throttled' : 'failed', detail}
}

/** What a read comes to, or why it comes to nothing. */
export async function known<T>(attempt: Attempt, signal: AbortSignal, read: () => Promise<T>): Promise<Known<T>> {
  if (signal.aborted) return interrupted
  try {
    return {value: await read()}
  } catch (error) {
    return whyUnknown(error, attempt, signal)
  }
}
