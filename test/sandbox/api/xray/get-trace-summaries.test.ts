import {GetTraceSegmentDestinationCommand} from '@aws-sdk/client-xray'
import {describe, expect, test} from 'vitest'
import {noon} from '../../hand-made-world.ts'
import {refusal} from '../../running.ts'
import {ago, askXray, idOf, lastHour, segment, traceId} from './asking.ts'

const minute = 60_000

describe('GetTraceSummaries', () => {
  test('traces come newest first; the window’s start is in it, its end is not', async () => {
    const segments = [30, 20, 10, 0].map(seconds => segment({start_time: ago(seconds)}))
    const {summaries} = await askXray({segments})
    const window = {StartTime: new Date(noon - 30_000), EndTime: new Date(noon)}
    expect((await summaries(window)).map(({Id}) => Id)).toEqual([traceId(10), traceId(20), traceId(30)])
  })

  test('case 12: a page covers some of the window only, so that pages come empty; ApproximateTime tells how far', async () => {
    const segments = [segment({start_time: ago(55 * 60)})]
    const {page, summaries} = await askXray({segments})
    const first = await page()
    expect(first).toMatchObject({TraceSummaries: [], TracesProcessedCount: 0})
    expect(first.ApproximateTime).toEqual(new Date(noon - 30 * minute))
    const second = await page({NextToken: first.NextToken})
    expect(second).toMatchObject({TraceSummaries: [{Id: traceId(55 * 60)}], TracesProcessedCount: 1})
    expect(second.NextToken).toBeUndefined()
    expect(await summaries({StartTime: new Date(noon - 6 * 60 * minute)})).toHaveLength(1)
  })

  test('a page has at most a hundred, and pages neither repeat nor lose what shares a moment', async () => {
    const segments = Array.from({length: 250}, (_, n) => segment({trace_id: traceId(10, n)}))
    const {page, summaries} = await askXray({segments})
    const first = await page()
    expect([first.TraceSummaries?.length, first.TracesProcessedCount]).toEqual([100, 100])
    const all = (await summaries()).map(({Id}) => Id)
    expect([all.length, new Set(all).size]).toEqual([250, 250])
  })

  test('irregular and empty pages lead to the same traces', async () => {
    const segments = Array.from({length: 250}, (_, n) =>
      segment({trace_id: traceId(10 + n * 10), start_time: ago(10 + n * 10)}),
    )
    const {summaries} = await askXray({segments}, {irregularPages: true, faults: [{kind: 'empty-page', times: 3}]})
    expect((await summaries()).map(({Id}) => Id)).toEqual(segments.map(({trace_id}) => trace_id))
  })

  test.each([
    [
      'longer than six hours',
      {StartTime: new Date(noon - 6 * 60 * minute - 1)},
      'Time range cannot be longer than 6 hours',
    ],
    ['that is empty', {StartTime: new Date(noon)}, 'Start time must be before end time'],
    ['with a token of another request', {NextToken: 'abc'}, 'The NextToken is invalid.'],
    ['of an unknown time range', {TimeRangeType: 'Nonsense' as 'Event'}, expect.stringContaining('timeRangeType')],
  ])('a window %s is refused', async (_, change, message) => {
    const {page} = await askXray({})
    expect(await refusal(page(change))).toMatchObject({name: 'InvalidRequestException', status: 400, message})
  })

  test('a trace is found by its id’s time, by its last update, or by the end of its last segment', async () => {
    const long = segment({start_time: ago(600), end_time: ago(60)})
    const running = segment({id: idOf(2), trace_id: long.trace_id, start_time: ago(30), in_progress: true})
    const {summaries} = await askXray({segments: [long, running]})
    const found = async (from: number, to: number, TimeRangeType: 'TraceId' | 'Event' | 'Service') =>
      await summaries({StartTime: new Date(ago(from) * 1000), EndTime: new Date(ago(to) * 1000), TimeRangeType})
    expect(await found(601, 599, 'TraceId')).toHaveLength(1)
    expect(await found(100, 0, 'TraceId')).toHaveLength(0)
    expect(await found(31, 29, 'Event')).toMatchObject([{MatchedEventTime: new Date(ago(30) * 1000)}])
    expect(await found(61, 59, 'Event')).toHaveLength(0)
    expect(await found(61, 59, 'Service')).toHaveLength(1)
    expect(await found(31, 29, 'Service')).toHaveLength(0)
  })

  test('a summary tells everything that follows from the documents', async () => {
    const cause = {exceptions: [{id: idOf(90), type: 'TimeoutError', message: 'no answer'}]}
    const segments = [
      segment({
        name: 'gateway',
        end_time: ago(9),
        origin: 'AWS::ApiGateway::Stage',
        resource_arn: 'arn:aws:apigateway:x',
        fault: true,
        user: 'ann',
        http: {
          request: {method: 'POST', url: 'https://shop/pay', user_agent: 'curl', client_ip: '10.0.0.1'},
          response: {status: 502},
        },
        subsegments: [
          {id: idOf(2), name: 'Lambda', start_time: ago(9.9), end_time: ago(9.1), fault: true, namespace: 'aws'},
        ],
      }),
      segment({
        id: idOf(3),
        parent_id: idOf(2),
        start_time: ago(9.9),
        end_time: ago(8.5),
        name: 'pay',
        origin: 'AWS::Lambda',
        throttle: true,
        error: true,
        fault: true,
        subsegments: [
          {
            id: idOf(4),
            name: 'charge',
            start_time: ago(9.8),
            end_time: ago(9.2),
            fault: true,
            cause,
            annotations: {tenant: 'a', n: 7, vip: true},
          },
        ],
      }),
    ]
    const {summaries} = await askXray({segments})
    const account = '123456789012'
    const [gateway, pay] = [
      {Name: 'gateway', Names: ['gateway'], AccountId: account, Type: 'AWS::ApiGateway::Stage'},
      {Name: 'pay', Names: ['pay'], AccountId: account, Type: 'AWS::Lambda'},
    ]
    expect(await summaries()).toEqual([
      {
        Id: traceId(10),
        StartTime: new Date(ago(10) * 1000),
        Duration: 1.5,
        ResponseTime: 1,
        HasFault: true,
        HasError: false,
        HasThrottle: true,
        IsPartial: false,
        Http: {
          HttpURL: 'https://shop/pay',
          HttpStatus: 502,
          HttpMethod: 'POST',
          UserAgent: 'curl',
          ClientIp: '10.0.0.1',
        },
        Annotations: {
          tenant: [{AnnotationValue: {StringValue: 'a'}, ServiceIds: [pay]}],
          n: [{AnnotationValue: {NumberValue: 7}, ServiceIds: [pay]}],
          vip: [{AnnotationValue: {BooleanValue: true}, ServiceIds: [pay]}],
        },
        Users: [{UserName: 'ann', ServiceIds: [gateway]}],
        ServiceIds: [gateway, pay],
        ResourceARNs: [{ARN: 'arn:aws:apigateway:x'}],
        InstanceIds: [],
        AvailabilityZones: [],
        EntryPoint: gateway,
        FaultRootCauses: [
          {
            ClientImpacting: true,
            Services: [
              {
                ...gateway,
                Inferred: false,
                EntityPath: [
                  {Name: 'gateway', Exceptions: [], Remote: false},
                  {Name: 'Lambda', Exceptions: [], Remote: true},
                ],
              },
              {
                ...pay,
                Inferred: false,
                EntityPath: [
                  {Name: 'pay', Exceptions: [], Remote: false},
                  {Name: 'charge', Exceptions: [{Name: 'TimeoutError', Message: 'no answer'}], Remote: false},
                ],
              },
            ],
          },
        ],
        ErrorRootCauses: [
          {
            ClientImpacting: false,
            Services: [{...pay, Inferred: false, EntityPath: [{Name: 'pay', Exceptions: [], Remote: false}]}],
          },
        ],
        ResponseTimeRootCauses: [
          {
            ClientImpacting: true,
            Services: [
              {
                ...gateway,
                Inferred: false,
                EntityPath: [
                  {Name: 'gateway', Coverage: 1, Remote: false},
                  {Name: 'Lambda', Coverage: 0.8, Remote: true},
                ],
              },
              {
                ...pay,
                Inferred: false,
                EntityPath: [
                  {Name: 'pay', Coverage: 1, Remote: false},
                  {Name: 'charge', Coverage: 0.6, Remote: false},
                ],
              },
            ],
          },
        ],
        Revision: 2,
      },
    ])
  })

  test('sampling leaves some out, the same ones each time', async () => {
    const segments = Array.from({length: 90}, (_, n) => segment({trace_id: traceId(10, n)}))
    const {summaries} = await askXray({segments})
    const some = await summaries({Sampling: true, SamplingStrategy: {Name: 'FixedRate', Value: 0.3}})
    expect(some.length).toBeGreaterThan(5)
    expect(some.length).toBeLessThan(60)
    expect(await summaries({Sampling: true, SamplingStrategy: {Name: 'FixedRate', Value: 0.3}})).toEqual(some)
    expect((await summaries({Sampling: true})).length).toBeLessThan(90)
  })

  test('where spans go to CloudWatch Logs, one trace of a hundred is indexed', async () => {
    const segments = Array.from({length: 1000}, (_, n) => segment({trace_id: traceId(10, n)}))
    const {client, summaries} = await askXray({segments, traceDestination: 'CloudWatchLogs'})
    const found = await summaries({...lastHour})
    expect(found.length).toBeGreaterThan(2)
    expect(found.length).toBeLessThan(25)
    const {Destination, Status} = await client.send(new GetTraceSegmentDestinationCommand({}))
    expect([Destination, Status]).toEqual(['CloudWatchLogs', 'ACTIVE'])
  })

  test('a throttled read says so with 429', async () => {
    const {page} = await askXray({}, {faults: [{kind: 'throttle'}]})
    expect(await refusal(page())).toMatchObject({name: 'ThrottledException', status: 429, message: 'Rate exceeded'})
  })
})
