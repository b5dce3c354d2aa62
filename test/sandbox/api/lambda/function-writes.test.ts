import {
  CreateFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  ListTagsCommand,
  PutFunctionConcurrencyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-lambda'
import {expect, test} from 'vitest'
import {refusal} from '../../running.ts'
import {arn, draft, lambda} from './writing.ts'

test('reserved concurrency is put and taken away, and leaves a hundred for the others', async () => {
  const {client} = await lambda()
  const FunctionName = 'cart-api'
  const put = (ReservedConcurrentExecutions: number) =>
    client.send(new PutFunctionConcurrencyCommand({FunctionName, ReservedConcurrentExecutions}))
  const reserved = async () =>
    (await client.send(new GetFunctionConcurrencyCommand({FunctionName}))).ReservedConcurrentExecutions
  expect((await put(7)).ReservedConcurrentExecutions).toBe(7)
  expect(await reserved()).toBe(7)
  expect(await refusal(put(950))).toMatchObject({
    name: 'InvalidParameterValueException',
    message:
      "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
  })
  expect((await client.send(new DeleteFunctionConcurrencyCommand({FunctionName}))).$metadata.httpStatusCode).toBe(204)
  expect(await reserved()).toBeUndefined()
  const onVersion = new PutFunctionConcurrencyCommand({
    FunctionName: arn('checkout-api:42'),
    ReservedConcurrentExecutions: 1,
  })
  expect(await refusal(client.send(onVersion))).toMatchObject({
    message:
      'This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.',
  })
})

test('tags are added, replaced and taken away, each with another RevisionId', async () => {
  const {client, configuration} = await lambda()
  await client.send(new CreateFunctionCommand(draft('mine', {Tags: {a: '1'}})))
  const Resource = arn('mine')
  const tags = async () => (await client.send(new ListTagsCommand({Resource}))).Tags
  const {RevisionId} = await configuration('mine')
  await client.send(new TagResourceCommand({Resource, Tags: {a: '2', b: '3'}}))
  expect(await tags()).toEqual({a: '2', b: '3'})
  expect((await configuration('mine')).RevisionId).not.toBe(RevisionId)
  await client.send(new UntagResourceCommand({Resource, TagKeys: ['a', 'never']}))
  expect(await tags()).toEqual({b: '3'})
  expect((await client.send(new GetFunctionCommand({FunctionName: 'mine'}))).Tags).toEqual({b: '3'})
  expect(await refusal(client.send(new TagResourceCommand({Resource, Tags: {}})))).toMatchObject({
    message: 'An error occurred and the request cannot be processed.',
  })
  expect(await refusal(client.send(new TagResourceCommand({Resource: `${Resource}:1`, Tags: {a: '1'}})))).toMatchObject(
    {
      message: 'Tags on function aliases and versions are not supported. Please specify a function ARN.',
    },
  )
})

test('writes count to the calls a second of the control plane', async () => {
  const {client} = await lambda({quotas: true, rates: {TagResource: 1}})
  const tag = () => client.send(new TagResourceCommand({Resource: arn('checkout-api'), Tags: {a: '1'}}))
  await tag()
  expect(await refusal(tag())).toMatchObject({name: 'TooManyRequestsException', status: 429})
})
