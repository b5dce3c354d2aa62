import {isDeepStrictEqual} from 'node:util'
import type {FunctionConfiguration} from '@aws-sdk/client-lambda'

/**
 * Whether a function is the same but for its memory size. By what people set: RevisionId also changes when an update settles
 * (aws/aws-sdk#377) and with a resource policy, and AWS moves runtimes on by itself.
 */
export function hasSameContent(a: FunctionConfiguration, b: FunctionConfiguration): boolean {
  return isDeepStrictEqual(contentOf(a), contentOf(b))
}

/**
 * What of a function is not as it was when it was looked at and its cost was reckoned; null where it is the same but for its
 * memory. A version may be described otherwise than what it was published from.
 */
export function whatChanged(was: FunctionConfiguration, is: FunctionConfiguration): string | null {
  if (is.CodeSha256 !== was.CodeSha256) return 'its code changed'
  const {Description} = is
  return hasSameContent({...was, Description}, is) ? null : 'its configuration changed'
}

function contentOf(configuration: FunctionConfiguration): unknown {
  const {VpcConfig, Layers, SnapStart, Environment} = configuration
  return {
    code: configuration.CodeSha256,
    description: configuration.Description ?? '',
    handler: configuration.Handler,
    runtime: configuration.Runtime,
    role: configuration.Role,
    timeout: configuration.Timeout,
    environment: Environment?.Variables ?? {},
    key: configuration.KMSKeyArn ?? '',
    subnets: [...(VpcConfig?.SubnetIds ?? [])].sort(),
    securityGroups: [...(VpcConfig?.SecurityGroupIds ?? [])].sort(),
    layers: (Layers ?? []).map(({Arn}) => Arn),
    tracing: configuration.TracingConfig?.Mode,
    deadLetters: configuration.DeadLetterConfig?.TargetArn ?? '',
    fileSystems: configuration.FileSystemConfigs ?? [],
    architectures: configuration.Architectures,
    storage: configuration.EphemeralStorage?.Size,
    snapStart: SnapStart?.ApplyOn ?? 'None',
    logging: configuration.LoggingConfig,
    image: configuration.ImageConfigResponse?.ImageConfig,
    tenancy: configuration.TenancyConfig,
  }
}
