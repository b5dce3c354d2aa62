import {expect, test} from 'vitest'
import type {Known} from '../../../../src/known.ts'
import type {AsyncConfig, EventSource, Facts, QueueState} from '../../../../src/services/fleet/facts.ts'
import {deadLettersOf} from '../../../../src/services/fleet/inventory/dead-letters.ts'
import {fleetFunction} from './inventories.ts'

const queueArn = (name: string) => `arn:aws:sqs:eu-west-1:123456789012:${name}`

type Told = {
  readonly queues?: Readonly<Record<string, Known<QueueState | null>>>
  readonly asyncConfig?: Known<AsyncConfig | null>
}

function facts({queues = {}, asyncConfig = {value: null}}: Told) {
  const asked: string[] = []
  const told: Pick<Facts, 'queue' | 'asyncConfig'> = {
    async queue(arn) {
      asked.push(arn)
      return queues[arn] ?? {value: null}
    },
    async asyncConfig() {
      asked.push('async config')
      return asyncConfig
    },
  }
  return {asked, facts: told as Facts}
}

const queue = (name: string, visible: number, deadLetterArn: string | null = null): Known<QueueState> => ({
  value: {arn: queueArn(name), visible, inFlight: 0, delayed: 0, deadLetterArn},
})
const reads = (...sources: readonly string[]): Known<ReadonlyMap<string, readonly EventSource[]>> => ({
  value: new Map([
    [
      'worker',
      sources.map(sourceArn => ({
        uuid: 'u',
        functionName: 'worker',
        qualifier: null,
        sourceArn,
        state: 'Enabled',
        lastProcessingResult: null,
      })),
    ],
  ]),
})
const onFailure = (onFailureArn: string): Known<AsyncConfig> => ({
  value: {qualifier: null, onSuccessArn: null, onFailureArn, maximumEventAgeSeconds: null, maximumRetryAttempts: null},
})

test('messages of the dead-letter queue, the failure destination and a source’s redrive are counted, each queue once', async () => {
  const {facts: told} = facts({
    queues: {
      [queueArn('dlq')]: queue('dlq', 3),
      [queueArn('orders')]: queue('orders', 900, queueArn('orders-dlq')),
      [queueArn('orders-dlq')]: queue('orders-dlq', 40),
    },
    asyncConfig: onFailure(queueArn('dlq')),
  })
  const fn = fleetFunction('worker', {deadLetterArn: queueArn('dlq')})
  expect(await deadLettersOf(told, fn, {eventSources: reads(queueArn('orders')), isAsync: true})).toEqual({
    waiting: {value: 43},
    queues: [queueArn('dlq'), queueArn('orders-dlq')],
  })
})

test('topics keep no messages, and a function without a queue has none: that is known', async () => {
  const {facts: told, asked} = facts({})
  const fn = fleetFunction('worker', {deadLetterArn: 'arn:aws:sns:eu-west-1:123456789012:failures'})
  const sources = reads('arn:aws:kinesis:eu-west-1:123456789012:stream/clicks')
  expect(await deadLettersOf(told, fn, {eventSources: sources, isAsync: false})).toEqual({
    waiting: {value: null},
    queues: [],
  })
  expect(asked).toEqual([])
})

test('what cannot be asked makes the number unknown, not smaller', async () => {
  const denied = {unknown: 'denied', detail: 'needs sqs:GetQueueAttributes'} as const
  const {facts: told} = facts({queues: {[queueArn('dlq')]: denied}})
  const fn = fleetFunction('worker', {deadLetterArn: queueArn('dlq')})
  const asked = {eventSources: reads(), isAsync: false}
  expect((await deadLettersOf(told, fn, asked)).waiting).toEqual(denied)
  const lost = {unknown: 'denied', detail: 'needs lambda:ListEventSourceMappings'} as const
  expect((await deadLettersOf(told, fleetFunction('other'), {...asked, eventSources: lost})).waiting).toEqual(lost)
})
