import {describe, expect, test} from 'vitest'
import type {ComparedColdStarts} from '../../src/services/fleet/coldstarts/coldstarts-report.ts'
import {coldStartsCsv} from '../../src/ui/coldstarts-csv.ts'
import {coldStartsJson, coldStartsNdjson} from '../../src/ui/coldstarts-json.ts'
import {coldStartsMarkdown} from '../../src/ui/coldstarts-markdown.ts'
import {coldStartsText} from '../../src/ui/coldstarts-text.ts'
import {rateText, ratioText} from '../../src/ui/coldstarts-words.ts'
import {width} from '../../src/ui/columns.ts'
import {isoClock} from '../../src/ui/iso-clock.ts'
import {coldStarts, figures, functionOf, inits} from './coldstarts.ts'

const clock = {time: (ms: number) => isoClock()(ms).slice(11, 23), date: (ms: number) => isoClock()(ms).slice(0, 10)}
const terminal = {columns: 80, color: false, unicode: true, isTTY: true}
const draw = (report = coldStarts(), more: object = {}, limit = 30) =>
  coldStartsText(report, {terminal: {...terminal, ...more}, clock, limit})

describe('cold starts as text', () => {
  test('are a row a function, then what nobody waited for, what to do, and what is known', () => {
    expect(draw()).toMatchInlineSnapshot(`
      "function       calls  cold    rate  init p50  restore     p99  trouble
      checkout-api  81.2 k   193  0.24 %    494 ms           588 ms  3 failed
      search        9.60 k    40  0.42 %             489 ms  509 ms
      1 function without a cold start: inventory
       caused by: deploys 79 %, scale-out 5 %, after idle 11 %, unknown 5 %
       + 12 proactive and 9 provisioned inits nobody waited for
      → checkout-api: its package is 48 MB: load less of it
      233 cold starts felt, 0.23 % · 3 of 4 functions known
        1 JSON-log function at WARN hides reports
      next: slsops coldstarts checkout-api --by version --since 24h --region eu-west-1
      "
    `)
  })

  test('have plain twins for a dumb terminal, and more columns for a wide one', () => {
    expect(draw(coldStarts(), {unicode: false, columns: 160})).toMatchInlineSnapshot(`
      "function       calls  cold    rate  init p50  restore     p99  vs hello  init $/mo  trouble   mostly
      checkout-api  81.2 k   193  0.24 %    494 ms           588 ms     2.9 x     $0.023  3 failed  deploys 79 %
      search        9.60 k    40  0.42 %             489 ms  509 ms                $0.00
      1 function without a cold start: inventory
       caused by: deploys 79 %, scale-out 5 %, after idle 11 %, unknown 5 %
       + 12 proactive and 9 provisioned inits nobody waited for
      -> checkout-api: its package is 48 MB: load less of it
      233 cold starts felt, 0.23 % - 3 of 4 functions known - 1 JSON-log function at WARN hides reports
      next: slsops coldstarts checkout-api --by version --since 24h --region eu-west-1
      "
    `)
  })

  test.each([40, 60, 80, 120, 200])('fit %i columns, but for the command that is to be copied', columns => {
    const rows = draw(coldStarts(), {columns}).split('\n')
    for (const row of rows.filter(row => !row.includes('slsops coldstarts')))
      expect(width(row), row).toBeLessThanOrEqual(columns)
  })

  test('case 33: whatever a name holds is made visible', () => {
    const hostile = functionOf('a\u001b]0;x\u0007\u202eb', {figures: {value: figures(inits('onDemand', 20, 300))}})
    const text = draw(coldStarts({functions: [hostile]}), {columns: 120})
    expect(text).not.toMatch(/[\u001b\u0007\u202e]/)
    expect(coldStartsMarkdown(coldStarts({functions: [hostile]}), null)).not.toMatch(/[\u001b\u0007\u202e]/)
  })

  test('an unknown rate is a question mark, and never a zero', () => {
    const unknown = {unknown: 'denied', detail: 'needs cloudwatch:GetMetricData'} as const
    const one = functionOf('a', {figures: {value: figures(inits('onDemand', 20, 300), unknown)}})
    expect(draw(coldStarts({functions: [one], known: {functions: 1, known: 1}}))).toMatch(/^a +\? +20 +\? +/m)
  })

  test('a function whose log tells nothing has a row with its calls, and in files too', () => {
    const hidden = {unknown: 'hidden', detail: 'SystemLogLevel=WARN keeps reports out of its log'} as const
    const one = functionOf('price-labels', {figures: hidden, invocations: {value: 3_764}})
    const web = functionOf('web', {figures: hidden, invocations: {value: 9}, notApplicable: 'web-function'})
    const [checkout, search] = coldStarts().functions
    if (!checkout || !search) throw new Error('there is no function')
    const report = coldStarts({functions: [checkout, search, one, web]})
    expect(draw(report)).toMatch(/^price-labels +3\.76 k +\? +\? +\?$/m)
    expect(draw(report)).not.toMatch(/^web /m)
    expect(draw(report, {}, 2)).toContain('and 1 more function: --limit 3 shows all')
    expect(JSON.parse(coldStartsJson(report, null)).functions[2]).toMatchObject({
      invocations: 3_764,
      coldStarts: null,
      rate: null,
      unknown: {reason: 'hidden'},
    })
    expect(coldStartsCsv(report, null)).toContain(',3764,,,')
    expect(coldStartsMarkdown(report, null)).toContain('| price-labels | 3,764 | ? | ? |')
  })

  test('functions without a cold start are told from those without a call', () => {
    const functions = [functionOf('idle', {figures: {value: figures([], {value: 0})}}), functionOf('warm')]
    expect(draw(coldStarts({functions}))).toContain('2 functions without a cold start (1 without a call): idle, warm\n')
  })

  test('nothing read at all says so', () => {
    const nothing = coldStarts({functions: [], known: {functions: 0, known: 0}, total: figures([], {value: 0})})
    const gapless = {...nothing, coverage: {...nothing.coverage, gaps: []}}
    expect(draw(gapless)).toBe('no functions\n')
    expect(draw({...nothing, isBegun: false})).toContain('nothing was read')
    const interrupted = {unknown: 'interrupted', detail: 'it was stopped'} as const
    const unread = {functions: [functionOf('a', {figures: interrupted})], known: {functions: 1, known: 0}}
    expect(draw(coldStarts({...unread, total: nothing.total, isBegun: false}))).toMatch(
      /^nothing was read · 0 of 1 function known · /,
    )
    expect(draw(coldStarts({...unread, total: nothing.total}))).toMatch(/^cold starts are not known · 0 of 1/)
    const {coverage} = nothing
    const stopped = {...coverage, window: {...coverage.window, end: coverage.window.start}}
    expect(draw(coldStarts({...unread, total: nothing.total, coverage: stopped}))).toMatch(
      /^no function was read to its end · 0 of 1 function known\n/,
    )
    expect(draw(coldStarts({...unread, total: nothing.total, coverage: stopped, isBegun: false}))).toMatch(
      /^nothing was read · /,
    )
    const some = {
      functions: [functionOf('a', {figures: interrupted}), functionOf('b')],
      known: {functions: 2, known: 1},
    }
    expect(draw(coldStarts({...some, total: nothing.total}))).toContain(
      'no cold start was felt in what is known · 1 of 2',
    )
  })

  test('what does not fit the limit is counted', () => {
    expect(draw(coldStarts(), {}, 1)).toContain('and 1 more function: --limit 2 shows all')
  })

  test('two versions are compared in a sentence', () => {
    const [{of}] = coldStarts().functions as [ReturnType<typeof functionOf>]
    const slower = {
      of,
      alias: 'live',
      version: '42',
      previousVersion: '41',
      servesSince: Date.parse('2026-11-20T13:12:28Z'),
      servedBefore: false,
      publishedAt: Date.parse('2026-11-20T13:12:20Z'),
      sideBySide: false,
      now: figures(inits('onDemand', 20, 520), {value: 4_000}),
      before: figures(inits('onDemand', 20, 400), {value: 10_000}),
      initRatio: 1.29,
      verdict: 'slower' as const,
    }
    const first = (one: ComparedColdStarts) => draw(coldStarts({compared: [one]}), {columns: 200}).split('\n')[0]
    expect(first(slower)).toBe(
      'checkout-api:42 · against 41 · since 11-20 13:12:28 · init p50 409 ms → 529 ms (1.3 ×) · slower · rate 0.20 % → 0.50 % · 20 → 20 cold',
    )
    const alone = {...slower, previousVersion: null, servesSince: null, before: null, initRatio: null}
    expect(first({...alone, servedBefore: true, verdict: 'nothing-before'})).toBe(
      'checkout-api:42 · served the whole window; what came before was not read · published 2026-11-20 · init p50 529 ms · nothing to compare with · rate 0.50 % · 20 cold',
    )
    expect(first({...alone, verdict: 'nothing-before'})).toContain(
      ' · not called in this window · published 2026-11-20 · ',
    )
  })
})

describe('cold starts in files', () => {
  test('as JSON have the contract’s fields, and null for what nobody knows', () => {
    const json = JSON.parse(coldStartsJson(coldStarts(), null))
    expect(json).toMatchObject({
      schema: 'slsops/coldstarts@1',
      complete: false,
      coverage: 0.75,
      quantiles: 'nearest-rank',
    })
    expect(json.functions[0]).toMatchObject({
      account: '123456789012',
      region: 'eu-west-1',
      function: 'checkout-api',
      functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:checkout-api',
      runtime: 'nodejs22.x',
      architecture: 'x86_64',
      memorySizeMB: 1024,
      invocations: 81_200,
      coldStarts: {onDemand: 190, restore: 0, proactive: 12, provisioned: 0, suppressed: 0, failed: 3},
      initMs: {count: 190, p50: 494, p90: 570, p99: 588, max: 589},
      unknown: null,
    })
    expect(json.functions[0].rate).toBeCloseTo(193 / 81_200)
    expect(json.functions[3]).toMatchObject({
      invocations: null,
      coldStarts: null,
      rate: null,
      unknown: {reason: 'hidden'},
    })
  })

  test('as NDJSON and CSV are a function a line', () => {
    const lines = coldStartsNdjson(coldStarts(), null).trimEnd().split('\n')
    expect(lines.map(line => JSON.parse(line))).toMatchObject(
      ['checkout-api', 'search', 'inventory', 'price-labels'].map(name => ({
        schema: 'slsops/coldstarts-item@1',
        function: name,
      })),
    )
    const rows = coldStartsCsv(coldStarts(), null).trimEnd().split('\r\n')
    expect(rows).toHaveLength(5)
    expect(rows[0]).toContain(',initCostUSDPerMonth,restoreCostUSD,restoreCostUSDPerMonth,')
    expect(new Set(rows.slice(0, 4).map(row => row.replaceAll(/"[^"]*"/g, '').split(',').length)).size).toBe(1)
    expect(rows[4]).toContain('hidden: SystemLogLevel=WARN')
    expect(coldStartsCsv(coldStarts(), 2).trimEnd().split('\r\n')).toHaveLength(3)
  })

  test('as Markdown have no rate of no calls, which is no question', () => {
    const idle = functionOf('idle', {figures: {value: figures([], {value: 0})}})
    expect(coldStartsMarkdown(coldStarts({functions: [idle]}), null)).toContain('| idle | 0 | 0 |  |')
  })

  test('as Markdown say what is missing', () => {
    const text = coldStartsMarkdown(coldStarts(), null)
    expect(text).toContain('| checkout-api | 81,200 | 193 | 0.24 % |')
    expect(text).toContain('- not read: cold starts of price-labels (hidden)')
  })
})

test('shares and ratios are short', () => {
  expect([0, 0.00001, 0.0023, 0.0756, 0.5, 1].map(rateText)).toEqual([
    '0 %',
    'under 0.01 %',
    '0.23 %',
    '7.56 %',
    '50.0 %',
    '100 %',
  ])
  expect([2.94, 23.4].map(ratio => ratioText(ratio, '×'))).toEqual(['2.9 ×', '23 ×'])
})
