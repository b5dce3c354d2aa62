import {hash} from 'node:crypto'
import {calledType} from '../../world/called-resource.ts'
import {fieldsOf} from '../../world/document-fields.ts'
import type {SegmentDocument, SubsegmentDocument} from '../../world/segment-document.ts'

/**
 * The segments that X-Ray makes up for calls of what sends none itself: one for each subsegment of a call downstream that
 * no segment names as its parent.
 * @param calls subsegments at any depth, of all segments of the trace
 * @param answered ids of the subsegments that a segment names as its parent
 */
export function inferredSegments(
  traceId: string,
  calls: readonly SubsegmentDocument[],
  answered: ReadonlySet<string>,
): readonly SegmentDocument[] {
  return calls
    .filter(call => isCall(call) && !answered.has(call.id) && fieldsOf(call.http?.request)['traced'] !== true)
    .map(call => inferredFrom(traceId, call))
}

const isCall = ({namespace}: SubsegmentDocument) => namespace === 'aws' || namespace === 'remote'

function inferredFrom(traceId: string, call: SubsegmentDocument): SegmentDocument {
  const origin = calledType(call)
  const {name, start_time, end_time, in_progress, http, aws, error, throttle, fault, cause} = call
  return {
    id: hash('sha256', `inferred/${traceId}/${call.id}`, 'hex').slice(0, 16),
    name,
    start_time,
    ...(end_time !== undefined && {end_time}),
    ...(in_progress !== undefined && {in_progress}),
    parent_id: call.id,
    inferred: true,
    ...(http !== undefined && {http}),
    ...(aws !== undefined && {aws}),
    ...(error !== undefined && {error}),
    ...(throttle !== undefined && {throttle}),
    ...(fault !== undefined && {fault}),
    ...(cause !== undefined && {cause}),
    trace_id: traceId,
    ...(origin !== undefined && {origin}),
  }
}
