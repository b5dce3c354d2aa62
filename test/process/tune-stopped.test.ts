import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {
  type FunctionConfiguration,
  GetFunctionConfigurationCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda'
import {zipSync} from 'fflate'
import {describe, test} from 'vitest'
import {run, runWithSmallFiles} from './run-slsops.ts'
import {cleanup, expectCleanedUp, modes, name, place, tune} from './tune-place.ts'
import type {Call, WatchedAws} from './watched-aws.ts'
import {killedAt, said, watchedRun} from './watched-run.ts'

const onChange =
  (operation: string, when: Call['when'] = 'before') =>
  (call: Call): boolean =>
    call.operation === operation && call.when === when

/** The command that a process says in its last words. */
function cleanupIn(stderr: string): readonly string[] {
  const [, words = ''] =
    /slsops (tune --cleanup \S+[^\n"]*)/.exec(stderr.slice(stderr.lastIndexOf('slsops tune --cleanup'))) ?? []
  return words.trim().split(' ')
}

describe.concurrent.each(modes)('%s', {timeout: 180_000}, mode => {
  test.for([
    ['SIGINT', 'PublishVersion'],
    ['SIGTERM', 'UpdateFunctionConfiguration'],
    ['SIGINT', 'Invoke'],
    ['SIGHUP', 'DeleteFunction'],
  ] as const)('%s at %s: everything is removed, and said so', async ([signal, operation], {expect, onTestFinished}) => {
    const here = await place(mode, onTestFinished)
    const before = await here.content()
    let times = 0
    const ended = await watchedRun(here, tune(mode), async (call, running) => {
      if (!onChange(operation)(call) || times++ > 0) return undefined
      running.child.kill(signal)
      // an invocation takes as long as it takes, and nobody waits for it
      if (operation === 'Invoke') await running.ended
      return undefined
    })
    expect(ended.code, said(ended)).toBe(130)
    expect(await here.content()).toBe(before)
    expect(here.journalsEnd()).toEqual(['end'])
    // stopped early enough, there was nothing to remove
    expect(ended.stdout).toMatch(/everything created was removed, read back from AWS|nothing was created/)
    const isChanged = mode === 'versions' && here.aws.made.includes('UpdateFunctionConfiguration')
    const restored = /(set )?the memory of checkout-api (back to|is) 512 MB/
    if (isChanged) expect(ended.stdout.replaceAll(/\s+/g, ' ')).toMatch(restored)
    else expect(ended.stdout).not.toMatch(restored)
  })

  test('a second Ctrl-C leaves at once, and its last words clean up', async ({expect, onTestFinished}) => {
    const here = await place(mode, onTestFinished)
    const before = await here.content()
    let isInvoked = false
    const ended = await watchedRun(here, tune(mode), async (call, running) => {
      if (onChange('Invoke')(call) && !isInvoked) {
        isInvoked = true
        running.child.kill('SIGINT')
        await running.ended
      } else if (onChange('DeleteFunction')(call)) {
        running.child.kill('SIGINT')
        await running.ended
        return 'cut'
      }
      return undefined
    })
    here.aws.watch = () => undefined
    expect(ended.code, said(ended)).toBe(130)
    expect(ended.stderr.trimEnd().split('\n').at(-1)).toContain('slsops tune --cleanup')
    const cleaned = await run([...cleanupIn(ended.stderr), '--yes'], here.environment)
    expect(cleaned.code, said(cleaned)).toBe(0)
    expect(await here.content()).toBe(before)
  })

  test('a second Ctrl-C during --cleanup leaves at once, and its last words go on', async ({
    expect,
    onTestFinished,
  }) => {
    const here = await place(mode, onTestFinished)
    const before = await here.content()
    await killedAt(here, tune(mode), onChange('Invoke'))
    let isStopped = false
    const ended = await watchedRun(here, cleanup, async (call, running) => {
      if (call.when === 'after' || !(isStopped || call.isChange)) return undefined
      running.child.kill('SIGINT')
      if (isStopped) await running.ended
      // two signals at once are one: the second comes with the next call
      isStopped = true
      return undefined
    })
    here.aws.watch = () => undefined
    expect(ended.code, said(ended)).toBe(130)
    const cleaned = await run([...cleanupIn(ended.stderr), '--yes'], here.environment)
    expect(cleaned.code, `${said(ended)}${said(cleaned)}`).toBe(0)
    expect(await here.content()).toBe(before)
  })

  test('Ctrl-C during --cleanup: it goes on to its end', async ({expect, onTestFinished}) => {
    const here = await place(mode, onTestFinished)
    const before = await here.content()
    await killedAt(here, tune(mode), onChange('Invoke'))
    let times = 0
    const ended = await watchedRun(here, cleanup, (call, running) => {
      if (call.isChange && times++ === 0) running.child.kill('SIGINT')
      return undefined
    })
    expect(ended.code, said(ended)).toBe(130)
    expect(await here.content()).toBe(before)
    expect(here.journalsEnd()).toEqual(['end'])
  })

  test('credentials that come to their end: what is left is said, with what removes it', async ({
    expect,
    onTestFinished,
  }) => {
    const here = await place(mode, onTestFinished)
    const before = await here.content()
    let isOver = false
    const ended = await watchedRun(here, tune(mode), call => {
      isOver ||= call.operation === 'Invoke'
      return isOver ? 'expired' : undefined
    })
    here.aws.watch = () => undefined
    expect(ended.code, said(ended)).toBe(4)
    expect(await here.content()).not.toBe(before)
    const words = cleanupIn(ended.stdout)
    expect(words, said(ended)).toContain('--cleanup')
    const cleaned = await run([...words, '--yes'], here.environment)
    expect(cleaned.code, said(cleaned)).toBe(0)
    await expectCleanedUp(here, before, expect)
  })

  test('with no place for the journal, nothing is changed', async ({expect, onTestFinished}) => {
    const here = await place(mode, onTestFinished)
    const file = join(here.environment['XDG_STATE_HOME'] ?? '', 'file')
    writeFileSync(file, '')
    const ended = await run(tune(mode), {...here.environment, XDG_STATE_HOME: file})
    expect(ended.code, said(ended)).toBe(1)
    expect(ended.stdout).toContain('without it nothing is changed')
    expect(here.aws.made).toEqual([])
  })

  test('on a full disk nothing is changed, and what was made before it was full is removed', async ({
    expect,
    onTestFinished,
  }) => {
    const here = await place(mode, onTestFinished)
    const before = await here.content()
    const full = await runWithSmallFiles(1, tune(mode), here.environment)
    expect(full.code, said(full)).toBe(1)
    expect(full.stdout).toContain('nothing was created')
    expect(here.aws.made).toEqual([])
    const later = await runWithSmallFiles(5, tune(mode), here.environment)
    expect(later.code, said(later)).toBe(1)
    expect(later.stdout).toContain('everything created was removed, read back from AWS')
    expect(here.aws.made).toContain('PublishVersion')
    expect(await here.content()).toBe(before)
  })
})

describe.concurrent('somebody deploys while versions are published, and the run stops', {timeout: 180_000}, () => {
  const ofFunction = {FunctionName: name}
  const otherCode = new UpdateFunctionCodeCommand({...ofFunction, ZipFile: zipSync({'index.js': Buffer.from('1')})})
  const deploys = [
    {what: 'other code', deploy: otherCode, left: 'update-function-configuration', restores: []},
    {
      what: 'another memory size',
      deploy: new UpdateFunctionConfigurationCommand({...ofFunction, MemorySize: 2048}),
      left: '',
      restores: [],
    },
    {
      what: 'another timeout',
      deploy: new UpdateFunctionConfigurationCommand({...ofFunction, Timeout: 9}),
      left: '',
      // what only the run set
      restores: ['UpdateFunctionConfiguration'],
    },
  ]
  test.for(deploys)('$what', async ({deploy, left, restores}, {expect, onTestFinished}) => {
    const here = await place('versions', onTestFinished)
    const {aws} = here
    const versionsBefore = await publishedOf(aws)
    let deployed: FunctionConfiguration | undefined
    const ended = await watchedRun(here, tune('versions', '256,384'), async call => {
      // a version is there already, $LATEST has the next size, and is about to be published
      if (deployed !== undefined || call.change !== 5 || call.when === 'after') return undefined
      await aws.lambda.send(deploy as UpdateFunctionCodeCommand)
      deployed = await settledLatest(aws)
      return undefined
    })
    expect(ended.code, said(ended)).toBe(1)
    expect(ended.stdout).toContain('somebody deployed checkout-api meanwhile')
    expect(ended.stdout).toContain(left)
    expect(aws.made.slice(5)).toEqual([...restores, 'DeleteFunction'])
    expect(await publishedOf(aws)).toEqual(versionsBefore)
    const asItWas = {MemorySize: 512, LastModified: expect.any(String), RevisionId: expect.any(String)}
    expect(await settledLatest(aws)).toEqual({...deployed, ...(restores.length > 0 && asItWas)})
  })

  test('a version that another one publishes of a size of ours is measured, and stays', async ({
    expect,
    onTestFinished,
  }) => {
    const here = await place('versions', onTestFinished)
    const versionsBefore = await publishedOf(here.aws)
    let theirs: FunctionConfiguration | null = null
    const ended = await watchedRun(here, tune('versions'), async call => {
      if (theirs !== null || call.change !== 3 || call.when === 'after') return undefined
      theirs = await here.aws.lambda.send(new PublishVersionCommand({...ofFunction, Description: 'theirs'}))
      return undefined
    })
    expect(ended.code, said(ended)).toBe(3)
    expect(here.aws.made).not.toContain('DeleteFunction')
    const published = await publishedOf(here.aws)
    expect(published.slice(0, -1)).toEqual(versionsBefore)
    expect(published.at(-1)).toMatchObject({Description: 'theirs', MemorySize: 256})
    expect(await settledLatest(here.aws)).toMatchObject({MemorySize: 512})
  })

  const publishedOf = async ({lambda}: WatchedAws): Promise<readonly FunctionConfiguration[]> =>
    ((await lambda.send(new ListVersionsByFunctionCommand(ofFunction))).Versions ?? []).slice(1)

  async function settledLatest({lambda}: WatchedAws): Promise<FunctionConfiguration> {
    for (;;) {
      const {$metadata, ...latest} = await lambda.send(new GetFunctionConfigurationCommand(ofFunction))
      if (latest.LastUpdateStatus === 'Successful') return latest
    }
  }
})
