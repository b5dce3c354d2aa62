import type {SpanException} from '../services/traces/span.ts'
import type {Trace, TraceNode} from '../services/traces/trace.ts'

// A chain of calls hands an exception up a few levels; a longer way is followed no further.
const mostLevels = 64

/**
 * What went wrong, by node id, a line each, raw text: `PaymentTimeout: upstream did not answer in 1500 ms`. Callers are told of
 * an exception again and again on its way up; it is said once, at the lowest node that has it.
 */
export function messagesOf(trace: Trace): ReadonlyMap<string, readonly string[]> {
  const byId = new Map(trace.nodes.map(node => [node.id, node]))
  const told = new Map(trace.nodes.filter(isFailed).map(node => [node.id, ownMessages(node)]))
  const below = new Map<string, Set<string>>()
  for (const [id, messages] of told) {
    for (const message of messages) tellAncestors(message, byId.get(id)?.parentId ?? null)
  }
  return new Map(
    [...told].map(([id, messages]) => [id, messages.filter(message => !below.get(id)?.has(message))] as const),
  )

  function tellAncestors(message: string, from: string | null): void {
    let id = from
    for (let level = 0; level < mostLevels && id !== null; level++) {
      const known = below.get(id) ?? new Set()
      if (known.has(message)) return
      below.set(id, known.add(message))
      id = byId.get(id)?.parentId ?? null
    }
  }
}

export const isFailed = ({span}: TraceNode): boolean => span.status !== 'ok'

/** How nodes failed that are one thing: a fault if any did so; null where none failed. */
export function failureOf(nodes: readonly TraceNode[]): 'fault' | 'error' | 'throttle' | null {
  const statuses = nodes.map(({span}) => span.status).filter(status => status !== 'ok')
  return statuses.includes('fault') ? 'fault' : (statuses.find(status => status === 'error') ?? statuses[0] ?? null)
}

function ownMessages({cause}: TraceNode): readonly string[] {
  if (cause?.missingId != null) return [`exception ${cause.missingId} not in trace`]
  const [first, ...below] = cause?.exceptions ?? []
  const innermost = below.at(-1)
  return [...(first ? [exceptionText(first)] : []), ...(innermost ? [`caused by ${exceptionText(innermost)}`] : [])]
}

/** `type: message` by the first line of the message; either alone, or a word for neither. */
export function exceptionText({type, message}: SpanException): string {
  const [firstLine = ''] = (message ?? '').trim().split(/[\r\n]/, 1)
  return [type?.trim(), firstLine].filter(Boolean).join(': ') || 'an exception without type or message'
}
