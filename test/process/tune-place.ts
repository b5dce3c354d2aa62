import {mkdtempSync, readdirSync, readFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {ExpectStatic} from 'vitest'
import {type Ended, jsonLines, type Running, run, start} from './run-slsops.ts'
import {type Call, contentOf, type WatchedAws, watchAws} from './watched-aws.ts'

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

/** Runs until a call that is meant: then the process is gone, and whatever was on the line with it. */
export async function killedAt(
  {aws, environment}: Place,
  args: readonly string[],
  isMeant: (call: Call) => boolean,
): Promise<Ended & {readonly isKilled: boolean}> {
  const running = start(args, environment)
  let isKilled = false
  aws.watch = async call => {
    if (isKilled || !isMeant(call)) return isKilled ? 'cut' : undefined
    isKilled = true
    running.child.kill('SIGKILL')
    await running.ended
    return 'cut'
  }
  const ended = await running.ended
  aws.watch = () => undefined
  return {...ended, isKilled}
}

/** Runs with somebody on the line who may do something to the process at any call. */
export function watchedRun(
  {aws, environment}: Place,
  args: readonly string[],
  watch: (call: Call, running: Running) => ReturnType<WatchedAws['watch']>,
): Promise<Ended> {
  const running = start(args, environment)
  aws.watch = call => watch(call, running)
  return running.ended
}

/** What is shown of a process that did not do as it should. */
export const said = ({code, stdout, stderr}: Ended): string => `${code}\n${stdout}\n${stderr}`

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
