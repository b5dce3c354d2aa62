import {UserError} from '../../../errors.ts'
import {atATime} from '../../at-a-time.ts'
import type {FleetFunction} from '../../fleet/fleet-function.ts'
import {whyUnknown} from '../../fleet/why-unknown.ts'
import type {Gap} from '../../receipt.ts'
import {isVersion, type Qualified} from '../../targets/qualifiers.ts'
import {readAliases} from '../../targets/read-functions.ts'
import type {AliasRef, AliasState} from '../alias/alias-state.ts'
import {stateOf} from '../alias/read-alias-state.ts'

/** An alias as the listing of its function has it. */
export type ListedAlias = AliasRef & {readonly fn: FleetFunction; readonly state: AliasState}

export type ListedAliases = {
  readonly aliases: readonly ListedAlias[]
  /** how many functions have none */
  readonly without: number
  /** functions of which nobody would say */
  readonly gaps: readonly Gap[]
}

export type AliasesWanted = {
  readonly qualified: Qualified
  /** null: all */
  readonly alias: string | null
}

/** the rate budget decides how fast calls go out */
const mostAtATime = 24

const asked = {doing: 'list aliases', permission: 'lambda:ListAliases'}

/**
 * The aliases of functions, a call each.
 * On abort, those that were listed, with gaps of reason `interrupted`.
 * @throws UserError for an alias that is named and no function has
 */
export async function listAliases(
  functions: readonly FleetFunction[],
  {qualified, alias}: AliasesWanted,
  onListed: (done: number) => void,
  signal: AbortSignal,
): Promise<ListedAliases> {
  const found = new Map<FleetFunction, readonly ListedAlias[]>()
  const gaps: Gap[] = []
  const met = new Set<string>()
  let without = 0
  let done = 0
  await atATime(mostAtATime, functions, async fn => {
    const listed = await aliasesOf(fn)
    if (listed !== null) {
      for (const one of listed) met.add(one.alias)
      found.set(fn, listed.filter(wantedOf(fn)))
      if (listed.length === 0) without++
    }
    onListed(++done)
  })
  const aliases = functions.flatMap(fn => found.get(fn) ?? [])
  const isNamed = alias !== null || functions.some(({name}) => qualified.qualifiersOf(name).length > 0)
  if (isNamed && aliases.length === 0 && gaps.length === 0)
    throw new UserError('no function has an alias that is called so, or serves that version', {
      code: 'NoMatch',
      hint: met.size === 0 ? 'they have no aliases at all' : `they have ${[...met].slice(0, 5).join(', ')}`,
    })
  return {aliases, without, gaps}

  async function aliasesOf(fn: FleetFunction): Promise<readonly ListedAlias[] | null> {
    const {aws, name, arn, account, region} = fn
    const gap = {what: name, account, region, function: name}
    if (signal.aborted) {
      gaps.push({...gap, reason: 'interrupted'})
      return null
    }
    try {
      const configurations = await readAliases(aws, name, signal)
      return configurations.flatMap(configuration => {
        const state = stateOf(configuration)
        const {Name = ''} = configuration
        return state === null ? [] : {fn, functionName: name, functionArn: arn, alias: Name, state}
      })
    } catch (error) {
      const {unknown, detail} = whyUnknown(error, asked, signal)
      const reason = unknown === 'denied' || unknown === 'throttled' || unknown === 'interrupted' ? unknown : 'failed'
      // it was deleted since it was listed
      if (unknown !== 'missing') gaps.push({...gap, reason, detail})
      return null
    }
  }

  function wantedOf({name}: FleetFunction): (one: ListedAlias) => boolean {
    const named = qualified.qualifiersOf(name)
    if (named.length === 0) return one => alias === null || one.alias === alias
    return ({alias: own, state}) =>
      named.some(word =>
        isVersion(word) ? state.version === word || state.additional?.version === word : own === word,
      )
  }
}
