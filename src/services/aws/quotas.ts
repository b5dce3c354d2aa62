import quotas from '../../data/quotas.json' with {type: 'json'}

/** For servers on this machine, which publish no quota: high enough never to wait, low enough to bound what is in flight. */
const withoutQuota = 500

const table: Readonly<Record<string, Readonly<Record<string, number>>>> = quotas.callsPerSecond

/** Lambda counts these against one shared quota of 15 calls a second (Lambda quotas: "remainder of the control plane API requests"). */
const lambdaControlPlane =
  /^(ListFunctions|GetFunctionConfiguration|GetAlias|ListAliases|ListVersionsByFunction|ListTags|ListEventSourceMappings)$/
const cloudFormation = /^(ListStackResources|DescribeStacks)$/

/** The APIs that share one quota share one name. */
export function quotaName(api: string): string {
  if (lambdaControlPlane.test(api)) return 'LambdaControlPlane'
  if (cloudFormation.test(api)) return 'CloudFormation'
  return api
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
