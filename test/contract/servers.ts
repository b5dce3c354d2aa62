import {type ChildProcess, spawn} from 'node:child_process'
import {createServer} from 'node:net'
import {setTimeout as sleep} from 'node:timers/promises'
import {serveAws} from '../../src/sandbox/server.ts'
import {openState} from '../../src/sandbox/state.ts'
import {createWorld} from '../../src/sandbox/world/create-world.ts'

export type AwsServer = {readonly url: string; stop(): Promise<void>}
export type AwsServerKind = {
  readonly name: string
  readonly start: () => Promise<AwsServer>
  readonly ready: boolean
  /** FilterLogEvents answers with a token where there is more than fits a page */
  readonly pages: boolean
  /** logs can be written in every region; elsewhere the others are empty */
  readonly regions: boolean
  /** traces can be put and read back */
  readonly traces: boolean
}

const moto = process.env['MOTO_SERVER'] ?? ''
// hypercorn of the environment that ministack is installed in: its own command would listen on every interface
const ministack = process.env['MINISTACK_HYPERCORN'] ?? ''

const embeddedAws: AwsServerKind = {
  name: 'the embedded AWS',
  start: startEmbedded,
  ready: true,
  pages: true,
  regions: false,
  traces: true,
}
export const motoServer: AwsServerKind = {
  name: 'moto',
  start: () => startProgram(moto, port => ['-H', '127.0.0.1', '-p', port], '/moto-api/'),
  ready: moto !== '',
  pages: true,
  regions: true,
  traces: true,
}
export const ministackServer: AwsServerKind = {
  name: 'ministack',
  start: () =>
    startProgram(
      ministack,
      // without workers there is one process, and it ends when it is told to
      port => ['ministack.app:app', '--bind', `127.0.0.1:${port}`, '--workers', '0'],
      '/_ministack/health',
    ),
  ready: ministack !== '',
  pages: false,
  regions: true,
  traces: false,
}

/** Everything that the same expectations are held against. */
export const servers: readonly AwsServerKind[] = [embeddedAws, motoServer, ministackServer]

async function startEmbedded(): Promise<AwsServer> {
  const now = Date.now
  const state = await openState({directory: null, now, seed: 1})
  const {url, close} = await serveAws({world: createWorld({seed: 1, now, company: 'empty', state}), quotas: false})
  return {url, stop: close}
}

const startsWithinMs = 20_000
const triesEveryMs = 100

async function startProgram(
  command: string,
  argsFor: (port: string) => readonly string[],
  healthPath: string,
): Promise<AwsServer> {
  const port = String(await freePort())
  // ministack’s MQTT would listen on every interface
  const server = spawn(command, argsFor(port), {stdio: 'ignore', env: {...process.env, IOT_MTLS_ENABLED: '0'}})
  const url = `http://127.0.0.1:${port}`
  const failed = new Promise<never>((_, reject) => {
    server.once('error', reject)
    server.once('exit', code => reject(new Error(`${command} ended with ${code}`)))
  })
  // it ends when it is stopped, too
  failed.catch(() => {})
  const up = async (): Promise<void> => {
    for (let waitedMs = 0; waitedMs < startsWithinMs; waitedMs += triesEveryMs) {
      const answers = await fetch(`${url}${healthPath}`).then(
        ({ok}) => ok,
        () => false,
      )
      if (answers) return
      await sleep(triesEveryMs)
    }
    throw new Error(`${command} did not come up within ${startsWithinMs / 1000} s`)
  }
  try {
    await Promise.race([up(), failed])
  } catch (error) {
    await end(server)
    throw error
  }
  return {url, stop: () => end(server)}
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null || server.pid === undefined) return
  const ended = new Promise<void>(resolve => server.once('exit', () => resolve()))
  // a server that is asked to end first waits for its open connections
  server.kill('SIGKILL')
  await ended
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
