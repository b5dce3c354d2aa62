import {spawn} from 'node:child_process'
import {createServer} from 'node:net'
import {setTimeout as sleep} from 'node:timers/promises'
import {serveAws} from '../../src/sandbox/server.ts'
import {openState} from '../../src/sandbox/state.ts'
import {createWorld} from '../../src/sandbox/world/create-world.ts'

export type AwsServer = {readonly url: string; stop(): Promise<void>}
export type AwsServerKind = {readonly name: string; readonly start: () => Promise<AwsServer>; readonly ready: boolean}

const moto = process.env['MOTO_SERVER']

/** Everything that the same expectations are held against. */
export const servers: readonly AwsServerKind[] = [
  {name: 'the embedded AWS', start: startEmbedded, ready: true},
  {name: 'moto', start: startMoto, ready: moto !== undefined && moto !== ''},
]

async function startEmbedded(): Promise<AwsServer> {
  const now = Date.now
  const state = await openState({directory: null, now, seed: 1})
  const {url, close} = await serveAws({world: createWorld({seed: 1, now, company: 'empty', state}), quotas: false})
  return {url, stop: close}
}

async function startMoto(): Promise<AwsServer> {
  const port = await freePort()
  const server = spawn(moto ?? '', ['-H', '127.0.0.1', '-p', String(port)], {stdio: 'ignore'})
  const url = `http://127.0.0.1:${port}`
  for (let tries = 0; ; tries++) {
    const up = await fetch(`${url}/moto-api/`).then(
      ({ok}) => ok,
      () => false,
    )
    if (up) break
    if (tries > 150) throw new Error('moto did not come up within 15 s')
    await sleep(100)
  }
  return {
    url,
    stop: async () => {
      server.kill()
    },
  }
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
