import {UserError, usageError} from '../../../errors.ts'
import {isPointed, type Selection} from '../../targets/parse-target.ts'
import {isVersion, type Qualified} from '../../targets/qualifiers.ts'
import type {AliasRef} from '../alias/alias-state.ts'

/** What was found of one function. */
export type Outcome<Found> =
  | {readonly kind: 'found'; readonly aliases: readonly Found[]}
  | {
      readonly kind: 'without'
      readonly name: string
      readonly wanted: string | null
      /** null where AWS would not say */
      readonly has: readonly string[] | null
    }
  | {readonly kind: 'several'; readonly name: string; readonly has: readonly string[]}
  | {readonly kind: 'refused'; readonly name: string; readonly error: UserError}

type Several = Extract<Outcome<never>, {kind: 'several'}>
type Without = Extract<Outcome<never>, {kind: 'without'}>

/** Every function of a region is nobody's intention; what only takes out leaves all others. */
export function refuseUnnamed(selection: Selection): void {
  const isOnlyTakenOut =
    selection.stack === null && selection.tags.length === 0 && selection.targets.every(({not}) => not)
  if (!isPointed(selection) || isOnlyTakenOut)
    throw usageError('aliases are only moved of functions that are named', 'name one, as checkout-api:live')
}

export function refuseVersions({targets}: Selection): void {
  for (const target of targets) {
    if (target.kind !== 'function' || target.qualifier === null || !isVersion(target.qualifier)) continue
    const {name, qualifier} = target
    throw usageError(
      `'${target.text}' is a version, which always serves itself`,
      `name an alias, as ${name.text}:live${qualifier === '$LATEST' ? '' : `; with shift, ${qualifier} goes to --to ${qualifier}`}`,
    )
  }
}

const shownAtMost = 5

/** The first few of a list, and how many more there are. */
function firstFew(all: readonly string[], between: string): string {
  const rest = all.length - shownAtMost
  return [...all.slice(0, shownAtMost), ...(rest > 0 ? [`${rest} more`] : [])].join(between)
}

export function refuseSeveral(several: readonly Several[]): void {
  const [first, ...others] = several
  if (first === undefined) return
  if (others.length === 0)
    throw usageError(
      `${first.name} has several aliases, and none was named`,
      `name one: ${first.has.map(alias => `${first.name}:${alias}`).join(', ')}`,
    )
  throw usageError(
    `${several.length} functions have several aliases, and none was named`,
    `name one with --alias: ${firstFew(
      several.map(({name, has}) => `${name} has ${has.join(' and ')}`),
      '; ',
    )}`,
  )
}

export function refuseWithout(without: readonly Without[]): void {
  const [first, ...others] = without
  if (first === undefined) return
  const lacks = ({name, wanted}: typeof first): string => `${name} has no alias${wanted === null ? '' : ` ${wanted}`}`
  if (others.length === 0)
    throw usageError(
      lacks(first),
      first.has?.length === 0
        ? `it has none at all: aws lambda create-alias --function-name ${first.name} --name ${first.wanted ?? 'live'} --function-version N makes one`
        : hasHint(first.has),
    )
  throw usageError(
    `${without.length} functions have no such alias: ${firstFew(without.map(lacks), '; ')}`,
    'all of them move together or none does: name others, or take these out with !NAME',
  )
}

function hasHint(has: readonly string[] | null): string {
  if (has === null) return 'which it has is not known: that needs lambda:ListAliases'
  return has.length > 0 ? `it has ${firstFew(has, ', ')}` : 'it has no alias at all'
}

/** An alias that a target names and no function has is a target that matches nothing. */
export function refuseUnknownAlias({selection, qualifiersOf}: Qualified, outcomes: readonly Outcome<AliasRef>[]): void {
  const found = new Set(
    outcomes.flatMap(outcome => (outcome.kind === 'found' ? outcome.aliases.map(({alias}) => alias) : [])),
  )
  for (const outcome of outcomes) {
    if (outcome.kind !== 'without') continue
    const {name, has} = outcome
    const isTyped = selection.targets.some(
      target => target.kind === 'function' && target.name.exact && target.name.text === name,
    )
    const missing = qualifiersOf(name).find(alias => isTyped || !found.has(alias))
    if (missing === undefined) continue
    throw new UserError(`${name} has no alias ${missing}`, {
      code: 'NoMatch',
      hint: hasHint(has),
    })
  }
}
