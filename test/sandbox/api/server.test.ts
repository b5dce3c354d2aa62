import {connect as connectSocket} from 'node:net'
import {CloudWatchClient, PutMetricDataCommand} from '@aws-sdk/client-cloudwatch'
import {CloudWatchLogsClient, DescribeLogGroupsCommand, StartQueryCommand} from '@aws-sdk/client-cloudwatch-logs'
import {InvokeCommand, LambdaClient} from '@aws-sdk/client-lambda'
import {AssumeRoleCommand, STSClient} from '@aws-sdk/client-sts'
import {GetServiceGraphCommand, XRayClient} from '@aws-sdk/client-xray'
import {expect, test} from 'vitest'
import {noon} from '../hand-made-world.ts'
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
  const metrics = Array.from({length: 200}, (_, index) => ({
    MetricName: `metric-${index}-with-a-long-name-to-pass-10-KB`,
    Value: index,
  }))
  const calls: readonly (readonly [() => Promise<unknown>, string])[] = [
    [
      () => connect(CloudWatchLogsClient).send(new StartQueryCommand({queryString: '', startTime: 0, endTime: 1})),
      'logs:StartQuery',
    ],
    [
      () => connect(LambdaClient).send(new InvokeCommand({FunctionName: 'f', Payload: new Uint8Array([1])})),
      'lambda:Invoke',
    ],
    [
      () => connect(XRayClient).send(new GetServiceGraphCommand({StartTime: new Date(noon), EndTime: new Date(noon)})),
      'xray:GetServiceGraph',
    ],
    [
      () =>
        connect(STSClient).send(
          new AssumeRoleCommand({RoleArn: 'arn:aws:iam::123456789012:role/x', RoleSessionName: 's'}),
        ),
      'sts:AssumeRole',
    ],
    // Above 10 KB the SDK sends it compressed.
    [
      () => connect(CloudWatchClient).send(new PutMetricDataCommand({Namespace: 'n', MetricData: metrics})),
      'cloudwatch:PutMetricData',
    ],
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
})

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
    "The embedded AWS does not have the service 'dynamodb'.",
    "'Nothing' is not an operation of this service.",
    'POST / is not an operation of this service.',
    'POST /nowhere is not an operation of this service.',
    'The embedded AWS does not have a service for POST /nowhere.',
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
  const request = 'GET /2015-03-31/functions HTTP/1.1\r\nhost: x\r\n\r\n'
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
