import {type ChildProcessWithoutNullStreams, spawn, spawnSync} from 'node:child_process'
import {mkdtempSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {afterAll} from 'vitest'

export const binary = fileURLToPath(new URL('../../bin/slsops.js', import.meta.url))

export type Ended = {readonly code: number | null; readonly stdout: string; readonly stderr: string}

export type Running = {
  readonly child: ChildProcessWithoutNullStreams
  readonly stdout: () => string
  readonly stderr: () => string
  /** resolves when stdout holds the text; rejects when the process ends before */
  seen(text: string): Promise<void>
  readonly ended: Promise<Ended>
}

/** An environment with nothing of the machine's own AWS settings, and an empty home. */
export function cleanEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const home = mkdtempSync(join(tmpdir(), 'slsops-home-'))
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    TZ: 'UTC',
    LANG: 'C.UTF-8',
    AWS_EC2_METADATA_DISABLED: 'true',
    ...extra,
  }
}

const running = new Set<ChildProcessWithoutNullStreams>()
// a test that failed half way leaves nothing behind
afterAll(() => {
  for (const child of running) child.kill('SIGKILL')
})

/**
 * Starts the built binary; it ends with the test file at the latest.
 * @param input what stands on its stdin; null where the test writes there itself
 */
export function start(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  input: string | null = '',
): Running {
  return watched(spawn(process.execPath, [binary, ...args], {env: cleanEnvironment(environment)}), input)
}

/** Whether {@link startOnTerminal} can: it needs `script` of util-linux. */
export const hasTerminal = /util-linux/.test(spawnSync('script', ['--version'], {encoding: 'utf8'}).stdout ?? '')

/** The same on a terminal of 80 columns and 24 rows, its stdin the keyboard and its stdout the screen. */
export function startOnTerminal(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Running {
  const words = [process.execPath, binary, ...args].map(word => `'${word}'`).join(' ')
  const env = cleanEnvironment({SHELL: '/bin/sh', TERM: 'xterm-256color', ...environment})
  return watched(spawn('script', ['-qec', `stty cols 80 rows 24; exec ${words}`, '/dev/null'], {env}), null)
}

/** The same where no file can have more than so many half kilobytes, as when a disk is full. */
export function runWithSmallFiles(
  halfKB: number,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Ended> {
  const env = cleanEnvironment({
    ...environment,
    // a write that is refused is a signal too, which a full disk is not
    NODE_OPTIONS: '--import=data:text/javascript,process.on(%22SIGXFSZ%22,()=>{})',
    NODE_DISABLE_COMPILE_CACHE: '1',
  })
  const words = ['-c', `ulimit -f ${halfKB}; exec "$@"`, 'sh', process.execPath, binary, ...args]
  return watched(spawn('sh', words, {env}), '').ended
}

function watched(child: ChildProcessWithoutNullStreams, input: string | null): Running {
  let stdout = ''
  let stderr = ''
  const watchers = new Set<() => void>()
  const grown = (): void => {
    for (const watcher of watchers) watcher()
  }
  child.stdout.setEncoding('utf8').on('data', text => {
    stdout += text
    grown()
  })
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text
    grown()
  })
  running.add(child)
  child.on('close', () => running.delete(child))
  // nobody has to read it to its end
  child.stdin.on('error', () => {})
  if (input !== null) child.stdin.end(input)
  const ended = new Promise<Ended>(resolve => child.on('close', code => resolve({code, stdout, stderr})))
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    seen: text =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!stdout.includes(text) && !stderr.includes(text)) return
          watchers.delete(look)
          resolve()
        }
        watchers.add(look)
        look()
        void ended.then(({code}) =>
          reject(new Error(`ended with ${code} before '${text}' was seen:\n${stdout}\n${stderr}`)),
        )
      }),
  }
}

/** Runs the built binary to its end. */
export const run = (
  args: readonly string[],
  environment?: Readonly<Record<string, string>>,
  input?: string,
): Promise<Ended> => start(args, environment, input).ended

/** The JSON lines of an output. */
export const jsonLines = (text: string): Record<string, unknown>[] =>
  text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Record<string, unknown>)
