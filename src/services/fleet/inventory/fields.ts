import {isKnown, type Known, orNull} from '../../../known.ts'
import {isDeprecated, isNearLimit} from './headroom.ts'
import type {InventoryFunction, Measures} from './inventory.ts'

/** What a function can be sorted by, and shown with; null where it has none or nobody knows it. */
const fields = {
  function: ({fn}) => fn.name,
  region: ({fn}) => fn.region,
  account: ({fn}) => fn.account,
  runtime: ({fn}) => fn.runtime ?? 'container',
  ends: ({lifecycle}) => lifecycle.deprecated,
  memory: ({headroom}) => headroom.memoryShare,
  timeout: ({headroom}) => headroom.timeoutShare,
  code: ({fn}) => fn.codeSizeBytes,
  invocations: ({measures}) => orNull(measures.invocations),
  errors: ({measures}) => orNull(measures.errors),
  rate: ({headroom}) => headroom.errorRate,
  throttles: ({measures}) => orNull(measures.throttles),
  dropped: ({measures}) => orNull(measures.asyncEventsDropped),
  dead: ({measures}) => orNull(measures.deadLettersWaiting),
  age: ({measures}) => orNull(measures.iteratorAgeMs),
  concurrency: ({measures}) => orNull(measures.maxConcurrency),
  reserved: ({measures}) => orNull(measures.reservedConcurrency),
  duration: ({measures}) => orNull(measures.averageDurationMs),
  timeouts: ({measures}) => orNull(measures.timeouts),
  arch: ({fn}) => fn.architecture,
  stack: ({measures}) => orNull(measures.stack),
  modified: ({fn}) => fn.lastModifiedAt,
  tags: ({measures}) => {
    const tags = Object.entries(orNull(measures.tags) ?? {})
    return tags.length === 0 ? null : tags.map(([key, value]) => `${key}=${value}`).join(' ')
  },
} as const satisfies Readonly<Record<string, (one: InventoryFunction) => string | number | null>>

/** A column of the inventory. */
export type FieldName = keyof typeof fields
export const fieldNames = Object.keys(fields) as readonly FieldName[]

export type Sorting = {readonly field: FieldName; readonly order: 'asc' | 'desc'}

/** What asks to be looked at, first: what lost something, most of it first; what is near a limit; what has ended; then by name. */
export function troubleFirst(functions: readonly InventoryFunction[]): readonly InventoryFunction[] {
  return functions
    .map(one => ({one, rank: rankOf(one), lost: lostBy(one)}))
    .sort((a, b) => a.rank - b.rank || b.lost - a.lost || byPlace(a.one, b.one))
    .map(({one}) => one)
}

/** What goes wrong in one of many calls is the least of it. */
const fewErrors = 0.01

function rankOf(one: InventoryFunction): number {
  const {headroom, isFallingBehind} = one
  if (lostBy(one) > 0 || isFallingBehind) return 0
  if ((headroom.errorRate ?? 0) >= fewErrors) return 1
  if (isNearLimit(one)) return 2
  return isDeprecated(one) ? 3 : 4
}

/** Events, messages and requests that came to nothing, and not by an error of the function. */
const lostBy = ({measures: {asyncEventsDropped, deadLettersWaiting, throttles}}: InventoryFunction): number =>
  [asyncEventsDropped, deadLettersWaiting, throttles].reduce(
    (sum, known: Known<number | null>) => sum + (orNull(known) ?? 0),
    0,
  )

/** Functions by a field; those that have none, or of which nobody knows it, come last in either order. Names settle the rest. */
export function sortFunctions(
  functions: readonly InventoryFunction[],
  {field, order}: Sorting,
): readonly InventoryFunction[] {
  const pick = fields[field]
  const sign = order === 'asc' ? 1 : -1
  return functions
    .map(one => ({one, value: pick(one)}))
    .sort((a, b) => {
      if (a.value === null || b.value === null) {
        if (a.value !== b.value) return a.value === null ? 1 : -1
        return byPlace(a.one, b.one)
      }
      return sign * compared(a.value, b.value) || byPlace(a.one, b.one)
    })
    .map(({one}) => one)
}

const compared = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0)

const byPlace = (a: InventoryFunction, b: InventoryFunction): number =>
  compared(a.fn.name, b.fn.name) || compared(a.fn.arn, b.fn.arn)

/** What nobody knows of a function, and why. */
export function unknownsOf({measures}: InventoryFunction): readonly (readonly [keyof Measures, UnknownOf])[] {
  const each = Object.entries(measures) as [keyof Measures, Known<unknown>][]
  return each.flatMap(([name, known]) => (isKnown(known) ? [] : [[name, known] as const]))
}

type UnknownOf = Exclude<Known<unknown>, {readonly value: unknown}>
