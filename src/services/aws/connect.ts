import type {CloudFormationClient} from '@aws-sdk/client-cloudformation'
import type {CloudWatchClient} from '@aws-sdk/client-cloudwatch'
import type {CloudWatchLogsClient} from '@aws-sdk/client-cloudwatch-logs'
import type {LambdaClient} from '@aws-sdk/client-lambda'
import type {ResourceGroupsTaggingAPIClient} from '@aws-sdk/client-resource-groups-tagging-api'
import type {STSClient} from '@aws-sdk/client-sts'
import type {Clock} from '../clock.ts'
import {noRegion} from './failures.ts'
import {callsPerSecond, quotaName} from './quotas.ts'
import {createRateBudget, type RateBudget} from './rate-budget.ts'
import type {Scope} from './scope.ts'
import {sdk} from './sdk.ts'

/** AWS as one profile sees it in one region: clients made when first asked for, and the rate budget they share. */
export type Aws = {
  readonly scope: Scope
  readonly budget: RateBudget
  readonly clock: Clock
  logs(): Promise<CloudWatchLogsClient>
  lambda(): Promise<LambdaClient>
  sts(): Promise<STSClient>
  cloudFormation(): Promise<CloudFormationClient>
  tagging(): Promise<ResourceGroupsTaggingAPIClient>
  cloudWatch(): Promise<CloudWatchClient>
  /** closes every connection; keep-alive sockets would hold the process for seconds */
  close(): void
}

export type ConnectOptions = {
  /** null: the SDK's own chain decides */
  readonly profile: string | null
  readonly region: string | null
  /** where all services answer, when it is not AWS: the embedded AWS; other overrides the SDK reads from the environment by itself */
  readonly endpointUrl: string | null
  readonly endpoint: Scope['endpoint']
  /** whether AWS's published quotas hold; a server on loopback has none */
  readonly publishedQuotas: boolean
  readonly userAgent: string
  readonly clock: Clock
  readonly random: () => number
}

const connectTimeoutMs = 5_000
const answerTimeoutMs = 60_000
const maxSockets = 32

const silent = {trace() {}, debug() {}, info() {}, warn() {}, error() {}}

/**
 * Makes the way to AWS. No call is made yet.
 * @throws UserError when no region is set anywhere
 */
export async function connect(options: ConnectOptions): Promise<Aws> {
  const region = options.region ?? (await configuredRegion(options.profile))
  const settings = {
    region,
    ...(options.profile && {profile: options.profile}),
    ...(options.endpointUrl && {
      endpoint: options.endpointUrl,
      credentials: {accessKeyId: 'SANDBOX', secretAccessKey: 'sandbox'},
    }),
    maxAttempts: 1,
    // a host prefix on a custom endpoint is dialled literally (stream-127.0.0.1), whoever set the endpoint
    disableHostPrefix: options.endpoint !== 'aws',
    customUserAgent: options.userAgent,
    logger: silent,
    requestHandler: {
      connectionTimeout: connectTimeoutMs,
      requestTimeout: answerTimeoutMs,
      httpAgent: {keepAlive: true, maxSockets},
      httpsAgent: {keepAlive: true, maxSockets},
    },
  }
  const open = new Map<string, Promise<{destroy(): void}>>()
  const once = <T extends {destroy(): void}>(name: string, make: () => Promise<T>): Promise<T> => {
    let client = open.get(name) as Promise<T> | undefined
    if (!client) {
      client = make()
      open.set(name, client)
    }
    return client
  }

  return {
    scope: {account: null, region, profile: options.profile, endpoint: options.endpoint},
    budget: createRateBudget({
      clock: options.clock,
      random: options.random,
      nameOf: quotaName,
      quota: api => callsPerSecond(api, region, options.publishedQuotas),
    }),
    clock: options.clock,
    logs: () =>
      once('logs', async () => {
        const [{CloudWatchLogsClient}, {LeanLogsProtocol}] = await Promise.all([
          sdk.logs(),
          import('./lean-logs-protocol.ts'),
        ])
        return new CloudWatchLogsClient({...settings, protocol: LeanLogsProtocol})
      }),
    lambda: () => once('lambda', async () => new (sdk.lambda().LambdaClient)(settings)),
    sts: () => once('sts', async () => new (sdk.sts().STSClient)(settings)),
    cloudFormation: () => once('cloudformation', async () => new (sdk.cloudFormation().CloudFormationClient)(settings)),
    tagging: () => once('tagging', async () => new (sdk.tagging().ResourceGroupsTaggingAPIClient)(settings)),
    cloudWatch: () => once('cloudwatch', async () => new (sdk.cloudWatch().CloudWatchClient)(settings)),
    close() {
      for (const client of open.values())
        client.then(
          made => made.destroy(),
          () => {},
        )
    },
  }
}

async function configuredRegion(profile: string | null): Promise<string> {
  const {loadConfig, NODE_REGION_CONFIG_FILE_OPTIONS, NODE_REGION_CONFIG_OPTIONS} = sdk.config()
  const load = loadConfig(NODE_REGION_CONFIG_OPTIONS, {...NODE_REGION_CONFIG_FILE_OPTIONS, ...(profile && {profile})})
  try {
    const region = await load()
    if (typeof region === 'string' && region !== '') return region
  } catch {}
  throw noRegion()
}
