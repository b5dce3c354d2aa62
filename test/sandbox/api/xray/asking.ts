import {
  BatchGetTracesCommand,
  GetTraceSummariesCommand,
  type GetTraceSummariesCommandInput,
  PutTraceSegmentsCommand,
  type TraceSummary,
  XRayClient,
} from '@aws-sdk/client-xray'
import type {ServeOptions} from '../../../../src/sandbox/server.ts'
import type {SegmentDocument} from '../../../../src/sandbox/world/segment-document.ts'
import {noon, type WorldParts} from '../../hand-made-world.ts'
import {serve} from '../../running.ts'

/** The id of a trace that began so many seconds before noon; `n` tells those of the same second apart. */
export function traceId(secondsAgo: number, n = 0): string {
  const seconds = Math.floor(noon / 1000 - secondsAgo)
  return `1-${seconds.toString(16)}-${n.toString(16).padStart(24, '0')}`
}

/** Epoch seconds, so many before noon. */
export const ago = (seconds: number): number => noon / 1000 - seconds

export const idOf = (n: number): string => n.toString(16).padStart(16, '0')

/** A segment that took 0.2 s, ten seconds before noon. */
export function segment(parts: Partial<SegmentDocument> = {}): SegmentDocument {
  const start = parts.start_time ?? ago(10)
  const ends = parts.in_progress ? {} : {end_time: start + 0.2}
  return {id: idOf(1), trace_id: traceId(noon / 1000 - start), name: 'shop', start_time: start, ...ends, ...parts}
}

type Window = Pick<GetTraceSummariesCommandInput, 'StartTime' | 'EndTime'>

export const lastHour: Window = {StartTime: new Date(noon - 3_600_000), EndTime: new Date(noon)}

/** A server over hand-made segments, and X-Ray's operations on it. */
export async function askXray(parts: WorldParts, options: Partial<ServeOptions> = {}) {
  const {connect} = await serve(parts, options)
  const client = connect(XRayClient)
  const page = (input: Partial<GetTraceSummariesCommandInput> = {}) =>
    client.send(new GetTraceSummariesCommand({...lastHour, ...input}))
  return {
    client,
    connect,
    page,
    put: (...documents: readonly unknown[]) =>
      client.send(
        new PutTraceSegmentsCommand({
          TraceSegmentDocuments: documents.map(each => (typeof each === 'string' ? each : JSON.stringify(each))),
        }),
      ),
    batch: (...TraceIds: string[]) => client.send(new BatchGetTracesCommand({TraceIds})),
    /** the documents of one trace */
    documents: async (id: string): Promise<SegmentDocument[]> => {
      const {Traces = []} = await client.send(new BatchGetTracesCommand({TraceIds: [id]}))
      return (Traces[0]?.Segments ?? []).map(({Document = ''}) => JSON.parse(Document))
    },
    /** all pages */
    summaries: async (input: Partial<GetTraceSummariesCommandInput> = {}): Promise<TraceSummary[]> => {
      const found: TraceSummary[] = []
      let NextToken: string | undefined
      do {
        const answer = await page({...input, NextToken})
        found.push(...(answer.TraceSummaries ?? []))
        NextToken = answer.NextToken
      } while (NextToken !== undefined)
      return found
    },
  }
}
