import type {FunctionConfiguration} from '@aws-sdk/client-lambda'
import {UserError, usageError} from '../../../errors.ts'
import type {Architecture} from '../../pricing.ts'
import {maxZipBytes} from '../arena/fetch-code.ts'
import type {Mode} from '../tune-plan.ts'

const untunable = (message: string, hint: string, code = 'Untunable'): UserError => new UserError(message, {code, hint})

/**
 * @param configuration of what is to be tuned, as GetFunction gave it
 * @throws UserError for a function of a kind that memory is not tuned for by single invocations, whatever the mode
 */
export function refuseKind(
  name: string,
  {CapacityProviderConfig, DurableConfig, MasterArn}: FunctionConfiguration,
): void {
  if (CapacityProviderConfig)
    throw untunable(
      `${name} runs on Lambda Managed Instances: what it costs is instances by the hour, not memory by the millisecond`,
      'its memory is tuned by how many run on an instance, which slsops does not measure',
    )
  if (DurableConfig)
    throw untunable(
      `${name} is a durable function: one execution spans many invocations, which are replayed`,
      'tune the functions that its steps call',
    )
  if (MasterArn)
    throw untunable(
      `${name} is what Lambda@Edge has put here of ${MasterArn}: it cannot be invoked or changed here`,
      'tune the original, with --region us-east-1',
    )
}

/**
 * A state that nobody here knows is not ready either; a server that tells none is believed to be.
 * @throws UserError for one that cannot be invoked or changed now
 */
export function refuseState(name: string, configuration: FunctionConfiguration): void {
  const {State = 'Active', StateReason, LastUpdateStatus = 'Successful', LastUpdateStatusReason} = configuration
  const because = (reason: string | undefined): string => (reason ? `: ${reason}` : '')
  if (State === 'Inactive')
    throw untunable(
      `${name} is Inactive: Lambda has put it to sleep for want of invocations${because(StateReason)}`,
      'an invocation wakes it, which may take minutes: invoke it once and try again',
      'NotActive',
    )
  if (State !== 'Active')
    throw untunable(
      `${name} is ${State}, not Active${because(StateReason)}`,
      State === 'Pending' ? 'it is being made: try again in a minute' : 'deploy it anew, or see what Lambda says of it',
      'NotActive',
    )
  if (LastUpdateStatus === 'InProgress')
    throw untunable(`${name} is being updated`, 'try again when its deployment is over', 'UpdateInProgress')
  if (LastUpdateStatus !== 'Successful')
    throw untunable(
      `the last update of ${name} came to ${LastUpdateStatus}${because(LastUpdateStatusReason)}`,
      'deploy it anew: nobody knows which code a copy of it would run',
      'UpdateFailed',
    )
}

/** @throws UserError (exit 2) where tenants are isolated and none was named, or one was for a function that knows none */
export function refuseTenant(name: string, {TenancyConfig}: FunctionConfiguration, tenantId: string | null): void {
  if (TenancyConfig && tenantId === null)
    throw usageError(
      `${name} isolates tenants: each invocation is for one of them`,
      'add --tenant-id: environments are made for that tenant',
    )
  if (!TenancyConfig && tenantId !== null)
    throw usageError(`${name} isolates no tenants: Lambda takes no tenant for it`, 'leave --tenant-id away')
}

/** @throws UserError for a function that no clone can be made of */
export function refuseClone(name: string, {PackageType, CodeSize = 0, Environment}: FunctionConfiguration): void {
  if (PackageType !== 'Image' && CodeSize > maxZipBytes)
    throw untunable(
      `the code of ${name} is ${(CodeSize / 1024 ** 2).toFixed(0)} MB zipped: a clone can be given 50 MB`,
      'use --mode versions, which needs no clone',
      'CodeTooLarge',
    )
  if (Environment?.Error)
    throw untunable(
      `AWS does not show the environment variables of ${name} (${Environment.Error.ErrorCode ?? 'it does not say why'}): a clone would run without them`,
      'this needs kms:Decrypt of the function’s key; --mode versions does without it',
      'NoEnvironment',
    )
}

/** @throws UserError (exit 2) where another architecture was asked for that cannot be had */
export function refuseTwin(
  name: string,
  own: Architecture,
  {PackageType}: FunctionConfiguration,
  architectures: readonly Architecture[],
  mode: Mode,
): void {
  const other = architectures.find(architecture => architecture !== own)
  if (other === undefined) return
  if (mode === 'versions')
    throw usageError(
      `--mode versions cannot measure ${name} on ${other}: its code would have to be deployed for it`,
      'leave --arch away, or use --mode shadow',
    )
  if (PackageType === 'Image')
    throw usageError(
      `${name} is an image for ${own}, and an image is of one architecture`,
      `deploy one for ${other} as a function of its own, and tune both; or leave --arch away`,
    )
}
