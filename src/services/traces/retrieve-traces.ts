import type {ListRetrievedTracesCommandOutput, TraceFormatType} from '@aws-sdk/client-xray'
import {ask, repeatedToken} from '../aws/ask.ts'
import type {Aws} from '../aws/connect.ts'
import {isMissing} from '../aws/failures.ts'
import {sdk} from '../aws/sdk.ts'
import {begunUnlessAborted, stopCall, withinStopTime} from '../aws/stop-call.ts'
import {inBatches} from '../batches.ts'
import {traceIdIn} from '../logs/trace-id.ts'
import {addDocument, type TraceDocuments} from './trace-documents.ts'

/** StartTraceRetrieval takes at most so many ids (X-Ray API reference). */
const mostIds = 100
const firstPollMs = 200
const mostPollMs = 3_000
/** AWS would go on for an hour; who waits can have the spans from their log group sooner */
const mostWaitMs = 90_000
/** a retrieval is not known everywhere the moment it is started */
const unknownAtFirstMs = 5_000
const mostPages = 1_000

export type RetrieveOptions = {
  /** X-Ray form */
  readonly ids: readonly string[]
  /** epoch ms, both ends inclusive */
  readonly start: number
  readonly end: number
}

/** A retrieval that brought nothing: AWS ended it, or it took too long. */
export class RetrievalEnded extends Error {
  override readonly name = 'RetrievalEnded'
}

/**
 * Gets traces from Transaction Search, where spans are kept as logs: starts a retrieval, waits for its end, and lists what it
 * found, as X-Ray documents, and as OpenTelemetry spans what has none. Whatever ends the waiting before AWS does, the abort of
 * the signal above all, also ends the retrieval at AWS: that is asked for with a deadline of its own.
 * @throws what AWS said, untranslated; RetrievalEnded; the signal's reason on abort
 */
export async function retrieveTraces(
  aws: Aws,
  {ids, start, end}: RetrieveOptions,
  documents: TraceDocuments,
  signal: AbortSignal,
): Promise<void> {
  for (const batch of inBatches(ids, mostIds)) {
    const token = await started(aws, {ids: batch, start, end}, signal)
    const first = await untilComplete(aws, token, signal)
    await list(aws, token, 'XRAY', first, documents, signal)
    const isLacking = batch.some(id => !documents.has(id))
    // what no segment can be made of is still a span
    if (isLacking) await list(aws, token, 'OTEL', null, documents, signal)
  }
}

async function started(aws: Aws, {ids, start, end}: RetrieveOptions, signal: AbortSignal): Promise<string> {
  const client = await aws.xray()
  const command = new (sdk.xray().StartTraceRetrievalCommand)({
    TraceIds: [...ids],
    StartTime: new Date(start),
    EndTime: new Date(end),
  })
  // without the signal: only with the token of the answer can it be cancelled
  const starting = ask(aws, 'StartTraceRetrieval', () => client.send(command), signal)
  const token = await begunUnlessAborted(
    aws.clock,
    starting.then(({RetrievalToken: token}) => token),
    token => cancel(aws, token),
    signal,
  )
  if (!token) throw new RetrievalEnded('AWS began no retrieval')
  return token
}

/** The first page of what was found. */
async function untilComplete(aws: Aws, token: string, signal: AbortSignal): Promise<ListRetrievedTracesCommandOutput> {
  const {clock} = aws
  const startedAt = clock.now()
  try {
    for (;;) {
      const elapsedMs = clock.now() - startedAt
      if (elapsedMs > mostWaitMs)
        throw new RetrievalEnded(`the retrieval had not ended after ${mostWaitMs / 1000} seconds`)
      await clock.sleep(Math.min(mostPollMs, firstPollMs + elapsedMs / 4), signal)
      const output = await page(aws, token, 'XRAY', undefined, signal).catch(error => {
        if (isMissing(error) && elapsedMs < unknownAtFirstMs) return null
        throw error
      })
      if (output === null) continue
      const status = output.RetrievalStatus
      if (status === 'COMPLETE') return output
      if (status !== 'SCHEDULED' && status !== 'RUNNING') throw new RetrievalEnded(endedAs(status))
    }
  } catch (error) {
    // where AWS has ended it, that is not needed, and does no harm
    await withinStopTime(aws.clock, cancel(aws, token))
    throw error
  }
}

function endedAs(status: string | undefined): string {
  if (status === 'TIMEOUT') return 'the retrieval ran into AWS’s limit of 60 minutes'
  if (status === 'CANCELLED') return 'the retrieval was cancelled by somebody'
  return `AWS ended the retrieval as ${status ?? 'nothing it names'}`
}

async function list(
  aws: Aws,
  token: string,
  format: TraceFormatType,
  first: ListRetrievedTracesCommandOutput | null,
  documents: TraceDocuments,
  signal: AbortSignal,
): Promise<void> {
  let output = first ?? (await page(aws, token, format, undefined, signal))
  // formats are not mixed: what the first has found stays as it is
  const known = new Set(documents.keys())
  for (let pages = 1; pages < mostPages; pages++) {
    for (const {Id: id, Spans: spans = []} of output.Traces ?? []) {
      if (id === undefined || known.has(traceIdIn(id) ?? id)) continue
      for (const {Document: document} of spans)
        if (document)
          addDocument(documents, {
            traceId: id,
            source: 'transaction-search',
            document,
            format: (output.TraceFormat ?? format) === 'OTEL' ? 'otel' : 'xray',
          })
    }
    const next = output.NextToken
    if (!next) return
    output = await page(aws, token, format, next, signal)
    if (output.NextToken === next) break
  }
  throw repeatedToken()
}

async function page(
  aws: Aws,
  token: string,
  format: TraceFormatType,
  next: string | undefined,
  signal: AbortSignal,
): Promise<ListRetrievedTracesCommandOutput> {
  const client = await aws.xray()
  const {ListRetrievedTracesCommand} = sdk.xray()
  const command = new ListRetrievedTracesCommand({
    RetrievalToken: token,
    TraceFormat: format,
    ...(next && {NextToken: next}),
  })
  return ask(aws, 'ListRetrievedTraces', options => client.send(command, options), signal)
}

async function cancel(aws: Aws, token: string | undefined): Promise<void> {
  if (!token) return
  const client = await aws.xray()
  const {CancelTraceRetrievalCommand} = sdk.xray()
  await stopCall(aws.clock, () => client.send(new CancelTraceRetrievalCommand({RetrievalToken: token})))
}
