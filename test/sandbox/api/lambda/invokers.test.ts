import {
  GetFunctionEventInvokeConfigCommand,
  GetFunctionUrlConfigCommand,
  GetPolicyCommand,
  LambdaClient,
  ListFunctionEventInvokeConfigsCommand,
  ListFunctionUrlConfigsCommand,
} from '@aws-sdk/client-lambda'
import {describe, expect, test} from 'vitest'
import {makeFunction, makeVersion, noon} from '../../hand-made-world.ts'
import {refusal, serve} from '../../running.ts'

const arn = (rest: string) => `arn:aws:lambda:eu-west-1:123456789012:function:${rest}`
const bucket = 'arn:aws:s3:::uploads'
const deadLetters = 'arn:aws:sqs:eu-west-1:123456789012:dead'

const invoked = makeFunction({
  name: 'invoked',
  versions: [makeVersion(), makeVersion({version: '1'})],
  aliases: [{name: 'live', description: '', version: '1', weights: {}, revisionId: 'r1'}],
  grants: [
    {sid: 'uploads', qualifier: null, principal: 's3.amazonaws.com', sourceArn: bucket},
    {sid: 'partner', qualifier: null, principal: '210987654321', sourceArn: null},
    {sid: 'open', qualifier: 'live', principal: '*', sourceArn: null},
  ],
  urls: [
    {qualifier: null, url: 'https://a.lambda-url.eu-west-1.on.aws/', authType: 'AWS_IAM', createdAt: noon},
    {qualifier: 'live', url: 'https://b.lambda-url.eu-west-1.on.aws/', authType: 'NONE', createdAt: noon - 5000},
  ],
  eventInvokeConfigs: [
    {
      qualifier: null,
      maximumRetryAttempts: 0,
      maximumEventAgeSeconds: 60,
      onSuccess: null,
      onFailure: deadLetters,
      lastModified: noon - 1500,
    },
    {
      qualifier: 'live',
      maximumRetryAttempts: 2,
      maximumEventAgeSeconds: 21_600,
      onSuccess: null,
      onFailure: null,
      lastModified: noon,
    },
  ],
})
const functions = [invoked, makeFunction({name: 'plain'})]
const noSuchResource = {
  name: 'ResourceNotFoundException',
  status: 404,
  message: 'The resource you requested does not exist.',
}

describe('GetPolicy', () => {
  test('answers with the policy as text: who may invoke, and from where', async () => {
    const {connect} = await serve({functions})
    const {Policy, RevisionId} = await connect(LambdaClient).send(new GetPolicyCommand({FunctionName: 'invoked'}))
    expect(JSON.parse(Policy ?? '')).toEqual({
      Version: '2012-10-17',
      Id: 'default',
      Statement: [
        {
          Sid: 'uploads',
          Effect: 'Allow',
          Principal: {Service: 's3.amazonaws.com'},
          Action: 'lambda:InvokeFunction',
          Resource: arn('invoked'),
          Condition: {ArnLike: {'AWS:SourceArn': bucket}},
        },
        {
          Sid: 'partner',
          Effect: 'Allow',
          Principal: {AWS: 'arn:aws:iam::210987654321:root'},
          Action: 'lambda:InvokeFunction',
          Resource: arn('invoked'),
        },
      ],
    })
    expect(RevisionId).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
  })

  test('answers for an alias with its own policy alone: everybody may call an open URL', async () => {
    const {connect} = await serve({functions})
    const {Policy} = await connect(LambdaClient).send(
      new GetPolicyCommand({FunctionName: 'invoked', Qualifier: 'live'}),
    )
    expect(JSON.parse(Policy ?? '').Statement).toEqual([
      {
        Sid: 'open',
        Effect: 'Allow',
        Principal: '*',
        Action: 'lambda:InvokeFunctionUrl',
        Resource: arn('invoked:live'),
        Condition: {StringEquals: {'lambda:FunctionUrlAuthType': 'NONE'}},
      },
    ])
  })

  test('refuses a function without a policy, a version without one and a missing function in the same words', async () => {
    const {connect} = await serve({functions})
    const client = connect(LambdaClient)
    for (const input of [
      {FunctionName: 'plain'},
      {FunctionName: 'none'},
      {FunctionName: 'invoked', Qualifier: '1'},
      {FunctionName: 'invoked', Qualifier: '999'},
    ])
      expect(await refusal(client.send(new GetPolicyCommand(input)))).toMatchObject(noSuchResource)
    expect(
      (await refusal(client.send(new GetPolicyCommand({FunctionName: 'invoked:live', Qualifier: '1'})))).message,
    ).toBe('The derived qualifier from the function name does not match the specified qualifier.')
  })
})

describe('function URLs', () => {
  const ofAlias = {
    FunctionUrl: 'https://b.lambda-url.eu-west-1.on.aws/',
    FunctionArn: arn('invoked:live'),
    AuthType: 'NONE',
    InvokeMode: 'BUFFERED',
    CreationTime: '2026-08-10T11:59:55.000Z',
    LastModifiedTime: '2026-08-10T11:59:55.000Z',
  }

  test('are read one by one, and listed page by page', async () => {
    const {connect} = await serve({functions})
    const client = connect(LambdaClient)
    expect(
      await client.send(new GetFunctionUrlConfigCommand({FunctionName: 'invoked', Qualifier: 'live'})),
    ).toMatchObject(ofAlias)
    expect(await client.send(new GetFunctionUrlConfigCommand({FunctionName: 'invoked'}))).toMatchObject({
      FunctionArn: arn('invoked'),
      AuthType: 'AWS_IAM',
    })
    const first = await client.send(new ListFunctionUrlConfigsCommand({FunctionName: 'invoked', MaxItems: 1}))
    const second = await client.send(
      new ListFunctionUrlConfigsCommand({FunctionName: 'invoked', MaxItems: 1, Marker: first.NextMarker}),
    )
    expect(first.FunctionUrlConfigs).toHaveLength(1)
    expect(second.FunctionUrlConfigs).toEqual([ofAlias])
    expect(second.NextMarker).toBeUndefined()
    const none = await client.send(new ListFunctionUrlConfigsCommand({FunctionName: 'plain'}))
    expect(none.FunctionUrlConfigs).toEqual([])
  })

  test('are refused in the recorded words', async () => {
    const {connect} = await serve({functions})
    const client = connect(LambdaClient)
    const get = (FunctionName: string, Qualifier?: string) =>
      refusal(client.send(new GetFunctionUrlConfigCommand({FunctionName, Qualifier})))
    expect(await get('plain')).toMatchObject(noSuchResource)
    expect(await get('none')).toMatchObject(noSuchResource)
    expect(await get('invoked', 'other')).toMatchObject(noSuchResource)
    for (const qualifier of ['1', '$LATEST'])
      expect(await get('invoked', qualifier)).toMatchObject({
        name: 'ValidationException',
        status: 400,
        message: `1 validation error detected: Value '${qualifier}' at 'qualifier' failed to satisfy constraint: Member must satisfy regular expression pattern: ((?!^\\d+$)^[0-9a-zA-Z-_]+$)`,
      })
    expect(await refusal(client.send(new ListFunctionUrlConfigsCommand({FunctionName: 'none'})))).toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Function does not exist',
    })
  })
})

describe('event invoke configurations', () => {
  const unqualified = {
    FunctionArn: arn('invoked:$LATEST'),
    LastModified: new Date(noon - 1500),
    MaximumRetryAttempts: 0,
    MaximumEventAgeInSeconds: 60,
    DestinationConfig: {OnSuccess: {}, OnFailure: {Destination: deadLetters}},
  }

  test('are read one by one, of $LATEST where nothing else is said, and listed', async () => {
    const {connect} = await serve({functions})
    const client = connect(LambdaClient)
    for (const Qualifier of [undefined, '$LATEST'])
      expect(
        await client.send(new GetFunctionEventInvokeConfigCommand({FunctionName: 'invoked', Qualifier})),
      ).toMatchObject(unqualified)
    const listed = await client.send(new ListFunctionEventInvokeConfigsCommand({FunctionName: 'invoked'}))
    expect(listed.FunctionEventInvokeConfigs).toMatchObject([
      unqualified,
      {FunctionArn: arn('invoked:live'), DestinationConfig: {OnSuccess: {}, OnFailure: {}}},
    ])
  })

  test('are refused in the recorded words', async () => {
    const {connect} = await serve({functions})
    const client = connect(LambdaClient)
    const get = async (FunctionName: string, Qualifier?: string) =>
      (await refusal(client.send(new GetFunctionEventInvokeConfigCommand({FunctionName, Qualifier})))).message
    expect(await get('plain')).toBe(`The function ${arn('plain:$LATEST')} doesn't have an EventInvokeConfig`)
    expect(await get('none')).toBe(`The function ${arn('none:$LATEST')} doesn't have an EventInvokeConfig`)
    expect(await get('invoked', '1221')).toBe(`The function ${arn('invoked:1221')} doesn't have an EventInvokeConfig`)
    expect(await refusal(client.send(new ListFunctionEventInvokeConfigsCommand({FunctionName: 'none'})))).toMatchObject(
      {name: 'ResourceNotFoundException', status: 404, message: "The function doesn't exist."},
    )
  })
})
