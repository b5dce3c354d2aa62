import {
  GetGroupsCommand,
  GetIndexingRulesCommand,
  GetServiceGraphCommand,
  type GetServiceGraphCommandInput,
  GetTraceGraphCommand,
  type Service,
} from '@aws-sdk/client-xray'
import {describe, expect, test} from 'vitest'
import type {SegmentDocument} from '../../../../src/sandbox/world/segment-document.ts'
import {noon} from '../../hand-made-world.ts'
import {refusal} from '../../running.ts'
import {ago, askXray, idOf, lastHour, segment, traceId} from './asking.ts'

const queue = 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders'
const reserved = (attributes: object) =>
  Object.fromEntries(Object.entries(attributes).map(([key, value]) => [`aws.xray.reserved.${key}`, value]))

/** Two requests to a function that sends a message, and one that received it. */
const segments: readonly SegmentDocument[] = [
  ...[1, 2].flatMap(n => [
    segment({
      trace_id: traceId(10, n),
      name: 'api',
      origin: 'AWS::Lambda',
      ...(n === 2 && {error: true, throttle: true}),
    }),
    segment({
      id: idOf(2),
      trace_id: traceId(10, n),
      parent_id: idOf(1),
      name: 'api',
      origin: 'AWS::Lambda::Function',
      ...(n === 2 && {fault: true}),
      subsegments: [
        {
          id: idOf(3),
          name: 'SQS',
          namespace: 'aws',
          start_time: ago(9.9),
          end_time: ago(9.8),
          aws: {queue_url: queue},
          links: [
            {
              trace_id: traceId(8, n),
              id: idOf(1),
              attributes: reserved({
                reference_type: 'child',
                type: 'AWS::Lambda',
                names: ['worker'],
                dwell_end_time: ago(8),
              }),
            },
          ],
        },
      ],
    }),
  ]),
  segment({
    trace_id: traceId(8, 1),
    start_time: ago(8),
    name: 'worker',
    origin: 'AWS::Lambda',
    links: [{trace_id: traceId(10, 1), id: idOf(3), attributes: reserved({reference_type: 'parent'})}],
  }),
]

async function askGraph(parts: Parameters<typeof askXray>[0]) {
  const {client} = await askXray(parts)
  return {
    client,
    graph: (input: Partial<GetServiceGraphCommandInput> = {}) =>
      client.send(new GetServiceGraphCommand({...lastHour, ...input})),
  }
}

const title = ({Name, Type}: Service) => `${Name} ${Type}`

/** Each edge as `from > to`. */
function edgesOf(services: readonly Service[]): string[] {
  return services.flatMap(service =>
    (service.Edges ?? []).map(({ReferenceId, EdgeType}) => {
      const to = services.find(each => each.ReferenceId === ReferenceId)
      return `${title(service)} ${EdgeType ?? ''}> ${to && title(to)}`
    }),
  )
}

describe('GetServiceGraph', () => {
  test('services are joined by who called whom: a client, a function as two nodes, a queue and who receives from it', async () => {
    const {graph} = await askGraph({segments})
    const {Services = [], NextToken, ContainsOldGroupVersions} = await graph()
    expect([NextToken, ContainsOldGroupVersions]).toEqual([undefined, false])
    expect(Services.map(title).toSorted()).toEqual([
      'api AWS::Lambda',
      'api AWS::Lambda::Function',
      'api client',
      `${queue} AWS::SQS::Queue`,
      'worker AWS::Lambda',
    ])
    expect(edgesOf(Services).toSorted()).toEqual([
      'api AWS::Lambda > api AWS::Lambda::Function',
      `api AWS::Lambda::Function > ${queue} AWS::SQS::Queue`,
      'api client > api AWS::Lambda',
      `${queue} AWS::SQS::Queue link> worker AWS::Lambda`,
    ])
  })

  test('nodes count what they did, edges what their caller saw, and a client nothing', async () => {
    const {graph} = await askGraph({segments})
    const {Services = []} = await graph()
    const [client, api, fn, sqs] = ['client', 'AWS::Lambda', 'AWS::Lambda::Function', 'AWS::SQS::Queue'].map(type =>
      Services.find(service => service.Type === type),
    )
    expect(client).toMatchObject({State: 'unknown', Names: ['api']})
    expect(client).not.toHaveProperty('SummaryStatistics')
    const throttled = {
      OkCount: 1,
      ErrorStatistics: {ThrottleCount: 1, OtherCount: 0, TotalCount: 1},
      FaultStatistics: {OtherCount: 0, TotalCount: 0},
      TotalCount: 2,
      TotalResponseTime: 0.4,
    }
    expect(client?.Edges).toEqual([
      {
        ReferenceId: api?.ReferenceId,
        StartTime: new Date(ago(10) * 1000),
        EndTime: new Date(ago(9.8) * 1000),
        Aliases: [],
        SummaryStatistics: throttled,
        ResponseTimeHistogram: [{Value: 0.2, Count: 2}],
      },
    ])
    expect(api).toMatchObject({
      Root: true,
      State: 'active',
      AccountId: '123456789012',
      SummaryStatistics: throttled,
      DurationHistogram: [{Value: 0.2, Count: 2}],
      ResponseTimeHistogram: [{Value: 0.2, Count: 2}],
    })
    expect(fn).toMatchObject({SummaryStatistics: {FaultStatistics: {OtherCount: 1, TotalCount: 1}}})
    expect(fn?.Root).toBeUndefined()
    expect(sqs).toMatchObject({State: 'unknown', SummaryStatistics: {OkCount: 2, TotalResponseTime: 0.2}})
    expect(sqs?.Edges?.[0]).toEqual({
      ReferenceId: Services.find(({Name}) => Name === 'worker')?.ReferenceId,
      StartTime: new Date(ago(9.8) * 1000),
      EndTime: new Date(ago(8) * 1000),
      Aliases: [],
      EdgeType: 'link',
      ReceivedEventAgeHistogram: [{Value: 1.8, Count: 2}],
    })
  })

  test('many services come on pages whose references hold across them', async () => {
    const many = Array.from({length: 30}, (_, n) => segment({trace_id: traceId(10, n), name: `service ${n}`}))
    const {graph} = await askGraph({segments: many})
    const first = await graph()
    const second = await graph({NextToken: first.NextToken})
    expect([first.Services?.length, second.Services?.length, second.NextToken]).toEqual([40, 20, undefined])
    expect(edgesOf([...(first.Services ?? []), ...(second.Services ?? [])])).toContain(
      'service 29 client > service 29 undefined',
    )
    expect(await refusal(graph({NextToken: 'x'}))).toMatchObject({name: 'InvalidRequestException'})
  })

  test('a window above six hours and a group that is not there are refused', async () => {
    const {graph, client} = await askGraph({segments})
    const StartTime = new Date(noon - 6 * 3_600_000 - 1)
    expect(await refusal(graph({StartTime}))).toMatchObject({
      name: 'InvalidRequestException',
      message: 'Time range cannot be longer than 6 hours',
    })
    expect(await refusal(graph({GroupName: 'mine'}))).toMatchObject({name: 'InvalidRequestException'})
    expect((await graph({GroupName: 'Default'})).Services).toHaveLength(5)
    const {Groups} = await client.send(new GetGroupsCommand({}))
    expect(Groups?.map(({GroupName}) => GroupName)).toEqual(['Default'])
  })

  test('what is in progress is there, and not counted', async () => {
    const {graph} = await askGraph({segments: [segment({in_progress: true})]})
    const {Services = []} = await graph()
    expect(Services.find(({Type}) => Type === undefined)?.SummaryStatistics?.TotalCount).toBe(0)
  })

  test('nothing is told of a window without traces', async () => {
    const {graph} = await askGraph({})
    expect((await graph()).Services).toEqual([])
  })
})

describe('GetTraceGraph', () => {
  test('has the services of the traces it is asked for; unknown ones are left out', async () => {
    const {client} = await askGraph({segments})
    const {Services = []} = await client.send(new GetTraceGraphCommand({TraceIds: [traceId(8, 1), traceId(99)]}))
    expect(Services.map(title)).toEqual(['worker AWS::Lambda'])
  })
})

test('GetIndexingRules tells how many traces are indexed', async () => {
  const {client} = await askGraph({})
  const {IndexingRules} = await client.send(new GetIndexingRulesCommand({}))
  expect(IndexingRules?.[0]?.Rule?.Probabilistic).toEqual({DesiredSamplingPercentage: 1, ActualSamplingPercentage: 1})
})
