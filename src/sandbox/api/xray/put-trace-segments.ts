import type {PutTraceSegmentsCommandOutput} from '@aws-sdk/client-xray'
import type {SegmentDocument} from '../../world/segment-document.ts'
import type {Context} from '../context.ts'
import {readSegment} from './segment-problem.ts'
import {noteSent} from './stored-traces.ts'

/** PutTraceSegments: takes what is a segment or an independent subsegment, and says of all else what is wrong with it. */
export function putTraceSegments(
  {TraceSegmentDocuments}: {readonly TraceSegmentDocuments: readonly string[]},
  {world, now}: Context,
): Omit<PutTraceSegmentsCommandOutput, '$metadata'> {
  const read = TraceSegmentDocuments.map(text => readSegment(text, now))
  // readSegment has looked at what a document must have; whatever else is in it is read with care (document-fields.ts).
  const taken = read.flatMap(one => ('document' in one ? [one.document as unknown as SegmentDocument] : []))
  if (taken.length > 0) world.putSegments(taken)
  noteSent(world, [...new Set(taken.map(({trace_id: id}) => id))])
  const refused = read.flatMap(one => ('document' in one ? [] : [one]))
  return {
    UnprocessedTraceSegments: refused.map(({code, of, id}) => ({
      ...(id !== undefined && {Id: id}),
      ErrorCode: code,
      Message: `Invalid ${of}. ErrorCode: ${code}`,
    })),
  }
}
