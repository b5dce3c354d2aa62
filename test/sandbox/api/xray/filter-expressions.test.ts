import {describe, expect, test} from 'vitest'
import type {SegmentDocument} from '../../../../src/sandbox/world/segment-document.ts'
import {refusal} from '../../running.ts'
import {ago, askXray, idOf, segment, traceId} from './asking.ts'

const [fine, slow, broken, partial] = [1, 2, 3, 4].map(n => traceId(10, n)) as [string, string, string, string]

const call = (id: number, parts: object) => ({
  id: idOf(id),
  name: 'x',
  start_time: ago(9.9),
  end_time: ago(9.8),
  ...parts,
})

const segments: readonly SegmentDocument[] = [
  segment({
    trace_id: fine,
    user: 'ann',
    http: {
      request: {method: 'GET', url: 'https://shop/a "b"', user_agent: 'curl/8', client_ip: '10.0.0.1'},
      response: {status: 200},
    },
    annotations: {tenant: 'acme', n: 7, vip: true, beta: false, 'aws.local': 'x'},
    aws: {ec2: {instance_id: 'i-1', availability_zone: 'eu-west-1a'}},
  }),
  segment({
    trace_id: slow,
    name: 'api',
    origin: 'AWS::Lambda',
    end_time: ago(5),
    resource_arn: 'arn:api',
    http: {response: {status: 404}},
    error: true,
    annotations: {tenant: 'zeta', n: 3},
    subsegments: [
      call(5, {name: 'SQS', namespace: 'aws', aws: {queue_url: 'https://sqs/q'}, throttle: true, error: true}),
      call(7, {name: 'wait', end_time: ago(6)}),
    ],
  }),
  segment({
    id: idOf(6),
    trace_id: slow,
    parent_id: idOf(1),
    name: 'api',
    origin: 'AWS::Lambda::Function',
    throttle: true,
  }),
  segment({
    trace_id: broken,
    name: 'api',
    origin: 'AWS::Lambda',
    fault: true,
    http: {response: {status: 502}},
    annotations: {'aws:api_id': 'a1'},
    subsegments: [call(5, {fault: true, cause: {exceptions: [{id: idOf(9), type: 'Timeout', message: 'no answer'}]}})],
  }),
  segment({trace_id: partial, name: 'job', in_progress: true}),
]

const matching: readonly (readonly [string, readonly string[]])[] = [
  ['ok', [fine]],
  ['error', [slow]],
  ['fault = true', [broken]],
  ['fault = false', [fine, slow, partial]],
  ['fault != true', [fine, slow, partial]],
  ['throttle', [slow]],
  ['partial', [partial]],
  ['inferred', [slow]],
  ['remote', [slow]],
  ['root first !last', [slow]],
  ['responsetime > 0.3', [slow]],
  ['responsetime <= .2 AND duration >= 2e-1', [fine, broken]],
  ['duration = 5', [slow]],
  ['http.status != 200', [slow, broken]],
  ['http.status < 500', [fine, slow]],
  ['http.url CONTAINS "shop"', [fine]],
  ['http.url ENDSWITH "\\"b\\""', [fine]],
  ['http.method = "GET"', [fine]],
  ['http.useragent BEGINSWITH "curl"', [fine]],
  ['http.clientip = "10.0.0.1"', [fine]],
  ['user CONTAINS ""', [fine]],
  ['!user CONTAINS ""', [slow, broken, partial]],
  ['user != "ann"', []],
  ['name = "https://sqs/q"', [slow]],
  ['type = "AWS::Lambda::Function"', [slow]],
  ['message CONTAINS "answer"', [broken]],
  ['resource.arn = "arn:api"', [slow]],
  ['instance.id = "i-1" availabilityzone = "eu-west-1a"', [fine]],
  ['annotation.tenant', [fine, slow]],
  ['http.url AND responseTime <= 0.2', [fine]],
  ['!http.url', [slow, broken, partial]],
  ['responsetime', [fine, slow, broken]],
  ['http.status = "404"', [slow]],
  ['fault = "true"', [broken]],
  ['Annotation[aws:api_id] = "a1"', [broken]],
  ['annotation.aws:api_id', [broken]],
  ['annotation.vip', [fine]],
  ['annotation.beta', []],
  ['annotation.n != "7"', [fine, slow]],
  ['annotation.tenant > 5', []],
  ['service(){} AND service("job"){}', [partial]],
  ['annotation.tenant = "acme"', [fine]],
  ['annotation.tenant BEGINSWITH "z"', [slow]],
  ['annotation[tenant] != "acme"', [slow]],
  ['annotation[aws.local] = "x"', [fine]],
  ['annotation.n > 5', [fine]],
  ['annotation.n = "7"', []],
  ['annotation.vip = true', [fine]],
  ['annotation.vip = false', []],
  ['service("api")', [slow, broken]],
  ['service("api") {fault}', [broken]],
  ['service() {throttle}', [slow]],
  ['!service("api")', [fine, partial]],
  ['service(id(name: "api", type: "AWS::Lambda::Function")) { throttle = true }', [slow]],
  ['service(id(type: "AWS::SQS::Queue", account.id: "123456789012")) {inferred AND throttle}', [slow]],
  ['service(id(account.id: "999999999999"))', []],
  ['edge("api", "https://sqs/q")', [slow]],
  ['edge("api", "api") { throttle }', [slow]],
  ['edge(id(type: "client"), "api") {fault}', [broken]],
  ['edge(id(type: "client"), "job")', [partial]],
  ['group.name = "Default"', [fine, slow, broken, partial]],
  ['group.arn = "arn:x"', []],
  ['rootcause.fault.service {name = "api"}', [broken]],
  ['rootcause.fault.entity { name = "x" AND last }', [broken]],
  ['rootcause.fault.exception { name = "Timeout" AND message CONTAINS "no" }', [broken]],
  ['rootcause.error.service { type = "AWS::SQS::Queue" AND inferred }', [slow]],
  ['rootcause.responsetime.entity { name = "wait" coverage > 0.7 }', [slow]],
  ['fault OR error', [slow, broken]],
  ['fault or responsetime > 1 and error', [slow, broken]],
  ['(fault OR error) AND http.status = 404', [slow]],
  ['!(fault OR error) !partial', [fine]],
  ['! fault ! error duration < 1 !partial', [fine]],
]

// The rest of what is refused is the parser's: test/services/traces/filter-expression.
const refused: readonly (readonly [string, string] | readonly [string, string, string])[] = [
  ['', 'length greater than or equal to 1'],
  ['  ', 'Invalid filter expression: the expression is empty at character 1'],
  ['fault AND colour = "x"', 'Invalid filter expression: X-Ray knows no colour at character 11'],
  ['user = "ann', 'Invalid filter expression: this quotation mark is never closed at character 8'],
  ['service("a") {annotation.x = 1}', 'annotations cannot be asked for inside service() or edge() at character 15'],
  ['annotation[] = 1', 'key is missing at character 12'],
  ['rootcause.json = "x"', 'compared with JSON'],
  ['rootcause.json = #[{"Services": []}]', 'does not implement', 'UnsupportedOperationException'],
  ['fault AND !(rootcause.json = #[])', 'rootcause.json', 'UnsupportedOperationException'],
]

describe('filter expressions', () => {
  test.each(matching)('%s', async (FilterExpression, expected) => {
    const {summaries} = await askXray({segments})
    expect((await summaries({FilterExpression})).map(({Id}) => Id).toSorted()).toEqual(expected)
  })

  test.each(refused)('%s is refused', async (FilterExpression, message, name = 'InvalidRequestException') => {
    const {page} = await askXray({segments})
    expect(await refusal(page({FilterExpression}))).toMatchObject({
      name,
      status: 400,
      message: expect.stringContaining(message),
    })
  })

  test('an expression that is nested too deeply is refused', async () => {
    const {page} = await askXray({segments})
    for (const opening of ['(', '!'])
      expect(await refusal(page({FilterExpression: `${opening.repeat(20_000)}fault`}))).toMatchObject({
        name: 'InvalidRequestException',
        message: 'Invalid filter expression: parentheses are nested deeper than 64 at character 66',
      })
  })

  test('what does not match is counted as processed', async () => {
    const {page} = await askXray({segments})
    expect(await page({FilterExpression: 'fault'})).toMatchObject({
      TracesProcessedCount: 4,
      TraceSummaries: [{Id: broken}],
    })
  })
})
