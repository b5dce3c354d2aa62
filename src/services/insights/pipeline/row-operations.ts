import {compareValues} from './natural-order.ts'

/** A row by its fields; one without a value is not there. */
export type Row = ReadonlyMap<string, string>

export type SortKey = {readonly column: string; readonly descending: boolean}

/** What is done once more to the rows of several queries, to make them those of one. */
export type Operation =
  | {readonly kind: 'sort'; readonly keys: readonly SortKey[]}
  | {readonly kind: 'limit'; readonly rows: number}
  | {readonly kind: 'dedup'; readonly columns: readonly string[]}
  | {readonly kind: 'filter'; readonly test: (row: Row) => boolean}
  | {readonly kind: 'pick'; readonly columns: readonly string[]}

/** Does one operation after the other. Sorting is stable. */
export function applied(rows: readonly Row[], operations: readonly Operation[]): readonly Row[] {
  return operations.reduce(apply, rows)
}

function apply(rows: readonly Row[], operation: Operation): readonly Row[] {
  switch (operation.kind) {
    case 'sort':
      return rows.toSorted(comparing(operation.keys))
    case 'limit':
      return rows.slice(0, operation.rows)
    case 'dedup':
      return firstOfEach(rows, operation.columns)
    case 'filter':
      return rows.filter(operation.test)
    case 'pick':
      return rows.map(row => {
        const kept = operation.columns.flatMap(column => {
          const value = row.get(column)
          return value === undefined ? [] : [[column, value] as const]
        })
        return new Map(kept)
      })
  }
}

const comparing =
  (keys: readonly SortKey[]) =>
  (a: Row, b: Row): number => {
    for (const {column, descending} of keys) {
      const order = compareValues(a.get(column), b.get(column))
      if (order !== 0) return descending ? -order : order
    }
    return 0
  }

/** As AWS's dedup: rows without a value for one of the fields all stay. */
function firstOfEach(rows: readonly Row[], columns: readonly string[]): readonly Row[] {
  const seen = new Set<string>()
  return rows.filter(row => {
    const values = columns.map(column => row.get(column) ?? null)
    const key = JSON.stringify(values)
    if (values.includes(null)) return true
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
