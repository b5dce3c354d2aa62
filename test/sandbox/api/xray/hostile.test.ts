import {
  GetServiceGraphCommand,
  GetTraceGraphCommand,
  ListRetrievedTracesCommand,
  PutTraceSegmentsCommand,
  StartTraceRetrievalCommand,
  XRayClient,
} from '@aws-sdk/client-xray'
import {expect, test} from 'vitest'
import {makeWorld, noon} from '../../hand-made-world.ts'
import {refusal} from '../../running.ts'
import {numbers} from '../../world/larder-world.ts'
import {ago, askXray, idOf, lastHour, segment, traceId} from './asking.ts'

const random = numbers(7)
const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T

const nonsense = [
  null,
  0,
  -1,
  7,
  1e300,
  'x',
  '',
  '\u0000\u001b[31m',
  true,
  [],
  {},
  [null],
  [[]],
  [7],
  {a: {b: []}},
  {exceptions: [null, 7, {}]},
  {request: 7, response: []},
] as const
const fields = [
  'http',
  'aws',
  'cause',
  'annotations',
  'metadata',
  'links',
  'user',
  'origin',
  'resource_arn',
  'service',
  'namespace',
  'error',
  'fault',
  'throttle',
  'inferred',
  'in_progress',
  'end_time',
  'subsegments',
  'parent_id',
  'type',
  'sql',
  'precursor_ids',
  '__proto__',
  'id',
] as const

/** A segment with some of its fields, and of its subsegments’, turned into something else. */
function mutated(n: number): Record<string, unknown> {
  const bent = (document: object): Record<string, unknown> => {
    const copy: Record<string, unknown> = {...document}
    for (let change = random() * 4; change > 0; change--) copy[pick(fields)] = pick(nonsense)
    return copy
  }
  const call = (id: number) =>
    bent({
      id: idOf(id),
      name: pick(['DynamoDB', 'SQS', 'SFN', 'api.example.com', 'work']),
      namespace: pick(['aws', 'remote', 'local', undefined]),
      start_time: ago(10 * random()),
      end_time: ago(9),
      aws: pick<unknown>([{table_name: 7}, {queue_url: ['x']}, {resource_names: 'x'}, undefined]),
      links: pick<unknown>([
        [{attributes: {'aws.xray.reserved.reference_type': 'child', 'aws.xray.reserved.names': [7]}}],
        undefined,
      ]),
    })
  return bent({
    ...segment({trace_id: traceId(10, n % 300)}),
    id: idOf(pick([1, 2, 3])),
    parent_id: pick([undefined, idOf(1), idOf(2), idOf(11)]),
    type: pick([undefined, undefined, 'subsegment']),
    subsegments: [call(10), {...call(11), subsegments: [call(12)]}],
  })
}

test('whatever is sent as a segment, every operation answers', async () => {
  for (const traceDestination of ['XRay', 'CloudWatchLogs'] as const) {
    const world = makeWorld({traceDestination})
    const {connect, summaries, batch} = await askXray({}, {world})
    const client = connect(XRayClient)
    let refused = 0
    for (let batchOf = 0; batchOf < 20; batchOf++) {
      const TraceSegmentDocuments = Array.from({length: 100}, (_, n) => JSON.stringify(mutated(batchOf * 100 + n)))
      const answer = await client.send(new PutTraceSegmentsCommand({TraceSegmentDocuments}))
      refused += answer.UnprocessedTraceSegments?.length ?? 0
    }
    expect(refused).toBeGreaterThan(100)
    expect(refused).toBeLessThan(1900)
    for (const TimeRangeType of ['TraceId', 'Event', 'Service'] as const)
      await summaries({
        TimeRangeType,
        FilterExpression: '!(message CONTAINS "x" AND annotation.a = 1) OR rootcause.fault.entity {remote}',
      })
    await client.send(new GetServiceGraphCommand(lastHour))
    const ids = Array.from({length: 100}, (_, n) => traceId(10, n))
    await client.send(new GetTraceGraphCommand({TraceIds: ids}))
    for (let at = 0; at < 100; at += 5) {
      const {Traces = []} = await batch(...ids.slice(at, at + 5))
      for (const {Segments = []} of Traces) for (const {Document = ''} of Segments) JSON.parse(Document)
    }
    if (traceDestination === 'XRay') continue
    const window = {StartTime: new Date(noon - 7_200_000), EndTime: new Date(noon)}
    const {RetrievalToken} = await client.send(new StartTraceRetrievalCommand({TraceIds: ids, ...window}))
    const list = (TraceFormat: 'XRAY' | 'OTEL', NextToken?: string) =>
      client.send(new ListRetrievedTracesCommand({RetrievalToken, TraceFormat, NextToken}))
    for (let looks = 0; looks < 20; looks++) await list('XRAY')
    for (const TraceFormat of ['XRAY', 'OTEL'] as const) {
      let page = await list(TraceFormat)
      expect(page.RetrievalStatus).toBe('COMPLETE')
      while (page.NextToken !== undefined) page = await list(TraceFormat, page.NextToken)
    }
  }
})

const pieces = [
  'ok',
  'fault',
  '=',
  '!=',
  '<',
  '"x"',
  '"',
  '7',
  '-1.5',
  'true',
  '(',
  ')',
  '{',
  '}',
  '!',
  'AND',
  'OR',
  'service',
  'edge',
  'id',
  ':',
  ',',
  'name',
  'http.url',
  'CONTAINS',
  'annotation.a',
  'annotation[a]',
  '[',
  ']',
  'rootcause.fault.entity',
  'group.name',
  'responsetime',
  '\\',
  '#',
  '$',
  'é',
  '\n',
] as const

test('whatever is asked for as a filter is answered or refused as one', async () => {
  const {page} = await askXray({segments: [segment()]})
  for (let n = 0; n < 1500; n++) {
    const FilterExpression = Array.from({length: 1 + random() * 8}, () => pick(pieces)).join(pick(['', ' ']))
    const answer = page({FilterExpression})
    const {name} = await answer.then(
      () => ({name: 'answered'}),
      () => refusal(answer),
    )
    expect(['answered', 'InvalidRequestException'], FilterExpression).toContain(name)
  }
})
