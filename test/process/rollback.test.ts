import {mkdtempSync, readdirSync, readFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {GetAliasCommand} from '@aws-sdk/client-lambda'
import {describe, test} from 'vitest'
import {hasTerminal, jsonLines, run, start, startOnTerminal} from './run-slsops.ts'
import {type Call, type WatchedAws, watchAws} from './watched-aws.ts'

const isUpdate = ({operation, when}: Call): boolean => when === 'before' && operation === 'UpdateAlias'

async function place(finished: (done: () => Promise<void>) => void) {
  const aws = await watchAws()
  finished(() => aws.close())
  const state = mkdtempSync(join(tmpdir(), 'slsops-state-'))
  const journals = join(state, 'slsops', 'journals', 'shift')
  let updates = 0
  const watch = (meddle: WatchedAws['watch'] = () => undefined): void => {
    aws.watch = call => {
      if (isUpdate(call)) updates++
      return meddle(call)
    }
  }
  watch()
  return {
    aws,
    watch,
    environment: {...aws.environment, XDG_STATE_HOME: state},
    updates: () => updates,
    serves: async () =>
      (await aws.lambda.send(new GetAliasCommand({FunctionName: 'checkout-api', Name: 'live'}))).FunctionVersion,
    journals: () => readdirSync(journals).filter(file => file.endsWith('.jsonl')),
    lines: (file: string) => jsonLines(readFileSync(join(journals, file), 'utf8')),
  }
}

const to41 = ['rollback', 'checkout-api', '--to', '41']

describe.concurrent('slsops rollback', {timeout: 60_000}, () => {
  test('ends with what AWS says, and with --json with one document', async ({expect, onTestFinished}) => {
    const here = await place(onTestFinished)
    const ended = await run(['rollback', 'checkout-api', '--yes', '--utc'], here.environment)
    expect(ended.code, ended.stderr).toBe(0)
    expect(ended.stdout).toMatch(/^✓ checkout-api:live serves 41 \(read back \d\d:\d\d:\d\d\) · 1 write\n$/)
    expect(await here.serves()).toBe('41')
    const again = await run([...to41, '--yes', '--json'], here.environment)
    expect(again.code).toBe(0)
    expect(JSON.parse(again.stdout)).toMatchObject({
      schema: 'slsops/rollback@1',
      writes: 0,
      functions: [{state: 'done'}],
    })
    for (const line of jsonLines(again.stderr)) expect(line['schema']).toBe('slsops/notice@1')
    expect(here.updates()).toBe(1)
  })

  test('case 31: changes nothing where nobody can be asked, and has no colours', async ({expect, onTestFinished}) => {
    const here = await place(onTestFinished)
    const asked = await run(to41, here.environment)
    expect(asked.code).toBe(2)
    expect(asked.stdout).toBe('')
    expect(asked.stderr).toContain('nothing was changed')
    const json = await run([...to41, '--json'], {...here.environment, FORCE_COLOR: '1'})
    expect(json.code).toBe(2)
    expect(json.stdout + json.stderr).not.toContain('\u001b')
    expect(jsonLines(json.stderr).at(-1)).toMatchObject({schema: 'slsops/error@1', exitCode: 2})
    const several = await run([...to41, '--yes', '--region', 'eu-west-1,us-east-1'], here.environment)
    expect(several.code).toBe(2)
    const dry = await run([...to41, '--dry-run'], here.environment)
    expect(dry.code).toBe(0)
    expect(dry.stdout).toContain('--dry-run: nothing was changed')
    expect(here.updates()).toBe(0)
  })

  test('Ctrl-C while it writes: that write is finished, read back and told', async ({expect, onTestFinished}) => {
    const here = await place(onTestFinished)
    const running = start([...to41, '--yes'], here.environment)
    here.watch(async call => {
      if (isUpdate(call)) running.child.kill('SIGINT')
      return undefined
    })
    const ended = await running.ended
    expect(ended.code).toBe(130)
    expect(ended.stdout).toContain('checkout-api:live serves 41 (read back')
    expect(await here.serves()).toBe('41')
    expect(here.lines(here.journals()[0] ?? '').at(-1)).toMatchObject({kind: 'end', outcome: 'done'})
  })

  test('a second Ctrl-C leaves at once, with what does it by hand', async ({expect, onTestFinished}) => {
    const here = await place(onTestFinished)
    const running = start([...to41, '--yes'], here.environment)
    here.watch(async call => {
      if (!isUpdate(call)) return undefined
      running.child.kill('SIGINT')
      setTimeout(() => running.child.kill('SIGINT'), 200)
      await running.ended
      return 'cut'
    })
    const ended = await running.ended
    expect(ended.code).toBe(130)
    expect(ended.stderr).toContain(
      `aws lambda update-alias --function-name checkout-api --name live --function-version 41 --routing-config '{"AdditionalVersionWeights":{}}'`,
    )
    expect(ended.stderr).toContain(`--endpoint-url ${here.aws.environment['AWS_ENDPOINT_URL']}`)
    expect(await here.serves()).toBe('42')
  })

  test.for(['applied', 'not applied'] as const)(
    'case 19: a rollback that was killed (%s) is made once by the next one',
    async (kind, {expect, onTestFinished}) => {
      const here = await place(onTestFinished)
      const running = start([...to41, '--yes'], here.environment)
      let isKilled = false
      here.watch(async call => {
        const isMeant =
          kind === 'applied' ? call.when === 'after' && isUpdate({...call, when: 'before'}) : isUpdate(call)
        if (isKilled || !isMeant) return undefined
        isKilled = true
        running.child.kill('SIGKILL')
        await running.ended
        return 'cut'
      })
      await running.ended
      expect(await here.serves()).toBe(kind === 'applied' ? '41' : '42')
      here.watch()
      const ended = await run([...to41, '--yes'], here.environment)
      expect(ended.code, ended.stderr).toBe(0)
      expect(ended.stdout).toContain(kind === 'applied' ? 'nothing to change' : '1 write')
      expect(await here.serves()).toBe('41')
    },
  )

  test.skipIf(!hasTerminal)('asks on a terminal, and takes only yes for yes', async ({expect, onTestFinished}) => {
    const here = await place(onTestFinished)
    const refused = startOnTerminal(to41, here.environment)
    await refused.seen('Go back to 41? [y/N]')
    refused.child.stdin.write('\n')
    expect((await refused.ended).code).toBe(2)
    expect(here.updates()).toBe(0)
    const agreed = startOnTerminal(to41, here.environment)
    await agreed.seen('Go back to 41? [y/N]')
    agreed.child.stdin.write('y\n')
    expect((await agreed.ended).code).toBe(0)
    expect(await here.serves()).toBe('41')
  })
})
