import type {FetchedTrace} from '../../../src/services/traces/span.ts'
import type {Trace, TraceNode} from '../../../src/services/traces/trace.ts'

/** as much as sums of times in epoch ms may differ by rounding, each */
const roundingMs = 0.002

/** What is wrong with a trace, whatever it was made of: nothing, it is hoped. */
export function faultsOf(trace: Trace, fetched: FetchedTrace): readonly string[] {
  return [...faultsOfTree(trace), ...faultsOfTimes(trace), ...faultsOfCount(trace, fetched)]
}

function faultsOfTree({nodes, roots, orphans, links, coldStarts}: Trace): string[] {
  const faults: string[] = []
  const seen = new Map<string, TraceNode>()
  for (const node of nodes) {
    if (seen.has(node.id)) faults.push(`two nodes ${node.id}`)
    seen.set(node.id, node)
    if (node.parentId !== null && !seen.has(node.parentId)) faults.push(`${node.id} is before its parent`)
    if (node.parentId !== null && !seen.get(node.parentId)?.children.includes(node))
      faults.push(`${node.id} is no child`)
    for (let i = 1; i < node.children.length; i++) {
      if ((node.children[i - 1]?.span.start ?? 0) > (node.children[i]?.span.start ?? 0))
        faults.push('children out of order')
    }
  }
  const tops = nodes.filter(({parentId}) => parentId === null)
  if (tops.some((top, i) => top !== [...roots, ...orphans][i])) faults.push('roots and orphans are not the tops')
  if (tops.length !== roots.length + orphans.length) faults.push('there are tops that are neither roots nor orphans')
  if (nodes.length > 0 && roots.length === 0) faults.push('no root')
  const below = nodes.reduce((sum, {children}) => sum + children.length, tops.length)
  if (below !== nodes.length) faults.push(`${nodes.length} nodes, of which ${below} hang in the tree`)
  for (const {nodeId} of [...links, ...coldStarts]) if (!seen.has(nodeId)) faults.push(`${nodeId} is no node`)
  return faults
}

function faultsOfTimes(trace: Trace): string[] {
  const faults: string[] = []
  const check = (what: string, ms: number, most: number): void => {
    if (!(ms >= 0 && ms <= most)) faults.push(`${what} is ${ms}, of at most ${most}`)
  }
  let critical = 0
  check('start', trace.start, Number.MAX_SAFE_INTEGER)
  check('duration', trace.durationMs, trace.end - trace.start + roundingMs)
  check('measured to', trace.measuredTo, Number.MAX_SAFE_INTEGER)
  for (const node of trace.nodes) {
    check(`duration of ${node.id}`, node.durationMs, Number.MAX_SAFE_INTEGER)
    check(`self of ${node.id}`, node.selfMs, node.durationMs)
    check(`critical of ${node.id}`, node.criticalMs ?? 0, node.durationMs + roundingMs)
    critical += node.criticalMs ?? 0
  }
  check('critical path', critical, trace.durationMs + roundingMs * (trace.nodes.length + 1))
  for (const {downloadMs, initMs, restoreMs} of trace.coldStarts) {
    for (const ms of [downloadMs, initMs, restoreMs]) check('cold start', ms ?? 0, Number.MAX_SAFE_INTEGER)
  }
  return faults
}

/** Every span is a node, folded into one, or counted as a duplicate. */
function faultsOfCount({nodes, warnings}: Trace, {spans}: FetchedTrace): string[] {
  const repeated = warnings.find(({code}) => code === 'duplicate')?.count ?? 0
  const inferred = spans.filter(({isInferred}) => isInferred).length
  const most = spans.length - repeated
  return nodes.length > most || nodes.length < most - inferred
    ? [`${nodes.length} nodes of ${spans.length} spans, ${repeated} repeated, ${inferred} inferred`]
    : []
}
