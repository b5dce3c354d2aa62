// The whole life of an arena through the SDK's clients and HTTP: at the embedded AWS, in both modes, killed at each change.

import {mkdir, readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {bootSandbox, type Sandbox} from '../../../src/sandbox/boot.ts'
import {type Aws, connect} from '../../../src/services/aws/connect.ts'
import {openArena} from '../../../src/services/tuning/arena/open-arena.ts'
import {beginJournal} from '../../../src/services/tuning/journal/run-journal.ts'
import type {Mode} from '../../../src/services/tuning/tune-plan.ts'
import {cleanUpRun, readOpenRuns} from '../../../src/services/tuning/undo/open-runs.ts'
import {ongoing} from '../fleet/fake-account.ts'
import {embeddedContent, embeddedPlan} from './embedded-content.ts'
import {emptyDirectory, runId} from './tuned.ts'

const start = Date.parse('2026-11-20T14:07:11Z')
let passed = 0
const clock = {
  now: () => start + passed,
  sleep: async (ms: number, signal?: AbortSignal) => {
    signal?.throwIfAborted()
    passed += ms
  },
}
let sandbox: Sandbox
let aws: Aws

beforeAll(async () => {
  sandbox = await bootSandbox({directory: null, now: clock.now})
  const {region, url: sandboxUrl} = sandbox
  aws = await connect({profile: null, region, sandboxUrl, userAgent: 'test', clock, random: () => 0.5})
})
afterAll(async () => {
  aws.close()
  await sandbox.close()
})

const changing = /^(Create|Update|Publish|Delete|Put)/

/** The same way to AWS, on which no answer comes any more from a change on. */
function killedAt(at: number, phase: 'before' | 'after', killed: () => void): Aws {
  let changes = 0
  let isDead = false
  const never = new Promise<never>(() => {})
  const wrapped = <C extends {send: (command: never, options: never) => Promise<unknown>}>(client: C): C =>
    new Proxy(client, {
      get: (target, key) =>
        key !== 'send'
          ? Reflect.get(target, key)
          : async (command: never, options: never) => {
              const isHit = changing.test((command as object).constructor.name) && ++changes === at
              if (isDead) return never
              if (isHit && phase === 'before') isDead = true
              else {
                const answer = await target.send(command, options)
                if (!isHit) return answer
                isDead = true
              }
              killed()
              return never
            },
    })
  return {...aws, lambda: async () => wrapped(await aws.lambda()), logs: async () => wrapped(await aws.logs())}
}

async function wholeRun(through: Aws, mode: Mode, directory: string): Promise<void> {
  const plan = await embeddedPlan(aws, mode)
  const journal = await beginJournal(directory, plan, through)
  const arena = await openArena(through, plan, journal, ongoing(), () => {})
  expect(arena.stages).toHaveLength(3)
  expect(await arena.close(ongoing())).toMatchObject({cleanedUp: true, left: []})
}

describe.each(['shadow', 'versions'] as const)('%s', mode => {
  test('leaves the embedded AWS as it was', async () => {
    const before = await embeddedContent(aws)
    await wholeRun(aws, mode, await emptyDirectory())
    expect(await embeddedContent(aws)).toEqual(before)
  })

  const kills = Array.from({length: 8}, (_, at) => at + 1).flatMap(at => [
    {at, phase: 'before' as const},
    {at, phase: 'after' as const},
  ])
  test.each(kills)('T22: killed $phase change $at: cleaning up leaves it as it was', async ({at, phase}) => {
    const before = await embeddedContent(aws)
    const directory = await emptyDirectory()
    await new Promise<void>((resolve, reject) => {
      wholeRun(killedAt(at, phase, resolve), mode, directory).then(() => reject(new Error('it ended')), reject)
    })
    const left = join(directory, 'left')
    await mkdir(left)
    await writeFile(join(left, `${runId}.jsonl`), await readFile(join(directory, `${runId}.jsonl`)))
    const [run] = (await readOpenRuns(left)).runs
    if (!run) throw new Error('it is open')
    expect(await cleanUpRun(aws, run, ongoing())).toMatchObject({cleanedUp: true, left: []})
    expect(await embeddedContent(aws)).toEqual(before)
  })
})
