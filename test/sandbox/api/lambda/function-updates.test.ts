import {createHash} from 'node:crypto'
import {UpdateFunctionCodeCommand, UpdateFunctionConfigurationCommand} from '@aws-sdk/client-lambda'
import {describe, expect, test} from 'vitest'
import {refusal} from '../../running.ts'
import {arn, lambda, zip} from './writing.ts'

describe('an update', () => {
  test('takes a moment in which there is no other; its RevisionId changes again when it settles (case T22)', async () => {
    const {client, world, configuration, settle, update, publish} = await lambda()
    const before = await configuration('checkout-api')
    const answer = await update('checkout-api', 2048, before.RevisionId)
    expect(answer).toMatchObject({
      MemorySize: 2048,
      State: 'Active',
      LastUpdateStatus: 'InProgress',
      LastUpdateStatusReason: 'The function is being created.',
      LastUpdateStatusReasonCode: 'Creating',
    })
    expect(answer.RevisionId).not.toBe(before.RevisionId)
    expect(world.servingFunction('checkout-api')?.versions[0]?.memorySizeMB).toBe(before.MemorySize)
    const code = () => client.send(new UpdateFunctionCodeCommand({FunctionName: 'checkout-api', ZipFile: zip}))
    for (const refused of [() => update('checkout-api', 512), () => publish('checkout-api'), code])
      expect(await refusal(refused())).toMatchObject({
        name: 'ResourceConflictException',
        status: 409,
        message: `The operation cannot be performed at this time. An update is in progress for resource: ${arn('checkout-api')}`,
      })
    settle()
    const after = await configuration('checkout-api')
    expect(after).toMatchObject({MemorySize: 2048, LastUpdateStatus: 'Successful'})
    expect(after.LastUpdateStatusReason).toBeUndefined()
    expect(after.RevisionId).not.toBe(answer.RevisionId)
    expect(world.servingFunction('checkout-api')?.versions[0]?.memorySizeMB).toBe(2048)
    expect(await refusal(update('checkout-api', 512, answer.RevisionId))).toMatchObject({
      name: 'PreconditionFailedException',
      status: 412,
      message:
        'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
    })
    expect((await update('checkout-api', 512, after.RevisionId)).MemorySize).toBe(512)
  })

  test('leaves published versions as they were, and what it does not name', async () => {
    const {client, configuration, settle} = await lambda()
    const [latest, live] = [await configuration('checkout-api'), await configuration('checkout-api', '42')]
    await client.send(
      new UpdateFunctionConfigurationCommand({
        FunctionName: 'checkout-api',
        Timeout: 9,
        Handler: 'other.handler',
        Environment: {Variables: {A: '1'}},
        LoggingConfig: {LogFormat: 'JSON', SystemLogLevel: 'WARN'},
      }),
    )
    settle()
    const {$metadata: _, ...kept} = await configuration('checkout-api', '42')
    expect(live).toMatchObject(kept)
    expect(await configuration('checkout-api')).toMatchObject({
      Timeout: 9,
      Handler: 'other.handler',
      Environment: {Variables: {A: '1'}},
      LoggingConfig: {LogFormat: 'JSON', SystemLogLevel: 'WARN', ApplicationLogLevel: 'INFO'},
      MemorySize: latest.MemorySize,
      Role: latest.Role,
      CodeSha256: latest.CodeSha256,
    })
  })

  test('of memory goes to the quota of the account (case T21)', async () => {
    const {update} = await lambda({memoryQuotaMB: 3008})
    expect((await update('checkout-api', 3008)).MemorySize).toBe(3008)
    expect(await refusal(update('cart-api', 3009))).toMatchObject({
      name: 'InvalidParameterValueException',
      status: 400,
      message: "'MemorySize' value failed to satisfy constraint: Member must have value less than or equal to 3008",
    })
  })

  test('of the code changes CodeSha256, and what is published next is new', async () => {
    const {client, configuration, settle, publish} = await lambda()
    await client.send(new UpdateFunctionCodeCommand({FunctionName: 'checkout-api', ZipFile: zip}))
    settle()
    const sha256 = createHash('sha256').update(zip).digest('base64')
    expect((await configuration('checkout-api')).CodeSha256).toBe(sha256)
    expect(await publish('checkout-api')).toMatchObject({Version: '43', CodeSha256: sha256})
    expect((await configuration('checkout-api', '42')).CodeSha256).not.toBe(sha256)
  })
})
