import type {ColdStart, Trace, TraceNode} from '../services/traces/trace.ts'
import {childrenOf, endOf, folded, type Item} from './trace-folds.ts'
import {failureOf, isFailed} from './trace-messages.ts'
import {isFunction, type NodeName, nodeName, qualifierOf} from './trace-names.ts'

/** What a bar is of: work, or one of the times that Lambda has marks of their own for; `wait` is when nobody works. */
export type BarKind = 'plain' | 'init' | 'restore' | 'overhead' | 'wait' | 'attempt'

/** In ms from the start of the trace; `to` is not before `from`. An open one has not ended. */
export type RowBar = {readonly from: number; readonly to: number; readonly kind: BarKind; readonly isOpen: boolean}

/** One line of a waterfall, however it is drawn. Texts are raw: they are made printable where they are drawn. */
export type TraceRow = {
  /** of its own among the rows of a trace, and the same however others are folded */
  readonly key: string
  /** `fetching` is Lambda's time before an init, `detached` an init long before, which has no bar */
  readonly kind: 'span' | 'fetching' | 'detached'
  /** what it stands for, outermost or first one first; empty for no span */
  readonly nodes: readonly TraceNode[]
  /** for each level above but the root's, the outermost first: whether its line goes on further down; of the deepest {@link mostRails} only */
  readonly rails: readonly boolean[]
  readonly isLast: boolean
  /** 0 for a root, which has no rails */
  readonly depth: number
  readonly name: NodeName
  /** how many siblings it stands for: 1 as a rule */
  readonly count: number
  /** of several siblings: of one in the middle, and of the longest */
  readonly spread: {readonly p50Ms: number; readonly maxMs: number} | null
  /** of several siblings the time in which any of them ran */
  readonly durationMs: number
  readonly selfMs: number
  readonly bars: readonly RowBar[]
  readonly isInProgress: boolean
  readonly isCutOff: boolean
  readonly isFailed: boolean
  readonly failure: 'fault' | 'error' | 'throttle' | null
  /** of HTTP, where it failed and it tells what went wrong: 400 or more; null where several siblings differ */
  readonly httpStatus: number | null
  /** the request that was asked for, among others */
  readonly isAskedFor: boolean
  /** it failed, and nothing below it did */
  readonly isOrigin: boolean
  /** it is on the critical path, with more than a trifle of it */
  readonly isCritical: boolean
  readonly messages: readonly string[]
  /** spans below it that have no row */
  readonly hidden: number
  readonly earlierMs: number | null
}

/** What a row is made from, besides what it stands for. */
export type RowSource = {
  readonly trace: Trace
  readonly healthy: ReadonlySet<TraceNode>
  readonly messages: ReadonlyMap<string, readonly string[]>
  readonly coldStarts: ReadonlyMap<string, ColdStart>
  /** the version a function's node ran, as others know it */
  readonly versionOf?: (node: TraceNode) => string | null
  readonly lambda: string
  /** a request id, in lower case */
  readonly askedFor?: string | null
}

export type PlacelessRow = Omit<TraceRow, 'depth' | 'rails' | 'isLast' | 'hidden'>

/** The row of an item, without its place in the tree. */
export function rowOf(item: Item, key: string, source: RowSource): PlacelessRow {
  const {nodes, kind} = item
  const [outermost] = nodes
  const named = folded(outermost).nodes.findLast(isFunction) ?? outermost
  const bars = barsOf(item, source.trace.start)
  const durationMs = outermost.detached?.ms ?? (kind === 'one' ? outermost.durationMs : covered(bars))
  const durations = nodes.map(({durationMs}) => durationMs).sort((a, b) => a - b)
  const failed = nodes.filter(isFailed)
  const below = kind === 'one' ? childrenOf(item) : []
  return {
    key,
    kind: outermost.detached ? 'detached' : 'span',
    nodes,
    name: nodeName(named, source.versionOf?.(named) ?? qualifierOf(named), source),
    count: kind === 'one' ? 1 : nodes.length,
    spread: kind === 'one' ? null : {p50Ms: durations[(nodes.length - 1) >> 1] ?? 0, maxMs: durations.at(-1) ?? 0},
    durationMs,
    selfMs: nodes.reduce((sum, {selfMs}) => sum + selfMs, 0),
    bars,
    isInProgress: nodes.some(({isInProgress}) => isInProgress),
    isCutOff: nodes.some(({isCutOff}) => isCutOff),
    isFailed: failed.length > 0,
    failure: failureOf(failed),
    httpStatus: httpStatusOf(failed),
    isAskedFor: source.askedFor != null && nodes.some(node => isRequest(node, source.askedFor)),
    isCritical:
      nodes.some(({criticalMs}) => criticalMs !== null) && durationMs >= source.trace.durationMs * leastCriticalShare,
    isOrigin: failed.length > 0 && below.every(node => source.healthy.has(node)),
    messages: kind === 'one' ? messagesIn(nodes, source) : countedMessages(nodes, source),
    earlierMs: outermost.detached?.earlierMs ?? null,
  }
}

/** Of functions the status is of Lambda's API, which tells nothing of how they went. */
function httpStatusOf(failed: readonly TraceNode[]): number | null {
  const told = failed.filter(node => !isFunction(node)).flatMap(({span}) => span.http?.status ?? [])
  const [status, ...others] = new Set(told.filter(status => status >= 400))
  return others.length > 0 ? null : (status ?? null)
}

const isRequest = (node: TraceNode, requestId: string | null | undefined): boolean =>
  isFunction(node) && node.span.requestId?.toLowerCase() === requestId

// what takes less nobody would look at, on the path or not
const leastCriticalShare = 0.02

function messagesIn(nodes: readonly TraceNode[], {messages}: RowSource): readonly string[] {
  return [...new Set(nodes.flatMap(({id}) => messages.get(id) ?? []))]
}

/** Of siblings in one row, with all below them: each message once, with how many of them it is of. */
function countedMessages(nodes: readonly TraceNode[], source: RowSource): readonly string[] {
  const counts = new Map<string, number>()
  for (const node of nodes) {
    const below: TraceNode[] = []
    const open = [node]
    for (let next = open.pop(); next; next = open.pop()) {
      if (isFailed(next)) below.push(next)
      if (!source.healthy.has(next)) open.push(...next.children)
    }
    for (const message of messagesIn(below, source)) counts.set(message, (counts.get(message) ?? 0) + 1)
  }
  return [...counts].map(([message, count]) => (count === 1 ? message : `${count} of ${nodes.length}: ${message}`))
}

function barsOf({kind, nodes}: Item, start: number): readonly RowBar[] {
  const [outermost] = nodes
  if (outermost.detached) return []
  if (kind === 'one') return [barOf(outermost, kindOf(outermost), start)]
  const bars = nodes.map(node => barOf(node, kind === 'attempts' ? 'attempt' : kindOf(node), start))
  return kind === 'attempts' ? bars : merged(bars)
}

const barOf = (node: TraceNode, kind: BarKind, start: number): RowBar => ({
  from: node.span.start - start,
  to: endOf(node) - start,
  kind,
  isOpen: node.isInProgress,
})

function kindOf({role}: TraceNode): BarKind {
  if (role === 'init' || role === 'restore' || role === 'overhead' || role === 'attempt') return role
  return role === 'queue' ? 'wait' : 'plain'
}

/** Bars that overlap or touch as one, by start. */
function merged(bars: readonly RowBar[]): readonly RowBar[] {
  const apart: RowBar[] = []
  for (const bar of bars.toSorted((a, b) => a.from - b.from)) {
    const before = apart.at(-1)
    if (before && bar.from <= before.to)
      apart[apart.length - 1] = {...before, to: Math.max(before.to, bar.to), isOpen: before.isOpen || bar.isOpen}
    else apart.push(bar)
  }
  return apart
}

const covered = (bars: readonly RowBar[]): number => merged(bars).reduce((sum, {from, to}) => sum + to - from, 0)

// less is what starting anything takes
const leastFetchingMs = 1

/** The time in which Lambda fetched the code and made a sandbox, before an init that somebody waited for. */
export function fetchingRow(
  {kind, nodes}: Item,
  key: string,
  depth: number,
  rails: readonly boolean[],
  isLast: boolean,
  {coldStarts, trace}: RowSource,
): TraceRow | null {
  const cold = nodes.find(({id}) => coldStarts.has(id))
  const ms = (cold && coldStarts.get(cold.id)?.downloadMs) ?? 0
  if (!cold || kind !== 'one' || ms < leastFetchingMs) return null
  const starts = cold.children.filter(({role, detached}) => (role === 'init' || role === 'restore') && !detached)
  const from = Math.min(...starts.map(({span}) => span.start)) - ms - trace.start
  if (!Number.isFinite(from)) return null
  return {
    key: `${key} fetching`,
    kind: 'fetching',
    nodes: [],
    rails,
    isLast,
    depth: depth + 1,
    name: {text: 'fetching code', detail: '', short: 'fetching code', functionName: null},
    count: 1,
    spread: null,
    durationMs: ms,
    selfMs: ms,
    bars: [{from, to: from + ms, kind: 'wait', isOpen: false}],
    isInProgress: false,
    isCutOff: false,
    isFailed: false,
    failure: null,
    httpStatus: null,
    isAskedFor: false,
    isOrigin: false,
    isCritical: ms >= trace.durationMs * leastCriticalShare,
    messages: [],
    hidden: 0,
    earlierMs: null,
  }
}
