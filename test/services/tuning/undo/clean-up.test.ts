import {appendFile, mkdir, readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, onTestFinished, test} from 'vitest'
import type {Arena} from '../../../../src/services/tuning/arena/arena.ts'
import {openArena} from '../../../../src/services/tuning/arena/open-arena.ts'
import {beginJournal, type RunJournal} from '../../../../src/services/tuning/journal/run-journal.ts'
import type {Sample} from '../../../../src/services/tuning/sample.ts'
import type {Mode} from '../../../../src/services/tuning/tune-plan.ts'
import {openCleanup} from '../../../../src/services/tuning/undo/open-cleanup.ts'
import {cleanUpRun, readOpenRuns, readRun} from '../../../../src/services/tuning/undo/open-runs.ts'
import {ongoing} from '../../fleet/fake-account.ts'
import {awsError} from '../../logs/reader/fake-log-groups.ts'
import {type FakeLambda, functionOf} from '../fake-lambda.ts'
import {contentOf, emptyDirectory, lambdaWithCheckout, planFor, runId} from '../tuned.ts'

const clone = 'slsops-tune-checkout-api-k3f9x2ab'

async function openedArena(
  fake: FakeLambda,
  mode: Mode,
): Promise<{arena: Arena; directory: string; journal: RunJournal}> {
  const directory = await emptyDirectory()
  const plan = planFor(fake, mode)
  const journal = await beginJournal(directory, plan, fake.aws)
  onTestFinished(() => journal.release())
  return {directory, journal, arena: await openArena(fake.aws, plan, journal, ongoing(), () => {})}
}

const sampleAt = (at: number): Sample => ({
  index: 1,
  at,
  memorySizeMB: 512,
  architecture: 'x86_64',
  requestId: '8c360c87-d4b7-4423-b5f3-af02be3c1763',
  payload: 0,
  outcome: 'ok',
  errorType: null,
  durationMs: 0,
  billedMs: 1,
  initMs: null,
  restoreMs: null,
  maxMemoryUsedMB: 80,
  isCold: false,
  measuredBy: 'tail',
})

const checkoutOf = (fake: FakeLambda) => {
  const checkout = fake.functions.get('checkout-api')
  if (!checkout) throw new Error('it is there')
  return checkout
}

describe('cleaning up', () => {
  test('leaves a version that an alias serves by now, and says which', async () => {
    const fake = await lambdaWithCheckout()
    const {arena} = await openedArena(fake, 'versions')
    const checkout = checkoutOf(fake)
    checkout.aliases = [{Name: 'live', FunctionVersion: '8', RoutingConfig: {AdditionalVersionWeights: {'10': 0.05}}}]
    expect(await arena.close(ongoing())).toEqual({
      cleanedUp: false,
      left: ['version 10 of checkout-api: the alias live serves it'],
      done: ['the memory of checkout-api is 512 MB again', 'removed version 9 of checkout-api'],
    })
    expect(checkout.versions.map(({Version}) => Version)).toEqual(['7', '8', '10'])
  })

  test('never takes the function itself for what a version was', async () => {
    const fake = await lambdaWithCheckout()
    const {arena} = await openedArena(fake, 'versions')
    await arena.close(ongoing())
    const deletions = fake.mutations().filter(({operation}) => operation === 'DeleteFunction')
    expect(deletions).not.toEqual([])
    for (const {input} of deletions) expect(input['Qualifier']).toMatch(/^\d+$/)
  })

  test.each([
    [0, 3_000],
    [2_000, 1_000],
    [60_000, 0],
  ])('%d ms after the last invocation, waits for its last lines only as long as they may come', async (age, least) => {
    const fake = await lambdaWithCheckout()
    const {arena, journal} = await openedArena(fake, 'shadow')
    await journal.sample(sampleAt(fake.clock.now()))
    await fake.clock.sleep(age)
    const begun = fake.clock.now()
    expect(await arena.close(ongoing())).toMatchObject({cleanedUp: true})
    expect(fake.clock.now() - begun).toBeGreaterThanOrEqual(least)
    // the calls themselves take some time
    expect(fake.clock.now() - begun).toBeLessThan(least + 1_000)
  })

  test('waits where AWS is not done with what is to be removed', async () => {
    const fake = await lambdaWithCheckout()
    const before = contentOf(fake)
    const {arena} = await openedArena(fake, 'shadow')
    let refusals = 6
    fake.onChange = (phase, {operation}) => {
      if (phase === 'before' && operation === 'DeleteFunction' && refusals-- > 0)
        throw awsError('ResourceConflictException', 'The function is currently in the following state: Pending', 409)
    }
    expect(await arena.close(ongoing())).toMatchObject({cleanedUp: true})
    expect(contentOf(fake)).not.toBe(before)
    expect(contentOf(fake)).toEqual(before)
  })

  test('a function that is gone needs nothing', async () => {
    const fake = await lambdaWithCheckout()
    const {arena} = await openedArena(fake, 'versions')
    fake.functions.delete('checkout-api')
    expect(await arena.close(ongoing())).toEqual({
      cleanedUp: true,
      left: [],
      done: ['checkout-api does not exist any more'],
    })
  })

  test('what is refused is told with its permission, and done when it is asked for again', async () => {
    const fake = await lambdaWithCheckout()
    const before = contentOf(fake)
    const {arena, directory} = await openedArena(fake, 'shadow')
    fake.onChange = (_, {operation}) => {
      if (operation === 'DeleteFunction')
        throw awsError('AccessDeniedException', 'not authorized to perform: lambda:DeleteFunction', 403)
    }
    const {cleanedUp, left, done} = await arena.close(ongoing())
    expect(cleanedUp).toBe(false)
    expect(left).toEqual([expect.stringMatching(new RegExp(`^the function ${clone}: .*lambda:DeleteFunction`))])
    expect(done).toEqual([`removed the log group /aws/lambda/${clone}`])

    fake.onChange = () => {}
    const [run] = (await readOpenRuns(directory)).runs
    expect(run && (await cleanUpRun(fake.aws, run, ongoing()))).toMatchObject({cleanedUp: true})
    expect(contentOf(fake)).toEqual(before)
  })

  test('a function of the clone’s name that is not tagged as ours is left alone', async () => {
    const fake = await lambdaWithCheckout()
    const {arena} = await openedArena(fake, 'shadow')
    fake.functions.set(clone, {...functionOf(clone), tags: {team: 'orders'}})
    const {left} = await arena.close(ongoing())
    expect(left).toEqual([`the function ${clone}: ${clone} has no tag slsops:run`])
    expect(fake.functions.has(clone)).toBe(true)
  })

  test('is not done where the run did not run, nor for what is no run', async () => {
    const fake = await lambdaWithCheckout()
    const {directory} = await openedArena(fake, 'shadow')
    const [run] = (await readOpenRuns(directory)).runs
    if (!run) throw new Error('it is open')
    const elsewhere = {...fake.aws, scope: {...fake.aws.scope, region: 'us-east-1'}}
    await expect(cleanUpRun(elsewhere, run, ongoing())).rejects.toMatchObject({exitCode: 2})
    await expect(readRun(directory, '../../etc/passwd')).rejects.toMatchObject({exitCode: 2})
  })

  test('of --mode versions says what it will change, as AWS is now', async () => {
    const fake = await lambdaWithCheckout()
    const {directory, journal} = await openedArena(fake, 'versions')
    await journal.release()
    const found = async () => (await openCleanup(fake.aws, {directory, runIds: []}, ongoing())).found[0]?.what ?? []
    const {latest} = checkoutOf(fake)
    expect(await found()).toEqual(['$LATEST has its 512 MB', 'deletes versions 9, 10'])
    latest.MemorySize = 1_024
    expect(await found()).toEqual(['sets $LATEST from 1,024 back to 512 MB', 'deletes versions 9, 10'])
    checkoutOf(fake).aliases = [{Name: 'live', FunctionVersion: '10'}]
    expect((await found()).join(', ')).toContain('deletes version 9, leaves version 10, which the alias live serves')
    latest.MemorySize = 2_048
    expect((await found()).join(', ')).toContain(
      'leaves $LATEST with 2,048 MB, for somebody deployed meanwhile; it had 512 MB',
    )
    fake.functions.delete('checkout-api')
    expect((await found()).join(', ')).toContain('the function does not exist any more')
  })

  test('of --mode versions says what it does as a rule where AWS cannot be read', async () => {
    const fake = await lambdaWithCheckout()
    const {directory, journal} = await openedArena(fake, 'versions')
    await journal.release()
    fake.refuse('ListVersionsByFunction')
    const {found} = await openCleanup(fake.aws, {directory, runIds: []}, ongoing())
    expect(found).toMatchObject([{what: ['restores its $LATEST', 'removes the versions that it published']}])
  })

  test.each([
    ['region', (header: string) => header, {region: 'us-east-1'}],
    ['account', (header: string) => header.replace('"account":"123456789012"', '"account":"999999999999"'), {}],
  ])('a run of another %s is left alone, and that is an end of its own for who named it', async (_, change, scope) => {
    const fake = await lambdaWithCheckout()
    const {directory} = await openedArena(fake, 'versions')
    const left = join(directory, 'left')
    await mkdir(left)
    const text = await readFile(join(directory, `${runId}.jsonl`), 'utf8')
    await writeFile(join(left, `${runId}.jsonl`), change(text))
    const aws = {...fake.aws, scope: {...fake.aws.scope, account: null, ...scope}}
    for (const runIds of [[], [runId]]) {
      const opened = await openCleanup(aws, {directory: left, runIds}, ongoing())
      expect(opened.found).toEqual([])
      const why = 'it was made in eu-west-1 of'
      if (runIds.length > 0)
        expect(opened.leftAlone).toMatchObject([{runId, why: expect.stringContaining(why), isHere: false}])
      else
        expect(opened.notices).toEqual([expect.stringContaining(`run ${runId} of checkout-api is left alone: ${why}`)])
      expect(opened.verdicts([])).toEqual(runIds.length > 0 ? [3] : [])
    }
  })

  test('what AWS said it made is looked for again where one reading does not show it', async () => {
    const fake = await lambdaWithCheckout()
    const before = contentOf(fake)
    const {arena} = await openedArena(fake, 'shadow')
    const get = fake.functions.get.bind(fake.functions)
    const keys = fake.logGroups.keys.bind(fake.logGroups)
    fake.functions.get = () => {
      fake.functions.get = get
      return undefined
    }
    fake.logGroups.keys = () => {
      fake.logGroups.keys = keys
      return new Map().keys()
    }
    expect(await arena.close(ongoing())).toMatchObject({cleanedUp: true, done: [expect.anything(), expect.anything()]})
    expect(contentOf(fake)).toEqual(before)
  })

  test('time that is over while it was refused tells what refused it', async () => {
    const fake = await lambdaWithCheckout()
    const {arena} = await openedArena(fake, 'shadow')
    const stop = new AbortController()
    let refused = 0
    fake.onChange = (phase, {operation}) => {
      if (phase !== 'before' || operation !== 'DeleteFunction') return
      if (++refused === 3) stop.abort(new Error('time is over'))
      throw awsError('ResourceConflictException', 'a snapshot is being made', 409)
    }
    const {left} = await arena.close(stop.signal)
    expect(left[0]).toContain('a snapshot is being made')
  })

  test('an abort ends it, and leaves the run to be cleaned up', async () => {
    const fake = await lambdaWithCheckout()
    const {arena, directory} = await openedArena(fake, 'shadow')
    const stop = new AbortController()
    stop.abort(new Error('a second Ctrl-C'))
    expect(await arena.close(stop.signal)).toMatchObject({cleanedUp: false})
    expect((await readOpenRuns(directory)).runs).toMatchObject([{runId, isRunning: false, isUntouched: false}])
  })
})

describe.each(['shadow', 'versions'] as const)('a journal of %s mode', mode => {
  test.each([
    [
      'lines that cannot be read',
      (lines: string[]) => lines.map((line, at) => (at > 1 && at % 2 === 0 ? '\u0000\u0000' : line)),
    ],
    ['only its beginning', (lines: string[]) => [...lines.slice(0, mode === 'shadow' ? 1 : 2), 'nothing', '']],
  ])('with %s is enough', async (_, damage) => {
    const fake = await lambdaWithCheckout()
    const before = contentOf(fake)
    const {directory} = await openedArena(fake, mode)
    const left = join(directory, 'left')
    await mkdir(left)
    const lines = (await readFile(join(directory, `${runId}.jsonl`), 'utf8')).split('\n')
    await writeFile(join(left, `${runId}.jsonl`), damage(lines).join('\n'))
    if (mode === 'versions') checkoutOf(fake).latest.MemorySize = 128
    const {runs, gaps} = await readOpenRuns(left)
    expect(gaps).toEqual([expect.stringContaining('cannot be read')])
    const [run] = runs
    expect(run && (await cleanUpRun(fake.aws, run, ongoing()))).toMatchObject({cleanedUp: true})
    expect(contentOf(fake)).toEqual(before)
  })
})

test('a file that is no journal is told of, and stops nothing', async () => {
  const directory = await emptyDirectory()
  await appendFile(join(directory, 'notes.jsonl'), '{}\n')
  await appendFile(join(directory, '20261119-000000-aaaaaaaa.jsonl'), '{"schema":"other"}\n')
  const {runs, gaps} = await readOpenRuns(directory)
  expect(runs).toEqual([])
  expect(gaps).toEqual([expect.stringContaining('does not say which run'), 'notes is no run'])
})
