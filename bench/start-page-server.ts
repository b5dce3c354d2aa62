import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {fileURLToPath} from 'node:url'
import type {Seen, ServerOptions} from './page-server.ts'
import type {PeerServerOptions, PeersSeen} from './peer-server.ts'

type RunningServer<What> = AsyncDisposable & {
  readonly port: number
  /** what it saw since it was last asked */
  seen(): Promise<What>
}
export type PageServer = RunningServer<Seen>
export type PeerServer = RunningServer<PeersSeen>

/** Starts the page server in a process of its own; it ends with the scope that uses it, or with this process. */
export function startPageServer(options: ServerOptions): Promise<PageServer> {
  return start('page-server.ts', options)
}

/** Starts the peer server likewise. */
export function startPeerServer(options: PeerServerOptions): Promise<PeerServer> {
  return start('peer-server.ts', options)
}

async function start<What>(file: string, options: object): Promise<RunningServer<What>> {
  const program = fileURLToPath(new URL(file, import.meta.url))
  const child = spawn(process.execPath, [program, JSON.stringify(options)], {stdio: ['pipe', 'pipe', 'inherit']})
  const [port] = (await once(child.stdout, 'data')) as [Buffer]
  return {
    port: Number(port),
    seen: async () => (await (await fetch(`http://127.0.0.1:${Number(port)}/seen`)).json()) as What,
    async [Symbol.asyncDispose]() {
      child.kill()
      await once(child, 'exit')
    },
  }
}
