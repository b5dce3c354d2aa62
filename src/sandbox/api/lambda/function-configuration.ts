import {createHash} from 'node:crypto'
import type {
  EventSourceMappingConfiguration,
  FunctionConfiguration,
  LastUpdateStatusReasonCode,
  Runtime,
} from '@aws-sdk/client-lambda'
import type {SandboxFunction, SandboxVersion} from '../../world/sandbox-function.ts'
import type {SandboxEventSourceMapping} from '../../world/sandbox-resources.ts'
import {arnOf, type Context} from '../context.ts'
import {functionArn} from './function-name.ts'

/**
 * A version of a function as lists give it: without state, last update and runtime version, which only
 * GetFunction and GetFunctionConfiguration know.
 * @param qualifier what the ARN ends in; undefined for an unqualified one
 */
export function listedConfiguration(
  context: Context,
  latest: SandboxFunction,
  version: SandboxVersion,
  qualifier: string | undefined,
): FunctionConfiguration {
  const fn = {...latest, ...version.settings}
  const isZip = fn.packageType === 'Zip'
  return {
    FunctionName: fn.name,
    FunctionArn: functionArn(context, fn.name, qualifier),
    ...(isZip && {Runtime: version.runtime as Runtime, Handler: fn.handler}),
    Role: fn.roleArn,
    CodeSize: version.codeSize,
    Description: version.version === '$LATEST' ? latest.description : version.description,
    Timeout: version.timeoutSeconds,
    MemorySize: version.memorySizeMB,
    LastModified: lambdaTime(version.publishedAt),
    CodeSha256: version.codeSha256,
    Version: version.version,
    ...(fn.vpc && {
      VpcConfig: {
        SubnetIds: [...fn.vpc.subnetIds],
        SecurityGroupIds: [...fn.vpc.securityGroupIds],
        VpcId: fn.vpc.vpcId,
        Ipv6AllowedForDualStack: false,
      },
    }),
    ...(fn.deadLetterArn !== null && {DeadLetterConfig: {TargetArn: fn.deadLetterArn}}),
    ...(Object.keys(version.environment).length > 0 && {Environment: {Variables: inOrder(version.environment)}}),
    TracingConfig: {Mode: fn.tracing},
    ...(fn.masterArn !== null && {MasterArn: `${fn.masterArn}:${version.version}`}),
    ...(fn.durable && {
      DurableConfig: {RetentionPeriodInDays: fn.durable.retentionDays, ExecutionTimeout: fn.durable.timeoutSeconds},
    }),
    RevisionId: version.revisionId,
    ...(fn.layers.length > 0 && {Layers: fn.layers.map(Arn => ({Arn}))}),
    PackageType: fn.packageType,
    Architectures: [fn.architecture],
    EphemeralStorage: {Size: fn.ephemeralStorageMB},
    SnapStart: {
      ApplyOn: fn.snapStart ? 'PublishedVersions' : 'None',
      OptimizationStatus: fn.snapStart && version.version !== '$LATEST' ? 'On' : 'Off',
    },
    LoggingConfig: {
      LogFormat: fn.logFormat,
      LogGroup: fn.logGroup,
      ...(fn.logFormat === 'JSON' && {
        ApplicationLogLevel: (fn.applicationLogLevel ?? 'INFO') as 'INFO',
        SystemLogLevel: (fn.systemLogLevel ?? 'INFO') as 'INFO',
      }),
    },
  }
}

/** A version of a function as GetFunction and GetFunctionConfiguration give it. */
export function fullConfiguration(
  context: Context,
  fn: SandboxFunction,
  version: SandboxVersion,
  qualifier: string | undefined,
): FunctionConfiguration {
  return {
    ...listedConfiguration(context, fn, version, qualifier),
    ...standingOf(context, fn, version),
    ...(fn.packageType === 'Zip' && {
      RuntimeVersionConfig: {RuntimeVersionArn: runtimeVersionArn(context.region, version.runtime)},
    }),
  }
}

/** State and last update: a function that is being created has no last update yet, and only `$LATEST` is updated. */
function standingOf({world}: Context, fn: SandboxFunction, version: SandboxVersion): Partial<FunctionConfiguration> {
  const isLatest = version.version === '$LATEST'
  if (fn.state === 'Pending' || world.now() < (version.activeAt ?? 0))
    return {State: 'Pending', StateReason: beingMade, StateReasonCode: 'Creating'}
  return {
    State: fn.state,
    ...(fn.state === 'Inactive' && {StateReason: 'The function is currently idle.', StateReasonCode: 'Idle'}),
    ...(isLatest && fn.lastUpdate === 'InProgress'
      ? {
          LastUpdateStatus: 'InProgress',
          LastUpdateStatusReason: beingMade,
          LastUpdateStatusReasonCode: creating as LastUpdateStatusReasonCode,
        }
      : {LastUpdateStatus: 'Successful'}),
  }
}

// AWS says so of updates too, though its model has no such code for them
const beingMade = 'The function is being created.'
const creating: string = 'Creating'

export function mappingConfiguration(
  context: Context,
  mapping: SandboxEventSourceMapping,
): EventSourceMappingConfiguration {
  return {
    UUID: mapping.uuid,
    EventSourceMappingArn: arnOf('lambda', context, `event-source-mapping:${mapping.uuid}`),
    FunctionArn: functionArn(context, mapping.functionName, mapping.qualifier ?? undefined),
    EventSourceArn: mapping.eventSourceArn,
    State: mapping.state,
    StateTransitionReason: 'USER_INITIATED',
    BatchSize: mapping.batchSize,
    MaximumBatchingWindowInSeconds: 0,
    LastModified: new Date(mapping.lastModified),
    LastProcessingResult: mapping.lastProcessingResult,
    FunctionResponseTypes: [],
  }
}

function runtimeVersionArn(region: string, runtime: string): string {
  return `arn:aws:lambda:${region}::runtime:${createHash('sha256').update(runtime).digest('hex')}`
}

/** Lambda's own form of ISO 8601: `2026-08-10T02:34:56.000+0000`. */
export const lambdaTime = (epochMs: number) => new Date(epochMs).toISOString().replace('Z', '+0000')

/** Variables by name: who compares answers finds the same in the same place, whatever was written meanwhile. */
const inOrder = (variables: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(variables).sort(([a], [b]) => (a < b ? -1 : 1)))
