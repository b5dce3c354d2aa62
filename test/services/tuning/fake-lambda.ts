import {createHash} from 'node:crypto'
import type {FunctionConfiguration} from '@aws-sdk/client-lambda'
import type {Aws} from '../../../src/services/aws/connect.ts'
import {type FakeAccount, type FakeCall, fakeAccount} from '../fleet/fake-account.ts'
import type {FakeClock} from '../logs/reader/fake-clock.ts'
import {awsError} from '../logs/reader/fake-log-groups.ts'

type Config = FunctionConfiguration & {MemorySize: number; RevisionId: string}
type Alias = {Name: string; FunctionVersion: string; RoutingConfig?: {AdditionalVersionWeights: Record<string, number>}}

export type FakeFunction = {
  latest: Config
  versions: (FunctionConfiguration & {Version: string})[]
  aliases: Alias[]
  tags: Record<string, string>
  /** when the update that is under way settles; null: none is */
  settlesAt: number | null
  lastNumber: number
  /** what was changed since the last version */
  isDirty: boolean
}

export type FakeLambda = {
  readonly aws: Aws
  readonly account: FakeAccount
  readonly clock: FakeClock
  readonly functions: Map<string, FakeFunction>
  readonly logGroups: Map<string, {tags: Record<string, string>; retention: number | null}>
  /** operations that change something, in order */
  mutations(): readonly FakeCall[]
  /** is called before and after each change; what it throws is the answer, and `no answer` is none for ever */
  onChange: (phase: 'before' | 'after', call: FakeCall, place: number) => unknown
  /** an operation that is not allowed */
  refuse(operation: string): void
  /** the largest memory size that the account may have */
  quotaMB: number
}

export const zip = Buffer.from('PK: the code of checkout-api')
export const shaOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64')
const updateMs = 900
const accountId = '123456789012'
const arnOf = (name: string): string => `arn:aws:lambda:eu-west-1:${accountId}:function:${name}`

const changing = /^(Create|Update|Publish|Delete|Put|Tag)/

/** Lambda and log groups, as far as tuning changes them: with updates that take time, and revisions that move on by themselves. */
export function fakeLambda(clock: FakeClock, codeUrl: string): FakeLambda {
  const functions = new Map<string, FakeFunction>()
  const logGroups = new Map<string, {tags: Record<string, string>; retention: number | null}>()
  const refused = new Set<string>()
  let revisions = 0
  let changes = 0
  const revision = (): string => `revision-${++revisions}`

  const nameOf = (text: unknown): string => String(text).split(':').at(-1) ?? ''
  const found = (text: unknown): FakeFunction => {
    const fn = functions.get(nameOf(text))
    if (!fn) throw awsError('ResourceNotFoundException', `Function not found: ${arnOf(nameOf(text))}`, 404)
    if (fn.settlesAt !== null && clock.now() >= fn.settlesAt) {
      fn.settlesAt = null
      fn.latest = {...fn.latest, State: 'Active', LastUpdateStatus: 'Successful', RevisionId: revision()}
    }
    return fn
  }
  const settledOnly = (fn: FakeFunction): void => {
    if (fn.settlesAt !== null) throw awsError('ResourceConflictException', 'An update is in progress', 409)
  }
  const checkRevision = (fn: FakeFunction, told: unknown): void => {
    if (told !== undefined && told !== fn.latest.RevisionId)
      throw awsError(
        'PreconditionFailedException',
        'The Revision Id provided does not match the latest Revision Id.',
        412,
      )
  }
  const checkMemory = (size: unknown): void => {
    if (Number(size) > fake.quotaMB)
      throw awsError(
        'InvalidParameterValueException',
        `'MemorySize' value failed to satisfy constraint: Member must have value less than or equal to ${fake.quotaMB}`,
      )
  }

  const operations: Record<string, (call: FakeCall) => unknown> = {
    GetFunction({input}) {
      const fn = found(input['FunctionName'])
      const qualifier = input['Qualifier']
      const version = fn.versions.find(({Version}) => Version === qualifier)
      if (qualifier && qualifier !== '$LATEST' && !version)
        throw awsError('ResourceNotFoundException', 'Function not found', 404)
      return {Configuration: {...(version ?? fn.latest)}, Code: {Location: codeUrl}, Tags: {...fn.tags}}
    },
    CreateFunction({input}) {
      const name = nameOf(input['FunctionName'])
      if (functions.has(name)) throw awsError('ResourceConflictException', 'Function already exist', 409)
      checkMemory(input['MemorySize'])
      const {Tags, Code, ...rest} = input as Record<string, unknown> & {Tags?: Record<string, string>}
      const {ZipFile} = Code as {ZipFile: Uint8Array}
      functions.set(
        name,
        functionOf(name, {...rest, CodeSha256: shaOf(ZipFile), State: 'Pending', RevisionId: revision()}),
      )
      const fn = found(name)
      fn.settlesAt = clock.now() + updateMs
      fn.tags = {...Tags}
      return fn.latest
    },
    UpdateFunctionConfiguration({input}) {
      const fn = found(input['FunctionName'])
      settledOnly(fn)
      checkRevision(fn, input['RevisionId'])
      checkMemory(input['MemorySize'])
      const MemorySize = Number(input['MemorySize'])
      fn.latest = {...fn.latest, MemorySize, LastUpdateStatus: 'InProgress', RevisionId: revision()}
      fn.settlesAt = clock.now() + updateMs
      fn.isDirty = true
      return {...fn.latest}
    },
    PublishVersion({input}) {
      const fn = found(input['FunctionName'])
      settledOnly(fn)
      checkRevision(fn, input['RevisionId'])
      if (input['CodeSha256'] && input['CodeSha256'] !== fn.latest.CodeSha256)
        throw awsError(
          'InvalidParameterValueException',
          'CodeSHA256 (x) is different from current CodeSHA256 in $LATEST',
        )
      const last = fn.versions.at(-1)
      if (last && !fn.isDirty) return {...last}
      fn.isDirty = false
      fn.lastNumber++
      const version = {
        ...fn.latest,
        Version: String(fn.lastNumber),
        Description: String(input['Description'] ?? ''),
        RevisionId: revision(),
      }
      fn.versions.push(version)
      fn.latest = {...fn.latest, RevisionId: revision()}
      return {...version}
    },
    DeleteFunction({input}) {
      const fn = found(input['FunctionName'])
      const qualifier = input['Qualifier']
      if (qualifier === undefined) functions.delete(nameOf(input['FunctionName']))
      else if (fn.aliases.some(({FunctionVersion}) => FunctionVersion === qualifier))
        throw awsError('ResourceConflictException', 'aliases reference it', 409)
      else fn.versions = fn.versions.filter(({Version}) => Version !== qualifier)
      return {}
    },
    ListVersionsByFunction: ({input}) => {
      const fn = found(input['FunctionName'])
      return {Versions: [{...fn.latest, Version: '$LATEST'}, ...fn.versions.map(version => ({...version}))]}
    },
    ListAliases: ({input}) => ({Aliases: found(input['FunctionName']).aliases}),
    ListFunctions: () => ({Functions: [...functions.values()].map(({latest}) => latest)}),
    GetFunctionCodeSigningConfig: ({input}) => ({FunctionName: input['FunctionName']}),
    CreateLogGroup({input}) {
      const name = String(input['logGroupName'])
      if (logGroups.has(name)) throw awsError('ResourceAlreadyExistsException', 'exists')
      logGroups.set(name, {tags: {...(input['tags'] as Record<string, string>)}, retention: null})
      return {}
    },
    PutRetentionPolicy({input}) {
      const group = logGroups.get(String(input['logGroupName']))
      if (!group) throw awsError('ResourceNotFoundException', 'The specified log group does not exist.')
      group.retention = Number(input['retentionInDays'])
      return {}
    },
    DeleteLogGroup({input}) {
      if (!logGroups.delete(String(input['logGroupName'])))
        throw awsError('ResourceNotFoundException', 'The specified log group does not exist.')
      return {}
    },
    DescribeLogGroups: ({input}) => ({
      logGroups: [...logGroups.keys()]
        .filter(name => name.startsWith(String(input['logGroupNamePrefix'])))
        .map(logGroupName => ({
          logGroupName,
          logGroupArn: `arn:aws:logs:eu-west-1:${accountId}:log-group:${logGroupName}`,
        })),
    }),
    ListTagsForResource: ({input}) => ({
      tags: logGroups.get(String(input['resourceArn']).split(':').slice(6).join(':'))?.tags,
    }),
    ListTags: ({input}) => ({Tags: found(input['Resource']).tags}),
    GetCallerIdentity: () => ({Account: accountId}),
  }

  const answers = Object.fromEntries(
    Object.entries(operations).map(([operation, answer]) => [
      operation,
      (call: FakeCall) => {
        if (refused.has(operation)) throw awsError('AccessDeniedException', 'User: x is not allowed to', 403)
        if (!changing.test(operation)) return answer(call)
        const place = ++changes
        const never = new Promise(() => {})
        if (fake.onChange('before', call, place) === 'no answer') return never
        const given = answer(call)
        return fake.onChange('after', call, place) === 'no answer' ? never : given
      },
    ]),
  )
  const account = fakeAccount({clock, answers})
  const aws: Aws = {
    ...account,
    scope: {...account.scope, endpoint: 'custom'},
    foreignOrigins: ['http://127.0.0.1:4566'],
  }
  const fake: FakeLambda = {
    aws,
    account,
    clock,
    functions,
    logGroups,
    mutations: () => account.calls.filter(({operation}) => changing.test(operation)),
    onChange() {},
    refuse: operation => void refused.add(operation),
    quotaMB: 10_240,
  }
  return fake
}

/** A function that has two versions and an alias. */
export function functionOf(name: string, differing: Record<string, unknown> = {}): FakeFunction {
  return {
    latest: {
      FunctionName: name,
      FunctionArn: arnOf(name),
      MemorySize: 512,
      CodeSha256: shaOf(zip),
      Description: '',
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Role: `arn:aws:iam::${accountId}:role/checkout`,
      Timeout: 10,
      PackageType: 'Zip',
      Architectures: ['x86_64'],
      Environment: {Variables: {TOKEN: 'a-secret'}},
      EphemeralStorage: {Size: 512},
      LoggingConfig: {LogFormat: 'Text', LogGroup: `/aws/lambda/${name}`},
      State: 'Active',
      LastUpdateStatus: 'Successful',
      RevisionId: 'revision-0',
      ...differing,
    },
    versions: [],
    aliases: [],
    tags: {},
    settlesAt: null,
    lastNumber: 0,
    isDirty: true,
  }
}
