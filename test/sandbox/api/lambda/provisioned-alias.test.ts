import {
  CreateAliasCommand,
  DeleteAliasCommand,
  DeleteProvisionedConcurrencyConfigCommand,
  GetAliasCommand,
  GetProvisionedConcurrencyConfigCommand,
  InvokeCommand,
  ListAliasesCommand,
  PutProvisionedConcurrencyConfigCommand,
  UpdateAliasCommand,
  type UpdateAliasCommandInput,
} from '@aws-sdk/client-lambda'
import {expect, test} from 'vitest'
import {refusal} from '../../running.ts'
import {lambda} from './writing.ts'

const allocationMs = 90_000

/** Alias `live` of `inventory`, which has provisioned concurrency of 4 and serves version 17. */
async function inventory() {
  const server = await lambda({liveTick: async () => undefined})
  const {client} = server
  const ofLive = {FunctionName: 'inventory', Name: 'live'}
  const config = {FunctionName: 'inventory', Qualifier: 'live'}
  const read = async () => {
    const {FunctionVersion, RoutingConfig, RevisionId} = await client.send(new GetAliasCommand(ofLive))
    return {version: FunctionVersion, weights: RoutingConfig?.AdditionalVersionWeights, revision: RevisionId}
  }
  const write = (input: Partial<UpdateAliasCommandInput>) => client.send(new UpdateAliasCommand({...ofLive, ...input}))
  const allocated = async () => {
    const {Status, AllocatedProvisionedConcurrentExecutions} = await client.send(
      new GetProvisionedConcurrencyConfigCommand(config),
    )
    return [Status, AllocatedProvisionedConcurrentExecutions]
  }
  const put = (ProvisionedConcurrentExecutions: number) =>
    client.send(new PutProvisionedConcurrencyConfigCommand({...config, ProvisionedConcurrentExecutions}))
  return {...server, ofLive, config, read, write, allocated, put}
}

test('case 8: an alias that is moved shows the version before, which is invoked, until the new one is allocated', async () => {
  const {client, clock, ofLive, read, write, allocated} = await inventory()
  const invoked = async () =>
    (await client.send(new InvokeCommand({FunctionName: 'inventory', Qualifier: 'live'}))).ExecutedVersion
  expect(await allocated()).toEqual(['READY', 4])
  // the answer to the write does not show it yet, as recorded
  const written = await write({FunctionVersion: '16', RoutingConfig: {AdditionalVersionWeights: {}}})
  expect(written).not.toHaveProperty('RoutingConfig')
  const moving = {version: '16', weights: {17: 1}, revision: written.RevisionId}
  expect(await read()).toEqual(moving)
  expect(await allocated()).toEqual(['IN_PROGRESS', 4])
  expect(await invoked()).toBe('17')
  const {Aliases} = await client.send(new ListAliasesCommand({FunctionName: ofLive.FunctionName}))
  expect(Aliases).toMatchObject([{FunctionVersion: '16', RoutingConfig: {AdditionalVersionWeights: {17: 1}}}])
  const rising = []
  for (let i = 0; i < 3; i++) {
    clock.at += allocationMs / 4
    rising.push(await allocated())
  }
  expect(rising).toEqual([
    ['IN_PROGRESS', 4],
    ['IN_PROGRESS', 0],
    ['IN_PROGRESS', 2],
  ])
  clock.at += allocationMs / 4
  expect(await read()).toEqual({...moving, weights: undefined})
  expect(await allocated()).toEqual(['READY', 4])
  expect(await invoked()).toBe('16')
})

test('going back without a RoutingConfig is refused while it moves, for AWS has put the version there itself', async () => {
  const {read, write} = await inventory()
  await write({FunctionVersion: '16'})
  expect(await refusal(write({FunctionVersion: '17'}))).toMatchObject({
    name: 'InvalidParameterValueException',
    message: 'Invalid function version 17. Function version 17 is already included in routing configuration.',
  })
  await write({FunctionVersion: '17', RoutingConfig: {AdditionalVersionWeights: {}}})
  expect(await read()).toMatchObject({version: '17', weights: undefined})
})

test('it is not managed while the alias has weights, its own or AWS’s', async () => {
  const {read, write, put} = await inventory()
  const refused = {
    name: 'InvalidParameterValueException',
    status: 400,
    message: 'Alias with weights can not be used with Provisioned Concurrency',
  }
  await write({RoutingConfig: {AdditionalVersionWeights: {16: 0.1}}})
  expect(await refusal(put(5))).toMatchObject(refused)
  await write({FunctionVersion: '15', RoutingConfig: {AdditionalVersionWeights: {}}})
  expect(await read()).toMatchObject({weights: {17: 1}})
  expect(await refusal(put(5))).toMatchObject(refused)
})

test('it is put, allocated and taken away again, with the alias too', async () => {
  const {client, clock, config, ofLive, allocated, put} = await inventory()
  await client.send(new DeleteProvisionedConcurrencyConfigCommand(config))
  const none = {name: 'ProvisionedConcurrencyConfigNotFoundException', status: 404}
  expect(await refusal(allocated())).toMatchObject(none)
  const made = await put(2)
  expect(made).toMatchObject({
    Status: 'IN_PROGRESS',
    RequestedProvisionedConcurrentExecutions: 2,
    AllocatedProvisionedConcurrentExecutions: 0,
    AvailableProvisionedConcurrentExecutions: 0,
  })
  expect(made.$metadata.httpStatusCode).toBe(202)
  clock.at += allocationMs
  expect(await allocated()).toEqual(['READY', 2])
  const other = {FunctionName: 'inventory', Name: 'next', FunctionVersion: '17'}
  await client.send(new CreateAliasCommand(other))
  const putOn = (Qualifier: string, ProvisionedConcurrentExecutions = 1) =>
    client.send(
      new PutProvisionedConcurrencyConfigCommand({
        FunctionName: 'inventory',
        Qualifier,
        ProvisionedConcurrentExecutions,
      }),
    )
  expect(await refusal(putOn('next'))).toMatchObject({
    name: 'ResourceConflictException',
    message: "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version",
  })
  expect(await refusal(putOn('17'))).toMatchObject({
    name: 'ResourceConflictException',
    message: 'Version is pointed by a Provisioned Concurrency alias',
  })
  expect(await refusal(putOn('$LATEST'))).toMatchObject({
    message: 'Provisioned Concurrency Configs cannot be applied to unpublished function versions.',
  })
  expect(await refusal(putOn('live', 0))).toMatchObject({name: 'ValidationException'})
  expect(await refusal(putOn('live', 5000))).toMatchObject({message: expect.stringContaining('unreserved concurrency')})
  await client.send(new DeleteAliasCommand(ofLive))
  expect(await refusal(allocated())).toMatchObject({name: 'ResourceNotFoundException'})
})
