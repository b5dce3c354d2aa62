import {spawn} from 'node:child_process'
import {mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {moving, names, type ShiftedAws, shiftedAws} from './shifted-aws.ts'
import type {Call} from './watched-aws.ts'

/** Where a shift is killed, and what comes then. */
export type Kill = {
  /** which of its changes of AWS, from 1: `before` it has arrived there, or `after` it was made and before its answer was seen */
  readonly change: number
  readonly when: Call['when']
  readonly next: 'resume' | 'rollback'
  /** whether that is killed as well, at its first change, and begun again */
  readonly isTwice?: boolean
  /** with `elsewhere` the rollback is another machine's, which has no journal */
  readonly from?: 'here' | 'elsewhere'
}

export function textOf({change, when, next, isTwice = false, from = 'here'}: Kill): string {
  const begun = `${next}${isTwice ? ', killed and begun again,' : ''}`
  return `killed ${when} change ${change}: ${begun}${from === 'here' ? '' : ' on another machine'}`
}

const binary = fileURLToPath(new URL('../../bin/slsops.js', import.meta.url))
const role = 'arn:aws:iam::123456789012:role/slsops-dead-man'
const ladder = '--canary 50%/1s --bake 1s --gate none'.split(' ')

type Ran = {readonly code: number | null; readonly output: string}
type Home = {readonly aws: ShiftedAws; readonly directory: string}

/** Runs a command to its end, or until it is killed. */
async function run(
  {aws, directory}: Home,
  args: readonly string[],
  kill: Pick<Kill, 'change' | 'when'> | null = null,
): Promise<Ran> {
  const env = {...aws.environment, PATH: process.env['PATH'], HOME: directory, TZ: 'UTC', LANG: 'C.UTF-8'}
  const child = spawn(process.execPath, [binary, ...args], {env, stdio: ['ignore', 'pipe', 'pipe']})
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', text => (output += text))
  const ended = new Promise<number | null>(resolve => child.on('close', resolve))
  const earlier = aws.made.length
  let isKilled = false
  aws.watch = async ({isChange, change, when}) => {
    if (isKilled) return 'cut'
    if (!isChange || change - earlier !== kill?.change || when !== kill.when) return undefined
    isKilled = true
    child.kill('SIGKILL')
    await ended
    return 'cut'
  }
  return {code: await ended, output}
}

/** The shift that is killed. */
async function shiftOf({directory}: Home): Promise<readonly string[]> {
  const file = join(directory, 'versions.json')
  await writeFile(file, JSON.stringify(Object.fromEntries(names.map(name => [name, moving[name]?.to]))))
  return ['shift', ...names, '--to-file', file, ...ladder, '--dead-man', '15m', '--dead-man-role', role, '--yes']
}

async function inPlace<T>(work: (home: Home) => Promise<T>): Promise<T> {
  const aws = await shiftedAws()
  const directory = await mkdtemp(join(tmpdir(), 'slsops-shift-kill-'))
  try {
    return await work({aws, directory})
  } finally {
    await aws.close()
    await rm(directory, {recursive: true, force: true})
  }
}

/** What a shift changes that nobody kills, in order. @throws where it does not end well */
export const changesOfShift = (): Promise<readonly string[]> =>
  inPlace(async home => {
    const before = await home.aws.served()
    const {code, output} = await run(home, await shiftOf(home))
    const fault = code === 0 ? await faultOf(home, before, 'to', 'here') : `it ended with ${code}`
    if (fault !== null) throw new Error(`${fault}\n${output}`)
    return home.aws.made
  })

/**
 * Kills a shift, goes on with it or rolls it back in another process, and looks at what is there then.
 * @returns what is wrong; null: all is at the new version, or as it was
 */
export const faultAfter = (kill: Kill): Promise<string | null> =>
  inPlace(async home => {
    const {aws, directory} = home
    const {change, when, next, isTwice = false, from = 'here'} = kill
    const before = await aws.served()
    const killed = await run(home, await shiftOf(home), kill)
    if (killed.code !== null) return `nothing was killed at ${change}: ${killed.output}`
    const wasServed = await aws.served()
    const other = from === 'here' ? home : {aws, directory: await mkdtemp(join(directory, 'elsewhere-'))}
    const args = next === 'resume' ? ['shift', '--resume', '--yes'] : ['rollback', ...names, '--yes']
    if (isTwice) await run(other, args, {change: 1, when})
    const second = await run(other, args)
    const told = `${killed.output}\n${wasServed}\n${second.output}`
    if (second.code !== 0) return `it ended with ${second.code}: ${told}`
    const fault = await faultOf(home, before, next === 'resume' ? 'to' : 'from', from)
    return fault && `${fault}: ${told}`
  })

/** What is wrong with what a shift has left. @param before what was served, which without its journal nobody knows the descriptions of */
async function faultOf(
  {aws, directory}: Home,
  before: string,
  at: 'from' | 'to',
  from: NonNullable<Kill['from']>,
): Promise<string | null> {
  const known = (text: string): string => (from === 'here' ? text : text.replaceAll(/:.*$/gm, ':'))
  const expected = names.reduce(
    (text, name) => text.replace(`${name} ${moving[name]?.from}:`, `${name} ${moving[name]?.[at]}:`),
    known(before),
  )
  const all = await aws.served()
  if (all.includes('slsops:')) return `a lease is left:\n${all}\n`
  const served = known(all)
  if (served !== expected) return `not as it should be:\n${served}\n`
  // its names are in the journal alone
  const schedules = from === 'here' ? await aws.schedules() : []
  if (schedules.length > 0) return `${schedules.join(', ')} left`
  const open = from === 'here' ? await openJournals(directory) : []
  if (open.length > 0) return `${open.join(', ')} not ended`
  return updatesFault(aws)
}

async function openJournals(directory: string): Promise<readonly string[]> {
  const journals = join(directory, '.local', 'state', 'slsops', 'journals', 'shift')
  const open: string[] = []
  for (const file of await readdir(journals)) {
    if (!file.endsWith('.jsonl')) continue
    const lines = (await readFile(join(journals, file), 'utf8')).trimEnd().split('\n')
    if (JSON.parse(lines.at(-1) ?? '').kind !== 'end') open.push(`${file}: ${lines.at(-1)}`)
  }
  return open
}

/**
 * Each write is conditional on a revision and names version and weights; and what was made is not made once more, but for a lease
 * that is said anew by who goes on.
 */
function updatesFault({updates}: ShiftedAws): string | null {
  const last = new Map<string, string>()
  for (const {request, status} of updates) {
    const {name, FunctionVersion, RoutingConfig, RevisionId, Description} = request
    const weights = (RoutingConfig as {readonly AdditionalVersionWeights?: object} | undefined)
      ?.AdditionalVersionWeights
    if (!FunctionVersion || !weights || !RevisionId || Description === undefined)
      return `an UpdateAlias of ${Object.keys(request).join(', ')}`
    const step = JSON.stringify([FunctionVersion, weights, Description])
    if (status === 200 && last.get(`${name}`) === step) return `${name} was given ${step} twice`
    if (status === 200) last.set(`${name}`, step)
  }
  return null
}
