import type {FunctionConfiguration} from '@aws-sdk/client-lambda'
import type {Aws} from '../aws/connect.ts'
import {accountOf} from '../targets/place.ts'
import type {SelectedFunction} from '../targets/select-functions.ts'

/** A function as a listing shows it: what the fleet's reports need of its configuration, and no more, for there may be 100,000. */
export type FleetFunction = {
  readonly aws: Aws
  readonly account: string | null
  readonly region: string
  readonly name: string
  /** unqualified */
  readonly arn: string
  /** a version that was asked for; null: all of them */
  readonly version: string | null
  /** null: a container image */
  readonly runtime: string | null
  readonly packageType: 'Zip' | 'Image'
  readonly architecture: 'x86_64' | 'arm64'
  readonly memorySizeMB: number
  readonly timeoutSeconds: number
  readonly ephemeralStorageMB: number
  readonly codeSizeBytes: number
  /** epoch ms: the last change of its code or configuration; null where AWS's text is no time */
  readonly lastModifiedAt: number | null
  /** changes with every change of the function: what was read of it holds as long as this stays */
  readonly revisionId: string
  readonly logGroup: string
  readonly logFormat: 'Text' | 'JSON'
  /** DEBUG, INFO or WARN; null with text logs */
  readonly systemLogLevel: string | null
  readonly snapStart: boolean
  readonly deadLetterArn: string | null
  readonly inVpc: boolean
  /** where it is a replica of Lambda@Edge, its original; null else */
  readonly masterArn: string | null
}

/** One text for all that are alike: of runtimes and accounts there are few, whatever the number of functions. */
export type Share = (text: string) => string

/** Begins a share of texts: what looks alike afterwards is one string in memory. */
export function sharing(): Share {
  const known = new Map<string, string>()
  return text => {
    const shared = known.get(text)
    if (shared === undefined) known.set(text, text)
    return shared ?? text
  }
}

/** What a fleet keeps of a function that a selection met. */
export function fleetFunction(aws: Aws, found: SelectedFunction, share: Share): FleetFunction {
  const {configuration, name, arn, version, logGroup, logFormat} = found
  const shared = (text: string | null | undefined): string | null => (text ? share(text) : null)
  const lastModifiedAt = Date.parse(configuration.LastModified ?? '')
  return {
    aws,
    account: shared(accountOf(arn)),
    region: aws.scope.region,
    name,
    arn,
    version: shared(version),
    runtime: shared(configuration.Runtime),
    packageType: configuration.PackageType === 'Image' ? 'Image' : 'Zip',
    architecture: configuration.Architectures?.includes('arm64') ? 'arm64' : 'x86_64',
    memorySizeMB: configuration.MemorySize ?? 128,
    timeoutSeconds: configuration.Timeout ?? 3,
    ephemeralStorageMB: configuration.EphemeralStorage?.Size ?? 512,
    codeSizeBytes: configuration.CodeSize ?? 0,
    lastModifiedAt: Number.isNaN(lastModifiedAt) ? null : lastModifiedAt,
    revisionId: configuration.RevisionId ?? '',
    logGroup,
    logFormat,
    systemLogLevel: logFormat === 'JSON' ? shared(configuration.LoggingConfig?.SystemLogLevel) : null,
    snapStart: configuration.SnapStart?.ApplyOn === 'PublishedVersions',
    deadLetterArn: shared(configuration.DeadLetterConfig?.TargetArn),
    inVpc: Boolean(configuration.VpcConfig?.VpcId),
    masterArn: shared(configuration.MasterArn),
  }
}

/**
 * Of a configuration what {@link fleetFunction} and targets need, to be kept on disk: what else there is may be secret, as
 * environment variables are.
 */
export function leanConfiguration(configuration: FunctionConfiguration): FunctionConfiguration {
  const {FunctionName, FunctionArn, Runtime, PackageType, Architectures, MemorySize, Timeout, CodeSize} = configuration
  const {EphemeralStorage, LastModified, RevisionId, LoggingConfig, SnapStart, MasterArn} = configuration
  const {DeadLetterConfig, VpcConfig} = configuration
  return {
    FunctionName,
    FunctionArn,
    Runtime,
    PackageType,
    Architectures,
    MemorySize,
    Timeout,
    CodeSize,
    LastModified,
    RevisionId,
    MasterArn,
    ...(EphemeralStorage && {EphemeralStorage: {Size: EphemeralStorage.Size}}),
    ...(LoggingConfig && {
      LoggingConfig: {
        LogFormat: LoggingConfig.LogFormat,
        LogGroup: LoggingConfig.LogGroup,
        SystemLogLevel: LoggingConfig.SystemLogLevel,
      },
    }),
    ...(SnapStart && {SnapStart: {ApplyOn: SnapStart.ApplyOn}}),
    ...(DeadLetterConfig && {DeadLetterConfig: {TargetArn: DeadLetterConfig.TargetArn}}),
    ...(VpcConfig && {VpcConfig: {VpcId: VpcConfig.VpcId}}),
  }
}
