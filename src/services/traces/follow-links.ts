import {UserError} from '../../errors.ts'
import {firstLine} from '../aws/failures.ts'
import {fetchTraces} from './fetch-traces.ts'
import type {FetchedTrace} from './span.ts'
import type {Trace, TraceNode} from './trace.ts'
import type {TraceReading} from './trace-reading.ts'
import type {LinkedTrace} from './trace-report.ts'

const mostDepth = 3
const mostTraces = 20
const dayMs = 86_400_000

type Link = Trace['links'][number]
type Reference = 'parent' | 'child'
/** A link that is to be followed: where it leads from, and what the traces there are to this one. */
type Step = {readonly from: Trace; readonly links: readonly Link[]; readonly reference: Reference}

/**
 * Follows the links of a trace: to those that received what it sent, and what these sent on; and back to those that it
 * comes from. Three traces deep, twenty in all; each once, whatever circles the links make.
 * @param assemble makes a trace of what was fetched
 * @throws the signal's reason on abort; what AWS refuses is said of the trace that is missing
 */
export async function followLinks(
  reading: TraceReading,
  trace: Trace,
  assemble: (fetched: FetchedTrace) => Trace,
): Promise<readonly LinkedTrace[]> {
  const seen = new Set([trace.id])
  const linked: LinkedTrace[] = []
  let steps = [...stepsFrom(trace, 'parent'), ...stepsFrom(trace, 'child')]
  for (let depth = 1; steps.length > 0; depth++) {
    const next = steps.flatMap(step => {
      const links = step.links.filter(({traceId}) => !seen.has(traceId))
      const kept = links.slice(0, Math.max(0, mostTraces + 1 - seen.size))
      for (const {traceId} of kept) seen.add(traceId)
      if (kept.length < links.length) reading.notes.add(`more traces are linked: ${mostTraces} of them were followed`)
      return kept.length > 0 ? [{...step, links: kept}] : []
    })
    if (next.length === 0) break
    if (depth > mostDepth) {
      reading.notes.add(`links go on: they were followed ${mostDepth} traces deep`)
      break
    }
    const found = await fetchAll(reading, next, assemble)
    linked.push(...next.flatMap(step => linkedBy(step, found)))
    steps = next.flatMap(({links, reference}) =>
      links.flatMap(({traceId}) => {
        const reached = found.get(traceId)
        return reached && typeof reached !== 'string' ? stepsFrom(reached, reference) : []
      }),
    )
  }
  return linked.sort((a, b) => startOf(a) - startOf(b))
}

const startOf = ({trace}: LinkedTrace): number => trace?.start ?? Number.POSITIVE_INFINITY

/**
 * By the node that has them. Only on in the direction that led here: what else came with the same batch is another story.
 * Where nobody says which way a link goes, it leads back: so OpenTelemetry's do.
 */
function stepsFrom(from: Trace, reference: Reference): Step[] {
  const links = from.links.filter(link => (link.reference ?? 'parent') === reference)
  const once = new Map<string, Link>()
  for (const link of links) if (!once.has(link.traceId)) once.set(link.traceId, link)
  return [...Map.groupBy(once.values(), ({nodeId}) => nodeId).values()].map(links => ({from, links, reference}))
}

/** By id; a text says why a trace could not be had. */
async function fetchAll(
  {all, options, signal, notes, gaps, step}: TraceReading,
  steps: readonly Step[],
  assemble: (fetched: FetchedTrace) => Trace,
): Promise<ReadonlyMap<string, Trace | string>> {
  const ids = steps.flatMap(({links}) => links.map(({traceId}) => traceId))
  const starts = steps.map(({from}) => from.start)
  const window = {
    start: Math.min(...starts) - dayMs,
    end: Math.min(options.now, Math.max(...steps.map(({from}) => from.end)) + dayMs),
  }
  step('following its links')
  try {
    const {found, ...rest} = await fetchTraces(all, {ids, ...window}, signal)
    gaps.push(...rest.gaps)
    for (const note of rest.notes) notes.add(note)
    const answerFor = (id: string): Trace | string => {
      const fetched = found.get(id)
      return fetched ? assemble(fetched) : 'not found: it was not sampled, or is gone'
    }
    return new Map(ids.map(id => [id, answerFor(id)]))
  } catch (error) {
    signal.throwIfAborted()
    // anything else is a bug, and to be seen
    if (!(error instanceof UserError)) throw error
    const why = firstLine(error.message)
    return new Map(ids.map(id => [id, why]))
  }
}

function linkedBy({from, links, reference}: Step, found: ReadonlyMap<string, Trace | string>): readonly LinkedTrace[] {
  const node = from.nodes.find(({id}) => id === links[0]?.nodeId)
  const all = links.map((link): LinkedTrace => {
    const answer = found.get(link.traceId) ?? 'it was not found'
    const trace = typeof answer === 'string' ? null : answer
    return {
      id: link.traceId,
      fromTraceId: from.id,
      fromNodeId: link.nodeId,
      reference,
      dwellMs: dwellOf(link, from, node, trace, reference),
      trace,
      whyMissing: typeof answer === 'string' ? answer : null,
      attempts: executionsIn(trace),
    }
  })
  if (reference === 'parent' || !isOneMessage(node)) return all
  return [...Map.groupBy(all, ({trace}) => receiverOf(trace))].flatMap(([receiver, alike]) => {
    if (receiver === null || alike.length === 1) return alike
    const inOrder = alike.toSorted((a, b) => startOf(a) - startOf(b))
    return inOrder.map((link, i) => ({...link, delivery: {number: i + 1, of: inOrder.length}}))
  })
}

/** Whether what was sent is one message, as far as the call tells: then who received it twice tried again. */
const isOneMessage = (node: TraceNode | undefined): boolean => !/batch|records|events/i.test(node?.span.operation ?? '')

/** What the trace of a receiver begins with, the function as a rule; null where the trace is not there. */
function receiverOf(trace: Trace | null): string | null {
  const [root] = trace?.roots ?? []
  return root?.span.name ?? null
}

/** How often the function that the trace begins with ran in it: again after a failure, for the same request. */
function executionsIn(trace: Trace | null): number {
  const [root] = trace?.roots ?? []
  const requestId = root?.span.requestId
  if (!trace || !root || !requestId) return 1
  return Math.max(1, trace.nodes.filter(({role, span}) => role === 'function' && span.requestId === requestId).length)
}

/** From the end of sending to the receiver's start. Clocks differ: it is never negative. */
function dwellOf(
  link: Link,
  from: Trace,
  node: TraceNode | undefined,
  other: Trace | null,
  reference: Reference,
): number | null {
  const nodeIn = (trace: Trace | null): TraceNode | undefined =>
    link.spanId === null ? undefined : trace?.nodes.find(({span}) => span.id === link.spanId)
  const sender = reference === 'child' ? node : nodeIn(other)
  const receivedAt =
    reference === 'child'
      ? (nodeIn(other)?.span.start ?? other?.start ?? link.dwellEnd ?? link.receivedEnd)
      : (link.dwellEnd ?? node?.span.start ?? from.start)
  const sentAt = sender?.span.end ?? sender?.span.start ?? null
  return sentAt === null || receivedAt === null || receivedAt === undefined ? null : Math.max(0, receivedAt - sentAt)
}
