import type {CreateFunctionRequest, FunctionCode, FunctionConfiguration, LoggingConfig} from '@aws-sdk/client-lambda'
import {ExitCode, UserError} from '../../../errors.ts'
import type {Architecture} from '../../pricing.ts'

export type CloneOptions = {
  readonly name: string
  readonly code: FunctionCode
  readonly architecture: Architecture
  readonly description: string
  readonly logGroup: string
  readonly tags: Record<string, string>
  readonly codeSigningConfigArn: string | null
}

/**
 * What makes a clone that behaves as a function does when it is invoked, and is not reached by anything else: no triggers,
 * destinations, dead-letter queue or concurrency of its own.
 * @throws UserError (exit 4) where AWS would not show the environment
 */
export function cloneRequest(source: FunctionConfiguration, options: CloneOptions): CreateFunctionRequest {
  const {Environment, VpcConfig, Layers, FileSystemConfigs, KMSKeyArn, TracingConfig, EphemeralStorage} = source
  if (Environment?.Error)
    throw new UserError(`AWS would not show the environment of ${source.FunctionName}: ${Environment.Error.Message}`, {
      code: 'AccessDenied',
      exitCode: ExitCode.refused,
      hint: 'this needs kms:Decrypt with the key of its environment; without it, use --mode versions',
    })
  const imageConfig = source.ImageConfigResponse?.ImageConfig
  const isInVpc = (VpcConfig?.SubnetIds ?? []).length > 0
  return {
    FunctionName: options.name,
    Description: options.description,
    Code: options.code,
    Tags: options.tags,
    Architectures: [options.architecture],
    LoggingConfig: cloneLogging(source.LoggingConfig, options.logGroup),
    Role: source.Role,
    PackageType: source.PackageType ?? 'Zip',
    ...(source.MemorySize && {MemorySize: source.MemorySize}),
    ...(source.Timeout && {Timeout: source.Timeout}),
    ...(source.PackageType !== 'Image' && {
      ...(source.Handler && {Handler: source.Handler}),
      ...(source.Runtime && {Runtime: source.Runtime}),
      Layers: (Layers ?? []).flatMap(({Arn}) => Arn ?? []),
    }),
    ...(imageConfig && {ImageConfig: imageConfig}),
    ...(Environment?.Variables && {Environment: {Variables: Environment.Variables}}),
    ...(isInVpc &&
      VpcConfig && {
        VpcConfig: {
          SubnetIds: VpcConfig.SubnetIds,
          SecurityGroupIds: VpcConfig.SecurityGroupIds,
          ...(VpcConfig.Ipv6AllowedForDualStack !== undefined && {
            Ipv6AllowedForDualStack: VpcConfig.Ipv6AllowedForDualStack,
          }),
        },
      }),
    ...(FileSystemConfigs && FileSystemConfigs.length > 0 && {FileSystemConfigs}),
    ...(KMSKeyArn && {KMSKeyArn}),
    ...(TracingConfig?.Mode && {TracingConfig: {Mode: TracingConfig.Mode}}),
    ...(EphemeralStorage && {EphemeralStorage}),
    ...(source.SnapStart?.ApplyOn === 'PublishedVersions' && {SnapStart: {ApplyOn: 'PublishedVersions'}}),
    ...(source.TenancyConfig && {TenancyConfig: source.TenancyConfig}),
    ...(options.codeSigningConfigArn && {CodeSigningConfigArn: options.codeSigningConfigArn}),
  }
}

/** Above INFO, Lambda writes no report of an invocation that went well. */
function cloneLogging(source: LoggingConfig | undefined, logGroup: string): LoggingConfig {
  if (source?.LogFormat !== 'JSON') return {LogFormat: 'Text', LogGroup: logGroup}
  const {ApplicationLogLevel, SystemLogLevel} = source
  return {
    LogFormat: 'JSON',
    LogGroup: logGroup,
    ...(ApplicationLogLevel && {ApplicationLogLevel}),
    ...(SystemLogLevel && {SystemLogLevel: SystemLogLevel === 'WARN' ? 'INFO' : SystemLogLevel}),
  }
}
