import type * as sqsSdk from '@aws-sdk/client-sqs'
import {defineService} from '../wire/define-service.ts'
import {jsonRpc} from '../wire/json-rpc.ts'
import {queryXml} from '../wire/query-xml.ts'
import {sdkPackage} from '../wire/sdk-package.ts'
import {ServiceError} from '../wire/service-error.ts'
import type {SandboxQueue} from '../world/sandbox-resources.ts'
import type {Context} from './context.ts'
import {pageAfter} from './paging.ts'

const sqs = sdkPackage<typeof sqsSdk>('@aws-sdk/client-sqs')

export const service = defineService<typeof sqs, Context>(
  sqs,
  {
    signingName: 'sqs',
    iamPrefix: 'sqs',
    validationError: 'InvalidParameterValue',
    throttleError: 'RequestThrottled',
    // SDKs of before the end of 2023 speak query.
    protocols: [jsonRpc('1.0', 'AmazonSQS'), queryXml('http://queue.amazonaws.com/doc/2012-11-05/')],
    constraints: {ListQueues: {MaxResults: {min: 1, max: 1000}}},
  },
  {
    ListQueues: (input, context) => {
      const names = context.world
        .queues()
        .map(({name}) => name)
        .filter(name => name.startsWith(input.QueueNamePrefix ?? ''))
      const page = pageAfter(names, name => name, {
        size: input.MaxResults ?? 1000,
        token: input.NextToken,
        invalid: () => new ServiceError('InvalidParameterValue', 'Invalid or expired next token'),
      })
      return {
        // an answer without queues has no list either
        ...(page.items.length > 0 && {QueueUrls: page.items.map(name => urlOf(name, context))}),
        // only who limits a page is told that there are more
        ...(input.MaxResults !== undefined && page.next !== undefined && {NextToken: page.next}),
      }
    },

    GetQueueUrl: (input, context) => {
      refuseStrangers(input.QueueOwnerAWSAccountId ?? context.world.account, context)
      return {QueueUrl: urlOf(find(input.QueueName, context).name, context)}
    },

    GetQueueAttributes: (input, context) => {
      // https://sqs.<region>.amazonaws.com/<account>/<name>, and any other host of it: only the path counts
      const [, account, name] = /\/(\d{12})\/([^/?#]+)$/.exec(input.QueueUrl) ?? []
      if (account === undefined || name === undefined)
        throw new ServiceError('InvalidAddress', `The address ${input.QueueUrl} is not valid for this endpoint.`)
      refuseStrangers(account, context)
      const all = attributesOf(find(name, context))
      const wanted = input.AttributeNames ?? []
      const unknown = wanted.find(each => each !== 'All' && !known.has(each))
      if (unknown !== undefined) throw new ServiceError('InvalidAttributeName', `Unknown Attribute ${unknown}.`)
      const asked = wanted.includes('All')
        ? all
        : Object.fromEntries(Object.entries(all).filter(([key]) => wanted.some(each => each === key)))
      return Object.keys(asked).length > 0 ? {Attributes: asked} : {}
    },
  },
)

/** What may be asked for, though not every queue has it. */
const known: ReadonlySet<string> = new Set(Object.values(sqs.QueueAttributeName))

function find(name: string, {world}: Context): SandboxQueue {
  const queue = world.queues().find(each => each.name === name)
  if (!queue) throw new ServiceError('QueueDoesNotExist', 'The specified queue does not exist.')
  return queue
}

function refuseStrangers(account: string, {world}: Context): void {
  if (account !== world.account)
    throw new ServiceError(
      'AccessDeniedException',
      `The embedded AWS holds account ${world.account}, not ${account}.`,
      {status: 403},
    )
}

const urlOf = (name: string, {region, world}: Context) => `https://sqs.${region}.amazonaws.com/${world.account}/${name}`

/** SQS writes all of them as text. */
function attributesOf(queue: SandboxQueue): Record<string, string> {
  const createdSeconds = String(Math.floor(queue.createdAt / 1000))
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(queue.visible),
    ApproximateNumberOfMessagesNotVisible: String(queue.inFlight),
    ApproximateNumberOfMessagesDelayed: String(queue.delayed),
    CreatedTimestamp: createdSeconds,
    LastModifiedTimestamp: createdSeconds,
    VisibilityTimeout: String(queue.visibilityTimeoutSeconds),
    MaximumMessageSize: '262144',
    MessageRetentionPeriod: String(queue.retentionSeconds),
    DelaySeconds: '0',
    ReceiveMessageWaitTimeSeconds: '0',
    SqsManagedSseEnabled: 'true',
    ...(queue.redrive && {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: queue.redrive.deadLetterArn,
        maxReceiveCount: queue.redrive.maxReceiveCount,
      }),
    }),
  }
}
