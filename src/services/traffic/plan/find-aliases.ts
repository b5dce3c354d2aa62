import type {AliasConfiguration, FunctionConfiguration} from '@aws-sdk/client-lambda'
import {ExitCode, UserError, usageError} from '../../../errors.ts'
import type {Aws} from '../../aws/connect.ts'
import type {Gap} from '../../receipt.ts'
import {parseSelection, type SelectionWords} from '../../targets/parse-target.ts'
import {accountOf} from '../../targets/place.ts'
import {type Qualified, withoutQualifiers} from '../../targets/qualifiers.ts'
import {readAliases} from '../../targets/read-functions.ts'
import {explained} from '../../targets/refusal.ts'
import {resolveFunctions} from '../../targets/resolve-functions.ts'
import type {SelectedFunction} from '../../targets/select-functions.ts'
import type {AliasRef, AliasState} from '../alias/alias-state.ts'
import {readAliasState, stateOf} from '../alias/read-alias-state.ts'
import {
  type Outcome,
  refuseSeveral,
  refuseUnknownAlias,
  refuseUnnamed,
  refuseVersions,
  refuseWithout,
} from './alias-refusals.ts'

export type FoundAlias = AliasRef & {
  readonly state: AliasState
  /** of `$LATEST`, as the listing has it */
  readonly configuration: FunctionConfiguration
}

export type FoundAliases = {
  readonly aliases: readonly FoundAlias[]
  /** functions without any alias, or without the one that was named, where that is no error */
  readonly without: readonly string[]
  readonly notices: readonly string[]
  /** functions of which AWS would not tell the aliases; never all of them */
  readonly gaps: readonly Gap[]
}

type FindOptions = {
  readonly which: 'one' | 'all'
  /** of `--alias`, or the configured one; that of a target goes before it */
  readonly alias: string | null
}

/**
 * The aliases that a command line is about.
 * @param one the alias of each function: that of `fn:NAME`, else `alias`, else the only one. @throws UserError (exit 2) where no
 *   function is named, for several aliases and none named, with the list, and for a member without the alias
 * @param all every alias of each function, or that which is named
 * @throws UserError also for `fn:42`, which is a version (exit 2), as resolveFunctions does, and where AWS tells of no function
 */
export async function findAliases(
  aws: Aws,
  words: SelectionWords,
  {which, alias}: FindOptions,
  signal: AbortSignal,
): Promise<FoundAliases> {
  const asked = parseSelection(words)
  if (which === 'one') refuseUnnamed(asked)
  refuseVersions(asked)
  const qualified = withoutQualifiers(asked)
  const {functions, notices, skipped} = await resolveFunctions(aws, qualified.selection, signal)
  const outcomes = await Promise.all(
    functions.map(found =>
      outcomeOf(aws, found, {which, wanted: wantedOf(found.name, qualified, alias, which)}, signal),
    ),
  )
  signal.throwIfAborted()
  const refused = outcomes.filter(outcome => outcome.kind === 'refused')
  const [firstRefused] = refused
  if (firstRefused !== undefined && refused.length === outcomes.length) throw firstRefused.error
  const without = outcomes.filter(outcome => outcome.kind === 'without')
  if (which === 'one') {
    refuseSeveral(outcomes.filter(outcome => outcome.kind === 'several'))
    refuseWithout(without)
  } else refuseUnknownAlias(qualified, outcomes)

  const account = accountOf(functions[0]?.arn ?? '') ?? aws.scope.account
  const place = {account, region: aws.scope.region}
  return {
    aliases: outcomes.flatMap(outcome => (outcome.kind === 'found' ? outcome.aliases : [])),
    without: without.map(({name}) => name),
    notices,
    gaps: [...skipped, ...refused.map(refusedGap)].map(gap => ({...gap, ...place, function: gap.what})),
  }
}

const refusedGap = ({name, error}: {readonly name: string; readonly error: UserError}) => ({
  what: name,
  reason: error.exitCode === ExitCode.refused ? ('denied' as const) : ('failed' as const),
  detail: error.hint ?? error.message,
})

/** The names of aliases that are asked for of a function; none: whichever it has. */
function wantedOf(
  name: string,
  {qualifiersOf}: Qualified,
  alias: string | null,
  which: FindOptions['which'],
): readonly string[] {
  const named = qualifiersOf(name)
  if (which === 'one' && named.length > 1)
    throw usageError(
      `${name} is named by ${named.length} aliases: ${named.join(', ')}`,
      'one alias of a function is moved at a time: name one of them',
    )
  if (named.length > 0) return named
  return alias === null ? [] : [alias]
}

async function outcomeOf(
  aws: Aws,
  found: SelectedFunction,
  {which, wanted}: {readonly which: FindOptions['which']; readonly wanted: readonly string[]},
  signal: AbortSignal,
): Promise<Outcome<FoundAlias>> {
  const {name} = found
  try {
    const named = await Promise.all(
      wanted.map(async alias => {
        const ref = refOf(found, alias)
        const state = await readAliasState(aws, ref, signal)
        return state && {...ref, state, configuration: found.configuration}
      }),
    )
    const there = named.filter(alias => alias !== null)
    if (there.length > 0) return {kind: 'found', aliases: there}
    if (wanted.length > 0)
      return {kind: 'without', name, wanted: wanted.join(', '), has: await namesOrNull(aws, name, signal)}
    const listed = await readAliases(aws, name, signal)
    const has = listed.map(({Name = ''}) => Name)
    if (listed.length === 0) return {kind: 'without', name, wanted: null, has}
    if (which === 'one' && listed.length > 1) return {kind: 'several', name, has}
    const aliases = await Promise.all(listed.map(alias => foundAlias(aws, found, alias, signal)))
    return {kind: 'found', aliases: aliases.filter(alias => alias !== null)}
  } catch (error) {
    signal.throwIfAborted()
    const told = explained(error, {
      doing: `look at the aliases of ${name}`,
      permission: 'lambda:ListAliases',
      instead: `name the alias, as ${name}:live`,
    })
    if (!(told instanceof UserError)) throw told
    return {kind: 'refused', name, error: told}
  }
}

/** Those that a function has, for a hint. */
async function namesOrNull(aws: Aws, name: string, signal: AbortSignal): Promise<readonly string[] | null> {
  try {
    return (await readAliases(aws, name, signal)).map(({Name = ''}) => Name)
  } catch {
    signal.throwIfAborted()
    return null
  }
}

/** What a listing says of an alias; one that it says no revision of is looked up by itself. */
async function foundAlias(
  aws: Aws,
  found: SelectedFunction,
  listed: AliasConfiguration,
  signal: AbortSignal,
): Promise<FoundAlias | null> {
  const alias = listed.Name ?? ''
  const ref = refOf(found, alias)
  const state = stateOf(listed) ?? (await readAliasState(aws, ref, signal))
  return state && {...ref, state, configuration: found.configuration}
}

const refOf = ({name, arn}: SelectedFunction, alias: string): AliasRef => ({
  functionName: name,
  functionArn: arn,
  alias,
})
