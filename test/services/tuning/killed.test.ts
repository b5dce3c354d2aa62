// The process is gone at some point of a run: what it was doing is not heard of again, and all that is left is its journal.

import {mkdir, readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {openArena} from '../../../src/services/tuning/arena/open-arena.ts'
import {beginJournal} from '../../../src/services/tuning/journal/run-journal.ts'
import type {Mode} from '../../../src/services/tuning/tune-plan.ts'
import {cleanUpRun, readOpenRuns} from '../../../src/services/tuning/undo/open-runs.ts'
import {ongoing} from '../fleet/fake-account.ts'
import {awsError} from '../logs/reader/fake-log-groups.ts'
import type {FakeLambda} from './fake-lambda.ts'
import {contentOf, emptyDirectory, lambdaWithCheckout, planFor, runId} from './tuned.ts'

/** How many changes a whole run makes, its end included. */
const changesOf = {shadow: 10, versions: 8} as const

/** A whole run, from its beginning to its end. */
async function wholeRun(fake: FakeLambda, mode: Mode, directory: string): Promise<void> {
  const plan = planFor(fake, mode)
  const journal = await beginJournal(directory, plan, fake.aws)
  const arena = await openArena(fake.aws, plan, journal, ongoing(), () => {})
  await arena.close(ongoing())
}

/** The journal as a process leaves it that is gone: without its lock, which goes stale. */
async function leftBehind(directory: string, cut: (text: string) => string): Promise<string> {
  const left = join(directory, 'left')
  await mkdir(left)
  await writeFile(join(left, `${runId}.jsonl`), cut(await readFile(join(directory, `${runId}.jsonl`), 'utf8')))
  return left
}

/** Runs until the process is killed at a change. */
async function killedAt(fake: FakeLambda, mode: Mode, at: number, phase: 'before' | 'after'): Promise<string> {
  const directory = await emptyDirectory()
  await new Promise<void>((resolve, reject) => {
    fake.onChange = (now, _call, place) => {
      if (now !== phase || place !== at) return
      resolve()
      return 'no answer'
    }
    wholeRun(fake, mode, directory).then(() => reject(new Error('it came to its end')), reject)
  })
  fake.onChange = () => {}
  return directory
}

async function cleanedUp(fake: FakeLambda, directory: string) {
  const {runs} = await readOpenRuns(directory)
  const results = []
  for (const run of runs) results.push(await cleanUpRun(fake.aws, run, ongoing()))
  return results
}

const whole = (text: string): string => text
const withoutLastLine = (text: string): string => text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1)
const cutOff = (text: string): string => text.slice(0, -20)

describe.each(['shadow', 'versions'] as const)('%s', mode => {
  test('makes as many changes as are walked through here', async () => {
    const fake = await lambdaWithCheckout()
    await wholeRun(fake, mode, await emptyDirectory())
    expect(fake.mutations().map(({operation}) => operation)).toHaveLength(changesOf[mode])
  })

  const places = Array.from({length: changesOf[mode]}, (_, at) => at + 1)
  const kills = places.flatMap(at => [
    {at, phase: 'before' as const, journal: 'with the intent written', cut: whole},
    {at, phase: 'before' as const, journal: 'with the intent not yet written', cut: withoutLastLine},
    {at, phase: 'before' as const, journal: 'with the intent half written', cut: cutOff},
    {at, phase: 'after' as const, journal: 'with the change made and its answer not heard', cut: whole},
  ])

  test.each(kills)('T22: killed at change $at $journal: all is as before', async ({at, phase, cut}) => {
    const fake = await lambdaWithCheckout()
    const before = contentOf(fake)
    const directory = await leftBehind(await killedAt(fake, mode, at, phase), cut)
    const [result] = await cleanedUp(fake, directory)
    expect(result).toMatchObject({cleanedUp: true, left: []})
    expect(contentOf(fake)).toEqual(before)
    // and there is nothing left to be done
    expect((await readOpenRuns(directory)).runs).toEqual([])
  })

  test.each(places)('killed at change %i, and again while it is cleaned up', async at => {
    const fake = await lambdaWithCheckout()
    const before = contentOf(fake)
    const first = await leftBehind(await killedAt(fake, mode, at, 'after'), whole)
    const changesBefore = fake.mutations().length
    await new Promise<void>((resolve, reject) => {
      fake.onChange = (phase, _call, place) => {
        if (phase !== 'after' || place !== changesBefore + 1) return
        resolve()
        return 'no answer'
      }
      cleanedUp(fake, first).then(() => resolve(), reject)
    })
    fake.onChange = () => {}
    await cleanedUp(fake, await leftBehind(first, whole))
    expect(contentOf(fake)).toEqual(before)
  })

  const failures: readonly (readonly [string, () => Error])[] = [
    ['refused', () => awsError('AccessDeniedException', 'User: x is not authorized to perform: lambda:X', 403)],
    [
      'failed by AWS',
      () => awsError('ServiceException', 'An error occurred and the request cannot be processed.', 500),
    ],
    ['refused for an expired token', () => awsError('ExpiredTokenException', 'The security token is expired', 403)],
    ['cut off', () => Object.assign(new Error('socket hang up'), {name: 'Error', code: 'ECONNRESET'})],
  ]
  const failing = places.flatMap(at =>
    failures.flatMap(([how, error]) => [
      {at, how: `${how} before it is made`, phase: 'before' as const, error},
      {at, how: `${how} after it was made`, phase: 'after' as const, error},
    ]),
  )
  test.each(failing)('change $at is $how: all can be undone', async ({at, phase, error}) => {
    // what AWS refuses, it has not done
    const isRefused = error().name === 'AccessDeniedException' || error().name === 'ExpiredTokenException'
    if (isRefused && phase === 'after') return
    const fake = await lambdaWithCheckout()
    const before = contentOf(fake)
    const directory = await emptyDirectory()
    fake.onChange = (now, _call, place) => {
      if (now === phase && place === at) throw error()
    }
    await wholeRun(fake, mode, directory).catch(() => {})
    fake.onChange = () => {}
    await cleanedUp(fake, directory)
    expect(contentOf(fake)).toEqual(before)
    expect((await readOpenRuns(directory)).runs).toEqual([])
  })

  test.each(places)(
    'from change %i on, everything is refused, as when a token expires: --cleanup does it later',
    async at => {
      const fake = await lambdaWithCheckout()
      const before = contentOf(fake)
      const directory = await emptyDirectory()
      fake.onChange = (phase, _call, place) => {
        if (phase === 'before' && place >= at)
          throw awsError('ExpiredTokenException', 'The security token is expired', 403)
      }
      await wholeRun(fake, mode, directory).catch(() => {})
      fake.onChange = () => {}
      await cleanedUp(fake, directory)
      expect(contentOf(fake)).toEqual(before)
    },
  )

  test.each(places)('stopped by Ctrl-C at change %i: what was made is removed before it is said', async at => {
    const fake = await lambdaWithCheckout()
    const before = contentOf(fake)
    const directory = await emptyDirectory()
    const plan = planFor(fake, mode)
    const journal = await beginJournal(directory, plan, fake.aws)
    const stop = new AbortController()
    fake.onChange = (phase, _call, place) => {
      if (phase === 'before' && place === at) stop.abort(Object.assign(new Error('interrupted'), {name: 'Stopped'}))
    }
    const arena = await openArena(fake.aws, plan, journal, stop.signal, () => {}).catch(() => null)
    await arena?.close(ongoing())
    expect(contentOf(fake)).toEqual(before)
    expect((await readOpenRuns(directory)).runs).toEqual([])
  })
})
