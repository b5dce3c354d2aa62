import type {SegmentDocument, SubsegmentDocument} from '../../../src/sandbox/world/segment-document.ts'
import type {SandboxTrace} from '../../../src/sandbox/world/world.ts'

/** A segment or subsegment with the id of what it is below. */
export type Node = SubsegmentDocument & Partial<SegmentDocument> & {readonly above: string | undefined}

/** Segments and subsegments of a trace, each before what is in it. */
export function nodesOf({documents}: SandboxTrace): readonly Node[] {
  const below = (node: SubsegmentDocument, above: string | undefined): readonly Node[] => [
    {...node, above},
    ...(node.subsegments ?? []).flatMap(each => below(each, node.id)),
  ]
  return documents.flatMap(document => below(document, document.parent_id))
}

/** The segments that a function itself sent. */
export function functionSegments(trace: SandboxTrace, name?: string): readonly SegmentDocument[] {
  return trace.documents.filter(
    document => document.origin === 'AWS::Lambda::Function' && (name === undefined || document.name === name),
  )
}

export function serviceSegments(trace: SandboxTrace, name: string): readonly SegmentDocument[] {
  return trace.documents.filter(document => document.origin === 'AWS::Lambda' && document.name === name)
}

/** A subsegment of a segment by its name, directly in it. */
export function part(document: SubsegmentDocument | undefined, name: string): SubsegmentDocument | undefined {
  return document?.subsegments?.find(each => each.name === name)
}
