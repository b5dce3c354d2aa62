import type {
  CancelTraceRetrievalCommandOutput,
  GetRetrievedTracesGraphCommandOutput,
  ListRetrievedTracesCommandOutput,
  RetrievedTrace,
  StartTraceRetrievalCommandOutput,
} from '@aws-sdk/client-xray'
import {ServiceError} from '../../wire/service-error.ts'
import {otelSpans, otelTraceId} from '../../world/otel-spans.ts'
import type {Context} from '../context.ts'
import {invalidRequest} from './invalid-request.ts'
import {readToken, writeToken} from './page-token.ts'
import type {RetrievalJob} from './retrieval-jobs.ts'
import {serviceGraph} from './service-graph.ts'
import {storedTrace} from './stored-traces.ts'
import {type TraceTree, workOf} from './trace-tree.ts'

type StartRequest = {readonly TraceIds: readonly string[]; readonly StartTime: Date; readonly EndTime: Date}
type Reference = {readonly RetrievalToken: string}
type ListRequest = Reference & {readonly TraceFormat?: string | undefined; readonly NextToken?: string | undefined}

/** The most ids of a retrieval; API reference of StartTraceRetrieval. */
export const maxRetrievedTraces = 100
const pageTraces = 5

/** StartTraceRetrieval: looks for traces in the log group of Transaction Search; where that is not on there is none. */
export function startTraceRetrieval(
  {TraceIds, StartTime, EndTime}: StartRequest,
  {world, region, retrievals, retrievalFault}: Context,
): Omit<StartTraceRetrievalCommandOutput, '$metadata'> {
  if (world.traceDestination !== 'CloudWatchLogs')
    throw invalidRequest(
      'Trace retrieval requires Transaction Search: the trace segment destination is not CloudWatchLogs.',
    )
  const window = {from: StartTime.getTime(), to: EndTime.getTime()}
  if (!(window.from < window.to)) throw invalidRequest('Start time must be before end time')
  const traceIds = [...new Set(TraceIds.map(xrayTraceId))]
  return {RetrievalToken: retrievals.start({region, traceIds, window, fault: retrievalFault}).token}
}

/** ListRetrievedTraces: nothing but the status until the retrieval is complete, then its traces, five at a time. */
export function listRetrievedTraces(
  input: ListRequest,
  context: Context,
): Omit<ListRetrievedTracesCommandOutput, '$metadata'> {
  const job = requireJob(input, context)
  const RetrievalStatus = job.look()
  const TraceFormat = input.TraceFormat === 'OTEL' ? 'OTEL' : 'XRAY'
  if (RetrievalStatus !== 'COMPLETE') return {RetrievalStatus, TraceFormat, Traces: []}
  const request = [job.token, TraceFormat]
  const first = input.NextToken === undefined ? 0 : Number(readToken(request, input.NextToken)[0])
  const found = retrieved(job, context)
  const rest = first + pageTraces < found.length ? {NextToken: writeToken(request, [first + pageTraces])} : {}
  const Traces = found.slice(first, first + pageTraces).map(tree => traceAs(TraceFormat, tree))
  return {RetrievalStatus, TraceFormat, Traces, ...rest}
}

/** GetRetrievedTracesGraph: the services of what was retrieved. */
export async function getRetrievedTracesGraph(
  input: Reference,
  context: Context,
): Promise<Omit<GetRetrievedTracesGraphCommandOutput, '$metadata'>> {
  const job = requireJob(input, context)
  const RetrievalStatus = job.look()
  if (RetrievalStatus !== 'COMPLETE') return {RetrievalStatus, Services: []}
  const services = await serviceGraph(retrieved(job, context))
  return {RetrievalStatus, Services: services.map(service => ({Service: service, Links: []}))}
}

export function cancelTraceRetrieval(
  input: Reference,
  context: Context,
): Omit<CancelTraceRetrievalCommandOutput, '$metadata'> {
  requireJob(input, context).cancel()
  return {}
}

function requireJob({RetrievalToken}: Reference, {region, retrievals}: Context): RetrievalJob {
  const job = retrievals.find(region, RetrievalToken)
  if (!job) throw new ServiceError('ResourceNotFoundException', 'The retrieval token does not exist.')
  return job
}

/** Ids in OpenTelemetry's form are taken too. */
const xrayTraceId = (id: string) => id.replace(/^([0-9a-f]{8})([0-9a-f]{24})$/, '1-$1-$2')

function retrieved({traceIds, window}: RetrievalJob, {world}: Context): readonly TraceTree[] {
  return traceIds
    .flatMap(id => storedTrace(world, id)?.tree ?? [])
    .filter(({start, end}) => start * 1000 <= window.to && end * 1000 >= window.from)
}

function traceAs(format: 'XRAY' | 'OTEL', tree: TraceTree): RetrievedTrace {
  const {id, documents} = tree
  const spans =
    format === 'OTEL'
      ? otelSpans(id, documents).map(span => ({Id: span.id, Document: span.json}))
      : documents.map(document => ({Id: document.id, Document: JSON.stringify(document)}))
  return {Id: format === 'OTEL' ? otelTraceId(id) : id, Duration: workOf(tree), Spans: [...spans]}
}
