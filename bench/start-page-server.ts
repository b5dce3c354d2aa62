import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {fileURLToPath} from 'node:url'
import type {Seen, ServerOptions} from './page-server.ts'

export type PageServer = AsyncDisposable & {
  readonly port: number
  /** what it saw since it was last asked */
  seen(): Promise<Seen>
}

const program = fileURLToPath(new URL('page-server.ts', import.meta.url))

/** Starts the page server in a process of its own; it ends with the scope that uses it, or with this process. */
export async function startPageServer(options: ServerOptions): Promise<PageServer> {
  const child = spawn(process.execPath, [program, JSON.stringify(options)], {stdio: ['pipe', 'pipe', 'inherit']})
  const [port] = (await once(child.stdout, 'data')) as [Buffer]
  return {
    port: Number(port),
    seen: async () => (await (await fetch(`http://127.0.0.1:${Number(port)}/seen`)).json()) as Seen,
    async [Symbol.asyncDispose]() {
      child.kill()
      await once(child, 'exit')
    },
  }
}
