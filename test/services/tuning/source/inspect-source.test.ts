import type {FunctionConfiguration} from '@aws-sdk/client-lambda'
import {describe, expect, it} from 'vitest'
import {ExitCode} from '../../../../src/errors.ts'
import type {SelectedFunction} from '../../../../src/services/targets/select-functions.ts'
import {type InspectOptions, inspectSource} from '../../../../src/services/tuning/source/inspect-source.ts'
import {deniedTo, type FakeCall, fakeAccount, now, ongoing} from '../../fleet/fake-account.ts'
import {awsError} from '../../logs/reader/fake-log-groups.ts'

const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:checkout'

const configured = (more: FunctionConfiguration = {}): FunctionConfiguration => ({
  FunctionName: 'checkout',
  FunctionArn: arn,
  Version: '$LATEST',
  Runtime: 'nodejs24.x',
  PackageType: 'Zip',
  Architectures: ['arm64'],
  MemorySize: 1024,
  Timeout: 30,
  CodeSize: 1_000,
  CodeSha256: 'sha',
  State: 'Active',
  LastUpdateStatus: 'Successful',
  ...more,
})

const selected = (more: Partial<SelectedFunction> = {}): SelectedFunction => ({
  name: 'checkout',
  arn,
  version: null,
  alias: null,
  logGroup: '/aws/lambda/checkout',
  logFormat: 'Text',
  configuration: configured(),
  ...more,
})

const Code = {Location: 'https://code.example/checkout?X-Amz-Signature=secret', RepositoryType: 'S3'}
const missing = () => {
  throw awsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404)
}
/** nothing invokes `$LATEST` */
const quiet = {
  GetMetricData: () => ({
    MetricDataResults: [
      {Id: 'm0', StatusCode: 'Complete'},
      {Id: 'm1', StatusCode: 'Complete'},
    ],
  }),
  ListEventSourceMappings: () => ({EventSourceMappings: []}),
  ListFunctionUrlConfigs: () => ({FunctionUrlConfigs: []}),
  ListEventBuses: () => ({EventBuses: []}),
  ListRuleNamesByTarget: () => ({RuleNames: []}),
  ListSchedules: () => ({Schedules: []}),
  GetPolicy: missing,
  ListAliases: () => ({Aliases: []}),
  GetFunctionConcurrency: () => ({}),
  GetAccountSettings: () => ({AccountLimit: {ConcurrentExecutions: 1_000}}),
}

type Answers = Readonly<Record<string, (call: FakeCall) => unknown>>

function inspecting(
  configuration: FunctionConfiguration,
  {
    options = {},
    answers = {},
    of = {},
    found = {},
  }: {options?: Partial<InspectOptions>; answers?: Answers; of?: Partial<SelectedFunction>; found?: object} = {},
) {
  const GetFunction = () => ({Configuration: configuration, Code, Tags: {team: 'shop'}, ...found})
  const aws = fakeAccount({answers: {GetFunction, ...quiet, ...answers}})
  const all = {
    mode: 'shadow',
    tenantId: null,
    allowLatest: false,
    architectures: null,
    concurrency: 1,
    ...options,
  } as const
  return {aws, outcome: aws.fakeClock.outcome(inspectSource(aws, selected(of), all, ongoing()))}
}

const refusal = async ({outcome}: {outcome: Promise<unknown>}) => {
  const error = await outcome.then(
    () => null,
    error => error,
  )
  expect(error).toMatchObject({name: 'UserError'})
  return {text: `${error.message} — ${error.hint}`, exitCode: error.exitCode}
}

describe('what is to be tuned', () => {
  it('is read with its code, tags and settings', async () => {
    const {aws, outcome} = inspecting(configured({EphemeralStorage: {Size: 1024}, SnapStart: {ApplyOn: 'None'}}))
    const {source, notes} = await outcome
    expect(source).toEqual({
      name: 'checkout',
      arn,
      qualifier: null,
      version: '$LATEST',
      configuration: expect.objectContaining({CodeSha256: 'sha'}),
      code: {kind: 'zip', location: Code.Location},
      tags: {team: 'shop'},
      memorySizeMB: 1024,
      architecture: 'arm64',
      timeoutSeconds: 30,
      ephemeralStorageMB: 1024,
      snapStart: false,
    })
    expect(notes).toEqual([expect.stringContaining('AWS_LAMBDA_FUNCTION_NAME')])
    expect(aws.calls.map(({operation}) => operation)).toEqual([
      'GetFunction',
      'GetFunctionConcurrency',
      'GetAccountSettings',
    ])
  })

  it('is an image by its digest', async () => {
    const {outcome} = inspecting(configured({PackageType: 'Image'}), {
      found: {Code: {ImageUri: 'repo:latest', ResolvedImageUri: 'repo@sha256:1'}},
    })
    expect((await outcome).source.code).toEqual({kind: 'image', imageUri: 'repo@sha256:1'})
  })

  it('of an alias is the version of it that was selected', async () => {
    const {aws, outcome} = inspecting(configured({Version: '12'}), {
      of: {version: '12', alias: {name: 'prod', share: 0.9}},
    })
    expect((await outcome).source).toMatchObject({qualifier: 'prod', version: '12'})
    expect(aws.of('GetFunction')[0]?.input).toEqual({FunctionName: 'checkout', Qualifier: '12'})
  })

  it('is $LATEST, unqualified, where that was asked for by name', async () => {
    const {aws, outcome} = inspecting(configured(), {of: {version: '$LATEST'}})
    expect((await outcome).source.qualifier).toBeNull()
    expect(aws.of('GetFunction')[0]?.input).toEqual({FunctionName: 'checkout'})
  })

  it('is not read anew where nothing is invoked', async () => {
    const {aws, outcome} = inspecting(configured(), {options: {mode: 'observe'}})
    expect(await outcome).toMatchObject({source: {version: '$LATEST', memorySizeMB: 1024}, notes: []})
    expect(aws.calls).toEqual([])
  })
})

describe('what cannot be tuned is refused, with what to do', () => {
  const provider = {LambdaManagedInstancesCapacityProviderConfig: {CapacityProviderArn: 'arn:aws:lambda:x'}}
  it.each<[string, FunctionConfiguration, RegExp]>([
    ['Managed Instances', {CapacityProviderConfig: provider}, /runs on Lambda Managed Instances/],
    ['durable functions', {DurableConfig: {ExecutionTimeout: 60}}, /is a durable function/],
    ['replicas of Lambda@Edge', {MasterArn: 'arn:aws:lambda:us-east-1:1:function:m:1'}, /--region us-east-1/],
    [
      'what is being made',
      {State: 'Pending', StateReason: 'The function is being created.'},
      /is Pending, not Active: The function is being created. — .*try again/,
    ],
    ['what sleeps', {State: 'Inactive'}, /is Inactive.* — an invocation wakes it/],
    ['what failed', {State: 'Failed', StateReason: 'no ENI'}, /is Failed, not Active: no ENI/],
    ['a state of which nobody knows', {State: 'Deactivating'}, /is Deactivating, not Active/],
    ['what is being updated', {LastUpdateStatus: 'InProgress'}, /is being updated/],
    ['an update that failed', {LastUpdateStatus: 'Failed', LastUpdateStatusReason: 'no key'}, /came to Failed: no key/],
    ['code too large for a clone', {CodeSize: 60 * 1024 ** 2}, /is 60 MB zipped.* — use --mode versions/],
    [
      'an environment that is hidden',
      {Environment: {Error: {ErrorCode: 'AccessDeniedException'}}},
      /environment variables.*kms:Decrypt/,
    ],
  ])('%s', async (_, more, wanted) => {
    const {text, exitCode} = await refusal(inspecting(configured(more)))
    expect(text).toMatch(wanted)
    expect(exitCode).toBe(ExitCode.failed)
  })

  it('a function of tenants without one, and a tenant for one of none', async () => {
    const tenants = configured({TenancyConfig: {TenantIsolationMode: 'PER_TENANT'}})
    expect(await refusal(inspecting(tenants))).toEqual({
      text: expect.stringContaining('add --tenant-id'),
      exitCode: ExitCode.usage,
    })
    await expect(inspecting(tenants, {options: {tenantId: 'acme'}}).outcome).resolves.toBeDefined()
    expect(await refusal(inspecting(configured(), {options: {tenantId: 'acme'}}))).toMatchObject({
      exitCode: ExitCode.usage,
    })
  })

  it('code that AWS does not give', async () => {
    const found = {Code: {Error: {ErrorCode: 'AccessDenied', Message: 'the key is disabled'}}}
    expect((await refusal(inspecting(configured(), {found}))).text).toContain(
      'the key is disabled — use --mode versions',
    )
  })

  it('what may not be read: with the permission, and the mode that does without', async () => {
    const GetFunction = () => {
      throw deniedTo('lambda:GetFunction')
    }
    const {text, exitCode} = await refusal(inspecting(configured(), {answers: {GetFunction}}))
    expect(text).toMatch(/this needs lambda:GetFunction; without it, use --mode versions.*--mode observe/)
    expect(exitCode).toBe(ExitCode.refused)
    const GetFunctionConfiguration = () => configured({MemorySize: 512})
    const versions = inspecting(configured(), {
      options: {mode: 'versions'},
      answers: {GetFunction, GetFunctionConfiguration},
    })
    expect((await versions.outcome).source.memorySizeMB).toBe(512)
  })
})

describe('the twin of another architecture', () => {
  const both = {architectures: ['arm64', 'x86_64']} as const
  it.each<[FunctionConfiguration, string]>([
    [{Runtime: 'provided.al2023'}, 'provided.al2023 runs a program built for arm64'],
    [{Runtime: 'dotnet10'}, 'Native AOT'],
    [{Layers: [{Arn: 'arn:aws:lambda:l:1'}]}, 'packages and layers with native code built for arm64 fail on x86_64'],
    [{}, 'packages with native code'],
  ])('%j is warned of', async (more, note) => {
    const {notes} = await inspecting(configured(more), {options: both}).outcome
    expect(notes.join('\n')).toContain(note)
  })

  it('of an image, and with versions, cannot be', async () => {
    expect(await refusal(inspecting(configured({PackageType: 'Image'}), {options: both}))).toMatchObject({
      exitCode: ExitCode.usage,
    })
    expect((await refusal(inspecting(configured(), {options: {...both, mode: 'versions'}}))).text).toContain(
      '--mode shadow',
    )
  })
})

describe('notes', () => {
  it('tell of snapshots, of blocked runtimes and of tags that cannot be read', async () => {
    const {notes} = await inspecting(configured({SnapStart: {ApplyOn: 'PublishedVersions'}, Runtime: 'python3.14'}), {
      found: {TagsError: {ErrorCode: 'AccessDeniedException', Message: 'no'}},
    }).outcome
    expect(notes.join('\n')).toContain('billed for three hours at least')
    expect(notes.join('\n')).toContain('lambda:ListTags')
    const old = await inspecting(configured({Runtime: 'nodejs10.x'})).outcome
    expect(old.notes.join('\n')).toContain('AWS refuses changes of nodejs10.x functions')
  })
})

describe('a function that writes no reports', () => {
  it('is measured by the clock where its own versions are invoked, and that is said', async () => {
    const silent = configured({LoggingConfig: {LogFormat: 'JSON', SystemLogLevel: 'WARN'}})
    const {notes} = await inspecting(silent, {options: {mode: 'versions'}}).outcome
    expect(notes).toEqual([expect.stringContaining('SystemLogLevel=WARN keeps reports out of its log')])
    expect((await inspecting(silent).outcome).notes.join()).not.toContain('SystemLogLevel')
  })
})

describe('concurrency', () => {
  it('is looked at before anything is made', async () => {
    const answers = {GetFunctionConcurrency: () => ({ReservedConcurrentExecutions: 0})}
    expect((await refusal(inspecting(configured(), {answers}))).text).toContain('its reserved concurrency is 0')
    expect((await inspecting(configured(), {options: {concurrency: 1_000}}).outcome).notes.at(-1)).toContain(
      'others are throttled',
    )
  })
})

describe('versions', () => {
  const versions = {mode: 'versions', allowLatest: false} as const
  const inspected = (answers: Answers = {}, more: Partial<InspectOptions> = {}) =>
    inspecting(configured(), {options: {...versions, ...more}, answers})

  it('are made of a function that nothing invokes unqualified', async () => {
    const {aws, outcome} = inspected()
    expect((await outcome).source.version).toBe('$LATEST')
    expect(aws.of('GetMetricData')[0]?.input).toMatchObject({
      StartTime: new Date(now - 900_000 - (now % 60_000)),
      MetricDataQueries: [
        {
          MetricStat: {
            Metric: {
              Dimensions: [
                {Name: 'FunctionName', Value: 'checkout'},
                {Name: 'Resource', Value: 'checkout'},
              ],
            },
          },
        },
        {
          MetricStat: {
            Metric: {
              Dimensions: [
                {Name: 'FunctionName', Value: 'checkout'},
                {Name: 'Resource', Value: 'checkout:$LATEST'},
              ],
            },
          },
        },
      ],
    })
  })

  const policy = (principal: string, source: string) => () => ({
    Policy: JSON.stringify({
      Statement: [
        {
          Effect: 'Allow',
          Action: 'lambda:InvokeFunction',
          Principal: {Service: principal},
          Condition: {ArnLike: {'aws:SourceArn': source}},
        },
      ],
    }),
  })
  const rule = {ListRuleNamesByTarget: () => ({RuleNames: ['nightly']})}
  const schedule = {
    Name: 'hourly',
    Arn: 'arn:aws:scheduler:eu-west-1:123456789012:schedule/default/hourly',
    GroupName: 'default',
    Target: {Arn: arn},
  }
  it.each<[string, Answers, string]>([
    [
      'invocations',
      {
        GetMetricData: () => ({
          MetricDataResults: [
            {Id: 'm0', StatusCode: 'Complete', Timestamps: [new Date(now - 120_000)], Values: [1_234]},
            {Id: 'm1', StatusCode: 'Complete'},
          ],
        }),
      },
      '1,234 invocations in the last 15 minutes',
    ],
    [
      'an event source',
      {
        ListEventSourceMappings: () => ({
          EventSourceMappings: [{UUID: '1', FunctionArn: arn, EventSourceArn: 'arn:aws:sqs:q', State: 'Enabled'}],
        }),
      },
      'event source arn:aws:sqs:q',
    ],
    [
      'a URL',
      {ListFunctionUrlConfigs: () => ({FunctionUrlConfigs: [{FunctionArn: arn, AuthType: 'NONE'}]})},
      'its function URL (NONE)',
    ],
    ['a rule', {...rule, DescribeRule: () => ({Name: 'nightly', State: 'ENABLED'})}, 'rule nightly'],
    [
      'a schedule',
      {
        ListSchedules: () => ({Schedules: [schedule]}),
        GetSchedule: () => ({...schedule, State: 'ENABLED', ScheduleExpression: 'rate(1 hour)'}),
      },
      'schedule hourly',
    ],
    ['a grant', {GetPolicy: policy('s3.amazonaws.com', 'arn:aws:s3:::uploads')}, 'a grant to arn:aws:s3:::uploads'],
    [
      'an alias',
      {ListAliases: () => ({Aliases: [{Name: 'dev', FunctionVersion: '$LATEST'}]})},
      'alias dev, which stands for $LATEST',
    ],
  ])('are not, where there is %s', async (_, answers, found) => {
    const {text, exitCode} = await refusal(inspected(answers))
    expect(text).toContain(`: ${found} — use --mode shadow, which changes a clone only, or add --allow-latest`)
    expect(exitCode).toBe(ExitCode.usage)
    const allowed = inspected(answers, {allowLatest: true})
    await expect(allowed.outcome).resolves.toBeDefined()
    expect(allowed.aws.of('GetPolicy')).toHaveLength(0)
  })

  it('are, where it is for aliases and versions, or switched off', async () => {
    const mapping = (more: object) => ({UUID: '1', EventSourceArn: 'arn:aws:sqs:q', FunctionArn: arn, ...more})
    const {outcome} = inspected({
      ...rule,
      DescribeRule: () => ({Name: 'nightly', State: 'DISABLED'}),
      ListEventSourceMappings: () => ({
        EventSourceMappings: [mapping({FunctionArn: `${arn}:prod`, State: 'Enabled'}), mapping({State: 'Disabled'})],
      }),
      ListFunctionUrlConfigs: () => ({FunctionUrlConfigs: [{FunctionArn: `${arn}:prod`, AuthType: 'NONE'}]}),
      ListAliases: () => ({Aliases: [{Name: 'prod', FunctionVersion: '3'}]}),
    })
    await expect(outcome).resolves.toBeDefined()
  })

  it('are not, where nobody may say: with the permissions', async () => {
    const denied = (action: string) => () => {
      throw deniedTo(action)
    }
    const {text, exitCode} = await refusal(
      inspected({GetPolicy: denied('lambda:GetPolicy'), ListSchedules: denied('scheduler:ListSchedules')}),
    )
    expect(text).toMatch(/cannot be told: needs scheduler:ListSchedules; needs lambda:GetPolicy — --mode shadow/)
    expect(exitCode).toBe(ExitCode.refused)
  })

  it('but what was found is told, whatever else may not be read', async () => {
    const GetPolicy = () => {
      throw deniedTo('lambda:GetPolicy')
    }
    const {text} = await refusal(
      inspected({GetPolicy, ListAliases: () => ({Aliases: [{Name: 'dev', FunctionVersion: '$LATEST'}]})}),
    )
    expect(text).toContain('alias dev')
  })

  it('of a published version are made only where $LATEST is the same but for its memory', async () => {
    const version = configured({Version: '7', Environment: {Variables: {TOKEN: 'hunter2'}}})
    const tuned = (latest: FunctionConfiguration) =>
      inspecting(version, {options: versions, of: {version: '7'}, answers: {GetFunctionConfiguration: () => latest}})
    await expect(
      tuned({...version, Version: '$LATEST', MemorySize: 128, Description: 'next'}).outcome,
    ).resolves.toBeDefined()
    const {text} = await refusal(tuned(configured({CodeSha256: 'other', Environment: {Variables: {TOKEN: 'x'}}})))
    expect(text).toContain('$LATEST of checkout is not what version 7 is')
    expect(text).not.toContain('hunter2')
    expect((await refusal(tuned({...version, LastUpdateStatus: 'InProgress'}))).text).toContain('is being updated')
  })
})
