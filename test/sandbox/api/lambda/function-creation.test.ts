import {createHash} from 'node:crypto'
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  DeleteFunctionCommand,
  GetAccountSettingsCommand,
  GetFunctionCommand,
  InvokeCommand,
  ListFunctionsCommand,
  type Runtime,
  TagResourceCommand,
} from '@aws-sdk/client-lambda'
import {GetResourcesCommand, ResourceGroupsTaggingAPIClient} from '@aws-sdk/client-resource-groups-tagging-api'
import {strToU8, zipSync} from 'fflate'
import {describe, expect, test} from 'vitest'
import {refusal} from '../../running.ts'
import {arn, draft, lambda, zip} from './writing.ts'

describe('a function that a client makes', () => {
  test.each(['__proto__', 'constructor', 'toString'])(
    'may be called %s, and so may its variables and tags',
    async name => {
      const {client, settle} = await lambda()
      const Variables = JSON.parse('{"__proto__":"x","constructor":"y"}')
      const Tags = JSON.parse('{"__proto__":"z"}')
      await client.send(new CreateFunctionCommand(draft(name, {Environment: {Variables}, Tags})))
      settle()
      await client.send(new TagResourceCommand({Resource: arn(name), Tags: {constructor: 'a'}}))
      await client.send(new InvokeCommand({FunctionName: name, Payload: '{"simulate":"error"}'}))
      const found = await client.send(new GetFunctionCommand({FunctionName: name}))
      expect(Object.entries(found.Configuration?.Environment?.Variables ?? {}).sort()).toEqual([
        ['__proto__', 'x'],
        ['constructor', 'y'],
      ])
      expect(Object.keys(found.Tags ?? {}).sort()).toEqual(['__proto__', 'constructor'])
    },
  )

  test('is Pending, and then Active with another RevisionId', async () => {
    const {client, configuration, settle, update, publish} = await lambda()
    const made = await client.send(new CreateFunctionCommand(draft('mine', {Description: 'mine', MemorySize: 256})))
    expect(made).toMatchObject({
      $metadata: {httpStatusCode: 201},
      FunctionArn: arn('mine'),
      State: 'Pending',
      StateReason: 'The function is being created.',
      StateReasonCode: 'Creating',
      Version: '$LATEST',
      Description: 'mine',
      MemorySize: 256,
      Timeout: 3,
      CodeSize: zip.length,
      CodeSha256: createHash('sha256').update(zip).digest('base64'),
      Architectures: ['x86_64'],
      LoggingConfig: {LogFormat: 'Text', LogGroup: '/aws/lambda/mine'},
    })
    expect(made.LastUpdateStatus).toBeUndefined()
    for (const refused of [() => update('mine', 512), () => publish('mine')])
      expect(await refusal(refused())).toMatchObject({
        name: 'ResourceConflictException',
        status: 409,
        message:
          'The operation cannot be performed at this time. The function is currently in the following state: Pending',
      })
    settle()
    const active = await configuration('mine')
    expect(active).toMatchObject({State: 'Active', LastUpdateStatus: 'Successful'})
    expect(active.RevisionId).not.toBe(made.RevisionId)
    expect((await configuration('mine')).RevisionId).toBe(active.RevisionId)
  })

  test('is found wherever functions are listed, until it is deleted with everything', async () => {
    const {client, connect, settle, publish} = await lambda()
    const before = await client.send(new GetAccountSettingsCommand({}))
    await client.send(new CreateFunctionCommand(draft('a-mine', {Tags: {'slsops:run': 'r1'}})))
    settle()
    await publish('a-mine')
    const {Functions = []} = await client.send(new ListFunctionsCommand({}))
    expect(Functions.map(({FunctionName}) => FunctionName)).toContain('a-mine')
    const found = () =>
      connect(ResourceGroupsTaggingAPIClient).send(
        new GetResourcesCommand({TagFilters: [{Key: 'slsops:run', Values: ['r1']}]}),
      )
    expect((await found()).ResourceTagMappingList?.map(({ResourceARN}) => ResourceARN)).toEqual([arn('a-mine')])
    const {AccountUsage} = await client.send(new GetAccountSettingsCommand({}))
    expect(AccountUsage?.FunctionCount).toBe((before.AccountUsage?.FunctionCount ?? 0) + 1)

    const deleted = await client.send(new DeleteFunctionCommand({FunctionName: 'a-mine'}))
    expect(deleted.$metadata.httpStatusCode).toBe(204)
    expect((await found()).ResourceTagMappingList).toEqual([])
    expect((await client.send(new GetAccountSettingsCommand({}))).AccountUsage).toEqual(before.AccountUsage)
    for (const Qualifier of [undefined, '1'])
      expect(
        await refusal(client.send(new DeleteFunctionCommand({FunctionName: 'a-mine', ...(Qualifier && {Qualifier})}))),
      ).toMatchObject({
        name: 'ResourceNotFoundException',
        status: 404,
        message: `Function not found: ${arn('a-mine')}`,
      })
  })

  test.each<[string, Partial<CreateFunctionCommandInput>, string, number, string]>([
    [
      'a name that is taken',
      {FunctionName: 'checkout-api'},
      'ResourceConflictException',
      409,
      'Function already exist: checkout-api',
    ],
    [
      'a role that Lambda cannot assume',
      {Role: 'arn:aws:iam::999999999999:role/x'},
      'InvalidParameterValueException',
      400,
      'The role defined for the function cannot be assumed by Lambda.',
    ],
    [
      'no code',
      {Code: {ZipFile: new Uint8Array()}},
      'InvalidParameterValueException',
      400,
      'Uploaded file must be a non-empty zip',
    ],
    [
      'a zip file without files',
      {Code: {ZipFile: zipSync({})}},
      'InvalidParameterValueException',
      400,
      'Uploaded file must be a non-empty zip',
    ],
    [
      'what is no zip file',
      {Code: {ZipFile: strToU8('hello')}},
      'InvalidParameterValueException',
      400,
      'Could not unzip uploaded file. Please check your file, then try to upload again.',
    ],
    [
      'too little memory',
      {MemorySize: 127},
      'ValidationException',
      400,
      "1 validation error detected: Value '127' at 'memorySize' failed to satisfy constraint: Member must have value greater than or equal to 128",
    ],
    [
      'too much memory',
      {MemorySize: 10_241},
      'InvalidParameterValueException',
      400,
      "'MemorySize' value failed to satisfy constraint: Member must have value less than or equal to 10240",
    ],
    [
      'no time',
      {Timeout: 0},
      'ValidationException',
      400,
      "1 validation error detected: Value '0' at 'timeout' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [
      'too much time',
      {Timeout: 901},
      'InvalidParameterValueException',
      400,
      "'Timeout' value failed to satisfy constraint: Member must have value less than or equal to 900",
    ],
    [
      'too many layers',
      {Layers: Array.from({length: 6}, (_, i) => `arn:aws:lambda:eu-west-1:123456789012:layer:l${i}:1`)},
      'InvalidParameterValueException',
      400,
      'Cannot reference more than 5 layers.',
    ],
    [
      "a tag of AWS's own",
      {Tags: {'aws:cloudformation:stack-name': 'x'}},
      'InvalidParameterValueException',
      400,
      'aws: prefixed tag key names are not allowed for external use.',
    ],
    [
      'a runtime that nobody knows',
      {Runtime: 'constructor' as Runtime},
      'InvalidParameterValueException',
      400,
      expect.stringMatching(
        /^Value constructor at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: \[.*nodejs24\.x.*\] or be a valid ARN$/,
      ),
    ],
    [
      'a runtime that has come to its end',
      {Runtime: 'nodejs14.x'},
      'InvalidParameterValueException',
      400,
      'The runtime parameter of nodejs14.x is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.',
    ],
    [
      'a subnet that nobody knows',
      {VpcConfig: {SubnetIds: ['subnet-1'], SecurityGroupIds: []}},
      'InvalidParameterValueException',
      400,
      "Error occurred while DescribeSubnets. EC2 Error Code: InvalidSubnetID.NotFound. EC2 Error Message: The subnet ID 'subnet-1' does not exist",
    ],
  ])('is refused with %s', async (_, more, name, status, message) => {
    const {client} = await lambda()
    expect(await refusal(client.send(new CreateFunctionCommand({...draft('mine'), ...more})))).toMatchObject({
      name,
      status,
      message,
    })
  })

  test('has a name of 64 letters at most', async () => {
    const {client} = await lambda()
    const made = (length: number) => client.send(new CreateFunctionCommand(draft('a'.repeat(length))))
    expect((await made(64)).FunctionName).toHaveLength(64)
    expect(await refusal(made(65))).toMatchObject({
      name: 'InvalidParameterValueException',
      message: `1 validation error detected: Value '${'a'.repeat(65)}' at 'functionName' failed to satisfy constraint: Member must have length less than or equal to 64`,
    })
  })

  test('is refused with an environment above 4 KB, of which AWS says it all', async () => {
    const {client} = await lambda()
    const Variables = {LARGE: 'x'.repeat(4096)}
    expect(
      await refusal(client.send(new CreateFunctionCommand(draft('mine', {Environment: {Variables}})))),
    ).toMatchObject({
      name: 'InvalidParameterValueException',
      message: `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: ${JSON.stringify(Variables)}`,
    })
  })
})
