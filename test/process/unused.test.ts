import {mkdtempSync, readFileSync, statSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {jsonLines, run} from './run-slsops.ts'

const sandbox = {SLSOPS_SANDBOX: '1', SLSOPS_SANDBOX_CLOCK: '2026-11-20T14:07:11Z'}

type Judged = {readonly function: string; readonly verdict: string; readonly reasons: readonly string[]}
type Report = Record<string, unknown> & {
  readonly functions: readonly Judged[]
  readonly counts: Readonly<Record<string, number>>
  readonly waste: readonly {
    readonly kind: string
    readonly what: string
    readonly monthlyUSD: number | null
    readonly formula: string
  }[]
}

const reportIn = (stdout: string): Report => JSON.parse(stdout) as Report

describe('slsops unused on the embedded AWS', () => {
  test('--json is one document with what the contract promises', async () => {
    const {code, stdout, stderr} = await run(['unused', '--json'], sandbox)
    expect(code).toBe(0)
    const report = reportIn(stdout)
    expect(report).toMatchObject({
      schema: 'slsops/unused@1',
      scope: [{account: '123456789012', region: 'eu-west-1', profile: null, endpoint: 'sandbox'}],
      complete: true,
      gaps: [],
      coverage: 1,
    })
    for (const one of report.functions)
      expect(one).toMatchObject({
        account: '123456789012',
        region: 'eu-west-1',
        function: expect.any(String),
        functionArn: expect.stringMatching(/^arn:aws:lambda:eu-west-1:123456789012:function:[\w-]+$/),
        verdict: expect.stringMatching(/^(active|unused|dormant|broken|inactive|new)$/),
        reasons: [expect.any(String)].concat(one.reasons.slice(1)),
        evidence: {invocations: expect.any(Number), throttles: expect.any(Number)},
        monthlyWasteUSD: expect.any(Number),
        unknown: {},
      })
    expect(jsonLines(stderr).map(({schema}) => schema)).toContain('slsops/receipt@1')
  })

  test('every kind of verdict is in the company, with its reasons', async () => {
    const {functions, waste} = reportIn((await run(['unused', '--json'], sandbox)).stdout)
    const of = (name: string) => functions.find(one => one.function === name)
    expect(of('orders-retry')).toMatchObject({
      verdict: 'broken',
      reasons: ['queue-grows', 'event-source-problem', 'event-source-enabled', 'no-invocation'],
    })
    expect(of('legacy-export')).toMatchObject({verdict: 'inactive', reasons: ['state-inactive', 'no-invocation']})
    expect(of('img-thumb-v1')).toMatchObject({verdict: 'unused', reasons: ['no-invocation', 'no-trigger']})
    expect(of('yearly-invoice')).toMatchObject({
      verdict: 'dormant',
      schedule: {
        expression: 'cron(0 3 1 1 ? *)',
        lastFire: '2026-01-01T03:00:00.000Z',
        nextFire: '2027-01-01T03:00:00.000Z',
      },
    })
    expect(of('loyalty-points')).toMatchObject({verdict: 'new'})
    expect(of('checkout-api')).toMatchObject({verdict: 'active', reasons: ['invoked', 'alias-only']})
    expect(waste.find(({kind}) => kind === 'provisioned-concurrency')).toMatchObject({
      what: 'img-thumb-v1:live',
      formula: expect.stringMatching(/^512 MB ÷ 1024 × 4 × 2592000 s × \$0\.0\d+ per GB-second$/),
    })
  })

  test('--fail-on is exit 5 where it matches, and --verdict shows these only', async () => {
    const {code, stdout} = await run(['unused', '--verdict', 'broken', '--fail-on', 'broken,inactive'], sandbox)
    expect(code).toBe(5)
    expect(stdout).toMatch(/^broken +orders-retry +[\d,]+ messages waiting, oldest 3 d/m)
    expect(stdout).not.toMatch(/^inactive/m)
    expect(stdout).toMatch(/^next: slsops unused orders-retry .* --sandbox$/m)
    expect((await run(['unused', 'cart-api', '--fail-on', 'broken'], sandbox)).code).toBe(0)
  })

  test('what no verdict is, is a usage error', async () => {
    const {code, stderr} = await run(['unused', '--fail-on', 'borken'], sandbox)
    expect([code, stderr]).toEqual([2, expect.stringContaining('borken is no verdict')])
  })

  test.each(['csv', 'ndjson', 'md', 'json'])('--out keeps it as .%s, for its owner only', async format => {
    const file = join(mkdtempSync(join(tmpdir(), 'unused-')), `unused.${format}`)
    const {code, stdout} = await run(['unused', 'orders-*', '--out', file], sandbox)
    expect([code, stdout]).toEqual([0, ''])
    expect(readFileSync(file, 'utf8')).toContain('orders-retry')
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })
})
