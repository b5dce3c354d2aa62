import type {AccountClient} from '@aws-sdk/client-account'
import type {CloudFormationClient} from '@aws-sdk/client-cloudformation'
import type {CloudWatchClient} from '@aws-sdk/client-cloudwatch'
import type {CloudWatchLogsClient} from '@aws-sdk/client-cloudwatch-logs'
import type {CodeDeployClient} from '@aws-sdk/client-codedeploy'
import type {EventBridgeClient} from '@aws-sdk/client-eventbridge'
import type {LambdaClient} from '@aws-sdk/client-lambda'
import type {PricingClient} from '@aws-sdk/client-pricing'
import type {ResourceGroupsTaggingAPIClient} from '@aws-sdk/client-resource-groups-tagging-api'
import type {SchedulerClient} from '@aws-sdk/client-scheduler'
import type {SQSClient} from '@aws-sdk/client-sqs'
import type {STSClient} from '@aws-sdk/client-sts'
import type {XRayClient} from '@aws-sdk/client-xray'
import {ExitCode, UserError} from '../../errors.ts'
import type {Clock} from '../clock.ts'
import {configuredEndpoints, foreignOrigins, isLoopback, type ServiceName} from './endpoints.ts'
import {noRegion} from './failures.ts'
import {callsPerSecond, quotaName, serviceOf} from './quotas.ts'
import {createRateBudget, type RateBudget} from './rate-budget.ts'
import type {Scope} from './scope.ts'
import {sdk} from './sdk.ts'

/** AWS as one profile sees it in one region: clients made when first asked for, and the rate budget they share. */
export type Aws = {
  readonly scope: Scope
  /** where services answer that are not AWS's, as origins */
  readonly foreignOrigins: readonly string[]
  readonly budget: RateBudget
  readonly clock: Clock
  logs(): Promise<CloudWatchLogsClient>
  lambda(): Promise<LambdaClient>
  /** for invocations, which are answered when the function is done: it waits half a minute longer than the function may take */
  invoker(timeoutSeconds: number): Promise<LambdaClient>
  sts(): Promise<STSClient>
  cloudFormation(): Promise<CloudFormationClient>
  tagging(): Promise<ResourceGroupsTaggingAPIClient>
  cloudWatch(): Promise<CloudWatchClient>
  codeDeploy(): Promise<CodeDeployClient>
  account(): Promise<AccountClient>
  xray(): Promise<XRayClient>
  sqs(): Promise<SQSClient>
  eventBridge(): Promise<EventBridgeClient>
  scheduler(): Promise<SchedulerClient>
  /** the Price List, which a few regions answer for all */
  pricing(): Promise<PricingClient>
  /** closes every connection; keep-alive sockets would hold the process for seconds */
  close(): void
}

export type ConnectOptions = {
  /** null: the SDK's own chain decides */
  readonly profile: string | null
  readonly region: string | null
  /** the embedded AWS, where all services answer; null for an account, or whatever the configuration leads to */
  readonly sandboxUrl: string | null
  /** whether AWS's published quotas hold; by default they do wherever a service is not on this machine */
  readonly publishedQuotas?: boolean | undefined
  readonly userAgent: string
  readonly clock: Clock
  readonly random: () => number
}

const connectTimeoutMs = 5_000
const answerTimeoutMs = 30_000
const maxSockets = 32

const silent = {trace() {}, debug() {}, info() {}, warn() {}, error() {}}

/**
 * Makes the way to AWS. No call is made yet.
 * @throws UserError when no region is set anywhere
 */
export async function connect(options: ConnectOptions): Promise<Aws> {
  const {profile, sandboxUrl, clock} = options
  if (profile !== null && sandboxUrl === null) await checkProfile(profile)
  const region = options.region ?? (await configuredRegion(profile))
  const endpoints = sandboxUrl === null ? await configuredEndpoints(profile) : {}
  const origins = foreignOrigins(endpoints)
  const common = {
    region,
    ...(profile && {profile}),
    maxAttempts: 1,
    customUserAgent: options.userAgent,
    logger: silent,
    requestHandler: {
      connectionTimeout: connectTimeoutMs,
      requestTimeout: answerTimeoutMs,
      throwOnRequestTimeout: true,
      httpAgent: {keepAlive: true, maxSockets},
      httpsAgent: {keepAlive: true, maxSockets},
    },
  }
  const settingsOf = (service: ServiceName) => {
    const endpoint = sandboxUrl ?? endpoints[service]
    return {
      ...common,
      // a host prefix would be dialled literally (stream-127.0.0.1), and FIPS and dual-stack mean hosts of AWS's own
      ...(endpoint && {endpoint, disableHostPrefix: true, useFipsEndpoint: false, useDualstackEndpoint: false}),
      ...(sandboxUrl !== null && {credentials: {accessKeyId: 'SANDBOX', secretAccessKey: 'sandbox'}}),
    }
  }
  const open = new Map<string, Client>()
  const once = async <T extends Client>(
    service: ServiceName,
    make: (settings: ReturnType<typeof settingsOf>) => T,
    name: string = service,
  ): Promise<T> => {
    const known = open.get(name)
    if (known) return known as T
    const made = make(settingsOf(service))
    const client = readsXml.has(service) ? refusingPages(made) : made
    open.set(name, client)
    return client
  }
  const isPublished = (api: string): boolean =>
    options.publishedQuotas ?? !isLoopback(sandboxUrl ?? endpoints[serviceOf(api)])

  return {
    scope: {
      account: null,
      region,
      profile,
      endpoint: sandboxUrl !== null ? 'sandbox' : origins.length > 0 ? 'custom' : 'aws',
    },
    foreignOrigins: origins,
    budget: createRateBudget({
      clock,
      random: options.random,
      nameOf: quotaName,
      quota: api => callsPerSecond(api, region, isPublished(api)),
    }),
    clock,
    logs: async () => {
      const {LeanLogsProtocol} = await import('./lean-logs-protocol.ts')
      return once('logs', settings => new (sdk.logs().CloudWatchLogsClient)({...settings, protocol: LeanLogsProtocol}))
    },
    lambda: () => once('lambda', settings => new (sdk.lambda().LambdaClient)(settings)),
    invoker: timeoutSeconds =>
      once(
        'lambda',
        ({requestHandler, ...settings}) => {
          const requestTimeout = timeoutSeconds * 1000 + answerTimeoutMs
          return new (sdk.lambda().LambdaClient)({...settings, requestHandler: {...requestHandler, requestTimeout}})
        },
        `invoker ${timeoutSeconds}`,
      ),
    sts: () => once('sts', settings => new (sdk.sts().STSClient)(settings)),
    cloudFormation: () => once('cloudFormation', settings => new (sdk.cloudFormation().CloudFormationClient)(settings)),
    tagging: () => once('tagging', settings => new (sdk.tagging().ResourceGroupsTaggingAPIClient)(settings)),
    cloudWatch: () => once('cloudWatch', settings => new (sdk.cloudWatch().CloudWatchClient)(settings)),
    codeDeploy: () => once('codeDeploy', settings => new (sdk.codeDeploy().CodeDeployClient)(settings)),
    account: () => once('account', settings => new (sdk.account().AccountClient)(settings)),
    xray: () => once('xray', settings => new (sdk.xray().XRayClient)(settings)),
    // a queue's URL names it, and is not where to ask: that is the region's endpoint, or the one that was configured
    sqs: () => once('sqs', settings => new (sdk.sqs().SQSClient)({...settings, useQueueUrlAsEndpoint: false})),
    eventBridge: () => once('eventBridge', settings => new (sdk.eventBridge().EventBridgeClient)(settings)),
    scheduler: () => once('scheduler', settings => new (sdk.scheduler().SchedulerClient)(settings)),
    // only there is it: us-east-1 answers for every region of the partition
    pricing: () => once('pricing', settings => new (sdk.pricing().PricingClient)({...settings, region: 'us-east-1'})),
    close() {
      for (const client of open.values()) client.destroy()
    },
  }
}

const readsXml: ReadonlySet<ServiceName> = new Set(['sts', 'cloudFormation'])

type Client = {
  destroy(): void
  readonly middlewareStack: {
    add(middleware: never, options: {step: 'deserialize'; priority: 'low'; name: string}): void
  }
}

type Response = {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  body: AsyncIterable<Uint8Array> | Uint8Array
}

/**
 * Makes a client that reads XML refuse web pages, which it would else take for empty answers. By their first bytes: there are
 * AWS-compatible servers that call everything text/html. What is thrown looks as it does where the SDK cannot read JSON
 * (isForeignAnswer).
 */
function refusingPages<T extends Client>(client: T): T {
  const refuse =
    (next: (args: unknown) => Promise<{response: unknown}>) =>
    async (args: unknown): Promise<{response: unknown}> => {
      const result = await next(args)
      const response = result.response as Response
      const body =
        response.body instanceof Uint8Array ? response.body : Buffer.concat(await Array.fromAsync(response.body))
      response.body = body
      if (!/^\s*<(!doctype\s+)?html/i.test(Buffer.from(body.subarray(0, 64)).toString('latin1'))) return result
      throw Object.assign(new SyntaxError('the answer is a web page'), {
        $metadata: {httpStatusCode: response.statusCode},
        $response: response,
      })
    }
  client.middlewareStack.add(refuse as never, {step: 'deserialize', priority: 'low', name: 'refuseWebPages'})
  return client
}

async function checkProfile(profile: string): Promise<void> {
  const {loadSharedConfigFiles} = sdk.config()
  const {configFile = {}, credentialsFile = {}} = await loadSharedConfigFiles()
  const known = [...new Set([...Object.keys(configFile), ...Object.keys(credentialsFile)])]
  if (known.includes(profile)) return
  throw new UserError(`there is no AWS profile ${profile}`, {
    code: 'NoProfile',
    hint:
      known.length > 0
        ? `the shared configuration has ${known.slice(0, 8).join(', ')}`
        : 'the shared configuration has none: aws configure makes one',
    exitCode: ExitCode.refused,
  })
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
