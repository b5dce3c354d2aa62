import {
  GetAliasCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListAliasesCommand,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
  type ListFunctionsCommandInput,
  ListTagsCommand,
  ListVersionsByFunctionCommand,
  paginateListFunctions,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda'
import {describe, expect, test} from 'vitest'
import type {SandboxEventSourceMapping} from '../../../src/sandbox/world/sandbox-resources.ts'
import {makeFunction, makeVersion, noon} from '../hand-made-world.ts'
import {refusal, serve} from '../running.ts'

const arn = (rest: string) => `arn:aws:lambda:eu-west-1:123456789012:function:${rest}`

const checkout = makeFunction({
  name: 'checkout',
  description: 'takes orders',
  logFormat: 'JSON',
  tags: {team: 'shop'},
  reservedConcurrency: 20,
  versions: [
    makeVersion(),
    makeVersion({version: '1', memorySizeMB: 512}),
    makeVersion({version: '2', description: 'faster'}),
  ],
  aliases: [
    {name: 'live', description: 'serves', version: '1', weights: {2: 0.1}, revisionId: 'r1'},
    {name: 'next', description: '', version: '2', weights: {}, revisionId: 'r2'},
  ],
})

describe('ListFunctions', () => {
  const many = Array.from({length: 70}, (_, index) => makeFunction({name: `f${index}`}))

  test('50 functions come in a page, whatever MaxItems says above that', async () => {
    const {connect} = await serve({functions: many})
    const sizes: number[] = []
    for await (const page of paginateListFunctions({client: connect(LambdaClient), pageSize: 500}, {}))
      sizes.push(page.Functions?.length ?? 0)
    expect(sizes).toEqual([50, 20])
  })

  test('a smaller MaxItems is honoured', async () => {
    const {connect} = await serve({functions: many})
    const answer = await connect(LambdaClient).send(new ListFunctionsCommand({MaxItems: 7}))
    expect(answer.Functions).toHaveLength(7)
    expect(answer.NextMarker).toBeDefined()
  })

  test('a listed function has the fields recorded from AWS: no state, no last update, an unqualified ARN', async () => {
    const {connect} = await serve({functions: [makeFunction({name: 'plain'})]})
    const answer = await connect(LambdaClient).send(new ListFunctionsCommand({}))
    expect(answer.NextMarker).toBeUndefined()
    expect(answer.Functions).toEqual([
      {
        Architectures: ['x86_64'],
        CodeSha256: 'n1sNdqPFyoBTnCQEBF7yLpjVW0yhuPGUvWwIHFOAgbY=',
        CodeSize: 12_345,
        Description: '',
        EphemeralStorage: {Size: 512},
        FunctionArn: arn('plain'),
        FunctionName: 'plain',
        Handler: 'index.handler',
        LastModified: '2026-08-09T12:00:00.000+0000',
        LoggingConfig: {LogFormat: 'Text', LogGroup: '/aws/lambda/plain'},
        MemorySize: 256,
        PackageType: 'Zip',
        RevisionId: '0d8c1c3e-7a63-4a6e-9f39-2d3a1f6f8e11',
        Role: 'arn:aws:iam::123456789012:role/plain',
        Runtime: 'nodejs24.x',
        SnapStart: {ApplyOn: 'None', OptimizationStatus: 'Off'},
        Timeout: 5,
        TracingConfig: {Mode: 'PassThrough'},
        Version: '$LATEST',
      },
    ])
  })

  test('FunctionVersion ALL lists every version under its qualified ARN', async () => {
    const {connect} = await serve({functions: [checkout]})
    const answer = await connect(LambdaClient).send(new ListFunctionsCommand({FunctionVersion: 'ALL'}))
    expect(answer.Functions?.map(fn => fn.FunctionArn)).toEqual([
      arn('checkout:$LATEST'),
      arn('checkout:1'),
      arn('checkout:2'),
    ])
  })

  test('an unknown FunctionVersion is refused in the recorded words', async () => {
    const {connect} = await serve({})
    expect(
      await refusal(connect(LambdaClient).send(new ListFunctionsCommand({FunctionVersion: 'invalid' as 'ALL'}))),
    ).toMatchObject({
      name: 'ValidationException',
      message:
        "1 validation error detected: Value 'invalid' at 'functionVersion' failed to satisfy constraint: Member must satisfy enum value set: [ALL]",
      status: 400,
    })
  })

  test('an image has neither runtime nor handler, and a VPC, layers and a dead letter queue show', async () => {
    const packed = makeFunction({
      name: 'packed',
      packageType: 'Image',
      layers: ['arn:aws:lambda:eu-west-1:123456789012:layer:otel:3'],
      deadLetterArn: 'arn:aws:sqs:eu-west-1:123456789012:dead',
      vpc: {subnetIds: ['subnet-1'], securityGroupIds: ['sg-1'], vpcId: 'vpc-1'},
    })
    const {connect} = await serve({functions: [packed]})
    const [fn] = (await connect(LambdaClient).send(new ListFunctionsCommand({}))).Functions ?? []
    expect(fn).not.toHaveProperty('Runtime')
    expect(fn).toMatchObject({
      VpcConfig: {VpcId: 'vpc-1'},
      DeadLetterConfig: {TargetArn: packed.deadLetterArn},
      Layers: [{Arn: packed.layers[0]}],
    })
  })
})

describe('replicas of Lambda@Edge', () => {
  const replica = makeFunction({
    name: 'us-east-1.viewer-auth',
    masterArn: 'arn:aws:lambda:us-east-1:123456789012:function:viewer-auth',
    versions: [makeVersion({version: '3'})],
  })
  const list = async (input: ListFunctionsCommandInput) => {
    const {connect} = await serve({functions: [makeFunction({name: 'plain'})], replicas: [replica]})
    return connect(LambdaClient).send(new ListFunctionsCommand(input))
  }

  test('are listed only where a master region is asked for, with the ARN of what they replicate', async () => {
    const namesOf = async (input: ListFunctionsCommandInput) =>
      (await list(input)).Functions?.map(fn => [fn.FunctionName, fn.MasterArn])
    const master = ['us-east-1.viewer-auth', 'arn:aws:lambda:us-east-1:123456789012:function:viewer-auth:3']
    expect(await namesOf({FunctionVersion: 'ALL'})).toEqual([['plain', undefined]])
    expect(await namesOf({FunctionVersion: 'ALL', MasterRegion: 'ALL'})).toEqual([['plain', undefined], master])
    expect(await namesOf({FunctionVersion: 'ALL', MasterRegion: 'us-east-1'})).toEqual([master])
    expect(await namesOf({FunctionVersion: 'ALL', MasterRegion: 'us-west-2'})).toEqual([])
  })

  test('are there for who knows their name, though they have no $LATEST', async () => {
    const {connect} = await serve({replicas: [replica]})
    const client = connect(LambdaClient)
    const got = await client.send(new GetFunctionConfigurationCommand({FunctionName: replica.name}))
    expect(got).toMatchObject({Version: '3', FunctionArn: arn(replica.name)})
    const listed = await client.send(new ListVersionsByFunctionCommand({FunctionName: replica.name}))
    expect(listed.Versions?.map(({Version}) => Version)).toEqual(['3'])
  })

  test('are not listed without their versions', async () => {
    expect(await refusal(list({MasterRegion: 'ALL'}))).toMatchObject({name: 'InvalidParameterValueException'})
  })
})

describe('GetFunction and GetFunctionConfiguration', () => {
  test('name, partial ARN and ARN, qualified or not, mean the same function', async () => {
    const {connect} = await serve({functions: [checkout]})
    const client = connect(LambdaClient)
    const get = async (FunctionName: string, Qualifier?: string) => {
      const {FunctionArn, Version} = await client.send(new GetFunctionConfigurationCommand({FunctionName, Qualifier}))
      return [FunctionArn, Version]
    }
    for (const name of ['checkout', '123456789012:function:checkout', 'function:checkout', arn('checkout')])
      expect(await get(name)).toEqual([arn('checkout'), '$LATEST'])
    expect(await get('checkout', '$LATEST')).toEqual([arn('checkout:$LATEST'), '$LATEST'])
    expect(await get('checkout:2')).toEqual([arn('checkout:2'), '2'])
    expect(await get(arn('checkout:live'))).toEqual([arn('checkout:live'), '1'])
    expect(await get('checkout', 'next')).toEqual([arn('checkout:next'), '2'])
    expect(await get('checkout:live', 'live')).toEqual([arn('checkout:live'), '1'])
  })

  test('GetFunction adds state, last update, code, tags and concurrency', async () => {
    const {connect} = await serve({functions: [checkout]})
    const answer = await connect(LambdaClient).send(new GetFunctionCommand({FunctionName: 'checkout', Qualifier: '2'}))
    expect(answer.Configuration).toMatchObject({
      State: 'Active',
      LastUpdateStatus: 'Successful',
      Description: 'faster',
      LoggingConfig: {
        LogFormat: 'JSON',
        LogGroup: '/aws/lambda/checkout',
        ApplicationLogLevel: 'INFO',
        SystemLogLevel: 'INFO',
      },
      RuntimeVersionConfig: {
        RuntimeVersionArn: expect.stringMatching(/^arn:aws:lambda:eu-west-1::runtime:[\da-f]{64}$/),
      },
    })
    expect(answer.Code).toMatchObject({RepositoryType: 'S3'})
    expect(answer.Tags).toEqual({team: 'shop'})
    expect(answer.Concurrency).toEqual({ReservedConcurrentExecutions: 20})
  })

  test('an inactive function says why, and a list does not say that it is', async () => {
    const {connect} = await serve({functions: [makeFunction({name: 'old', state: 'Inactive'})]})
    const client = connect(LambdaClient)
    expect(await client.send(new GetFunctionConfigurationCommand({FunctionName: 'old'}))).toMatchObject({
      State: 'Inactive',
      StateReasonCode: 'Idle',
      StateReason: 'The function is currently idle.',
    })
    const [listed] = (await client.send(new ListFunctionsCommand({}))).Functions ?? []
    expect(listed).not.toHaveProperty('State')
    expect(listed).not.toHaveProperty('StateReasonCode')
  })

  test('the log level of Lambda’s own lines shows in the configuration and in the list', async () => {
    const quiet = makeFunction({name: 'quiet', logFormat: 'JSON', systemLogLevel: 'WARN'})
    const {connect} = await serve({functions: [quiet]})
    const client = connect(LambdaClient)
    const got = await client.send(new GetFunctionConfigurationCommand({FunctionName: 'quiet'}))
    const [listed] = (await client.send(new ListFunctionsCommand({}))).Functions ?? []
    for (const fn of [got, listed]) expect(fn?.LoggingConfig).toMatchObject({LogFormat: 'JSON', SystemLogLevel: 'WARN'})
  })

  const notFound = {name: 'ResourceNotFoundException', status: 404}
  const cases: readonly (readonly [string, string, string | undefined, object])[] = [
    ['a missing function', 'none', undefined, {...notFound, message: `Function not found: ${arn('none')}`}],
    ['a missing version', 'checkout', '1221', {...notFound, message: `Function not found: ${arn('checkout:1221')}`}],
    [
      'a missing alias by ARN',
      arn('checkout:gone'),
      undefined,
      {...notFound, message: `Function not found: ${arn('checkout:gone')}`},
    ],
    [
      '$latest in lower case',
      'checkout',
      '$latest',
      {...notFound, message: `Function not found: ${arn('checkout:$latest')}`},
    ],
    [
      'another region',
      'arn:aws:lambda:us-east-1:123456789012:function:checkout',
      undefined,
      {...notFound, message: "Functions from 'us-east-1' are not reachable in this region ('eu-west-1')"},
    ],
    [
      'two qualifiers',
      'checkout:live',
      '1',
      {
        name: 'InvalidParameterValueException',
        status: 400,
        message: 'The derived qualifier from the function name does not match the specified qualifier.',
      },
    ],
    [
      'a bad name',
      'my-function!',
      undefined,
      {
        name: 'ValidationException',
        status: 400,
        message: expect.stringContaining("Value 'my-function!' at 'functionName'"),
      },
    ],
    [
      'a bad qualifier',
      'checkout',
      'invalid!',
      {
        name: 'ValidationException',
        status: 400,
        message:
          "1 validation error detected: Value 'invalid!' at 'qualifier' failed to satisfy constraint: Member must satisfy regular expression pattern: \\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+",
      },
    ],
  ]

  test.each(cases)('%s is refused in the recorded words', async (_what, FunctionName, Qualifier, expected) => {
    const {connect} = await serve({functions: [checkout]})
    expect(await refusal(connect(LambdaClient).send(new GetFunctionCommand({FunctionName, Qualifier})))).toMatchObject(
      expected,
    )
  })

  test('an error of the model is its class and carries Type', async () => {
    const {connect} = await serve({})
    const call = connect(LambdaClient).send(new GetFunctionCommand({FunctionName: 'none'}))
    await expect(call).rejects.toBeInstanceOf(ResourceNotFoundException)
    await expect(call).rejects.toMatchObject({Type: 'User'})
  })
})

describe('aliases, versions, tags and event source mappings', () => {
  test('an alias with weights has a RoutingConfig, one without has none', async () => {
    const {connect} = await serve({functions: [checkout]})
    const client = connect(LambdaClient)
    const live = await client.send(new GetAliasCommand({FunctionName: 'checkout', Name: 'live'}))
    expect(live).toMatchObject({
      AliasArn: arn('checkout:live'),
      FunctionVersion: '1',
      RoutingConfig: {AdditionalVersionWeights: {2: 0.1}},
      RevisionId: 'r1',
    })
    expect(await client.send(new GetAliasCommand({FunctionName: 'checkout', Name: 'next'}))).not.toHaveProperty(
      'RoutingConfig',
    )
    expect(await refusal(client.send(new GetAliasCommand({FunctionName: 'checkout', Name: 'none'})))).toMatchObject({
      name: 'ResourceNotFoundException',
      message: `Cannot find alias arn: ${arn('checkout:none')}`,
    })
  })

  test('aliases are listed, all or those of a version', async () => {
    const {connect} = await serve({functions: [checkout]})
    const client = connect(LambdaClient)
    const names = async (FunctionVersion?: string) =>
      (await client.send(new ListAliasesCommand({FunctionName: 'checkout', FunctionVersion}))).Aliases?.map(
        alias => alias.Name,
      )
    expect(await names()).toEqual(['live', 'next'])
    expect(await names('2')).toEqual(['next'])
  })

  test('versions are listed from $LATEST on, page by page', async () => {
    const {connect} = await serve({functions: [checkout]})
    const client = connect(LambdaClient)
    const first = await client.send(new ListVersionsByFunctionCommand({FunctionName: 'checkout', MaxItems: 2}))
    const second = await client.send(
      new ListVersionsByFunctionCommand({FunctionName: 'checkout', MaxItems: 2, Marker: first.NextMarker}),
    )
    expect([first, second].map(page => page.Versions?.map(version => version.FunctionArn))).toEqual([
      [arn('checkout:$LATEST'), arn('checkout:1')],
      [arn('checkout:2')],
    ])
    expect(second.NextMarker).toBeUndefined()
  })

  test('tags are read by the unqualified ARN only', async () => {
    const {connect} = await serve({functions: [checkout]})
    const tags = (Resource: string) => connect(LambdaClient).send(new ListTagsCommand({Resource}))
    expect((await tags(arn('checkout'))).Tags).toEqual({team: 'shop'})
    expect(await refusal(tags(arn('checkout:1')))).toMatchObject({
      name: 'InvalidParameterValueException',
      message: 'Tags on function aliases and versions are not supported. Please specify a function ARN.',
    })
    expect(await refusal(tags(arn('none')))).toMatchObject({
      name: 'ResourceNotFoundException',
      message: `Function not found: ${arn('none')}`,
    })
    expect((await refusal(tags('arn:aws:lambda:eu-west-1:123456789012:foobar:x'))).message).toMatch(
      /^1 validation error detected: Value .* at 'resource'/,
    )
  })

  test('mappings are listed by function, qualifier or source, with LastModified as a date', async () => {
    const mapping = (uuid: string, qualifier: string | null, queue: string): SandboxEventSourceMapping => ({
      uuid,
      functionName: 'checkout',
      qualifier,
      eventSourceArn: `arn:aws:sqs:eu-west-1:123456789012:${queue}`,
      state: 'Enabled',
      batchSize: 10,
      lastModified: noon - 1500,
      lastProcessingResult: 'OK',
    })
    const mappings = [mapping('u1', 'live', 'orders'), mapping('u2', null, 'returns')]
    const {connect} = await serve({functions: [checkout], mappings})
    const list = async (input: object) =>
      (await connect(LambdaClient).send(new ListEventSourceMappingsCommand(input))).EventSourceMappings
    const uuids = async (input: object) => (await list(input))?.map(each => each.UUID)
    expect(await uuids({})).toEqual(['u1', 'u2'])
    expect(await uuids({FunctionName: 'checkout:live'})).toEqual(['u1'])
    expect(await uuids({FunctionName: arn('checkout')})).toEqual(['u2'])
    expect(await uuids({EventSourceArn: mappings[1]?.eventSourceArn})).toEqual(['u2'])
    expect((await list({}))?.[0]).toMatchObject({
      FunctionArn: arn('checkout:live'),
      LastModified: new Date(noon - 1500),
    })
  })
})
