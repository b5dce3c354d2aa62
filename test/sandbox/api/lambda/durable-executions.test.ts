import {
  ListDurableExecutionsByFunctionCommand,
  type ListDurableExecutionsByFunctionCommandInput,
  paginateListDurableExecutionsByFunction,
} from '@aws-sdk/client-lambda'
import {expect, test} from 'vitest'
import {refusal} from '../../running.ts'
import {arn, lambda} from './writing.ts'

test('durable executions go on on the version that began them, whatever its alias serves now', async () => {
  const {client, clock, world} = await lambda()
  const running = async (version: string) => {
    const input = {FunctionName: 'cart-api', Qualifier: version, Statuses: ['RUNNING' as const]}
    const pages = await Array.fromAsync(paginateListDurableExecutionsByFunction({client}, input))
    return pages.flatMap(({DurableExecutions = []}) => DurableExecutions)
  }
  world.updateAlias('cart-api', 'live', {version: '64', weights: {}})
  clock.at += 30 * 60_000
  world.updateAlias('cart-api', 'live', {version: '62', weights: {}})
  clock.at += 60_000
  const left = await running('64')
  expect(left.length).toBeGreaterThan(1)
  expect(left[0]).toMatchObject({
    DurableExecutionArn: expect.stringMatching(
      /^arn:aws:lambda:eu-west-1:123456789012:function:cart-api:64\/durable-execution\/changed-[0-9a-f]{8}\/[0-9a-f-]{36}$/,
    ),
    FunctionArn: arn('cart-api:64'),
    Status: 'RUNNING',
    StartTimestamp: expect.any(Date),
  })
  clock.at += 3 * 3_600_000
  expect(await running('64')).toEqual([])
  expect((await running('62')).length).toBeGreaterThan(0)
})

test('durable executions are listed by pages, the newest first, and of a function without any there are none', async () => {
  const {client} = await lambda()
  const list = (input: Partial<ListDurableExecutionsByFunctionCommandInput> = {}) =>
    client.send(new ListDurableExecutionsByFunctionCommand({FunctionName: 'cart-api', ...input}))
  const {DurableExecutions: first = [], NextMarker} = await list({MaxItems: 5})
  const {DurableExecutions: second = []} = await list({MaxItems: 5, Marker: NextMarker})
  const began = [...first, ...second].map(({StartTimestamp}) => StartTimestamp?.getTime() ?? 0)
  expect(began).toHaveLength(10)
  expect(began).toEqual(began.toSorted((x, y) => y - x))
  expect((await list()).DurableExecutions).toHaveLength(100)
  const [oldest] = (await list({ReverseOrder: true, MaxItems: 1})).DurableExecutions ?? []
  expect(oldest).toMatchObject({Status: 'SUCCEEDED', EndTimestamp: expect.any(Date)})
  expect((await list({FunctionName: 'checkout-api'})).DurableExecutions).toEqual([])
  expect(await refusal(list({FunctionName: 'none'}))).toMatchObject({name: 'ResourceNotFoundException', status: 404})
})
