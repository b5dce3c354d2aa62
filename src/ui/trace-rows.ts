import type {Trace, TraceNode} from '../services/traces/trace.ts'
import {childrenOf, type FoldLevel, folded, healthyAmong, type Item, itemsOf} from './trace-folds.ts'
import {messagesOf} from './trace-messages.ts'
import {fetchingRow, type RowSource, rowOf, type TraceRow} from './trace-row.ts'

export type Folding = {
  /** every span has a row of its own */
  readonly unfolded: boolean
  /** so many rows at most, however much has to be folded; null for any number */
  readonly mostRows: number | null
  /** nodes that no row of several may stand for */
  readonly isApart?: (node: TraceNode) => boolean
  /** by key what somebody opened (true) or closed (false) */
  readonly opened?: ReadonlyMap<string, boolean>
} & Pick<RowSource, 'versionOf' | 'lambda' | 'askedFor'>

export type TraceRows = {
  readonly rows: readonly TraceRow[]
  /** of spans whose parents are not in the trace; their rails begin anew */
  readonly orphans: readonly TraceRow[]
  /** rows at the end for which there was no room */
  readonly cut: number
}

/**
 * The rows of a trace in the order of its tree. Where that is more than wanted, what is deep and went well is left out, then siblings
 * are taken together with all that is below them; what failed or is unfinished stays as long as it can.
 */
export function traceRows(trace: Trace, folding: Folding): TraceRows {
  const source = sourceOf(trace, folding)
  const most = folding.mostRows ?? Number.POSITIVE_INFINITY
  const all = (level: FoldLevel, deepest: number): TraceRows => ({
    rows: rowsOf(trace.roots, level, deepest, source),
    orphans: rowsOf(trace.orphans, level, deepest, source),
    cut: 0,
  })
  if (folding.unfolded) return all('each', Number.POSITIVE_INFINITY)
  const leaves = withRoom(deepest => all('leaves', deepest), most, leastDepth)
  if (sizeOf(leaves) <= most) return leaves
  const {rows, orphans} = withRoom(deepest => all('subtrees', deepest), most, 0)
  const kept = rows.slice(0, most)
  const keptOrphans = orphans.slice(0, most - kept.length)
  return {rows: kept, orphans: keptOrphans, cut: rows.length + orphans.length - kept.length - keptOrphans.length}
}

// shallower, a tree of calls is only a list
const leastDepth = 2

const sizeOf = ({rows, orphans}: TraceRows): number => rows.length + orphans.length

/** As deep as there is room for, but not less than the least depth. */
function withRoom(all: (deepest: number) => TraceRows, most: number, least: number): TraceRows {
  const whole = all(Number.POSITIVE_INFINITY)
  if (sizeOf(whole) <= most) return whole
  let shallow = least
  let deep = [...whole.rows, ...whole.orphans].reduce((deepest, {depth}) => Math.max(deepest, depth), least)
  while (shallow < deep) {
    const middle = Math.ceil((shallow + deep) / 2)
    if (sizeOf(all(middle)) <= most) shallow = middle
    else deep = middle - 1
  }
  return all(shallow)
}

// further out none is drawn: there is no room for them beside a name
const mostRails = 60

type Source = Folding &
  RowSource & {readonly sizes: ReadonlyMap<TraceNode, number>; readonly isApart: (node: TraceNode) => boolean}

function sourceOf(trace: Trace, folding: Folding): Source {
  const sizes = new Map<TraceNode, number>()
  for (const node of trace.nodes.toReversed())
    sizes.set(
      node,
      node.children.reduce((sum, child) => sum + (sizes.get(child) ?? 1), 1),
    )
  return {
    isApart: () => false,
    ...folding,
    trace,
    healthy: healthyAmong(trace.nodes),
    messages: messagesOf(trace),
    coldStarts: new Map(trace.coldStarts.map(start => [start.nodeId, start])),
    sizes,
  }
}

type Place = {readonly item: Item; readonly rails: readonly boolean[]; readonly isLast: boolean; readonly depth: number}

function rowsOf(roots: readonly TraceNode[], level: FoldLevel, deepest: number, source: Source): readonly TraceRow[] {
  const rows: TraceRow[] = []
  // no recursion: a chain of ten thousand calls is a tree too
  const open: Place[] = placesOf(itemsOf(roots, level, source.healthy, source.isApart), [], 0)
  for (let place = open.pop(); place; place = open.pop()) {
    const {item, depth, rails, isLast} = place
    const key = keyOf(item)
    const isTooDeep = depth >= deepest && item.nodes.every(node => source.healthy.has(node))
    const isOpen = source.opened?.get(key) ?? (item.kind === 'one' && !isTooDeep)
    const children = isOpen ? itemsBelow(item, level, source) : lastAttempt(item)
    const belowRails = depth === 0 ? [] : [...rails, !isLast].slice(-mostRails)
    const fetching = isOpen ? fetchingRow(item, key, depth, belowRails, children.length === 0, source) : null
    rows.push({
      ...rowOf(item, key, source),
      depth,
      rails,
      isLast,
      hidden: isOpen ? 0 : hiddenIn(item, children, source),
    })
    if (fetching) rows.push(fetching)
    open.push(...placesOf(children, belowRails, depth + 1))
  }
  return rows
}

function itemsBelow(item: Item, level: FoldLevel, {healthy, isApart}: Source): readonly Item[] {
  return item.kind === 'one'
    ? itemsOf(childrenOf(item), level, healthy, isApart)
    : itemsOf(item.nodes, 'none', healthy, isApart)
}

/** Of attempts at one thing the last one is shown as it went. */
function lastAttempt({kind, nodes}: Item): readonly Item[] {
  return kind === 'attempts' ? nodes.slice(-1).map(folded) : []
}

/** Last one first, as a stack has them. */
const placesOf = (items: readonly Item[], rails: readonly boolean[], depth: number): Place[] =>
  items.map((item, i) => ({item, rails, depth, isLast: i === items.length - 1})).toReversed()

const keyOf = ({kind, nodes: [first]}: Item): string => (kind === 'one' ? first.id : `${first.id} and more`)

/** Spans that neither this row nor one below it stands for. */
function hiddenIn({kind, nodes}: Item, shown: readonly Item[], {sizes}: Source): number {
  const [outermost] = nodes
  const sizeOf = (node: TraceNode): number => sizes.get(node) ?? 1
  if (kind === 'one') return sizeOf(outermost) - nodes.length
  return (
    nodes.reduce((sum, node) => sum + sizeOf(node) - folded(node).nodes.length, 0) -
    shown.reduce((sum, item) => sum + sizeOf(item.nodes[0]) - item.nodes.length, 0)
  )
}
