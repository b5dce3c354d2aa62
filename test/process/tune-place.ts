import {mkdtempSync, readdirSync, readFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {ExpectStatic} from 'vitest'
import {jsonLines, run} from './run-slsops.ts'
import {contentOf, type WatchedAws, watchAws} from './watched-aws.ts'
import {said} from './watched-run.ts'

export const name = 'checkout-api'
export const modes = ['shadow', 'versions'] as const
export type Mode = (typeof modes)[number]

/** Two sizes and two invocations: what a run changes is the same with more of them. */
export const tune = (mode: Mode, sizes = '256,512'): readonly string[] =>
  `tune ${name} --memory ${sizes} --cold-ratio 1% --max-invocations 2 --yes --mode ${mode}`.split(' ')
export const cleanup = ['tune', '--cleanup', '--yes']

/** An AWS of its own, and a home to go with it. */
export type Place = {
  readonly aws: WatchedAws
  readonly environment: Readonly<Record<string, string>>
  readonly content: () => Promise<string>
  /** the kind of the last line of each journal */
  readonly journalsEnd: () => unknown[]
}

export async function place(mode: Mode, finished: (done: () => Promise<void>) => void): Promise<Place> {
  const aws = await watchAws()
  finished(() => aws.close())
  const state = mkdtempSync(join(tmpdir(), 'slsops-state-'))
  const journals = join(state, 'slsops', 'journals', 'tune')
  return {
    aws,
    environment: {...aws.environment, XDG_STATE_HOME: state},
    // every write of the function itself gives it another revision
    content: () => contentOf(aws, name, mode === 'versions'),
    journalsEnd: () =>
      readdirSync(journals)
        .filter(file => file.endsWith('.jsonl'))
        .map(file => jsonLines(readFileSync(join(journals, file), 'utf8')).at(-1)?.['kind']),
  }
}

/** Cleans up, and again, when there is nothing to be done any more. */
export async function expectCleanedUp(
  {environment, content, journalsEnd}: Place,
  before: string,
  expect: ExpectStatic,
): Promise<void> {
  const first = await run(cleanup, environment)
  expect(first.code, said(first)).toBe(0)
  expect(await content()).toBe(before)
  expect(new Set(journalsEnd())).toEqual(new Set(['end']))
  const second = await run(cleanup, environment)
  expect(second.code, said(second)).toBe(0)
  expect(second.stdout).toContain('nothing to clean up')
}
