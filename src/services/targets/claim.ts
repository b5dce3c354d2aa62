import {UserError} from '../../errors.ts'
import type {Aws} from '../aws/connect.ts'
import {functionsOfAlarm, functionsOfEventSource} from './attached-functions.ts'
import {firstNames, listedHint, nearestHint} from './nearest-names.ts'
import type {FunctionTarget, Target} from './parse-target.ts'
import {checkRegion} from './place.ts'
import {functionPages, readQualifiers} from './read-functions.ts'
import {eligibleNames, isEligible, type Selectors, selectorText} from './selectors.ts'
import type {StackMembers} from './stack-members.ts'

/** What one target says of functions, and what came of it. */
export type Claim = {
  readonly target: Target
  /** the only names it can match; null where that is not known beforehand */
  readonly names: ReadonlySet<string> | null
  matches(name: string, logGroup: string): boolean
  /** the first function whose name matched, its qualifier or not */
  firstMatch: string | null
  /** functions and versions it selected */
  hits: number
}

/**
 * Finds out what a target says of functions; a queue, stream, table or alarm is looked up for that.
 * With a stack, logical ids count as names. A log group stands for the functions that log to it.
 * @throws UserError where such a thing leads to no function, unless it only takes out
 */
export async function claimOf(
  aws: Aws,
  target: Target,
  stack: StackMembers | null,
  signal: AbortSignal | undefined,
): Promise<Claim> {
  checkRegion(target, aws.scope.region)
  const outcome = {target, firstMatch: null, hits: 0}
  if (target.kind === 'log-group')
    return {...outcome, names: null, matches: (_, logGroup) => target.name.matches(logGroup)}

  const names = target.kind === 'function' ? namesOf(target, stack) : await attached(aws, target, signal)
  if (names) return {...outcome, names, matches: name => names.has(name)}
  return {...outcome, names, matches: name => target.kind === 'function' && target.name.matches(name)}
}

function namesOf({name}: FunctionTarget, stack: StackMembers | null): ReadonlySet<string> | null {
  if (!stack) return name.exact ? new Set([name.text]) : null
  const members = [...stack.functions].filter(
    ([physicalName, logicalIds]) => name.matches(physicalName) || logicalIds.some(id => name.matches(id)),
  )
  return new Set(members.map(([physicalName]) => physicalName))
}

async function attached(
  aws: Aws,
  target: Exclude<Target, {kind: 'function' | 'log-group'}>,
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<string>> {
  try {
    return await (target.kind === 'alarm'
      ? functionsOfAlarm(aws, target, signal)
      : functionsOfEventSource(aws, target, signal))
  } catch (error) {
    if (target.not && error instanceof UserError && error.code === 'NoMatch') return new Set()
    throw error
  }
}

/** The functions that can match, where that is known without a listing; null: any function of the region. */
export function finiteNames(claims: readonly Claim[], selectors: Selectors): ReadonlySet<string> | null {
  const eligible = eligibleNames(selectors)
  if (eligible)
    return new Set(
      claims.length === 0
        ? eligible
        : eligible.filter(name => claims.some(claim => claim.target.kind === 'log-group' || claim.matches(name, ''))),
    )
  if (claims.length === 0) return null
  const names = new Set<string>()
  for (const claim of claims) {
    if (!claim.names) return null
    for (const name of claim.names) names.add(name)
  }
  return names
}

/** As many names as a hint is worth waiting for: 40 calls, under three seconds at AWS's quota. */
const namesForHint = 2_000

/** The error for a target that selected nothing, with what is nearest to it. */
export async function unmatched(
  aws: Aws,
  {target, firstMatch}: Claim,
  selectors: Selectors,
  signal: AbortSignal | undefined,
): Promise<UserError> {
  const noMatch = (message: string, hint: string): UserError => new UserError(message, {code: 'NoMatch', hint})

  if (firstMatch !== null && target.kind === 'function') {
    const message = target.name.exact
      ? `function ${firstMatch} has no alias or version ${target.qualifier}`
      : `no function that matches ${target.name.text} has an alias or version ${target.qualifier}`
    const qualifiers = await readQualifiers(aws, firstMatch, signal)
    return noMatch(
      message,
      nearestHint(target.qualifier ?? '', qualifiers) ??
        listedHint(qualifiers.slice(0, 5), `first aliases and versions of ${firstMatch}`) ??
        `leave :${target.qualifier} away`,
    )
  }
  const scope = selectorText(selectors)
  const wanted = target.kind === 'function' || target.kind === 'log-group' ? target.name.text : target.text
  const names = scope ? namesAmong(selectors) : await firstNames(functionNames(aws, signal), namesForHint, signal)
  return noMatch(
    scope ? `nothing in ${scope} matches ${target.text}` : `no function matches ${target.text}`,
    partHint(target, names) ??
      nearestHint(wanted, names) ??
      listedHint(names, scope ? `names in ${scope}` : `functions in ${aws.scope.region}`) ??
      (scope
        ? 'it holds no functions'
        : `${aws.scope.region} has no functions that could be listed: check --region and --profile`),
  )
}

/** How to take the several functions whose names hold the word; null for other words. */
function partHint(target: Target, names: readonly string[]): string | null {
  if (target.kind !== 'function' || !target.name.exact || target.place) return null
  const {text} = target.name
  const holders = names.filter(name => name.includes(text))
  if (holders.length < 2) return null
  const qualifier = target.qualifier === null ? '' : `:${target.qualifier}`
  return `${nearestHint(text, holders)}; for a part of the name: '*${text}*${qualifier}'`
}

function namesAmong(selectors: Selectors): string[] {
  const logicalIds = [...(selectors.stack?.functions ?? [])].flatMap(([name, ids]) =>
    isEligible(selectors, name) ? ids : [],
  )
  return [...(eligibleNames(selectors) ?? []), ...logicalIds]
}

async function* functionNames(aws: Aws, signal: AbortSignal | undefined): AsyncGenerator<readonly string[]> {
  for await (const page of functionPages(aws, signal)) yield page.flatMap(({FunctionName}) => FunctionName ?? [])
}
