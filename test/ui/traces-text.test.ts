import type {RootCauseException, TraceSummary} from '@aws-sdk/client-xray'
import {describe, expect, test} from 'vitest'
import {zoneClock} from '../../src/services/time/zone-clock.ts'
import {groupTraces, type TraceGrouping} from '../../src/services/traces/group-traces.ts'
import {mainCause} from '../../src/services/traces/trace-outcome.ts'
import {type ListedTrace, listedTrace} from '../../src/services/traces/trace-summary.ts'
import type {TracesReport} from '../../src/services/traces/traces-report.ts'
import {width} from '../../src/ui/columns.ts'
import {causeText} from '../../src/ui/trace-words.ts'
import {tracesCsv, tracesMarkdown} from '../../src/ui/traces-file.ts'
import {tracesJson, tracesNdjson} from '../../src/ui/traces-json.ts'
import {tracesText} from '../../src/ui/traces-text.ts'
import {aSummary, idOf, now} from '../services/traces/fake-summaries.ts'
import {terminal} from './events.ts'

const scope = {account: '123456789012', region: 'eu-west-1', profile: null, endpoint: 'aws'} as const

function aReport(
  traces: readonly ListedTrace[],
  by: TraceGrouping | null = null,
  more: Partial<TracesReport> = {},
): TracesReport {
  return {
    coverage: {window: {start: now - 3_600_000, end: now}, scopes: [scope], gaps: []},
    traces,
    hasMore: false,
    since: null,
    groups: by === null ? null : {by, groups: groupTraces(traces, by)},
    scanned: 1_360,
    matched: traces.length,
    costUSD: 0.00068,
    notes: [],
    ...more,
  }
}

const listed = (...summaries: readonly TraceSummary[]): readonly ListedTrace[] =>
  summaries.flatMap(summary => listedTrace(summary, 'eu-west-1') ?? [])

const failing: Partial<TraceSummary> = {
  HasFault: true,
  Duration: 2.412,
  Http: {
    HttpMethod: 'POST',
    HttpStatus: 500,
    HttpURL: 'https://k3v9.execute-api.eu-west-1.amazonaws.com/prod/orders?dry=1',
  },
  EntryPoint: {Name: 'shop-api/prod', Type: 'AWS::ApiGateway::Stage'},
  FaultRootCauses: [
    {
      Services: [
        {Name: 'shop-api/prod'},
        {Name: 'checkout-api', Type: 'AWS::Lambda'},
        {
          Name: 'payments.example',
          EntityPath: [
            {
              Name: 'payments.example',
              Exceptions: [{Name: 'PaymentTimeout', Message: 'upstream did not answer in 1500 ms'}],
            },
          ],
        },
      ],
    },
  ],
}

const some = listed(
  aSummary(1, failing),
  aSummary(2),
  aSummary(3, {HasError: true, Http: {HttpMethod: 'GET', HttpStatus: 404, HttpURL: '/prod/日本語/orders'}}),
  aSummary(4, {HasThrottle: true, HasError: true, Http: {}, Duration: 0.012}),
  aSummary(5, {
    IsPartial: true,
    Duration: 65,
    Http: {},
    ServiceIds: [{Name: 'billing', Type: 'AWS::Lambda'}, {Name: 'orders-table'}],
    EntryPoint: {Name: 'billing'},
  }),
  aSummary(6, {FaultRootCauses: failing.FaultRootCauses ?? []}),
)

const draw = (report: TracesReport, columns: number, more = {}): string =>
  tracesText(report, {terminal: terminal(columns, more), clock: zoneClock('UTC'), dated: false})

describe('the list', () => {
  test('at 80 columns has two rows for each trace, the id whole on the second', () => {
    expect(`\n${draw(aReport(some), 80)}`).toMatchInlineSnapshot(`
      "
      time                           took  service       request
      14:07:10.000 ✗     250 ms of 2.41 s  checkout-api  POST /prod/orders?dry=1 → 500
        1-6b00540e-000000000000000000000001  payments.example: PaymentTimeout: upstre…
      14:07:09.000                 250 ms  checkout-api  GET /orders/7 → 200
        1-6b00540d-000000000000000000000002
      14:07:08.000 !               250 ms  checkout-api  GET /prod/日本語/orders → 404
        1-6b00540c-000000000000000000000003
      14:07:07.000 ‖                12 ms  checkout-api
        1-6b00540b-000000000000000000000004
      14:07:06.000   250 ms of ≥1 min 5 s  billing       orders-table
        1-6b00540a-000000000000000000000005
      14:07:05.000 ·               250 ms  checkout-api  GET /orders/7 → 200
        1-6b005409-000000000000000000000006  payments.example: PaymentTimeout: upstre…
      6 traces · ✗ 1 fault · ‖ 1 throttled · ! 1 error · 1 handled · 1,360 scanned
      next: slsops trace 1-6b00540e-000000000000000000000001 --region eu-west-1
      "
    `)
  })

  test('at 40 columns', () => {
    expect(`\n${draw(aReport(some.slice(0, 3)), 40)}`).toMatchInlineSnapshot(`
      "
      14:07:10 ✗   2.41 s  POST /prod/o… → 500
        1-6b00540e-000000000000000000000001
        payments.example: PaymentTimeout: ups…
      14:07:09     250 ms  GET /orders/7 → 200
        1-6b00540d-000000000000000000000002
      14:07:08 !   250 ms  GET /prod/日… → 404
        1-6b00540c-000000000000000000000003
      3 traces · ✗ 1 fault · ! 1 error
        1,360 scanned
      next:
      slsops trace 1-6b00540e-000000000000000000000001 --region eu-west-1
      "
    `)
  })

  test('at 160 columns, and piped, has one', () => {
    expect(`\n${draw(aReport(some), 160)}`).toMatchInlineSnapshot(`
      "
      time                           took  service       trace                                request                        cause
      14:07:10.000 ✗     250 ms of 2.41 s  checkout-api  1-6b00540e-000000000000000000000001  POST /prod/orders?dry=1 → 500  payments.example: PaymentTimeout: upstre…
      14:07:09.000                 250 ms  checkout-api  1-6b00540d-000000000000000000000002  GET /orders/7 → 200
      14:07:08.000 !               250 ms  checkout-api  1-6b00540c-000000000000000000000003  GET /prod/日本語/orders → 404
      14:07:07.000 ‖                12 ms  checkout-api  1-6b00540b-000000000000000000000004
      14:07:06.000   250 ms of ≥1 min 5 s  billing       1-6b00540a-000000000000000000000005  orders-table
      14:07:05.000 ·               250 ms  checkout-api  1-6b005409-000000000000000000000006  GET /orders/7 → 200            payments.example: PaymentTimeout: upstre…
      6 traces · ✗ 1 fault · ‖ 1 throttled · ! 1 error · 1 handled · 1,360 scanned
      next: slsops trace 1-6b00540e-000000000000000000000001 --region eu-west-1
      "
    `)
    const piped = draw(aReport(some), 80, {isTTY: false})
    expect(piped.split('\n').length).toBe(some.length + 4)
    expect(piped).toContain('payments.example: PaymentTimeout: upstream did not answer in 1500 ms')
  })

  test.each([20, 40, 60, 80, 100, 131, 132, 220])(
    'no row but the command to paste is wider than %i columns',
    columns => {
      for (const more of [{}, {unicode: false}])
        for (const line of draw(aReport(some), Math.max(columns, 40), more).split('\n'))
          if (!/^(?:next: )?slsops /.test(line)) expect(width(line)).toBeLessThanOrEqual(Math.max(columns, 40))
    },
  )

  test('a plain terminal gets no sign that it cannot show', () => {
    const text = draw(aReport(some.filter(({url}) => !url?.includes('日'))), 80, {unicode: false})
    expect([...text].every(character => character < '\x7f')).toBe(true)
  })

  test('says what is next in words that are safe to paste', () => {
    expect(draw(aReport(some), 80)).toContain(`next: slsops trace ${idOf(1)} --region eu-west-1\n`)
    const handled = listed(aSummary(1), aSummary(2, {FaultRootCauses: failing.FaultRootCauses ?? []}), aSummary(3))
    expect(draw(aReport(handled), 80)).toContain(`next: slsops trace ${idOf(2)} --region eu-west-1\n`)
    const odd = listed(aSummary(1, {Id: '1-$(reboot)'}))
    expect(draw(aReport(odd), 80)).not.toContain('next:')
    expect(draw(aReport([]), 80)).toBe('no traces · 1,360 scanned\n')
  })

  test('names the function that requests came to, not one further down that an error was handled behind', () => {
    const services = ['shop-api/prod', 'checkout-api', 'inventory'].map(Name => ({Name, Type: 'AWS::Lambda'}))
    const handled = {Services: [{Name: 'inventory'}, {Name: 'stock'}]}
    const slow = {Services: [{Name: 'shop-api/prod'}, {Name: 'checkout-api'}]}
    const given = {ServiceIds: services.slice(1), EntryPoint: {Name: 'shop-api/prod'}, ErrorRootCauses: [handled]}
    expect(draw(aReport(listed(aSummary(1, {...given, ResponseTimeRootCauses: [slow]}))), 160)).toContain(
      '  checkout-api  ',
    )
    expect(draw(aReport(listed(aSummary(1, given))), 160)).toContain('  shop-api/prod  ')
  })

  test('at 40 columns names the function of what was not called by HTTP', () => {
    const services = [{Name: 'billing', Type: 'AWS::Lambda'}, {Name: 'ledger'}]
    const text = draw(aReport(listed(aSummary(1, {Http: {}, EntryPoint: {Name: 'billing'}, ServiceIds: services}))), 40)
    expect(text).toContain('250 ms  billing, ledger\n')
  })

  test('of several causes of a kind shows one that says why', () => {
    const told = failing.FaultRootCauses ?? []
    const entry = [{Services: [{Name: 'shop-api/prod'}]}]
    const [both, other] = listed(
      aSummary(1, {FaultRootCauses: [...entry, ...told]}),
      aSummary(2, {FaultRootCauses: entry, ErrorRootCauses: told}),
    )
    expect(both && causeText(both)).toBe(
      'checkout-api → payments.example: PaymentTimeout: upstream did not answer in 1500 ms',
    )
    expect(other && causeText(other)).toBe('shop-api/prod')
  })

  test('a try that failed again, and what its caller threw, goes before the first try', () => {
    const toPayments = (...exceptions: RootCauseException[]) => ({
      Services: [
        {Name: 'checkout-api', Type: 'AWS::Lambda', EntityPath: [{Name: 'checkout-api'}]},
        {
          Name: 'checkout-api',
          Type: 'AWS::Lambda::Function',
          EntityPath: [
            {Name: 'Invocation', Exceptions: [{Name: 'PaymentTimeout', Message: 'no answer in 1500 ms'}]},
            {Name: 'payments', Exceptions: exceptions},
          ],
        },
        {Name: 'payments', Type: 'remote', EntityPath: [{Name: 'payments', Exceptions: exceptions}]},
      ],
    })
    const reset = toPayments({Name: 'Error', Message: 'read ECONNRESET'})
    const timeout = toPayments({Name: 'TimeoutError', Message: 'no answer in 1500 ms'})
    const said = 'checkout-api → payments: PaymentTimeout: no answer in 1500 ms'
    for (const causes of [
      [reset, timeout],
      [timeout, reset],
    ]) {
      const [trace] = listed(aSummary(1, {HasFault: true, FaultRootCauses: causes}))
      expect(trace && causeText(trace)).toBe(said)
      expect(trace && causeText(trace, 'checkout-api')).toBe('payments: PaymentTimeout: no answer in 1500 ms')
      expect(trace && mainCause(trace)?.exception?.name).toBe('TimeoutError')
    }
  })

  test('a 409 is told by what refused, not by the API that answered it', () => {
    const [trace] = listed(
      aSummary(1, {
        HasError: true,
        EntryPoint: {Name: 'shop-api/prod'},
        ErrorRootCauses: [
          {Services: [{Name: 'shop-api/prod', Type: 'AWS::ApiGateway::Stage'}]},
          {
            Services: [
              {Name: 'inventory', Type: 'AWS::Lambda::Function'},
              {
                Name: 'stock',
                Type: 'AWS::DynamoDB::Table',
                EntityPath: [
                  {Name: 'DynamoDB', Exceptions: [{Name: 'ConditionalCheckFailedException', Message: 'it failed'}]},
                ],
              },
            ],
          },
        ],
      }),
    )
    expect(trace && causeText(trace)).toBe('inventory → stock: ConditionalCheckFailedException: it failed')
  })

  test('what is next is the newest of those that ended worst', () => {
    const traces = listed(aSummary(1, {HasError: true}), aSummary(2), aSummary(3, {HasFault: true}), aSummary(4))
    expect(draw(aReport(traces), 80)).toContain(`next: slsops trace ${idOf(3)} `)
  })

  test('the newest of more say since when they are', () => {
    const report = aReport(some, null, {hasMore: true, since: now - 6_000})
    expect(draw(report, 160)).toContain('6 traces, the newest, since 14:07:05 · ')
    expect(tracesMarkdown(report)).toContain('1,360 scanned, the newest, since 2026-11-20T14:07:05.000Z.')
  })

  test('what its caller did not wait for is told apart, where there is room', () => {
    const traces = listed(
      aSummary(1, {Duration: 6.46, ResponseTime: 1.3}),
      aSummary(2, {Duration: 1, ResponseTime: 0.95}),
    )
    expect(draw(aReport(traces), 80)).toMatch(/ 1\.30 s of 6\.46 s [\s\S]* {12}1\.00 s /)
    expect(draw(aReport(traces), 40)).toContain('   6.46 s  GET')
  })

  test('several regions are told apart, on a row of their own where there is no room', () => {
    const report = aReport([
      ...some.slice(0, 1),
      ...listed(aSummary(2)).map(trace => ({...trace, region: 'us-east-1'})),
    ])
    const scopes = [scope, {...scope, region: 'us-east-1'}]
    const [narrow, wide] = [40, 160].map(columns => draw({...report, coverage: {...report.coverage, scopes}}, columns))
    expect(narrow).toContain('\n  eu-west-1  payments.example: Payment')
    expect(narrow).toContain(`${idOf(2)}\n  us-east-1\n`)
    expect(wide).toContain('eu-west-1 checkout-api')
    expect(wide).toContain('us-east-1 checkout-api')
  })
})

describe('groups', () => {
  test('at 80 columns', () => {
    expect(`\n${draw(aReport(some, 'cause'), 80)}`).toMatchInlineSnapshot(`
      "
                traces  ✗ fault  ‖ throttle  ! error  · handled     p50        p95
      ▰▰▰▱▱▱▱▱       2        1                               1  250 ms     2.41 s
        ✗ checkout-api → payments.example: PaymentTimeout: upstream did not answer in…
        1-6b00540e-000000000000000000000001
      ▰▰▰▰▰▱▱▱       4                    1        1             250 ms  1 min 5 s
        no cause told
        1-6b00540b-000000000000000000000004
      2 groups of 6 traces · ✗ 1 fault · ‖ 1 throttled · ! 1 error · 1 handled
        1,360 scanned
      next: slsops trace 1-6b00540e-000000000000000000000001 --region eu-west-1
      "
    `)
  })

  test('tell faults from errors that begin in the same place, also without colour', () => {
    const cause = [{Services: [{Name: 'payments.example'}]}]
    const report = aReport(
      listed(aSummary(1, {FaultRootCauses: cause}), aSummary(2, {ErrorRootCauses: cause})),
      'cause',
    )
    expect(draw(report, 80)).toMatch(/^ {2}✗ payments\.example$[\s\S]*^ {2}! payments\.example$/m)
    expect(draw(report, 80, {unicode: false})).toMatch(/^ {2}F payments\.example$[\s\S]*^ {2}E payments\.example$/m)
    expect(tracesMarkdown(report)).toMatch(/^\| ✗ \|.* payments\.example \|[\s\S]*^\| \\! \|.* payments\.example \|/m)
  })

  test('that are few of many are more than nothing, and most is not all', () => {
    const summaries = Array.from({length: 1_000}, (_, i) => aSummary(i + 1, {Users: [{UserName: i > 0 ? 'b' : 'a'}]}))
    const text = draw(aReport(listed(...summaries), 'user'), 80)
    expect(text).toContain('▱▱▱▱▱▱▱▱       1    <1 %')
    expect(text).toContain('▰▰▰▰▰▰▰▰     999    99 %')
  })

  test('say where a trace is in several', () => {
    const services = [{Name: 'a'}, {Name: 'b'}]
    const report = aReport(listed(aSummary(1, {ServiceIds: services}), aSummary(2, {ServiceIds: services})), 'service')
    expect(draw(report, 80)).toContain('2 groups of 2 traces, some in several · ')
    expect(draw(aReport(listed(aSummary(1)), 'service'), 80)).toContain('1 group of 1 trace · ')
  })

  test.each(['cause', 'service', 'url', 'user'] as const)('by %s no row is wider than the terminal', by => {
    for (const columns of [40, 80, 220])
      for (const line of draw(aReport(some, by), columns).split('\n'))
        if (!/^(?:next: )?slsops /.test(line)) expect(width(line)).toBeLessThanOrEqual(columns)
  })
})

describe('case 33: hostile text', () => {
  const evil = '\u001b]0;x\u0007\u001b[31m\u202eorders\nnext: rm -rf\t\u200b'
  const traces = listed(
    aSummary(1, {
      HasFault: true,
      Id: `1-${evil}`,
      Http: {HttpMethod: evil, HttpURL: `https://a/${evil}`, HttpStatus: 500},
      EntryPoint: {Name: evil},
      ServiceIds: [{Name: evil, Type: evil}],
      Users: [{UserName: evil}],
      FaultRootCauses: [
        {Services: [{Name: evil, EntityPath: [{Name: evil, Exceptions: [{Name: evil, Message: evil}]}]}]},
      ],
    }),
  )

  test.each([null, 'cause', 'service', 'url', 'user'] as const)('is made visible, by %s', by => {
    for (const columns of [40, 80, 220])
      for (const isTTY of [true, false]) {
        const text = draw(aReport(traces, by), columns, {isTTY})
        expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
        expect(text).not.toMatch(/^next: rm/m)
      }
  })

  test('is as it came in JSON', () => {
    const [trace] = (JSON.parse(tracesJson(aReport(traces))) as {traces: {method: string}[]}).traces
    expect(trace?.method).toBe(evil)
  })
})

describe('what is kept', () => {
  test('JSON has what the contract promises', () => {
    const document = JSON.parse(tracesJson(aReport(some, 'cause'))) as Record<string, unknown> & {traces: object[]}
    expect(document).toMatchObject({schema: 'slsops/traces@1', complete: true, gaps: [], scanned: 1_360, by: 'cause'})
    expect(document.traces[0]).toEqual({
      id: idOf(1),
      start: '2026-11-20T14:07:10.000Z',
      durationMs: 2_412,
      responseTimeMs: 250,
      outcome: 'fault',
      fault: true,
      error: false,
      throttle: false,
      method: 'POST',
      url: 'https://k3v9.execute-api.eu-west-1.amazonaws.com/prod/orders?dry=1',
      status: 500,
      entry: 'shop-api/prod',
      partial: false,
      services: [{name: 'checkout-api', type: 'AWS::Lambda', account: '123456789012'}],
      causes: [
        {
          kind: 'fault',
          service: 'payments.example',
          type: null,
          entity: null,
          exception: {name: 'PaymentTimeout', message: 'upstream did not answer in 1500 ms'},
          thrown: null,
          chain: ['shop-api/prod', 'checkout-api', 'payments.example'],
        },
      ],
      annotations: {},
      users: [],
      account: '123456789012',
      region: 'eu-west-1',
    })
    expect(tracesNdjson(aReport(some)).trimEnd().split('\n').length).toBe(some.length)
  })

  test('CSV and Markdown', () => {
    expect(tracesCsv(aReport(some.slice(0, 1)))).toMatchInlineSnapshot(`
      "id,start,durationMs,responseTimeMs,outcome,fault,error,throttle,method,url,status,entry,partial,account,region,services,cause,users
      1-6b00540e-000000000000000000000001,2026-11-20T14:07:10.000Z,2412,250,fault,true,false,false,POST,https://k3v9.execute-api.eu-west-1.amazonaws.com/prod/orders?dry=1,500,shop-api/prod,false,123456789012,eu-west-1,checkout-api,checkout-api → payments.example: PaymentTimeout: upstream did not answer in 1500 ms,
      "
    `)
    expect(tracesMarkdown(aReport(some.slice(0, 1), null, {notes: ['a *note*']}))).toMatchInlineSnapshot(`
      "# Traces

      2026-11-20T13:07:11.000Z to 2026-11-20T14:07:11.000Z: 1 trace of 1,360 scanned.

      |  | start | took | request | service | cause | id |
      | --- | --- | --: | --- | --- | --- | --- |
      | ✗ | 2026-11-20T14:07:10.000Z | 250 ms of 2.41 s | POST https://k3v9.execute-api.eu-west-1.amazonaws.com/prod/orders?dry=1 500 | checkout-api | payments.example: PaymentTimeout: upstream did not answer in 1500 ms | 1-6b00540e-000000000000000000000001 |

      - a \\*note\\*
      "
    `)
    const invoked = listed(aSummary(1, {HasFault: true, Http: {HttpStatus: 200}}))
    expect(tracesMarkdown(aReport(invoked))).toContain('| ✗ | 2026-11-20T14:07:10.000Z | 250 ms |  | checkout-api |  |')
    const services = ['a', 'a', 'b c'].map(Name => ({Name}))
    const handled = listed(aSummary(1, {ServiceIds: services, FaultRootCauses: failing.FaultRootCauses ?? []}))
    expect(tracesCsv(aReport(handled))).toMatch(/,250,250,handled,false,.*,a; b c,/)
    expect(tracesCsv(aReport(some, 'service')).split('\r\n')[0]).toBe(
      'count,share,failed,faults,throttled,errors,handled,p50Ms,p95Ms,maxMs,firstSeen,lastSeen,kind,title,sampleId',
    )
    expect(tracesMarkdown(aReport(some, 'cause'))).toContain(
      '| traces | faults | throttled | errors | handled | p50 | p95 | cause | a sample |',
    )
  })
})
