// One trace as a tree. Types only.
import type {Span, SpanException, SpanLink, TraceSource} from './span.ts'

/**
 * What a node is, where slsops knows: `service` and `function` are the two segments that Lambda writes of an invocation,
 * `queue` time in which nothing but waiting happened (Dwell Time).
 */
export type NodeRole = 'service' | 'function' | 'init' | 'restore' | 'invocation' | 'overhead' | 'attempt' | 'queue'

/** An init or restore that nobody waited for: provisioned, or made ahead of time. Its bar is not drawn. */
type Detached = {
  readonly ms: number
  /** from its end to the start of the invocation */
  readonly earlierMs: number
}

/**
 * A span in its place. Inferred segments are folded into the subsegment they were made from: `span` is then that subsegment
 * with what only the inferred segment said (origin, resource) filled in.
 */
export type TraceNode = {
  /** unique in the trace, also where the documents' ids are not */
  readonly id: string
  readonly span: Span
  readonly parentId: string | null
  readonly role: NodeRole | null
  /** by start, then by id */
  readonly children: readonly TraceNode[]
  /** never negative; of a span without an end up to `measuredTo` of the trace, of a subsegment not beyond what it is in */
  readonly durationMs: number
  /**
   * the part of it in which no child ran: the union of the children's intervals, clipped to its own, taken away. An init that
   * ran before its own segment counts as a child of the one above.
   */
  readonly selfMs: number
  readonly isInProgress: boolean
  /** a subsegment whose end never came, though what it is in has ended, as after a timeout: it went on no longer than that */
  readonly isCutOff: boolean
  /** the time that this node itself has on the critical path; null where it is not on it, and in a trace made of logs */
  readonly criticalMs: number | null
  readonly detached: Detached | null
  /** why it failed, exceptions that other spans have looked up; null where nobody says */
  readonly cause: {
    readonly exceptions: readonly SpanException[]
    /** an exception that no span of the trace has */
    readonly missingId: string | null
  } | null
  /** its parent is not in the trace, or stands below it */
  readonly isOrphan: boolean
}

export type TraceWarning = {
  readonly code:
    | 'orphan'
    | 'cycle'
    | 'duplicate'
    | 'in-progress'
    | 'cut-off'
    | 'outside-parent'
    | 'limit-exceeded'
    | 'unreadable'
    | 'missing-exception'
    | 'ends-before-start'
  readonly count: number
  /** a sentence for people */
  readonly message: string
}

/** What one execution of a function took before its code ran, by its segments. */
export type ColdStart = {
  readonly nodeId: string
  /**
   * from when Lambda had the request, time in a queue and earlier attempts left out, to the start of the init: the code is fetched
   * and a sandbox made; null where it cannot be told
   */
  readonly downloadMs: number | null
  readonly initMs: number | null
  readonly restoreMs: number | null
  /** nobody waited for it */
  readonly isDetached: boolean
}

export type Trace = {
  /** X-Ray form, `1-8-24` */
  readonly id: string
  readonly source: TraceSource
  /** epoch ms: the first start and the last end of all nodes but detached ones; equal where the trace took no time */
  readonly start: number
  readonly end: number
  readonly durationMs: number
  /** epoch ms up to which spans in progress are measured: the last time that any span tells */
  readonly measuredTo: number
  /** spans have no end, are orphaned, or left out by X-Ray */
  readonly isPartial: boolean
  /** by start: one as a rule; none where the trace is empty. Orphans are among `orphans`. */
  readonly roots: readonly TraceNode[]
  readonly orphans: readonly TraceNode[]
  /** every node, each before its children, `roots` before `orphans` */
  readonly nodes: readonly TraceNode[]
  readonly coldStarts: readonly ColdStart[]
  readonly links: readonly (SpanLink & {readonly nodeId: string})[]
  readonly warnings: readonly TraceWarning[]
}
