import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {pipeline} from 'node:stream/promises'
import {gunzipSync} from 'node:zlib'
import {type Answer, type AnswerOptions, createAnswer} from './api/answer.ts'
import type {WireRequest, WireResponse} from './wire/service.ts'

export type {Fault} from './api/faults.ts'

export type ServeOptions = AnswerOptions & {
  /** a free one by default */
  readonly port?: number
}

export type RunningServer = {
  readonly url: string
  readonly port: number
  /** Stops listening and cuts every connection; calls under way get no answer. */
  close(): Promise<void>
}

// Lambda takes 6 MB of payload, PutLogEvents 1 MB; nothing here needs more than base64 of the former.
const maxBodyBytes = 10 * 1024 * 1024
// Longer than the SDKs keep an idle socket, so that they never write to one this side is closing.
const keepAliveMs = 75_000

/**
 * The embedded AWS on loopback: every service on one port, told apart by the request's credential scope.
 * @throws an Error with code EADDRINUSE when the port is taken
 */
export async function serveAws(options: ServeOptions): Promise<RunningServer> {
  const answer = createAnswer(options)
  const server = createServer({keepAliveTimeout: keepAliveMs}, (incoming, outgoing) => {
    respond(answer, incoming, outgoing).catch(() => outgoing.destroy())
  })
  const listening = Promise.withResolvers<void>()
  server.once('error', listening.reject)
  // Only on loopback: it takes everyone for the account's engineer.
  server.listen(options.port ?? 0, '127.0.0.1', listening.resolve)
  await listening.promise
  const {port} = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function respond(answer: Answer, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const gone = new AbortController()
  outgoing.on('close', () => gone.abort())
  const request = await readRequest(incoming)
  const response = request ? await answer(request, gone.signal) : tooLarge
  if (!response) {
    outgoing.destroy()
    return
  }
  const {status, headers, body} = response
  if (typeof body === 'string' || body instanceof Uint8Array) {
    // Of a body that is too large the rest may still be coming: the connection cannot be used again.
    outgoing.writeHead(status, {
      ...headers,
      'content-length': Buffer.byteLength(body),
      ...(!request && {connection: 'close'}),
    })
    outgoing.end(body)
    return
  }
  outgoing.writeHead(status, headers)
  // The first piece may be a while in coming, and the client should know by then that there will be some.
  outgoing.flushHeaders()
  await pipeline(body, outgoing)
}

/** undefined when the body is too large */
async function readRequest(incoming: IncomingMessage): Promise<WireRequest | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  // The answer goes out on the same socket, so leaving early must not destroy it.
  for await (const chunk of incoming.iterator({destroyOnReturn: false})) {
    bytes += chunk.length
    if (bytes > maxBodyBytes) return undefined
    chunks.push(chunk)
  }
  const body = Buffer.concat(chunks)
  return {
    method: incoming.method ?? 'GET',
    url: new URL(incoming.url ?? '/', 'http://127.0.0.1'),
    headers: incoming.headers,
    // The SDK compresses PutMetricData above 10 KB.
    body: incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(body, {maxOutputLength: maxBodyBytes}) : body,
  }
}

const tooLarge: WireResponse = {
  status: 413,
  headers: {'content-type': 'application/json', 'x-amzn-errortype': 'RequestEntityTooLargeException'},
  body: JSON.stringify({
    __type: 'RequestEntityTooLargeException',
    message: `Request must be smaller than ${maxBodyBytes} bytes`,
  }),
}
