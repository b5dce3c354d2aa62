import {isComplete} from '../../world/document-fields.ts'
import type {SegmentDocument, SubsegmentDocument} from '../../world/segment-document.ts'
import type {SandboxTrace} from '../../world/world.ts'
import {inferredSegments} from './inferred-segments.ts'

/** What X-Ray hands out of a trace, made from what it was sent. */
export type ProcessedTrace = {
  readonly id: string
  /** segments, those that X-Ray made up among them, and independent subsegments whose parent never came; by start */
  readonly documents: readonly SegmentDocument[]
  /** documents were left out because the trace is too large */
  readonly isLimitExceeded: boolean
  /** grows with what is sent */
  readonly revision: number
}

/** The most bytes of a trace whose segments arrive together; repost.aws, on X-Ray's trace quota errors. */
const maxTraceBytes = 500 * 1024
/** Documents of 64 KB, the most that each may have, that always fit. */
const alwaysFitting = Math.floor(maxTraceBytes / (64 * 1024))

/**
 * Of documents with the same id the last complete one counts; independent subsegments go into the segment they belong to;
 * calls of what sent no segment of its own get one that is inferred.
 */
export function processTrace({id, documents}: Pick<SandboxTrace, 'id' | 'documents'>): ProcessedTrace {
  const kept = withinLimit(documents)
  const latest = latestOf(kept)
  const segments = latest.filter(({type}) => type !== 'subsegment')
  const loose = Map.groupBy(
    latest.filter(({type}) => type === 'subsegment'),
    ({parent_id: parentId}) => parentId ?? '',
  )
  const whole = segments.map(segment => withSubsegments(segment, loose))
  const orphans = [...loose.values()].flat()
  const answered = new Set(segments.flatMap(({parent_id: parentId}) => parentId ?? []))
  const calls = [
    ...whole.flatMap(each => subsegmentsOf(each)),
    ...orphans.flatMap(orphan => [orphan, ...subsegmentsOf(orphan)]),
  ]
  return {
    id,
    documents: [...whole, ...orphans, ...inferredSegments(id, calls, answered)].sort(
      (a, b) => a.start_time - b.start_time,
    ),
    isLimitExceeded: kept.length < documents.length,
    revision: documents.length,
  }
}

/** All subsegments of a document, at any depth. */
function subsegmentsOf({subsegments}: SubsegmentDocument, found: SubsegmentDocument[] = []): SubsegmentDocument[] {
  for (const each of subsegments ?? []) {
    found.push(each)
    subsegmentsOf(each, found)
  }
  return found
}

function withinLimit(documents: readonly SegmentDocument[]): readonly SegmentDocument[] {
  if (documents.length <= alwaysFitting) return documents
  let bytes = 0
  return documents.filter(document => {
    const own = Buffer.byteLength(JSON.stringify(document))
    if (bytes + own > maxTraceBytes) return false
    bytes += own
    return true
  })
}

function latestOf(documents: readonly SegmentDocument[]): readonly SegmentDocument[] {
  const latest = new Map<string, SegmentDocument>()
  for (const document of documents) {
    const known = latest.get(document.id)
    if (!known || isComplete(document) || !isComplete(known)) latest.set(document.id, document)
  }
  return [...latest.values()]
}

// Every walk through a document is as deep as it is: a chain of subsegments, each sent by itself, must not end the stack.
const deepest = 200

/** Takes the subsegments that belong into a document out of `loose`, so that ids that are claimed twice lead into no loop. */
function withSubsegments<Document extends SubsegmentDocument>(
  document: Document,
  loose: Map<string, SegmentDocument[]>,
  depth = 0,
): Document {
  if (depth > deepest) return document
  const own = document.subsegments ?? []
  const sent = loose.get(document.id) ?? []
  if (loose.size === 0 || (own.length === 0 && sent.length === 0)) return document
  loose.delete(document.id)
  const replaced = new Set(sent.map(({id}) => id))
  const subsegments = [...own.filter(({id}) => !replaced.has(id)), ...sent.map(nested)]
    .map(each => withSubsegments(each, loose, depth + 1))
    .sort((a, b) => a.start_time - b.start_time)
  return {...document, subsegments}
}

function nested({trace_id: _, parent_id: __, type: ___, ...subsegment}: SegmentDocument): SubsegmentDocument {
  return subsegment
}
