import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {afterEach, expect, it} from 'vitest'
import {createInvoker, type Invoked} from '../../../../src/services/tuning/invoke/invoker.ts'
import {connectedTo} from '../../connected.ts'
import {ongoing} from '../../fleet/fake-account.ts'
import {planOf, requestId, stage} from '../invoked-plan.ts'

type Answer = (response: ServerResponse, request: IncomingMessage) => void

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** One invocation by the SDK's client and HTTP, of a Lambda that gives these answers, one after the other. */
async function invoked(...answers: readonly Answer[]): Promise<{made: Invoked; asked: string[]; waits: string[]}> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const answer = answers[asked.length] ?? answers.at(-1)
      asked.push(`${request.method} ${request.url}`)
      answer?.(response, request)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  // a minute passes in a few milliseconds
  const aws = await connectedTo({region: 'eu-west-1', url}, 10_000)
  closing.push(() => {
    aws.close()
    server.closeAllConnections()
    server.close()
  })
  const waits: string[] = []
  const payload = {payload: {text: '{}', weight: 1}, place: 0}
  const invoker = createInvoker(aws, planOf(), () => 0.5)
  const made = await invoker.invoke(stage, payload, ongoing(), (ms, why) => waits.push(`${ms} ${why}`))
  return {made, asked, waits}
}

const line = `START RequestId: ${requestId} Version: 3\nREPORT RequestId: ${requestId}\tDuration: 12.30 ms\tBilled Duration: 13 ms\tMemory Size: 512 MB\tMax Memory Used: 80 MB\t\n`

const answering =
  (headers: Record<string, string> = {}, body = '{"ok":true}'): Answer =>
  response =>
    void response
      .writeHead(200, {
        'x-amzn-requestid': requestId,
        'x-amz-executed-version': '3',
        'x-amz-log-result': Buffer.from(line).toString('base64'),
        ...headers,
      })
      .end(body)

const refusing =
  (status: number, type: string, body: object, headers: Record<string, string> = {}): Answer =>
  response =>
    void response.writeHead(status, {'x-amzn-errortype': type, ...headers}).end(JSON.stringify(body))

it('reads a sample from the headers of an answer', async () => {
  const {made, asked} = await invoked(answering())
  expect(asked).toEqual([`POST /2015-03-31/functions/${stage.functionName}/invocations?Qualifier=3`])
  expect(made).toMatchObject({
    kind: 'sample',
    sample: {requestId, billedMs: 13, outcome: 'ok', measuredBy: 'tail'},
    answer: {excerpt: '{"ok":true}'},
  })
})

it('reads how a function failed', async () => {
  const body = '{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: 1 Error: Task timed out after 3.00 seconds"}'
  const {made} = await invoked(answering({'x-amz-function-error': 'Unhandled'}, body))
  expect(made).toMatchObject({sample: {outcome: 'timeout', errorType: 'Sandbox.Timedout'}})
})

it('takes the tail’s own report of a server that names requests otherwise than AWS does', async () => {
  const {made} = await invoked(answering({'x-amzn-requestid': 'of-the-gateway'}))
  expect(made).toMatchObject({sample: {requestId, billedMs: 13, measuredBy: 'tail'}})
})

it('waits for a throttle as it is on the wire: its Reason is in the body, its time in a header', async () => {
  const body = {Reason: 'ConcurrentInvocationLimitExceeded', Type: 'User', message: 'Rate Exceeded.'}
  const {made, asked, waits} = await invoked(
    refusing(429, 'TooManyRequestsException', body, {'retry-after': '3'}),
    refusing(502, 'EC2ThrottledException', {Message: 'slow'}),
    answering(),
  )
  expect(made.kind).toBe('sample')
  expect(asked).toHaveLength(3)
  expect(waits).toEqual([
    '3000 429 ConcurrentInvocationLimitExceeded: the account’s concurrency is used up',
    '750 EC2ThrottledException: EC2 throttles the start of its environment',
  ])
})

it.each<[string, Answer]>([
  ['a connection that is reset', response => response.socket?.resetAndDestroy()],
  ['a connection that ends without an answer', response => response.socket?.destroy()],
  [
    'an answer that is cut',
    response => {
      response.writeHead(200, {'content-length': '1000', 'x-amz-executed-version': '3'}).write('{"ok"')
      setImmediate(() => response.socket?.destroy())
    },
  ],
  ['an internal error', refusing(500, 'ServiceException', {Message: 'oops'})],
  [
    'a gateway’s page',
    response => response.writeHead(504, {'content-type': 'text/html'}).end('<html>Gateway Timeout</html>'),
  ],
])('T22: %s is asked for once, and unknown', async (_, answer) => {
  const {made, asked} = await invoked(answer)
  expect(made).toMatchObject({
    kind: 'unknown',
    isForeignVersion: false,
    why: expect.stringMatching(/^could not hear|\w/),
  })
  expect(asked).toHaveLength(1)
})

it('a proxy’s page that refuses says that it did not come to Lambda', async () => {
  await expect(invoked(response => response.writeHead(403).end('<html>Forbidden</html>'))).rejects.toThrow(
    'the endpoint did not answer as AWS (HTTP 403',
  )
})
