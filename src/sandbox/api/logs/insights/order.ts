import {fieldOf, forget, type Row} from './rows.ts'
import {type Collector, maxGroups} from './stats.ts'
import type {SortKey} from './syntax-tree.ts'
import {compareNaturally, textOf, type Value} from './values.ts'

/** How rows are ordered: by fields; newest first, as without `sort`; or as they come. */
export type Ordering = readonly SortKey[] | 'as they come'

export const newestFirst: Ordering = [{name: '@timestamp', descending: true}]

type Ranked = {readonly row: Row; readonly keys: readonly Value[]; readonly met: number}

function ranking(ordering: Ordering) {
  const keys = ordering === 'as they come' ? [] : ordering
  let met = 0
  return {
    rank: (row: Row): Ranked => ({row, keys: keys.map(({name}) => fieldOf(row, name)), met: met++}),
    compare: (a: Ranked, b: Ranked): number => {
      for (const [index, {descending}] of keys.entries()) {
        const order = compareNaturally(a.keys[index], b.keys[index])
        if (order !== 0) return descending ? -order : order
      }
      return (ordering === 'as they come' ? 0 : compareSources(a.row, b.row)) || a.met - b.met
    },
  }
}

// How far each group has been read depends on when a query is looked at; what comes out must not.
function compareSources({source: a}: Row, {source: b}: Row): number {
  if (!a || !b) return 0
  return b.event.timestamp - a.event.timestamp || (a.group < b.group ? -1 : a.group > b.group ? 1 : 0)
}

/** The first rows of an ordering, so many at most, with memory for twice as many. */
export function collectFirst(count: number, ordering: Ordering): Collector {
  const {rank, compare} = ranking(ordering)
  let kept: Ranked[] = []
  let isCut = false
  const cut = () => {
    kept.sort(compare)
    isCut ||= kept.length >= count
    kept = kept.slice(0, count)
  }
  return {
    add: row => {
      const ranked = rank(row)
      const last = isCut ? kept[count - 1] : undefined
      if (last && compare(ranked, last) >= 0) return
      forget(row)
      kept.push(ranked)
      if (kept.length >= count * 2 + 1000) cut()
    },
    rows: () => {
      cut()
      return kept.map(({row}) => row)
    },
  }
}

/**
 * `dedup`: the first row in an ordering for each combination of values; rows that lack one of the fields are all kept. It
 * keeps as many of either as a query may have groups.
 */
export function collectDistinct(names: readonly string[], ordering: Ordering): Collector {
  const {rank, compare} = ranking(ordering)
  const first = new Map<string, Ranked>()
  const incomplete: Ranked[] = []
  return {
    add: row => {
      const ranked = rank(row)
      const values = names.map(name => fieldOf(row, name))
      forget(row)
      if (!values.every(value => value !== undefined)) {
        if (incomplete.length < maxGroups) incomplete.push(ranked)
        return
      }
      const key = JSON.stringify(values.map(textOf))
      const known = first.get(key)
      if (known ? compare(ranked, known) < 0 : first.size < maxGroups) first.set(key, ranked)
    },
    rows: () => [...first.values(), ...incomplete].sort(compare).map(({row}) => row),
  }
}
