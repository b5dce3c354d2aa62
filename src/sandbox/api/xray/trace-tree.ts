import {calledResource} from '../../world/called-resource.ts'
import {isComplete, textOf} from '../../world/document-fields.ts'
import type {SegmentDocument, SubsegmentDocument} from '../../world/segment-document.ts'
import type {ProcessedTrace} from './process-trace.ts'

/** A node of the service graph: segments with the same name, type and account belong to the same one. */
export type Service = {
  readonly name: string
  /** undefined for a program that does not say where it runs */
  readonly type: string | undefined
  readonly accountId: string | undefined
}

/** A segment or subsegment in its place. */
export type TraceNode = {
  readonly document: SubsegmentDocument
  readonly segment: TraceSegment
  readonly isSegment: boolean
  parent: TraceNode | undefined
  /** subsegments, and the segments of what they called */
  readonly children: TraceNode[]
}

export type TraceSegment = {
  readonly document: SegmentDocument
  readonly service: Service
  /** the segment itself first, then its subsegments */
  readonly nodes: TraceNode[]
}

/** A processed trace whose segments know who called them. */
export type TraceTree = ProcessedTrace & {
  /** by start */
  readonly segments: readonly TraceSegment[]
  /** every segment and subsegment */
  readonly nodes: readonly TraceNode[]
  /** the entry point: the first segment that nobody called, or whose caller is not in the trace */
  readonly root: TraceSegment
  readonly isPartial: boolean
  /** epoch seconds: when the first segment started, and when the last thing happened to any */
  readonly start: number
  readonly end: number
}

/** Joins the segments of a trace; undefined where there are none, but for subsegments whose segment never came. */
export function treeOf(trace: ProcessedTrace, account: string): TraceTree | undefined {
  const segments = trace.documents
    .filter(({type}) => type !== 'subsegment')
    .map(document => segmentOf(document, serviceOf(document, account)))
  const nodes = segments.flatMap(segment => segment.nodes)
  const byId = new Map<string, TraceNode>()
  for (const node of nodes) if (!byId.has(node.document.id)) byId.set(node.document.id, node)
  for (const {document, nodes: own} of segments) {
    const parent = document.parent_id === undefined ? undefined : byId.get(document.parent_id)
    const [self] = own
    if (!parent || !self || parent === self) continue
    self.parent = parent
    parent.children.push(self)
  }
  const root =
    segments.find(({document}) => document.parent_id === undefined) ??
    segments.find(({nodes: [self]}) => self?.parent === undefined) ??
    segments[0]
  if (!root) return undefined
  return {
    ...trace,
    segments,
    nodes,
    root,
    isPartial: segments.some(({document}) => !isComplete(document)),
    start: segments.reduce((first, {document}) => Math.min(first, document.start_time), root.document.start_time),
    end: segments.reduce((last, {document}) => Math.max(last, endOf(document)), endOf(root.document)),
  }
}

/** Epoch seconds of the last that is known of a document. */
export const endOf = ({start_time, end_time}: Pick<SubsegmentDocument, 'start_time' | 'end_time'>): number =>
  end_time ?? start_time

/** Seconds. */
export const durationOf = (document: SubsegmentDocument): number =>
  Math.max(0, microseconds(endOf(document) - document.start_time))

/** Seconds from the first start to the last end. */
export const workOf = ({start, end}: TraceTree): number => Math.max(0, microseconds(end - start))

/** X-Ray's numbers have at most six decimals. */
export const microseconds = (seconds: number): number => Math.round(seconds * 1e6) / 1e6

function segmentOf(document: SegmentDocument, service: Service): TraceSegment {
  const segment: TraceSegment = {document, service, nodes: []}
  addNode(document, undefined, segment)
  return segment
}

function addNode(document: SubsegmentDocument, parent: TraceNode | undefined, segment: TraceSegment): void {
  const node: TraceNode = {document, segment, isSegment: parent === undefined, parent, children: []}
  segment.nodes.push(node)
  parent?.children.push(node)
  for (const each of document.subsegments ?? []) addNode(each, node, segment)
}

function serviceOf(document: SegmentDocument, account: string): Service {
  const type = textOf(document.origin) ?? (document.inferred === true ? 'remote' : undefined)
  const name = (document.inferred === true ? calledResource(document) : undefined) ?? document.name
  const isForeign = type === 'remote' || type === 'Database::SQL'
  return {name, type, accountId: isForeign ? undefined : (textOf(document.aws?.['account_id']) ?? account)}
}
