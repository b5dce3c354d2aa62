// What writes to aliases make of a function.
import type {AliasChange, FunctionChange} from '../changes.ts'
import {createdAlias, writtenAlias} from './aliases.ts'
import type {SandboxFunction} from './sandbox-function.ts'

/** What a write to an alias has to say where that has provisioned concurrency. */
export const allocatingFor = (
  {provisionedConcurrency}: SandboxFunction,
  alias: string,
  allocatingMs: number,
): Pick<AliasChange, 'allocatingMs'> => (provisionedConcurrency?.alias === alias ? {allocatingMs} : {})

/**
 * A function after a write to one of its aliases.
 * @param count how many such writes there were before
 */
export function withAlias(
  fn: SandboxFunction,
  change: Extract<FunctionChange, {readonly kind: 'alias' | 'alias-created' | 'alias-deleted'}>,
  count: number,
): SandboxFunction {
  const {alias: name} = change
  const others = fn.aliases.filter(alias => alias.name !== name)
  if (change.kind === 'alias-deleted') {
    const isProvisioned = fn.provisionedConcurrency?.alias === name
    return {...fn, aliases: others, ...(isProvisioned && {provisionedConcurrency: null})}
  }
  const turn = {functionName: fn.name, count}
  if (change.kind === 'alias-created')
    return {...fn, aliases: [...others, createdAlias(change, turn)].sort((x, y) => (x.name < y.name ? -1 : 1))}
  return {...fn, aliases: fn.aliases.map(alias => (alias.name === name ? writtenAlias(alias, change, turn) : alias))}
}

/** A function after provisioned concurrency was put on an alias of it, or taken away. */
export function withProvisioned(
  fn: SandboxFunction,
  {alias, count, at, allocatingMs = 0}: Extract<FunctionChange, {readonly kind: 'concurrency-provisioned'}>,
): SandboxFunction {
  return {
    ...fn,
    provisionedConcurrency: count === null ? null : {alias, count, putAt: at},
    aliases: fn.aliases.map(each => {
      if (each.name !== alias) return each
      const {allocatedAt: _, moving: __, ...plain} = each
      return count === null ? plain : {...plain, allocatedAt: {[each.version]: at + allocatingMs}}
    }),
  }
}
