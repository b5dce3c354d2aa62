import {mkdirSync, mkdtempSync, readdirSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, test} from 'vitest'
import {jsonLines, run} from './run-slsops.ts'
import {type Call, watchAws} from './watched-aws.ts'

const isUpdate = ({operation, when}: Call): boolean => when === 'before' && /^PUT .*\/aliases\//.test(operation)

async function place(finished: (done: () => Promise<void>) => void) {
  const aws = await watchAws()
  finished(() => aws.close())
  const home = mkdtempSync(join(tmpdir(), 'slsops-shift-'))
  let updates = 0
  aws.watch = call => {
    if (isUpdate(call)) updates++
    return undefined
  }
  return {
    home,
    environment: {...aws.environment, XDG_STATE_HOME: home, XDG_CONFIG_HOME: home},
    updates: () => updates,
  }
}

const to41 = ['shift', 'checkout-api', '--to', '41']
const canary = [...to41, '--canary', '50%/5m']

describe.concurrent('slsops shift, before anything is changed', {timeout: 60_000}, () => {
  test('case 31: changes nothing where nobody can be asked, and has no colours', async ({expect, onTestFinished}) => {
    const here = await place(onTestFinished)
    const asked = await run(canary, here.environment)
    expect(asked.code).toBe(2)
    expect(asked.stdout).toBe('')
    expect(asked.stderr).toContain('nobody is there to be asked')
    const json = await run([...canary, '--json'], {...here.environment, FORCE_COLOR: '1'})
    expect(json.code).toBe(2)
    expect(json.stdout + json.stderr).not.toContain('\u001b')
    expect(jsonLines(json.stderr).at(-1)).toMatchObject({schema: 'slsops/error@1', exitCode: 2})
    expect(here.updates()).toBe(0)
    expect(readdirSync(here.home)).toEqual([])
  })

  test('--dry-run shows the plan and stops', async ({expect, onTestFinished}) => {
    const here = await place(onTestFinished)
    const dry = await run([...canary, '--dry-run'], here.environment)
    expect(dry.code, dry.stderr).toBe(0)
    expect(dry.stdout).toContain('42 → 41')
    expect(here.updates()).toBe(0)
  })

  test.for([
    [[...to41], 'say one of --canary 10%/5m'],
    [[...canary, '--region', 'eu-west-1,us-east-1'], 'one account and region'],
    [['shift', '--to', '41', '--all-at-once'], 'are only moved of functions that are named'],
    [['shift', 'checkout-api:42', '--to', '41', '--all-at-once'], 'is a version, which always serves itself'],
    [['shift', 'checkout-api', 'orders-*', '--to', 'latest', '--all-at-once'], 'no alias'],
    [['shift', '--resume'], 'there is no shift to go on with'],
    [
      ['shift', 'checkout-api', '--to', '42', '--all-at-once', '--allow-partial'],
      '--allow-partial does not go with shift',
    ],
  ] as const)('%j is a wrong usage', async ([args, message], {expect, onTestFinished}) => {
    const here = await place(onTestFinished)
    const {code, stderr} = await run([...args, '--yes'], here.environment)
    expect(stderr).toContain(message)
    expect(code).toBe(2)
    expect(here.updates()).toBe(0)
  })

  test('takes the alias of the config file, and says where it is wrong', async ({expect, onTestFinished}) => {
    const here = await place(onTestFinished)
    const configure = (alias: unknown): void =>
      writeFileSync(join(here.home, 'slsops', 'config.json'), JSON.stringify({defaults: {alias}}))
    mkdirSync(join(here.home, 'slsops'))
    configure('beta')
    const beta = await run([...canary, '--dry-run'], here.environment)
    expect([beta.code, beta.stderr]).toEqual([2, expect.stringContaining('checkout-api has no alias beta')])
    const flag = await run([...canary, '--dry-run', '--alias', 'live'], here.environment)
    expect(flag.code, flag.stderr).toBe(0)
    configure(42)
    const wrong = await run([...canary, '--dry-run'], here.environment)
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('defaults.alias must be an alias’s name')])
  })
})
