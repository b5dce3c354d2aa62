import {
  BatchGetTracesCommand,
  GetTraceSummariesCommand,
  PutTraceSegmentsCommand,
  type TraceSummary,
  XRayClient,
} from '@aws-sdk/client-xray'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {type AwsServer, servers} from './servers.ts'

const credentials = {accessKeyId: 'x', secretAccessKey: 'x'}

// Whole seconds, complete documents and no filter: what moto knows of X-Ray.
describe.each(servers)('xray traces in $name', ({start: startServer, ready, traces}) => {
  describe.runIf(ready && traces)('that were put', () => {
    let server: AwsServer
    let client: XRayClient
    const startedAt = Math.floor(Date.now() / 1000) - 600
    const traceId = (n: number) => `1-${(startedAt + n).toString(16)}-${String(n).padStart(24, '0')}`
    const segment = (n: number, parts: object = {}) => ({
      id: '0000000000000001',
      trace_id: traceId(n),
      name: 'shop',
      start_time: startedAt + n,
      end_time: startedAt + n + 2,
      ...parts,
    })
    const failed = segment(20, {fault: true})
    const called = segment(20, {
      id: '0000000000000002',
      parent_id: '0000000000000001',
      name: 'stock',
      start_time: startedAt + 21,
    })

    const put = (...documents: readonly unknown[]) =>
      client.send(
        new PutTraceSegmentsCommand({
          TraceSegmentDocuments: documents.map(each => (typeof each === 'string' ? each : JSON.stringify(each))),
        }),
      )

    async function summaries(from: number, to: number): Promise<TraceSummary[]> {
      const found: TraceSummary[] = []
      let NextToken: string | undefined
      do {
        const page = await client.send(
          new GetTraceSummariesCommand({
            StartTime: new Date((startedAt + from) * 1000),
            EndTime: new Date((startedAt + to) * 1000),
            NextToken,
          }),
        )
        found.push(...(page.TraceSummaries ?? []))
        NextToken = page.NextToken
      } while (NextToken !== undefined)
      return found
    }

    beforeAll(async () => {
      server = await startServer()
      client = new XRayClient({region: 'eu-west-1', endpoint: server.url, credentials})
      await put(segment(0), segment(40), called, failed)
    })
    afterAll(async () => {
      client?.destroy()
      await server?.stop()
    })

    test('are listed by window, each once, with how they went', async () => {
      const all = await summaries(-60, 300)
      expect(all.map(({Id}) => Id).toSorted()).toEqual([traceId(0), traceId(20), traceId(40)])
      const [first, second] = [traceId(0), traceId(20)].map(id => all.find(({Id}) => Id === id))
      expect(first).toMatchObject({Duration: 2, HasFault: false, HasError: false, HasThrottle: false})
      expect(second).toMatchObject({Duration: 2, HasFault: true})
      expect((await summaries(15, 35)).map(({Id}) => Id)).toEqual([traceId(20)])
      expect(await summaries(100, 300)).toEqual([])
    })

    test('are read back by id, document by document, as they were sent', async () => {
      const {Traces = []} = await client.send(
        new BatchGetTracesCommand({TraceIds: [traceId(20), traceId(0), traceId(99)]}),
      )
      expect(Traces.map(({Id}) => Id).toSorted()).toEqual([traceId(0), traceId(20)])
      const [trace] = Traces.filter(({Id}) => Id === traceId(20))
      const documents = new Map(trace?.Segments?.map(({Id, Document = ''}) => [Id, JSON.parse(Document)]))
      expect(documents.get(failed.id)).toMatchObject(failed)
      expect(documents.get(called.id)).toMatchObject(called)
      expect(documents.size).toBe(2)
    })

    test('are refused one by one where they are no segments', async () => {
      const answer = await put('{', {name: 'no id'}, segment(60))
      expect(answer.UnprocessedTraceSegments).toHaveLength(2)
      expect((await summaries(50, 90)).map(({Id}) => Id)).toEqual([traceId(60)])
    })
  })
})
