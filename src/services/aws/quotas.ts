import quotas from '../../data/quotas.json' with {type: 'json'}
import type {ServiceName} from './endpoints.ts'

/** For servers on this machine, which publish no quota: high enough never to wait, low enough to bound what is in flight. */
export const withoutQuota = 500

const table: Readonly<Record<string, Readonly<Record<string, number>>>> = quotas.callsPerSecond

/** Lambda counts these against one shared quota of 15 calls a second (Lambda quotas: "remainder of the control plane API requests"); GetFunction and GetPolicy have their own. */
const lambdaControlPlane =
  /^(ListFunctions|GetFunctionConfiguration|GetAlias|ListAliases|ListVersionsByFunction|ListTags|ListEventSourceMappings|ListProvisionedConcurrencyConfigs|GetAccountSettings|GetFunctionConcurrency|GetFunctionEventInvokeConfig|ListFunctionUrlConfigs|GetFunctionCodeSigningConfig|CreateAlias|UpdateAlias|DeleteAlias|ListDurableExecutionsByFunction|GetProvisionedConcurrencyConfig|PutFunctionConcurrency|DeleteFunctionConcurrency|UpdateFunctionCode|TagResource|UntagResource|CreateFunction|UpdateFunctionConfiguration|PublishVersion|DeleteFunction)$/
const cloudFormation = /^(ListStackResources|DescribeStacks)$/

const services: readonly (readonly [ServiceName, RegExp])[] = [
  [
    'logs',
    /^(\w+Log(Events|Groups|Streams)|StartLiveTail|(Start|Stop|Describe)Quer(y|ies)|GetQueryResults|(Create|Delete)LogGroup|PutRetentionPolicy|ListTagsForResource)$/,
  ],
  ['cloudFormation', cloudFormation],
  ['tagging', /^GetResources$/],
  ['cloudWatch', /^(DescribeAlarms|GetMetricData|ListMetrics)$/],
  ['sqs', /^GetQueueAttributes$/],
  ['eventBridge', /^(ListRuleNamesByTarget|DescribeRule|ListEventBuses|ListRules|ListTargetsByRule)$/],
  ['scheduler', /^(List|Get|Create|Update|Delete)Schedules?$/],
  ['codeDeploy', /Deployment|^ListApplications$/],
  ['sts', /^GetCallerIdentity$/],
  ['account', /^ListRegions$/],
  ['pricing', /^GetProducts$/],
  ['xray', /(Trace|ServiceGraph|IndexingRules)/],
]

/** The APIs that share one quota share one name. */
export function quotaName(api: string): string {
  if (lambdaControlPlane.test(api)) return 'LambdaControlPlane'
  if (cloudFormation.test(api)) return 'CloudFormation'
  return api
}

/** The service that an API, or a quota that several share, belongs to. */
export function serviceOf(api: string): ServiceName {
  return services.find(([, apis]) => apis.test(api))?.[0] ?? (api === 'CloudFormation' ? 'cloudFormation' : 'lambda')
}

/**
 * Published calls a second of an API in a region (src/data/quotas.json, dated and with its source).
 * @param published false for a server on loopback, which has none
 */
export function callsPerSecond(api: string, region: string, published: boolean): number {
  if (!published) return withoutQuota
  const row = table[quotaName(api)]
  return row?.[region] ?? row?.['default'] ?? quotas.whereUnknown
}
