import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {onTestFinished} from 'vitest'
import type {Service, WireRequest} from '../../../src/sandbox/wire/service.ts'
import {ServiceError} from '../../../src/sandbox/wire/service-error.ts'

/** One service on a port of its own, without anything of the embedded AWS but its wire; returns its URL. */
export async function serveOne(service: Service<null>): Promise<string> {
  const server = createServer(async (incoming, outgoing) => {
    const request: WireRequest = {
      method: incoming.method ?? '',
      url: new URL(incoming.url ?? '', 'http://wire'),
      headers: incoming.headers,
      body: Buffer.concat(await Array.fromAsync(incoming as AsyncIterable<Buffer>)),
    }
    const {status, headers, body} = await answer(service, request)
    outgoing.writeHead(status, {...headers}).end(body)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function answer(service: Service<null>, request: WireRequest) {
  const protocol = service.protocols.find(({accepts}) => accepts(request))
  if (!protocol) throw new Error('no protocol accepts this request')
  const operation = service.operations.get(protocol.route(service, request) ?? '')
  if (!operation?.handle) throw new Error(`no handler for ${request.method} ${request.url}`)
  try {
    return protocol.writeOutput(
      operation,
      await operation.handle(protocol.readInput(operation, request) as never, null),
      'request-1',
    )
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    return protocol.writeError(service, error, 'request-1')
  }
}
