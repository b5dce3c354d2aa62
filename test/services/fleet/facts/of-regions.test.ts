import {expect, test} from 'vitest'
import {awsError} from '../../logs/reader/fake-log-groups.ts'
import {deniedTo} from '../fake-account.ts'
import {account, facts, functionArn, refusing} from './told-facts.ts'

test('tags are those of functions, by name', async () => {
  const {facts: read, told} = facts({
    GetResources: () => ({
      ResourceTagMappingList: [
        {
          ResourceARN: functionArn('a'),
          Tags: [
            {Key: 'team', Value: 'shop'},
            {Key: '__proto__', Value: 'x'},
          ],
        },
        {ResourceARN: 'arn:aws:s3:::bucket', Tags: [{Key: 'team', Value: 'shop'}]},
      ],
    }),
  })
  const tags = await told(read.tags())
  expect('value' in tags && [...tags.value].map(([name, all]) => [name, Object.entries(all)])).toEqual([
    [
      'a',
      [
        ['team', 'shop'],
        ['__proto__', 'x'],
      ],
    ],
  ])
})

test('log groups are swept, or where only some are of interest, asked for by their names', async () => {
  const group = (logGroupName: string) => ({logGroupName, storedBytes: 7, creationTime: 1, logGroupClass: 'STANDARD'})
  const {
    aws,
    facts: read,
    told,
  } = facts({
    DescribeLogGroups: ({input}) => {
      const names = input['logGroupIdentifiers'] as string[] | undefined
      return {logGroups: (names ?? ['/aws/lambda/a', '/custom']).map(group)}
    },
  })
  const facts7 = (name: string) => ({name, storedBytes: 7, retentionInDays: null, createdAt: 1, logClass: 'STANDARD'})
  expect(await told(read.logGroups())).toEqual({
    value: new Map([
      ['/aws/lambda/a', facts7('/aws/lambda/a')],
      ['/custom', facts7('/custom')],
    ]),
  })
  const names = Array.from({length: 51}, (_, at) => `/aws/lambda/fn-${at}`)
  const named = await told(read.logGroups(names))
  expect('value' in named && named.value.size).toBe(51)
  expect(aws.calls).toHaveLength(3)
})

const counts = {
  ApproximateNumberOfMessages: '12',
  ApproximateNumberOfMessagesNotVisible: '3',
  ApproximateNumberOfMessagesDelayed: '0',
}
const queueArn = `arn:aws:sqs:eu-west-1:${account}:orders.fifo`

test('a queue is asked for by the URL that its ARN stands for', async () => {
  const deadLetterArn = `arn:aws:sqs:eu-west-1:${account}:lost`
  const {
    aws,
    facts: read,
    told,
  } = facts({
    GetQueueAttributes: () => ({
      Attributes: {...counts, RedrivePolicy: JSON.stringify({deadLetterTargetArn: deadLetterArn, maxReceiveCount: 3})},
    }),
  })
  expect(await told(read.queue(queueArn))).toEqual({
    value: {arn: queueArn, visible: 12, inFlight: 3, delayed: 0, deadLetterArn},
  })
  const [call] = aws.of('GetQueueAttributes')
  expect(call?.input['QueueUrl']).toBe(`https://sqs.eu-west-1.amazonaws.com/${account}/orders.fifo`)
})

test('a queue that is not there is none; without knowing whose it is, nobody can tell', async () => {
  const GetQueueAttributes = refusing(() => awsError('QueueDoesNotExist', 'The specified queue does not exist.'))
  const own = facts({GetQueueAttributes})
  expect(await own.told(own.facts.queue(queueArn))).toEqual({value: null})
  const unknown = facts({GetQueueAttributes, GetCallerIdentity: refusing(() => deniedTo('sts:GetCallerIdentity'))})
  expect(await unknown.told(unknown.facts.queue(queueArn))).toEqual({
    unknown: 'missing',
    detail: 'no such queue, or no access to it',
  })
})

test.each([
  ['of another region', `arn:aws:sqs:us-east-1:${account}:q`, 'the queue is in us-east-1'],
  ['of another account', 'arn:aws:sqs:eu-west-1:999999999999:q', 'the queue belongs to account 999999999999'],
  ['of SNS', `arn:aws:sns:eu-west-1:${account}:topic`, 'it is no queue of SQS'],
  ['with a name that is none', `arn:aws:sqs:eu-west-1:${account}:../x?y=`, 'it is no queue of SQS'],
  ['that is none at all', 'orders', 'it is no queue of SQS'],
])('a queue %s is not read', async (_, arn, detail) => {
  const {aws, facts: read, told} = facts({})
  expect(await told(read.queue(arn))).toEqual({unknown: 'not-read', detail})
  expect(aws.of('GetQueueAttributes')).toHaveLength(0)
})

test.each([
  ['no numbers', {...counts, ApproximateNumberOfMessages: 'many'}, {unknown: 'failed'}],
  ['nothing', undefined, {unknown: 'failed'}],
  ['a redrive policy that is none', {...counts, RedrivePolicy: '{'}, {value: {deadLetterArn: null}}],
])('a queue that answers with %s', async (_, Attributes, expected) => {
  const {facts: read, told} = facts({GetQueueAttributes: () => ({Attributes})})
  expect(await told(read.queue(queueArn))).toMatchObject(expected)
})

test('limits of the account are known only where AWS names them', async () => {
  const limited = facts({
    GetAccountSettings: () => ({
      AccountLimit: {ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 900, TotalCodeSize: 80},
      AccountUsage: {FunctionCount: 12, TotalCodeSize: 7},
    }),
  })
  expect(await limited.told(limited.facts.accountLimits())).toEqual({
    value: {
      concurrentExecutions: 1000,
      unreservedConcurrentExecutions: 900,
      totalCodeSizeBytes: 7,
      codeSizeLimitBytes: 80,
      functionCount: 12,
    },
  })
  const silent = facts({GetAccountSettings: () => ({})})
  expect(await silent.told(silent.facts.accountLimits())).toMatchObject({unknown: 'failed'})
})
