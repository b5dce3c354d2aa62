import {describe, expect, test} from 'vitest'
import {awsError, rateExceeded} from '../logs/reader/fake-log-groups.ts'
import {deniedTo, type FakeXRayOptions, fakeXRay, now, segment} from './fake-xray.ts'
import {failure, fetch, idsOf, inXray, nothingInXray, one, seven, spansOf, two} from './fetching.ts'

describe('X-Ray', () => {
  test('case 10: seven ids are asked for as five and two, and what stays unprocessed is named', async () => {
    const left = [two, seven[6] ?? '']
    const aws = fakeXRay({
      answers: {
        ...inXray,
        BatchGetTraces: call => ({
          Traces: idsOf(call)
            .filter(id => !left.includes(id))
            .map(id => ({Id: id, Segments: [segment(id, 'a')]})),
          UnprocessedTraceIds: idsOf(call).filter(id => left.includes(id)),
        }),
      },
    })
    const fetched = await fetch(aws, seven)
    expect(aws.of('BatchGetTraces').map(idsOf)).toEqual([seven.slice(0, 5), seven.slice(5), left, left, left])
    expect(fetched.unprocessed).toEqual(left)
    expect([...fetched.found.keys()]).toEqual(seven.filter(id => !left.includes(id)))
    expect(fetched).toMatchObject({gaps: [], notes: [], places: ['X-Ray in eu-west-1']})
    const [, first = 0, second = 0, third = 0] = aws
      .of('BatchGetTraces')
      .slice(1)
      .map(({at}) => at - now)
    expect(third - second).toBeGreaterThan(second - first)
  })

  test('an id that is processed when it is asked for again is found', async () => {
    const aws = fakeXRay({
      answers: {
        ...inXray,
        BatchGetTraces: ({nth}) =>
          nth < 3
            ? {UnprocessedTraceIds: [one]}
            : {Traces: [{Id: one, Segments: [segment(one, 'a')], LimitExceeded: true}]},
      },
    })
    const fetched = await fetch(aws, [one, one])
    expect(fetched.unprocessed).toEqual([])
    expect(fetched.found.get(one)).toMatchObject({id: one, source: 'xray', isLimitExceeded: true, problems: []})
  })

  test('a trace whose segments come on several pages is one, and each segment is in it once', async () => {
    const pages = [['a', 'b'], [], ['b', 'c']]
    const aws = fakeXRay({
      answers: {
        ...inXray,
        BatchGetTraces: ({nth}) => ({
          Traces: [{Id: one, Segments: pages[nth - 1]?.map(id => segment(one, id))}],
          ...(nth < 3 && {NextToken: `page ${nth + 1}`}),
        }),
      },
    })
    const fetched = await fetch(aws, [one])
    expect(spansOf(fetched, one)).toEqual(['a', 'b', 'c'])
    expect(aws.of('BatchGetTraces').map(({input}) => input['NextToken'])).toEqual([undefined, 'page 2', 'page 3'])
  })

  test('documents that cannot be read are told, each', async () => {
    const broken = ['{', '[', 'null'].map(document => ({Id: 'x', Document: document}))
    const aws = fakeXRay({
      answers: {...inXray, BatchGetTraces: () => ({Traces: [{Id: one, Segments: [segment(one, 'a'), ...broken]}]})},
    })
    const {found} = await fetch(aws, [one])
    expect(found.get(one)?.problems).toEqual(Array(3).fill('a document is not a JSON object'))
  })

  test('a page token that comes back for ever is a failure', async () => {
    const aws = fakeXRay({answers: {...inXray, BatchGetTraces: () => ({Traces: [], NextToken: 'again'})}})
    await expect(fetch(aws, [one])).rejects.toThrow('AWS kept repeating the same page token')
  })

  test('throttled calls are made again', async () => {
    const aws = fakeXRay({
      answers: {
        ...inXray,
        BatchGetTraces: ({nth}) => {
          if (nth < 3) throw rateExceeded()
          return {Traces: [{Id: one, Segments: [segment(one, 'a')]}]}
        },
      },
    })
    expect(spansOf(await fetch(aws, [one]), one)).toEqual(['a'])
  })

  test('a batch that fails leaves what others found, and a gap', async () => {
    const aws = fakeXRay({
      answers: {
        ...inXray,
        BatchGetTraces: call => {
          if (idsOf(call).length < 5) throw awsError('InvalidRequestException', 'no')
          return {Traces: [{Id: one, Segments: [segment(one, 'a')]}]}
        },
      },
    })
    const fetched = await fetch(aws, seven)
    expect([...fetched.found.keys()]).toEqual([one])
    expect(fetched.gaps).toMatchObject([{what: 'traces', region: 'eu-west-1', reason: 'failed', detail: 'no'}])
  })

  test('without ids nothing is asked', async () => {
    const aws = fakeXRay({answers: {}})
    expect((await fetch(aws, [])).found.size).toBe(0)
    expect(aws.calls).toEqual([])
  })

  test('a refusal names the permission', async () => {
    const aws = fakeXRay({
      answers: {
        ...inXray,
        BatchGetTraces: () => {
          throw deniedTo('xray:BatchGetTraces')
        },
      },
    })
    expect(await failure(fetch(aws, [one]))).toMatchObject({exitCode: 4, hint: 'this needs xray:BatchGetTraces'})
  })
})

describe('where traces live', () => {
  test('is asked once for a region', async () => {
    const aws = fakeXRay({answers: {...inXray, ...nothingInXray}})
    await fetch(aws, [one])
    await fetch(aws, [two])
    expect(aws.of('GetTraceSegmentDestination')).toHaveLength(1)
  })

  test('who may not ask gets X-Ray, and is told the permission', async () => {
    const aws = fakeXRay({
      answers: {
        GetTraceSegmentDestination: () => {
          throw deniedTo('xray:GetTraceSegmentDestination')
        },
        BatchGetTraces: () => ({Traces: [{Id: one, Segments: [segment(one, 'a')]}]}),
      },
    })
    const fetched = await fetch(aws, [one])
    expect(spansOf(fetched, one)).toEqual(['a'])
    expect(fetched.notes).toEqual([expect.stringContaining('needs xray:GetTraceSegmentDestination')])
    expect(fetched.gaps).toEqual([])
  })

  test.each([
    ['an unknown operation', awsError('UnknownOperationException', 'no', 404)],
    ['not found', awsError('404', 'Not Found', 404)],
    ['not implemented', awsError('InternalFailure', 'not implemented', 501)],
    ['a web page', Object.assign(new SyntaxError('<html>'), {$metadata: {httpStatusCode: 404}})],
  ])('a server that does not know the question (%s) has X-Ray', async (_, error) => {
    const aws = fakeXRay({
      answers: {
        GetTraceSegmentDestination: () => {
          throw error
        },
        BatchGetTraces: () => ({Traces: [{Id: one, Segments: [segment(one, 'a')]}]}),
      },
    })
    const fetched = await fetch(aws, [one])
    expect(spansOf(fetched, one)).toEqual(['a'])
    expect(fetched.notes).toEqual([])
    expect(aws.of('GetTraceSegmentDestination')).toHaveLength(1)
  })

  test('while it changes over, both are asked', async () => {
    const aws = fakeXRay({
      answers: {
        GetTraceSegmentDestination: () => ({Destination: 'CloudWatchLogs', Status: 'PENDING'}),
        BatchGetTraces: () => ({Traces: [{Id: one, Segments: [segment(one, 'a')]}]}),
        StartTraceRetrieval: () => ({RetrievalToken: 't'}),
        ListRetrievedTraces: () => ({
          RetrievalStatus: 'COMPLETE',
          TraceFormat: 'XRAY',
          Traces: [{Id: one, Spans: [segment(one, 'b')]}],
        }),
      },
    })
    const fetched = await fetch(aws, [one])
    expect(spansOf(fetched, one)).toEqual(['b', 'a'])
    expect(fetched.places).toEqual(['Transaction Search in eu-west-1', 'X-Ray in eu-west-1'])
  })
})

describe('several regions and profiles', () => {
  const having = (id: string, region: string, profile: string | null = null) =>
    ({
      region,
      profile,
      answers: {...inXray, BatchGetTraces: () => ({Traces: [{Id: one, Segments: [segment(one, id)]}]})},
    }) satisfies FakeXRayOptions

  test('the spans of all are together, the same segment once', async () => {
    const first = fakeXRay(having('a', 'eu-west-1'))
    const rest = [having('b', 'us-east-1', 'x'), having('a', 'us-east-1', 'y')]
    const fetched = await fetch([first, ...rest.map(options => fakeXRay({...options, clock: first.fakeClock}))], [one])
    expect(spansOf(fetched, one)).toEqual(['a', 'b'])
    expect(fetched.places).toEqual([
      'X-Ray in eu-west-1',
      'X-Ray in us-east-1 (profile x)',
      'X-Ray in us-east-1 (profile y)',
    ])
  })

  test('one that cannot be asked is a gap with the permission; when none can be, that is what is said', async () => {
    const refuses: FakeXRayOptions = {
      region: 'us-east-1',
      answers: {
        ...inXray,
        BatchGetTraces: () => {
          throw deniedTo('xray:BatchGetTraces')
        },
      },
    }
    const first = fakeXRay(having('a', 'eu-west-1'))
    const fetched = await fetch([first, fakeXRay({...refuses, clock: first.fakeClock})], [one])
    expect(spansOf(fetched, one)).toEqual(['a'])
    expect(fetched.gaps).toEqual([
      {what: 'traces', account: null, region: 'us-east-1', reason: 'denied', detail: 'needs xray:BatchGetTraces'},
    ])
    const none = fakeXRay(refuses)
    const failed = await failure(fetch([none, fakeXRay({...refuses, clock: none.fakeClock})], [one]))
    expect(failed).toMatchObject({exitCode: 4, code: 'AccessDeniedException'})
  })

  test('an id unprocessed in one region and found in another is found', async () => {
    const first = fakeXRay({answers: {...inXray, ...nothingInXray}})
    const second = fakeXRay({...having('a', 'us-east-1'), clock: first.fakeClock})
    expect(await fetch([first, second], [one])).toMatchObject({unprocessed: []})
  })
})
