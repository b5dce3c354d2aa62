import {mkdtempSync, readFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {jsonLines, run} from './run-slsops.ts'

const sandbox = {SLSOPS_SANDBOX: '1', SLSOPS_SANDBOX_CLOCK: '2026-11-20T14:07:11Z'}
const hour = ['--since', '2026-11-20T12:00:00Z', '--until', '2026-11-20T13:00:00Z']

type Item = {
  readonly function: string
  readonly architecture: 'x86_64' | 'arm64'
  readonly memorySizeMB: number
  readonly calls: number | null
  readonly costUSD: number | null
  readonly components: Readonly<Record<string, number | null>>
  readonly change: Readonly<Record<string, number>> | null
  readonly unknown: Readonly<Record<string, {readonly reason: string}>>
}
type Report = {
  readonly schema: string
  readonly costUSD: number
  readonly components: Readonly<Record<string, number>>
  readonly change: Readonly<Record<string, number>>
  readonly items: readonly Item[]
  readonly shared: readonly {readonly costUSD: number | null}[]
  readonly groups?: readonly {readonly name: string | null; readonly costUSD: number | null}[]
  readonly excluded: readonly string[]
}
const reportIn = (stdout: string): Report => JSON.parse(stdout) as Report
const sum = (numbers: readonly (number | null)[]): number => numbers.reduce<number>((all, one) => all + (one ?? 0), 0)

describe('slsops cost on the embedded AWS', () => {
  test('is what the bill would be of the same invocations, by their REPORT lines, to a hundredth', async () => {
    const reports = [
      'filter @message like /^REPORT RequestId: / or type = "platform.report"',
      'parse @logStream /^\\d{4}\\/\\d{2}\\/\\d{2}\\/(?<fn>[A-Za-z0-9_-]+)\\[/',
      'parse @message /Billed Duration: (?<textBilled>\\d+) ms/',
      'stats sum(coalesce(textBilled, record.metrics.billedDurationMs)) as billed by @log, fn',
    ].join(' | ')
    const [cost, query] = await Promise.all([
      run(['cost', ...hour, '--json'], sandbox),
      run(['query', reports, ...hour, '--json', '--yes'], sandbox),
    ])
    const {items, costUSD, components, change, shared, schema, excluded} = reportIn(cost.stdout)
    const {rows} = JSON.parse(query.stdout) as {rows: readonly Readonly<Record<string, string | number>>[]}
    const billedMs = new Map(
      rows.map(row => [row['fn'] ?? String(row['@log']).replace(/^.*\/aws\/lambda\//, ''), Number(row['billed'])]),
    )

    const perGBSecond = {x86_64: 0.0000166667, arm64: 0.0000133334}
    // SystemLogLevel=WARN: what went well at price-labels has no report to compare with
    const called = items.filter(item => (item.calls ?? 0) > 0 && item.function !== 'price-labels')
    const billed = sum(
      called.map(
        item =>
          ((billedMs.get(item.function) ?? Number.NaN) / 1000) *
          (item.memorySizeMB / 1024) *
          perGBSecond[item.architecture],
      ),
    )
    const estimated = sum(called.flatMap(item => [item.components['compute'] ?? null, item.components['init'] ?? null]))
    expect(called.length).toBeGreaterThan(20)
    expect(Math.abs(estimated / billed - 1)).toBeLessThan(0.01)

    expect(schema).toBe('slsops/cost@1')
    expect(excluded).toContain('savings plans')
    expect(sum([...items, ...shared].map(one => one.costUSD))).toBeCloseTo(costUSD, 9)
    expect(sum(Object.values(components))).toBeCloseTo(costUSD, 9)
    const {totalUSD = Number.NaN, ...parts} = change
    expect(sum(Object.values(parts))).toBeCloseTo(totalUSD, 9)
    expect(jsonLines(cost.stderr).map(({schema}) => schema)).toContain('slsops/receipt@1')
  })

  test('by stack adds up to the same as by function', async () => {
    const {code, stdout} = await run(['cost', ...hour, '--by', 'stack', '--no-init', '--json'], sandbox)

    const {groups = [], costUSD} = reportIn(stdout)
    expect([0, 3]).toContain(code)
    expect(groups.length).toBeGreaterThan(2)
    expect(sum(groups.map(group => group.costUSD))).toBeCloseTo(costUSD, 9)
  })

  test('a file is told by its extension', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'slsops-cost-')), 'cost.csv')

    const {stdout} = await run(['cost', 'checkout-api', ...hour, '--no-init', '--out', file], sandbox)

    expect(stdout).toBe('')
    expect(readFileSync(file, 'utf8')).toMatch(/^function,logGroup,.*\r\ncheckout-api,/)
  })

  test.each([
    ['--by', 'colour'],
    ['--out', 'cost.svg'],
    ['--limit', '0'],
    ['--compare', 'last-year'],
  ])('%s %s is no usage, and says what is', async (...flag) => {
    const {code, stderr} = await run(['cost', ...flag], sandbox)

    expect(code).toBe(2)
    expect(stderr).toContain(flag[0])
  })
})
