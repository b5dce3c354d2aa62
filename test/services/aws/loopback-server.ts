import {createServer, type IncomingHttpHeaders, type RequestListener} from 'node:http'
import type {AddressInfo} from 'node:net'
import {type Aws, connect} from '../../../src/services/aws/connect.ts'
import {createFakeClock} from '../logs/reader/fake-clock.ts'

export type Asked = {readonly target: string; readonly body: string; readonly headers: IncomingHttpHeaders}
export type Answer = {
  readonly status?: number
  readonly type?: string
  readonly body: string
  readonly headers?: Record<string, string>
}

/** A server on loopback that answers in AWS's place, and the way to it. Close it with `await using`. */
export async function serving(answer: (asked: Asked, nth: number) => Answer) {
  const asked: Asked[] = []
  const onRequest: RequestListener = (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const one = {
        target: String(request.headers['x-amz-target'] ?? ''),
        body: Buffer.concat(chunks).toString(),
        headers: request.headers,
      }
      asked.push(one)
      const {status = 200, type = 'application/x-amz-json-1.1', body, headers = {}} = answer(one, asked.length)
      response.writeHead(status, {'content-type': type, 'x-amzn-requestid': 'request-of-loopback', ...headers})
      response.end(body)
    })
  }
  const server = createServer(onRequest)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const aws = await connect({
    profile: null,
    region: 'eu-west-1',
    sandboxUrl: url,
    publishedQuotas: false,
    userAgent: 'slsops/test',
    clock: createFakeClock(Date.UTC(2026, 10, 20)),
    random: () => 0,
  })
  return {
    aws: aws satisfies Aws,
    asked,
    url,
    async [Symbol.asyncDispose]() {
      aws.close()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
