// Segments that clients send; they live as long as the process.
import type {SegmentDocument} from './segment-document.ts'

/** What is kept; the traces written to least recently go first. */
const mostDocuments = 20_000

export type ClientSegments = {
  put(documents: readonly SegmentDocument[]): void
  /** those of one trace */
  of(traceId: string): readonly SegmentDocument[]
  traceIds(): readonly string[]
}

export function createClientSegments(): ClientSegments {
  const traces = new Map<string, Map<string, SegmentDocument>>()
  let kept = 0

  function putOne(document: SegmentDocument): void {
    const {trace_id: traceId, id} = document
    const trace = traces.get(traceId) ?? new Map<string, SegmentDocument>()
    // in the order of writing
    traces.delete(traceId)
    traces.set(traceId, trace)
    const known = trace.get(id)
    // a segment is sent when it begins and again when it ends; the one that has ended counts, whichever came first
    if (known && document.in_progress && !known.in_progress) return
    if (!known) kept++
    trace.set(id, document)
  }

  return {
    put(documents) {
      for (const document of documents) putOne(document)
      for (const [traceId, trace] of traces) {
        if (kept <= mostDocuments) break
        kept -= trace.size
        traces.delete(traceId)
      }
    },
    of: traceId => [...(traces.get(traceId)?.values() ?? [])],
    traceIds: () => [...traces.keys()],
  }
}
