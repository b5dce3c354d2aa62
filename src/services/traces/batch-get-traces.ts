import {ask, repeatedToken} from '../aws/ask.ts'
import type {Aws} from '../aws/connect.ts'
import {sdk} from '../aws/sdk.ts'
import {inBatches} from '../batches.ts'
import {addDocument, markLimitExceeded, type TraceDocuments} from './trace-documents.ts'

/** BatchGetTraces takes at most so many ids (its model says nothing of it, its answers do). */
const mostIds = 5
/** what X-Ray does not have stays unprocessed as well: nobody is kept waiting for it long */
const retryAfterMs = [300, 600, 1_200] as const
const mostPages = 1_000

/**
 * Gets traces from X-Ray, in fives at a time. Ids that X-Ray leaves unprocessed are asked for again a few times.
 * @param retry whether they are
 * @returns those that stayed unprocessed to the end
 * @throws what AWS said, untranslated, once all calls have ended; what came before is among the documents
 */
export async function batchGetTraces(
  aws: Aws,
  ids: readonly string[],
  documents: TraceDocuments,
  {signal, retry}: {readonly signal: AbortSignal; readonly retry: boolean},
): Promise<readonly string[]> {
  let left = await unprocessed(aws, ids, documents, signal)
  for (const waitMs of retry ? retryAfterMs : []) {
    if (left.length === 0) break
    await aws.clock.sleep(waitMs, signal)
    left = await unprocessed(aws, left, documents, signal)
  }
  return left
}

async function unprocessed(
  aws: Aws,
  ids: readonly string[],
  documents: TraceDocuments,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const batches = await Promise.allSettled(
    inBatches(ids, mostIds).map(batch => getBatch(aws, batch, documents, signal)),
  )
  signal.throwIfAborted()
  const failed = batches.find(batch => batch.status === 'rejected')
  if (failed) throw failed.reason
  const left = new Set(batches.flatMap(batch => (batch.status === 'fulfilled' ? batch.value : [])))
  return ids.filter(id => left.has(id) && !documents.has(id))
}

async function getBatch(
  aws: Aws,
  ids: readonly string[],
  documents: TraceDocuments,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const client = await aws.xray()
  const {BatchGetTracesCommand} = sdk.xray()
  const left: string[] = []
  let token: string | undefined
  for (let page = 0; page < mostPages; page++) {
    const command = new BatchGetTracesCommand({TraceIds: [...ids], ...(token && {NextToken: token})})
    const output = await ask(aws, 'BatchGetTraces', options => client.send(command, options), signal)
    for (const {Id: id, Segments: segments = [], LimitExceeded: isLimitExceeded} of output.Traces ?? []) {
      if (id === undefined) continue
      for (const {Document: document} of segments)
        if (document) addDocument(documents, {traceId: id, source: 'xray', document, format: 'xray'})
      if (isLimitExceeded) markLimitExceeded(documents, id)
    }
    left.push(...(output.UnprocessedTraceIds ?? []))
    if (!output.NextToken) return left
    if (output.NextToken === token) break
    token = output.NextToken
  }
  throw repeatedToken()
}
