// What people change in the embedded AWS, as the state file keeps it.
import {type AlarmChange, alarmMembers} from './alarm-changes.ts'
import {
  type Check,
  isBoolean,
  isCount,
  isMapOf,
  isNumber,
  isOneOf,
  isRecord,
  isShaped,
  isText,
  isTextMap,
  isTexts,
  isTime,
  orNone,
  orNull,
} from './checks.ts'
import {type DeploymentChange, deploymentMembers} from './deployment-changes.ts'
import type {InvocationChange, InvokedSettings, ThrottleChange} from './invocation-changes.ts'
import {type ScheduleChange, scheduleMembers} from './schedule-changes.ts'

/** Where and when. */
export type Write = {
  /** the company's home region when absent */
  readonly region?: string
  /** epoch ms */
  readonly at: number
}

type OfFunction = Write & {readonly functionName: string}

type OfAlias = OfFunction & {readonly alias: string}

/** What an alias serves from this moment on, in full. */
type AliasWritten = OfAlias & {
  readonly version: string
  readonly weights: Readonly<Record<string, number>>
  readonly description: string
}

type Allocating = {
  /** of an alias with provisioned concurrency: how long that takes to be allocated for another version, in ms */
  readonly allocatingMs?: number
}

export type AliasChange = AliasWritten & {
  readonly kind: 'alias'
  /** only the description was written */
  readonly keepsRouting?: true
} & Allocating

/** What a version of a function is made of, but for its code. */
export type VersionSettings = {
  readonly description: string
  readonly handler: string
  readonly runtime: string
  readonly architecture: 'x86_64' | 'arm64'
  readonly memorySizeMB: number
  readonly timeoutSeconds: number
  readonly ephemeralStorageMB: number
  readonly environment: Readonly<Record<string, string>>
  readonly logFormat: 'Text' | 'JSON'
  readonly applicationLogLevel: string | null
  /** `WARN` keeps the reports of invocations that went well out of the log; null with text logs */
  readonly systemLogLevel: string | null
  readonly logGroup: string
  readonly tracing: 'Active' | 'PassThrough'
  readonly snapStart: boolean
  readonly packageType: 'Zip' | 'Image'
  readonly roleArn: string
  readonly deadLetterArn: string | null
  readonly layers: readonly string[]
  readonly vpc: {
    readonly subnetIds: readonly string[]
    readonly securityGroupIds: readonly string[]
    readonly vpcId: string
  } | null
}

/** Code that a client brought. */
export type StoredCode = {
  /** as CodeSha256 has it: base64 of a zip file's, hex of an image's */
  readonly sha256: string
  readonly codeSize: number
  /** of an image: where it was taken from; null for a zip file */
  readonly imageUri: string | null
  /** the function of the company whose code it is; null: nobody's that is known */
  readonly behavesAs: string | null
  /** of a zip file that is nobody's: base64 of its bytes */
  readonly zip: string | null
}

/** A write to a function; what it was like before is not repeated, and the number of a version is its turn's. */
export type FunctionChange =
  | (OfFunction & {
      readonly kind: 'function-created'
      readonly settings: VersionSettings
      readonly code: StoredCode
      readonly tags: Readonly<Record<string, string>>
    })
  | (OfFunction & {readonly kind: 'function-deleted'})
  | (OfFunction & {readonly kind: 'version-deleted'; readonly version: string})
  | (OfFunction & {readonly kind: 'configuration-changed'; readonly settings: Partial<VersionSettings>})
  | (OfFunction & {readonly kind: 'code-changed'; readonly code: StoredCode})
  | (OfFunction & {readonly kind: 'version-published'; readonly description: string})
  | (OfFunction & {readonly kind: 'concurrency-reserved'; readonly count: number | null})
  | AliasChange
  | (AliasWritten & {readonly kind: 'alias-created'})
  | (OfAlias & {readonly kind: 'alias-deleted'})
  | (OfAlias & Allocating & {readonly kind: 'concurrency-provisioned'; readonly count: number | null})
  | (OfFunction & {readonly kind: 'function-tagged'; readonly tags: Readonly<Record<string, string>>})
  | (OfFunction & {readonly kind: 'function-untagged'; readonly keys: readonly string[]})

type OfLogGroup = Write & {readonly logGroup: string}

/** A write to a log group. */
export type LogGroupChange =
  | (OfLogGroup & {
      readonly kind: 'log-group-created'
      readonly class: 'STANDARD' | 'INFREQUENT_ACCESS' | 'DELIVERY'
      readonly tags: Readonly<Record<string, string>>
    })
  | (OfLogGroup & {readonly kind: 'log-group-deleted'})
  | (OfLogGroup & {readonly kind: 'retention-put'; readonly days: number | null})
  | (OfLogGroup & {readonly kind: 'log-group-tagged'; readonly tags: Readonly<Record<string, string>>})
  | (OfLogGroup & {readonly kind: 'log-group-untagged'; readonly keys: readonly string[]})

export type Change =
  | FunctionChange
  | LogGroupChange
  | AlarmChange
  | ScheduleChange
  | DeploymentChange
  | InvocationChange
  | ThrottleChange

/** Whether a change is of how things are, and not of what was invoked. */
export const isWrite = ({kind}: Change): boolean => kind !== 'invocation' && kind !== 'throttle'

export const isFunctionChange = (change: Change): change is FunctionChange =>
  isWrite(change) && 'functionName' in change

export const isLogGroupChange = (change: Change): change is LogGroupChange => 'logGroup' in change

/** Whether what a file holds is a change. */
export function isChange(value: unknown): value is Change {
  if (!isRecord(value) || !isTime(value['at'])) return false
  if (value['region'] !== undefined && !isText(value['region'])) return false
  const shape = shapes.get(value['kind'])
  return shape !== undefined && Object.entries(shape).every(([member, is]) => is(value[member]))
}

const invokedSettings: Readonly<Record<keyof InvokedSettings, Check>> = {
  memorySizeMB: isCount,
  timeoutSeconds: isCount,
  runtime: isText,
  architecture: isOneOf('x86_64', 'arm64'),
  packageType: isOneOf('Zip', 'Image'),
  snapStart: isBoolean,
  logFormat: isOneOf('Text', 'JSON'),
  systemLogLevel: orNull(isText),
  logGroup: isText,
  tracing: isOneOf('Active', 'PassThrough'),
}

const settings: Readonly<Record<keyof VersionSettings, Check>> = {
  ...invokedSettings,
  description: isText,
  handler: isText,
  ephemeralStorageMB: isCount,
  environment: isTextMap,
  applicationLogLevel: orNull(isText),
  roleArn: isText,
  deadLetterArn: orNull(isText),
  layers: isTexts,
  vpc: orNull(isShaped({subnetIds: isTexts, securityGroupIds: isTexts, vpcId: isText})),
}

const isPartOfSettings: Check = value =>
  isRecord(value) &&
  Object.entries(value).every(
    ([member, part]) => Object.hasOwn(settings, member) && settings[member as keyof VersionSettings](part),
  )

const isCode = isShaped({
  sha256: isText,
  codeSize: isCount,
  imageUri: orNull(isText),
  behavesAs: orNull(isText),
  zip: orNull(isText),
})

const aliasMembers = {
  functionName: isText,
  alias: isText,
  version: isText,
  weights: isMapOf(isCount),
  description: isText,
}

const membersByKind: Readonly<Record<Change['kind'], Readonly<Record<string, Check>>>> = {
  alias: {...aliasMembers, keepsRouting: orNone(value => value === true), allocatingMs: orNone(isCount)},
  'alias-created': aliasMembers,
  'alias-deleted': {functionName: isText, alias: isText},
  'function-created': {functionName: isText, settings: isShaped(settings), code: isCode, tags: isTextMap},
  'function-deleted': {functionName: isText},
  'version-deleted': {functionName: isText, version: isText},
  'configuration-changed': {functionName: isText, settings: isPartOfSettings},
  'code-changed': {functionName: isText, code: isCode},
  'version-published': {functionName: isText, description: isText},
  'concurrency-reserved': {functionName: isText, count: orNull(isCount)},
  'concurrency-provisioned': {
    functionName: isText,
    alias: isText,
    count: orNull(isCount),
    allocatingMs: orNone(isCount),
  },
  'function-tagged': {functionName: isText, tags: isTextMap},
  'function-untagged': {functionName: isText, keys: isTexts},
  'log-group-created': {
    logGroup: isText,
    class: isOneOf('STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY'),
    tags: isTextMap,
  },
  'log-group-deleted': {logGroup: isText},
  'retention-put': {logGroup: isText, days: orNull(isCount)},
  'log-group-tagged': {logGroup: isText, tags: isTextMap},
  'log-group-untagged': {logGroup: isText, keys: isTexts},
  invocation: {
    functionName: isText,
    version: isText,
    qualifier: orNull(isText),
    key: isNumber,
    code: orNull(isText),
    settings: isShaped(invokedSettings),
    story: isText,
    outcome: isOneOf('ok', 'error', 'timeout', 'oom'),
    durationMs: isCount,
    maxMemoryUsedMB: isCount,
    asynchronous: isBoolean,
    sampled: isBoolean,
    first: isBoolean,
    environment: isShaped({key: isNumber, bornAt: isTime, initMs: isCount}),
  },
  throttle: {functionName: isText, qualifier: orNull(isText)},
  ...alarmMembers,
  ...scheduleMembers,
  ...deploymentMembers,
}

const shapes: ReadonlyMap<unknown, Readonly<Record<string, Check>>> = new Map(Object.entries(membersByKind))
