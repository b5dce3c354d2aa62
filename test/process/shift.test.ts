import {existsSync, mkdtempSync, readdirSync, renameSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {CreateAliasCommand} from '@aws-sdk/client-lambda'
import {describe, test} from 'vitest'
import {type Ended, jsonLines, run, start} from './run-slsops.ts'
import {shift, shiftPlace} from './shift-place.ts'
import {said, watchedRun} from './watched-run.ts'

/** An embedded AWS of its own in the middle of the day, in which five minutes pass in a second. */
const sandbox = (): Record<string, string> => ({
  SLSOPS_SANDBOX: '1',
  SLSOPS_SANDBOX_CLOCK: '2026-11-20T14:00:00Z',
  SLSOPS_SANDBOX_SPEED: '300',
  XDG_STATE_HOME: mkdtempSync(join(tmpdir(), 'slsops-state-')),
})

/** The same half an hour later: with a clock that is given, time stands still from one process to the next. */
function later(environment: Record<string, string>): Record<string, string> {
  const states = join(environment['XDG_STATE_HOME'] ?? '', 'slsops', 'sandbox')
  const [state = ''] = readdirSync(states)
  renameSync(join(states, state), join(states, 'clock-2026-11-20T14-30-00.000Z'))
  return {...environment, SLSOPS_SANDBOX_CLOCK: '2026-11-20T14:30:00Z'}
}

/** With the release taken back that fails. */
async function healthy(): Promise<Record<string, string>> {
  const environment = sandbox()
  await run(['rollback', 'checkout-api', '--yes'], {...environment, SLSOPS_SANDBOX_SPEED: '1'})
  return later(environment)
}

const lastLine = ({stdout}: Ended): string => stdout.trimEnd().split('\n').at(-1) ?? ''

// each with an AWS of its own, and most of the time waiting
describe.concurrent('a release', {timeout: 120_000}, () => {
  test('that is as good as the one before is shifted by its gate', async ({expect}) => {
    const environment = await healthy()
    const ended = await run(
      'shift checkout-api --to 40 --canary 50%/2m --bake 1m --max-time 12h --yes'.split(' '),
      environment,
    )
    expect(ended.code, said(ended)).toBe(0)
    expect(ended.stdout).toMatch(/verdict +healthy/)
    expect(lastLine(ended)).toMatch(/^✓ checkout-api:live serves 40 \(read back .* 3 writes in /)
  })

  test('that fails is sent back by its gate: exit 5, with the counts that sent it back', async ({expect}) => {
    const environment = await healthy()
    const bad = 'shift checkout-api --to 42 --canary 50%/2m --bake 1m --max-time 12h --yes --json'.split(' ')
    const ended = await run(bad, environment)
    expect(ended.code, said(ended)).toBe(5)
    expect(JSON.parse(ended.stdout)).toMatchObject({
      schema: 'slsops/shift@1',
      state: 'rolled-back',
      verdict: 'unhealthy',
      byGate: true,
      evidence: [{function: 'checkout-api'}],
      functions: [{state: 'rolled-back', serves: {version: '41', additionalVersion: null}}],
    })
    const releases = await run(['releases', 'checkout-api', '--json'], environment)
    expect(JSON.parse(releases.stdout)).toMatchObject({
      aliases: [
        {alias: 'live', standing: 'steady', movedBy: {source: 'journal', operation: 'rollback', from: '42', to: '41'}},
      ],
    })
  })

  test('that an alarm goes off for is sent back: exit 5', async ({expect}) => {
    const environment = await healthy()
    const watched = 'shift checkout-api --to 42 --canary 50%/4h --gate none --alarm checkout-api-live-errors --yes'
    const ended = await run(watched.split(' '), environment)
    expect(ended.code, said(ended)).toBe(5)
    expect(ended.stdout).toContain('checkout-api-live-errors went off')
    expect(lastLine(ended)).toContain('checkout-api:live serves 41 (read back')
  })

  test('that shows neither within --max-time is held: exit 3, with what goes on and back', async ({expect}) => {
    const environment = sandbox()
    const short = 'shift cart-api --to 63 --canary 50%/1m --bake 1m --max-time 5m --yes'.split(' ')
    const ended = await run(short, environment)
    expect(ended.code, said(ended)).toBe(3)
    expect(lastLine(ended)).toContain('cart-api:live serves 62 (50 %) and 63 (50 %) (read back')
    const back = /slsops (rollback cart-api:live --to 62 .*)/.exec(ended.stdout)?.[1]?.trim() ?? ''
    const ended2 = await run([...back.split(' '), '--yes'], environment)
    expect(ended2.code, said(ended2)).toBe(0)
    expect(lastLine(ended2)).toContain('cart-api:live serves 62 (read back')
  })
})

describe.concurrent('the incident', {timeout: 120_000}, () => {
  test('is ended by a rollback: its errors stop, and its alarm is quiet again', async ({expect}) => {
    const environment = {...sandbox(), SLSOPS_SANDBOX_SPEED: '1'}
    const plan = 'shift checkout-api --to 40 --canary 50%/2m --alarm checkout-api-live-errors --dry-run --json'.split(
      ' ',
    )
    const errors = 'errors checkout-api --since 10m --json'.split(' ')
    const [during, red, before] = await Promise.all([
      run(errors, environment),
      run(plan, environment),
      run(['releases', 'checkout-api', '--json'], environment),
    ])
    expect(during.stdout).toContain('PaymentTimeout')
    expect(red.stderr).toContain('alarm checkout-api-live-errors is red already')
    expect(JSON.parse(before.stdout).aliases[0].versions[0]).toMatchObject({version: '42', weightPercent: 100})
    const back = await run(['rollback', 'checkout-api', '--yes'], environment)
    expect(back.code, said(back)).toBe(0)
    expect(lastLine(back)).toMatch(/^✓ checkout-api:live serves 41 \(read back .* 1 write$/)
    const environmentLater = later(environment)
    const [after, quiet, releases] = await Promise.all([
      run(errors, environmentLater),
      run(plan, environmentLater),
      run(['releases', 'checkout-api', '--json'], environmentLater),
    ])
    expect(after.stdout).not.toContain('PaymentTimeout')
    expect(JSON.parse(quiet.stdout).alarms).toMatchObject([{name: 'checkout-api-live-errors', state: 'OK'}])
    expect(JSON.parse(releases.stdout).aliases[0]).toMatchObject({
      versions: [
        {version: '41', weightPercent: 100},
        {version: '42', weightPercent: 0},
      ],
      movedBy: {operation: 'rollback', from: '42', to: '41'},
    })
  })
})

describe.concurrent('a shift', {timeout: 120_000}, () => {
  test('writes nothing with --dry-run, and tells in one document what it would', async ({expect, onTestFinished}) => {
    const {aws, environment} = await shiftPlace(onTestFinished)
    const {code, stdout} = await run([...shift(), '--dry-run', '--json'], environment)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'slsops/shift-plan@1',
      stages: [{weightPercent: 50}, {weightPercent: 100}],
      undo: expect.stringContaining('slsops rollback cart-api:live --to 62'),
      functions: [{function: 'cart-api', alias: 'live', from: '62', to: '63'}],
    })
    expect(aws.made).toEqual([])
    expect(existsSync(join(environment['XDG_STATE_HOME'] ?? '', 'slsops', 'journals', 'shift'))).toBe(false)
  })

  test('case 31: changes nothing where nobody can be asked', async ({expect, onTestFinished}) => {
    const {aws, environment} = await shiftPlace(onTestFinished)
    const ended = await run(shift().slice(0, -1), environment)
    expect(ended.code, said(ended)).toBe(2)
    expect(ended.stderr).toContain('nothing was changed')
    expect(aws.made).toEqual([])
  })

  test('case 31: with --json is one document on stdout, and JSON on each line of stderr, without colours', async ({
    expect,
    onTestFinished,
  }) => {
    const {environment} = await shiftPlace(onTestFinished)
    const {code, stdout, stderr} = await run([...shift(), '--json'], {...environment, FORCE_COLOR: '3'})
    expect(code).toBe(0)
    expect(stdout + stderr).not.toContain('\u001b')
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'slsops/shift@1',
      runId: expect.stringMatching(/^\d{8}-\d{6}-\w{8}$/),
      undo: expect.stringContaining('slsops rollback'),
      evidence: [],
      writes: 3,
      functions: [
        {
          alias: 'live',
          from: '62',
          to: '63',
          weightPercent: 100,
          verdict: null,
          state: 'done',
          revisionId: expect.any(String),
        },
      ],
    })
    for (const line of jsonLines(stderr)) expect(line['schema']).toBe('slsops/notice@1')
  })

  test('case 35: of an alias that nobody calls is refused; with --force it is held, for nothing shows', async ({
    expect,
    onTestFinished,
  }) => {
    const {aws, environment} = await shiftPlace(onTestFinished)
    await aws.lambda.send(new CreateAliasCommand({FunctionName: 'cart-api', Name: 'blue', FunctionVersion: '62'}))
    const idle = 'shift cart-api:blue --to 63 --canary 50%/1s --bake 1s --max-time 2s --yes'.split(' ')
    const refused = await run(idle, environment)
    expect(refused.code, said(refused)).not.toBe(0)
    expect(aws.updates).toEqual([])
    const forced = await run([...idle, '--force'], environment)
    expect(forced.code, said(forced)).toBe(3)
    expect(lastLine(forced)).toContain('cart-api:blue serves 62 (50 %) and 63 (50 %)')
  })

  test('of another operator holds the alias, and is named', async ({expect, onTestFinished}) => {
    const {aws, environment, elsewhere} = await shiftPlace(onTestFinished)
    const before = await aws.served()
    const first = start(shift('1h'), environment)
    await first.seen('at 50 % for')
    const second = await run('shift cart-api --to 64 --canary 10%/1s --gate none --yes'.split(' '), elsewhere)
    expect(second.code, said(second)).not.toBe(0)
    expect(second.stderr).toMatch(/run \d{8}-\d{6}-\w{8}/)
    expect(second.stderr).toContain('on-call')
    expect(aws.updates).toHaveLength(1)
    first.child.kill('SIGINT')
    await first.ended
    expect(await aws.served()).toBe(before)
  })

  test('is stopped by a rollback from another terminal, and leaves that alone: exit 1', async ({
    expect,
    onTestFinished,
  }) => {
    const here = await shiftPlace(onTestFinished)
    const {aws, elsewhere} = here
    let writes = 0
    let back: Ended | undefined
    const ended = await watchedRun(here, shift(), async ({operation, when}) => {
      if (operation !== 'UpdateAlias' || when === 'after' || ++writes !== 2) return undefined
      back = await run(['rollback', 'cart-api', '--yes'], {...elsewhere, AWS_ENDPOINT_URL: aws.url})
      return undefined
    })
    expect(back?.code, back && said(back)).toBe(0)
    expect(ended.code, said(ended)).toBe(1)
    expect((await aws.alias('cart-api')).serves).toBe('62')
    expect(aws.updates.map(({status}) => status)).toEqual([200, 412])
    expect(lastLine(ended)).toContain('cart-api:live serves 62 (read back')
  })

  test('is stopped by a rollback before it has moved anything: that write comes to nothing', async ({
    expect,
    onTestFinished,
  }) => {
    const here = await shiftPlace(onTestFinished)
    const {aws, environment} = here
    const before = await aws.served()
    let isFirst = true
    let back: Ended | undefined
    const ended = await watchedRun(here, shift(), async ({operation, when}) => {
      if (operation !== 'UpdateAlias' || when === 'after' || !isFirst) return undefined
      isFirst = false
      back = await run(['rollback', 'cart-api', '--yes'], environment)
      return undefined
    })
    expect(back?.code, back && said(back)).toBe(0)
    expect(back?.stdout).toContain('cart-api:live serves 62 (read back')
    expect(ended.code, said(ended)).toBe(1)
    expect(aws.updates.map(({status}) => status)).toEqual([200, 412])
    expect(await aws.served()).toBe(before)
  })
})
