import {onTestFinished} from 'vitest'
import {type ServeOptions, serveAws} from '../../../src/sandbox/server.ts'
import {larder} from '../world/larder-world.ts'

const credentials = {accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret'}

type Options = {
  readonly region: string
  readonly endpoint: string
  readonly credentials: typeof credentials
  readonly maxAttempts: number
  readonly protocol?: never
}

/** The default company behind HTTP for the length of a test, and clients that talk to it. */
export async function larderServer(options: Omit<Partial<ServeOptions>, 'world'> & {readonly scale?: number} = {}) {
  const {scale, ...rest} = options
  const {world, clock} = await larder({...(scale !== undefined && {scale})})
  const server = await serveAws({world, irregularPages: false, ...rest})
  onTestFinished(() => server.close())
  const connect = <C extends {destroy: () => void}>(
    make: new (options: Options) => C,
    overrides: Partial<Options> = {},
  ): C => {
    const client = new make({region: 'eu-west-1', endpoint: server.url, credentials, maxAttempts: 1, ...overrides})
    onTestFinished(() => client.destroy())
    return client
  }
  return {world, clock, connect, url: server.url}
}
