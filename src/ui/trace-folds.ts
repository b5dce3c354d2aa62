import type {TraceNode} from '../services/traces/trace.ts'
import {isFailed} from './trace-messages.ts'
import {functionNameOf, isFunction} from './trace-names.ts'

/**
 * What one row stands for: a node alone, or with those folded into it (Lambda's pair of segments, the call that led to
 * them, and what only says that they ran), or several siblings.
 */
export type Item = {
  readonly kind: 'one' | 'alike' | 'attempts'
  /** outermost first of one that is folded; by start of several siblings. At least one. */
  readonly nodes: readonly [TraceNode, ...(readonly TraceNode[])]
}

/**
 * How far siblings are taken together: not at all, those without anything below, those with all that is below them. With
 * `each`, trifles have rows of their own, too.
 */
export type FoldLevel = 'each' | 'none' | 'leaves' | 'subtrees'

const fewestAlike = 3
// two segments of one execution are rarely more apart than this, or than this share of it
const apartMs = 10
const apartShare = 0.05

/** The rows of siblings, in their order; each group stands where its first is. No group holds what is to stand apart. */
export function itemsOf(
  siblings: readonly TraceNode[],
  level: FoldLevel,
  healthy: ReadonlySet<TraceNode>,
  isApart: (node: TraceNode) => boolean,
): readonly Item[] {
  if (level === 'each') return siblings.map(paired)
  const ones = siblings.map(folded)
  if (level === 'none' || siblings.length < fewestAlike) return ones
  const attempts = attemptsAmong(ones)
  const groups = grouped(ones, item => {
    if (item.nodes.some(node => isApart(node) || node.children.some(isApart))) return null
    return attempts.get(item) ?? likeness(item, level, healthy)
  })
  const groupOf = new Map<Item, readonly Item[]>()
  for (const group of groups.values()) {
    if (group.length >= fewestAlike) for (const item of group) groupOf.set(item, group)
  }
  return ones.flatMap((item): readonly Item[] => {
    const [first, ...others] = groupOf.get(item) ?? []
    if (!first) return [item]
    if (first !== item) return []
    const nodes = [first.nodes[0], ...others.map(({nodes: [node]}) => node)] as const
    return [{kind: attempts.has(item) ? 'attempts' : 'alike', nodes}]
  })
}

function grouped(items: readonly Item[], keyOf: (item: Item) => string | null): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    if (key === null) continue
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}

/** A node with the segments that only say once more what it is, and a function with what of its time is a trifle. */
export function folded(node: TraceNode): Item {
  const {kind, nodes} = paired(node)
  return {kind, nodes: [...nodes, ...triflesIn(nodes.at(-1) ?? node)]}
}

/** A node with the segments that only say once more what it is. */
function paired(node: TraceNode): Item {
  const nodes: [TraceNode, ...TraceNode[]] = [node]
  let innermost = node
  const [only, second] = innermost.children
  if (isLambdaCall(node) && only && !second && only.role === 'service' && covers(node, only)) {
    nodes.push(only)
    innermost = only
  }
  const pair = innermost.role === 'service' ? pairedFunction(innermost) : null
  if (pair) nodes.push(pair)
  return {kind: 'one', nodes}
}

/** What is below a row of one: the children of all that are folded into it, but not those. By start. */
export function childrenOf({nodes}: Item): readonly TraceNode[] {
  const inside = new Set(nodes)
  const below = nodes.flatMap(({children}) => children).filter(child => !inside.has(child))
  return nodes.length === 1 ? below : below.toSorted((a, b) => a.span.start - b.span.start)
}

// of Lambda's own time after the handler, less is the same with every execution
const leastOverheadMs = 1
const leastOverheadShare = 0.01

/** Hardly any overhead, and the invocation where that is all there is beside it: then it says what its function says. */
function triflesIn({role, children, durationMs}: TraceNode): readonly TraceNode[] {
  if (role !== 'function') return []
  const most = Math.max(leastOverheadMs, durationMs * leastOverheadShare)
  const trifles = children.filter(
    child =>
      child.role === 'overhead' &&
      child.durationMs < most &&
      child.children.length === 0 &&
      !isFailed(child) &&
      !isUnfinished(child),
  )
  const [invocation, second] = children.filter(child => !child.detached && !trifles.includes(child))
  const isAlone = trifles.length > 0 && invocation?.role === 'invocation' && !second && !isUnfinished(invocation)
  return isAlone ? [invocation, ...trifles] : trifles
}

const isLambdaCall = ({span, role}: TraceNode): boolean => role === null && span.name === 'Lambda'

/** Lambda's function segment, where it says of an execution what the service's does, and is its only one. */
function pairedFunction(service: TraceNode): TraceNode | null {
  const functions = service.children.filter(({role}) => role === 'function')
  const [only] = functions
  const isRetried = service.children.some(({role}) => role === 'attempt' || role === 'queue')
  if (!only || functions.length > 1 || isRetried) return null
  // its own start is after the init, which is below it
  const begins = Math.min(
    only.span.start,
    ...only.children.filter(({role, detached}) => isStart(role) && !detached).map(({span}) => span.start),
  )
  const isLate = begins - service.span.start > notable(service) && !only.children.some(({role}) => isStart(role))
  const isLonger = endOf(only) - endOf(service) > notable(service) && !service.isInProgress
  return isLate || isLonger ? null : only
}

const isStart = (role: TraceNode['role']): boolean => role === 'init' || role === 'restore'

/** By how many ms two times must differ to be of two things, where one of them is within the other. */
export const notable = ({durationMs}: Pick<TraceNode, 'durationMs'>): number =>
  Math.max(apartMs, durationMs * apartShare)

/** When a node ends, as far as it is known. */
export const endOf = ({span, durationMs}: TraceNode): number => span.start + durationMs

function covers(outer: TraceNode, inner: TraceNode): boolean {
  const apart = notable(outer)
  return Math.abs(inner.span.start - outer.span.start) <= apart && Math.abs(endOf(inner) - endOf(outer)) <= apart
}

/** What makes siblings alike; null for what is to be seen by itself. */
function likeness(item: Item, level: FoldLevel, healthy: ReadonlySet<TraceNode>): string | null {
  const [node] = item.nodes
  if (node.detached || isUnfinished(node)) return null
  if (isFailed(node)) {
    const isTold = level === 'subtrees' && node.children.length === 0
    return isTold ? `failed ${keyOf(item)}\n${JSON.stringify(node.cause?.exceptions.map(({type}) => type))}` : null
  }
  const isPlain = healthy.has(node) && (level === 'subtrees' || childrenOf(item).length === 0)
  return isPlain ? keyOf(item) : null
}

const isUnfinished = ({isInProgress, isCutOff}: TraceNode): boolean => isInProgress || isCutOff

const keyOf = ({nodes: [{span, role}]}: Item): string =>
  [role, span.name, span.operation, span.resource ?? span.http?.url].join('\n')

/** The nodes of which nothing, nor anything below them, failed or is unfinished. */
export function healthyAmong(nodes: readonly TraceNode[]): ReadonlySet<TraceNode> {
  const healthy = new Set<TraceNode>()
  // each is before its children
  for (const node of nodes.toReversed()) {
    if (!isFailed(node) && !isUnfinished(node) && node.children.every(child => healthy.has(child))) healthy.add(node)
  }
  return healthy
}

/** Executions of one function one after the other, of which some failed: the same event, tried again. With what each has in common. */
function attemptsAmong(items: readonly Item[]): ReadonlyMap<Item, string> {
  const byName = grouped(items, item => {
    const node = item.nodes.find(isFunction) ?? item.nodes[0]
    if (node.role === 'attempt') return 'attempts'
    return isFunction(node) ? `attempts of ${functionNameOf(node)}` : null
  })
  const attempts = new Map<Item, string>()
  for (const [name, group] of byName) {
    const failed = group.some(({nodes}) => nodes.some(isFailed))
    if (failed && group.every((item, i) => i === 0 || follows(item, group[i - 1]))) {
      for (const item of group) attempts.set(item, name)
    }
  }
  return attempts
}

const follows = ({nodes: [node]}: Item, before: Item | undefined): boolean =>
  before === undefined || node.span.start >= endOf(before.nodes[0]) - apartMs
