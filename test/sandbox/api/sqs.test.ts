import {GetQueueAttributesCommand, GetQueueUrlCommand, ListQueuesCommand, SQSClient} from '@aws-sdk/client-sqs'
import {describe, expect, test} from 'vitest'
import type {SandboxQueue} from '../../../src/sandbox/world/sandbox-resources.ts'
import {noon} from '../hand-made-world.ts'
import {refusal, serve} from '../running.ts'

const urlOf = (name: string, account = '123456789012') => `https://sqs.eu-west-1.amazonaws.com/${account}/${name}`

const queue = (name: string, more: Partial<SandboxQueue> = {}): SandboxQueue => ({
  name,
  arn: `arn:aws:sqs:eu-west-1:123456789012:${name}`,
  visible: 0,
  inFlight: 0,
  delayed: 0,
  oldestSentAt: null,
  visibilityTimeoutSeconds: 30,
  retentionSeconds: 345_600,
  redrive: null,
  createdAt: noon - 5500,
  ...more,
})

const orders = queue('orders', {
  visible: 1204,
  inFlight: 3,
  delayed: 1,
  redrive: {deadLetterArn: 'arn:aws:sqs:eu-west-1:123456789012:orders-dlq', maxReceiveCount: 3},
})
const queues = [orders, queue('orders-dlq'), queue('returns')]

describe('GetQueueAttributes', () => {
  test('answers with text: how many messages, settings, and the dead-letter queue as JSON', async () => {
    const {connect} = await serve({queues})
    const {Attributes} = await connect(SQSClient).send(
      new GetQueueAttributesCommand({QueueUrl: urlOf('orders'), AttributeNames: ['All']}),
    )
    expect(Attributes).toEqual({
      QueueArn: orders.arn,
      ApproximateNumberOfMessages: '1204',
      ApproximateNumberOfMessagesNotVisible: '3',
      ApproximateNumberOfMessagesDelayed: '1',
      CreatedTimestamp: '1786363194',
      LastModifiedTimestamp: '1786363194',
      VisibilityTimeout: '30',
      MaximumMessageSize: '262144',
      MessageRetentionPeriod: '345600',
      DelaySeconds: '0',
      ReceiveMessageWaitTimeSeconds: '0',
      SqsManagedSseEnabled: 'true',
      RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:123456789012:orders-dlq","maxReceiveCount":3}',
    })
  })

  test('answers with what was asked for: some, none, and nothing of what the queue does not have', async () => {
    const {connect} = await serve({queues})
    const get = async (...AttributeNames: readonly ('All' | 'QueueArn' | 'RedrivePolicy')[]) =>
      (
        await connect(SQSClient).send(
          new GetQueueAttributesCommand({QueueUrl: urlOf('returns'), AttributeNames: [...AttributeNames]}),
        )
      ).Attributes
    expect(await get('QueueArn', 'RedrivePolicy')).toEqual({QueueArn: queues[2]?.arn})
    expect(await get('RedrivePolicy')).toBeUndefined()
    expect(await get()).toBeUndefined()
  })

  test('refuses what is not there', async () => {
    const {connect} = await serve({queues})
    const get = (QueueUrl: string, name: 'All' | 'Nothing' = 'All') =>
      refusal(connect(SQSClient).send(new GetQueueAttributesCommand({QueueUrl, AttributeNames: [name as 'All']})))
    expect(await get(urlOf('none'))).toMatchObject({
      name: 'QueueDoesNotExist',
      message: 'The specified queue does not exist.',
      status: 400,
    })
    expect(await get('orders')).toMatchObject({name: 'InvalidAddress', status: 404})
    expect(await get(urlOf('orders', '210987654321'))).toMatchObject({name: 'AccessDenied'})
    expect(await get(urlOf('orders'), 'Nothing')).toMatchObject({
      name: 'InvalidAttributeName',
      message: 'Unknown Attribute Nothing.',
    })
  })

  test('answers old clients in XML: an attribute an element', async () => {
    const {url} = await serve({queues})
    const ask = (action: string) =>
      fetch(url, {
        method: 'POST',
        headers: {'content-type': 'application/x-www-form-urlencoded'},
        body: `Action=${action}&Version=2012-11-05`,
      })
    const found = await ask(
      `GetQueueAttributes&QueueUrl=${encodeURIComponent(urlOf('orders'))}&AttributeName.1=QueueArn&AttributeName.2=ApproximateNumberOfMessages`,
    )
    expect(await found.text()).toContain(
      `<GetQueueAttributesResult><Attribute><Name>QueueArn</Name><Value>${orders.arn}</Value></Attribute>` +
        '<Attribute><Name>ApproximateNumberOfMessages</Name><Value>1204</Value></Attribute></GetQueueAttributesResult>',
    )
    expect(await (await ask('GetQueueUrl&QueueName=none')).text()).toContain(
      '<Code>AWS.SimpleQueueService.NonExistentQueue</Code>',
    )
  })
})

test('GetQueueUrl gives the address of a queue that is there', async () => {
  const {connect} = await serve({queues})
  const client = connect(SQSClient)
  expect((await client.send(new GetQueueUrlCommand({QueueName: 'orders'}))).QueueUrl).toBe(urlOf('orders'))
  expect(await refusal(client.send(new GetQueueUrlCommand({QueueName: 'none'})))).toMatchObject({
    name: 'QueueDoesNotExist',
  })
  expect(
    await refusal(client.send(new GetQueueUrlCommand({QueueName: 'orders', QueueOwnerAWSAccountId: '210987654321'}))),
  ).toMatchObject({name: 'AccessDenied'})
})

test('ListQueues gives addresses by prefix, in pages only where a page is limited, and no list where there are none', async () => {
  const {connect} = await serve({queues})
  const list = async (input: ConstructorParameters<typeof ListQueuesCommand>[0] & object) => {
    const {$metadata, ...answer} = await connect(SQSClient).send(new ListQueuesCommand(input))
    return answer
  }
  expect(await list({})).toEqual({QueueUrls: ['orders', 'orders-dlq', 'returns'].map(name => urlOf(name))})
  const first = await list({QueueNamePrefix: 'orders', MaxResults: 1})
  expect(first).toEqual({QueueUrls: [urlOf('orders')], NextToken: expect.any(String)})
  expect(await list({QueueNamePrefix: 'orders', MaxResults: 1, NextToken: first.NextToken})).toEqual({
    QueueUrls: [urlOf('orders-dlq')],
  })
  expect(await list({QueueNamePrefix: 'x'})).toEqual({})
  expect(await refusal(list({MaxResults: 1, NextToken: 'made up'}))).toMatchObject({name: 'InvalidParameterValue'})
})
