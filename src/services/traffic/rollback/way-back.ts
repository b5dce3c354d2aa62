import type {AliasState} from '../alias/alias-state.ts'

/** Somebody's word that an alias is being moved, as a lease or a journal has it. */
export type MoveClaim = {
  readonly from: string
  readonly to: string
  readonly detail: string
  /** the run has ended by its journal */
  readonly isOver: boolean
}

export type WayBack = {
  /** what is left */
  readonly from: string
  readonly to: string
  readonly source: 'shift-under-way' | 'journal' | 'alias'
  readonly detail: string
}

/** Whether provisioned concurrency of the alias is being allocated; null where nobody would say. */
export type IsAllocating = () => Promise<boolean | null>

/** Nobody can tell whether Lambda moves the alias, or somebody has given all traffic to the additional version. */
export type Ambiguous = {readonly ambiguous: string}

/**
 * Where an alias goes back to that is being moved; null where it is not. Its main version, as a rule: the one that comes in is the
 * additional one. But Lambda itself shows `{new, {old: 1}}` while it allocates provisioned concurrency for an alias that was given to
 * `new`: then it is `old`.
 * @param lease of its description, over or not
 * @param claims of journals, newest first
 */
export async function wayBack(
  state: AliasState,
  lease: MoveClaim | null,
  claims: readonly MoveClaim[],
  isAllocating: IsAllocating,
): Promise<WayBack | Ambiguous | null> {
  const {version, additional} = state
  if (additional === null || additional.weight === 0) {
    // a stage of weight 0, or a shift that was killed before its first one: its description says so
    if (lease === null || (version !== lease.from && version !== lease.to)) return null
    return {from: lease.to, to: lease.from, detail: lease.detail, source: sourceOf(lease)}
  }
  const isOfBoth = ({from, to}: MoveClaim): boolean =>
    (from === version && to === additional.version) || (to === version && from === additional.version)
  const claim = [lease, ...claims].find(each => each !== null && isOfBoth(each)) ?? null
  if (claim !== null) return {from: claim.to, to: claim.from, detail: claim.detail, source: sourceOf(claim)}
  const served: WayBack = {
    from: additional.version,
    to: version,
    source: 'alias',
    detail: `it serves two versions, and ${version} is the main one`,
  }
  if (additional.weight < 1) return served
  const allocating = await isAllocating()
  if (allocating === null)
    return {
      ambiguous: `all its traffic goes to ${additional.version} beside ${version}, and nobody would say whether that is Lambda allocating provisioned concurrency`,
    }
  if (!allocating) return served
  return {
    from: version,
    to: additional.version,
    source: 'alias',
    detail: `Lambda moves it to ${version} while it allocates provisioned concurrency; ${additional.version} serves until then`,
  }
}

const sourceOf = ({isOver}: MoveClaim): WayBack['source'] => (isOver ? 'journal' : 'shift-under-way')
