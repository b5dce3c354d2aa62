import {
  CancelTraceRetrievalCommand,
  GetRetrievedTracesGraphCommand,
  ListRetrievedTracesCommand,
  type ListRetrievedTracesCommandOutput,
  StartTraceRetrievalCommand,
  type TraceFormatType,
} from '@aws-sdk/client-xray'
import {describe, expect, test} from 'vitest'
import type {Fault} from '../../../../src/sandbox/server.ts'
import {noon, type WorldParts} from '../../hand-made-world.ts'
import {refusal} from '../../running.ts'
import {ago, askXray, idOf, lastHour, segment, traceId} from './asking.ts'

const searching = {traceDestination: 'CloudWatchLogs'} as const

async function retrieving(parts: WorldParts, faults: readonly Fault[] = [], clock?: () => number) {
  const {client} = await askXray({...searching, ...parts}, {faults, ...(clock && {clock})})
  const start = async (TraceIds: string[], window = lastHour) =>
    (await client.send(new StartTraceRetrievalCommand({TraceIds, ...window}))).RetrievalToken
  const list = (RetrievalToken: string | undefined, TraceFormat?: TraceFormatType, NextToken?: string) =>
    client.send(new ListRetrievedTracesCommand({RetrievalToken, TraceFormat, NextToken}))
  return {
    client,
    start,
    list,
    cancel: (RetrievalToken: string | undefined) => client.send(new CancelTraceRetrievalCommand({RetrievalToken})),
    /** Looks until the retrieval has ended. */
    ended: async (token: string | undefined, format?: TraceFormatType): Promise<ListRetrievedTracesCommandOutput> => {
      for (;;) {
        const answer = await list(token, format)
        if (!/SCHEDULED|RUNNING/.test(answer.RetrievalStatus ?? '')) return answer
      }
    },
  }
}

describe('trace retrieval', () => {
  test('case 11: goes from SCHEDULED over RUNNING to COMPLETE by the server’s clock, and has nothing before', async () => {
    const clock = {at: 0}
    const {start, list} = await retrieving({segments: [segment()]}, [], () => clock.at)
    const token = await start([traceId(10), traceId(99)])
    const answers: ListRetrievedTracesCommandOutput[] = []
    for (const at of [0, 90, 1000]) {
      clock.at = at
      answers.push(await list(token))
    }
    expect(answers.map(({RetrievalStatus, Traces}) => [RetrievalStatus, Traces?.map(({Id}) => Id)])).toEqual([
      ['SCHEDULED', []],
      ['RUNNING', []],
      ['COMPLETE', [traceId(10)]],
    ])
    expect(answers[2]).toMatchObject({
      TraceFormat: 'XRAY',
      Traces: [{Duration: 0.2, Spans: [{Id: idOf(1), Document: JSON.stringify(segment())}]}],
    })
  })

  test('case 11: goes on with each look where the clock stands still', async () => {
    const {start, ended} = await retrieving({segments: [segment()]})
    expect(await ended(await start([traceId(10)]))).toMatchObject({
      RetrievalStatus: 'COMPLETE',
      Traces: [{Id: traceId(10)}],
    })
  })

  test('case 11: ends as FAILED or TIMEOUT, or later, by fault', async () => {
    const {start, list, ended} = await retrieving({segments: [segment()]}, [
      {kind: 'retrieval-failed', times: 1},
      {kind: 'retrieval-timeout', after: 1, times: 1},
      {kind: 'retrieval-slow', ms: 60_000, after: 2},
    ])
    expect(await ended(await start([traceId(10)]))).toMatchObject({RetrievalStatus: 'FAILED', Traces: []})
    expect(await ended(await start([traceId(10)]))).toMatchObject({RetrievalStatus: 'TIMEOUT', Traces: []})
    const slow = await start([traceId(10)])
    for (let look = 0; look < 20; look++) await list(slow)
    expect((await list(slow)).RetrievalStatus).toBe('RUNNING')
  })

  test('case 11: can be cancelled while it goes on', async () => {
    const {start, list, cancel, ended} = await retrieving({segments: [segment()]})
    const [first, second] = [await start([traceId(10)]), await start([traceId(10)])]
    await cancel(first)
    expect(await list(first)).toMatchObject({RetrievalStatus: 'CANCELLED', Traces: []})
    await ended(second)
    await cancel(second)
    expect((await list(second)).RetrievalStatus).toBe('COMPLETE')
  })

  test('five traces come on a page, and those outside of the window do not', async () => {
    const segments = Array.from({length: 12}, (_, n) => segment({trace_id: traceId(10, n)}))
    const early = segment({start_time: ago(7200)})
    const {start, list, ended} = await retrieving({segments: [...segments, early]})
    const token = await start([...segments.map(({trace_id}) => trace_id), early.trace_id])
    const pages = [await ended(token)]
    while (pages.at(-1)?.NextToken) pages.push(await list(token, 'XRAY', pages.at(-1)?.NextToken))
    expect(pages.map(({Traces}) => Traces?.length)).toEqual([5, 5, 2])
    expect(await refusal(list(token, 'OTEL', pages[0]?.NextToken))).toMatchObject({name: 'InvalidRequestException'})
  })

  test('OTEL gives the same segments and subsegments as spans', async () => {
    const cause = {
      exceptions: [{id: idOf(9), type: 'Timeout', message: 'late', stack: [{path: 'a.ts', line: 7, label: 'f'}]}],
    }
    const document = segment({
      name: 'pay',
      origin: 'AWS::Lambda',
      resource_arn: 'arn:pay',
      aws: {request_id: 'r-1'},
      annotations: {tenant: 'acme'},
      fault: true,
      cause,
      links: [{trace_id: traceId(20), id: idOf(4), attributes: {'aws.xray.reserved.reference_type': 'parent'}}],
      subsegments: [
        {
          id: idOf(2),
          name: 'DynamoDB',
          namespace: 'aws',
          start_time: ago(9.9),
          end_time: ago(9.8),
          aws: {operation: 'GetItem', table_name: 'carts'},
        },
        {id: idOf(3), name: 'work', start_time: ago(9.8), in_progress: true},
      ],
    })
    const {start, ended} = await retrieving({segments: [document]})
    const w3c = traceId(10).replace(/^1-|-/g, '')
    const {Traces = [], TraceFormat} = await ended(await start([w3c]), 'OTEL')
    expect([TraceFormat, Traces[0]?.Id]).toEqual(['OTEL', w3c])
    const [own, call, work, ...rest] = (Traces[0]?.Spans ?? []).map(({Document = ''}) => JSON.parse(Document))
    expect(rest).toEqual([])
    expect(own).toMatchObject({
      traceId: w3c,
      spanId: idOf(1),
      name: 'pay/LambdaService',
      kind: 'SERVER',
      startTimeUnixNano: ago(10) * 1e9,
      durationNano: 200_000_000,
      resource: {attributes: {'service.name': 'pay', 'cloud.resource_id': 'arn:pay'}},
      attributes: {'aws.request_id': 'r-1', tenant: 'acme', 'aws.xray.annotation_keys': ['tenant']},
      status: {code: 'ERROR'},
      events: [
        {
          name: 'exception',
          attributes: {'exception.type': 'Timeout', 'exception.stacktrace': 'Timeout: late\n    at f (a.ts:7)'},
        },
      ],
      links: [{traceId: traceId(20).replace(/^1-|-/g, ''), spanId: idOf(4)}],
      _aws: {xray: {type: 'segment', name: 'pay', origin: 'AWS::Lambda', cause}},
    })
    expect(own).not.toHaveProperty('parentSpanId')
    expect(call).toMatchObject({
      parentSpanId: idOf(1),
      kind: 'CLIENT',
      attributes: {'rpc.system': 'aws-api', 'aws.operation': 'GetItem', 'aws.table_name': 'carts'},
      _aws: {xray: {type: 'subsegment', namespace: 'aws'}},
    })
    expect(work).toMatchObject({kind: 'INTERNAL', attributes: {'aws.xray.inprogress': true}})
    expect(work).not.toHaveProperty('endTimeUnixNano')
  })

  test('the graph of what was retrieved has its services', async () => {
    const {client, start, ended} = await retrieving({segments: [segment()]})
    const RetrievalToken = await start([traceId(10)])
    await ended(RetrievalToken)
    const {RetrievalStatus, Services} = await client.send(new GetRetrievedTracesGraphCommand({RetrievalToken}))
    expect(RetrievalStatus).toBe('COMPLETE')
    expect(Services?.map(({Service}) => [Service?.Name, Service?.Type])).toEqual([
      ['shop', undefined],
      ['shop', 'client'],
    ])
  })

  test('a token that was never given, or in another region, is not found', async () => {
    const {list, cancel} = await retrieving({})
    const refused = {name: 'ResourceNotFoundException', status: 404}
    expect(await refusal(list('x'))).toMatchObject(refused)
    expect(await refusal(cancel('x'))).toMatchObject(refused)
  })

  test('more than a hundred ids, a window without length and a region without Transaction Search are refused', async () => {
    const {start} = await retrieving({})
    const ids = Array.from({length: 101}, (_, n) => traceId(10, n))
    const refused = {name: 'InvalidRequestException', status: 400}
    expect(await refusal(start(ids))).toMatchObject(refused)
    expect(await refusal(start(ids.slice(1), {StartTime: new Date(noon), EndTime: new Date(noon)}))).toMatchObject(
      refused,
    )
    const elsewhere = await retrieving({traceDestination: 'XRay'})
    expect(await refusal(elsewhere.start([traceId(10)]))).toMatchObject(refused)
  })
})
