import type {CallStats, MapEdge, MapService, ServiceMap} from '../services/traces/service-map.ts'
import {mapOrder} from './map-order.ts'

/** A service in the tree that a map is drawn as: in one place with all that it calls, elsewhere as a reference. */
export type TreeRow = {
  readonly service: MapService
  /** from the row above it; null at the top */
  readonly edge: MapEdge | null
  /** index of the row it hangs on; null at the top */
  readonly parent: number | null
  /** what it calls stands in another row */
  readonly isReference: boolean
  /** all its numbers, but the age of what is received: of the call or of the service, never of both */
  readonly stats: CallStats | null
}

// deeper, nobody can follow them anyway
const mostGuides = 60

/** A row to draw: a service, or how many are folded away there. */
export type DrawnRow = {
  /** for each level that it hangs below, the nearest 60, whether more follows on it; the last is its own */
  readonly guides: readonly boolean[]
} & (
  | {readonly row: TreeRow; readonly elsewhere: 'above' | 'below' | null}
  | {readonly row: null; readonly hidden: number}
)

/**
 * The tree of a map, depth first: at the top what nobody calls. A service stands with all that it calls where most of its calls
 * come from. What fails, or leads to what fails, goes first, then what is called most.
 */
export function mapTree(map: Pick<ServiceMap, 'services' | 'edges' | 'unhealthy'>): readonly TreeRow[] {
  const {services, edges, unhealthy} = map
  const byId = new Map(services.map(service => [service.id, service]))
  const order = (a: TreeRow, b: TreeRow): number =>
    Number(unhealthy.has(b.service.id)) - Number(unhealthy.has(a.service.id)) ||
    callsOf(b) - callsOf(a) ||
    (a.service.id < b.service.id ? -1 : a.service.id > b.service.id ? 1 : 0)
  const {tops, back} = mapOrder(map)
  const homes = busiest(edges.filter(edge => !back.has(edge)))
  const calls = Map.groupBy(edges, ({from}) => from)
  const clients = new Set(services.filter(({isClient}) => isClient).map(({id}) => id))
  const rows: TreeRow[] = []

  const open: TreeRow[] = []
  // the last that is put in is the first that comes out
  const openAll = (calls: readonly Call[], parent: number | null): void => {
    const candidates = calls.map(({service, edge}): TreeRow => {
      const isReference = edge !== null && homes.get(service.id) !== edge
      const isEntry = edge !== null && clients.has(edge.from)
      return {service, edge, parent, isReference, stats: statsOf({service, edge}, isEntry, isReference)}
    })
    open.push(...candidates.sort(order).reverse())
  }
  openAll(
    tops.map(service => ({service, edge: null})),
    null,
  )
  for (let next = open.pop(); next; next = open.pop()) {
    const at = rows.push(next) - 1
    if (next.isReference) continue
    const below = calls.get(next.service.id) ?? []
    openAll(
      below.flatMap(edge => {
        const service = byId.get(edge.to)
        return service ? [{service, edge}] : []
      }),
      at,
    )
  }
  return rows
}

/** The one of the calls of each service that is made most; the first of equals. */
function busiest(edges: readonly MapEdge[]): ReadonlyMap<string, MapEdge> {
  const most = new Map<string, MapEdge>()
  for (const edge of edges) {
    const known = most.get(edge.to)
    if (known === undefined || (edge.stats?.calls ?? 0) > (known.stats?.calls ?? 0)) most.set(edge.to, edge)
  }
  return most
}

type Call = Pick<TreeRow, 'service' | 'edge'>

/**
 * What callers see, where they are traced and wait. The service's own numbers where requests enter, of what is sent, and where
 * it fails in a way that the caller it stands with does not see: who invokes a function asynchronously never hears of it.
 */
function statsOf({service, edge}: Call, isEntry: boolean, isReference: boolean): CallStats | null {
  const isWorse = !isReference && service.stats?.health === 'failing' && edge?.stats?.health !== 'failing'
  return edge === null || edge.isAsync || isEntry || isWorse
    ? (service.stats ?? edge?.stats ?? null)
    : (edge.stats ?? service.stats)
}

const callsOf = ({stats}: TreeRow): number => stats?.calls ?? 0

/** At most `limit` of the rows, each with what it hangs on: of the tree's order the foremost, what fails before all. A row says how many are not there. */
export function foldedTree(
  rows: readonly TreeRow[],
  limit: number,
  isIll: (row: TreeRow) => boolean,
): readonly DrawnRow[] {
  const kept = keptRows(rows, limit, isIll)
  const homes = new Map(
    rows.flatMap(({service, isReference}, i) => (!isReference && kept.has(i) ? [[service.id, i] as const] : [])),
  )
  const elsewhere = ({service, isReference}: TreeRow, at: number): 'above' | 'below' | null => {
    const home = isReference ? homes.get(service.id) : undefined
    return home === undefined ? null : home < at ? 'above' : 'below'
  }
  const children = Map.groupBy(
    rows.keys().filter(i => kept.has(i)),
    i => rows[i]?.parent ?? null,
  )
  const missing = missingBelow(rows, kept)
  const drawn: DrawnRow[] = []
  type Open =
    | {readonly at: number; readonly guides: readonly boolean[]}
    | {readonly fold: number; readonly guides: readonly boolean[]}
  const open: Open[] = []
  const openBelow = (parent: number | null, guides: readonly boolean[]): void => {
    const below = children.get(parent) ?? []
    const fold = missing.get(parent)?.length ?? 0
    // what stands at the top hangs on nothing
    const guidesOf = (more: boolean): readonly boolean[] =>
      parent === null ? [] : [...guides.slice(1 - mostGuides), more]
    if (fold > 0) open.push({fold, guides: guidesOf(false)})
    for (const [i, at] of below.toReversed().entries()) open.push({at, guides: guidesOf(i > 0 || fold > 0)})
  }
  openBelow(null, [])
  for (let next = open.pop(); next; next = open.pop()) {
    const {guides} = next
    if ('fold' in next) drawn.push({guides, row: null, hidden: next.fold})
    else {
      const row = rows[next.at]
      if (row) drawn.push({guides, row, elsewhere: elsewhere(row, next.at)})
      openBelow(next.at, guides)
    }
  }
  return drawn
}

function keptRows(rows: readonly TreeRow[], limit: number, isIll: (row: TreeRow) => boolean): ReadonlySet<number> {
  if (rows.length <= limit) return new Set(rows.keys())
  const kept = new Set<number>()
  const wanted = [...rows.keys()].sort((a, b) => rank(rows[b], isIll) - rank(rows[a], isIll) || a - b)
  for (const at of wanted) {
    if (kept.size >= limit) break
    const chain: number[] = []
    for (let i: number | null = at; i !== null && !kept.has(i); i = rows[i]?.parent ?? null) chain.push(i)
    if (kept.size + chain.length <= limit) for (const i of chain) kept.add(i)
  }
  // to say that one row is missing takes a row
  for (const [, missing] of missingBelow(rows, kept)) if (missing.length === 1) for (const i of missing) kept.add(i)
  return kept
}

/** What fails comes first, references last, the others by their calls. */
function rank(row: TreeRow | undefined, isIll: (row: TreeRow) => boolean): number {
  if (!row) return Number.NEGATIVE_INFINITY
  if (isIll(row)) return Number.MAX_SAFE_INTEGER
  return row.isReference ? -1 : callsOf(row)
}

/** The rows that are missing below each that is kept. */
function missingBelow(
  rows: readonly TreeRow[],
  kept: ReadonlySet<number>,
): ReadonlyMap<number | null, readonly number[]> {
  // a row comes after what it hangs on, so that this is found by then
  const holders: (number | null)[] = []
  for (const {parent} of rows) holders.push(parent === null || kept.has(parent) ? parent : (holders[parent] ?? null))
  return Map.groupBy(
    rows.keys().filter(i => !kept.has(i)),
    i => holders[i] ?? null,
  )
}
