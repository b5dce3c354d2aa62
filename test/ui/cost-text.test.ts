import {describe, expect, test} from 'vitest'
import type {CostReport} from '../../src/services/fleet/cost/cost-report.ts'
import {width} from '../../src/ui/columns.ts'
import {costCsv, costMarkdown} from '../../src/ui/cost-file.ts'
import {costJson, costNdjson} from '../../src/ui/cost-json.ts'
import {costText} from '../../src/ui/cost-text.ts'
import {cents, growth} from '../../src/ui/cost-words.ts'
import {
  company,
  costOf,
  metricData,
  metricsAsked,
  queryResults,
  reportsOf,
  type Worker,
} from '../services/fleet/cost/fake-company.ts'
import {deniedTo, now} from '../services/fleet/fake-account.ts'
import {terminal} from './events.ts'
import {textOf} from './text-of.ts'

const work = (calls: number, ms: number) => ({calls, durationMs: calls * ms, logBytes: calls * 300})
const workers: readonly Worker[] = [
  {name: 'checkout-api', now: work(13_800_000, 99.5), before: work(10_000_000, 99.5)},
  {name: 'report-java', config: {MemorySize: 2048}, now: work(40_000, 2_399.5), before: work(40_000, 3_199.5)},
  {name: 'orders-worker', now: work(900_000, 40), before: work(0, 0)},
  {name: 'nightly-import', now: work(0, 0), before: work(3_000, 60_000)},
  {name: 'a-function-with-a-name-that-is-as-long-as-lambda-lets-it-be-64ch', now: work(7, 12), before: work(7, 12)},
  {name: 'evil\u001b[31m\u202ename', config: {LoggingConfig: {LogGroup: '/shared/a'}}, now: work(10, 5)},
  {name: 'idle', config: {LoggingConfig: {LogGroup: '/shared/a'}}},
]

async function aReport(more: Parameters<typeof costOf>[1] = {}): Promise<CostReport> {
  const [checkout = {}, ...others] = reportsOf(workers)
  const reports = [{...checkout, reports: '1000', initMs: '900'}, ...others]
  return (await costOf(company(workers, {GetQueryResults: () => queryResults(reports)}), more)).report
}
const shown = (report: CostReport, columns: number, limit = 30) =>
  costText(report, {terminal: terminal(columns), limit, targets: []})

describe('a cost as text', () => {
  test('at 80 columns: what each function costs, what changed and why', async () => {
    expect(shown(await aReport(), 80)).toMatchInlineSnapshot(`
      "function                                 calls     1 d  change  why
      checkout-api                            13.8 M  $28.04  +$7.72  +38 % calls
      report-java                             40.0 k   $3.21  −$1.07  −25 % duration
      orders-worker                            900 k   $0.92  +$0.92  new: no calls b…
      a-function-with-a-n…da-lets-it-be-64ch       7  <$0.01
      evil^[[31m<U+202E>name                      10  <$0.01
      /shared/a                                       <$0.01          logs of 2 funct…
      idle                                         0   $0.00
      nightly-import                               0   $0.00  −$3.00  no calls any mo…
      total $32.17 · +$4.58 (+17 %) · calls +$4.88 · duration −$1.07
        logs, init and others +$0.76
      compute $26.81 · requests $2.95 · logs $2.21 · init $0.21
      at this rate $965.21 in 30 days · stored logs at most $0.01 more
        list prices of 2026-08-01, logs as in us-east-1
      left out: free tier, savings plans, private rates, data transfer, triggers (API
        Gateway, SQS and others), deleted functions, Lambda@Edge, Managed Instances
      "
    `)
  })

  test('at 40 columns keeps what it costs and by how much that changed', async () => {
    expect(shown(await aReport(), 40)).toMatchInlineSnapshot(`
      "function                     1 d  change
      checkout-api              $28.04  +$7.72
      report-java                $3.21  −$1.07
      orders-worker              $0.92  +$0.92
      a-function-w…-it-be-64ch  <$0.01
      evil^[[31m<U+202E>name    <$0.01
      /shared/a                 <$0.01
      idle                       $0.00
      nightly-import             $0.00  −$3.00
      total $32.17 · +$4.58 (+17 %)
        calls +$4.88 · duration −$1.07
        logs, init and others +$0.76
      compute $26.81 · requests $2.95
        logs $2.21 · init $0.21
      at this rate $965.21 in 30 days
        stored logs at most $0.01 more
        list prices of 2026-08-01, logs as in
        us-east-1
      left out: free tier, savings plans,
        private rates, data transfer, triggers
        (API Gateway, SQS and others), deleted
        functions, Lambda@Edge, Managed
        Instances
      "
    `)
  })

  test('at 200 columns has the trend and a bar', async () => {
    expect(shown(await aReport(), 200)).toMatchInlineSnapshot(`
      "function                                                           calls  billed    memory     1 d  change  why                   trend            share
      checkout-api                                                      13.8 M  100 ms  1,024 MB  $28.04  +$7.72  +38 % calls           ▁▁▁▁▁▁▁▁▁▁▁▁▁▁█  ▰▰▰▰▰▰▰▰▰▰▰▰
      report-java                                                       40.0 k  2.40 s  2,048 MB   $3.21  −$1.07  −25 % duration        ▁▁▁▁▁▁▁▁▁▁▁▁▁▁█  ▰
      orders-worker                                                      900 k   41 ms  1,024 MB   $0.92  +$0.92  new: no calls before  ▁▁▁▁▁▁▁▁▁▁▁▁▁▁█  ▰
      a-function-with-a-name-that-is-as-long-as-lambda-lets-it-be-64ch       7   13 ms  1,024 MB  <$0.01                                ▁▁▁▁▁▁▁▁▁▁▁▁▁▁█  ▰
      evil^[[31m<U+202E>name                                                10  5.5 ms  1,024 MB  <$0.01                                ▁▁▁▁▁▁▁▁▁▁▁▁▁▁█  ▰
      /shared/a                                                                                   <$0.01          logs of 2 functions                    ▰
      idle                                                                   0          1,024 MB   $0.00
      nightly-import                                                         0          1,024 MB   $0.00  −$3.00  no calls any more
      total $32.17 · +$4.58 (+17 %) · calls +$4.88 · duration −$1.07 · logs, init and others +$0.76
      compute $26.81 · requests $2.95 · logs $2.21 · init $0.21
      at this rate $965.21 in 30 days · stored logs at most $0.01 more · list prices of 2026-08-01, logs as in us-east-1
      left out: free tier, savings plans, private rates, data transfer, triggers (API Gateway, SQS and others), deleted functions, Lambda@Edge, Managed Instances
      "
    `)
  })

  test('fits whatever width there is, and lets nothing through that a terminal would obey', async () => {
    const report = await aReport()
    for (let columns = 30; columns <= 220; columns += 7) {
      const text = shown(report, columns)
      expect(text).not.toMatch(/[\u001b\u202e]/)
      for (const line of text.split('\n').filter(line => !line.includes('slsops ')))
        expect(width(line)).toBeLessThanOrEqual(columns)
    }
  })

  test('says how many rows a limit leaves out, and what they cost', async () => {
    expect(
      shown(await aReport(), 80, 2)
        .split('\n')
        .slice(1, 4),
    ).toMatchInlineSnapshot(`
      [
        "checkout-api  13.8 M  $28.04  +$7.72  +38 % calls     ▁▁▁▁▁▁▁▁▁▁▁▁▁▁█",
        "report-java   40.0 k   $3.21  −$1.07  −25 % duration  ▁▁▁▁▁▁▁▁▁▁▁▁▁▁█",
        " and 6 more, $0.92",
      ]
    `)
  })

  test('groups show how much they grew, and of how many functions they are', async () => {
    expect(shown(await aReport({by: {kind: 'region'}}), 80)).toMatchInlineSnapshot(`
      "region      calls     1 d  change  why                 trend
      eu-west-1  14.7 M  $32.17  +$4.58  +17 %, 7 functions  ▁▁▁▁▁▁▁▁▁▁▁▁▁▁█
      total $32.17 · +$4.58 (+17 %) · calls +$4.88 · duration −$1.07
        logs, init and others +$0.76
      compute $26.81 · requests $2.95 · logs $2.21 · init $0.21
      at this rate $965.21 in 30 days · stored logs at most $0.01 more
        list prices of 2026-08-01, logs as in us-east-1
      left out: free tier, savings plans, private rates, data transfer, triggers (API
        Gateway, SQS and others), deleted functions, Lambda@Edge, Managed Instances
      "
    `)
  })

  test('in signs that every terminal can show', async () => {
    const text = costText(await aReport(), {
      terminal: terminal(80, {unicode: false}),
      limit: 3,
      targets: [],
    })
    expect(text).not.toContain('trend')
    expect(text.replaceAll('−', '-').replaceAll('×', 'x').replaceAll('·', '-')).toMatch(/^[\n -~]*$/)
  })

  test('case 32: what is unknown is called so, with the permission', async () => {
    const aws = company(workers, {
      ListProvisionedConcurrencyConfigs: () => {
        throw deniedTo('lambda:ListProvisionedConcurrencyConfigs')
      },
    })
    const {report} = await costOf(aws)
    const text = shown(report, 100)
    expect(text).toContain('0 of 7 functions known')
    expect(text).toMatch(/^checkout-api .* ≥ \$2\d\.\d\d /m)
    expect(text).toMatch(/^total at least \$/m)
  })

  test('of what Ctrl-C kept from being read there is no zero, no comparison, and not a row for each', async () => {
    const stop = new AbortController()
    const aws = company(workers, {
      GetMetricData: call => {
        const [first] = metricsAsked(call)
        if (first?.metric === 'Duration') stop.abort()
        return metricData(call, (_metric, dimension) => (dimension === 'idle' ? 0 : 5))
      },
    })
    const {report} = await costOf(aws, {signal: stop.signal})

    expect(shown(report, 80)).toMatchInlineSnapshot(`
      "function         1 d  why
      /shared/a    unknown  interrupted
      7 functions  unknown  interrupted
      total unknown
      stored logs at most $0.01 more · list prices of 2026-08-01
      0 of 7 functions known
      left out: free tier, savings plans, private rates, data transfer, triggers (API
        Gateway, SQS and others), deleted functions, Lambda@Edge, Managed Instances
      "
    `)
    expect(costMarkdown(report)).toMatch(/: unknown, by list prices/)
    expect(JSON.parse(textOf(costJson(report)))).toMatchObject({components: {provisioned: null, init: null}})
  })

  test('says of what it is without, where that was not to be read', async () => {
    const report = await aReport({provisioned: false, init: false})

    expect(shown(report, 80)).toMatch(/^total at least \$31\.97 without init and idle provisioned concurrency/m)
    expect(costMarkdown(report)).toContain('at least $31.97 without init and idle provisioned concurrency')
    expect(JSON.parse(textOf(costJson(report)))).toMatchObject({
      without: ['init', 'provisioned'],
      components: {init: null, provisioned: null},
    })
  })

  test('of hours of a day says no rate of thirty days, and that the hours before were others', async () => {
    const report = await aReport({start: now - 6 * 3_600_000})

    expect(shown(report, 80)).not.toContain('at this rate')
    expect(report.notes.join()).toContain('which were other hours of the day')
    expect((await aReport()).notes.join()).not.toContain('other hours')
  })

  test('says how much of it is kept ready as configured now, where that was changed within the window', async () => {
    const aws = company([{name: 'api', now: work(10, 5), config: {MemorySize: 2048}}], {
      ListProvisionedConcurrencyConfigs: () => ({
        ProvisionedConcurrencyConfigs: [
          {AllocatedProvisionedConcurrentExecutions: 10, LastModified: '2026-11-20T02:00:00+0000'},
        ],
      }),
    })
    const {report} = await costOf(aws)

    expect(shown(report, 80)).toContain('provisioned $4.01, $4.01 of it as configured now')
    expect(JSON.parse(textOf(costJson(report)))).toMatchObject({
      items: [{provisionedFrom: 'configured', provisionedSince: '2026-11-20T02:00:00.000Z'}],
    })
  })

  test('of a fleet without functions is said in two words', async () => {
    const {report} = await costOf(company([]))
    expect(shown(report, 80)).toBe('no functions\n')
  })
})

describe('a cost that is kept', () => {
  test('as JSON has every function, with what is unknown and why', async () => {
    const document = JSON.parse(textOf(costJson(await aReport()))) as Record<string, unknown>
    expect(document).toMatchObject({
      schema: 'slsops/cost@1',
      complete: true,
      coverage: 1,
      by: 'function',
      compared: {start: '2026-11-18T14:00:00.000Z', end: '2026-11-19T14:00:00.000Z'},
      prices: [{region: 'eu-west-1', asOf: '2026-08-01', isListed: true}],
    })
    const [first] = document['items'] as readonly Record<string, unknown>[]
    expect(first).toMatchObject({
      account: '123456789012',
      region: 'eu-west-1',
      function: 'checkout-api',
      functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:checkout-api',
      calls: 13_800_000,
      status: 'same',
      unknown: {},
    })
    const {report} = await costOf(company(workers.slice(0, 1), {GetQueryResults: () => queryResults([])}))
    expect(JSON.parse(textOf(costJson(report)))).toMatchObject({
      complete: false,
      coverage: 0,
      items: [
        {
          components: {init: null},
          unknown: {init: {reason: 'missing', detail: 'no report of the last 24 hours of the window in the log'}},
        },
      ],
    })
  })

  test('as NDJSON is a line for each function and shared log group', async () => {
    const lines = textOf(costNdjson(await aReport()))
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as unknown)
    expect(lines).toHaveLength(8)
    expect(lines[0]).toMatchObject({schema: 'slsops/cost-item@1', function: 'checkout-api'})
    expect(lines[7]).toMatchObject({schema: 'slsops/cost-log-group@1', logGroup: '/shared/a'})
  })

  test('as CSV has a column for each component and each part of the change', async () => {
    const [heading = '', first = ''] = textOf(costCsv(await aReport())).split('\r\n')
    expect(heading).toBe(
      'function,logGroup,account,region,runtime,architecture,memorySizeMB,calls,billedMsPerCall,costUSD,computeUSD,requestsUSD,provisionedUSD,initUSD,ephemeralStorageUSD,snapStartUSD,logIngestionUSD,logStorageUSD,beforeUSD,changeUSD,callsChangeUSD,durationChangeUSD,memoryChangeUSD,priceChangeUSD,otherChangeUSD,unknown',
    )
    expect(first).toMatch(
      /^checkout-api,\/aws\/lambda\/checkout-api,123456789012,eu-west-1,nodejs24\.x,x86_64,1024,13800000,100,/,
    )
    expect(textOf(costCsv(await aReport({by: {kind: 'account'}}))).split('\r\n')[0]).toMatch(/^account,functions,/)
  })

  test('in documents is all of it, or the first so many with sums of all', async () => {
    const report = await aReport()
    const whole = JSON.parse(textOf(costJson(report)))
    const first = JSON.parse(textOf(costJson(report, 2)))
    expect(first).toEqual({...whole, items: whole.items.slice(0, 2), shared: whole.shared.slice(0, 2)})
    expect(textOf(costCsv(report, 2)).trimEnd().split('\r\n')).toHaveLength(1 + 2 + first.shared.length)
  })

  test('as Markdown is a table that holds no Markdown of others', async () => {
    const markdown = costMarkdown(await aReport())
    expect(markdown).toContain('| checkout-api | 13,800,000 |')
    expect(markdown).not.toMatch(/\u202e/)
  })
})

describe('words of money', () => {
  test.each([
    [0, '$0.00'],
    [0.0049, '<$0.01'],
    [0.005, '$0.01'],
    [0.994, '$0.99'],
    [0.996, '$1.00'],
    [1234.5, '$1,234.50'],
    [-6.1, '−$6.10'],
    [-0.001, '−<$0.01'],
  ])('%d is %s', (amount, text) => {
    expect(cents(amount)).toBe(text)
  })

  test.each([
    [100, 138, '+38 %'],
    [100, 88, '−12 %'],
    [100, 100.4, '+0.4 %'],
    [100, 99.97, 'under 0.1 %'],
    [100, 320, '3.2 ×'],
    [1, 4000, '4,000 ×'],
  ])('from %d to %d is %s', (before, now, text) => {
    expect(growth(before, now)).toBe(text)
  })
})
