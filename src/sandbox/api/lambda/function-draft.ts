// What a client says of a function, in the world's words, or refused in Lambda's.
import type * as lambdaSdk from '@aws-sdk/client-lambda'
import {unzipSync} from 'fflate'
import {ServiceError} from '../../wire/service-error.ts'
import type {ConfigurationChange, FunctionCode, FunctionDraft} from '../../world/client-requests.ts'
import type {SandboxFunction} from '../../world/sandbox-function.ts'
import type {Context} from '../context.ts'
import {unimplemented} from '../unimplemented.ts'
import {lambdaError} from './function-name.ts'
import {refuseRuntime} from './runtimes.ts'
import {readTags} from './tags.ts'

export const invalidValue = (message: string) => lambdaError('InvalidParameterValueException', message)

type Blob<T> = {readonly [Key in keyof T]: Key extends 'ZipFile' ? Uint8Array | undefined : T[Key]}
type Code = Blob<Pick<lambdaSdk.FunctionCode, 'ZipFile' | 'ImageUri' | 'S3Bucket' | 'S3Key' | 'S3ObjectVersion'>>

/** What CreateFunction and UpdateFunctionConfiguration both say. */
type Configuration = {
  readonly Description?: string | undefined
  readonly Handler?: string | undefined
  readonly Runtime?: string | undefined
  readonly Role?: string | undefined
  readonly MemorySize?: number | undefined
  readonly Timeout?: number | undefined
  readonly Environment?: {readonly Variables?: Readonly<Record<string, string>> | undefined} | undefined
  readonly EphemeralStorage?: {readonly Size: number} | undefined
  readonly LoggingConfig?:
    | {
        readonly LogFormat?: string | undefined
        readonly ApplicationLogLevel?: string | undefined
        readonly SystemLogLevel?: string | undefined
        readonly LogGroup?: string | undefined
      }
    | undefined
  readonly TracingConfig?: {readonly Mode?: string | undefined} | undefined
  readonly SnapStart?: {readonly ApplyOn?: string | undefined} | undefined
  readonly DeadLetterConfig?: {readonly TargetArn?: string | undefined} | undefined
  readonly Layers?: readonly string[] | undefined
  readonly VpcConfig?:
    | {
        readonly SubnetIds?: readonly string[] | undefined
        readonly SecurityGroupIds?: readonly string[] | undefined
      }
    | undefined
}

type Creation = Configuration & {
  readonly Code: Code
  readonly PackageType?: string | undefined
  readonly Architectures?: readonly string[] | undefined
  readonly Tags?: Readonly<Record<string, string>> | undefined
}

/** @throws ServiceError InvalidParameterValueException as Lambda words it, RequestEntityTooLargeException */
export function readDraft(context: Context, name: string, input: Creation): FunctionDraft {
  const packageType = input.PackageType === 'Image' ? 'Image' : 'Zip'
  if (packageType === 'Zip' && (!input.Runtime || !input.Handler))
    throw invalidValue('Runtime and Handler are mandatory parameters for functions created with deployment packages.')
  if (input.Runtime !== undefined) refuseRuntime(input.Runtime, 'createBlocked', context.now)
  return {
    description: '',
    handler: '',
    runtime: '',
    memorySizeMB: 128,
    timeoutSeconds: 3,
    ephemeralStorageMB: 512,
    environment: {},
    logFormat: 'Text',
    applicationLogLevel: null,
    systemLogLevel: null,
    logGroup: `/aws/lambda/${name}`,
    tracing: 'PassThrough',
    snapStart: false,
    deadLetterArn: null,
    layers: [],
    vpc: null,
    roleArn: '',
    ...readChange(context, input),
    packageType,
    architecture: input.Architectures?.[0] === 'arm64' ? 'arm64' : 'x86_64',
    name,
    tags: readTags(input.Tags ?? {}),
    code: readCode(input.Code, packageType),
  }
}

/** @throws ServiceError InvalidParameterValueException as Lambda words it */
export function readChange(context: Context, input: Configuration): ConfigurationChange {
  const {Description, Handler, Runtime, Role, MemorySize, Timeout, Environment, EphemeralStorage} = input
  refuseAbove('MemorySize', MemorySize, context.memoryQuotaMB)
  refuseAbove('Timeout', Timeout, 900)
  const environment = Environment && {...Environment.Variables}
  if (environment) refuseLarge(environment)
  if (Role !== undefined) refuseRole(Role, context)
  if (Runtime !== undefined) refuseRuntime(Runtime, 'updateBlocked', context.now)
  if (input.Layers && input.Layers.length > 5) throw invalidValue('Cannot reference more than 5 layers.')
  const {TracingConfig, SnapStart, DeadLetterConfig, Layers, VpcConfig} = input
  return {
    ...(Description !== undefined && {description: Description}),
    ...(Handler !== undefined && {handler: Handler}),
    ...(Runtime !== undefined && {runtime: Runtime}),
    ...(Role !== undefined && {roleArn: Role}),
    ...(MemorySize !== undefined && {memorySizeMB: MemorySize}),
    ...(Timeout !== undefined && {timeoutSeconds: Timeout}),
    ...(environment && {environment}),
    ...(EphemeralStorage && {ephemeralStorageMB: EphemeralStorage.Size}),
    ...readLogging(input.LoggingConfig),
    ...(TracingConfig && {tracing: TracingConfig.Mode === 'Active' ? 'Active' : 'PassThrough'}),
    ...(SnapStart && {snapStart: SnapStart.ApplyOn === 'PublishedVersions'}),
    ...(DeadLetterConfig && {deadLetterArn: DeadLetterConfig.TargetArn || null}),
    ...(Layers && {layers: [...Layers]}),
    ...(VpcConfig && {vpc: readVpc(context, VpcConfig)}),
  }
}

/** The levels belong to JSON logs: with text logs there are none. */
function readLogging(config: Configuration['LoggingConfig']): ConfigurationChange {
  if (!config) return {}
  const {LogFormat, ApplicationLogLevel, SystemLogLevel, LogGroup} = config
  return {
    ...(LogFormat === 'Text' && {logFormat: 'Text', applicationLogLevel: null, systemLogLevel: null}),
    ...(LogFormat === 'JSON' && {logFormat: 'JSON', applicationLogLevel: 'INFO', systemLogLevel: 'INFO'}),
    ...(LogFormat !== 'Text' && ApplicationLogLevel !== undefined && {applicationLogLevel: ApplicationLogLevel}),
    ...(LogFormat !== 'Text' && SystemLogLevel !== undefined && {systemLogLevel: SystemLogLevel}),
    ...(LogGroup !== undefined && {logGroup: LogGroup}),
  }
}

/** A network is known by the functions that are in it: EC2 is not there. */
function readVpc(
  {world}: Context,
  {SubnetIds = [], SecurityGroupIds = []}: NonNullable<Configuration['VpcConfig']>,
): SandboxFunction['vpc'] {
  if (SubnetIds.length === 0) return null
  const known = world.functions().flatMap(({vpc}) => vpc ?? [])
  const unknown = SubnetIds.find(id => !known.some(({subnetIds}) => subnetIds.includes(id)))
  if (unknown !== undefined)
    throw invalidValue(
      `Error occurred while DescribeSubnets. EC2 Error Code: InvalidSubnetID.NotFound. EC2 Error Message: The subnet ID '${unknown}' does not exist`,
    )
  const strange = SecurityGroupIds.find(id => !known.some(({securityGroupIds}) => securityGroupIds.includes(id)))
  if (strange !== undefined)
    throw invalidValue(
      `Error occurred while DescribeSecurityGroups. EC2 Error Code: InvalidGroup.NotFound. EC2 Error Message: The security group '${strange}' does not exist`,
    )
  const vpcId = known.find(({subnetIds}) => SubnetIds.some(id => subnetIds.includes(id)))?.vpcId ?? ''
  return {subnetIds: [...SubnetIds], securityGroupIds: [...SecurityGroupIds], vpcId}
}

/** What the state keeps of code that is nobody's: AWS takes 50 MB. */
const mostZipBytes = 1_048_576

/** @throws ServiceError InvalidParameterValueException as Lambda words it, RequestEntityTooLargeException */
export function readCode({ZipFile, ImageUri, S3Bucket}: Code, packageType: 'Zip' | 'Image'): FunctionCode {
  if (S3Bucket !== undefined) throw unimplemented('code from S3 (Code.S3Bucket): bring it as ZipFile')
  if (packageType === 'Image') {
    if (!ImageUri) throw invalidValue('Please provide ImageUri when updating a function with packageType Image.')
    return {kind: 'image', uri: ImageUri}
  }
  if (ImageUri !== undefined)
    throw invalidValue("Please don't provide ImageUri when updating a function with packageType Zip.")
  if (!ZipFile || ZipFile.length === 0) throw invalidValue('Uploaded file must be a non-empty zip')
  if (ZipFile.length > mostZipBytes)
    throw new ServiceError(
      'RequestEntityTooLargeException',
      `Zipped size must be smaller than ${mostZipBytes} bytes: the embedded AWS keeps no larger ones`,
      {status: 413},
    )
  if (filesIn(ZipFile) === 0) throw invalidValue('Uploaded file must be a non-empty zip')
  return {kind: 'zip', bytes: ZipFile}
}

/** How many files there are; none of them is unpacked. */
function filesIn(bytes: Uint8Array): number {
  let files = 0
  try {
    unzipSync(bytes, {
      filter: () => {
        files++
        return false
      },
    })
  } catch {
    throw invalidValue('Could not unzip uploaded file. Please check your file, then try to upload again.')
  }
  return files
}

function refuseAbove(name: string, value: number | undefined, most: number): void {
  if (value !== undefined && value > most)
    throw invalidValue(
      `'${name}' value failed to satisfy constraint: Member must have value less than or equal to ${most}`,
    )
}

const mostEnvironmentBytes = 4096

function refuseLarge(environment: Readonly<Record<string, string>>): void {
  const measured = JSON.stringify(environment)
  if (Buffer.byteLength(measured) > mostEnvironmentBytes)
    throw invalidValue(
      `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: ${measured}`,
    )
}

/** IAM is not there: every role of the account is taken to be one that Lambda may assume. */
function refuseRole(arn: string, {world}: Context): void {
  if (arn.split(':')[4] !== world.account)
    throw invalidValue('The role defined for the function cannot be assumed by Lambda.')
}
