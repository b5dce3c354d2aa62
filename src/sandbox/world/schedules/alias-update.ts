// UpdateAlias as a schedule calls it.
import type {AliasChange} from '../../changes.ts'
import {isMapOf, isNumber, isRecord, isText} from '../../checks.ts'
import {routingProblem} from '../alias-routing.ts'
import type {SandboxFunction} from '../sandbox-function.ts'

/** Scheduler's target for a call of UpdateAlias. */
export const updateAliasArn = 'arn:aws:scheduler:::aws-sdk:lambda:updateAlias'

export type AliasUpdate = Pick<AliasChange, 'functionName' | 'alias' | 'version' | 'weights' | 'description'>

/**
 * What an alias is to be, by the input of a call; null where Lambda would refuse it, as for a RevisionId that is not the
 * latest: a schedule has nobody to tell.
 * @param find a function by name
 */
export function aliasUpdateIn(
  input: string | null,
  find: (functionName: string) => SandboxFunction | undefined,
): AliasUpdate | null {
  const call = parsed(input)
  const {FunctionName, Name, FunctionVersion, RoutingConfig, Description, RevisionId} = call
  if (!isText(FunctionName) || !isText(Name)) return null
  const fn = find(nameIn(String(FunctionName)))
  const alias = fn?.aliases.find(({name}) => name === Name)
  if (!fn || !alias || (RevisionId !== undefined && RevisionId !== alias.revisionId)) return null
  const version = FunctionVersion ?? alias.version
  const weights = RoutingConfig === undefined ? alias.weights : weightsIn(RoutingConfig)
  const description = Description ?? alias.description
  if (typeof version !== 'string' || typeof description !== 'string' || weights === null) return null
  if ('$LATEST' in weights || routingProblem(fn, version, weights) !== null) return null
  return {functionName: fn.name, alias: alias.name, version, weights, description}
}

function parsed(input: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(input ?? '')
    return isRecord(value) ? value : {}
  } catch {
    return {}
  }
}

/** A name, or the one in an ARN. */
const nameIn = (functionName: string): string => /(?:^|:)function:([^:]+)/.exec(functionName)?.[1] ?? functionName

const isWeights = isMapOf(value => isNumber(value) && Number(value) >= 0 && Number(value) <= 1)

function weightsIn(routing: unknown): Readonly<Record<string, number>> | null {
  if (!isRecord(routing)) return null
  const weights = routing['AdditionalVersionWeights'] ?? {}
  return isWeights(weights) ? (weights as Readonly<Record<string, number>>) : null
}
