import {ServiceError} from '../../wire/service-error.ts'
import type {SandboxLogGroup} from '../../world/world.ts'
import {arnOf, type Context} from '../context.ts'

export type LogGroupReference = {
  readonly logGroupName?: string | undefined
  readonly logGroupIdentifier?: string | undefined
}

export const invalidParameter = (message: string) => new ServiceError('InvalidParameterException', message)
export const invalidToken = () => invalidParameter('The specified nextToken is invalid.')
export const noSuchGroup = () =>
  new ServiceError('ResourceNotFoundException', 'The specified log group does not exist.')
/** StartQuery's own words for a missing group, as recorded. */
export const noSuchGroupToQuery = (name: string, {world, requestId}: Pick<Context, 'world' | 'requestId'>) =>
  new ServiceError(
    'ResourceNotFoundException',
    `Log group '${name}' does not exist for account ID '${world.account}' (Service: AWSLogs; Status Code: 400; Error Code: ResourceNotFoundException; Request ID: ${requestId}; Proxy: null)`,
  )
export const noSuchStream = () =>
  new ServiceError('ResourceNotFoundException', 'The specified log stream does not exist.')

/** The ARN that identifiers take; `arn` of DescribeLogGroups is this one with `:*`, as IAM policies want it. */
export function logGroupArn(context: Pick<Context, 'region' | 'world'>, name: string): string {
  return arnOf('logs', context, `log-group:${name}`)
}

/** The name behind a name or an ARN with or without `:*`. */
export function logGroupNameOf(identifier: string): string {
  return identifier.startsWith('arn:') ? identifier.split(':').slice(6, 7).join('') : identifier
}

/**
 * The log group a request means by name or identifier.
 * @throws ServiceError when both or neither are given, or no such group exists
 */
export function requireLogGroup(
  context: Context,
  {logGroupName, logGroupIdentifier}: LogGroupReference,
): SandboxLogGroup {
  if (logGroupName !== undefined && logGroupIdentifier !== undefined)
    throw new ServiceError('ValidationException', 'LogGroup name and LogGroup ARN are mutually exclusive parameters.')
  const identifier = logGroupName ?? logGroupIdentifier
  if (identifier === undefined)
    throw new ServiceError('ValidationException', 'LogGroup name or LogGroup ARN must be specified.')
  const name = logGroupNameOf(identifier)
  const isElsewhere = identifier.startsWith('arn:') && !identifier.startsWith(logGroupArn(context, name))
  const group = isElsewhere ? undefined : context.world.logGroup(name)
  if (!group) throw noSuchGroup()
  return group
}

/** Only the STANDARD class can be read event by event; the text is AWS's own (aws/karpenter-provider-aws#9567). */
export function requireStandardClass(group: SandboxLogGroup, operation: string): void {
  if (group.class === 'STANDARD') return
  throw new ServiceError(
    'InvalidOperationException',
    `The log group ${group.name} is of log-group-class ${group.class}. ${operation} is not supported for this log class.`,
  )
}
