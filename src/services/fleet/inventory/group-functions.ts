import {isKnown, type Known, orNull} from '../../../known.ts'
import type {FieldName, Sorting} from './fields.ts'
import {isDeprecated, isFailing, isNearLimit} from './headroom.ts'
import type {InventoryFunction} from './inventory.ts'

/** What functions are put together by. */
export type FunctionGrouping =
  | {readonly by: 'stack'}
  | {readonly by: 'runtime'}
  | {readonly by: 'tag'; readonly key: string}

/** A sum over functions: of those of which it is known. */
export type Total = {
  readonly sum: number
  /** functions that are not in it, for nobody knows their number */
  readonly unknown: number
}

export type Totals = {
  readonly functions: number
  readonly codeSizeBytes: number
  readonly invocations: Total
  readonly errors: Total
  readonly throttles: Total
  readonly asyncEventsDropped: Total
  readonly deadLettersWaiting: Total
  readonly deprecated: number
  readonly nearLimit: number
  readonly failing: number
}

export type FunctionGroup = Totals & {
  /** null: what has no stack or tag, or of which nobody knows it */
  readonly name: string | null
  readonly isKnown: boolean
  readonly members: readonly InventoryFunction[]
}

/** What groups can be sorted by, of the columns of functions. */
const sums: Partial<Record<FieldName, (totals: Totals) => number>> = {
  invocations: ({invocations}) => invocations.sum,
  errors: ({errors}) => errors.sum,
  rate: ({errors, invocations}) => (invocations.sum === 0 ? 0 : errors.sum / invocations.sum),
  throttles: ({throttles}) => throttles.sum,
  dropped: ({asyncEventsDropped}) => asyncEventsDropped.sum,
  dead: ({deadLettersWaiting}) => deadLettersWaiting.sum,
  code: ({codeSizeBytes}) => codeSizeBytes,
}

/**
 * Functions that have a stack, a tag's value or a runtime in common; those that have none come last.
 * @param sorting by a sum, where the column has one; else the largest groups come first
 */
export function groupFunctions(
  functions: readonly InventoryFunction[],
  grouping: FunctionGrouping,
  {field, order}: Sorting = {field: 'function', order: 'asc'},
): readonly FunctionGroup[] {
  const sumOf = sums[field] ?? (({functions}: Totals): number => functions)
  const sign = sums[field] && order === 'asc' ? 1 : -1
  const keyed = Map.groupBy(functions, one => {
    const known = nameOf(one, grouping)
    return isKnown(known) ? JSON.stringify(known.value) : ''
  })
  return [...keyed]
    .map(([key, members]) => ({
      name: key === '' ? null : (JSON.parse(key) as string | null),
      isKnown: key !== '',
      members,
      ...totalsOf(members),
    }))
    .sort((a, b) => rank(a) - rank(b) || sign * (sumOf(a) - sumOf(b)) || ((a.name ?? '') < (b.name ?? '') ? -1 : 1))
}

const rank = ({name, isKnown: known}: FunctionGroup): number => (name !== null ? 0 : known ? 1 : 2)

function nameOf({fn, measures}: InventoryFunction, grouping: FunctionGrouping): Known<string | null> {
  if (grouping.by === 'runtime') return {value: fn.runtime ?? 'container'}
  if (grouping.by === 'stack') return measures.stack
  const {tags} = measures
  return isKnown(tags)
    ? {value: Object.hasOwn(tags.value, grouping.key) ? (tags.value[grouping.key] ?? null) : null}
    : tags
}

/** What functions come to together. A queue that several of them send to is counted with each. */
export function totalsOf(functions: readonly InventoryFunction[]): Totals {
  const total = (pick: (one: InventoryFunction) => Known<number | null>): Total => {
    const each = functions.map(pick)
    return {
      sum: each.reduce((sum, known) => sum + (orNull(known) ?? 0), 0),
      unknown: each.filter(known => !isKnown(known)).length,
    }
  }
  return {
    functions: functions.length,
    codeSizeBytes: functions.reduce((sum, {fn}) => sum + fn.codeSizeBytes, 0),
    invocations: total(({measures}) => measures.invocations),
    errors: total(({measures}) => measures.errors),
    throttles: total(({measures}) => measures.throttles),
    asyncEventsDropped: total(({measures}) => measures.asyncEventsDropped),
    deadLettersWaiting: total(({measures}) => measures.deadLettersWaiting),
    deprecated: functions.filter(isDeprecated).length,
    nearLimit: functions.filter(isNearLimit).length,
    failing: functions.filter(isFailing).length,
  }
}
