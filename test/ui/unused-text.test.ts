import {describe, expect, test} from 'vitest'
import type {FleetFunction} from '../../src/services/fleet/fleet-function.ts'
import type {Evidence} from '../../src/services/fleet/unused/evidence.ts'
import {judgeRegion} from '../../src/services/fleet/unused/judge-region.ts'
import type {UnusedReport} from '../../src/services/fleet/unused/unused-report.ts'
import {zoneClock} from '../../src/services/time/zone-clock.ts'
import {width} from '../../src/ui/columns.ts'
import type {Terminal} from '../../src/ui/terminal.ts'
import {unusedCsv, unusedMarkdown} from '../../src/ui/unused-file.ts'
import {unusedJson, unusedNdjson} from '../../src/ui/unused-json.ts'
import {unusedText} from '../../src/ui/unused-text.ts'
import {fakeAccount, functionIn} from '../services/fleet/fake-account.ts'
import {
  dayMs,
  details,
  grant,
  idle,
  known,
  logGroup,
  now,
  queue,
  rule,
  source,
  unknown,
  used,
  window,
} from '../services/fleet/unused/evidences.ts'
import {terminal} from './events.ts'
import {textOf} from './text-of.ts'

const aws = fakeAccount({answers: {}})
const scope = {account: '123456789012', region: 'eu-west-1', profile: null, endpoint: 'aws'} as const

type Told = readonly [name: string, evidence: Partial<Evidence>, fn?: Partial<FleetFunction>]

const company: readonly Told[] = [
  ['orders-retry', {eventSources: known([source({}, queue(1204))])}],
  ['legacy-export', {details: known(details({state: 'Inactive'}))}],
  ['search-sync', {policy: unknown('denied', 'needs lambda:GetPolicy')}],
  [
    'img-thumb-v1',
    {
      lastLogEvent: known(now - 300 * dayMs),
      provisioned: known([{qualifier: 'live', requested: 4, allocated: 4, status: 'READY'}]),
      logGroup: known(logGroup({name: '/aws/lambda/img-thumb-v1', storedBytes: 50_000_000_000, retentionInDays: null})),
    },
  ],
  ['old-api', {policy: known([grant('apigateway.amazonaws.com')]), lastLogEvent: known(now - 300 * dayMs)}],
  ['yearly-invoice', {rules: known([rule('cron(0 3 1 1 ? *)')]), policy: known([grant('events.amazonaws.com')])}],
  ['loyalty-points', {}, {lastModifiedAt: now - dayMs}],
  ['checkout-api', used(1_204, now - 3_600_000)],
]

function aReport(all: readonly Told[] = company, more: Partial<UnusedReport> = {}): UnusedReport {
  const told = all.map(([name, evidence, of]) => {
    const fn = functionIn(aws, name, {
      architecture: 'x86_64',
      memorySizeMB: 512,
      lastModifiedAt: now - 400 * dayMs,
      ...of,
    })
    return [fn, {...idle, ...evidence}] as const
  })
  const {functions, waste, gaps} = judgeRegion(
    {aws, functions: told.map(([fn]) => fn)},
    {
      evidence: new Map(told),
      logGroups: known(new Map()),
      limits: unknown('not-read'),
    },
    {window, isWhole: false},
  )
  const counts = {broken: 0, inactive: 0, unknown: 0, unused: 0, dormant: 0, new: 0, active: 0}
  for (const {verdict} of functions) counts[verdict]++
  const knownFunctions = functions.filter(({verdict}) => verdict !== 'unknown').length
  return {
    coverage: {window: {start: window.start, end: window.end}, scopes: [scope], gaps},
    askedAt: window.end,
    known: {functions: functions.length, known: knownFunctions},
    measuredSince: window.start,
    functions,
    counts,
    waste,
    wasteShare: 1,
    wasteUnread: 0,
    codeStorage: [],
    pricesAsOf: '2026-08-01',
    costUSD: 0.0001,
    notes: [],
    ...more,
  }
}

const text = (report: UnusedReport, on: Partial<Terminal> = {}, isAll = false): string =>
  textOf(unusedText(report, {terminal: terminal(on.columns ?? 80, on), clock: zoneClock('UTC'), isAll}))

test('a line for each function, what matters most on call first; active ones are counted', () => {
  expect(text(aReport(), {columns: 100, isTTY: true})).toMatchInlineSnapshot(`
    "broken    orders-retry    1,204 messages waiting, oldest 3 d · queue trigger enabled
                              0 calls in 30 d
    inactive  legacy-export   State=Inactive: its next call fails · 0 calls in 30 d
    unknown   search-sync     policy denied (needs lambda:GetPolicy) · 0 calls in 30 d
    unused    img-thumb-v1    0 calls in 30 d · no trigger · $24.08/mo provisioned (512 MB × 4)
                              up to $1.50/mo logs kept forever
    unused    old-api         0 calls in 30 d · apigateway may call it · last ran 2026-01-24
    dormant   yearly-invoice  runs cron(0 3 1 1 ? *), due 2026-01-01, next 2027-01-01 · 0 calls in 30 d
    new       loyalty-points  changed 2026-11-19 · 0 calls in 30 d
    waste     up to $25.58 a month: provisioned $24.08 · logs kept forever up to $1.50
              idle functions themselves cost nothing · list prices of 2026-08-01
    1 broken · 1 inactive · 1 unknown · 2 unused · 1 dormant · 1 new · 1 active · not all of it read
    next: slsops unused orders-retry --since 30d --json --region eu-west-1
    "
  `)
})

test('piped text is a row each', () => {
  expect(text(aReport(), {isTTY: false})).toMatchInlineSnapshot(`
    "broken    orders-retry    1,204 messages waiting, oldest 3 d · queue trigger enabled · 0 calls in 30 d
    inactive  legacy-export   State=Inactive: its next call fails · 0 calls in 30 d
    unknown   search-sync     policy denied (needs lambda:GetPolicy) · 0 calls in 30 d
    unused    img-thumb-v1    0 calls in 30 d · no trigger · $24.08/mo provisioned (512 MB × 4) · up to $1.50/mo logs kept forever
    unused    old-api         0 calls in 30 d · apigateway may call it · last ran 2026-01-24
    dormant   yearly-invoice  runs cron(0 3 1 1 ? *), due 2026-01-01, next 2027-01-01 · 0 calls in 30 d
    new       loyalty-points  changed 2026-11-19 · 0 calls in 30 d
    waste     up to $25.58 a month: provisioned $24.08 · logs kept forever up to $1.50 · idle functions themselves cost nothing · list prices of 2026-08-01
    1 broken · 1 inactive · 1 unknown · 2 unused · 1 dormant · 1 new · 1 active · not all of it read
    next: slsops unused orders-retry --since 30d --json --region eu-west-1
    "
  `)
})

test('a narrow terminal has the evidence below the name', () => {
  expect(text(aReport(company.slice(0, 3)), {columns: 40, isTTY: true})).toMatchInlineSnapshot(`
    "broken    orders-retry
      1,204 messages waiting, oldest 3 d
      queue trigger enabled
      0 calls in 30 d
    inactive  legacy-export
      State=Inactive: its next call fails
      0 calls in 30 d
    unknown   search-sync
      policy denied (needs lambda:GetPolicy)
      0 calls in 30 d
    waste     none found
    1 broken · 1 inactive · 1 unknown
      not all of it read
    next:
    slsops unused orders-retry --since 30d --json --region eu-west-1
    "
  `)
})

test.each([20, 40, 64, 80, 120, 200])('no row is wider than %i columns', columns => {
  const rows = text(aReport(), {columns, isTTY: true}, true).split('\n')
  const fitting = rows.filter(row => !row.startsWith('slsops') && !row.startsWith('next'))
  expect(fitting.filter(row => width(row) > Math.max(columns, 24))).toEqual([])
})

test('--all has active functions, and the formula of everything that is wasted', () => {
  const all = text(aReport(), {isTTY: false}, true)
  expect(all).toContain('active    checkout-api    1,204 calls, last 2026-11-20')
  expect(all).toContain('512 MB ÷ 1024 × 4 × 2592000 s × $0.000004646 per GB-second')
})

describe('waste', () => {
  const wasteIn = (report: UnusedReport) =>
    text(report, {isTTY: false})
      .split('\n')
      .find(row => row.startsWith('waste'))
  const logs = (name: string, storedBytes: number): Told => [
    name,
    {logGroup: known(logGroup({name: `/aws/lambda/${name}`, storedBytes, retentionInDays: null}))},
  ]

  test('has no upper bound where not all was looked at, and a lower one of what is measured', () => {
    const [, , , thumb] = company
    const report = aReport(thumb && [thumb, ['a', {provisioned: unknown('denied')}]], {wasteUnread: 992})
    expect(wasteIn(report)).toContain('at least $24.08 a month: provisioned $24.08 · logs kept forever up to $1.50')
    expect(wasteIn(report)).toContain('what 992 functions may waste is not known')
    expect(wasteIn(aReport([logs('a', 5e10)], {wasteUnread: 2}))).toContain(
      'waste     logs kept forever up to $1.50 · what 2',
    )
    expect(
      wasteIn(
        aReport(
          [
            ['a', {}],
            ['b', {}],
          ],
          {wasteUnread: 1},
        ),
      ),
    ).toContain('none found · what 1 function may waste is not known')
    expect(wasteIn(aReport([['a', {}]], {wasteUnread: 1}))).toMatch(/^waste {5}what 1 function may waste is not known/)
    expect(unusedMarkdown(report)).toContain('## Waste: at least $24.08 a month')
    expect(JSON.parse(textOf(unusedJson(aReport([['a', {}]], {wasteUnread: 1}))))).toMatchObject({
      monthlyWasteUSD: null,
    })
  })

  test('next to nothing is not up to under a cent, and versions that cost nothing are no $0.00', () => {
    expect(wasteIn(aReport([logs('a', 50_000)]))).toContain(
      'waste     under $0.01 a month: logs kept forever under $0.01',
    )
    const version = (version: string) => ({
      version,
      memorySizeMB: 512,
      codeSizeBytes: 150 * 2 ** 20,
      publishedAt: null,
      snapStart: false,
      aliases: [],
    })
    const old = aReport([['a', {versions: known([version('1'), version('2')])}]], {
      codeStorage: [{account: null, region: 'eu-west-1', usedBytes: 0, limitBytes: 80_530_636_800}],
    })
    expect(wasteIn(old)).toContain('waste     2 old versions (300 MiB of 75 GiB for code, $0)')
    expect(unusedMarkdown(old)).toContain('## Waste: 2 old versions (300 MiB of 75 GiB for code, $0)')
  })

  test('of no function is in the spreadsheet too, or its sum were another than the report’s', () => {
    const orphan = {
      kind: 'orphaned-log-group',
      what: '/aws/lambda/gone',
      account: '123456789012',
      region: 'eu-west-1',
      functionName: null,
      functionArn: null,
      monthlyUSD: 14.08,
      formula: '',
      confidence: 'upper-bound',
      bytes: 469e9,
      count: null,
    } as const
    const rows = textOf(unusedCsv(aReport([['a', {}]], {waste: [orphan]}))).split('\r\n')
    expect(rows[2]).toBe(',,123456789012,eu-west-1,,logs of no function: /aws/lambda/gone,,,,,14.08,,')
  })
})

test('times of a schedule have their hour where that is near', () => {
  const hourly = text(aReport([['a', {rules: known([rule('cron(0 * * * ? *)')])}]]), {isTTY: false})
  expect(hourly).toMatch(/did not run at cron\(0 \* \* \* \? \*\), due 2026-11-20 1[34]:00 /)
})

test('plain terminals get plain signs', () => {
  expect(text(aReport(), {isTTY: false, unicode: false}, true)).toMatch(/^[ -~\n]*$/)
})

test('of very many, fifty of a verdict are shown', () => {
  const many = Array.from({length: 80}, (_, i): Told => [`fn-${i}`, {}])
  const rows = text(aReport(many), {isTTY: false}).split('\n')
  expect(rows.filter(row => row.startsWith('unused'))).toHaveLength(50)
  expect(rows).toContain('          and 30 more unused; --all lists them')
  expect(
    text(aReport(many), {isTTY: false}, true)
      .split('\n')
      .filter(row => row.startsWith('unused')),
  ).toHaveLength(80)
})

test('nothing is said of functions where there are none', () => {
  expect(text(aReport([]), {isTTY: false})).toBe('no functions\n')
})

describe('what comes from AWS', () => {
  const evil = '\u001b[31mred\u202e\n=cmd|1'
  const hostile: readonly Told[] = [
    ['bad', {eventSources: known([source({lastProcessingResult: `PROBLEM: ${evil}`})]), policy: known([grant(evil)])}],
  ]

  test('moves nothing on a terminal', () => {
    const drawn = text(aReport(hostile), {columns: 80, isTTY: true}, true)
    expect(drawn).not.toMatch(/[\u001b\u202e]/)
    expect(drawn).toContain('^[[31mred<U+202E>')
  })

  test('is itself in JSON, and no formula in a spreadsheet', () => {
    const [line = ''] = textOf(unusedNdjson(aReport(hostile))).split('\n')
    expect(JSON.parse(line)).toMatchObject({
      schema: 'slsops/unused-item@1',
      evidence: {eventSources: [{lastProcessingResult: `PROBLEM: ${evil}`}]},
    })
    const [, row = ''] = textOf(unusedCsv(aReport([['=HYPERLINK', {}]]))).split('\r\n')
    expect(row.split(',')[1]).toBe("'=HYPERLINK")
  })
})

test('JSON has what the contract promises; what is not known is null, and says why', () => {
  const document = JSON.parse(textOf(unusedJson(aReport()))) as {functions: {function: string}[]}
  expect(document).toMatchObject({
    schema: 'slsops/unused@1',
    complete: false,
    coverage: 7 / 8,
    listed: 8,
    known: 7,
    gaps: [{what: 'policy of search-sync', reason: 'denied', detail: 'needs lambda:GetPolicy'}],
    counts: {broken: 1, inactive: 1, unknown: 1, unused: 2, dormant: 1, new: 1, active: 1},
  })
  const of = (name: string) => document.functions.find(one => one.function === name)
  expect(of('orders-retry')).toMatchObject({
    account: '123456789012',
    region: 'eu-west-1',
    functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:orders-retry',
    verdict: 'broken',
    reasons: ['queue-grows', 'event-source-enabled', 'no-invocation'],
    lastInvoked: null,
    evidence: {
      invocations: 0,
      eventSources: [{state: 'Enabled', queue: {exists: true, visible: 1204, sent: 0, oldestAgeSeconds: 259_200}}],
    },
    monthlyWasteUSD: 0,
    unknown: {},
  })
  expect(of('search-sync')).toMatchObject({
    verdict: 'unknown',
    reasons: ['policy-denied', 'no-invocation'],
    unknown: {policy: {reason: 'denied', detail: 'needs lambda:GetPolicy'}},
  })
  expect(of('yearly-invoice')).toMatchObject({
    schedule: {
      expression: 'cron(0 3 1 1 ? *)',
      lastFire: '2026-01-01T03:00:00.000Z',
      nextFire: '2027-01-01T03:00:00.000Z',
    },
  })
  expect(of('img-thumb-v1')).toMatchObject({monthlyWasteUSD: 25.584864})
})

test('a file for a spreadsheet has a row each, and names what is not known', () => {
  const rows = textOf(unusedCsv(aReport())).trimEnd().split('\r\n')
  expect(rows).toHaveLength(9)
  expect(rows[0]).toBe(
    'verdict,function,account,region,reasons,evidence,invocations,throttles,lastInvoked,lastModified,monthlyWasteUSD,unknown,functionArn',
  )
  expect(rows.find(row => row.startsWith('unknown,search-sync'))).toContain('policy: denied')
})

test('Markdown has both tables, the gaps, and no active function', () => {
  const markdown = unusedMarkdown(aReport())
  expect(markdown).toContain(
    '| broken | orders-retry | eu-west-1 | 1,204 messages waiting, oldest 3 d; queue trigger enabled; 0 calls in 30 d |  |',
  )
  expect(markdown).toContain('- not read: policy of search-sync (denied: needs lambda:GetPolicy)')
  expect(markdown).toContain('An idle function itself costs nothing.')
  expect(markdown).not.toContain('checkout-api')
})

describe('next', () => {
  const next = (all: readonly Told[]) => /^next: (.*)$/m.exec(text(aReport(all), {isTTY: false}))?.[1] ?? null

  test('is the evidence of what is broken and never ran, or its log since it ran last', () => {
    expect(next(company)).toBe('slsops unused orders-retry --since 30d --json --region eu-west-1')
    expect(next([['a', {...used(1, now - 3 * dayMs), eventSources: known([source({}, queue(4))])}]])).toBe(
      'slsops logs a --since 2026-11-17T14:00:00Z --region eu-west-1',
    )
    expect(next(company.slice(3))).toBeNull()
  })

  test('deletes nothing, whatever it is', () => {
    expect(text(aReport(), {isTTY: false}, true)).not.toMatch(/delete|remove|\brm\b/i)
  })
})
