import {spawn} from 'node:child_process'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {parseArgs} from 'node:util'
import {type Call, contentOf, type WatchedAws, watchAws} from '../test/process/watched-aws.ts'
import {requireBuild, slsops} from './slsops.ts'

/**
 * What test/process/tune-kill.test.ts does for two sizes, for all of them, on both architectures: the built command is killed at
 * each change, or with `--at calls` at each call, before it is handled and before its answer leaves; every other time its cleanup
 * is killed as well. Then --cleanup has to leave all as it was. Ends with 1 and the kills after which it was not.
 */
const {values} = parseArgs({
  options: {
    at: {type: 'string', default: 'changes'},
    parallel: {type: 'string', default: '12'},
    modes: {type: 'string', default: 'shadow,versions'},
  },
})
const isEveryCall = values.at === 'calls'

const name = 'checkout-api'
const tune = `tune ${name} --cold-ratio 1% --max-invocations 4 --yes`.split(' ')
const modes: Readonly<Record<string, readonly string[]>> = {
  shadow: [...tune, '--arch', 'x86_64,arm64'],
  versions: [...tune, '--mode', 'versions'],
}
const cleanup = ['tune', '--cleanup', '--yes']

type Kill = {readonly mode: string; readonly place: number; readonly when: Call['when']; readonly isTwice: boolean}

const isCounted = ({isChange}: Call): boolean => isEveryCall || isChange

/** Runs a command to its end, or until it is killed; counts the calls that it comes to. */
async function run(
  aws: WatchedAws,
  home: string,
  args: readonly string[],
  kill: Pick<Kill, 'place' | 'when'> | null = null,
): Promise<{readonly counted: number; readonly code: number | null; readonly output: string}> {
  const env = {...aws.environment, PATH: process.env['PATH'], HOME: home}
  const child = spawn(process.execPath, [slsops, ...args], {env, stdio: ['ignore', 'pipe', 'pipe']})
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', text => (output += text))
  const ended = new Promise<number | null>(resolve => child.on('close', resolve))
  let counted = 0
  let isKilled = false
  aws.watch = async call => {
    if (isKilled) return 'cut'
    if (!isCounted(call)) return undefined
    if (call.when === 'before') counted++
    if (kill === null || counted !== kill.place || call.when !== kill.when) return undefined
    isKilled = true
    child.kill('SIGKILL')
    await ended
    return 'cut'
  }
  return {code: await ended, counted, output}
}

/** What a sweep needs of an AWS, for as long as it takes. */
async function inPlace<T>(work: (aws: WatchedAws, home: string) => Promise<T>): Promise<T> {
  const aws = await watchAws()
  const home = await mkdtemp(join(tmpdir(), 'slsops-kill-'))
  try {
    return await work(aws, home)
  } finally {
    await aws.close()
    await rm(home, {recursive: true, force: true})
  }
}

/** @returns what was wrong after a kill; null where all is as it was */
const faultAfter = ({mode, place, when, isTwice}: Kill): Promise<string | null> =>
  inPlace(async (aws, home) => {
    const isSteady = mode === 'versions'
    const before = await contentOf(aws, name, isSteady)
    await run(aws, home, modes[mode] ?? [], {place, when})
    if (isTwice) await run(aws, home, cleanup, {place: 1, when})
    const cleaned = await run(aws, home, cleanup)
    if (cleaned.code !== 0) return `--cleanup ended with ${cleaned.code}: ${cleaned.output}`
    if ((await contentOf(aws, name, isSteady)) !== before) return `something is left: ${cleaned.output}`
    const again = await run(aws, home, cleanup)
    return again.counted === 0 || isEveryCall ? null : `there was more to clean up: ${again.output}`
  })

requireBuild()
for (const mode of values.modes.split(',')) {
  const args = modes[mode]
  if (!args) throw new Error(`--modes are ${Object.keys(modes).join(' and ')}, not ${mode}`)
  const {counted, code, output} = await inPlace((aws, home) => run(aws, home, args))
  if (counted === 0) throw new Error(`nothing was changed, and it ended with ${code}: ${output}`)
  const kills = Array.from({length: counted}, (_, at) => at + 1).flatMap(place =>
    (['before', 'after'] as const).map((when, at): Kill => ({mode, place, when, isTwice: place % 2 === at})),
  )
  const faults: string[] = []
  const next = kills[Symbol.iterator]()
  await Promise.all(
    Array.from({length: Number(values.parallel)}, async () => {
      for (const kill of next) {
        const fault = await faultAfter(kill)
        if (fault === null) continue
        faults.push(`killed ${kill.when} ${values.at} ${kill.place}${kill.isTwice ? ', and again' : ''}: ${fault}`)
      }
    }),
  )
  const outcome = faults.length === 0 ? 'all was as it was, each time' : ['FAILED:', ...faults].join('\n  ')
  console.log(`${mode}: killed at ${counted} ${values.at}, ${kills.length} times: ${outcome}`)
  if (faults.length > 0) process.exitCode = 1
}
