import type * as lambdaSdk from '@aws-sdk/client-lambda'
import {validationMessage} from '../../wire/constraints.ts'
import type {Handlers} from '../../wire/define-service.ts'
import {ServiceError} from '../../wire/service-error.ts'
import {routingProblem} from '../../world/alias-routing.ts'
import {shownWeightsAt} from '../../world/aliases.ts'
import type {SandboxAlias, SandboxFunction} from '../../world/sandbox-function.ts'
import type {Context} from '../context.ts'
import {invalidValue} from './function-draft.ts'
import {findAlias, functionArn, lambdaError, readFunctionName, resolveFunction} from './function-name.ts'
import {conflict, refuseReplica, requireRevision} from './function-writes.ts'
import {lambdaPage} from './pages.ts'

/** Aliases, and which versions they serve. */
export const aliases: Handlers<typeof lambdaSdk, Context> = {
  CreateAlias: ({FunctionName, Name, FunctionVersion, Description = '', RoutingConfig}, context) => {
    const weights = readWeights(RoutingConfig) ?? {}
    const {name} = readFunctionName(context, FunctionName)
    const fn = context.world.function(name)
    if (!fn) throw notFound(context, name, FunctionVersion)
    refuseReplica(context, fn, 'update')
    if (findAlias(fn, Name)) throw conflict(`Alias already exists: ${functionArn(context, name, Name)}`)
    refuseRouting(context, fn, FunctionVersion, weights)
    const alias = {name: Name, version: FunctionVersion, weights, description: Description}
    return configuration(context, fn, context.world.createAlias(name, alias), weights)
  },

  UpdateAlias: ({FunctionName, Name, FunctionVersion, Description, RoutingConfig, RevisionId}, context) => {
    const weights = readWeights(RoutingConfig)
    const {name} = readFunctionName(context, FunctionName)
    const fn = context.world.function(name)
    const alias = fn && findAlias(fn, Name)
    if (!alias) throw lambdaError('ResourceNotFoundException', `Alias not found: ${functionArn(context, name, Name)}`)
    requireRevision(alias, RevisionId)
    if (FunctionVersion !== undefined || weights !== undefined)
      refuseRouting(
        context,
        fn,
        FunctionVersion ?? alias.version,
        // what AWS has put there itself stays as well where nothing is said of it
        weights ?? shownWeightsAt(alias, context.world.now()),
      )
    const written = context.world.updateAlias(name, Name, {
      ...(FunctionVersion !== undefined && {version: FunctionVersion}),
      ...(weights !== undefined && {weights}),
      ...(Description !== undefined && {description: Description}),
    })
    // as it was written: that provisioned concurrency has to move first only shows when it is read again
    return configuration(context, fn, written, written.weights)
  },

  /** One that is not there is deleted already. */
  DeleteAlias: (input, context) => {
    const {fn} = resolveFunction(context, input.FunctionName)
    if (findAlias(fn, input.Name)) context.world.deleteAlias(fn.name, input.Name)
    return {}
  },

  GetAlias: (input, context) => {
    const {fn} = resolveFunction(context, input.FunctionName)
    const alias = findAlias(fn, input.Name)
    if (!alias)
      throw lambdaError(
        'ResourceNotFoundException',
        `Cannot find alias arn: ${functionArn(context, fn.name, input.Name)}`,
      )
    return shown(context, fn, alias)
  },

  ListAliases: (input, context) => {
    const {fn} = resolveFunction(context, input.FunctionName)
    const found = fn.aliases.filter(
      ({version}) => input.FunctionVersion === undefined || input.FunctionVersion === version,
    )
    const page = lambdaPage(found, alias => alias.name, input, Math.max(50, input.MaxItems ?? 50))
    return {Aliases: page.items.map(alias => shown(context, fn, alias)), NextMarker: page.next}
  },
}

const shown = (context: Context, fn: SandboxFunction, alias: SandboxAlias): lambdaSdk.AliasConfiguration =>
  configuration(context, fn, alias, shownWeightsAt(alias, context.world.now()))

function configuration(
  context: Context,
  fn: SandboxFunction,
  alias: SandboxAlias,
  weights: SandboxAlias['weights'],
): lambdaSdk.AliasConfiguration {
  return {
    AliasArn: functionArn(context, fn.name, alias.name),
    Name: alias.name,
    FunctionVersion: alias.version,
    Description: alias.description,
    // An alias without weights has no RoutingConfig at all, not an empty one.
    ...(Object.keys(weights).length > 0 && {RoutingConfig: {AdditionalVersionWeights: {...weights}}}),
    RevisionId: alias.revisionId,
  }
}

/**
 * The weights that a caller gives, none for an empty RoutingConfig; undefined where he says nothing of them.
 * @throws ServiceError ValidationException
 */
function readWeights(given: lambdaSdk.AliasRoutingConfiguration | undefined): SandboxAlias['weights'] | undefined {
  if (given === undefined) return undefined
  const weights = given.AdditionalVersionWeights ?? {}
  const entries = Object.entries(weights)
  const isOff = entries.some(([, weight]) => !(weight >= 0 && weight <= 1))
  const rules = [
    ...(isOff ? [`Map value must satisfy constraint: [${weightRules.join(', ')}]`] : []),
    ...(entries.some(([version]) => !/^[0-9]{1,1024}$/.test(version))
      ? [`Map keys must satisfy constraint: [${versionRules.join(', ')}]`]
      : []),
  ]
  const value = `{${entries.map(([version, weight]) => `${version}=${javaDouble(weight)}`).join(', ')}}`
  const found = rules.map(
    rule => `Value '${value}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: ${rule}`,
  )
  if (found.length > 0) throw new ServiceError('ValidationException', validationMessage(found), {status: 400})
  return weights
}

const weightRules = [
  'Member must have value less than or equal to 1.0',
  'Member must have value greater than or equal to 0.0',
  'Member must not be null',
]
const versionRules = [
  'Member must have length less than or equal to 1024',
  'Member must have length greater than or equal to 1',
  'Member must satisfy regular expression pattern: [0-9]+',
]

const javaDouble = (value: number) => (Number.isInteger(value) ? value.toFixed(1) : String(value))

/** @throws ServiceError for what an alias cannot serve, in AWS's words */
function refuseRouting(context: Context, fn: SandboxFunction, main: string, weights: SandboxAlias['weights']): void {
  const problem = routingProblem(fn, main, weights)
  switch (problem?.kind) {
    case 'missing':
      throw notFound(context, fn.name, problem.version)
    case 'failed':
      throw conflict(
        'The operation cannot be performed at this time. The function is currently in the following state: Failed',
      )
    case 'several':
      throw invalidValue('Number of items in AdditionalVersionWeights cannot be greater than 1')
    case 'twice':
      throw invalidValue(
        `Invalid function version ${main}. Function version ${main} is already included in routing configuration.`,
      )
    case 'latest':
      throw new ServiceError(
        'InvalidParameterValueException',
        '$LATEST is not supported for an alias pointing to more than 1 version',
      )
    case 'roles':
      throw invalidValue('Specified versions must be associated with the same execution role')
    case 'dead-letters':
      // nobody has recorded how AWS words it
      throw invalidValue('Specified versions must be associated with the same dead letter configuration')
  }
}

const notFound = (context: Context, name: string, version: string) =>
  lambdaError('ResourceNotFoundException', `Function not found: ${functionArn(context, name, version)}`)
