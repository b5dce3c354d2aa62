import {describe, expect, it} from 'vitest'
import {UserError} from '../../../src/errors.ts'
import {parseLogGroup, parseSelection, parseTarget} from '../../../src/services/targets/parse-target.ts'

function usageOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof UserError && error.exitCode === 2) return `${error.message} | ${error.hint}`
  }
  throw new Error('no usage error')
}

describe('a target word', () => {
  it('is a function by name', () => {
    expect(parseTarget('checkout-api')).toMatchObject({
      kind: 'function',
      name: {text: 'checkout-api', exact: true},
      qualifier: null,
      not: false,
      place: null,
    })
  })

  it.each([
    ['checkout-api:live', 'live'],
    ['checkout-api:42', '42'],
    ['checkout-api:$LATEST', '$LATEST'],
    ['checkout-*:live', 'live'],
  ])('%s asks for what the qualifier names', (word, qualifier) => {
    expect(parseTarget(word)).toMatchObject({kind: 'function', qualifier})
  })

  it('takes out with !', () => {
    expect(parseTarget('!*-dev')).toMatchObject({
      kind: 'function',
      not: true,
      text: '!*-dev',
      name: {text: '*-dev', exact: false},
    })
    expect(parseTarget('!/ecs/*')).toMatchObject({kind: 'log-group', not: true})
  })

  it('is a log group where it holds a /', () => {
    expect(parseTarget('/ecs/payments')).toMatchObject({kind: 'log-group', name: {text: '/ecs/payments', exact: true}})
    expect(parseTarget('API-Gateway-Execution-Logs_a1b2/Prod')).toMatchObject({kind: 'log-group'})
  })

  it.each([
    [
      'arn:aws:lambda:eu-west-1:123456789012:function:checkout-api',
      {kind: 'function', name: {text: 'checkout-api'}, qualifier: null},
    ],
    [
      'arn:aws:lambda:eu-west-1:123456789012:function:checkout-api:live',
      {kind: 'function', name: {text: 'checkout-api'}, qualifier: 'live'},
    ],
    [
      'arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:x:7',
      {kind: 'function', qualifier: '7', place: {region: 'us-gov-west-1'}},
    ],
    ['arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/x', {kind: 'log-group', name: {text: '/aws/lambda/x'}}],
    [
      'arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/x:*',
      {kind: 'log-group', name: {text: '/aws/lambda/x', exact: true}},
    ],
    ['arn:aws:sqs:eu-west-1:123456789012:orders', {kind: 'event-source', service: 'sqs'}],
    ['arn:aws:sqs:eu-west-1:123456789012:orders.fifo', {kind: 'event-source', service: 'sqs'}],
    ['arn:aws:kinesis:eu-west-1:123456789012:stream/clicks', {kind: 'event-source', service: 'kinesis'}],
    ['arn:aws:dynamodb:eu-west-1:123456789012:table/orders', {kind: 'event-source', service: 'dynamodb'}],
    [
      'arn:aws:dynamodb:eu-west-1:123456789012:table/orders/stream/2026-01-01T00:00:00.000',
      {kind: 'event-source', service: 'dynamodb'},
    ],
    ['arn:aws:cloudwatch:eu-west-1:123456789012:alarm:orders: too slow', {kind: 'alarm', name: 'orders: too slow'}],
  ])('reads %s', (arn, expected) => {
    expect(parseTarget(arn)).toMatchObject({place: {account: '123456789012'}, ...expected})
  })

  it.each([
    ['', 'a target is empty | leave it out to take every function'],
    ['  ', "'  ' names nothing"],
    ['!', "'!' names nothing"],
    ['check out', 'holds characters that no function name has'],
    ['naïve', 'holds characters that no function name has'],
    ['/ecs/pay ments', 'holds characters that no log group name has'],
    ['a:b:c', 'more than one colon | write function:alias'],
    [':live', 'names no function before the colon'],
    ['checkout-api:', 'neither an alias nor a version'],
    ['checkout-api:l*', 'neither an alias nor a version'],
    ['!checkout-api:live', '! takes out whole functions'],
    ['*-{api,worker', 'a brace or bracket is left open'],
    ['arn:aws:lambda:eu-west-1:function:x', 'not a complete ARN | an ARN is arn:aws:'],
    ['arn:aws:lambda:eu-west-1:12345:function:x', 'not a complete ARN'],
    ['arn:aws:lambda:eu-west-1:123456789012:layer:x:1', 'the ARN of nothing that leads to functions'],
    ['arn:aws:logs:eu-west-1:123456789012:log-group:/x:log-stream:y', 'the ARN of nothing that leads to functions'],
    ['arn:aws:s3:::bucket', 'not a complete ARN'],
    [
      'arn:aws:sns:eu-west-1:123456789012:topic',
      'give the ARN of a function, log group, queue, stream, table or alarm',
    ],
  ])('%j is a usage error that says what to do', (word, said) => {
    expect(usageOf(() => parseTarget(word))).toContain(said)
  })
})

describe('--log-group', () => {
  it('needs no /', () => {
    expect(parseLogGroup('API-Gateway-Execution-Logs_*')).toMatchObject({kind: 'log-group', name: {exact: false}})
  })

  it('takes no other ARN', () => {
    expect(usageOf(() => parseLogGroup('arn:aws:lambda:eu-west-1:123456789012:function:x'))).toContain(
      'not the ARN of a log group',
    )
  })
})

describe('a selection', () => {
  it('of no words is everything', () => {
    expect(parseSelection({})).toEqual({targets: [], stack: null, tags: [], logGroups: []})
  })

  it('reads tags at the first =', () => {
    expect(parseSelection({tags: ['team=a=b', 'env=', 'team=a=b']}).tags).toEqual([
      {key: 'team', value: 'a=b'},
      {key: 'env', value: ''},
    ])
  })

  it.each([
    [{tags: ['prod']}, 'write --tag key=value'],
    [{tags: ['=x']}, 'write --tag key=value'],
    [{tags: ['env=a', 'env=b']}, 'nothing carries two values of the tag env'],
    [{stack: ''}, 'is no stack name'],
    [{stack: 'shop-*'}, 'is no stack name'],
  ])('%j is a usage error', (words, said) => {
    expect(usageOf(() => parseSelection(words))).toContain(said)
  })
})
