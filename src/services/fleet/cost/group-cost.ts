import {isKnown, sumKnown} from '../../../known.ts'
import {stackTag} from '../facts/tags.ts'
import type {CostGroup, CostGrouping, CostItem, CostSort, SharedLogs} from './cost-report.ts'
import {addedChanges, type CostChange} from './explain-change.ts'

/** tags of a function by its ARN; undefined where it has none */
export type TagsOf = (item: CostItem) => Readonly<Record<string, string>> | undefined

/** Whether functions are grouped by something that only their tags tell. */
export const isByTag = ({kind}: CostGrouping): boolean => kind === 'tag' || kind === 'stack'

/**
 * Sums of what functions cost, by what they have in common. A log group that several share is in the group that all of
 * them are in; where there is no such one, it is in a group of its own.
 */
export function groupCosts(
  items: readonly CostItem[],
  shared: readonly SharedLogs[],
  by: CostGrouping,
  tagsOf: TagsOf,
): readonly CostGroup[] {
  const keys = keysOfLogs(items, shared, item => keyOf(item, by, tagsOf))
  const ofSeveral = shared.filter(one => keys.get(one) === undefined)
  const logsBy = Map.groupBy(
    shared.filter(one => keys.get(one) !== undefined),
    one => keys.get(one) ?? null,
  )
  const groups = Array.from(
    Map.groupBy(items, item => keyOf(item, by, tagsOf)),
    ([name, members]) => groupOf(name, members, logsBy.get(name) ?? []),
  )
  return ofSeveral.length === 0 ? groups : [...groups, sharedGroup(ofSeveral)]
}

/** The group of each shared log group; undefined where those who write to it are in several. */
function keysOfLogs(
  items: readonly CostItem[],
  shared: readonly SharedLogs[],
  keyOfItem: (item: CostItem) => string | null,
): ReadonlyMap<SharedLogs, string | null | undefined> {
  const places = new Set(shared.map(placeOf))
  const users = Map.groupBy(
    items.filter(({fn}) => places.has(placeOf(fn))),
    ({fn}) => placeOf(fn),
  )
  return new Map(
    shared.map(one => {
      const [key, ...others] = new Set((users.get(placeOf(one)) ?? []).map(keyOfItem))
      return [one, others.length === 0 ? key : undefined]
    }),
  )
}

const placeOf = ({account, region, logGroup}: Pick<SharedLogs, 'account' | 'region' | 'logGroup'>): string =>
  [account ?? '', region, logGroup].join(' ')

function keyOf(item: CostItem, by: CostGrouping, tagsOf: TagsOf): string | null {
  const {name, region, account} = item.fn
  if (by.kind === 'function') return name
  if (by.kind === 'region') return region
  if (by.kind === 'account') return account
  const tags = tagsOf(item) ?? {}
  const key = by.kind === 'tag' ? by.key : stackTag
  return Object.hasOwn(tags, key) ? (tags[key] ?? null) : null
}

function groupOf(name: string | null, members: readonly CostItem[], logs: readonly SharedLogs[]): CostGroup {
  const known = members.filter(({priced}) => isKnown(priced.costUSD))
  return {
    name,
    isShared: false,
    functions: members.length,
    unknown: members.length - known.length,
    calls: sumKnown(members.map(({calls}) => calls)),
    costUSD: sumKnown(known.map(({priced}) => priced.costUSD)) + sumKnown(logs.map(({costUSD}) => costUSD)),
    change: changeOf(members, logs),
    trend: addedTrends(members.map(({trend}) => trend)),
  }
}

function sharedGroup(shared: readonly SharedLogs[]): CostGroup {
  const beforeUSD = shared.reduce((sum, one) => sum + (one.beforeUSD ?? 0), 0)
  const costUSD = sumKnown(shared.map(({costUSD}) => costUSD))
  const isCompared = shared.every(one => one.beforeUSD !== null)
  return {
    name: null,
    isShared: true,
    functions: 0,
    unknown: 0,
    calls: 0,
    costUSD,
    change: isCompared ? onlyOther(costUSD - beforeUSD) : null,
    trend: [],
  }
}

/** A change that is of logs alone. */
const onlyOther = (totalUSD: number): CostChange => ({
  totalUSD,
  calls: 0,
  duration: 0,
  memory: 0,
  price: 0,
  other: totalUSD,
})

/** Of the functions that are known in both windows; null where none is. */
function sumOfChanges(items: readonly CostItem[]): CostChange | null {
  const changes = items.flatMap(({before}) => before?.change ?? [])
  return changes.length === 0 ? null : addedChanges(changes)
}

/** Of functions and of the log groups that they share, as far as both windows are known; null where no function is. */
export function changeOf(items: readonly CostItem[], shared: readonly SharedLogs[]): CostChange | null {
  const ofItems = sumOfChanges(items)
  if (ofItems === null) return null
  const ofShared = shared.flatMap(({costUSD, beforeUSD}) =>
    isKnown(costUSD) && beforeUSD !== null ? [onlyOther(costUSD.value - beforeUSD)] : [],
  )
  return addedChanges([ofItems, ...ofShared])
}

function addedTrends(trends: readonly (readonly number[])[]): readonly number[] {
  const sums: number[] = []
  for (const trend of trends)
    trend.forEach((usd, i) => {
      sums[i] = (sums[i] ?? 0) + usd
    })
  return sums
}

type Sortable = Pick<CostGroup, 'costUSD' | 'change' | 'calls' | 'name'>

/** What most first, by what is asked for: of changes the largest, up or down, and the dearest where there is none to speak of; names from a to z; what is unknown last. */
export function sortedCosts<T>(all: readonly T[], by: CostSort, factsOf: (one: T) => Sortable): readonly T[] {
  return all
    .map(one => ({one, facts: factsOf(one)}))
    .sort((a, b) => ranks[by](a.facts, b.facts) || byName(a.facts, b.facts))
    .map(({one}) => one)
}

const leastChangeUSD = 0.005

const byName = (a: Sortable, b: Sortable): number => compared(a.name ?? '\uffff', b.name ?? '\uffff')
const compared = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
/** In USD; nothing below the half cent that is not shown either. */
function changeSize({change}: Sortable): number {
  const usd = Math.abs(change?.totalUSD ?? 0)
  return usd < leastChangeUSD ? 0 : usd
}

const ranks: Readonly<Record<CostSort, (a: Sortable, b: Sortable) => number>> = {
  cost: (a, b) => b.costUSD - a.costUSD,
  change: (a, b) => changeSize(b) - changeSize(a) || b.costUSD - a.costUSD,
  calls: (a, b) => b.calls - a.calls,
  name: byName,
}
