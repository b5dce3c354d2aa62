import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {Unknown} from '../../src/known.ts'
import {type FieldName, sortFunctions, troubleFirst} from '../../src/services/fleet/inventory/fields.ts'
import {findingsIn} from '../../src/services/fleet/inventory/findings.ts'
import type {FunctionsReport} from '../../src/services/fleet/inventory/functions-report.ts'
import {type FunctionGrouping, groupFunctions, totalsOf} from '../../src/services/fleet/inventory/group-functions.ts'
import {nextBurstOf} from '../../src/services/fleet/inventory/headroom.ts'
import type {InventoryFunction, RegionConcurrency} from '../../src/services/fleet/inventory/inventory.ts'
import {zoneClock} from '../../src/services/time/zone-clock.ts'
import {width} from '../../src/ui/columns.ts'
import {functionsCsv, functionsMarkdown} from '../../src/ui/functions-file.ts'
import {findingText} from '../../src/ui/functions-findings.ts'
import {functionsJson, functionsNdjson} from '../../src/ui/functions-json.ts'
import {functionsText} from '../../src/ui/functions-text.ts'
import {anyText} from '../any-text.ts'
import {now} from '../services/fleet/fake-account.ts'
import {inventoryFunction} from '../services/fleet/inventory/inventories.ts'
import {terminal} from './events.ts'
import {textOf} from './text-of.ts'

const day = 86_400_000
const scope = {account: '123456789012', region: 'eu-west-1', profile: null, endpoint: 'aws'} as const
const hidden: Unknown = {unknown: 'hidden', detail: 'SystemLogLevel=WARN keeps reports out of its logs'}

const concurrency: RegionConcurrency = (() => {
  const read = {
    account: '123456789012',
    region: 'eu-west-1',
    limit: {value: 1_000},
    unreservedLimit: {value: 900},
    peak: {value: {count: 214, at: Date.UTC(2026, 10, 20, 13, 2)}},
    unreservedPeak: {value: {count: 200, at: Date.UTC(2026, 10, 20, 13, 2)}},
  }
  return {...read, nextBurst: nextBurstOf(read)}
})()

const fleet: readonly InventoryFunction[] = [
  inventoryFunction('checkout-api', {
    measures: {invocations: {value: 812_000}, errors: {value: 4_900}, maxDurationMs: {value: 2_410}},
  }),
  inventoryFunction('image-resize', {
    fn: {runtime: 'nodejs20.x', memorySizeMB: 1024},
    measures: {
      memoryUsedMB: {value: 1024},
      timeouts: {value: 26},
      maxDurationMs: {value: 10_000},
      throttles: {value: 31},
      reservedConcurrency: {value: 20},
      maxConcurrency: {value: 20},
    },
  }),
  inventoryFunction('payments-webhook', {
    fn: {runtime: 'python3.12', logFormat: 'JSON', systemLogLevel: 'WARN'},
    measures: {memoryUsedMB: hidden, timeouts: hidden},
  }),
  inventoryFunction('invoice-pdf', {
    fn: {runtime: null, packageType: 'Image', timeoutSeconds: 30},
    measures: {invocations: {value: 0}, maxDurationMs: {value: null}, memoryUsedMB: {value: null}},
  }),
]

function aReport(
  functions = fleet,
  by: FunctionGrouping | null = null,
  more: Partial<FunctionsReport> = {},
): FunctionsReport {
  const sorted = sortFunctions(functions, {field: 'function', order: 'asc'})
  return {
    coverage: {window: {start: now - 7 * day, end: now}, scopes: [scope], gaps: []},
    asked: {start: now - 7 * day, end: now},
    askedAt: now,
    known: {functions: functions.length, known: functions.length - 1},
    functions: sorted,
    groups: by === null ? null : {by, groups: groupFunctions(sorted, by)},
    totals: totalsOf(sorted),
    concurrency: [concurrency],
    findings: findingsIn(sorted, [concurrency]),
    runtimes: {asOf: '2026-10-03', origin: null},
    memoryWindow: {start: now - day, end: now},
    costUSD: 0.01,
    notes: [],
    ...more,
  }
}

const text = (report: FunctionsReport, columns: number, fields: readonly FieldName[] | null = null): string =>
  textOf(functionsText(report, {terminal: terminal(columns), clock: zoneClock('UTC'), dated: false, columns: fields}))

describe('functions as a table', () => {
  test('at 80 columns', () => {
    expect(text(aReport(), 80)).toMatchInlineSnapshot(`
      "function          runtime       memory MB  timeout s   calls  errors  error rate
      checkout-api      nodejs24.x      168/512     2.4/10   812 k  4.90 k       0.6 %
      image-resize      nodejs20.x ▲  1024/1024      10/10  12.0 k       0           0
      invoice-pdf       container         –/512       –/30       0       0           –
      payments-webhook  python3.12        ?/512     0.9/10  12.0 k       0           0
      4 functions · 836 k calls · 4.90 k errors (0.6 %) · 31 throttled
        7.80 MB of code · 3 of 4 functions known
      concurrency in eu-west-1: 214 of 1,000 at most, at 13:02:00 · 900 unreserved
        one more such burst would leave 500
      ✗ throttled: image-resize 31
      ▲ near the timeout: image-resize 100 % (26 timed out in 24 h)
      ▲ near the memory: image-resize 100 %
      ▲ runtime ended: image-resize (nodejs20.x, since 2026-04-30)
      next:
      slsops functions image-resize --columns function,concurrency,reserved,throttles,invocations --since 7d --region eu-west-1
      "
    `)
  })

  test('at 40 columns has throttles before the error rate where all calls of a function were throttled', () => {
    const headings = (invocations: number) =>
      text(
        aReport([
          ...fleet,
          inventoryFunction('partner-stock', {
            measures: {invocations: {value: invocations}, throttles: {value: 6_810}},
          }),
        ]),
        40,
      ).split('\n')[0]

    expect(headings(0)).toMatch(/calls +throttled$/)
    expect(headings(9)).toMatch(/calls +error rate$/)
  })

  test('at 40 columns', () => {
    expect(text(aReport(), 40)).toMatchInlineSnapshot(`
      "function           calls  error rate
      checkout-api       812 k       0.6 %
      image-resize      12.0 k           0
      invoice-pdf            0           –
      payments-webhook  12.0 k           0
      4 functions · 836 k calls
        4.90 k errors (0.6 %) · 31 throttled
        7.80 MB of code
        3 of 4 functions known
      concurrency in eu-west-1: 214 of 1,000
        at most, at 13:02:00 · 900 unreserved
        one more such burst would leave 500
      ✗ throttled: image-resize 31
      ▲ near the timeout: image-resize 100 %
        (26 timed out in 24 h)
      ▲ near the memory: image-resize 100 %
      ▲ runtime ended: image-resize
        (nodejs20.x, since 2026-04-30)
      next:
      slsops functions image-resize --columns function,concurrency,reserved,throttles,invocations --since 7d --region eu-west-1
      "
    `)
  })

  test('with all its columns where there is room', () => {
    expect(text(aReport(), 200).split('\n').slice(0, 5).join('\n')).toMatchInlineSnapshot(`
      "function          runtime       ends        memory MB  timeout s   calls  errors  error rate  throttled  peak  reserved     code  arch   stack  modified
      checkout-api      nodejs24.x    2028-04-30    168/512     2.4/10   812 k  4.90 k       0.6 %          0     4         –  1.95 MB  arm64  shop   2026-11-11
      image-resize      nodejs20.x ▲  2026-04-30  1024/1024      10/10  12.0 k       0           0         31    20        20  1.95 MB  arm64  shop   2026-11-11
      invoice-pdf       container     –               –/512       –/30       0       0           –          0     4         –  1.95 MB  arm64  shop   2026-11-11
      payments-webhook  python3.12    2028-10-31      ?/512     0.9/10  12.0 k       0           0          0     4         –  1.95 MB  arm64  shop   2026-11-11"
    `)
  })

  test('of columns that were asked for, in their order; what has no room is named', () => {
    expect(
      text(aReport(), 40, ['errors', 'function', 'runtime', 'tags', 'stack', 'modified'])
        .split('\n')
        .slice(0, 7)
        .join('\n'),
    ).toMatchInlineSnapshot(`
      "errors  function          runtime
      4.90 k  checkout-api      nodejs24.x
           0  image-resize      nodejs20.x ▲
           0  invoice-pdf       container
           0  payments-webhook  python3.12
      4 functions · 836 k calls
        4.90 k errors (0.6 %) · 31 throttled"
    `)
  })

  test('in groups, with all together', () => {
    const groups = text(aReport(fleet, {by: 'runtime'}), 80)
    expect(groups.split('\n').slice(0, 6).join('\n')).toMatchInlineSnapshot(`
      "runtime     functions   calls  errors  throttled  dropped  dead letters  ended
      container           1       0       0          0        0             0      0
      nodejs20.x          1  12.0 k       0         31        0             0      1
      nodejs24.x          1   812 k  4.90 k          0        0             0      0
      python3.12          1  12.0 k       0          0        0             0      0
      all                 4   836 k  4.90 k         31        0             0      1"
    `)
  })

  test('what was stopped before anything was listed is not said to be empty', () => {
    const interrupted = {
      what: 'all functions in eu-west-1',
      account: null,
      region: 'eu-west-1',
      reason: 'interrupted',
    } as const
    const window = {start: now - day, end: now}
    const stopped = aReport([], null, {
      coverage: {window, scopes: [scope], gaps: [interrupted]},
      known: {functions: 0, known: 0},
      concurrency: [],
      findings: [],
    })
    expect(text(stopped, 80)).toBe('stopped before any function was listed\n')
  })

  test('one that nobody could read shows no zero', () => {
    const denied: Unknown = {unknown: 'denied', detail: 'needs cloudwatch:GetMetricData'}
    const measures = {
      invocations: denied,
      errors: denied,
      throttles: denied,
      maxDurationMs: denied,
      maxConcurrency: denied,
    }
    const [, row = ''] = text(aReport([inventoryFunction('one', {measures})]), 80).split('\n')
    expect(row).toMatchInlineSnapshot(
      `"one       nodejs24.x    168/512       ?/10      ?       ?           ?          ?"`,
    )
  })
})

test.each([20, 40, 80, 200])('nothing but a command to paste is wider than %d columns', columns => {
  for (const report of [aReport(), aReport(fleet, {by: 'stack'}), aReport([])])
    for (const line of text(report, columns).split('\n'))
      if (!/^(next: )?slsops /.test(line)) expect(width(line)).toBeLessThanOrEqual(columns)
})

test('hostile names, stacks, tags and runtimes are made visible, and never break a row or a command', () => {
  fc.assert(
    fc.property(anyText, anyText, (name, value) => {
      const one = inventoryFunction(name, {
        fn: {runtime: value},
        measures: {stack: {value}, tags: {value: {[name]: value}}, throttles: {value: 3}, memoryUsedMB: {value: 510}},
      })
      const columns: readonly FieldName[] = ['function', 'runtime', 'stack', 'tags']
      for (const report of [aReport([one]), aReport([one], {by: 'stack'}), aReport([one], {by: 'tag', key: name})])
        for (const shown of [
          text(report, 80),
          text(report, 200, columns),
          functionsMarkdown(report, columns, zoneClock('UTC')),
        ])
          expect(shown.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
      const [, command = ''] = /^(?:next: )?(slsops functions .*)$/m.exec(text(aReport([one]), 80)) ?? []
      expect(command.replaceAll(/'[^']*'/g, '')).not.toMatch(/[;&|$`<>()]/)
    }),
    {numRuns: 200},
  )
})

describe('what asks to be looked at', () => {
  const worse = (name: string, measures: Partial<InventoryFunction['measures']>) => inventoryFunction(name, {measures})

  test('trouble is first: what is lost, what fails, what is near a limit, what has ended, then names', () => {
    const functions = [
      inventoryFunction('a'),
      inventoryFunction('b-ended', {fn: {runtime: 'nodejs20.x'}}),
      worse('c-near', {maxDurationMs: {value: 9_900}}),
      worse('d-fails', {invocations: {value: 100}, errors: {value: 1}}),
      worse('e-few', {deadLettersWaiting: {value: 3}}),
      worse('f-many', {asyncEventsDropped: {value: 30}}),
    ]
    expect(troubleFirst(functions).map(({fn}) => fn.name)).toEqual([
      'f-many',
      'e-few',
      'd-fails',
      'c-near',
      'b-ended',
      'a',
    ])
  })

  test('a finding is a row while a name fits, and names the queue and the time of a count that is of less than the window', () => {
    const arn = 'arn:aws:sqs:eu-west-1:123456789012:orders-dlq'
    const dead = ['a', 'b', 'c', 'd'].map(name => ({
      ...worse(name, {deadLettersWaiting: {value: 9}}),
      deadLetterQueues: [arn],
    }))
    const report = aReport(dead)
    const [finding] = report.findings
    if (!finding) throw new Error('no finding')
    expect(findingText(finding, report)).toBe(
      'dead letters waiting: a 9 (orders-dlq), b 9 (orders-dlq), c 9 (orders-dlq), 1 more',
    )
    expect(findingText(finding, report, 60)).toBe('dead letters waiting: a 9 (orders-dlq), 3 more')
    expect(findingText(finding, report, 10)).toBe('dead letters waiting: a 9 (orders-dlq), 3 more')
    const aged = aReport([
      {
        ...worse('a', {deadLettersWaiting: {value: 9}, oldestDeadLetterAgeMs: {value: 2 * day}}),
        deadLetterQueues: [arn],
      },
    ])
    expect(text(aged, 120)).toContain('a 9 (orders-dlq, oldest 2 d)')
    expect(text(aReport(), 120)).toContain('image-resize 100 % (26 timed out in 24 h)')
    const whole = {memoryWindow: {start: now - 7 * day, end: now}}
    expect(text(aReport(fleet, null, whole), 120)).toContain('image-resize 100 % (26 timed out)')
  })

  test('one command is shown, for the worst; each has one in JSON, over the window that its number is of', () => {
    expect(text(aReport(), 120).match(/next:/g)).toHaveLength(1)
    const {findings} = JSON.parse(textOf(functionsJson(aReport())))
    const next = Object.fromEntries(findings.map((each: {kind: string; next: string}) => [each.kind, each.next]))
    expect(next['near-timeout']).toContain('--since 7d')
    expect(next['near-memory']).toContain('--since 24h')
  })
})

describe('the report in files', () => {
  test('JSON names what is unknown beside its null', () => {
    const document = JSON.parse(textOf(functionsJson(aReport())))
    expect(document).toMatchObject({schema: 'slsops/functions@1', coverage: 0.75, known: 3, listed: 4, complete: true})
    const webhook = document.functions.find(({function: name}: {function: string}) => name === 'payments-webhook')
    expect(webhook).toMatchObject({
      account: '123456789012',
      region: 'eu-west-1',
      functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:payments-webhook',
      memoryUsedMB: null,
      memoryShare: null,
      unknown: {memoryUsedMB: {reason: 'hidden', detail: hidden.detail}},
    })
    const image = document.functions.find(({function: name}: {function: string}) => name === 'invoice-pdf')
    expect(image).toMatchObject({
      runtime: null,
      runtimeStatus: 'container',
      runtimeEnds: {note: 'container: no notice'},
      memoryUsedMB: null,
      unknown: {},
    })
    expect(document.concurrency).toMatchObject([
      {limit: 1_000, peak: {count: 214, at: '2026-11-20T13:02:00.000Z'}, nextBurst: {left: 500}},
    ])
    expect(document.findings.map(({kind}: {kind: string}) => kind)).toEqual([
      'throttled',
      'near-timeout',
      'near-memory',
      'runtime-deprecated',
    ])
  })

  test('CSV has a row for each, and the reasons in its last column', () => {
    const [head = '', ...rows] = textOf(functionsCsv(aReport())).trimEnd().split('\r\n')
    expect(head.startsWith('account,region,function,functionArn,runtime,')).toBe(true)
    expect(rows.length).toBe(4)
    expect(rows.every(row => row.split(',').length === head.split(',').length)).toBe(true)
    expect(rows.find(row => row.includes('payments-webhook'))).toMatch(/memoryUsedMB: hidden; timeouts: hidden$/)
    expect(textOf(functionsCsv(aReport(fleet, {by: 'runtime'}))).split('\r\n')[0]).toMatch(/^name,functions,/)
  })

  test('CSV runs no formula that is the name of a tag', () => {
    const named = aReport([inventoryFunction('checkout-api', {measures: {tags: {value: {'=HYPERLINK("x")': ''}}}})])
    expect(textOf(functionsCsv(named))).toContain(`"'=HYPERLINK(`)
  })

  test('NDJSON has a function a line', () => {
    expect(
      textOf(functionsNdjson(aReport()))
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line).function),
    ).toEqual(['checkout-api', 'image-resize', 'invoice-pdf', 'payments-webhook'])
    expect(textOf(functionsNdjson(aReport()))).toMatch(/^\{"schema":"slsops\/functions-item@1",/)
  })
})
