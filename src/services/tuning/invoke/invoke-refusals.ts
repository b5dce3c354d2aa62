import type {ThrottleReason} from '@aws-sdk/client-lambda'
import {UserError} from '../../../errors.ts'
import {isCredentialProblem, isDenied, isForeignAnswer, isThrottle} from '../../aws/failures.ts'

/**
 * Refusals that come before the function is begun, and that pass by themselves: by Lambda's documentation of each. Others of
 * them may be of an invocation that began.
 */
const passing: ReadonlyMap<string, string> = new Map([
  ['EC2ThrottledException', 'EC2 throttles the start of its environment'],
  ['ENILimitReachedException', 'the VPC has no network interface left for it'],
  ['ENINotReadyException', 'its network interface is not ready'],
  ['SubnetIPAddressLimitReachedException', 'its subnets have no address left'],
  ['ResourceNotReadyException', 'its VPC connection is being established again'],
  ['SnapStartNotReadyException', 'its snapshot is not ready'],
  ['CodeArtifactUserPendingException', 'its code is not ready'],
  ['ResourceConflictException', 'another operation on it is under way'],
])

/** Answers of status 5xx and 408 that say nothing began: what keeps the function from its network, key, file system or code. */
const refusedAtStart =
  /^(EC2AccessDenied|EC2Unexpected|InvalidSubnetID|InvalidSecurityGroupID|InvalidRuntime|InvalidZipFile|KMS\w+|(EFS|S3Files)Mount\w+|ResourceNotReady)Exception$/

/** What a throttle is by the Reason that Lambda gives. */
const reasons: Readonly<Record<ThrottleReason, string>> = {
  ConcurrentInvocationLimitExceeded: 'the account’s concurrency is used up',
  FunctionInvocationRateLimitExceeded: 'the function is invoked more often than its concurrency allows',
  ReservedFunctionConcurrentInvocationLimitExceeded: 'its reserved concurrency is used up, or 0',
  ReservedFunctionInvocationRateLimitExceeded: 'it is invoked more often than its reserved concurrency allows',
  CallerRateLimitExceeded: 'the account makes too many calls of Invoke a second',
  ConcurrentSnapshotCreateLimitExceeded: 'the account makes as many snapshots as it may at a time',
}

/** A refusal after which nothing ran, and that is worth waiting for. */
export type Wait = {
  /** in words, with AWS's own for it */
  readonly why: string
  /** Lambda's Reason of a throttle; null where it gave none */
  readonly reason: string | null
  /** ms, where Lambda says how long; null else */
  readonly afterMs: number | null
}

/** Why a refused invocation may be asked for again: Lambda says that nothing ran. Null for everything else. */
export function waitFor(error: unknown): Wait | null {
  if (!(error instanceof Error)) return null
  const known = isForGood(error) ? undefined : passing.get(error.name)
  if (known !== undefined) return {why: `${error.name}: ${known}`, reason: null, afterMs: null}
  if (!isThrottle(error)) return null
  const {Reason: reason, retryAfterSeconds} = error as {Reason?: unknown; retryAfterSeconds?: unknown}
  const afterMs = Number(retryAfterSeconds) * 1000
  const isKnown = typeof reason === 'string' && Object.hasOwn(reasons, reason)
  return {
    why: isKnown ? `429 ${reason}: ${reasons[reason as ThrottleReason]}` : 'Lambda throttles the calls',
    reason: isKnown ? reason : null,
    afterMs: Number.isFinite(afterMs) && afterMs > 0 ? afterMs : null,
  }
}

/** A function that could not be made does not come to be by waiting. */
const isForGood = ({name, message}: Error): boolean =>
  name === 'ResourceConflictException' && /state: Failed/.test(message)

/**
 * Whether the function may have run, and may still: its answer was lost on the way, or Lambda stumbled. Of what Lambda
 * refuses by name, and of requests that were never sent, it has not.
 */
export function mayHaveRun(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof UserError || isDenied(error) || isCredentialProblem(error))
    return false
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return true
  const {$metadata, code} = error as {$metadata?: {httpStatusCode?: number}; code?: unknown}
  const status = $metadata?.httpStatusCode
  // no answer: a failure of the network has the system's code, a bug of ours has none
  if (status === undefined) return typeof code === 'string' || $metadata !== undefined
  if (isForeignAnswer(error)) return status >= 500 || status < 300
  // a file system that failed may have failed the function in its midst
  if (error.name === 'EFSIOException') return true
  return (status >= 500 || status === 408 || status < 300) && !refusedAtStart.test(error.name)
}
