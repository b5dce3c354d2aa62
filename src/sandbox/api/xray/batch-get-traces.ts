import type {BatchGetTracesCommandOutput, Trace} from '@aws-sdk/client-xray'
import type {Context} from '../context.ts'
import {invalidRequest} from './invalid-request.ts'
import {readToken, writeToken} from './page-token.ts'
import type {ProcessedTrace} from './process-trace.ts'
import {storedTrace} from './stored-traces.ts'
import {type TraceTree, workOf} from './trace-tree.ts'

type BatchRequest = {readonly TraceIds: readonly string[]; readonly NextToken?: string | undefined}

/** The most ids of one request; the service says no to more, though its model does not. */
const maxTraceIds = 5
// How much comes in one answer AWS does not say; this is what fits the answers of its other services.
const maxPageBytes = 1024 * 1024

/**
 * BatchGetTraces: the documents of traces; ids of which X-Ray knows nothing are left out without a word. Where spans go to
 * CloudWatch Logs nothing is found at all.
 */
export function batchGetTraces(
  {TraceIds, NextToken}: BatchRequest,
  {world, isUnprocessed}: Context,
): Omit<BatchGetTracesCommandOutput, '$metadata'> {
  if (TraceIds.length > maxTraceIds) throw invalidRequest(`Too many trace IDs: at most ${maxTraceIds} are allowed.`)
  const ids = [...new Set(TraceIds)]
  const unprocessed = ids.filter(isUnprocessed)
  const answer = (traces: Trace[], rest = {}) => ({Traces: traces, UnprocessedTraceIds: unprocessed, ...rest})
  if (world.traceDestination !== 'XRay') return answer([])
  const first = NextToken === undefined ? 0 : Number(readToken(TraceIds, NextToken)[0])
  const traces: Trace[] = []
  let bytes = 0
  for (const [index, id] of ids.entries()) {
    const found = index < first || unprocessed.includes(id) ? undefined : storedTrace(world, id)
    if (!found) continue
    const trace = traceAnswer(found.processed, found.tree)
    const own = (trace.Segments ?? []).reduce((sum, {Document = ''}) => sum + Buffer.byteLength(Document), 0)
    if (traces.length > 0 && bytes + own > maxPageBytes)
      return answer(traces, {NextToken: writeToken(TraceIds, [index])})
    bytes += own
    traces.push(trace)
  }
  return answer(traces)
}

function traceAnswer({id, documents, isLimitExceeded}: ProcessedTrace, tree: TraceTree | undefined): Trace {
  return {
    Id: id,
    Duration: tree ? workOf(tree) : 0,
    LimitExceeded: isLimitExceeded,
    Segments: documents.map(document => ({Id: document.id, Document: JSON.stringify(document)})),
  }
}
