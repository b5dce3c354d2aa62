import {mkdtempSync, readFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {jsonLines, run, start} from './run-slsops.ts'

const sandbox = {SLSOPS_SANDBOX: '1', SLSOPS_SANDBOX_CLOCK: '2026-11-20T14:07:11Z'}
const tenMinutes = ['--since', '2026-11-20T13:50:00Z', '--until', '2026-11-20T14:00:00Z']

type Trace = Record<string, unknown> & {readonly id: string; readonly start: string; readonly durationMs: number}
type Group = {readonly title: string | null; readonly count: number; readonly sampleId: string}
type Report = Record<string, unknown> & {readonly traces: readonly Trace[]; readonly groups?: readonly Group[]}

const reportIn = (stdout: string): Report => JSON.parse(stdout) as Report

describe('slsops traces on the embedded AWS', () => {
  test('--json is one document with what the contract promises, newest first, the same every time', async () => {
    const args = ['traces', ...tenMinutes, '--limit', '50', '--json']
    const [first, second] = await Promise.all([run(args, sandbox), run(args, sandbox)])
    expect([first.code, second.stdout === first.stdout]).toEqual([0, true])
    const report = reportIn(first.stdout)
    expect(report).toMatchObject({
      schema: 'slsops/traces@1',
      window: {start: '2026-11-20T13:50:00.000Z', end: '2026-11-20T14:00:00.000Z'},
      scope: [{account: '123456789012', region: 'eu-west-1', profile: null, endpoint: 'sandbox'}],
      complete: true,
      gaps: [],
      hasMore: true,
      scanned: expect.any(Number),
      matched: expect.any(Number),
    })
    expect(report.traces.length).toBe(50)
    const starts = report.traces.map(({start}) => start)
    expect(starts).toEqual(starts.toSorted().reverse())
    for (const trace of report.traces)
      expect(trace).toMatchObject({
        id: expect.stringMatching(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/),
        fault: expect.any(Boolean),
        error: expect.any(Boolean),
        throttle: expect.any(Boolean),
        entry: expect.any(String),
        region: 'eu-west-1',
        account: '123456789012',
      })
    expect(first.stdout).not.toMatch(/access_token=(?!\*\*\*)/)
    expect(jsonLines(first.stderr).map(({schema}) => schema)).toContain('slsops/receipt@1')
  })

  test('errors are found where they were handled too, and the command to paste finds the trace', async () => {
    const {code, stdout} = await run(['traces', 'checkout-api', '--errors', ...tenMinutes], sandbox)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^\d\d:\d\d:\d\d\.\d{3} ✗ +\d.* s +checkout-api +1-\w{8}-\w{24} +POST \/prod\/orders → 500/m)
    const next = /^next: slsops (.*) --sandbox$/m.exec(stdout)?.[1]?.split(' ') ?? []
    expect(next[0]).toBe('trace')
    expect((await run(next, sandbox)).code).toBe(0)
  })

  test('--slow and --filter select at X-Ray; groups are by cause, from summaries alone', async () => {
    const slow = reportIn((await run(['traces', '--slow', '2s', ...tenMinutes, '--json'], sandbox)).stdout)
    expect(slow.traces.length).toBeGreaterThan(0)
    expect(slow.traces.every(({durationMs}) => durationMs >= 2_000)).toBe(true)

    const args = [
      'traces',
      '--errors',
      '--by',
      'cause',
      '--filter',
      'http.url CONTAINS "/orders"',
      ...tenMinutes,
      '--json',
    ]
    const {groups = [], traces} = reportIn((await run(args, sandbox)).stdout)
    expect(groups.map(({title}) => title).join('\n')).toContain('payments')
    expect(traces.some(({id}) => id === groups[0]?.sampleId)).toBe(true)
  })

  test('a region with Transaction Search says what it cannot list', async () => {
    const {code, stderr} = await run(['traces', '--region', 'us-east-1', ...tenMinutes], sandbox)
    expect(code).toBe(0)
    expect(stderr).toContain('Transaction Search is on in us-east-1: only traces of spans that are indexed are listed')
  })

  test('says of an order that failed what its log says, not what was tried again', async () => {
    const {stdout} = await run(['traces', 'checkout-api', '--errors', '--by', 'cause', ...tenMinutes], sandbox)
    expect(stdout).toMatch(/✗ checkout-api → payments\S*: PaymentTimeout: upstream did not answer/)
    expect(stdout).not.toContain('ECONNRESET')
    const errors = await run(['errors', 'checkout-api', ...tenMinutes], sandbox)
    expect(errors.stdout).toContain('PaymentTimeout: upstream did not answer')
  })

  test('a service that a filter misspells is told of', async () => {
    const {code, stderr} = await run(['traces', '--filter', 'service("chekout-api")', ...tenMinutes], sandbox)
    expect(code).toBe(0)
    expect(stderr).toContain('no service of this window is called chekout-api; nearest: checkout-api')
  })

  test('a wrong filter is shown with a caret, and nothing is asked', async () => {
    const {code, stdout, stderr} = await run(['traces', '--filter', 'service("a"){annotation.x = 1}'], sandbox)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toBe(
      [
        '✗ --filter: annotations cannot be asked for inside service() or edge()',
        '  service("a"){annotation.x = 1}',
        '               ^',
        '  put it outside the braces: service("…"){fault} AND annotation.x',
        '',
      ].join('\n'),
    )
  })

  test('what costs too much is not begun', async () => {
    const args = ['traces', '--since', '2d', '--by', 'cause', '--max-cost', '0.0001']
    const {code, stderr} = await run(args, sandbox)
    expect(code).toBe(2)
    expect(stderr).toMatch(/that is more than --max-cost 0.0001: about [\d.]+ k traces to scan, \$0\.\d+ by list price/)
  })

  test('Ctrl-C leaves what was found so far, and says what is missing', async () => {
    const slsops = start(['traces', '--since', '2d', '--by', 'cause'], sandbox)
    await slsops.seen('to scan')
    slsops.child.kill('SIGINT')
    const {code, stdout, stderr} = await slsops.ended
    expect(code).toBe(130)
    expect(stdout).toMatch(/groups? of [\d,]+ traces/)
    expect(stderr).toMatch(/✗ traces before \d{4}-\S+Z interrupted/)
  })

  test('--out keeps them: a file of its owner', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'slsops-')), 'traces.csv')
    const {code, stdout, stderr} = await run(['traces', ...tenMinutes, '--limit', '3', '--out', file], sandbox)
    expect([code, stdout]).toEqual([0, ''])
    expect(stderr).toContain(`written to ${file}`)
    expect(readFileSync(file, 'utf8').trimEnd().split('\r\n').length).toBe(4)
  })
})
