import type {Span} from './span.ts'
import type {NodeRole, TraceNode} from './trace.ts'

/** A node while its trace is assembled: each step fills in its part. */
export type Draft = {
  readonly id: string
  span: Span
  parent: Draft | null
  /** by start, then by id, once they are joined */
  children: Draft[]
  isOrphan: boolean
  role: NodeRole | null
  /** epoch ms; `start` for what ends before it starts, as long as it may have taken for what is in progress */
  end: number
  isCutOff: boolean
  selfMs: number
  criticalMs: number | null
  detached: TraceNode['detached']
  cause: TraceNode['cause']
}

export function draftOf(span: Span, id: string): Draft {
  return {
    id,
    span,
    parent: null,
    children: [],
    isOrphan: false,
    role: null,
    end: span.start,
    isCutOff: false,
    selfMs: 0,
    criticalMs: null,
    detached: null,
    cause: null,
  }
}

export const byStart = (a: Draft, b: Draft): number =>
  a.span.start - b.span.start || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/** All drafts from the given ones down, each before its children. Without recursion: a trace may be one long chain. */
export function downFrom(tops: readonly Draft[]): readonly Draft[] {
  const all: Draft[] = []
  const waiting = tops.toReversed()
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    all.push(next)
    for (let i = next.children.length - 1; i >= 0; i--) waiting.push(next.children[i] as Draft)
  }
  return all
}

/** The nodes of the drafts, which stand each before its children, in their order. */
export function nodesOf(drafts: readonly Draft[]): readonly TraceNode[] {
  const made = new Map<Draft, TraceNode>()
  for (const draft of drafts.toReversed()) {
    made.set(draft, {
      id: draft.id,
      span: draft.span,
      parentId: draft.parent?.id ?? null,
      role: draft.role,
      children: draft.children.map(child => made.get(child) as TraceNode),
      durationMs: microseconds(draft.end - draft.span.start),
      selfMs: microseconds(draft.selfMs),
      isInProgress: draft.span.end === null && !draft.isCutOff,
      isCutOff: draft.isCutOff,
      criticalMs: draft.criticalMs === null ? null : microseconds(draft.criticalMs),
      detached: draft.detached,
      cause: draft.cause,
      isOrphan: draft.isOrphan,
    })
  }
  return drafts.map(draft => made.get(draft) as TraceNode)
}

/** Epoch ms in a double are good to a quarter of a microsecond: what is finer comes of subtracting them. */
export const microseconds = (ms: number): number => Math.round(ms * 1e3) / 1e3
