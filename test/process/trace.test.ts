import {once} from 'node:events'
import {mkdtempSync, readFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {beforeAll, describe, expect, test} from 'vitest'
import {jsonLines, run, start} from './run-slsops.ts'

const sandbox = {SLSOPS_SANDBOX: '1', SLSOPS_SANDBOX_CLOCK: '2026-11-20T14:07:11Z'}
const nowhere = '1-6b005401-000000000000000000000001'

type Failed = {readonly line: string; readonly traceId: string; readonly requestId: string}
type Report = Record<string, unknown> & {readonly nodes: readonly Record<string, unknown>[]}

const trace = (args: readonly string[], input?: string) => run(['trace', ...args], sandbox, input)
const reportIn = (stdout: string): Report => JSON.parse(stdout) as Report

/** Failed invocations of the incident, as one would come by them, and whether X-Ray has a trace of each. */
let failed: readonly (Failed & {readonly isTraced: boolean})[] = []

beforeAll(async () => {
  const args = ['logs', 'checkout-api', '--failed', '--json', '--since', '15m', '--until', '1m']
  const invocations = jsonLines((await run(args, sandbox)).stdout)
  const all = invocations.flatMap(invocation => {
    const events = invocation['events'] as readonly {kind: string; message: string}[]
    if (!events.some(({message}) => message.includes('PaymentTimeout'))) return []
    return {
      line: events.find(({kind}) => kind === 'report')?.message ?? '',
      traceId: String(invocation['traceId']),
      requestId: String(invocation['requestId']),
    }
  })
  failed = all.map(one => ({...one, isTraced: one.line.includes('Sampled: true')}))
})

function aFailed(isTraced: boolean): Failed {
  const one = failed.find(failed => failed.isTraced === isTraced)
  if (!one) throw new Error('the incident has none')
  return one
}

describe('slsops trace on the embedded AWS', () => {
  test('draws what a trace id leads to, with its error and how many log lines there are', async () => {
    const {code, stdout, stderr} = await trace([aFailed(true).traceId])
    expect(stderr).toBe('sandbox: the embedded AWS answers, no account is used\n')
    expect(code).toBe(0)
    expect(stdout).toContain('checkout-api:42')
    expect(stdout).toContain('PaymentTimeout: upstream did not answer in 1500 ms')
    expect(stdout).toMatch(/X-Ray · \d+ log lines of \d+ functions/)
  })

  test('a request id, a log line on standard input, and a link lead to the same trace', async () => {
    const {traceId, requestId, line} = aFailed(true)
    const link = `https://us-east-1.console.aws.amazon.com/xray/home?region=eu-west-1#/traces/${traceId}`
    const outputs = await Promise.all([
      trace([requestId, 'checkout-api', '--json']),
      trace(['--json'], line),
      trace(['-', '--json'], line),
      trace([link, '--json']),
    ])
    for (const {stdout, code} of outputs) {
      expect(code).toBe(0)
      expect(reportIn(stdout)).toMatchObject({schema: 'slsops/trace@1', id: traceId, source: 'xray', complete: true})
    }
    const notes = reportIn(outputs[0]?.stdout ?? '{}')['notes']
    expect(notes).toContainEqual(expect.stringMatching(/^the id carries no time: the logs .* were searched/))
  })

  test('--json has what the contract promises, and is the same every time', async () => {
    const [first, second] = await Promise.all([
      trace([aFailed(true).traceId, '--json']),
      trace([aFailed(true).traceId, '--json']),
    ])
    expect(second.stdout).toBe(first.stdout)
    const report = reportIn(first.stdout)
    expect(report).toMatchObject({
      durationMs: expect.any(Number),
      partial: expect.any(Boolean),
      links: expect.any(Array),
      scope: [{account: '123456789012', region: 'eu-west-1', profile: null, endpoint: 'sandbox'}],
      gaps: [],
    })
    for (const node of report.nodes) {
      const keys =
        'id parentId name origin start end durationMs selfMs onCriticalPath status cause requestId logGroup functionArn'
      for (const key of keys.split(' ')) expect(node).toHaveProperty(key)
    }
  })

  test('case 9: an unsampled request has a tree of its log lines', async () => {
    const {traceId} = aFailed(false)
    const {code, stdout} = await trace([
      `Root=${traceId};Parent=53995c3f42cd8ad8;Sampled=0`,
      'checkout-api',
      'inventory',
      '--logs',
    ])
    expect(code).toBe(0)
    expect(stdout).toContain('its header says that it was not sampled')
    expect(stdout).toContain('inventory')
    expect(stdout).toContain('ERROR PaymentTimeout')
  })

  test('case 10: what is no id is exit 2, what is nowhere 1, what lacks a part 3', async () => {
    const [garbage, empty, missing, partial, allowed] = await Promise.all([
      trace(['no-such-id']),
      trace([]),
      trace([nowhere, 'checkout-api']),
      trace([aFailed(false).traceId]),
      trace([aFailed(false).traceId, '--allow-partial']),
    ])
    expect([garbage.code, empty.code, missing.code, partial.code, allowed.code]).toEqual([2, 2, 1, 3, 0])
    expect(garbage.stderr).toContain('no-such-id is no trace id and no request id')
    expect(missing.stderr).toMatch(/is nowhere; looked in X-Ray in eu-west-1; 1 log group, from /)
    expect(partial.stdout).toContain('/aws/lambda/log-archiver')
    for (const {stdout} of [garbage, empty, missing]) expect(stdout).toBe('')
  })

  test('--diff compares with another trace, --out keeps it', async () => {
    const [one, other] = failed.filter(({isTraced}) => isTraced)
    const file = join(mkdtempSync(join(tmpdir(), 'slsops-trace-')), 'trace.md')
    const {code, stdout, stderr} = await trace([one?.traceId ?? '', '--diff', other?.traceId ?? '', '--out', file])
    expect(code).toBe(0)
    expect(stdout).toContain(other?.traceId)
    expect(stderr).toContain(`written to ${file}`)
    expect(readFileSync(file, 'utf8')).toMatch(/^# POST .*\n\nTrace `1-.*\n## Compared\n/s)
  })

  test('Ctrl-C ends it while it waits for standard input, and while it reads', async () => {
    const waiting = start(['trace'], sandbox, null)
    // more than a pipe holds: it drains when somebody reads
    if (!waiting.child.stdin.write('x'.repeat(300_000))) await once(waiting.child.stdin, 'drain')
    waiting.child.kill('SIGINT')
    const reading = start(['trace', nowhere], sandbox)
    await reading.seen('sandbox:')
    reading.child.kill('SIGINT')
    for (const {code, stdout} of await Promise.all([waiting.ended, reading.ended])) {
      expect(code).toBe(130)
      expect(stdout).toBe('')
    }
    expect((await reading.ended).stderr).toContain('interrupted while ')
    expect((await waiting.ended).stderr).not.toContain('nothing was changed')
  })
})
