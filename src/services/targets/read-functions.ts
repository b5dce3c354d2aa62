import type {AliasConfiguration, FunctionConfiguration} from '@aws-sdk/client-lambda'
import {ask, paged} from '../aws/ask.ts'
import type {Aws} from '../aws/connect.ts'
import {isMissing} from '../aws/failures.ts'
import {sdk} from '../aws/sdk.ts'
import {explained} from './refusal.ts'

/** A version that an alias serves, and its share of the alias's traffic, 0–1. */
type ServedVersion = {readonly version: string; readonly share: number}

/** A page of a listing, and the Marker of the one after it; null for the last. */
export type ListedPage = {readonly functions: readonly FunctionConfiguration[]; readonly next: string | null}

/**
 * Every function of the region, as AWS pages them: 50 at a time, one page after the other.
 * ListFunctions leaves out State, StateReason and LastUpdateStatus.
 * @throws UserError; exit 4 where lambda:ListFunctions is not allowed
 */
export async function* functionPages(
  aws: Aws,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly FunctionConfiguration[]> {
  for await (const {functions} of listedPages(aws, null, signal)) yield functions
}

/**
 * The same, with the Marker that each page brings.
 * @param from the Marker of the page to begin with; null: the first
 * @throws UserError as functionPages does; one of code InvalidParameterValueException where AWS does not know the Marker
 */
export async function* listedPages(
  aws: Aws,
  from: string | null,
  signal: AbortSignal | undefined,
): AsyncGenerator<ListedPage> {
  const client = await aws.lambda()
  const {ListFunctionsCommand} = sdk.lambda()
  try {
    const pages = paged(async Marker => {
      const command = new ListFunctionsCommand({Marker})
      const {Functions, NextMarker} = await ask(aws, 'ListFunctions', options => client.send(command, options), signal)
      return {items: [{functions: Functions ?? [], next: NextMarker || null}], next: NextMarker}
    }, from ?? undefined)
    for await (const page of pages) yield* page
  } catch (error) {
    throw explained(error, {
      doing: 'list functions',
      permission: 'lambda:ListFunctions',
      instead: 'name functions exactly (checkout-api) or give log groups (/aws/lambda/checkout-api)',
    })
  }
}

/**
 * One function's configuration, or that of one of its versions; null when it does not exist.
 * @throws what AWS said, untranslated
 */
export async function readConfiguration(
  aws: Aws,
  name: string,
  version: string | null,
  signal: AbortSignal | undefined,
): Promise<FunctionConfiguration | null> {
  const client = await aws.lambda()
  const {GetFunctionConfigurationCommand} = sdk.lambda()
  const command = new GetFunctionConfigurationCommand({FunctionName: name, ...(version && {Qualifier: version})})
  return orNull(ask(aws, 'GetFunctionConfiguration', options => client.send(command, options), signal))
}

/**
 * The versions an alias serves now, its main version first; null when there is no such alias.
 * @throws what AWS said, untranslated
 */
export async function readAlias(
  aws: Aws,
  name: string,
  alias: string,
  signal: AbortSignal | undefined,
): Promise<readonly ServedVersion[] | null> {
  const client = await aws.lambda()
  const {GetAliasCommand} = sdk.lambda()
  const command = new GetAliasCommand({FunctionName: name, Name: alias})
  const answer = await orNull(ask(aws, 'GetAlias', options => client.send(command, options), signal))
  return answer && servedBy(answer)
}

/** The versions that an alias serves, its main version first. */
export function servedBy({FunctionVersion = '$LATEST', RoutingConfig}: AliasConfiguration): readonly ServedVersion[] {
  const weights = Object.entries(RoutingConfig?.AdditionalVersionWeights ?? {})
  const others = weights.map(([version, share]) => ({version, share}))
  const share = 1 - others.reduce((sum, other) => sum + other.share, 0)
  return [{version: FunctionVersion, share}, ...others].filter(served => served.share > 0)
}

/**
 * All aliases of a function.
 * @throws what AWS said, untranslated
 */
export async function readAliases(
  aws: Aws,
  name: string,
  signal: AbortSignal | undefined,
): Promise<readonly AliasConfiguration[]> {
  const client = await aws.lambda()
  const {ListAliasesCommand} = sdk.lambda()
  const pages = paged(async Marker => {
    const command = new ListAliasesCommand({FunctionName: name, Marker})
    const {Aliases, NextMarker} = await ask(aws, 'ListAliases', options => client.send(command, options), signal)
    return {items: Aliases, next: NextMarker}
  })
  return (await Array.fromAsync(pages)).flat()
}

/** Names a function's aliases and newest versions, for an error's hint: empty where AWS would not say. */
export async function readQualifiers(aws: Aws, name: string, signal: AbortSignal | undefined): Promise<string[]> {
  const [client, {ListAliasesCommand, ListVersionsByFunctionCommand}] = await Promise.all([aws.lambda(), sdk.lambda()])
  const ofFunction = {FunctionName: name}
  const [aliases, versions] = await Promise.allSettled([
    ask(aws, 'ListAliases', options => client.send(new ListAliasesCommand(ofFunction), options), signal),
    ask(
      aws,
      'ListVersionsByFunction',
      options => client.send(new ListVersionsByFunctionCommand(ofFunction), options),
      signal,
    ),
  ])
  signal?.throwIfAborted()
  const names = aliases.status === 'fulfilled' ? (aliases.value.Aliases ?? []).map(({Name}) => Name) : []
  const numbers = versions.status === 'fulfilled' ? (versions.value.Versions ?? []).map(({Version}) => Version) : []
  return [...names, ...numbers.reverse()].filter(qualifier => qualifier !== undefined)
}

async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}
