import type {Aws} from '../aws/connect.ts'
import {readPages} from '../logs/pages.ts'
import type {LogSource} from '../logs/source.ts'
import {w3cTraceId} from '../logs/trace-id.ts'
import {stopSignal} from '../stop-signal.ts'
import type {RetrieveOptions} from './retrieve-traces.ts'
import {addDocument, type TraceDocuments} from './trace-documents.ts'

/** Where Transaction Search keeps spans. */
export const spansLogGroup = 'aws/spans'
/** the group has the spans of a whole region: reading on for longer would hold up who waits for one trace */
const mostWaitMs = 60_000

/**
 * Gets the spans of traces from their log group, one record a span.
 * @returns whether all of the time was searched
 * @throws what AWS said, untranslated
 */
export async function spansFromLogs(
  aws: Aws,
  {ids, start, end}: RetrieveOptions,
  documents: TraceDocuments,
  signal: AbortSignal,
): Promise<boolean> {
  const source = spansSource(aws)
  const deadline = aws.clock.now() + mostWaitMs
  // what is refused for one trace ends the search for the others
  const {stopped, stop} = stopSignal(signal)
  const search = async (traceId: string): Promise<boolean> => {
    const request = {startTime: start, endTime: end, filterPattern: `{ $.traceId = "${w3cTraceId(traceId)}" }`}
    for await (const page of readPages(source, request, {signal: stopped, firstPriority: 'small'})) {
      for (const {message} of page.events())
        addDocument(documents, {traceId, source: 'transaction-search', document: message, format: 'otel'})
      if (page.nextToken !== null && aws.clock.now() > deadline) return false
    }
    return true
  }
  try {
    return (await Promise.all(ids.map(search))).every(isWhole => isWhole)
  } finally {
    stop()
  }
}

const spansSource = (aws: Aws): LogSource => ({
  aws,
  scope: aws.scope,
  logGroup: spansLogGroup,
  logGroupClass: null,
  functions: [],
  only: null,
  mayBeMissing: true,
})
