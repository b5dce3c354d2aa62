import {mkdtempSync, readFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {jsonLines, run, start} from './run-slsops.ts'

const sandbox = {SLSOPS_SANDBOX: '1', SLSOPS_SANDBOX_CLOCK: '2026-11-20T14:07:11Z'}
const window = ['--since', '2026-11-19T14:00:00Z', '--until', '2026-11-20T14:00:00Z']
const quick = [...window, '--no-memory']

type Listed = Record<string, unknown> & {readonly function: string; readonly unknown: Record<string, {reason: string}>}
type Document = Record<string, unknown> & {readonly functions: readonly Listed[]}

const documentIn = (stdout: string): Document => JSON.parse(stdout) as Document

describe('slsops functions on the embedded AWS', () => {
  test('--json is one document with what the contract promises, the same every time', async () => {
    const args = ['functions', ...quick, '--json']
    const [first, second] = await Promise.all([run(args, sandbox), run(args, sandbox)])
    expect([first.code, second.stdout === first.stdout]).toEqual([0, true])
    const document = documentIn(first.stdout)
    expect(document).toMatchObject({
      schema: 'slsops/functions@1',
      window: {start: '2026-11-19T14:00:00.000Z', end: '2026-11-20T14:00:00.000Z'},
      scope: [{account: '123456789012', region: 'eu-west-1', profile: null, endpoint: 'sandbox'}],
      complete: true,
      coverage: 1,
      gaps: [],
      memoryWindow: null,
    })
    for (const one of document.functions)
      expect(one).toMatchObject({
        account: '123456789012',
        region: 'eu-west-1',
        functionArn: `arn:aws:lambda:eu-west-1:123456789012:function:${one.function}`,
        invocations: expect.any(Number),
        memoryUsedMB: null,
        unknown: {memoryUsedMB: {reason: 'not-read'}},
      })
    expect(document.functions.length).toBeGreaterThan(30)
    expect(jsonLines(first.stderr).map(({schema}) => schema)).toContain('slsops/receipt@1')
  })

  test('case 25: what cannot be read of memory is unknown with its reason, exit 3; the others are known', async () => {
    const targets = ['log-archiver', 'price-labels', 'checkout-api', 'pick-plan', 'reserve-slot']
    const {code, stdout} = await run(['functions', ...targets, ...window, '--json'], sandbox)
    expect(code).toBe(3)
    const {functions, coverage} = documentIn(stdout)
    const of = (name: string) => functions.find(one => one.function === name)
    expect(coverage).toBe(0.8)
    expect(of('price-labels')).toMatchObject({memoryUsedMB: null, unknown: {memoryUsedMB: {reason: 'hidden'}}})
    // the log group of log-archiver is of the class for infrequent access
    for (const name of ['log-archiver', 'checkout-api', 'pick-plan', 'reserve-slot'])
      expect(of(name)).toMatchObject({memoryUsedMB: expect.any(Number), unknown: {}})
  })

  test('case 28: what nothing may run of is throttled, not idle', async () => {
    const {stdout} = await run(['functions', 'partner-stock', ...quick], sandbox)
    expect(stdout).toMatch(/✗ throttled: partner-stock [\d,]+ \(nothing may run: 0 reserved\)/)
  })

  test('case 30: an old table of runtimes is warned of, and what it does not have is unknown', async () => {
    const later = {...sandbox, SLSOPS_SANDBOX_CLOCK: '2027-02-01T14:07:11Z'}
    const args = ['functions', 'invoice-pdf', '--no-memory', '--since', '1h', '--json']
    const {stdout, stderr} = await run(args, later)
    expect(stderr).toMatch(/the table of runtimes is 121 days old/)
    expect(documentIn(stdout).functions[0]).toMatchObject({
      runtimeStatus: 'container',
      runtimeEnds: {note: 'container: no notice'},
    })
  })

  test('is sorted, selected and grouped as asked, and the command to paste runs', async () => {
    const sorted = await run(
      ['functions', '--sort', 'invocations', '--columns', 'function,invocations', ...quick],
      sandbox,
    )
    expect(sorted.stdout.split('\n')[1]).toMatch(/^checkout-api /)
    const old = documentIn((await run(['functions', '--deprecated', ...quick, '--json'], sandbox)).stdout)
    expect(new Set(old.functions.map(({runtimeStatus}) => runtimeStatus))).toEqual(new Set(['deprecated']))
    const groups = await run(['functions', '--by', 'tag:team', ...quick], sandbox)
    expect(groups.stdout).toMatch(/^tag team +functions/)
    const next = /^next: slsops (.*) --sandbox$/m.exec(groups.stdout)?.[1]?.split(' ') ?? []
    expect([0, 3]).toContain((await run(next, sandbox)).code)
  })

  test('is kept in files', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'slsops-'))
    for (const extension of ['csv', 'md', 'ndjson', 'json']) {
      const file = join(folder, `fleet.${extension}`)
      const {code, stdout} = await run(['functions', 'orders-*', ...quick, '--out', file], sandbox)
      expect([code, stdout]).toEqual([0, ''])
      expect(readFileSync(file, 'utf8')).toContain('orders-stream')
    }
  })

  test('costs money above a limit only where that is allowed', async () => {
    const {code, stderr, stdout} = await run(['functions', ...quick, '--max-cost', '0.0001'], sandbox)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/that is more than --max-cost 0.0001: metrics of \d+ functions/)
  })

  test('stopped, shows what there is and exits with 130', async () => {
    const running = start(['functions', ...window], sandbox)
    await new Promise<void>(resolve => {
      running.child.stderr.on('data', () => /· \d+ functions/.test(running.stderr()) && resolve())
    })
    running.child.kill('SIGINT')
    const {code, stdout, stderr} = await running.ended
    expect(code).toBe(130)
    expect(stdout).toMatch(/^function +/)
    expect(stderr).toMatch(/interrupted/)
  })
})
