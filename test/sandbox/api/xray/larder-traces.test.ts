import {
  BatchGetTracesCommand,
  GetServiceGraphCommand,
  GetTraceSegmentDestinationCommand,
  GetTraceSummariesCommand,
  ListRetrievedTracesCommand,
  StartTraceRetrievalCommand,
  type TimeRangeType,
  type TraceSummary,
  XRayClient,
} from '@aws-sdk/client-xray'
import {describe, expect, test} from 'vitest'
import {openState} from '../../../../src/sandbox/state.ts'
import {createWorld, createWorldsAbroad} from '../../../../src/sandbox/world/create-world.ts'
import type {SegmentDocument, SubsegmentDocument} from '../../../../src/sandbox/world/segment-document.ts'
import {serve} from '../../running.ts'
import {firstUsed, minute} from '../../world/larder-world.ts'

const seed = 20_260
const settled = firstUsed - 60 * minute

/** The company's X-Ray, in each of its regions. */
async function company() {
  const now = () => firstUsed
  const state = await openState({directory: null, now, seed})
  const world = createWorld({seed, now, company: 'larder', state})
  const abroad = createWorldsAbroad({seed, now, state})
  const {connect} = await serve({}, {world, abroad, irregularPages: true})
  const client = connect(XRayClient)
  const summaries = async (
    from: number,
    to: number,
    {type = 'TraceId', filter}: {type?: TimeRangeType; filter?: string} = {},
  ): Promise<TraceSummary[]> => {
    const found: TraceSummary[] = []
    let NextToken: string | undefined
    do {
      const window = {StartTime: new Date(from), EndTime: new Date(to), TimeRangeType: type, FilterExpression: filter}
      const page = await client.send(new GetTraceSummariesCommand({...window, NextToken}))
      found.push(...(page.TraceSummaries ?? []))
      NextToken = page.NextToken
    } while (NextToken !== undefined)
    return found
  }
  return {world, client, connect, summaries}
}

const idsOf = (summaries: readonly TraceSummary[]) => summaries.map(({Id = ''}) => Id)

const spanIds = ({id, subsegments = []}: SubsegmentDocument): string[] => [id, ...subsegments.flatMap(spanIds)]

describe('the company’s traces', () => {
  test('are the same in one window as in its parts, by any time', async () => {
    const {summaries} = await company()
    for (const type of ['TraceId', 'Event', 'Service'] as const) {
      const whole = idsOf(await summaries(settled, settled + 4 * minute, {type}))
      const parts = [
        await summaries(settled + 90_500, settled + 4 * minute, {type}),
        await summaries(settled, settled + 90_500, {type}),
      ]
      expect(whole.length).toBeGreaterThan(50)
      expect(parts.flatMap(idsOf)).toEqual(whole)
      expect(new Set(whole).size).toBe(whole.length)
    }
  })

  test('can all be read, and each call downstream is answered by a segment', async () => {
    const {client, summaries} = await company()
    const found = await summaries(settled, settled + minute)
    for (let at = 0; at < found.length; at += 5) {
      const TraceIds = idsOf(found.slice(at, at + 5))
      const {Traces = []} = await client.send(new BatchGetTracesCommand({TraceIds}))
      expect(Traces.map(({Id}) => Id)).toEqual(TraceIds)
      for (const {Segments = []} of Traces) {
        const documents: SegmentDocument[] = Segments.map(({Document = ''}) => JSON.parse(Document))
        const ids = documents.flatMap(spanIds)
        expect(new Set(ids).size).toBe(ids.length)
        const parents = new Set(documents.map(({parent_id}) => parent_id))
        const calls = (document: SubsegmentDocument): SubsegmentDocument[] =>
          (document.subsegments ?? []).flatMap(each => [...(each.namespace ? [each] : []), ...calls(each)])
        for (const call of documents.flatMap(calls)) expect(parents.has(call.id), call.name).toBe(true)
      }
    }
  })

  test('are counted by the service graph as they are by summaries', async () => {
    const {client, summaries} = await company()
    const [StartTime, EndTime] = [new Date(settled), new Date(settled + 5 * minute)]
    const {Services = []} = await client.send(new GetServiceGraphCommand({StartTime, EndTime}))
    const stage = Services.find(({Type}) => Type === 'AWS::ApiGateway::Stage')
    // A trace's id may name the second before the one that it begins in.
    const around = await summaries(settled - minute, settled + 6 * minute, {
      filter: 'service(id(type: "AWS::ApiGateway::Stage"))',
    })
    const began = around.filter(
      ({StartTime: at}) => at && at.getTime() >= StartTime.getTime() && at.getTime() < EndTime.getTime(),
    )
    expect(stage?.SummaryStatistics?.TotalCount).toBe(began.length)
    expect(stage?.SummaryStatistics?.FaultStatistics?.TotalCount).toBe(began.filter(({HasFault}) => HasFault).length)
    const queues = Services.filter(({Type}) => Type === 'AWS::SQS::Queue').flatMap(({Edges = []}) => Edges)
    expect(queues.map(({EdgeType}) => EdgeType)).toContain('link')
  })

  test('say why they failed without a look at their documents', async () => {
    const {summaries} = await company()
    const failed = await summaries(firstUsed - 10 * minute, firstUsed, {filter: 'service("checkout-api") {fault}'})
    expect(failed.length).toBeGreaterThan(0)
    const causes = failed.flatMap(({FaultRootCauses = []}) => FaultRootCauses)
    expect(causes.flatMap(({Services = []}) => Services.map(({Name}) => Name))).toContain('checkout-api')
    const exceptions = causes.flatMap(({Services = []}) =>
      Services.flatMap(({EntityPath = []}) => EntityPath.flatMap(({Exceptions = []}) => Exceptions)),
    )
    expect(exceptions.length).toBeGreaterThan(0)
  })

  test('are in Transaction Search in America, where one in a hundred is indexed and each can be retrieved', async () => {
    const {connect} = await company()
    const client = connect(XRayClient, {region: 'us-east-1'})
    expect((await client.send(new GetTraceSegmentDestinationCommand({}))).Destination).toBe('CloudWatchLogs')
    const window = {StartTime: new Date(firstUsed - 6 * 60 * minute), EndTime: new Date(firstUsed)}
    const summaries: TraceSummary[] = []
    let NextToken: string | undefined
    do {
      const page = await client.send(new GetTraceSummariesCommand({...window, NextToken}))
      summaries.push(...(page.TraceSummaries ?? []))
      NextToken = page.NextToken
    } while (NextToken !== undefined)
    expect(summaries.length).toBeGreaterThan(0)
    const TraceIds = idsOf(summaries).slice(0, 5)
    expect((await client.send(new BatchGetTracesCommand({TraceIds}))).Traces).toEqual([])
    const {RetrievalToken} = await client.send(new StartTraceRetrievalCommand({TraceIds, ...window}))
    const retrieve = () => client.send(new ListRetrievedTracesCommand({RetrievalToken}))
    let answer = await retrieve()
    while (answer.RetrievalStatus !== 'COMPLETE') answer = await retrieve()
    expect(answer.Traces?.map(({Id}) => Id)).toEqual(TraceIds)
    const home = connect(XRayClient)
    await expect(home.send(new ListRetrievedTracesCommand({RetrievalToken}))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
  })
})
