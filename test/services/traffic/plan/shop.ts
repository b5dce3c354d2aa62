import {mkdtempSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {CompositeAlarm, MetricAlarm} from '@aws-sdk/client-cloudwatch'
import type {BatchGetDeploymentsCommandOutput, DeploymentTarget} from '@aws-sdk/client-codedeploy'
import type {AliasConfiguration, FunctionConfiguration} from '@aws-sdk/client-lambda'
import type {UserError} from '../../../../src/errors.ts'
import {type OpenedShift, openShift} from '../../../../src/services/traffic/plan/open-shift.ts'
import type {ShiftWish} from '../../../../src/services/traffic/plan/shift-plan.ts'
import {type FakeAccount, type FakeCall, fakeAccount, ongoing} from '../../fleet/fake-account.ts'
import {awsError} from '../../logs/reader/fake-log-groups.ts'
import {usualWish} from '../usual-wish.ts'

const arnOf = (name: string): string => `arn:aws:lambda:eu-west-1:123456789012:function:${name}`

/** A function of the shop with an alias `live`; by default at 41 of 42 versions, called a hundred times a minute by it. */
export type ShopFunction = {
  readonly alias?: AliasConfiguration
  /** what differs by version, beside the number */
  readonly versions?: Readonly<Record<string, Partial<FunctionConfiguration>>>
  /** a day's invocations */
  readonly byAlias?: number
  readonly all?: number
  readonly errors?: number
  readonly policy?: string
  readonly provisioned?: string
  /** whose URLs there are: aliases */
  readonly urls?: readonly string[]
  readonly tags?: Readonly<Record<string, string>>
}

export type Shop = {
  readonly functions: Readonly<Record<string, ShopFunction>>
  readonly alarms?: readonly MetricAlarm[]
  readonly composites?: readonly CompositeAlarm[]
  readonly deployments?: readonly DeploymentTarget[]
  /** of the deployment group shop/checkout */
  readonly groupAlarms?: readonly string[]
  readonly denied?: readonly string[]
  readonly credentialsExpireAt?: number
  /** in place of an answer, where it gives one */
  readonly instead?: (call: FakeCall) => unknown
}

const dayOfCalls = 144_000

/** An AWS that holds a shop, as far as a plan asks of it. */
function shopAccount(shop: Shop): FakeAccount {
  const nameIn = ({input}: FakeCall): string => String(input['FunctionName']).split(':').at(-1) ?? ''
  const of = (call: FakeCall): ShopFunction => shop.functions[nameIn(call)] ?? {}
  const versionOf = ({input}: FakeCall): Partial<FunctionConfiguration> | undefined => {
    const {versions = {'41': {}, '42': {}}} = shop.functions[String(input['FunctionName'])] ?? {}
    return versions[String(input['Qualifier'])]
  }
  const configured = (call: FakeCall, Version: string, more: Partial<FunctionConfiguration> = {}) => {
    const name = String(call.input['FunctionName'])
    return {
      FunctionName: name,
      FunctionArn: arnOf(name),
      Version,
      Role: 'arn:aws:iam::123456789012:role/shop',
      MemorySize: 512,
      Timeout: 10,
      Runtime: 'nodejs24.x',
      State: 'Active' as const,
      LastUpdateStatus: 'Successful' as const,
      CodeSha256: `code of ${Version}`,
      ...more,
    }
  }
  const notFound = (): Error => awsError('ResourceNotFoundException', 'Function not found', 404)
  const answers: Record<string, (call: FakeCall) => unknown> = {
    GetFunctionConfiguration(call) {
      if (!(String(call.input['FunctionName']) in shop.functions)) throw notFound()
      return configured(call, '$LATEST')
    },
    ListFunctions: () => ({
      Functions: Object.keys(shop.functions).map(FunctionName => ({FunctionName, FunctionArn: arnOf(FunctionName)})),
    }),
    GetFunction(call) {
      const version = versionOf(call)
      if (version === undefined) throw notFound()
      return {Configuration: configured(call, String(call.input['Qualifier']), version)}
    },
    GetAlias: call => {
      const {alias = {}} = of(call)
      if ((alias.Name ?? 'live') !== call.input['Name']) throw notFound()
      return {...aliasDefaults(nameIn(call)), ...alias}
    },
    ListAliases: call => ({Aliases: [{...aliasDefaults(nameIn(call)), ...of(call).alias}]}),
    ListVersionsByFunction(call) {
      // as AWS does: `$LATEST` is in it, and a page holds fifty whatever was asked for
      const all = ['$LATEST', ...Object.keys(of(call).versions ?? {'41': {}, '42': {}})]
      const from = Number(call.input['Marker'] ?? 0)
      return {
        Versions: all.slice(from, from + 50).map(Version => ({Version})),
        NextMarker: from + 50 < all.length ? String(from + 50) : undefined,
      }
    },
    GetPolicy(call) {
      const {policy} = of(call)
      if (policy === undefined || call.input['Qualifier'] === undefined)
        throw awsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404)
      return {Policy: policy}
    },
    ListFunctionUrlConfigs: call => ({
      FunctionUrlConfigs: (of(call).urls ?? []).map(alias => ({
        FunctionArn: `${arnOf(nameIn(call))}:${alias}`,
        FunctionUrl: `https://${alias}.lambda-url.eu-west-1.on.aws/`,
        AuthType: 'AWS_IAM',
      })),
    }),
    ListEventSourceMappings: () => ({EventSourceMappings: []}),
    ListProvisionedConcurrencyConfigs(call) {
      const {provisioned} = of(call)
      const FunctionArn = `${arnOf(String(call.input['FunctionName']))}:live`
      return {
        ProvisionedConcurrencyConfigs:
          provisioned === undefined
            ? []
            : [{FunctionArn, Status: provisioned, RequestedProvisionedConcurrentExecutions: 5}],
      }
    },
    GetMetricData: ({input}) => ({
      MetricDataResults: (input['MetricDataQueries'] as MetricDataQuery[]).map(({Id, MetricStat: {Metric}}) => ({
        Id,
        StatusCode: 'Complete',
        Timestamps: [input['StartTime']],
        Values: [metricOf(shop, Metric)],
      })),
    }),
    DescribeAlarms({input}) {
      const named = ({AlarmName = ''}) => (input['AlarmNames'] as string[] | undefined)?.includes(AlarmName) ?? true
      const types = (input['AlarmTypes'] as string[] | undefined) ?? ['MetricAlarm']
      return {
        MetricAlarms: types.includes('MetricAlarm') ? (shop.alarms ?? []).filter(named) : [],
        CompositeAlarms: types.includes('CompositeAlarm') ? (shop.composites ?? []).filter(named) : [],
      }
    },
    GetResources: ({input}) => ({
      ResourceTagMappingList: Object.entries(shop.functions).flatMap(([name, {tags}]) => {
        const list = Object.entries(tags ?? {}).map(([Key, Value]) => ({Key, Value}))
        const filters = (input['TagFilters'] as {Key: string; Values: string[]}[] | undefined) ?? []
        const isMeant = filters.every(({Key, Values}) => Values.includes(tags?.[Key] ?? ''))
        return isMeant && tags ? [{ResourceARN: arnOf(name), Tags: list}] : []
      }),
    }),
    ListDeployments: () => ({deployments: (shop.deployments ?? []).map((_, i) => `d-${i}`)}),
    BatchGetDeployments: ({input}): Pick<BatchGetDeploymentsCommandOutput, 'deploymentsInfo'> => ({
      deploymentsInfo: (input['deploymentIds'] as string[]).map(deploymentId => ({
        deploymentId,
        computePlatform: 'Lambda',
        applicationName: 'shop',
        deploymentGroupName: 'checkout',
        status: 'InProgress',
      })),
    }),
    ListDeploymentTargets: ({input}) => ({targetIds: [`target of ${input['deploymentId']}`]}),
    BatchGetDeploymentGroups: ({input}) => ({
      deploymentGroupsInfo: (input['deploymentGroupNames'] as string[])
        .filter(name => name === 'checkout')
        .map(deploymentGroupName => ({
          deploymentGroupName,
          computePlatform: 'Lambda',
          alarmConfiguration: {
            enabled: shop.groupAlarms !== undefined,
            alarms: shop.groupAlarms?.map(name => ({name})),
          },
        })),
    }),
    BatchGetDeploymentTargets: ({input}) => ({
      deploymentTargets: [shop.deployments?.[Number(String(input['deploymentId']).slice(2))]],
    }),
    GetCallerIdentity: () => ({Account: '123456789012', Arn: 'arn:aws:sts::123456789012:assumed-role/oncall/ann'}),
  }
  const checked = Object.entries(answers).map(([operation, answer]) => [
    operation,
    (call: FakeCall) => {
      if (shop.denied?.includes(operation))
        throw awsError('AccessDeniedException', `not authorized to perform: ${operation}`, 403)
      return shop.instead?.(call) ?? answer(call)
    },
  ])
  return fakeAccount({
    answers: Object.fromEntries(checked),
    ...(shop.credentialsExpireAt !== undefined && {credentialsExpireAt: shop.credentialsExpireAt}),
  })
}

const aliasDefaults = (name: string): AliasConfiguration => ({
  Name: 'live',
  FunctionVersion: '41',
  Description: 'serves the shop',
  RevisionId: `revision of ${name}`,
})

type Metric = {readonly MetricName: string; readonly Dimensions: readonly {Name: string; Value: string}[]}
type MetricDataQuery = {readonly Id: string; readonly MetricStat: {readonly Metric: Metric}}

function metricOf({functions}: Shop, {MetricName, Dimensions}: Metric): number {
  const name = Dimensions.find(({Name}) => Name === 'FunctionName')?.Value ?? ''
  const {byAlias = dayOfCalls, all = byAlias, errors = 0} = functions[name] ?? {}
  if (MetricName === 'Errors') return errors
  if (MetricName === 'Duration') return 200
  return Dimensions.some(({Name}) => Name === 'Resource') ? byAlias : all
}

export type Planning = {
  readonly shop: Shop
  readonly targets?: readonly string[]
  readonly tags?: readonly string[]
  readonly wish?: Partial<ShiftWish>
  readonly journals?: string
}

/** A shift of the shop, as it is planned. */
export async function planned({
  shop,
  targets,
  tags,
  wish,
  journals,
}: Planning): Promise<OpenedShift & {aws: FakeAccount}> {
  const aws = shopAccount(shop)
  const words = {targets: targets ?? (tags ? [] : Object.keys(shop.functions)), tags}
  const options = {...usualWish, ...wish, journals: journals ?? mkdtempSync(join(tmpdir(), 'shift-plan-'))}
  const opened = await openShift(aws, words, options, ongoing())
  return {...opened, aws}
}

/** What a plan is refused with; that nothing was written is checked. */
export async function refusalOf(planning: Planning): Promise<UserError> {
  try {
    await planned(planning)
  } catch (error) {
    return error as UserError
  }
  throw new Error('it was planned')
}
