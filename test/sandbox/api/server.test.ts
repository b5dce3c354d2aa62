import {request as httpRequest, type IncomingMessage} from 'node:http'
import {connect as connectSocket} from 'node:net'
import {text as readText} from 'node:stream/consumers'
import {CloudWatchClient, ListDashboardsCommand} from '@aws-sdk/client-cloudwatch'
import {CloudWatchLogsClient, DescribeLogGroupsCommand, TestMetricFilterCommand} from '@aws-sdk/client-cloudwatch-logs'
import {LambdaClient, PublishLayerVersionCommand} from '@aws-sdk/client-lambda'
import {AssumeRoleCommand, STSClient} from '@aws-sdk/client-sts'
import {GetSamplingRulesCommand, XRayClient} from '@aws-sdk/client-xray'
import {expect, test} from 'vitest'
import {refusal, serve} from '../running.ts'

const scoped = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=a/20260810/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
})

async function post(url: string, headers: Record<string, string>, body = '') {
  const answer = await fetch(url, {method: 'POST', headers, body})
  return {status: answer.status, headers: answer.headers, text: await answer.text()}
}

test('an operation that is known but not implemented is refused with 4xx and its name, in every protocol', async () => {
  const {connect} = await serve({})
  const calls: readonly (readonly [() => Promise<unknown>, string])[] = [
    [
      () =>
        connect(CloudWatchLogsClient).send(new TestMetricFilterCommand({filterPattern: '', logEventMessages: ['a']})),
      'logs:TestMetricFilter',
    ],
    [
      () =>
        connect(LambdaClient).send(
          new PublishLayerVersionCommand({LayerName: 'l', Content: {ZipFile: new Uint8Array([1])}}),
        ),
      'lambda:PublishLayerVersion',
    ],
    [() => connect(XRayClient).send(new GetSamplingRulesCommand({})), 'xray:GetSamplingRules'],
    [
      () =>
        connect(STSClient).send(
          new AssumeRoleCommand({RoleArn: 'arn:aws:iam::123456789012:role/x', RoleSessionName: 's'}),
        ),
      'sts:AssumeRole',
    ],
    [() => connect(CloudWatchClient).send(new ListDashboardsCommand({})), 'cloudwatch:ListDashboards'],
  ]
  for (const [call, action] of calls)
    expect(await refusal(call())).toMatchObject({
      name: 'UnsupportedOperationException',
      message: `The embedded AWS does not implement ${action}.`,
      status: 400,
      requestId: expect.any(String),
    })
})

test('unsigned requests find their service by target, form version or path', async () => {
  const {url} = await serve({})
  const target = {'x-amz-target': 'Logs_20140328.DescribeLogGroups'}
  expect(JSON.parse((await post(url, target, '{}')).text)).toEqual({logGroups: []})
  const form = {'content-type': 'application/x-www-form-urlencoded'}
  expect((await post(url, form, 'Action=GetCallerIdentity&Version=2011-06-15')).text).toContain(
    '<Account>123456789012</Account>',
  )
  expect(await (await fetch(`${url}/2015-03-31/functions`)).json()).toEqual({Functions: []})
  expect(await (await fetch(`${url}/2015-03-31/functions/`)).json()).toEqual({Functions: []})
  expect(await (await fetch(`${url}/schedules`)).json()).toEqual({Schedules: []})
})

const has =
  'It has CloudWatch Logs, Lambda, X-Ray, CloudWatch, Resource Groups Tagging, CloudFormation, SQS, EventBridge, EventBridge Scheduler, CodeDeploy, Account Management, Price List, and STS.'

test('what no service answers to is 4xx and says what was asked', async () => {
  const {url} = await serve({})
  const cases = [
    await post(url, scoped('dynamodb')),
    await post(url, {...scoped('logs'), 'x-amz-target': 'Logs_20140328.Nothing'}),
    await post(url, {...scoped('logs'), 'x-amz-target': 'Other.FilterLogEvents'}),
    await post(`${url}/nowhere`, scoped('lambda')),
    await post(`${url}/nowhere`, {}),
    await post(url, scoped('logs')),
  ]
  expect(cases.map(({status}) => status)).toEqual([404, 400, 404, 404, 404, 404])
  expect(cases.map(({text}) => JSON.parse(text).message)).toEqual([
    `The embedded AWS does not have the service 'dynamodb'. ${has}`,
    "'Nothing' is not an operation of this service.",
    'POST / is not an operation of this service.',
    'POST /nowhere is not an operation of this service.',
    `The embedded AWS does not have a service for POST /nowhere. ${has}`,
    'POST / is not an operation of this service.',
  ])
  for (const {headers} of cases) expect(headers.get('x-amzn-errortype')).toBe('UnknownOperationException')
  const form = await post(
    url,
    {...scoped('sts'), 'content-type': 'application/x-www-form-urlencoded'},
    'Action=Nothing&Version=2011-06-15',
  )
  expect(form.text).toMatch(/<Code>InvalidAction<\/Code>.*<RequestId>/)
})

test('S3, which is not there, says so in the XML that its clients read, signed or not', async () => {
  const {url} = await serve({})
  for (const [headers, what] of [
    [scoped('s3'), "the service 's3'"],
    [{}, 'a service for GET /'],
  ] as const) {
    const answer = await fetch(url, {headers})
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'text/xml'])
    expect(await answer.text()).toBe(
      `<Error><Code>UnknownOperationException</Code><Message>The embedded AWS does not have ${what}. ${has}</Message><RequestId>${answer.headers.get('x-amzn-requestid')}</RequestId></Error>`,
    )
  }
})

/** Headers that fetch does not let its callers set. */
async function ask(url: string, headers: Record<string, string>): Promise<{status: number | undefined; text: string}> {
  const {promise, resolve, reject} = Promise.withResolvers<IncomingMessage>()
  httpRequest(`${url}/2015-03-31/functions`, {headers}, resolve).on('error', reject).end()
  const answer = await promise
  return {status: answer.statusCode, text: await readText(answer)}
}

test.each(['127.0.0.1:4500', 'localhost:4500', 'LOCALHOST', '[::1]:4500', 'logs.localhost:4500'])(
  'a request to %s is answered',
  async host => {
    const {url} = await serve({})
    expect(await ask(url, {host})).toEqual({status: 200, text: '{"Functions":[]}'})
  },
)

test.each([
  {host: 'evil.example:4500'},
  {host: 'localhost.evil.example'},
  {host: '127.0.0.1.evil.example:4500'},
  {host: 'evil.example#localhost'},
  {host: 'localhost:4500', origin: 'https://evil.example'},
  {host: 'localhost:4500', origin: 'null'},
  {host: 'localhost:4500', origin: 'http://localhost:4500'},
])('a web page that asks with %j is refused', async headers => {
  const {url} = await serve({})
  const {status, text} = await ask(url, {...headers, ...scoped('lambda')})
  expect(status).toBe(403)
  expect(JSON.parse(text)).toEqual({
    __type: 'AccessDeniedException',
    message: expect.stringMatching(/^The embedded AWS does not answer (under the name|to web pages)/),
  })
})

test('a client that has another name for loopback is told which to use, in its protocol', async () => {
  const {url} = await serve({})
  const form = await ask(url, {host: 'docker.internal', 'content-type': 'application/x-www-form-urlencoded'})
  expect(form.text).toMatch(/<Code>AccessDenied<\/Code>.*docker\.internal.*http:\/\/127\.0\.0\.1/)
})

test('a body that is not JSON, or not of the right types, is a SerializationException', async () => {
  const {url} = await serve({})
  const send = (body: string) => post(url, {...scoped('logs'), 'x-amz-target': 'Logs_20140328.FilterLogEvents'}, body)
  for (const body of [
    '{',
    '[]',
    '"x"',
    '{"limit":"ten"}',
    '{"logGroupName":5}',
    '{"logStreamNames":"a"}',
    '{"startFromHead":"yes"}',
  ]) {
    const {status, text, headers} = await send(body)
    expect([body, status, JSON.parse(text).__type]).toEqual([body, 400, 'SerializationException'])
    expect(headers.get('x-amzn-errortype')).toBe('SerializationException')
  }
  expect(JSON.parse((await send('{"limit":"ten"}')).text).message).toBe('STRING_VALUE can not be converted to a Number')
})

test('every answer has a request id and a date, and ids do not repeat', async () => {
  const {url} = await serve({})
  const answers = [
    await post(url, scoped('nothing')),
    await fetch(`${url}/2015-03-31/functions`),
    await fetch(`${url}/2015-03-31/functions`),
  ]
  expect(new Set(answers.map(({headers}) => headers.get('x-amzn-requestid'))).size).toBe(3)
  for (const {headers} of answers) expect(headers.get('date')).toBe('Mon, 10 Aug 2026 12:00:00 GMT')
})

test('a body over 10 MB is refused', async () => {
  const {url} = await serve({})
  const answer = await post(url, scoped('logs'), 'x'.repeat(10 * 1024 * 1024 + 1)).catch(() => undefined)
  // A client that is still writing may see the closed connection before it reads the answer.
  if (answer) expect([answer.status, JSON.parse(answer.text).__type]).toEqual([413, 'RequestEntityTooLargeException'])
  expect((await fetch(`${url}/2015-03-31/functions`)).status).toBe(200)
})

test('it listens on loopback only, keeps connections alive, and close cuts them', async () => {
  const {url, close} = await serve({})
  const {port, hostname} = new URL(url)
  expect(hostname).toBe('127.0.0.1')
  const socket = connectSocket(Number(port), hostname)
  const request = 'GET /2015-03-31/functions HTTP/1.1\r\nhost: localhost\r\n\r\n'
  const answer = () =>
    new Promise<string>(resolve => {
      socket.once('data', data => resolve(data.toString()))
      socket.write(request)
    })
  expect(await answer()).toMatch(/^HTTP\/1.1 200 /)
  expect(await answer()).toMatch(/connection: keep-alive/i)
  const closed = new Promise(resolve => socket.once('close', resolve))
  await close()
  await closed
  await expect(fetch(url)).rejects.toThrow()
})

test('a port that is taken is an error with its code', async () => {
  const {url} = await serve({})
  await expect(serve({}, {port: Number(new URL(url).port)})).rejects.toMatchObject({code: 'EADDRINUSE'})
})

test('an error inside a handler is 500, not a crash', async () => {
  const broken = () => {
    throw new Error('boom')
  }
  const {connect} = await serve({now: broken})
  const call = connect(CloudWatchLogsClient).send(new DescribeLogGroupsCommand({}))
  await expect(call).rejects.toThrow()
})
