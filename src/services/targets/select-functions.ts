import type {FunctionConfiguration} from '@aws-sdk/client-lambda'
import {ExitCode, UserError} from '../../errors.ts'
import type {Aws} from '../aws/connect.ts'
import {isDenied} from '../aws/failures.ts'
import type {FunctionRef} from '../logs/source.ts'
import {type Claim, claimOf, finiteNames, unmatched} from './claim.ts'
import type {Target} from './parse-target.ts'
import {accountOf, checkAccount} from './place.ts'
import {functionPages, readAlias, readConfiguration} from './read-functions.ts'
import {explained} from './refusal.ts'
import {isEligible, type Selectors} from './selectors.ts'

/** A function, or one version of it where a version or alias was asked for. */
export type SelectedFunction = FunctionRef & {
  /** null: every version */
  readonly version: string | null
  /** the alias it was asked for by, and the share of the alias's traffic that this version serves, 0–1 */
  readonly alias: {readonly name: string; readonly share: number} | null
  /** what LoggingConfig says; /aws/lambda/<name> only where the answer has no LoggingConfig */
  readonly logGroup: string
  readonly logFormat: 'Text' | 'JSON'
  /** as AWS gave it, of that version; a listing leaves out State and LastUpdateStatus */
  readonly configuration: FunctionConfiguration
}

/** A function that was met, and whether it was asked for, taken out by `!`, or is only there. */
export type MetFunction = SelectedFunction & {readonly fate: 'asked' | 'taken-out' | 'other'}

/** What could not be had, and what is worth saying; filled while functions are met. */
export type Findings = {
  readonly notices: string[]
  readonly skipped: {readonly what: string; readonly reason: 'denied' | 'failed'; readonly detail: string}[]
  /** the errors behind what was skipped, for a caller that is left with nothing */
  readonly refusals: unknown[]
}

/** How the functions of a region are listed, page by page. */
export type Listing = (aws: Aws, signal: AbortSignal | undefined) => AsyncIterable<readonly FunctionConfiguration[]>

/** More names than this are found sooner in the listing: it brings 50 a call, and both share one quota. */
const byNameLimit = 100

/**
 * Meets the functions that targets and selectors are about: by name where they can only be few, else all of the region,
 * page by page, so that a caller holds no more than it keeps.
 * @param targets none that selects: every function that the selectors leave
 * @param listing where they have to be listed; what it throws ends this
 * @throws UserError when a target matches nothing (with the nearest names) or AWS refuses
 */
export async function* selectFunctions(
  aws: Aws,
  targets: readonly Target[],
  selectors: Selectors,
  findings: Findings,
  signal: AbortSignal | undefined,
  listing: Listing = functionPages,
): AsyncGenerator<MetFunction> {
  const claims = await Promise.all(targets.map(target => claimOf(aws, target, selectors.stack, signal)))
  const asking = claims.filter(({target}) => !target.not)
  const takingOut = claims.filter(({target}) => target.not)

  const judge = async (configuration: FunctionConfiguration): Promise<MetFunction[]> => {
    const whole = selected(configuration, null, null)
    const isClaimedBy = (claim: Claim): boolean => claim.matches(whole.name, whole.logGroup)
    if (!isEligible(selectors, whole.name)) return [{...whole, fate: 'other'}]
    const claimed = asking.filter(isClaimedBy)
    for (const claim of claimed) note(claim, whole)
    if (asking.length > 0 && claimed.length === 0) return [{...whole, fate: 'other'}]
    const isTakenOut = takingOut.some(isClaimedBy)
    const isWhole = claimed.length === 0 || claimed.some(({target}) => qualifierOf(target) === null)
    if (!isTakenOut && !isWhole)
      return [{...whole, fate: 'other'}, ...(await versionsOf(aws, whole, claimed, findings, signal))]
    // whether it has the versions that others of its targets name makes no difference then
    for (const claim of claimed) claim.hits++
    return [{...whole, fate: isTakenOut ? 'taken-out' : 'asked'}]
  }

  const names = finiteNames(asking, selectors)
  const pages = names ? namedFunctions(aws, names, asking, findings, listing, signal) : listing(aws, signal)
  for await (const page of pages) yield* (await Promise.all(page.map(judge))).flat()

  const missed = asking.find(({hits}) => hits === 0)
  if (missed) throw await unmatched(aws, missed, selectors, signal)
}

const qualifierOf = (target: Target): string | null => (target.kind === 'function' ? target.qualifier : null)

function note(claim: Claim, {name, arn}: FunctionRef): void {
  if (claim.target.kind === 'function') checkAccount(claim.target, accountOf(arn))
  claim.firstMatch ??= name
}

/** The versions of one function that its claims' qualifiers stand for; each once. */
async function versionsOf(
  aws: Aws,
  whole: SelectedFunction,
  claimed: readonly Claim[],
  findings: Findings,
  signal: AbortSignal | undefined,
): Promise<MetFunction[]> {
  const versions = new Map<string, MetFunction>()
  for (const claim of claimed) {
    const qualifier = qualifierOf(claim.target)
    if (qualifier === null) continue
    try {
      for (const served of await servedBy(aws, whole, qualifier, signal)) {
        claim.hits++
        if (!versions.has(served.version ?? '')) versions.set(served.version ?? '', {...served, fate: 'asked'})
      }
    } catch (error) {
      const permission = 'lambda:GetAlias and lambda:GetFunctionConfiguration'
      refused(error, findings, `${whole.name}:${qualifier}`, {permission, instead: `leave :${qualifier} away`})
      claim.hits++
    }
  }
  return [...versions.values()]
}

/** What an alias or a version stands for: none where it does not exist. A version keeps the LoggingConfig it was published with. */
async function servedBy(
  aws: Aws,
  whole: SelectedFunction,
  qualifier: string,
  signal: AbortSignal | undefined,
): Promise<SelectedFunction[]> {
  const isVersion = /^(\$LATEST|\d+)$/.test(qualifier)
  const served = isVersion
    ? [{version: qualifier, share: 1}]
    : ((await readAlias(aws, whole.name, qualifier, signal)) ?? [])
  const found = await Promise.all(
    served.map(async ({version, share}) => {
      const configuration =
        version === '$LATEST' ? whole.configuration : await readConfiguration(aws, whole.name, version, signal)
      return configuration ? selected(configuration, version, isVersion ? null : {name: qualifier, share}) : []
    }),
  )
  return found.flat()
}

/** Functions by their names, all at once; too many go through the listing where that is allowed. */
async function* namedFunctions(
  aws: Aws,
  names: ReadonlySet<string>,
  asking: readonly Claim[],
  findings: Findings,
  listing: Listing,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly FunctionConfiguration[]> {
  if (names.size > byNameLimit) {
    try {
      yield* listing(aws, signal)
      return
    } catch (error) {
      if (!(error instanceof UserError) || error.exitCode !== ExitCode.refused) throw error
    }
  }
  const isTyped = (name: string): boolean =>
    asking.some(({target}) => target.kind === 'function' && target.name.exact && target.name.text === name)
  const found = await Promise.all(
    [...names].map(async name => {
      try {
        const configuration = await readConfiguration(aws, name, null, signal)
        // what the user typed is an error when it is not there; a stack or tag may name what was deleted since
        if (!configuration && !isTyped(name)) findings.notices.push(`function ${name} does not exist any more`)
        return configuration ?? []
      } catch (error) {
        const instead = `give the log group itself, by default /aws/lambda/${name}`
        refused(error, findings, name, {permission: 'lambda:GetFunctionConfiguration', instead})
        for (const claim of asking) if (claim.matches(name, '')) claim.hits++
        return []
      }
    }),
  )
  yield found.flat()
}

/**
 * Takes note of a refusal, which others of the functions need not share.
 * @throws everything else, explained
 */
function refused(
  error: unknown,
  {skipped, refusals}: Findings,
  what: string,
  {permission, instead}: {permission: string; instead: string},
): void {
  const told = explained(error, {doing: `look up function ${what}`, permission, instead})
  if (!isDenied(error)) throw told
  refusals.push(told)
  skipped.push({what, reason: 'denied', detail: `${permission} is not allowed`})
}

function selected(
  configuration: FunctionConfiguration,
  version: string | null,
  alias: SelectedFunction['alias'],
): SelectedFunction {
  const name = configuration.FunctionName ?? ''
  return {
    name,
    // of a version, AWS gives the qualified ARN
    arn: (configuration.FunctionArn ?? '').split(':').slice(0, 7).join(':'),
    version,
    alias,
    logGroup: configuration.LoggingConfig?.LogGroup || `/aws/lambda/${name}`,
    logFormat: configuration.LoggingConfig?.LogFormat === 'JSON' ? 'JSON' : 'Text',
    configuration,
  }
}
