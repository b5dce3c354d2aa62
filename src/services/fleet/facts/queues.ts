import type {Known} from '../../../known.ts'
import {ask} from '../../aws/ask.ts'
import type {Aws} from '../../aws/connect.ts'
import {sdk} from '../../aws/sdk.ts'
import type {QueueState} from '../facts.ts'
import {known} from '../why-unknown.ts'

const asked = {doing: 'read the queue', permission: 'sqs:GetQueueAttributes'}

/**
 * How full a queue of SQS is; null where there is none of that name. Only queues of the own account and region are asked
 * for: of others SQS says alike that they do not exist and that one has no access.
 * @param account the caller's; null where nobody knows it
 */
export async function readQueue(
  aws: Aws,
  arn: string,
  account: string | null,
  signal: AbortSignal,
): Promise<Known<QueueState | null>> {
  const [, partition = '', service, region, owner = '', name = ''] = arn.split(':')
  if (service !== 'sqs' || !/^[\w-]{1,80}(\.fifo)?$/.test(name)) return notRead('it is no queue of SQS')
  if (region !== aws.scope.region) return notRead(`the queue is in ${region}`)
  if (account !== null && owner !== account) return notRead(`the queue belongs to account ${owner}`)
  const attributes = await known(asked, signal, async () => {
    const client = await aws.sqs()
    const {GetQueueAttributesCommand} = sdk.sqs()
    const command = new GetQueueAttributesCommand({
      QueueUrl: `https://sqs.${region}.${domains[partition] ?? 'amazonaws.com'}/${owner}/${name}`,
      AttributeNames: [...counts, 'RedrivePolicy'],
    })
    try {
      const {Attributes} = await ask(aws, 'GetQueueAttributes', options => client.send(command, options), signal)
      return Attributes ?? {}
    } catch (error) {
      if (isNoQueue(error)) return null
      throw error
    }
  })
  if ('unknown' in attributes) return attributes
  if (attributes.value === null)
    return account === null ? {unknown: 'missing', detail: 'no such queue, or no access to it'} : {value: null}
  const [visible = Number.NaN, inFlight = Number.NaN, delayed = Number.NaN] = counts.map(count =>
    Number.parseInt(attributes.value?.[count] ?? '', 10),
  )
  if (Number.isNaN(visible + inFlight + delayed)) return {unknown: 'failed', detail: 'SQS told no number of messages'}
  return {value: {arn, visible, inFlight, delayed, deadLetterArn: deadLetterArn(attributes.value.RedrivePolicy)}}
}

const counts = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const

const domains: Readonly<Record<string, string>> = {'aws-cn': 'amazonaws.com.cn'}

const notRead = (detail: string): Known<never> => ({unknown: 'not-read', detail})

const isNoQueue = (error: unknown): boolean =>
  error instanceof Error && /^(QueueDoesNotExist|AWS\.SimpleQueueService\.NonExistentQueue)$/.test(error.name)

function deadLetterArn(redrivePolicy: string | undefined): string | null {
  if (!redrivePolicy) return null
  try {
    const arn: unknown = JSON.parse(redrivePolicy)?.deadLetterTargetArn
    return typeof arn === 'string' ? arn : null
  } catch {
    return null
  }
}
