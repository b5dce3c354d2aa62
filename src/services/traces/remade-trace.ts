import type {Trace, TraceNode} from './trace.ts'

/** A trace with other nodes in the places of its own. What `change` gives keeps its children: they are changed by themselves. */
export function remade(trace: Trace, change: (node: TraceNode) => TraceNode): Trace {
  const made = new Map<TraceNode, TraceNode>()
  const inPlace = (nodes: readonly TraceNode[]): readonly TraceNode[] => nodes.map(node => made.get(node) ?? node)
  // each node is before its children
  for (const node of trace.nodes.toReversed()) made.set(node, {...change(node), children: inPlace(node.children)})
  return {...trace, roots: inPlace(trace.roots), orphans: inPlace(trace.orphans), nodes: inPlace(trace.nodes)}
}
