import {mkdtempSync, readFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {run, start} from './run-slsops.ts'

const sandbox = {SLSOPS_SANDBOX: '1', SLSOPS_SANDBOX_CLOCK: '2026-11-20T14:07:11Z'}
// of a younger one, executions that are tried again may still come
const longPast = ['--since', '2026-11-20T13:00:00Z', '--until', '2026-11-20T13:30:00Z']
const window = ['--since', '2026-11-20T13:55:00Z', '--until', '2026-11-20T14:06:00Z']

type Service = {readonly id: string; readonly name: string; readonly type: string; readonly calls: number | null}
type Edge = {readonly from: string; readonly to: string; readonly async: boolean; readonly ageP50Ms: number | null}
type Report = {
  readonly services: readonly Service[]
  readonly edges: readonly Edge[]
  readonly failures: readonly object[]
}

test('slsops map on the embedded AWS shows where the incident begins, and a command that finds its traces', async () => {
  const {code, stdout, stderr} = await run(['map', ...window], sandbox)
  expect(code).toBe(0)
  expect(stdout).toMatch(/^ +calls\/min .* fault +p50 +p95/)
  expect(stdout).toMatch(/^│? *[├└] checkout-api ✗ Lambda/m)
  expect(stdout).toMatch(/failures begin in payments\S*: .*; felt by /)
  expect(stdout).toContain('of the requests that X-Ray sampled')
  expect(stderr).toMatch(/\d+ pages?, 0 throttled/)

  const next = /^next: slsops (.*) --sandbox$/m.exec(stdout)?.[1]?.match(/'[^']*'|\S+/g) ?? []
  const traces = await run(
    next.map(word => word.replaceAll("'", '')),
    sandbox,
  )
  expect(traces.code).toBe(0)
  expect(traces.stdout).toMatch(/payments.*\n[\s\S]*\d+ faults/)
})

test('Ctrl-C leaves what was read so far, and says what is missing', async () => {
  const slsops = start(['map', '--since', '7d'], sandbox)
  await slsops.seen('calls or more')
  slsops.child.kill('SIGINT')
  const {code, stdout, stderr} = await slsops.ended
  expect(code).toBe(130)
  expect(stdout).toMatch(/not all of it could be read|nothing was found in what could be read/)
  expect(stderr).toMatch(/(?:everything|parts of the window) in eu-west-1 interrupted/)
})

test('--json is one document, the same every time, in which edges lead to services', async () => {
  const [first, second] = await Promise.all([
    run(['map', ...longPast, '--json'], sandbox),
    run(['map', ...longPast, '--json'], sandbox),
  ])
  expect(second.stdout).toBe(first.stdout)
  const report = JSON.parse(first.stdout) as Report
  expect(report).toMatchObject({
    schema: 'slsops/map@1',
    window: {start: '2026-11-20T13:00:00.000Z', end: '2026-11-20T13:30:00.000Z'},
    scope: [{account: '123456789012', region: 'eu-west-1', profile: null, endpoint: 'sandbox'}],
    complete: true,
    gaps: [],
  })
  const ids = new Set(report.services.map(({id}) => id))
  expect(ids.size).toBe(report.services.length)
  expect(report.edges.every(({from, to}) => ids.has(from) && ids.has(to))).toBe(true)
  expect(report.edges.some(({async, ageP50Ms}) => async && ageP50Ms !== null)).toBe(true)
  // both nodes of a function are one
  expect(report.services.filter(({name}) => name === 'checkout-api')).toMatchObject([{type: 'AWS::Lambda::Function'}])
})

test.each(['svg', 'dot', 'md', 'json'])('--out keeps it as .%s, and stdout stays empty', async extension => {
  const file = join(mkdtempSync(join(tmpdir(), 'slsops-map-')), `map.${extension}`)
  const {code, stdout, stderr} = await run(['map', 'checkout-api', ...window, '--out', file], sandbox)
  expect({code, stdout}).toEqual({code: 0, stdout: ''})
  expect(stderr).toContain(`written to ${file}`)
  expect(readFileSync(file, 'utf8')).toContain('checkout-api')
})

test('a region with Transaction Search says that its map is of what is indexed', async () => {
  const {code, stderr} = await run(['map', ...window, '--region', 'us-east-1'], sandbox)
  expect(code).toBe(0)
  expect(stderr).toContain('Transaction Search is on in us-east-1')
})

test.each([
  [['map', '--out', 'map.png'], 2, 'does not know this kind of file'],
  [['map', '--limit', '0'], 2, 'limit'],
  [['map', 'no-such-function'], 1, 'no function matches'],
])('%j ends with exit %i and says why', async (argv, exit, said) => {
  const {code, stdout, stderr} = await run(argv, sandbox)
  expect({code, stdout}).toEqual({code: exit, stdout: ''})
  expect(stderr).toContain(said)
})
