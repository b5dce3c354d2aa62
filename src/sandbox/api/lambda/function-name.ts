import {ServiceError} from '../../wire/service-error.ts'
import type {SandboxAlias, SandboxFunction, SandboxVersion} from '../../world/sandbox-function.ts'
import {arnOf, type Context} from '../context.ts'

/** Lambda's own expression for a function's name, partial ARN or ARN, as its validation errors print it. */
export const functionNamePattern =
  /(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_.]+)(:(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]+))?/

export const qualifierPattern = /\$(LATEST(\.PUBLISHED)?)|[a-zA-Z0-9-_$]+/

/** A function as a caller named it, and what the name points at. */
export type NamedFunction = {
  readonly fn: SandboxFunction
  readonly version: SandboxVersion
  /** `$LATEST`, a version or an alias as the caller wrote it; undefined when the name was unqualified */
  readonly qualifier: string | undefined
}

/** An error of Lambda's model; those carry `Type`, whereas its ValidationException does not. */
export function lambdaError(name: string, message: string): ServiceError {
  return new ServiceError(name, message, {members: {Type: 'User'}})
}

export const unqualifiedOnly = (): ServiceError =>
  lambdaError(
    'InvalidParameterValueException',
    'This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.',
  )

/**
 * The function, version and qualifier that a name, partial ARN or ARN and a `Qualifier` mean together.
 * @throws ServiceError ResourceNotFoundException, InvalidParameterValueException or AccessDeniedException in Lambda's words
 */
export function resolveFunction(context: Context, functionName: string, givenQualifier?: string): NamedFunction {
  const {name, qualifier} = readFunctionName(context, functionName, givenQualifier)
  const fn = context.world.function(name)
  // the first is $LATEST, which replicas of Lambda@Edge have none of
  const version = fn && (qualifier === undefined ? fn.versions[0] : findVersion(fn, qualifier))
  if (!fn || !version)
    throw lambdaError('ResourceNotFoundException', `Function not found: ${functionArn(context, name, qualifier)}`)
  return {fn, version, qualifier}
}

export function functionArn(context: Context, name: string, qualifier?: string): string {
  return arnOf('lambda', context, `function:${name}${qualifier === undefined ? '' : `:${qualifier}`}`)
}

export function findAlias(fn: SandboxFunction, name: string): SandboxAlias | undefined {
  return fn.aliases.find(alias => alias.name === name)
}

export function findVersion(fn: SandboxFunction, qualifier: string): SandboxVersion | undefined {
  const number = findAlias(fn, qualifier)?.version ?? qualifier
  return fn.versions.find(({version}) => version === number)
}

/**
 * The name and the qualifier that a name, partial ARN or ARN and a `Qualifier` mean together, whether there is such a function or not.
 * @throws ServiceError ResourceNotFoundException, InvalidParameterValueException or AccessDeniedException in Lambda's words
 */
export function readFunctionName(
  context: Context,
  text: string,
  givenQualifier?: string,
): {name: string; qualifier: string | undefined} {
  const parts = functionNamePattern.exec(text)
  const [region, account, name, inName] = [
    parts?.[3]?.slice(0, -1),
    parts?.[9]?.slice(0, -1),
    parts?.[11] ?? text,
    parts?.[13],
  ]
  if (region !== undefined && region !== context.region)
    throw lambdaError(
      'ResourceNotFoundException',
      `Functions from '${region}' are not reachable in this region ('${context.region}')`,
    )
  if (account !== undefined && account !== context.world.account)
    throw new ServiceError(
      'AccessDeniedException',
      `The embedded AWS holds account ${context.world.account}, not ${account}.`,
      {status: 403},
    )
  if (inName !== undefined && givenQualifier !== undefined && inName !== givenQualifier)
    throw lambdaError(
      'InvalidParameterValueException',
      'The derived qualifier from the function name does not match the specified qualifier.',
    )
  return {name, qualifier: inName ?? givenQualifier}
}
