import {describe, test} from 'vitest'
import {run} from './run-slsops.ts'
import {cleanup, expectCleanedUp, type Mode, modes, place, tune} from './tune-place.ts'
import {killedAt, said} from './watched-run.ts'

/** What a run changes, in order, its end included. */
const changesOf: Readonly<Record<Mode, readonly string[]>> = {
  shadow: [
    'CreateLogGroup',
    'PutRetentionPolicy',
    'CreateFunction',
    'PublishVersion',
    'UpdateFunctionConfiguration',
    'PublishVersion',
    'DeleteFunction',
    'DeleteLogGroup',
  ],
  versions: [
    'PublishVersion',
    'UpdateFunctionConfiguration',
    'PublishVersion',
    'UpdateFunctionConfiguration',
    'DeleteFunction',
  ],
}
/** What cleaning up changes, from the run's change of that number on. */
const cleaningOf: Readonly<Record<Mode, {readonly from: number; readonly changes: readonly string[]}>> = {
  shadow: {from: 6, changes: ['DeleteFunction', 'DeleteLogGroup']},
  versions: {from: 3, changes: ['UpdateFunctionConfiguration', 'DeleteFunction']},
}
const moments = ['before', 'after'] as const

// many at a time, which wait for most of it
describe.concurrent.each(modes)('%s', {timeout: 180_000}, mode => {
  test('changes what is walked through here, and leaves all as it was', async ({expect, onTestFinished}) => {
    const here = await place(mode, onTestFinished)
    const before = await here.content()
    const ended = await run(tune(mode), here.environment)
    expect(here.aws.made.filter(operation => operation !== 'Invoke')).toEqual(changesOf[mode])
    expect(ended.code, said(ended)).toBe(3)
    expect(ended.stdout).toContain('everything created was removed')
    expect(await here.content()).toBe(before)
  })

  const kills = changesOf[mode].flatMap((operation, at) => moments.map(when => ({operation, change: at + 1, when})))
  test.for(kills)(
    'T22: killed $when change $change, $operation, is handled: --cleanup leaves all as it was',
    async ({change, when}, {expect, onTestFinished}) => {
      const here = await place(mode, onTestFinished)
      const before = await here.content()
      const ended = await killedAt(
        here,
        tune(mode),
        call => call.isChange && call.change === change && call.when === when,
      )
      expect(ended.isKilled, said(ended)).toBe(true)
      await expectCleanedUp(here, before, expect)
    },
  )

  test.for(moments)('killed %s an invocation is handled', async (when, {expect, onTestFinished}) => {
    const here = await place(mode, onTestFinished)
    const before = await here.content()
    const ended = await killedAt(here, tune(mode), call => call.operation === 'Invoke' && call.when === when)
    expect(ended.isKilled, said(ended)).toBe(true)
    await expectCleanedUp(here, before, expect)
  })

  const {from, changes} = cleaningOf[mode]
  const again = changes.flatMap((operation, at) => moments.map(when => ({operation, change: from + at + 1, when})))
  test.for(again)(
    'killed, and killed again $when $operation of its cleanup is handled: the next one does the rest',
    async ({operation, change, when}, {expect, onTestFinished}) => {
      const here = await place(mode, onTestFinished)
      const before = await here.content()
      const first = await killedAt(here, tune(mode), call => call.change === from && call.when === 'after')
      expect(first.isKilled, said(first)).toBe(true)
      const second = await killedAt(
        here,
        cleanup,
        call => call.isChange && call.change === change && call.when === when,
      )
      expect(second.isKilled, said(second)).toBe(true)
      expect(here.aws.made.at(-1)).toBe(operation)
      await expectCleanedUp(here, before, expect)
    },
  )
})
