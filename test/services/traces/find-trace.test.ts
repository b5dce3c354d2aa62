import {describe, expect, test} from 'vitest'
import {traceRefFrom} from '../../../src/services/traces/trace-ref.ts'
import {first, second, third} from '../logs/events.ts'
import {execution, fakeCompany, filtered, now, streamOf} from './fake-company.ts'
import {deniedTo} from './fake-xray.ts'
import {id, id2, lambda, logsOf, minute, read} from './reading.ts'

describe('case 9: Sampled=0', () => {
  test('leads to the logs, and X-Ray is not asked', async () => {
    const aws = fakeCompany({
      functions: {
        checkout: execution(50_000, first, {traceId: id}),
        stock: execution(49_500, second, {ms: 100, traceId: id}),
      },
    })
    const report = await read(aws, `Root=${id};Parent=aaaaaaaaaaaaaaaa;Sampled=0`)
    expect(aws.of('BatchGetTraces')).toEqual([])
    expect(report.trace).toMatchObject({id, source: 'logs'})
    expect(report.trace.roots.map(({span, children}) => [span.name, children.map(({span}) => span.name)])).toEqual([
      ['checkout', ['stock']],
    ])
    expect(report.notes).toEqual([
      'its header says that it was not sampled: X-Ray has no trace of it',
      'which function called which is a guess by when they ran',
    ])
    expect(logsOf(report)).toHaveLength(2)
  })

  const unsampled = execution(50_000, first, {traceId: id}).map(line => ({
    ...line,
    message: line.message.replace('Sampled: true', 'Sampled: false'),
  }))

  test('of a request’s REPORT is said, and X-Ray is not asked either', async () => {
    const aws = fakeCompany({functions: {checkout: unsampled}})
    const report = await read(aws, first)
    expect(aws.of('BatchGetTraces')).toEqual([])
    expect(report.trace).toMatchObject({id, source: 'logs'})
    expect(report.asked.sampled).toBe(false)
    expect(report.notes).toContain('its log says that it was not sampled: X-Ray has no trace of it')
  })

  test('is said of a trace id that X-Ray does not have, as START in JSON says', async () => {
    const start = {
      type: 'platform.start',
      record: {requestId: first, tracing: {type: 'X-Amzn-Trace-Id', value: `Root=${id};Sampled=0`}},
    }
    const lines = [{at: 50_000, message: JSON.stringify(start)}, ...execution(50_000, first, {traceId: null}).slice(1)]
    const report = await read(fakeCompany({functions: {checkout: lines}}), id)
    expect(report.asked.sampled).toBe(false)
    expect(report.notes).toEqual(['its log says that it was not sampled: X-Ray has no trace of it'])
  })
})

describe('a trace that X-Ray does not have', () => {
  test('is made of the log lines that name it, in whatever form', async () => {
    const hex = id.slice(2).replace('-', '')
    const aws = fakeCompany({
      functions: {
        checkout: execution(50_000, first, {traceId: id}),
        stock: execution(49_500, second, {
          ms: 100,
          said: [`2026-11-20T14:00:00.000Z\t${second}\tINFO\t{"trace_id":"${hex}"}`],
        }),
        mailer: execution(50_000, third, {traceId: id2}),
      },
    })
    const report = await read(aws, id)
    expect(report.trace.source).toBe('logs')
    expect(report.notes[0]).toBe(
      'X-Ray does not have it, though its log says that it was sampled: it may come yet, or is gone; this is what log lines tell',
    )
    expect(report.trace.nodes.map(({span}) => span.name)).toEqual(['checkout', 'stock'])
  })

  test('is searched for in the targets alone, where there are some', async () => {
    const functions = {
      checkout: execution(50_000, first, {traceId: id}),
      stock: execution(49_500, second, {traceId: id}),
    }
    const aws = fakeCompany({functions})
    const report = await read(aws, id, {targets: ['stock']})
    expect(report.trace.nodes.map(({span}) => span.name)).toEqual(['stock'])
    expect(new Set(aws.of('FilterLogEvents').map(({input}) => input['logGroupName']))).toEqual(
      new Set(['/aws/lambda/stock']),
    )
  })

  test('case 10: one that is nowhere is an error that says where was looked', async () => {
    await expect(read(fakeCompany({functions: {checkout: [], stock: []}}), id)).rejects.toMatchObject({
      code: 'NoTrace',
      exitCode: 1,
      message: expect.stringMatching(
        new RegExp(
          `^${id} is nowhere; looked in X-Ray in eu-west-1; 2 log groups, from 2026-11-20T13:58:00Z to 2026-11-20T14:00:00Z$`,
        ),
      ),
      hint: expect.stringContaining('30 days'),
    })
  })

  test('is what the logs tell, and a gap, where X-Ray refuses', async () => {
    const answers = {
      BatchGetTraces: () => {
        throw deniedTo('xray:BatchGetTraces')
      },
    }
    const functions = {checkout: execution(50_000, first, {traceId: id})}
    const report = await read(fakeCompany({functions, answers}), id)
    expect(report.trace.source).toBe('logs')
    expect(report.coverage.gaps).toMatchObject([
      {what: 'traces', reason: 'denied', detail: 'needs xray:BatchGetTraces'},
    ])
    await expect(read(fakeCompany({functions: {checkout: []}, answers}), id)).rejects.toMatchObject({exitCode: 4})
  })

  test('case 32: log groups that refuse are gaps, and named where nothing was found', async () => {
    const refuse = () => {
      throw deniedTo('logs:FilterLogEvents')
    }
    const aws = fakeCompany({functions: {checkout: []}, answers: {FilterLogEvents: refuse}})
    await expect(read(aws, id)).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('1 could not be read (/aws/lambda/checkout: needs logs:FilterLogEvents)'),
      hint: expect.stringMatching(/^it may be where AWS refused \(needs logs:FilterLogEvents\); else /),
    })
  })
})

describe('a request id', () => {
  test('leads to its trace, newest logs first, and says what was searched', async () => {
    const traces = {[id]: lambda('checkout', first, {at: 40_000})}
    const aws = fakeCompany({functions: {checkout: execution(40_000, first, {traceId: id}), stock: []}, traces})
    const report = await read(aws, first)
    expect(report.trace).toMatchObject({id, source: 'xray'})
    expect(report.notes).toEqual(['the id carries no time: the logs of the last 30 min were searched'])
    const starts = aws.of('FilterLogEvents').map(({input}) => Number(input['startTime']))
    expect(Math.min(...starts)).toBe(now - 30 * minute)
  })

  test('is found without waiting for log groups that do not have it', async () => {
    let isAsked = 0
    const aws = fakeCompany({
      functions: {checkout: execution(50_000, first), slow: []},
      answers: {
        FilterLogEvents: input => {
          if (input['logGroupName'] === '/aws/lambda/checkout')
            return filtered({checkout: execution(50_000, first)}, input)
          isAsked++
          return {events: [], nextToken: String(isAsked)}
        },
      },
    })
    expect((await read(aws, first)).trace.nodes).toHaveLength(1)
    expect(isAsked).toBeLessThan(5)
  })

  test('that was found has no gap in log groups that cannot be searched', async () => {
    const functions = {checkout: execution(50_000, first), secret: []}
    const answers = {
      FilterLogEvents: (input: Readonly<Record<string, unknown>>) => {
        if (input['logGroupName'] === '/aws/lambda/secret') throw deniedTo('logs:FilterLogEvents')
        return filtered(functions, input)
      },
    }
    expect((await read(fakeCompany({functions, answers}), first)).coverage.gaps).toEqual([])
    await expect(read(fakeCompany({functions, answers}), second)).rejects.toMatchObject({
      message: expect.stringContaining('1 could not be read (/aws/lambda/secret: needs logs:FilterLogEvents)'),
    })
  })

  test('is found in what is older, too', async () => {
    const aws = fakeCompany({functions: {checkout: execution(600 * minute, first)}})
    const report = await read(aws, first.toUpperCase())
    expect(report.trace).toMatchObject({source: 'logs', id: first})
    expect(report.notes).toEqual([
      'the id carries no time: the logs of the last 24 h were searched',
      'the request has no trace id: this is what its own log lines tell',
    ])
    expect(logsOf(report)).toHaveLength(1)
  })

  test('that failed and was tried again is one request with two attempts', async () => {
    const lines = [...execution(9 * minute, first), ...execution(7 * minute, first, {logStream: streamOf('42', 2)})]
    const {trace} = await read(fakeCompany({functions: {checkout: lines}}), first)
    expect(trace.nodes.map(({role}) => role)).toEqual(['service', 'attempt', 'function', 'attempt', 'function'])
  })

  test('of a console link is looked for in the link’s log group first', async () => {
    const aws = fakeCompany({functions: {checkout: execution(50_000, first), stock: []}})
    const ref = {...traceRefFrom(first, now), logGroup: '/aws/lambda/checkout', at: now - 60_000}
    await read(aws, first, {ref})
    expect(new Set(aws.of('FilterLogEvents').map(({input}) => input['logGroupName']))).toEqual(
      new Set(['/aws/lambda/checkout']),
    )
    expect(aws.of('ListFunctions')).toEqual([])
  })

  test('that another service’s line names has that line’s trace', async () => {
    const lines = [`{"requestId":"${first}","xrayTraceId":"${id}","status":500}`].map(message => ({
      at: 50_000,
      message,
      logStream: 'access',
    }))
    const aws = fakeCompany({functions: {gateway: lines}, traces: {[id]: lambda('checkout', second, {at: 50_000})}})
    expect((await read(aws, first)).trace.id).toBe(id)
  })

  test('is looked for in many log groups only after saying how long that takes', async () => {
    const functions = Object.fromEntries(
      Array.from({length: 600}, (_, i) => [`f${i}`, i === 7 ? execution(50_000, first) : []]),
    )
    const notices: string[] = []
    const steps: string[] = []
    await read(fakeCompany({functions}), first, {
      onNotice: notice => void notices.push(notice),
      onStep: step => void steps.push(step),
    })
    expect(notices).toEqual(['searching 600 log groups, 6 s at least: targets make it shorter'])
    expect(steps).toEqual([
      'listing functions and log groups',
      'looking for it in 600 log groups',
      'looking for it in 1 log group',
    ])
  })

  test('that is nowhere is an error', async () => {
    await expect(read(fakeCompany({functions: {checkout: []}}), first)).rejects.toMatchObject({
      code: 'NoTrace',
      exitCode: 1,
      message: `${first} is nowhere; looked in 1 log group, from 2026-11-19T14:00:00Z to 2026-11-20T14:00:00Z`,
    })
  })

  test('outside a window that was asked for is not looked for', async () => {
    const aws = fakeCompany({functions: {checkout: execution(600 * minute, first)}})
    const window = {start: now - 10 * minute, end: now, isWindowGiven: true}
    await expect(read(aws, first, window)).rejects.toMatchObject({code: 'NoTrace'})
    expect(aws.of('FilterLogEvents')).toHaveLength(1)
  })

  test('that was found in the newest part of a window that was asked for says so', async () => {
    const aws = fakeCompany({functions: {checkout: execution(40_000, first)}})
    const window = {start: now - 120 * minute, end: now, isWindowGiven: true}
    expect((await read(aws, first, window)).notes).toContain(
      'the id carries no time: of the 2 h that were asked for the last 30 min were searched, as it was there',
    )
  })

  test('is looked for once in log groups that refuse', async () => {
    const refuse = () => {
      throw deniedTo('logs:FilterLogEvents')
    }
    const aws = fakeCompany({functions: {checkout: [], stock: []}, answers: {FilterLogEvents: refuse}})
    await expect(read(aws, first)).rejects.toMatchObject({code: 'NoTrace', exitCode: 4})
    expect(aws.of('FilterLogEvents')).toHaveLength(2)
  })
})
