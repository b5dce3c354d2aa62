import {namePattern} from '../../targets/name-pattern.ts'
import type {FleetFunction} from '../fleet-function.ts'
import {isDeprecated, isFailing, isNearLimit} from './headroom.ts'
import type {InventoryFunction} from './inventory.ts'
import {lifecycleOf} from './runtime-lifecycle.ts'
import type {RuntimeTable} from './runtime-table.ts'

/** Which functions of those that the targets name an inventory is to have. */
export type InventorySelection = {
  /** a glob of runtimes; null: all */
  readonly runtime: string | null
  /** only what is past its runtime's end, near a limit, losing something: any of those that are true */
  readonly deprecated: boolean
  readonly nearLimit: boolean
  readonly failing: boolean
}

/** What the configuration alone decides, so that nothing is asked of the others. */
export function wantedOf(
  functions: readonly FleetFunction[],
  {
    runtime,
    runtimes,
    now,
    deprecated,
    nearLimit,
    failing,
  }: InventorySelection & {readonly runtimes: RuntimeTable; readonly now: number},
): readonly FleetFunction[] {
  const pattern = runtime === null ? null : namePattern(runtime)
  const onlyDeprecated = deprecated && !nearLimit && !failing
  return functions.filter(
    fn =>
      (pattern === null || pattern.matches(fn.runtime ?? 'container')) &&
      (!onlyDeprecated || isDeprecated({lifecycle: lifecycleOf(fn.runtime, runtimes, now)})),
  )
}

/** What the metrics decide: any of what was asked for. */
export function isShown(one: InventoryFunction, {deprecated, nearLimit, failing}: InventorySelection): boolean {
  if (!deprecated && !nearLimit && !failing) return true
  return (deprecated && isDeprecated(one)) || (nearLimit && isNearLimit(one)) || (failing && isFailing(one))
}
