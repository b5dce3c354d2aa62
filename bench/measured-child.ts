import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {closeSync, openSync} from 'node:fs'
import type {Readable} from 'node:stream'
import {text} from 'node:stream/consumers'

export type Measured = {
  /** epoch ms with fractions, comparable with what the page server notes */
  readonly startedAt: number
  readonly endedAt: number
  readonly wallMs: number
  /** user and system time of the process, all its threads */
  readonly cpuMs: number
  readonly peakRssMB: number
  readonly stderr: string
}

const reportUsage = new URL('report-usage.ts', import.meta.url).href

/** Runs Node on `args`, its answer thrown away into the null device, and measures it. @throws when it fails */
export async function runMeasured(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Measured> {
  const {startedAt, endedAt, stderr, extra} = await run(['--import', reportUsage, ...args], env)
  return {
    startedAt,
    endedAt,
    wallMs: endedAt - startedAt,
    stderr,
    ...(JSON.parse(extra) as {cpuMs: number; peakRssMB: number}),
  }
}

/** Runs Node on `args` with nothing added to it. @returns wall time in ms, and when it began @throws when it fails */
export async function runPlain(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const {startedAt, endedAt} = await run(args, env)
  return {startedAt, wallMs: endedAt - startedAt}
}

async function run(args: readonly string[], env: Readonly<Record<string, string>>) {
  const sink = openSync('/dev/null', 'w')
  const startedAt = now()
  const child = spawn(process.execPath, args, {stdio: ['ignore', sink, 'pipe', 'pipe'], env: {...process.env, ...env}})
  const [, , err, report] = child.stdio
  const texts = Promise.all([err, report].map(stream => text(stream as Readable)))
  const [code] = (await once(child, 'exit')) as [number | null]
  const endedAt = now()
  closeSync(sink)
  const [stderr = '', extra = ''] = await texts
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code}: ${stderr}`)
  return {startedAt, endedAt, stderr, extra}
}

const now = (): number => performance.timeOrigin + performance.now()
