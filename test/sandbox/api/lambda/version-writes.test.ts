import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
} from '@aws-sdk/client-lambda'
import {describe, expect, test} from 'vitest'
import {refusal} from '../../running.ts'
import {arn, draft, lambda} from './writing.ts'

describe('PublishVersion', () => {
  test('comes with CreateFunction where it is asked for: the version is Pending as long as the function is', async () => {
    const {client, configuration, settle, publish} = await lambda()
    const made = await client.send(new CreateFunctionCommand(draft('mine', {Publish: true})))
    expect(made).toMatchObject({Version: '1', State: 'Pending', StateReasonCode: 'Creating'})
    expect(made.LastUpdateStatus).toBeUndefined()
    settle()
    expect(await configuration('mine', '1')).toMatchObject({State: 'Active', LastUpdateStatus: 'Successful'})
    expect(await publish('mine')).toMatchObject({Version: '1'})
  })

  test('gives the last version again where nothing was changed since, a description of its own or not (case T22)', async () => {
    const {publish, versions, configuration} = await lambda()
    const [before, latest] = [await versions('checkout-api'), await configuration('checkout-api')]
    for (const description of [undefined, 'slsops-tune/r1/512'])
      expect(await publish('checkout-api', description)).toMatchObject({
        $metadata: {httpStatusCode: 201},
        Version: '42',
        FunctionArn: arn('checkout-api:42'),
        Description: 'build 778 (main)',
      })
    expect(await versions('checkout-api')).toEqual(before)
    expect((await configuration('checkout-api')).RevisionId).toBe(latest.RevisionId)
  })

  test('makes a version of what was changed, under a number that is never used again', async () => {
    const {client, publish, versions, update, settle, configuration} = await lambda()
    const before = await versions('checkout-api')
    const {MemorySize = 0} = await configuration('checkout-api')
    await update('checkout-api', 3008)
    settle()
    const settled = await configuration('checkout-api')
    expect(await publish('checkout-api', 'mine')).toMatchObject({
      Version: '43',
      MemorySize: 3008,
      Description: 'mine',
      State: 'Active',
      LastUpdateStatus: 'Successful',
    })
    // as AWS was recorded: publishing gives $LATEST another revision as well
    expect((await configuration('checkout-api')).RevisionId).not.toBe(settled.RevisionId)
    expect((await publish('checkout-api')).Version).toBe('43')
    await client.send(new DeleteFunctionCommand({FunctionName: 'checkout-api', Qualifier: '43'}))
    expect(await versions('checkout-api')).toEqual(before)
    expect((await publish('checkout-api')).Version).toBe('44')
    await client.send(new DeleteFunctionCommand({FunctionName: 'checkout-api', Qualifier: '44'}))
    await update('checkout-api', MemorySize)
    settle()
    expect((await publish('checkout-api')).Version).toBe('42')
  })

  test('refuses other code and another revision than the caller knows', async () => {
    const {client, configuration} = await lambda()
    const {CodeSha256} = await configuration('checkout-api')
    const publish = (guard: object) => client.send(new PublishVersionCommand({FunctionName: 'checkout-api', ...guard}))
    expect(await refusal(publish({CodeSha256: 'other'}))).toMatchObject({
      name: 'InvalidParameterValueException',
      message: `CodeSHA256 (other) is different from current CodeSHA256 in $LATEST (${CodeSha256}). Please try again with the CodeSHA256 in $LATEST.`,
    })
    expect(await refusal(publish({RevisionId: 'other'}))).toMatchObject({
      name: 'PreconditionFailedException',
      status: 412,
    })
  })

  test('makes a snapshot first where the function has SnapStart', async () => {
    const {client, publish, settle, configuration} = await lambda()
    await client.send(
      new CreateFunctionCommand(draft('snapped', {Runtime: 'java21', SnapStart: {ApplyOn: 'PublishedVersions'}})),
    )
    settle()
    expect(await publish('snapped')).toMatchObject({Version: '1', State: 'Pending', StateReasonCode: 'Creating'})
    settle()
    expect(await configuration('snapped', '1')).toMatchObject({
      State: 'Active',
      SnapStart: {ApplyOn: 'PublishedVersions', OptimizationStatus: 'On'},
    })
  })
})

describe('DeleteFunction', () => {
  test('and updates leave replicas of Lambda@Edge alone', async () => {
    const {client, update} = await lambda()
    const FunctionName = 'us-east-1.viewer-auth'
    for (const call of [() => client.send(new DeleteFunctionCommand({FunctionName})), () => update(FunctionName, 256)])
      expect(await refusal(call())).toMatchObject({
        name: 'InvalidParameterValueException',
        message: expect.stringContaining('because it is a replicated function'),
      })
  })

  test('keeps a version that an alias refers to, and $LATEST', async () => {
    const {client} = await lambda()
    const deleted = (Qualifier: string) =>
      client.send(new DeleteFunctionCommand({FunctionName: 'checkout-api', Qualifier}))
    expect(await refusal(deleted('42'))).toMatchObject({
      name: 'ResourceConflictException',
      status: 409,
      message: 'Unable to delete version because the following aliases reference it: [live]',
    })
    expect(await refusal(deleted('$LATEST'))).toMatchObject({
      name: 'InvalidParameterValueException',
      message: '$LATEST version cannot be deleted without deleting the function.',
    })
    expect((await deleted('4711')).$metadata.httpStatusCode).toBe(204)
  })
})

test('case 7: of 60 versions 50 come in a page, however many are asked for, and the newest is on the second', async () => {
  const {client, settle, world} = await lambda()
  await client.send(new CreateFunctionCommand(draft('mine')))
  for (let i = 1; i <= 60; i++) {
    settle()
    world.updateConfiguration('mine', {memorySizeMB: 128 + i})
    settle()
    world.publishVersion('mine', null)
  }
  const list = (Marker?: string) =>
    client.send(new ListVersionsByFunctionCommand({FunctionName: 'mine', MaxItems: 10_000, Marker}))
  const first = await list()
  const second = await list(first.NextMarker)
  const numbers = [first, second].map(({Versions = []}) => Versions.map(({Version}) => Version))
  expect(numbers[0]).toEqual(['$LATEST', ...Array.from({length: 49}, (_, i) => String(i + 1))])
  expect(numbers[1]).toEqual(Array.from({length: 11}, (_, i) => String(i + 50)))
  expect(second.NextMarker).toBeUndefined()
})
