import {describe, expect, test} from 'vitest'
import {refusal} from '../../running.ts'
import {ago, askXray, idOf, segment, traceId} from './asking.ts'

describe('BatchGetTraces', () => {
  test('answers what is there, and is silent about the rest', async () => {
    const {batch} = await askXray({segments: [segment()]})
    const {Traces, UnprocessedTraceIds} = await batch(traceId(10), traceId(99), 'nonsense')
    expect(Traces?.map(({Id, Duration, LimitExceeded}) => ({Id, Duration, LimitExceeded}))).toEqual([
      {Id: traceId(10), Duration: 0.2, LimitExceeded: false},
    ])
    expect(UnprocessedTraceIds).toEqual([])
  })

  test('takes five ids and no more', async () => {
    const {batch} = await askXray({})
    const ids = Array.from({length: 6}, (_, n) => traceId(10, n))
    expect((await batch(...ids.slice(1))).Traces).toEqual([])
    expect(await refusal(batch(...ids))).toMatchObject({name: 'InvalidRequestException', status: 400})
  })

  test('finds nothing where spans go to CloudWatch Logs', async () => {
    const {batch} = await askXray({segments: [segment()], traceDestination: 'CloudWatchLogs'})
    expect(await batch(traceId(10))).toMatchObject({Traces: [], UnprocessedTraceIds: []})
  })

  test('names ids that could not be looked up, by fault', async () => {
    const segments = [segment(), segment({trace_id: traceId(10, 1)})]
    const {batch} = await askXray(
      {segments},
      {
        faults: [
          {kind: 'unprocessed-traces', traceIds: [traceId(10, 1)], times: 1},
          {kind: 'unprocessed-traces', after: 1, times: 1},
        ],
      },
    )
    const ids = [traceId(10), traceId(10, 1)]
    const answers = [await batch(...ids), await batch(...ids), await batch(...ids)]
    expect(answers.map(({Traces, UnprocessedTraceIds}) => [Traces?.map(({Id}) => Id), UnprocessedTraceIds])).toEqual([
      [[traceId(10)], [traceId(10, 1)]],
      [[], ids],
      [ids, []],
    ])
  })

  test('independent subsegments are in the segment they belong to; one whose parent never came stands by itself', async () => {
    const call = {trace_id: traceId(10), type: 'subsegment', start_time: ago(9.9), end_time: ago(9.8)} as const
    const segments = [
      {...call, id: idOf(3), name: 'inner', parent_id: idOf(2)},
      {...call, id: idOf(2), name: 'outer', parent_id: idOf(1)},
      {...call, id: idOf(4), name: 'lost', parent_id: idOf(99)},
      segment(),
    ]
    const {documents} = await askXray({segments})
    const times = {start_time: ago(9.9), end_time: ago(9.8)}
    expect(await documents(traceId(10))).toEqual([
      segment({
        subsegments: [{id: idOf(2), name: 'outer', ...times, subsegments: [{id: idOf(3), name: 'inner', ...times}]}],
      }),
      segments[2],
    ])
  })

  test('case 5: subsegments that are each other’s parents, and ids claimed twice, end in an answer', async () => {
    const sub = (id: number, parent: number) =>
      segment({id: idOf(id), parent_id: idOf(parent), type: 'subsegment', name: `sub ${id}`})
    const segments = [sub(2, 3), sub(3, 2), sub(2, 1), segment(), segment({id: idOf(8), parent_id: idOf(8)})]
    const {documents, summaries} = await askXray({segments})
    expect((await documents(traceId(10))).length).toBeGreaterThan(0)
    expect(await summaries()).toHaveLength(1)
  })

  test('a chain of a thousand subsegments, each sent by itself, ends in an answer', async () => {
    const chain = Array.from({length: 1000}, (_, n) =>
      segment({id: idOf(n + 2), parent_id: idOf(n + 1), type: 'subsegment'}),
    )
    const {documents} = await askXray({segments: [segment(), ...chain]})
    expect((await documents(traceId(10))).length).toBeGreaterThan(1)
  })

  test('a call of what sends no segment gets an inferred one, with the same id each time', async () => {
    const call = {start_time: ago(9.9), end_time: ago(9.8)}
    const subsegments = [
      {...call, id: idOf(2), name: 'DynamoDB', namespace: 'aws', aws: {operation: 'GetItem', table_name: 'carts'}},
      {...call, id: idOf(3), name: 'SQS', namespace: 'aws', aws: {queue_url: 'https://sqs/1/q'}, fault: true},
      {...call, id: idOf(4), name: 'SNS', namespace: 'aws'},
      {
        ...call,
        id: idOf(5),
        name: 'api.example.com',
        namespace: 'remote',
        http: {request: {url: 'https://api.example.com'}},
      },
      {...call, id: idOf(6), name: 'answered', namespace: 'remote'},
      {...call, id: idOf(7), name: 'traced', namespace: 'remote', http: {request: {traced: true}}},
      {...call, id: idOf(8), name: 'work'},
    ] as const
    const {documents} = await askXray({
      segments: [
        segment({subsegments}),
        segment({id: idOf(9), parent_id: idOf(6), name: 'answered', start_time: ago(9.9)}),
      ],
    })
    const first = await documents(traceId(10))
    const inferred = first.filter(document => document.inferred)
    expect(inferred).toEqual([
      expect.objectContaining({
        name: 'DynamoDB',
        parent_id: idOf(2),
        origin: 'AWS::DynamoDB::Table',
        aws: subsegments[0].aws,
        ...call,
      }),
      expect.objectContaining({name: 'SQS', parent_id: idOf(3), origin: 'AWS::SQS::Queue', fault: true}),
      expect.objectContaining({name: 'SNS', parent_id: idOf(4), origin: 'AWS::SNS'}),
      expect.objectContaining({
        name: 'api.example.com',
        parent_id: idOf(5),
        http: subsegments[3].http,
      }),
    ])
    expect(inferred[3]).not.toHaveProperty('origin')
    expect(new Set(inferred.map(({id}) => id)).size).toBe(4)
    expect(await documents(traceId(10))).toEqual(first)
  })

  test('case 13: a trace above 500 KB is cut and says so', async () => {
    const segments = Array.from({length: 20}, (_, n) =>
      segment({id: idOf(n + 1), metadata: {default: {blob: 'x'.repeat(50_000)}}}),
    )
    const {batch} = await askXray({segments})
    const {Traces} = await batch(traceId(10))
    expect(Traces?.[0]?.LimitExceeded).toBe(true)
    expect(Traces?.[0]?.Segments).toHaveLength(10)
  })

  test('large traces come on several pages, whose tokens are good for their request only', async () => {
    const ids = [1, 2, 3, 4].map(n => traceId(10, n))
    const segments = ids.flatMap(trace_id =>
      Array.from({length: 9}, (_, n) =>
        segment({trace_id, id: idOf(n + 1), metadata: {default: {blob: 'x'.repeat(50_000)}}}),
      ),
    )
    const {client, batch} = await askXray({segments})
    const first = await batch(...ids)
    expect(first.Traces?.map(({Id}) => Id)).toEqual(ids.slice(0, 2))
    const {BatchGetTracesCommand} = await import('@aws-sdk/client-xray')
    const next = (TraceIds: string[]) => client.send(new BatchGetTracesCommand({TraceIds, NextToken: first.NextToken}))
    const second = await next(ids)
    expect(second.Traces?.map(({Id}) => Id)).toEqual(ids.slice(2))
    expect(second.NextToken).toBeUndefined()
    expect(await refusal(next(ids.slice(1)))).toMatchObject({name: 'InvalidRequestException'})
  })
})
