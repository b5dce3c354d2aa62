import {describe, type ExpectStatic, test} from 'vitest'
import {hasTerminal, run, start, startOnTerminal} from './run-slsops.ts'
import {type ShiftPlace, shift, shiftPlace} from './shift-place.ts'
import type {Call} from './watched-aws.ts'
import {said, watchedRun} from './watched-run.ts'

const isUpdate = ({operation, when}: Call, sought: Call['when'] = 'before'): boolean =>
  operation === 'UpdateAlias' && when === sought

/** What the last line on stdout says is what AWS says; all is back. */
async function expectBack({aws, journalsEnd}: ShiftPlace, before: string, stdout: string, expect: ExpectStatic) {
  expect(await aws.served()).toBe(before)
  expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/cart-api:live serves 62 \(read back /)
  expect(journalsEnd()).toMatchObject([{kind: 'end', outcome: 'rolled-back'}])
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

describe.concurrent('a shift that is stopped', {timeout: 120_000}, () => {
  test.for(signals)('%s while it is planned: nothing is changed', async (signal, {expect, onTestFinished}) => {
    const here = await shiftPlace(onTestFinished)
    const before = await here.aws.served()
    let isSent = false
    const ended = await watchedRun(here, shift(), async (call, running) => {
      if (isSent || call.operation !== 'GetMetricData') return undefined
      isSent = true
      running.child.kill(signal)
      await running.ended
      return undefined
    })
    expect(ended.code, said(ended)).toBe(130)
    expect(ended.stdout).toBe('')
    expect(ended.stderr).toContain('stopped: nothing was made or changed')
    expect(here.aws.updates).toEqual([])
    expect(await here.aws.served()).toBe(before)
  })

  test.runIf(hasTerminal)('Ctrl-C at the question: nothing is changed', async ({expect, onTestFinished}) => {
    const here = await shiftPlace(onTestFinished)
    const running = startOnTerminal(shift().slice(0, -1), here.environment)
    await running.seen('Shift cart-api:live')
    running.child.stdin.write('\u0003')
    const ended = await running.ended
    expect(ended.code, said(ended)).toBe(130)
    expect(here.aws.updates).toEqual([])
  })

  test.for([
    ['SIGINT', 1, 'of the first stage'],
    ['SIGTERM', 2, 'of the last stage'],
    ['SIGHUP', 3, 'for good'],
  ] as const)(
    'case 18: %s during write %i, %s: its answer is waited for, then all goes back',
    async ([signal, write], {expect, onTestFinished}) => {
      const here = await shiftPlace(onTestFinished)
      const before = await here.aws.served()
      let writes = 0
      const ended = await watchedRun(here, shift(), (call, running) => {
        if (isUpdate(call) && ++writes === write) running.child.kill(signal)
        return undefined
      })
      expect(ended.code, said(ended)).toBe(130)
      await expectBack(here, before, ended.stdout, expect)
      expect(here.aws.updates.map(({status}) => status)).toEqual(Array.from({length: write + 1}, () => 200))
    },
  )

  test.for(signals)('%s while it waits: all goes back at once', async (signal, {expect, onTestFinished}) => {
    const here = await shiftPlace(onTestFinished)
    const before = await here.aws.served()
    const running = start(shift('1h'), here.environment)
    await running.seen('at 50 % for')
    running.child.kill(signal)
    const ended = await running.ended
    expect(ended.code, said(ended)).toBe(130)
    await expectBack(here, before, ended.stdout, expect)
    expect(here.aws.updates).toHaveLength(2)
  })

  test('--on-interrupt hold leaves it where it is, and says how it goes on and back', async ({
    expect,
    onTestFinished,
  }) => {
    const here = await shiftPlace(onTestFinished)
    const {description} = await here.aws.alias('cart-api')
    const running = start([...shift('1h'), '--on-interrupt', 'hold'], here.environment)
    await running.seen('at 50 % for')
    running.child.kill('SIGINT')
    const ended = await running.ended
    expect(ended.code, said(ended)).toBe(130)
    expect(await here.aws.alias('cart-api')).toMatchObject({serves: '62 and 0.5 of 63', description})
    expect(ended.stdout).toContain('slsops rollback cart-api:live --to 62')
    expect(here.journalsEnd()).toMatchObject([{kind: 'end', outcome: 'held'}])
    const back = await run(['rollback', 'cart-api', '--yes'], here.environment)
    expect(back.code, said(back)).toBe(0)
    expect(await here.aws.alias('cart-api')).toMatchObject({serves: '62', description})
  })

  test('case 18: a second Ctrl-C leaves at once, and its last words bring it back', async ({
    expect,
    onTestFinished,
  }) => {
    const here = await shiftPlace(onTestFinished)
    const before = await here.aws.served()
    let writes = 0
    const running = start(shift('1h'), here.environment)
    here.aws.watch = async call => {
      if (!isUpdate(call) || ++writes < 2) return undefined
      // nobody waits for what goes back
      running.child.kill('SIGINT')
      await running.ended
      return 'cut'
    }
    await running.seen('at 50 % for')
    running.child.kill('SIGINT')
    const ended = await running.ended
    here.aws.watch = () => undefined
    expect(ended.code, said(ended)).toBe(130)
    const [, words = ''] =
      /slsops (rollback cart-api:live --to 62[^\n;]*)/.exec(
        ended.stderr.slice(ended.stderr.lastIndexOf('left before')),
      ) ?? []
    expect(words, said(ended)).not.toBe('')
    expect(ended.stderr).toContain('aws lambda update-alias --function-name')
    expect((await here.aws.alias('cart-api')).serves).toBe('62 and 0.5 of 63')
    const back = await run([...words.trim().split(' '), '--yes'], here.environment)
    expect(back.code, said(back)).toBe(0)
    expect(await here.aws.served()).toBe(before)
    expect(here.journalsEnd()).toMatchObject([{kind: 'end', outcome: 'rolled-back'}])
  })

  test('credentials that come to their end: it stands, and what goes on and back is said', async ({
    expect,
    onTestFinished,
  }) => {
    const here = await shiftPlace(onTestFinished)
    let writes = 0
    const ended = await watchedRun(here, shift(), call => {
      if (isUpdate(call)) writes++
      return writes > 1 ? 'expired' : undefined
    })
    here.aws.watch = () => undefined
    expect(ended.code, said(ended)).not.toBe(0)
    expect((await here.aws.alias('cart-api')).serves).toBe('62 and 0.5 of 63')
    const resumed = await run(['shift', '--resume', '--yes'], here.environment)
    expect(resumed.code, said(ended) + said(resumed)).toBe(0)
    expect((await here.aws.alias('cart-api')).serves).toBe('63')
  })

  test.for([
    ['stdout', []],
    ['stderr', []],
    ['stdout', ['--json']],
    ['stderr', ['--json']],
  ] as const)(
    '%s that nobody reads any more does not leave it half-way %s',
    async ([stream, more], {expect, onTestFinished}) => {
      const here = await shiftPlace(onTestFinished)
      const before = await here.aws.served()
      const ended = await watchedRun(here, [...shift(), ...more], (call, running) => {
        if (isUpdate(call)) running.child[stream].destroy()
        return undefined
      })
      const {serves, description} = await here.aws.alias('cart-api')
      expect(['62', '63'], said(ended)).toContain(serves)
      expect(before).toContain(description)
      expect(here.journalsEnd()).toMatchObject([{kind: 'end'}])
    },
  )
})
