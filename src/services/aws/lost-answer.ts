import {UserError} from '../../errors.ts'
import {isCredentialProblem, isDenied, isForeignAnswer, isThrottle} from './failures.ts'

/** Whether AWS said no, so that nothing was changed; whatever else goes wrong may have come after the change. */
export function isRefusal(error: unknown): boolean {
  if (isForeignAnswer(error)) return false
  if (isThrottle(error) || isDenied(error) || isCredentialProblem(error)) return true
  const {$metadata} = error as {readonly $metadata?: {readonly httpStatusCode?: number}}
  const status = $metadata?.httpStatusCode ?? 0
  return status >= 400 && status < 500 && status !== 408
}

/** Whether a change may have been made although it failed: AWS is to be read then before it is made again. */
export function isLost(error: unknown): boolean {
  return !(error instanceof UserError) && !isRefusal(error)
}

/** Whether a change was not sent at all: its turn had not come when the signal aborted, which ends nothing else of a change. */
export const isUnsent = (error: unknown, signal: AbortSignal): boolean =>
  signal.aborted && (error === signal.reason || nameOf(error) === 'AbortError')

/** Something else of the same resource is under way: nothing was changed. */
export const isConflict = (error: unknown): boolean => nameOf(error) === 'ResourceConflictException'

/** The resource has another RevisionId than AWS was told: nothing was changed by this call, but maybe by one before it. */
export const isStaleRevision = (error: unknown): boolean => nameOf(error) === 'PreconditionFailedException'

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '')
