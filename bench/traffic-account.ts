import {createQuotas} from '../src/sandbox/api/quotas.ts'
import type {Aws} from '../src/services/aws/connect.ts'
import {callsPerSecond, quotaName, serviceOf} from '../src/services/aws/quotas.ts'
import {createRateBudget} from '../src/services/aws/rate-budget.ts'
import type {Clock} from '../src/services/clock.ts'
import type {SimulatedClock} from './simulated-clock.ts'
import {metricsIn} from './traffic-metrics.ts'

/** An account with many functions, of which some have an alias, that keeps AWS's quotas: what traffic.ts measures against. */
export type TrafficAccountOptions = {
  readonly clock: SimulatedClock
  readonly functions: number
  /** the first so many of them have the alias `live` */
  readonly aliases: number
  /** what a call takes, there and back */
  readonly latencyMs: number
  /** the version of which one invocation in twenty fails; null: none */
  readonly failing: string | null
}

/** One call, as the account saw it. */
export type SeenCall = {
  readonly operation: string
  /** epoch ms of its arrival */
  readonly at: number
  readonly isRefused: boolean
}

export type TrafficAccount = {
  /** the way to it of another process, with a budget of its own */
  connect(): Aws & {
    /** nothing of what it has begun comes to an end */
    kill(): void
  }
  readonly seen: readonly SeenCall[]
  /** metrics that GetMetricData was asked for */
  metrics(): number
  throttles(): number
  readonly aliases: ReadonlyMap<string, KnownAlias>
}

export type KnownAlias = {
  version: string
  weights: Readonly<Record<string, number>>
  description: string
  revision: number
  /** what it served, and from when on, epoch ms */
  readonly history: {
    readonly at: number
    readonly version: string
    readonly weights: Readonly<Record<string, number>>
  }[]
}

type Input = Readonly<Record<string, unknown>>

const region = 'eu-west-1'
const account = '123456789012'
const perPage = 50
const versionsEach = 3

export const nameAt = (place: number): string => `shop-service-${String(place).padStart(5, '0')}`

export function trafficAccount(options: TrafficAccountOptions): TrafficAccount {
  const {clock, functions, aliases: count, latencyMs, failing} = options
  const admits = createQuotas(clock.now)
  const seen: SeenCall[] = []
  let metrics = 0
  const aliases = new Map<string, KnownAlias>()
  for (let place = 0; place < count; place++)
    aliases.set(nameAt(place), {
      version: '41',
      weights: {},
      description: 'what customers call',
      revision: 1,
      history: [{at: 0, version: '41', weights: {}}],
    })

  const nameIn = ({FunctionName}: Input): string => String(FunctionName).split(':').at(-1) ?? ''
  const aliasIn = (input: Input): KnownAlias => aliases.get(nameIn(input)) ?? refuse('ResourceNotFoundException', 404)
  const aliasAnswer = (name: string, {version, weights, description, revision}: KnownAlias): object => ({
    AliasArn: `${arnOf(name)}:live`,
    Name: 'live',
    FunctionVersion: version,
    Description: description,
    RevisionId: `revision-${revision}`,
    ...(Object.keys(weights).length > 0 && {RoutingConfig: {AdditionalVersionWeights: weights}}),
  })

  const answers: Readonly<Record<string, (input: Input) => unknown>> = {
    GetCallerIdentity: () => ({Account: account, Arn: `arn:aws:iam::${account}:user/ana`}),
    GetAccountSettings: () => ({AccountUsage: {FunctionCount: functions}}),
    ListFunctions({Marker}) {
      const from = Number(Marker ?? 0)
      const to = Math.min(functions, from + perPage)
      const page = Array.from({length: to - from}, (_, at) => configurationOf(nameAt(from + at), '$LATEST'))
      return {Functions: page, ...(to < functions && {NextMarker: String(to)})}
    },
    GetFunctionConfiguration: input => configurationOf(nameIn(input), String(input['Qualifier'] ?? '$LATEST')),
    GetFunction: input => ({Configuration: configurationOf(nameIn(input), String(input['Qualifier'] ?? '$LATEST'))}),
    ListVersionsByFunction: input => ({
      Versions: ['$LATEST', ...Array.from({length: versionsEach}, (_, at) => String(40 + at))].map(version =>
        configurationOf(nameIn(input), version),
      ),
    }),
    ListAliases(input) {
      const alias = aliases.get(nameIn(input))
      return {Aliases: alias ? [aliasAnswer(nameIn(input), alias)] : []}
    },
    GetAlias: input => aliasAnswer(nameIn(input), aliasIn(input)),
    UpdateAlias(input) {
      const alias = aliasIn(input)
      if (input['RevisionId'] !== `revision-${alias.revision}`) refuse('PreconditionFailedException', 412)
      const routing = input['RoutingConfig'] as {AdditionalVersionWeights: Record<string, number>}
      alias.version = String(input['FunctionVersion'])
      alias.weights = {...routing.AdditionalVersionWeights}
      alias.description = String(input['Description'])
      alias.revision++
      alias.history.push({at: clock.now(), version: alias.version, weights: alias.weights})
      return aliasAnswer(nameIn(input), alias)
    },
    ListProvisionedConcurrencyConfigs: () => ({ProvisionedConcurrencyConfigs: []}),
    GetProvisionedConcurrencyConfig: () => refuse('ProvisionedConcurrencyConfigNotFoundException', 404),
    GetPolicy: () => refuse('ResourceNotFoundException', 404),
    ListEventSourceMappings: () => ({EventSourceMappings: []}),
    GetResources: () => ({ResourceTagMappingList: []}),
    ListDeployments: () => ({deployments: []}),
    GetMetricData(input) {
      metrics += (input['MetricDataQueries'] as readonly unknown[]).length
      return metricsIn(input, {aliases, failing, now: clock.now()})
    },
  }

  const send = async (command: {readonly input: Input}, abortSignal: AbortSignal | undefined): Promise<unknown> => {
    const operation = command.constructor.name.replace('Command', '')
    await clock.sleep(latencyMs / 2, abortSignal)
    const service = serviceOf(operation) === 'cloudFormation' ? 'cloudformation' : serviceOf(operation)
    const isRefused = !admits.admit(region, service, operation)
    seen.push({operation, at: clock.now(), isRefused})
    try {
      if (isRefused) refuse('TooManyRequestsException', 429)
      const answer = answers[operation]
      if (!answer) throw new Error(`nobody here answers ${operation}`)
      return answer(command.input)
    } finally {
      await clock.sleep(latencyMs / 2)
    }
  }

  const connect = (): ReturnType<TrafficAccount['connect']> => {
    let isKilled = false
    const never = new Promise<never>(() => {})
    const unlessKilled = async <T>(work: Promise<T>): Promise<T> => {
      const done = await work
      return isKilled ? never : done
    }
    const own: Clock = {now: clock.now, sleep: (ms, signal) => unlessKilled(clock.sleep(ms, signal))}
    const client = async () =>
      ({
        send: (command: {readonly input: Input}, {abortSignal}: {readonly abortSignal?: AbortSignal} = {}) =>
          isKilled ? never : unlessKilled(send(command, abortSignal)),
        config: {credentials: async () => ({})},
      }) as never
    return {
      foreignOrigins: [],
      scope: {account: null, region, profile: null, endpoint: 'aws'},
      budget: createRateBudget({
        clock: own,
        random: () => 0.5,
        nameOf: quotaName,
        quota: api => callsPerSecond(api, region, true),
      }),
      clock: own,
      logs: client,
      lambda: client,
      invoker: client,
      sts: client,
      cloudFormation: client,
      tagging: client,
      cloudWatch: client,
      codeDeploy: client,
      account: client,
      xray: client,
      sqs: client,
      eventBridge: client,
      scheduler: client,
      pricing: client,
      close() {},
      kill() {
        isKilled = true
      },
    }
  }

  return {
    connect,
    seen,
    metrics: () => metrics,
    throttles: () => seen.filter(({isRefused}) => isRefused).length,
    aliases,
  }
}

export const isControlPlane = (operation: string): boolean => quotaName(operation) === 'LambdaControlPlane'

function refuse(name: string, status: number): never {
  throw Object.assign(new Error(`${name}: not this time`), {
    name,
    $fault: 'client',
    $metadata: {httpStatusCode: status},
  })
}

const arnOf = (name: string): string => `arn:aws:lambda:${region}:${account}:function:${name}`

/** About as long as those are that people deploy. */
function configurationOf(name: string, version: string): object {
  return {
    FunctionName: name,
    FunctionArn: version === '$LATEST' ? arnOf(name) : `${arnOf(name)}:${version}`,
    Runtime: 'nodejs24.x',
    Role: `arn:aws:iam::${account}:role/${name}`,
    Handler: 'index.handler',
    CodeSize: 1_234_567,
    Description: `release ${version}`,
    Timeout: 10,
    MemorySize: 512,
    LastModified: '2026-11-20T09:00:00.000+0000',
    CodeSha256: 'mhZo/1lTSGQsMtkTZ9LPUyHbTyT1IcN6ejRl9ajkQl8=',
    Version: version,
    Environment: {Variables: {STAGE: 'production', TABLE: `${name}-table`}},
    TracingConfig: {Mode: 'Active'},
    RevisionId: 'a1b2c3d4-0000-4000-8000-000000000000',
    PackageType: 'Zip',
    Architectures: ['arm64'],
    State: 'Active',
    LastUpdateStatus: 'Successful',
    LoggingConfig: {LogFormat: 'JSON', LogGroup: `/aws/lambda/${name}`},
  }
}
