import {microseconds} from './draft.ts'
import type {Trace, TraceNode} from './trace.ts'

/** One path of names that at least one of two traces has; what occurs several times at a path is taken together. */
export type DiffLine = {
  /** names from the root down, as `['checkout-api', 'Invocation', 'DynamoDB GetItem']` */
  readonly path: readonly string[]
  /** in the trace that is compared with, whichever of the two came first in time */
  readonly before: DiffSide | null
  readonly after: DiffSide | null
  /** of durations, after less before; what is missing took none */
  readonly deltaMs: number
  readonly deltaSelfMs: number
}

export type DiffSide = {
  readonly count: number
  /** of all at the path together: what ran at the same time counts each time */
  readonly durationMs: number
  readonly selfMs: number
  readonly failed: number
  readonly nodes: readonly TraceNode[]
}

export type TraceDiff = {
  /** the one that is compared with, whichever of the two came first in time */
  readonly before: Trace
  /** the one that was asked for */
  readonly after: Trace
  /** in the order of the tree: each path before those below it */
  readonly lines: readonly DiffLine[]
}

// the paths of a chain of thousands of calls would take its square, and nobody reads them
const mostLevels = 500

/**
 * Aligns two traces by the paths of their nodes' names. Siblings stand in the order in which they began in the trace after, those
 * that only the one before has where they were in it. Orphans are aligned like roots; what is deeper than 500 levels is part of what it is in.
 */
export function diffTraces(before: Trace, after: Trace): TraceDiff {
  const lines: DiffLine[] = []
  const open: Pair[] = pairsOf(topOf(before), topOf(after), [])
  // no recursion: a chain of ten thousand calls is a tree too
  for (let pair = open.pop(); pair; pair = open.pop()) {
    const {path} = pair
    const [was, is] = [sideOf(pair.before), sideOf(pair.after)]
    lines.push({
      path,
      before: was,
      after: is,
      deltaMs: microseconds((is?.durationMs ?? 0) - (was?.durationMs ?? 0)),
      deltaSelfMs: microseconds((is?.selfMs ?? 0) - (was?.selfMs ?? 0)),
    })
    open.push(...pairsOf(pair.before.flatMap(childrenOf), pair.after.flatMap(childrenOf), path))
  }
  return {before, after, lines}
}

type Pair = {
  readonly path: readonly string[]
  readonly before: readonly TraceNode[]
  readonly after: readonly TraceNode[]
}

const topOf = ({roots, orphans}: Trace): readonly TraceNode[] => [...roots, ...orphans]

/** An init that nobody waited for is no part of what a request took. */
const childrenOf = ({children}: TraceNode): readonly TraceNode[] => children.filter(({detached}) => !detached)

/** What is at each name on either side; last one first, as a stack has them. */
function pairsOf(before: readonly TraceNode[], after: readonly TraceNode[], above: readonly string[]): Pair[] {
  if (above.length >= mostLevels) return []
  const [was, is] = [Map.groupBy(before, alignedName), Map.groupBy(after, alignedName)]
  // what is gone stands behind what it stood behind
  const goneBehind = new Map<string | null, string[]>()
  let known: string | null = null
  for (const name of was.keys()) {
    if (is.has(name)) known = name
    else goneBehind.set(known, [...(goneBehind.get(known) ?? []), name])
  }
  return [null, ...is.keys()]
    .flatMap(name => [...(name === null ? [] : [name]), ...(goneBehind.get(name) ?? [])])
    .map(name => ({path: [...above, name], before: was.get(name) ?? [], after: is.get(name) ?? []}))
    .toReversed()
}

/**
 * By which nodes of two traces are the same: Lambda's two segments share a name, calls of one service differ by operation, and
 * those of functions by which it is.
 */
function alignedName({span: {name, operation, resource}, role, children}: TraceNode): string {
  if (role === 'function') return `${name} (function)`
  if (operation === null || name.endsWith(operation)) return name
  const called = children.find(child => child.role === 'service')?.span.name ?? resource
  return name === 'Lambda' && called !== null ? `${name} ${operation} ${called}` : `${name} ${operation}`
}

function sideOf(nodes: readonly TraceNode[]): DiffSide | null {
  if (nodes.length === 0) return null
  const sum = (of: (node: TraceNode) => number): number =>
    microseconds(nodes.reduce((total, node) => total + of(node), 0))
  return {
    count: nodes.length,
    durationMs: sum(({durationMs}) => durationMs),
    selfMs: sum(({selfMs}) => selfMs),
    failed: nodes.filter(({span}) => span.status !== 'ok').length,
    nodes,
  }
}
