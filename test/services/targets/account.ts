import type {CompositeAlarm, MetricAlarm} from '@aws-sdk/client-cloudwatch'
import type {AliasConfiguration, EventSourceMappingConfiguration, FunctionConfiguration} from '@aws-sdk/client-lambda'
import type {UserError} from '../../../src/errors.ts'
import type {Aws} from '../../../src/services/aws/connect.ts'
import type {Clock} from '../../../src/services/clock.ts'
import {awsError} from '../logs/reader/fake-log-groups.ts'

export const region = 'eu-west-1'
export const accountId = '123456789012'

type StackResource = readonly [type: string, logicalId: string, physicalId: string, status?: string]

/** What an account holds, as far as a test needs it. */
export type Account = {
  readonly functions?: readonly FunctionConfiguration[]
  /** `name:version` → the configuration of that version */
  readonly versions?: Readonly<Record<string, FunctionConfiguration>>
  readonly aliases?: Readonly<Record<string, AliasConfiguration>>
  readonly mappings?: readonly EventSourceMappingConfiguration[]
  readonly logGroups?: readonly (readonly [name: string, logGroupClass?: string])[]
  readonly stacks?: Readonly<Record<string, readonly StackResource[]>>
  readonly tags?: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly alarms?: readonly MetricAlarm[]
  readonly compositeAlarms?: readonly CompositeAlarm[]
  /** operations that are not allowed */
  readonly denied?: readonly string[]
  /** operations that the server does not know */
  readonly unknown?: readonly string[]
  readonly pageSize?: number
  readonly region?: string
  readonly profile?: string
  readonly clock?: Clock
  /** takes the place of an answer, or lets it be where it gives none; the calls of an operation are counted from 1 */
  readonly instead?: (api: string, nth: number, input: Readonly<Record<string, unknown>>) => unknown
}

type Call = {readonly api: string; readonly input: Record<string, unknown>}

export const functionArn = (name: string): string => `arn:aws:lambda:${region}:${accountId}:function:${name}`
export const logGroupArn = (name: string): string => `arn:aws:logs:${region}:${accountId}:log-group:${name}`

/** A function as AWS describes it; by default it logs to its own group. */
export function makeFunction(
  name: string,
  logGroup = `/aws/lambda/${name}`,
  logFormat: 'Text' | 'JSON' = 'Text',
): FunctionConfiguration {
  return {
    FunctionName: name,
    FunctionArn: functionArn(name),
    MemorySize: 512,
    Version: '$LATEST',
    LoggingConfig: {LogGroup: logGroup, LogFormat: logFormat},
  }
}

/** What a resolution ends with. */
export function refusalOf(resolving: Promise<unknown>): Promise<UserError> {
  return resolving.then(
    () => Promise.reject(new Error('it resolved')),
    error => error,
  )
}

/** An account as `Aws`, and the calls that were made of it. */
export function awsOf(account: Account): {aws: Aws; calls: Call[]; count: (api: string) => number} {
  const calls: Call[] = []
  const client = {
    destroy() {},
    async send(command: object) {
      const api = command.constructor.name.replace(/Command$/, '')
      const {input} = command as {input: Record<string, string>}
      calls.push({api, input})
      if (account.denied?.includes(api))
        throw awsError('AccessDeniedException', `User: me is not authorized to perform: ${api}`, 400)
      if (account.unknown?.includes(api)) throw awsError('UnknownOperationException', '', 400)
      const nth = calls.filter(call => call.api === api).length
      const instead = await account.instead?.(api, nth, input)
      if (instead !== undefined) return instead
      return answer(account, api, input)
    },
  }
  const aws = {
    scope: {account: null, region: account.region ?? region, profile: account.profile ?? null, endpoint: 'aws'},
    foreignOrigins: [],
    clock: account.clock ?? {now: () => 0, sleep: async () => {}},
    budget: {
      numbers: () => ({calls: 0, throttles: 0, retries: 0, ratePerSecond: 15}),
      read: (
        _: string,
        call: (signal: AbortSignal | undefined) => Promise<unknown>,
        {signal}: {signal?: AbortSignal} = {},
      ) => {
        signal?.throwIfAborted()
        return call(signal)
      },
    },
    lambda: async () => client,
    logs: async () => client,
    sts: async () => client,
    cloudFormation: async () => client,
    tagging: async () => client,
    cloudWatch: async () => client,
  } as unknown as Aws
  return {aws, calls, count: api => calls.filter(call => call.api === api).length}
}

function answer(account: Account, api: string, input: Record<string, string>): unknown {
  const page = <T>(items: readonly T[], token: string | undefined): {items: T[]; next: string | undefined} => {
    const from = Number(token ?? 0)
    if (Number.isNaN(from)) throw awsError('InvalidParameterValueException', 'Invalid Marker', 400)
    const to = from + (account.pageSize ?? 50)
    return {items: items.slice(from, to), next: to < items.length ? String(to) : undefined}
  }
  const groups = (account.logGroups ?? []).filter(([name]) => name.startsWith(input['logGroupNamePrefix'] ?? ''))
  const notFound = (what: string): Error => awsError('ResourceNotFoundException', `Function not found: ${what}`, 404)

  switch (api) {
    case 'ListFunctions': {
      const {items, next} = page(account.functions ?? [], input['Marker'])
      return {Functions: items, NextMarker: next}
    }
    case 'GetFunctionConfiguration': {
      const name = input['FunctionName'] ?? ''
      const found = input['Qualifier']
        ? account.versions?.[`${name}:${input['Qualifier']}`]
        : account.functions?.find(({FunctionName}) => FunctionName === name)
      if (!found) throw notFound(name)
      return found
    }
    case 'GetAlias': {
      const name = input['FunctionName']?.split(':').at(-1)
      const found = account.aliases?.[`${name}:${input['Name']}`]
      if (!found) throw notFound(`${input['FunctionName']}:${input['Name']}`)
      return found
    }
    case 'ListAliases':
      return {
        Aliases: Object.entries(account.aliases ?? {}).flatMap(([key, alias]) =>
          key.startsWith(`${input['FunctionName']}:`) ? alias : [],
        ),
      }
    case 'ListVersionsByFunction':
      return {
        Versions: Object.entries(account.versions ?? {}).flatMap(([key, version]) =>
          key.startsWith(`${input['FunctionName']}:`) ? version : [],
        ),
      }
    case 'ListEventSourceMappings':
      return {
        EventSourceMappings: account.mappings?.filter(
          ({EventSourceArn}) => EventSourceArn === (input['EventSourceArn'] ?? EventSourceArn),
        ),
      }
    case 'ListLogGroups': {
      const alternatives = input['logGroupNamePattern'] ? new RegExp(input['logGroupNamePattern']) : /^/
      const {items, next} = page(
        groups.filter(([name]) => alternatives.test(name)),
        input['nextToken'],
      )
      return {
        logGroups: items.map(([name, logGroupClass = 'STANDARD']) => ({
          logGroupName: name,
          logGroupArn: logGroupArn(name),
          logGroupClass,
        })),
        nextToken: next,
      }
    }
    case 'DescribeLogGroups': {
      const {items, next} = page(groups, input['nextToken'])
      return {
        logGroups: items.map(([name, logGroupClass = 'STANDARD']) => ({
          logGroupName: name,
          arn: `${logGroupArn(name)}:*`,
          logGroupClass,
        })),
        nextToken: next,
      }
    }
    case 'GetCallerIdentity':
      return {Account: accountId}
    case 'GetAccountSettings':
      return {AccountUsage: {FunctionCount: account.functions?.length ?? 0}}
    case 'ListStackResources': {
      const resources =
        account.stacks?.[/:stack\/([^/]+)/.exec(input['StackName'] ?? '')?.[1] ?? input['StackName'] ?? '']
      if (!resources) throw awsError('ValidationError', `Stack with id ${input['StackName']} does not exist`, 400)
      const {items, next} = page(resources, input['NextToken'])
      const summaries = items.map(
        ([ResourceType, LogicalResourceId, PhysicalResourceId, ResourceStatus = 'CREATE_COMPLETE']) => ({
          ResourceType,
          LogicalResourceId,
          PhysicalResourceId,
          ResourceStatus,
        }),
      )
      return {StackResourceSummaries: summaries, NextToken: next}
    }
    case 'DescribeStacks':
      return {Stacks: Object.keys(account.stacks ?? {}).map(StackName => ({StackName}))}
    case 'GetResources': {
      const {TagFilters = [], ResourceTypeFilters} = input as unknown as {
        TagFilters?: {Key: string; Values: string[]}[]
        ResourceTypeFilters: string[]
      }
      const found = Object.entries(account.tags ?? {}).filter(
        ([arn, tags]) =>
          ResourceTypeFilters.includes(arn.includes(':log-group:') ? 'logs:log-group' : 'lambda:function') &&
          TagFilters.every(({Key, Values}) => Values.includes(tags[Key] ?? '')),
      )
      return {
        ResourceTagMappingList: found.map(([ResourceARN, tags]) => ({
          ResourceARN,
          Tags: Object.entries(tags).map(([Key, Value]) => ({Key, Value})),
        })),
        PaginationToken: '',
      }
    }
    case 'DescribeAlarms': {
      const wanted = (name: string | undefined): boolean =>
        (input['AlarmNames'] as unknown as string[] | undefined)?.includes(name ?? '') ?? true
      return {
        MetricAlarms: account.alarms?.filter(({AlarmName}) => wanted(AlarmName)),
        CompositeAlarms: account.compositeAlarms?.filter(({AlarmName}) => wanted(AlarmName)),
      }
    }
    default:
      throw new Error(`this account has no ${api}`)
  }
}
