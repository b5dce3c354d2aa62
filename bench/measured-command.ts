import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'
import type {Printed} from './judge.ts'

/** One program to run, of whatever language. */
export type Command = {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

export type Ran = {
  readonly wallMs: number
  /** user and system time of all its processes */
  readonly cpuMs: number
  /** the peaks of as many processes as ran at a time, added; pages that they share are counted in each */
  readonly peakRssMB: number
  /** in the order in which it was printed */
  readonly printed: readonly Printed[]
  /** processes that ended with an error, or before they were told to */
  readonly gaveUp: number
  /** what the first of those said last */
  readonly complaint: string
}

/** GNU time, which tells of a process what the kernel counted. */
const timeCommand = ['/usr/bin/time', '--quiet', '--format', '%U %S %M']
const marker = /peer-(\d{7})/g

/** @throws when it is not there */
export function requireTime(): void {
  const [program = ''] = timeCommand
  if (!existsSync(program)) throw new Error(`${program} is not there: install GNU time`)
}

/** Runs commands to their end, so many at a time, all into one file as a shell's loop would. */
export async function runToEnd(commands: readonly Command[], atOnce: number): Promise<Ran> {
  using scratch = scratchFolder()
  const out = join(scratch.path, 'out')
  const sink = openSync(out, 'a')
  const ends: End[] = []
  const waiting = commands.entries()
  const startedAt = performance.now()
  await Promise.all(
    Array.from({length: Math.min(atOnce, commands.length)}, async () => {
      for (const [i, command] of waiting) ends.push(await start(command, join(scratch.path, `${i}`), sink).ended)
    }),
  )
  const wallMs = performance.now() - startedAt
  closeSync(sink)
  const printed = Array.from(readFileSync(out, 'latin1').matchAll(marker), ([, id]) => ({id: Number(id), at: null}))
  const peaks = ends.map(({peakRssMB}) => peakRssMB).sort((a, b) => b - a)
  return {
    wallMs,
    printed,
    ...sum(ends),
    peakRssMB: total(peaks.slice(0, atOnce)),
    ...failed(ends, end => end.code !== 0),
  }
}

/** Runs commands all at once into one stream, in the order in which their lines arrive; interrupts them after a time. */
export async function runFor(commands: readonly Command[], ms: number): Promise<Ran> {
  using scratch = scratchFolder()
  const printed: Printed[] = []
  let told = false
  const startedAt = performance.now()
  const tails = commands.map((command, i) => {
    const {child, ended} = start(command, join(scratch.path, `${i}`), 'pipe')
    let rest = ''
    child.stdout?.setEncoding('latin1').on('data', (chunk: string) => {
      const lines = rest + chunk
      // a marker may be cut by the chunk's end
      const whole = lines.lastIndexOf('\n') + 1
      const at = Date.now()
      for (const [, id] of lines.slice(0, whole).matchAll(marker)) printed.push({id: Number(id), at})
      rest = lines.slice(whole)
    })
    return {child, ended: ended.then(end => ({...end, early: !told}))}
  })
  await delay(ms)
  told = true
  for (const {child} of tails) signal(child, 'SIGINT')
  const stubborn = setTimeout(() => {
    for (const {child} of tails) signal(child, 'SIGKILL')
  }, 15_000)
  const ends = await Promise.all(tails.map(({ended}) => ended))
  clearTimeout(stubborn)
  return {
    wallMs: performance.now() - startedAt,
    printed,
    ...sum(ends),
    ...failed(ends, end => end.early),
  }
}

type End = {
  readonly code: number | null
  readonly cpuMs: number
  readonly peakRssMB: number
  readonly lastWords: string
}

function start(
  {argv, env}: Command,
  usageFile: string,
  out: number | 'pipe',
): {child: ChildProcess; ended: Promise<End>} {
  const errors = `${usageFile}.err`
  const err = openSync(errors, 'w')
  const [time = '', ...timeArgs] = timeCommand
  const child = spawn(time, [...timeArgs, '--output', usageFile, ...argv], {
    stdio: ['ignore', out, err],
    env: {...env},
    // a group of its own: a signal to it reaches what is measured, and time waits on
    detached: true,
  })
  closeSync(err)
  running.add(child)
  const ended = once(child, 'close').then(([code]) => {
    running.delete(child)
    const [user = 0, system = 0, peakKB = 0] = (textOf(usageFile).trim().split('\n').at(-1) ?? '')
      .split(' ')
      .map(Number)
    const lastWords = textOf(errors).trim().split('\n').at(-1) ?? ''
    return {code: code as number | null, cpuMs: (user + system) * 1000, peakRssMB: peakKB / 1024, lastWords}
  })
  return {child, ended}
}

/** Groups of their own get no Ctrl-C from the terminal, and must not outlive who measures them. */
const running = new Set<ChildProcess>()
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => {
    for (const child of running) signal(child, 'SIGKILL')
    process.exit(130)
  })
}

function signal({pid, exitCode, signalCode}: ChildProcess, name: 'SIGINT' | 'SIGKILL'): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return
  try {
    process.kill(-pid, name)
  } catch {
    // it has just ended
  }
}

/** What a file says; nothing where its writer was killed. */
function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

const sum = (ends: readonly End[]): {cpuMs: number; peakRssMB: number} => ({
  cpuMs: total(ends.map(({cpuMs}) => cpuMs)),
  peakRssMB: total(ends.map(({peakRssMB}) => peakRssMB)),
})

function failed<Ended extends End>(ends: readonly Ended[], isFailure: (end: Ended) => boolean) {
  const failures = ends.filter(isFailure)
  return {gaveUp: failures.length, complaint: failures.map(({code, lastWords}) => lastWords || `exit ${code}`)[0] ?? ''}
}

function scratchFolder(): Disposable & {readonly path: string} {
  const path = mkdtempSync(join(tmpdir(), 'peers-'))
  return {path, [Symbol.dispose]: () => rmSync(path, {recursive: true, force: true})}
}
