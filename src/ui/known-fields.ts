import {type FleetCoverage, isKnown, type Known, orNull, shareKnown, type Unknown} from '../known.ts'

/** Of how many functions a document tells all: `coverage` is 0–1. */
export const coverageFields = (known: FleetCoverage) => ({
  coverage: shareKnown(known),
  known: known.known,
  listed: known.functions,
})

/** Numbers by their names, null where nobody knows them. */
export function valueFields<K extends string>(
  fields: Readonly<Record<K, Known<number | null>>>,
): Readonly<Record<K, number | null>> {
  const each = Object.entries(fields) as [K, Known<number | null>][]
  return Object.fromEntries(each.map(([name, known]) => [name, orNull(known)])) as Record<K, number | null>
}

/** Why what is null is, by the field's name. */
export const unknownFields = (fields: Readonly<Record<string, Known<unknown>>>) =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, known]) => (isKnown(known) ? [] : [[name, reasonOf(known)] as const])),
  )

/** Why something is null, as documents have it. */
export const reasonOf = ({unknown, detail}: Unknown) => ({reason: unknown, detail})

/**
 * Numbers that were counted or summed over all of something, of which not all was known: one that is 0 is null then, for nobody
 * knows that there is none.
 */
export function withoutFalseZeros(value: unknown): unknown {
  if (value === 0) return null
  if (Array.isArray(value)) return value.map(withoutFalseZeros)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutFalseZeros(each)]))
}
