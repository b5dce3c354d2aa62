import {describe, expect, test} from 'vitest'
import {w3cTraceId} from '../../../src/services/logs/trace-id.ts'
import {fetchTraces} from '../../../src/services/traces/fetch-traces.ts'
import {awsError} from '../logs/reader/fake-log-groups.ts'
import {deniedTo, type FakeXRay, fakeXRay, now, segment, traceIdNo, type XRayCall} from './fake-xray.ts'
import {type Answers, failure, fetch, idsOf, inLogs, nothingInXray, one, spansOf, three, two} from './fetching.ts'

describe('case 11: Transaction Search', () => {
  const running = (statuses: readonly string[], traces: object[] = []): Answers => ({
    ...inLogs,
    ...nothingInXray,
    StartTraceRetrieval: () => ({RetrievalToken: 'token-1'}),
    ListRetrievedTraces: ({nth, input}) => {
      const status = statuses[Math.min(nth, statuses.length) - 1]
      return {RetrievalStatus: status, TraceFormat: input['TraceFormat'], Traces: status === 'COMPLETE' ? traces : []}
    },
    CancelTraceRetrieval: () => ({}),
  })

  test('a retrieval is polled, ever less often, until it is complete', async () => {
    const statuses = ['SCHEDULED', 'RUNNING', 'RUNNING', 'RUNNING', 'COMPLETE']
    const aws = fakeXRay({answers: running(statuses, [{Id: one, Spans: [segment(one, 'a')]}])})
    const fetched = await fetch(aws, [one])
    expect(spansOf(fetched, one)).toEqual(['a'])
    expect(fetched.found.get(one)?.source).toBe('transaction-search')
    expect(fetched).toMatchObject({gaps: [], notes: [], places: ['Transaction Search in eu-west-1']})
    expect(aws.of('StartTraceRetrieval').map(({input}) => input)).toEqual([
      {TraceIds: [one], StartTime: new Date(now - 3_600_000), EndTime: new Date(now)},
    ])
    const polls = aws.of('ListRetrievedTraces').map(({at}) => at)
    const waits = polls.slice(1).map((at, index) => at - (polls[index] ?? 0))
    expect(waits).toEqual(waits.toSorted((a, b) => a - b))
    expect(aws.of('CancelTraceRetrieval')).toEqual([])
    expect(aws.of('BatchGetTraces')).toEqual([])
  })

  test('all pages are listed, and a hundred ids are one retrieval', async () => {
    const ids = Array.from({length: 101}, (_, at) => traceIdNo(at + 1))
    const aws = fakeXRay({
      answers: {
        ...running([]),
        StartTraceRetrieval: ({nth}) => ({RetrievalToken: `token-${nth}`}),
        ListRetrievedTraces: ({input}) => {
          const asked = input['RetrievalToken'] === 'token-1' ? ids.slice(0, 100) : ids.slice(100)
          const from = Number(input['NextToken'] ?? 0)
          return {
            RetrievalStatus: 'COMPLETE',
            TraceFormat: 'XRAY',
            Traces: asked.slice(from, from + 5).map(id => ({Id: id, Spans: [segment(id, 'a')]})),
            ...(from + 5 < asked.length && {NextToken: String(from + 5)}),
          }
        },
      },
    })
    const fetched = await fetch(aws, ids)
    expect([...fetched.found.keys()]).toEqual(ids)
    expect(aws.of('StartTraceRetrieval').map(call => idsOf(call).length)).toEqual([100, 1])
    expect(aws.of('ListRetrievedTraces')).toHaveLength(21)
  })

  test('a retrieval that is not known yet is asked for again', async () => {
    const answers = running(['COMPLETE'], [{Id: one, Spans: [segment(one, 'a')]}])
    const aws = fakeXRay({
      answers: {
        ...answers,
        ListRetrievedTraces: call => {
          if (call.nth === 1) throw awsError('ResourceNotFoundException', 'no such token', 404)
          return answers['ListRetrievedTraces']?.(call)
        },
      },
    })
    expect(spansOf(await fetch(aws, [one]), one)).toEqual(['a'])
  })

  test('Ctrl-C while it runs cancels it at AWS', async () => {
    const aws = fakeXRay({answers: running(['RUNNING'])})
    const controller = new AbortController()
    aws.fakeClock.at(now + 5_000, () => controller.abort(new Error('stopped')))
    await expect(fetch(aws, [one], controller.signal)).rejects.toThrow('stopped')
    expect(aws.of('CancelTraceRetrieval').map(({input}) => input)).toEqual([{RetrievalToken: 'token-1'}])
    expect(aws.fakeClock.now() - now).toBeLessThan(5_800)
  })

  test('Ctrl-C while it is being started cancels it as soon as its token is there', async () => {
    const aws = fakeXRay({answers: running(['RUNNING']), latencyMs: 300})
    const controller = new AbortController()
    aws.fakeClock.at(now + 400, () => controller.abort(new Error('stopped')))
    await expect(fetch(aws, [one], controller.signal)).rejects.toThrow('stopped')
    expect(aws.of('StartTraceRetrieval')).toHaveLength(1)
    expect(aws.of('CancelTraceRetrieval').map(({input}) => input)).toEqual([{RetrievalToken: 'token-1'}])
  })

  test('a cancellation that hangs does not hold up who pressed Ctrl-C', async () => {
    const aws = fakeXRay({answers: running(['RUNNING']), latencyMs: 30_000})
    const controller = new AbortController()
    aws.fakeClock.at(now + 70_000, () => controller.abort(new Error('stopped')))
    let stoppedAt = 0
    const work = fetchTraces([aws], {ids: [one], start: now - 1, end: now}, controller.signal).finally(() => {
      stoppedAt = aws.clock.now()
    })
    await expect(aws.fakeClock.outcome(work)).rejects.toThrow('stopped')
    expect(stoppedAt - now - 70_000).toBeLessThan(800)
  })

  test.each([
    ['TIMEOUT', 'the retrieval ran into AWS’s limit of 60 minutes'],
    ['FAILED', 'AWS ended the retrieval as FAILED'],
    ['CANCELLED', 'the retrieval was cancelled by somebody'],
    ['RUNNING', 'the retrieval had not ended after 90 seconds'],
  ])('%s: the spans are read from their log group instead, which is said', async (status, words) => {
    const record = (spanId: string) =>
      JSON.stringify({
        traceId: w3cTraceId(one),
        spanId,
        startTimeUnixNano: `${now}000000`,
        endTimeUnixNano: `${now}500000`,
      })
    const aws = fakeXRay({
      answers: {
        ...running(['SCHEDULED', status]),
        FilterLogEvents: ({nth}) => ({
          events: [{timestamp: now, message: record(nth === 1 ? 'a' : 'b')}],
          ...(nth === 1 && {nextToken: 'more'}),
        }),
      },
    })
    const fetched = await fetch(aws, [one])
    expect(aws.of('FilterLogEvents').map(({input}) => input)).toMatchObject([
      {
        logGroupName: 'aws/spans',
        filterPattern: `{ $.traceId = "${w3cTraceId(one)}" }`,
        startTime: now - 3_600_000,
        endTime: now,
      },
      {nextToken: 'more'},
    ])
    expect(spansOf(fetched, one)).toEqual(['a', 'b'])
    expect(fetched.found.get(one)?.source).toBe('transaction-search')
    expect(fetched.notes).toEqual([expect.stringContaining(words)])
    expect(fetched.places).toContain('log group aws/spans in eu-west-1')
    expect(fetched.gaps).toEqual([])
    expect(aws.of('CancelTraceRetrieval')).toHaveLength(1)
  })

  const listingBreaks = {
    ...running([]),
    ListRetrievedTraces: ({input}: XRayCall) => {
      if (input['NextToken'] !== undefined) throw deniedTo('xray:ListRetrievedTraces')
      return {RetrievalStatus: 'COMPLETE', Traces: [{Id: one, Spans: [segment(one, 'half')]}], NextToken: 'more'}
    },
  }

  test('a listing that breaks off leaves no half of a trace: all its spans are read from their log group', async () => {
    const record = (spanId: string) =>
      JSON.stringify({spanId, startTimeUnixNano: `${now}000000`, endTimeUnixNano: `${now}500000`})
    const events = ['half', 'rest'].map(id => ({timestamp: now, message: record(id)}))
    const aws = fakeXRay({answers: {...listingBreaks, FilterLogEvents: () => ({events})}})
    const fetched = await fetch(aws, [one])
    expect(spansOf(fetched, one)).toEqual(['half', 'rest'])
    expect(fetched.gaps).toEqual([])
  })

  test('a half is better than nothing, with a gap that says so', async () => {
    const aws = fakeXRay({
      answers: {
        ...listingBreaks,
        FilterLogEvents: () => {
          throw deniedTo('logs:FilterLogEvents')
        },
      },
    })
    const fetched = await fetch(aws, [one])
    expect(spansOf(fetched, one)).toEqual(['half'])
    expect(fetched.gaps).toMatchObject([{what: 'traces', region: 'eu-west-1', reason: 'denied'}])
  })

  test('where neither a retrieval nor the log group may be had, both permissions are named', async () => {
    const aws = fakeXRay({
      answers: {
        ...running([]),
        StartTraceRetrieval: () => {
          throw deniedTo('xray:StartTraceRetrieval')
        },
        FilterLogEvents: () => {
          throw deniedTo('logs:FilterLogEvents')
        },
      },
    })
    const error = await failure(fetch(aws, [one]))
    expect(error.exitCode).toBe(4)
    expect(error.hint).toBe(
      'this needs xray:StartTraceRetrieval and xray:ListRetrievedTraces, or logs:FilterLogEvents of aws/spans',
    )
  })

  test('a log group too large to be searched in a minute is a gap', async () => {
    const aws = fakeXRay({
      answers: {
        ...running(['FAILED']),
        FilterLogEvents: ({nth}) => ({events: [], nextToken: `page ${nth}`}),
      },
      latencyMs: 1_000,
    })
    const {gaps} = await fetch(aws, [one])
    expect(gaps).toMatchObject([{what: 'aws/spans', region: 'eu-west-1', reason: 'interrupted'}])
    expect(aws.of('FilterLogEvents').length).toBeLessThan(70)
  })

  test('when the log group is refused for one trace, it is not searched on for the others', async () => {
    const aws = fakeXRay({
      answers: {
        ...running(['FAILED']),
        FilterLogEvents: ({nth, input}) => {
          if (String(input['filterPattern']).includes(w3cTraceId(two))) throw deniedTo('logs:FilterLogEvents')
          return {events: [], nextToken: `page ${nth}`}
        },
      },
      latencyMs: 1_000,
    })
    await failure(fetch(aws, [one, two]))
    const searched = aws.of('FilterLogEvents').length
    await aws.fakeClock.outcome(aws.clock.sleep(30_000))
    expect(aws.of('FilterLogEvents')).toHaveLength(searched)
  })

  test('what no segment can be made of is listed as OpenTelemetry’s spans', async () => {
    const spans = [
      {
        Id: 'a',
        Document: JSON.stringify({spanId: 'a', startTimeUnixNano: `${now}000000`, endTimeUnixNano: `${now}500000`}),
      },
    ]
    const aws = fakeXRay({
      answers: {
        ...running([]),
        ListRetrievedTraces: ({input}) => ({
          RetrievalStatus: 'COMPLETE',
          TraceFormat: input['TraceFormat'],
          Traces: [{Id: w3cTraceId(one), Spans: input['TraceFormat'] === 'OTEL' ? spans : []}],
        }),
      },
    })
    expect(spansOf(await fetch(aws, [one]), one)).toEqual(['a'])
  })

  test('links that X-Ray writes a record of their own for are those of their span, each once', async () => {
    const link = {traceId: w3cTraceId(two), spanId: 'b', _aws: {xray: {reference_type: 'child'}}}
    const times = {startTimeUnixNano: `${now}000000`, endTimeUnixNano: `${now}500000`}
    const decorator = {
      spanId: 'd',
      ...times,
      links: [link],
      _aws: {xray: {decorator_type: 'managed_link', target_id: 'a'}},
    }
    const records = [{spanId: 'a', ...times}, decorator, {...decorator, spanId: 'e'}]
    const aws = fakeXRay({
      answers: {
        ...running(['FAILED']),
        FilterLogEvents: () => ({events: records.map(record => ({timestamp: now, message: JSON.stringify(record)}))}),
      },
    })
    const {found} = await fetch(aws, [one])
    expect(found.get(one)).toMatchObject({
      problems: [],
      spans: [{id: 'a', links: [{traceId: two, spanId: 'b', reference: 'child'}]}],
    })
    expect(found.get(one)?.spans[0]?.links).toHaveLength(1)
  })

  test('what it does not have may be in X-Ray from before', async () => {
    const aws = fakeXRay({
      answers: {
        ...running(['COMPLETE'], [{Id: one, Spans: [segment(one, 'a')]}]),
        BatchGetTraces: call => ({
          Traces: [{Id: two, Segments: [segment(two, 'b')]}],
          UnprocessedTraceIds: idsOf(call).filter(id => id === three),
        }),
      },
    })
    const fetched = await fetch(aws, [one, two, three])
    expect([...fetched.found].map(([id, {source}]) => [id, source])).toEqual([
      [one, 'transaction-search'],
      [two, 'xray'],
    ])
    expect(aws.of('BatchGetTraces').map(idsOf)).toEqual([[two, three]])
    expect(fetched).toMatchObject({unprocessed: [], gaps: []})
  })

  test('that X-Ray cannot be asked besides is no gap, but a bug is none of AWS’s refusals', async () => {
    const asking = (error: Error): FakeXRay =>
      fakeXRay({
        answers: {
          ...inLogs,
          StartTraceRetrieval: () => ({RetrievalToken: 'token-1'}),
          ListRetrievedTraces: ({input}) => ({
            RetrievalStatus: 'COMPLETE',
            TraceFormat: input['TraceFormat'],
            Traces: [],
          }),
          BatchGetTraces: () => {
            throw error
          },
        },
      })
    expect(await fetch(asking(deniedTo('xray:BatchGetTraces')), [one])).toMatchObject({gaps: [], unprocessed: []})
    await expect(fetch(asking(new TypeError('x is not a function')), [one])).rejects.toThrow('x is not a function')
  })
})
