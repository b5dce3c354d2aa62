import {expect, test} from 'vitest'
import {account, facts, functionArn, notFound, refusing} from './told-facts.ts'

test('details hold what a listing leaves out, and nothing of the code’s place or the environment', async () => {
  const {
    facts: read,
    fn,
    told,
  } = facts({
    GetFunction: () => ({
      Configuration: {
        State: 'Inactive',
        StateReasonCode: 'Idle',
        Environment: {Variables: {SECRET: 'hunter2'}},
      },
      Code: {Location: 'https://bucket.s3.amazonaws.com/x?X-Amz-Signature=abc'},
      Concurrency: {ReservedConcurrentExecutions: 0},
    }),
  })
  expect(await told(read.details(fn))).toEqual({
    value: {state: 'Inactive', stateReasonCode: 'Idle', reservedConcurrency: 0},
  })
})

test('a function that is gone is missing; one that has no policy has no grants', async () => {
  const gone = notFound(`Function not found: ${functionArn('fn')}`)
  const {
    facts: read,
    fn,
    told,
  } = facts({
    GetFunction: refusing(() => gone),
    ListFunctionUrlConfigs: refusing(() => notFound('Function does not exist')),
    ListProvisionedConcurrencyConfigs: refusing(() => gone),
    GetPolicy: refusing(() => notFound('The resource you requested does not exist.')),
    GetFunctionEventInvokeConfig: refusing(() =>
      notFound(`The function ${functionArn('fn')}:$LATEST doesn't have an EventInvokeConfig`),
    ),
    DescribeLogStreams: refusing(() => notFound('The specified log group does not exist.')),
  })
  expect(await told(read.details(fn))).toMatchObject({unknown: 'missing'})
  expect(await told(read.urls(fn))).toEqual({unknown: 'missing', detail: 'Function does not exist'})
  expect(await told(read.provisioned(fn))).toMatchObject({unknown: 'missing'})
  expect(await told(read.policy(fn))).toEqual({value: []})
  expect(await told(read.asyncConfig(fn))).toEqual({value: null})
  expect(await told(read.lastLogEvent(fn))).toEqual({value: null})
})

test('an alias that is gone is missing, and not without a policy', async () => {
  const {
    facts: read,
    fn,
    told,
  } = facts({
    GetPolicy: refusing(() => notFound(`Cannot find alias arn: ${functionArn('fn:live')}`)),
  })
  expect(await told(read.policy(fn, ['live']))).toMatchObject({unknown: 'missing'})
})

test('policies of a function and of its aliases are read together, each grant with where it is', async () => {
  const policy = (service: string) => ({
    Policy: JSON.stringify({
      Statement: [{Effect: 'Allow', Principal: {Service: service}, Action: 'lambda:InvokeFunction'}],
    }),
  })
  const {
    aws,
    facts: read,
    fn,
    told,
  } = facts({
    GetPolicy({input}) {
      if (input['Qualifier'] === 'idle') throw notFound('The resource you requested does not exist.')
      return policy(input['Qualifier'] === 'live' ? 's3.amazonaws.com' : 'sns.amazonaws.com')
    },
  })
  expect(await told(read.policy(fn, ['live', 'idle']))).toEqual({
    value: [
      {principal: 'sns.amazonaws.com', sourceArn: null, qualifier: null},
      {principal: 's3.amazonaws.com', sourceArn: null, qualifier: 'live'},
    ],
  })
  expect(aws.calls.map(({input}) => input['Qualifier'])).toEqual([undefined, 'live', 'idle'])
})

test('a policy that is no JSON is unknown, and its text goes nowhere', async () => {
  const {facts: read, fn, told} = facts({GetPolicy: () => ({Policy: '\u001b[2Jnot json'})})
  expect(await told(read.policy(fn))).toEqual({
    unknown: 'failed',
    detail: 'its resource policy could not be understood',
  })
})

test('versions come with the aliases that serve them, and those with a snapshot are told', async () => {
  const {
    facts: read,
    fn,
    told,
  } = facts({
    ListVersionsByFunction: ({input}) =>
      input['Marker']
        ? {
            Versions: [
              {
                Version: '2',
                MemorySize: 512,
                CodeSize: 20,
                LastModified: 'yesterday',
                SnapStart: {OptimizationStatus: 'On'},
              },
            ],
          }
        : {
            Versions: [
              {
                Version: '$LATEST',
                MemorySize: 256,
                CodeSize: 9,
                LastModified: '2026-11-20T10:00:00.000+0000',
                SnapStart: {ApplyOn: 'PublishedVersions', OptimizationStatus: 'Off'},
              },
              {Version: '1', MemorySize: 128, CodeSize: 10, LastModified: '2026-11-19T10:00:00.000+0000'},
            ],
            NextMarker: 'more',
          },
    ListAliases: () => ({
      Aliases: [
        {Name: 'live', FunctionVersion: '2', RoutingConfig: {AdditionalVersionWeights: {'1': 0.1}}},
        {Name: 'test', FunctionVersion: '$LATEST'},
      ],
    }),
  })
  expect(await told(read.versions(fn))).toEqual({
    value: [
      {
        version: '$LATEST',
        memorySizeMB: 256,
        codeSizeBytes: 9,
        publishedAt: Date.UTC(2026, 10, 20, 10),
        snapStart: false,
        aliases: ['test'],
      },
      {
        version: '1',
        memorySizeMB: 128,
        codeSizeBytes: 10,
        publishedAt: Date.UTC(2026, 10, 19, 10),
        snapStart: false,
        aliases: ['live'],
      },
      {version: '2', memorySizeMB: 512, codeSizeBytes: 20, publishedAt: null, snapStart: true, aliases: ['live']},
    ],
  })
})

test('URLs, provisioned concurrency and the asynchronous configuration are read by alias', async () => {
  const {
    facts: read,
    fn,
    told,
  } = facts({
    ListFunctionUrlConfigs: () => ({
      FunctionUrlConfigs: [
        {FunctionArn: functionArn('fn'), FunctionUrl: 'https://a.lambda-url.eu-west-1.on.aws/', AuthType: 'NONE'},
        {
          FunctionArn: functionArn('fn:live'),
          FunctionUrl: 'https://b.lambda-url.eu-west-1.on.aws/',
          AuthType: 'AWS_IAM',
        },
      ],
    }),
    ListProvisionedConcurrencyConfigs: () => ({
      ProvisionedConcurrencyConfigs: [
        {
          FunctionArn: functionArn('fn:live'),
          RequestedProvisionedConcurrentExecutions: 5,
          AllocatedProvisionedConcurrentExecutions: 3,
          Status: 'IN_PROGRESS',
          LastModified: '2026-11-02T10:00:00+0000',
        },
      ],
    }),
    GetFunctionEventInvokeConfig: ({input}) => ({
      MaximumRetryAttempts: input['Qualifier'] === 'live' ? 0 : 2,
      DestinationConfig: {OnFailure: {Destination: `arn:aws:sqs:eu-west-1:${account}:lost`}},
    }),
  })
  expect(await told(read.urls(fn))).toEqual({
    value: [
      {qualifier: null, url: 'https://a.lambda-url.eu-west-1.on.aws/', authType: 'NONE'},
      {qualifier: 'live', url: 'https://b.lambda-url.eu-west-1.on.aws/', authType: 'AWS_IAM'},
    ],
  })
  expect(await told(read.provisioned(fn))).toEqual({
    value: [
      {
        qualifier: 'live',
        requested: 5,
        allocated: 3,
        status: 'IN_PROGRESS',
        lastModifiedAt: Date.parse('2026-11-02T10:00:00Z'),
      },
    ],
  })
  const config = {
    onSuccessArn: null,
    onFailureArn: `arn:aws:sqs:eu-west-1:${account}:lost`,
    maximumEventAgeSeconds: null,
  }
  expect(await told(read.asyncConfig(fn))).toEqual({value: {qualifier: null, ...config, maximumRetryAttempts: 2}})
  expect(await told(read.asyncConfig(fn, 'live'))).toEqual({
    value: {qualifier: 'live', ...config, maximumRetryAttempts: 0},
  })
})
