import {onTestFinished} from 'vitest'
import {type ServeOptions, serveAws} from '../../src/sandbox/server.ts'
import {homeRegion, makeWorld, type WorldParts} from './hand-made-world.ts'

const credentials = {accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret'}

type ClientOptions = {
  readonly region?: string
  readonly endpoint?: string
  readonly credentials?: typeof credentials
  readonly maxAttempts?: number
  readonly disableHostPrefix?: boolean
}

type Client = {destroy: () => void}

/**
 * A server over a hand-made world for the length of a test, and clients that talk to it.
 * Pages are as full as they may be and nothing is retried unless the test says otherwise.
 */
export async function serve(parts: WorldParts, options: Partial<ServeOptions> = {}) {
  const server = await serveAws({world: makeWorld(parts), irregularPages: false, ...options})
  onTestFinished(() => server.close())
  const connect = <C extends Client>(make: new (options: ClientOptions) => C, overrides: ClientOptions = {}): C => {
    const client = new make({region: homeRegion, endpoint: server.url, credentials, maxAttempts: 1, ...overrides})
    onTestFinished(() => client.destroy())
    return client
  }
  return {url: server.url, connect, close: () => server.close()}
}

/** What a call is refused with, as far as a client can tell errors apart. */
export async function refusal(
  call: Promise<unknown>,
): Promise<{name: string; message: string; status: number | undefined; requestId: string | undefined}> {
  try {
    await call
  } catch (error) {
    const {name, message, $metadata} = error as Error & {$metadata?: {httpStatusCode?: number; requestId?: string}}
    return {name, message, status: $metadata?.httpStatusCode, requestId: $metadata?.requestId}
  }
  throw new Error('the call was answered')
}
