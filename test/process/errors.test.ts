import {mkdtempSync, readdirSync, readFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {jsonLines, run, start} from './run-slsops.ts'

const sandbox = {SLSOPS_SANDBOX: '1', SLSOPS_SANDBOX_CLOCK: '2026-11-20T14:07:11Z'}
const halfAnHour = ['--since', '2026-11-20T13:37:00Z', '--until', '2026-11-20T14:06:00Z', '--baseline', '3h']

type Cluster = Record<string, unknown> & {
  readonly functions: readonly Record<string, unknown>[]
  readonly sample: Record<string, unknown>
}
type Report = Record<string, unknown> & {readonly clusters: readonly Cluster[]; readonly gate?: Record<string, unknown>}

const reportIn = (stdout: string): Report => JSON.parse(stdout) as Report

describe('slsops errors on the embedded AWS', () => {
  test('the error of the incident stands out, with a command to paste that finds it', async () => {
    const {code, stdout, stderr} = await run(['errors', 'checkout-api', ...halfAnHour], sandbox)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^new {6}\S+ +\d+× .*checkout-api:42 .*since/m)
    expect(stdout).toContain('PaymentTimeout: upstream did not answer in <n> ms')
    expect(stdout).toMatch(/\d+ kinds? in \d+ errors of 1 log group/)
    expect(stderr).toContain('1 group complete')

    const next = /^next: slsops (.*) --sandbox$/m.exec(stdout)?.[1]?.split(' ') ?? []
    const followed = await run(next, sandbox)
    expect(followed.stdout).toContain('PaymentTimeout')
  })

  test('--json is one document with what the contract promises, the same every time', async () => {
    const args = ['errors', ...halfAnHour, '--json', '--allow-partial']
    const [first, second] = await Promise.all([run(args, sandbox), run(args, sandbox)])
    const report = reportIn(first.stdout)
    expect(first.code).toBe(0)
    expect(second.stdout).toBe(first.stdout)
    expect(report).toMatchObject({
      schema: 'slsops/errors@1',
      window: {start: '2026-11-20T13:37:00.000Z', end: '2026-11-20T14:06:00.000Z'},
      baseline: {start: '2026-11-20T10:37:00.000Z', end: '2026-11-20T13:37:00.000Z'},
      scope: [{account: '123456789012', region: 'eu-west-1', profile: null, endpoint: 'sandbox'}],
      complete: true,
    })
    expect(report.clusters.length).toBeGreaterThan(5)
    for (const cluster of report.clusters) {
      expect(cluster).toMatchObject({
        fingerprint: expect.stringMatching(/^[0-9a-f]{12}$/),
        trend: expect.stringMatching(/^(?:new|growing|steady|falling)$/),
        count: expect.any(Number),
        ratePerMinute: expect.any(Number),
        baselineRatePerMinute: expect.any(Number),
        versions: expect.any(Array),
        firstSeen: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
        lastSeen: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
      })
      expect(cluster).toHaveProperty('requestId')
      expect(cluster).toHaveProperty('traceId')
      expect(cluster.sample).toHaveProperty('message')
      for (const origin of cluster.functions)
        expect(Object.keys(origin)).toEqual(expect.arrayContaining(['account', 'region', 'function', 'functionArn']))
    }
    expect(new Set(jsonLines(first.stderr).map(({schema}) => schema))).toEqual(
      new Set(['slsops/notice@1', 'slsops/receipt@1']),
    )
  })

  test('a log group that is not there is an error', async () => {
    const {code, stderr, stdout} = await run(['errors', 'checkout-api', '/nowhere', ...halfAnHour], sandbox)
    expect(code).toBe(1)
    expect(stderr).toContain('no log group matches /nowhere')
    expect(stdout).toBe('')
  })

  test('--fail-on is exit 5, and 0 when nothing matches', async () => {
    expect((await run(['errors', 'checkout-api', ...halfAnHour, '--fail-on', 'new'], sandbox)).code).toBe(5)
    expect((await run(['errors', 'inventory', ...halfAnHour, '--fail-on', 'growing'], sandbox)).code).toBe(0)
  })

  test('the deploy of the incident fails its gate; on too little traffic nothing passes', async () => {
    const gate = ['errors', 'checkout-api:live', '--since-deploy', '--since', '3h', '--json']
    const [failed, passed, little] = await Promise.all([
      run([...gate, '--fail-on', 'growing', '--min-invocations', '200'], sandbox),
      run([...gate, '--min-invocations', '200'], sandbox),
      run([...gate, '--min-invocations', '100000'], sandbox),
    ])
    expect(failed.code).toBe(5)
    expect(reportIn(failed.stdout).gate).toMatchObject({
      verdict: 'fail',
      functions: [{function: 'checkout-api', alias: 'live', version: '42', previousVersion: '41'}],
    })
    expect(passed.code).toBe(0)
    expect(little.code).toBe(3)
    expect(reportIn(little.stdout).gate).toMatchObject({verdict: 'inconclusive'})
  })

  test('the gate waits for its time, and Ctrl-C ends that', async () => {
    const waiting = start(['errors', 'checkout-api', '--since-deploy', '--since', '1h', '--for', '2h'], sandbox)
    await waiting.seen('min to go')
    waiting.child.kill('SIGINT')
    const {code, stdout, stderr} = await waiting.ended
    expect(code).toBe(130)
    expect(stdout).toContain('? inconclusive: it was stopped before its time was over')
    expect(stderr).toContain('interrupted')
  })

  test('wrong usage is exit 2', async () => {
    const all = [
      ['--for', '10m'],
      ['--since-deploy', '--allow-partial'],
      ['--baseline', 'none', '--fail-on', 'new'],
      ['--baseline', '5'],
      ['--out', 'errors.txt'],
      ['--watch', '--until', '5m'],
      ['--watch', '--fail-on', 'new'],
      ['--since-deploy', '--for', '5m', '--until', '1m'],
    ]
    const codes = await Promise.all(all.map(async args => (await run(['errors', ...args], sandbox)).code))
    expect(codes).toEqual(all.map(() => 2))
  })

  test('--watch goes on, and Ctrl-C ends it with what it covered', async () => {
    const watching = start(['errors', 'checkout-api', '--since', '30m', '--baseline', '1h', '--watch'], sandbox)
    await watching.seen('PaymentTimeout')
    watching.child.kill('SIGINT')
    const {code, stderr} = await watching.ended
    expect(code).toBe(130)
    expect(stderr).toMatch(/shown of/)
  })

  test('--out keeps the report, whole, as JSON and as Markdown', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'slsops-errors-'))
    for (const name of ['errors.json', 'errors.md']) {
      const out = join(folder, name)
      const {code, stderr} = await run(['errors', 'checkout-api', ...halfAnHour, '--out', out], sandbox)
      expect(code).toBe(0)
      expect(stderr).toContain(`written to ${out}\n`)
    }
    expect(readdirSync(folder).sort()).toEqual(['errors.json', 'errors.md'])
    expect(reportIn(readFileSync(join(folder, 'errors.json'), 'utf8'))).toMatchObject({schema: 'slsops/errors@1'})
    expect(readFileSync(join(folder, 'errors.md'), 'utf8')).toMatch(/^# Errors\n[\s\S]*\| new \|[\s\S]*PaymentTimeout/)
  })
})
