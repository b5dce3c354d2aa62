import type {AliasConfiguration, FunctionConfiguration} from '@aws-sdk/client-lambda'
import {ask, paged} from '../../aws/ask.ts'
import type {Aws} from '../../aws/connect.ts'
import {sdk} from '../../aws/sdk.ts'
import {readAliases} from '../../targets/read-functions.ts'
import type {FunctionRef, LogSource} from '../source.ts'

/** A version that was published, or code and configuration of `$LATEST` that were changed. */
type Deploy = {
  readonly version: string
  /** epoch ms */
  readonly at: number
  /** what whoever published it wrote of it */
  readonly description: string
}

export type ServedAlias = {
  readonly name: string
  readonly version: string
  /** further versions and their share of the traffic, 0–1 */
  readonly weights: Readonly<Record<string, number>>
}

/** What was deployed of a function lately, and what its aliases serve now. */
export type Releases = {
  readonly function: FunctionRef
  readonly region: string
  readonly deploys: readonly Deploy[]
  readonly aliases: readonly ServedAlias[]
}

/** more functions than this are not asked about: it takes two calls each */
const mostFunctionsAsked = 40

/** The functions that logs are read of, each with its connection; none where they are too many to ask about. */
export function functionsOf(sources: readonly LogSource[]): readonly {readonly aws: Aws; readonly ref: FunctionRef}[] {
  const all = sources.flatMap(({aws, functions, only}) =>
    functions.filter(({name}) => only === null || only.some(one => one.function === name)).map(ref => ({aws, ref})),
  )
  return all.length > mostFunctionsAsked ? [] : all
}

/**
 * Asks what of a function was deployed in a window, and what its aliases serve. Never fails: markers are a help, and who may
 * not ask does without (lambda:ListVersionsByFunction, lambda:ListAliases).
 * @param start epoch ms
 */
export async function readReleases(
  aws: Aws,
  ref: FunctionRef,
  start: number,
  signal: AbortSignal,
): Promise<Releases | null> {
  try {
    const [versions, aliases] = await Promise.all([versionsOf(aws, ref, signal), readAliases(aws, ref.name, signal)])
    const deploys = versions.flatMap(({Version, LastModified, Description}) => {
      const at = Date.parse(LastModified ?? '')
      return at >= start ? [{version: Version ?? '$LATEST', at, description: Description ?? ''}] : []
    })
    // publishing a version also touches $LATEST
    const published = deploys.filter(({version}) => version !== '$LATEST')
    const isPublishing = ({at}: Deploy): boolean => published.some(other => Math.abs(other.at - at) < publishingMs)
    return {
      function: ref,
      region: aws.scope.region,
      deploys: deploys.filter(deploy => deploy.version !== '$LATEST' || !isPublishing(deploy)),
      aliases: aliases.map(served),
    }
  } catch {
    return null
  }
}

const publishingMs = 120_000

const served = ({Name = '', FunctionVersion = '$LATEST', RoutingConfig}: AliasConfiguration): ServedAlias => ({
  name: Name,
  version: FunctionVersion,
  weights: RoutingConfig?.AdditionalVersionWeights ?? {},
})

async function versionsOf(aws: Aws, {name}: FunctionRef, signal: AbortSignal): Promise<FunctionConfiguration[]> {
  const client = await aws.lambda()
  const {ListVersionsByFunctionCommand} = sdk.lambda()
  const found: FunctionConfiguration[] = []
  const pages = paged(async Marker => {
    const command = new ListVersionsByFunctionCommand({FunctionName: name, Marker})
    const page = await ask(aws, 'ListVersionsByFunction', options => client.send(command, options), signal)
    return {items: page.Versions, next: page.NextMarker}
  })
  for await (const page of pages) found.push(...page)
  return found
}
