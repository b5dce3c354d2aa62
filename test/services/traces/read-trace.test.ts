import {describe, expect, test} from 'vitest'
import {first, second, third} from '../logs/events.ts'
import {awsError} from '../logs/reader/fake-log-groups.ts'
import {account, arnOf, execution, fakeCompany, streamOf} from './fake-company.ts'
import {deniedTo} from './fake-xray.ts'
import {ago, id, id2, lambda, logsOf, minute, read} from './reading.ts'

describe('a trace that X-Ray has', () => {
  const traces = {[id]: lambda('checkout', first, {at: 10_000})}
  const said = ['what print wrote', `2026-11-20T14:00:00.000Z\t${first}\tINFO\thello`]
  const functions = {
    checkout: [...execution(10_000, first, {said}), ...execution(8_000, second, {said: ['of another request']})],
    mailer: execution(10_000, third, {said: ['of another function']}),
  }

  test('has the request’s own lines, those that do not name it too, and the version that ran', async () => {
    const aws = fakeCompany({functions, traces})
    const report = await read(aws, id)
    expect(report.trace).toMatchObject({id, source: 'xray', durationMs: expect.closeTo(1_000, 1)})
    expect(logsOf(report)).toEqual([
      'what print wrote',
      expect.stringContaining(first.slice(0, 30)),
      expect.stringMatching(/^REPORT /),
    ])
    expect([...(report.versions ?? [])].map(([, version]) => version)).toEqual(['42'])
    expect(report.coverage).toMatchObject({gaps: [], scopes: [{account, region: 'eu-west-1'}]})
    expect(report.notes).toEqual([])
  })

  test('costs one search and one read for each log group, and no listing', async () => {
    const aws = fakeCompany({functions, traces})
    await read(aws, id)
    expect(
      aws
        .of('FilterLogEvents')
        .map(({input}) => [input['logGroupName'], input['filterPattern'], input['logStreamNames']]),
    ).toEqual([
      ['/aws/lambda/checkout', `"${first}"`, undefined],
      ['/aws/lambda/checkout', undefined, [streamOf()]],
    ])
    expect(aws.of('ListFunctions')).toEqual([])
    expect(aws.of('GetFunctionConfiguration')).toHaveLength(1)
  })

  test('is not asked for its log group where the function’s segment names it', async () => {
    const [service = {}, run = {}] = lambda('checkout', first, {at: 10_000})
    const named = {
      ...run,
      aws: {function_arn: arnOf('checkout'), cloudwatch_logs: [{log_group: '/aws/lambda/checkout'}]},
    }
    const aws = fakeCompany({functions, traces: {[id]: [service, named]}})
    expect(logsOf(await read(aws, id))).toHaveLength(3)
    expect(aws.of('GetFunctionConfiguration')).toEqual([])
  })

  test.each([
    ['FilterLogEvents', '/aws/lambda/checkout', 'needs logs:FilterLogEvents'],
    ['GetFunctionConfiguration', 'log lines of checkout', 'needs lambda:GetFunctionConfiguration'],
  ])('is there though %s is denied: its lines are a gap', async (operation, what, detail) => {
    const refuse = () => {
      throw deniedTo(operation)
    }
    const report = await read(fakeCompany({functions, traces, answers: {[operation]: refuse}}), id)
    expect(report.trace.nodes).toHaveLength(2)
    expect(report.coverage.gaps).toMatchObject([{what, reason: 'denied', detail, region: 'eu-west-1'}])
  })

  test('case 32: is there though the credentials expired before its lines were read', async () => {
    const expired = () => {
      throw awsError('ExpiredTokenException', 'The security token included in the request is expired')
    }
    const report = await read(fakeCompany({functions, traces, answers: {FilterLogEvents: expired}}), id)
    expect(report.coverage.gaps).toMatchObject([
      {
        reason: 'denied',
        detail: expect.stringMatching(/^could not read log lines: the credentials have expired \(sign in again/),
      },
    ])
  })

  test('says of which function no line was found, and that young ones may still arrive', async () => {
    const quiet = (at: number) =>
      read(fakeCompany({functions: {checkout: []}, traces: {[id]: lambda('checkout', first, {at})}}), id)
    expect((await quiet(10_000)).notes).toEqual(['no log lines of checkout were found: they may still arrive'])
    expect((await quiet(5 * minute)).notes).toEqual(['no log lines of checkout were found'])
  })

  test('has the cause of a failure from its lines where no segment tells it, as of a timeout', async () => {
    const said = [`2026-11-20T14:00:00.000Z ${first} Task timed out after 1.00 seconds`]
    const [service = {}, run = {}] = lambda('checkout', first, {at: 10_000, fault: true})
    const documents = {[id]: [service, {...run, fault: true}]}
    const aws = fakeCompany({functions: {checkout: execution(10_000, first, {said})}, traces: documents})
    const {trace} = await read(aws, id)
    expect(trace.nodes.map(({role, cause}) => [role, cause?.exceptions[0]?.message])).toEqual([
      ['service', undefined],
      ['function', 'Task timed out after 1.00 seconds'],
    ])
    expect(trace.roots[0]).toBe(trace.nodes[0])
    expect(trace.roots[0]?.children).toEqual([trace.nodes[1]])
  })

  test('keeps the cause that a segment tells', async () => {
    const exception = {id: 'e'.repeat(16), type: 'Busy', message: 'try later'}
    const call = {id: 'c'.repeat(16), name: 'x.example', start_time: ago(9_500), end_time: ago(9_300), fault: true}
    const [service = {}, run = {}] = lambda('checkout', first, {at: 10_000, fault: true})
    const failed = {...run, fault: true, subsegments: [{...call, cause: {exceptions: [exception]}}]}
    const said = [`2026-11-20T14:00:00.000Z\t${first}\tERROR\tBusy: try later`]
    const aws = fakeCompany({
      functions: {checkout: execution(10_000, first, {said})},
      traces: {[id]: [service, failed]},
    })
    const {trace} = await read(aws, id)
    expect(trace.nodes.map(({cause}) => cause?.exceptions.length ?? 0)).toEqual([0, 0, 1])
  })

  const twice = [
    ...execution(90_000, first, {said: ['first time'], traceId: id}),
    ...execution(20_000, first, {said: ['second time'], logStream: streamOf('43', 2), traceId: id}),
  ]

  test('two attempts at one request get their own lines each', async () => {
    const [service = {}, run = {}] = lambda('checkout', first, {at: 90_000})
    const attempt = (n: number, at: number) => ({
      id: String(n).repeat(16),
      name: `Attempt #${n}`,
      start_time: ago(at),
      end_time: ago(at - 1_000),
    })
    const [one, two] = [attempt(1, 90_000), attempt(2, 20_000)]
    const documents = [
      {...service, end_time: two.end_time, subsegments: [one, two]},
      {...run, parent_id: one.id},
      {...run, id: 'c'.repeat(16), parent_id: two.id, start_time: two.start_time, end_time: two.end_time},
    ]
    const report = await read(fakeCompany({functions: {checkout: twice}, traces: {[id]: documents}}), id)
    expect([...report.logs].map(([node, events]) => [node, events[0]?.message])).toEqual([
      [`${id}/baaaaaaaaaaaaaaa`, 'first time'],
      [`${id}/cccccccccccccccc`, 'second time'],
    ])
    expect([...(report.versions ?? new Map()).values()]).toEqual(['42', '43'])
    expect(report.trace.nodes.filter(({role}) => role === 'function').map(({span}) => span.requestId)).toEqual([
      first,
      first,
    ])
  })

  test('a function whose request no segment tells has the lines that name the trace', async () => {
    const [, run = {}] = lambda('checkout', first, {at: 90_000})
    const [, again = {}] = lambda('checkout', first, {at: 20_000, hex: 'c'})
    const other = execution(60_000, second, {said: ['of another trace'], traceId: id2, logStream: streamOf('42', 3)})
    const aws = fakeCompany({
      functions: {checkout: [...twice, ...other]},
      traces: {[id]: [run, {...again, id: 'c'.repeat(16)}]},
    })
    const report = await read(aws, id)
    expect([...report.logs.values()].map(events => events[0]?.message)).toEqual(['first time', 'second time'])
  })

  test('a function that is not traced itself has its lines by the call of it', async () => {
    const call = {
      id: 'c'.repeat(16),
      name: 'Lambda',
      namespace: 'aws',
      start_time: ago(9_500),
      end_time: ago(9_300),
      aws: {operation: 'Invoke', function_name: 'stock', request_id: second},
    }
    const [service = {}, run = {}] = lambda('checkout', first, {at: 10_000})
    const inferred = {...call, id: 'd'.repeat(16), parent_id: call.id, inferred: true, origin: 'AWS::Lambda'}
    const aws = fakeCompany({
      functions: {checkout: [], stock: execution(9_500, second, {ms: 200, said: ['in stock']})},
      traces: {[id]: [service, {...run, subsegments: [call]}, inferred]},
    })
    const report = await read(aws, id)
    expect(report.trace.nodes.map(({span}) => span.name)).toEqual(['checkout', 'checkout', 'Lambda'])
    expect(logsOf(report)).toContain('in stock')
  })

  test('a function of another region is said to be one', async () => {
    const far = lambda('checkout', first, {at: 10_000}).map(document =>
      JSON.parse(JSON.stringify(document).replaceAll('eu-west-1', 'us-east-1')),
    )
    const report = await read(fakeCompany({functions, traces: {[id]: far}}), id)
    expect(report.notes).toEqual(['checkout runs in us-east-1: add --region us-east-1 for its log lines'])
    expect(report.coverage.gaps).toEqual([])
  })

  test('of several regions each function’s lines are read in its own', async () => {
    const west = fakeCompany({functions, traces})
    const east = fakeCompany({
      functions: {stock: execution(9_500, second, {said: ['in stock'], ms: 100})},
      region: 'us-east-1',
      traces: {
        [id]: lambda('stock', second, {at: 9_500, ms: 100, hex: 'd'}).map(document =>
          JSON.parse(JSON.stringify(document).replaceAll('eu-west-1', 'us-east-1')),
        ),
      },
    })
    // one clock for both
    const report = await read([west, {...east, clock: west.clock, budget: west.budget}], id)
    expect(report.trace.nodes).toHaveLength(4)
    expect(logsOf(report)).toContain('in stock')
  })
})

describe('--redact', () => {
  const documents = (customer: string) => [
    {
      id: '1'.repeat(16),
      name: 'POST /customers/cus_77aa',
      start_time: ago(20_000),
      end_time: ago(19_000),
      user: customer,
      annotations: {order: 'ord_5511', tier: 'gold'},
      metadata: {larder: {buyer: 'cus_77aa', note: 'for cus_77aa, of gold'}},
      fault: true,
      cause: {exceptions: [{type: 'Error', message: 'ord_5511 was refused'}]},
      http: {request: {method: 'GET', url: 'https://x.example/customers/cus_77aa/orders'}},
    },
    ...lambda('checkout', first, {at: 10_000}),
  ]
  const said = ['placing ord_5511 of cus_77aa', 'owner=x9, as user=u-12 wants', 'u-12 is marigold']
  const company = () =>
    fakeCompany({functions: {checkout: execution(10_000, first, {said})}, traces: {[id]: documents('cus_77aa')}})

  test('masks what the trace and its lines tell of people wherever else it stands', async () => {
    const report = await read(company(), id, {redaction: 'all'})
    const text = JSON.stringify([report.trace, [...report.logs.values()].map(events => events.map(e => e.message))])
    expect(text).not.toMatch(/cus_77aa|ord_5511|u-12|"gold|of gold/)
    expect(text).toContain('marigold')
    expect(report.trace.roots[0]).toMatchObject({span: {name: 'POST /customers/***', user: '***'}})
  })

  test('is not done where nobody asks for it', async () => {
    expect(JSON.stringify((await read(company(), id)).trace)).toContain('ord_5511 was refused')
  })
})

describe('an abort', () => {
  test.each([
    'GetTraceSegmentDestination',
    'BatchGetTraces',
    'GetFunctionConfiguration',
    'ListFunctions',
    'FilterLogEvents',
  ])('during %s ends it with the signal’s reason', async operation => {
    const stop = new AbortController()
    const traces = operation === 'GetFunctionConfiguration' ? {[id]: lambda('checkout', first, {at: 10_000})} : {}
    const aws = fakeCompany({
      functions: {checkout: []},
      traces,
      answers: {
        [operation]: () => {
          stop.abort(new Error('Ctrl-C'))
          return {}
        },
      },
    })
    await expect(read(aws, id, {}, stop.signal)).rejects.toThrow('Ctrl-C')
  })
})
