import {mkdtempSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {jsonLines, type Running, run, start} from './run-slsops.ts'

const sandbox = (): Record<string, string> => ({
  SLSOPS_SANDBOX: '1',
  XDG_STATE_HOME: mkdtempSync(join(tmpdir(), 'slsops-state-')),
})
const words = ['tune', 'payments-webhook', '--memory', '128,512']

const tuning = (environment: Record<string, string>, ...more: readonly string[]): Running =>
  start([...words, '--yes', ...more], environment)

/** What is still there of any run, in words. */
async function left(environment: Record<string, string>): Promise<string> {
  const {stdout, stderr} = await run(['tune', '--cleanup', '--dry-run'], environment)
  return stdout + stderr
}

// each with an AWS of its own, and most of the time waiting
describe.concurrent('tune', {timeout: 180_000}, () => {
  test('shows what it would do, and with --dry-run does no more', async () => {
    const {code, stdout, stderr} = await run([...words, '--dry-run'], sandbox())
    expect(code).toBe(0)
    expect(stderr).not.toContain('executions')
    expect(stdout).toContain('up to 80 real executions')
    expect(stdout).toContain('they can write, charge, send')
    expect(stdout).toContain('{}, for none was given')
  })

  test('is planned in one document with --dry-run --json', async () => {
    const {code, stdout} = await run([...words, '--dry-run', '--json'], sandbox())
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'slsops/tune-plan@1',
      function: 'payments-webhook',
      sizes: [{memorySizeMB: 128}, {memorySizeMB: 512}],
      limits: {maxInvocations: 80},
      payloadAssumed: true,
    })
  })

  test('tells in its document what --apply has set', async () => {
    const fast = ['tune', 'receipts-mailer', '--memory', '256,1024', '--goal', 'fastest', '--yes', '--json', '--apply']
    const {code, stdout} = await run(fast, sandbox())
    expect(code).toBe(0)
    const {recommendation, applied} = JSON.parse(stdout)
    expect(applied).toEqual({beforeMB: expect.any(Number), memorySizeMB: recommendation.memorySizeMB})
  })

  test('does nothing where nobody can be asked', async () => {
    const {code, stdout, stderr} = await run(words, sandbox())
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain('nobody is there to be asked')
  })

  test('prints one document with --json, and lines of JSON on stderr', async () => {
    const {code, stdout, stderr} = await tuning(sandbox(), '--json').ended
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'slsops/tune@1',
      complete: true,
      mode: 'shadow',
      goal: 'cheapest',
      recommendation: {memorySizeMB: 128, architecture: 'arm64', confidence: expect.any(Number)},
      current: {memorySizeMB: 128, status: 'winner'},
      spent: {invocations: expect.any(Number), costUSD: expect.any(Number)},
      cleanedUp: true,
    })
    for (const line of jsonLines(stderr)) expect(line['schema']).toBe('slsops/notice@1')
  })

  test('a limit ends it with what is known, and says so by its exit code', async () => {
    const {code, stdout} = await tuning(sandbox(), '--max-invocations', '4').ended
    expect(code).toBe(3)
    expect(stdout).toContain('4 invocations (--max-invocations) were not enough to tell the sizes apart')
    expect(stdout).toContain('everything created was removed')
  })

  test('an answer that is not settled is not set later, nor measured on unasked', async () => {
    const environment = sandbox()
    const {stdout} = await run([...words, '--yes', '--max-invocations', '4'], environment)
    const [, runId = ''] = /next: slsops tune --resume (\S+)/.exec(stdout) ?? []
    const refused = await run(['tune', '--resume', runId, '--apply', '--yes'], environment)
    expect(refused).toMatchObject({code: 2, stdout: ''})
    expect(refused.stderr).toContain(`run ${runId} is not settled`)
    expect(refused.stderr).toContain(`slsops tune --resume ${runId}`)
    const plan = await run(['tune', '--resume', runId, '--dry-run'], environment)
    expect(plan.code).toBe(0)
    expect(plan.stdout).toContain('more real executions')
  })

  test('a settled answer is set later, without measuring again', async () => {
    const environment = sandbox()
    const {stdout} = await run(
      ['tune', 'checkout-api', '--memory', '512,1769', '--goal', 'fastest', '--yes'],
      environment,
    )
    const [, runId = ''] = /next: slsops tune --resume (\S+) --apply/.exec(stdout) ?? []
    expect(runId).toMatch(/^\d{8}-/)
    const shown = await run(['tune', '--resume', runId, '--apply', '--dry-run'], environment)
    expect(shown).toMatchObject({code: 0, stdout: ''})
    expect(shown.stderr).toContain('no version is published, and no alias moves')
    expect(shown.stderr).toMatch(/--dry-run: nothing was changed\n$/)
    const applied = await run(['tune', '--resume', runId, '--apply', '--yes'], environment)
    expect(applied.code).toBe(0)
    expect(applied.stderr).toContain('read back from AWS')
    expect(applied.stderr).not.toContain('call 1')
    const again = await run(['tune', '--resume', runId, '--apply', '--yes'], environment)
    expect(again.code).toBe(0)
    expect(again.stderr).toContain('has the best size already')
  })

  test('with --json, what is set later is told as a document', async () => {
    const environment = sandbox()
    const tuned = await run(
      ['tune', 'checkout-api', '--memory', '512,1769', '--goal', 'fastest', '--yes', '--json'],
      environment,
    )
    const {runId, recommendation} = JSON.parse(tuned.stdout)
    const resume = ['tune', '--resume', runId, '--apply', '--json']
    const shown = await run([...resume, '--dry-run'], environment)
    expect(JSON.parse(shown.stdout)).toMatchObject({schema: 'slsops/tune@1', runId, applied: null})
    const {code, stdout} = await run([...resume, '--yes'], environment)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'slsops/tune@1',
      complete: true,
      runId,
      settled: true,
      recommendation: {memorySizeMB: 1_769, confidence: recommendation.confidence},
      applied: {beforeMB: 512, memorySizeMB: 1_769},
    })
  })

  test('Ctrl-C before it begins says that nothing was made', async () => {
    const running = tuning(sandbox())
    await running.seen('the embedded AWS answers')
    running.child.kill('SIGINT')
    const {code, stdout, stderr} = await running.ended
    expect(code).toBe(130)
    expect(stdout).toBe('')
    expect(stderr).toContain('stopped: nothing was made or changed')
  })

  test('with a clock that is given, what was changed before is settled', async () => {
    const environment = {...sandbox(), SLSOPS_SANDBOX_CLOCK: '2026-11-20T14:00:00Z'}
    const versions = ['--mode', 'versions', '--allow-latest', '--max-invocations', '2']
    for (let time = 1; time <= 2; time++) {
      const {stderr} = await tuning(environment, ...versions).ended
      expect(stderr).not.toContain('is being updated')
      expect(stderr).toContain('call 2 ')
    }
  })

  test('Ctrl-C ends it, with everything removed', async () => {
    const environment = sandbox()
    const running = tuning(environment)
    await running.seen('call 3 ')
    running.child.kill('SIGINT')
    const {code, stdout} = await running.ended
    expect(code).toBe(130)
    expect(stdout).toContain('interrupted')
    expect(stdout).toContain('everything created was removed')
    expect(await left(environment)).toContain('nothing to clean up')
  })

  test('a second Ctrl-C does not wait, and is told how to clean up later', async () => {
    const environment = sandbox()
    const running = tuning(environment)
    await running.seen('call 3 ')
    running.child.kill('SIGINT')
    await running.seen('removes what was made')
    running.child.kill('SIGINT')
    const {code, stderr} = await running.ended
    expect(code).toBe(130)
    expect(stderr).toMatch(/slsops tune --cleanup \d{8}-\d{6}-\w{8} --region eu-west-1 --sandbox/)
  })

  test('what was killed is removed by --cleanup', async () => {
    const environment = sandbox()
    const running = tuning(environment)
    await running.seen('call 2 ')
    running.child.kill('SIGKILL')
    await running.ended
    const said = await left(environment)
    expect(said).toContain('of payments-webhook: removes the function slsops-tune-payments-webhook-')
    const {code, stdout} = await run(['tune', '--cleanup', '--yes', '--json'], environment)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'slsops/tune-cleanup@1',
      cleanedUp: true,
      runs: [{function: 'payments-webhook', cleanedUp: true, left: []}],
    })
    expect(await left(environment)).toContain('nothing to clean up')
  })

  test('a pipe that nobody reads ends it quietly, with everything removed', async () => {
    const environment = sandbox()
    const running = tuning(environment, '--json')
    await running.seen('call 2 ')
    running.child.stdout.destroy()
    const {code} = await running.ended
    expect(code).toBe(0)
    expect(await left(environment)).toContain('nothing to clean up')
  })

  test('payloads are read before anything is made, and not shown', async () => {
    const environment = sandbox()
    const file = join(mkdtempSync(join(tmpdir(), 'slsops-payload-')), 'order.json')
    writeFileSync(file, '{"token": "s3cret"')
    const {code, stderr} = await run([...words, '--yes', '--payload', `@${file}`], environment)
    expect(code).toBe(2)
    expect(stderr).toContain('is not JSON')
    expect(stderr).not.toContain('s3cret')
  })

  test('keeps every sample in a file', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'slsops-out-')), 'tune.json')
    const {code, stdout, stderr} = await tuning(sandbox(), '--out', file, '--max-invocations', '4').ended
    expect(code).toBe(3)
    expect(stdout).toBe('')
    expect(stderr).toContain(`written to ${file}`)
  })
})
